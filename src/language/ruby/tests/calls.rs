//! Calls, their arguments and their blocks.

use super::check;

#[test]
fn a_call_has_a_receiver_or_is_own() {
    check(
        r#"
        redis.get(key)
        redis&.get key
        self.redis
        Redis.new(url: url)
        get "x"
        redis::get("x")
        block.(1)
        Integer("1")
        foo::Bar.new
        "#,
        r#"
        fn0 module
          (call (call .redis) .get (call .key))
          (call (call .redis) ?.get (call .key))
          (call this .redis)
          (call (const Redis) .new url: (call .url))
          (call .get "x")
          (call (call .redis) .get "x")
          (call (call .block) .call 1)
          (call .Integer "1")
          (call (opaque (call .foo)) .new)
          returns last
        "#,
    );
}

#[test]
fn a_name_is_a_local_after_its_first_assignment_and_a_call_before() {
    check(
        r#"a = 1 if a"#,
        r#"
        fn0 module
          const a#0
          (if a#0 (let a#0 1))
          returns last
        "#,
    );
    check(
        r#"
        key
        key = key
        key
        key()
        "#,
        r#"
        fn0 module
          const key#0
          (call .key)
          (let key#0 key#0)
          key#0
          (call .key)
          returns last
        "#,
    );
    check(
        r#"
        x = 1
        def m
          x
        end
        [1].each { y = x }
        y
        "#,
        r#"
        fn0 module
          const x#0
          (let x#0 1)
          fn1
          (call@each (array 1) .each do fn2)
          (call .y)
          returns last
        fn1 function m
          (call .x)
          returns last
        fn2 block
          const y#1
          (let y#1 x#0)
          returns last
        "#,
    );
}

#[test]
fn arguments_are_positional_keyword_or_spread() {
    check(
        r#"
        f 1, ex: 60, :nx => true, "PX": 1, "XX" => 2, k => 3, **o, &b
        f({ ex: 60 })
        f(ex:, Foo:)
        f *a, &:sym
        def f(*, **, &) = g(*, **, &)
        def f(...) = g(1, ...)
        [*a, x: 1]
        "#,
        r#"
        fn0 module
          (call .f 1 ex: 60 nx: true PX: 1 {XX: 2, [(call .k)]: 3} **(call .o) &(call .b))
          (call .f {:ex => 60})
          (call .f ex: (call .ex) Foo: (const Foo))
          (call .f ...(call .a) &:sym)
          fn1
          fn2
          (array ...(call .a) {:x => 1})
          returns last
        fn1 function f
          param **#0
          param ****#1
          param &&#2
          returns (call .g ...*#0 ****#1 &&#2)
        fn2 function f
          param **#3
          param ****#4
          param &&#5
          returns (call .g 1 ...*#3 ****#4 &&#5)
        "#,
    );
}

#[test]
fn blocks_have_params_of_every_form() {
    check(
        r#"
        f { |a, (b, *c), d = 1, *e, g:, h: 2, **i, &j; k| k }
        f { it.get(_1) }
        f { _2 }
        f { g { it } + it }
        f { |x| it }
        "#,
        r#"
        fn0 module
          (call .f do fn1)
          (call .f do fn2)
          (call .f do fn3)
          (call .f do fn4)
          (call .f do fn6)
          returns last
        fn1 block
          param a#0
          param (pattern 0: b#1 ...c#2)
          param d#3 = 1
          param *e#4
          param g: g#5
          param h: h#6 = 2
          param **i#7
          param &j#8
          const k#9
          k#9
          returns last
        fn2 block
          param it#10
          (call it#10 .get (call ._1))
          returns last
        fn3 block
          param _1#11
          param _2#12
          _2#12
          returns last
        fn4 block
          param it#14
          (+ (call .g do fn5) it#14)
          returns last
        fn5 block in fn4
          param it#13
          it#13
          returns last
        fn6 block
          param x#15
          (call .it)
          returns last
        "#,
    );
    check(
        r#"it = 1; f { it }"#,
        r#"
        fn0 module
          const it#0
          (let it#0 1)
          (call .f do fn1)
          returns last
        fn1 block
          it#0
          returns last
        "#,
    );
}

#[test]
fn closures_and_yield() {
    check(
        r#"
        a = ->(x) { x }
        b = lambda do |x| x end
        c = proc { it }
        d = Proc.new { |x| x }
        lambda(&b)
        def m = yield(1, a: 2)
        "#,
        r#"
        fn0 module
          const a#0
          const b#2
          const c#4
          const d#6
          (let a#0 fn1)
          (let b#2 fn2)
          (let c#4 fn3)
          (let d#6 fn4)
          (call .lambda &b#2)
          fn5
          returns last
        fn1 arrow a
          param x#1
          x#1
          returns last
        fn2 arrow b
          param x#3
          x#3
          returns last
        fn3 arrow c
          param it#5
          it#5
          returns last
        fn4 arrow d
          param x#7
          x#7
          returns last
        fn5 function m
          returns (yield 1 a: 2)
        "#,
    );
}

#[test]
fn super_without_arguments_forwards_those_of_the_method() {
    check(
        r#"
        class A
          def m(a, b = 1, *c, d:, **e, &f)
            super
            super()
            super(a) { |x| x }
          end
        end
        "#,
        r#"
        class0 class A body fn1
          method m fn2
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          fn2
          returns last
        fn2 method m of class0 in fn1
          param a#0
          param b#1 = 1
          param *c#2
          param d: d#3
          param **e#4
          param &f#5
          (call super a#0 b#1 ...c#2 d: d#3 **e#4 &f#5)
          (call super)
          (call super a#0 do fn3)
          returns last
        fn3 block of class0 in fn2
          param x#6
          x#6
          returns last
        "#,
    );
}

#[test]
fn send_with_a_literal_name_is_the_call() {
    check(
        r#"
        redis.send(:get, k)
        redis.public_send("set", k, v, ex: 1) { 2 }
        __send__(:get)
        redis.send(name, k)
        redis.send("a-b")
        a.send(:x=, 1)
        "#,
        r#"
        fn0 module
          (call (call .redis) .get (call .k))
          (call (call .redis) .set (call .k) (call .v) ex: 1 do fn1)
          (call .get)
          (call (call .redis) .send (call .name) (call .k))
          (call (call .redis) .send "a-b")
          (= (call .a).x 1)
          returns last
        fn1 block
          2
          returns last
        "#,
    );
}

#[test]
fn names_tell_when_a_block_runs() {
    check(
        r#"
        ids.each { }
        3.times { }
        redis.pipelined { |p| p.get(1) }
        Thread.new { }
        at_exit { }
        other { }
        Mutex.new { }
        "#,
        r#"
        fn0 module
          (call@each (call .ids) .each do fn1)
          (call@repeat 3 .times do fn2)
          (call@once (call .redis) .pipelined do fn3)
          (call@later (const Thread) .new do fn4)
          (call@later .at_exit do fn5)
          (call .other do fn6)
          (call (const Mutex) .new do fn7)
          returns last
        fn1 block
        fn2 block
        fn3 block
          param p#0
          (call p#0 .get 1)
          returns last
        fn4 block
        fn5 block
        fn6 block
        fn7 block
        "#,
    );
}

#[test]
fn formatting_with_a_literal_format_is_a_template() {
    check(
        r##"
        format("a:%s:%05d%%", x, y)
        Kernel.sprintf("%<a>s-%{b}", a: x, b: y)
        "a:%s" % x
        "%s:%s" % [x, y]
        "%{a}" % { a: x }
        "#{p}:%s" % x
        format("%s", *x)
        format("%s")
        format(x, y)
        "%s:%s" % x
        "100%" % x
        "##,
        r#"
        fn0 module
          (template "a:" (call .x) ":" (call .y) "%")
          (template (call .x) "-" (call .y))
          (template "a:" (call .x))
          (template (call .x) ":" (call .y))
          (template (call .x))
          (template (call .p) ":" (call .x))
          (call .format "%s" ...(call .x))
          (call .format "%s")
          (call .format (call .x) (call .y))
          (template (opaque (call .x)) ":" (opaque))
          (% "100%" (call .x))
          returns last
        "#,
    );
}

#[test]
fn requires_are_imports() {
    check(
        r#"require "redis"; require_relative "a/b"; autoload :C, "c"; require name"#,
        r#"
        import nothing "redis"
        import nothing "./a/b"
        import nothing "c"
        fn0 module
          (call .require "redis")
          (call .require_relative "a/b")
          (call .autoload :C "c")
          (call .require (call .name))
          returns last
        "#,
    );
}

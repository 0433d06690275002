//! Control flow, assignments and patterns.

use super::check;

#[test]
fn branches() {
    check(
        r#"
        if a then b elsif c then d else e end
        unless a then b else c end
        b if a
        b unless a
        a ? b : c
        not a
        a and b or c
        a && (b || c)
        "#,
        r#"
        fn0 module
          (if (call .a) {
            (call .b)
          } (if (call .c) {
            (call .d)
          } {
            (call .e)
          }))
          (if (! (call .a)) {
            (call .b)
          } {
            (call .c)
          })
          (if (call .a) (call .b))
          (if (! (call .a)) (call .b))
          (if (call .a) (call .b) (call .c))
          (! (call .a))
          (|| (&& (call .a) (call .b)) (call .c))
          (&& (call .a) (|| (call .b) (call .c)))
          returns last
        "#,
    );
}

#[test]
fn loops() {
    check(
        r#"
        while a do b end
        until a do b end
        b while a
        begin; b; end until a
        for x, y in z do next end
        loop { break 1 }
        "#,
        r#"
        fn0 module
          const x#0
          const y#1
          (while condition: (call .a) {
            (call .b)
          })
          (while condition: (! (call .a)) {
            (call .b)
          })
          (while condition: (call .a) (call .b))
          (do-while condition: (! (call .a)) {
            (call .b)
          })
          (each binding: (pattern 0: x#0 1: y#1) source: (call .z) {
            (next)
          })
          (call@repeat .loop do fn1)
          returns last
        fn1 block
          (break 1)
          returns last
        "#,
    );
}

#[test]
fn cases() {
    check(
        r#"
        case when a then b end
        v => { a:, b: c }
        v in [x, *y, z]
        v => x
        "#,
        r#"
        fn0 module
          const a#0
          const c#1
          var x#2
          const y#3
          const z#4
          (switch
            (case (call .a)) {
              (call .b)
            })
          (let (pattern :a => a#0 :b => c#1) (call .v))
          (opaque (let (pattern 0: x#2 ...y#3 [(opaque)]: z#4) (call .v)))
          (let x#2 (call .v))
          returns last
        "#,
    );
    check(
        r#"
        case a
        when 1, *b then c
        when String
        else d
        end
        "#,
        r#"
        fn0 module
          (switch (call .a)
            (case 1 ...(call .b)) {
              (call .c)
            }
            (case (const String)) {}
            (default {
              (call .d)
            }))
          returns last
        "#,
    );
    check(
        r#"
        case v
        in { a: Integer => n, b: [x, *], **r } if n > 0 then 1
        in String | Symbol
        in Point(x:, y: ^p) unless q
        in nil then 2
        else 3
        end
        "#,
        r#"
        fn0 module
          const n#0
          var x#1
          const r#2
          (switch (call .v)
            (case (opaque (opaque (const Integer) (let (pattern :a => n#0 :b => (pattern 0: x#1) ...r#2) (opaque))) (> n#0 0))) {
              1
            }
            (case (opaque (const String) (const Symbol))) {}
            (case (opaque (opaque (const Point) (call .p) (let (pattern :x => x#1) (opaque))) (! (call .q)))) {}
            (case (opaque nil)) {
              2
            }
            (default {
              3
            }))
          returns last
        "#,
    );
}

#[test]
fn handlers_of_bodies_methods_and_blocks() {
    check(
        r#"
        f do a; rescue; b end
        x = a rescue b
        "#,
        r#"
        fn0 module
          const x#0
          (call .f do fn1)
          (let x#0 (try (call .a)
            (rescue) (call .b)))
          returns last
        fn1 block
          returns (try {
            (call .a)
          }
            (rescue) {
              (call .b)
            })
        "#,
    );
    check(
        r#"
        begin
          a
        rescue A, *B => e
          retry
        rescue => @e
          b
        else
          c
        ensure
          d
        end
        "#,
        r#"
        fn0 module
          const e#0
          (try {
            (call .a)
          }
            (rescue (const A) ...(const B)) e#0 {
              (next)
            }
            (rescue) this.e {
              (call .b)
            }
            (else {
              (call .c)
            })
            (finally {
              (call .d)
            }))
          returns last
        "#,
    );
    check(
        r#"
        def m
          a
        rescue
          b
        ensure
          c
        end
        "#,
        r#"
        fn0 module
          fn1
          returns last
        fn1 function m
          returns (try {
            (call .a)
          }
            (rescue) {
              (call .b)
            }
            (finally {
              (call .c)
            }))
        "#,
    );
}

#[test]
fn exits() {
    check(
        r#"
        def m = (return 1, 2)
        f { next x }
        raise
        raise "x"
        raise Foo, "x", cause: e
        fail Foo.new
        throw :done, 1
        redo
        return *x
        "#,
        r#"
        fn0 module
          fn1
          (call .f do fn2)
          (throw)
          (throw "x")
          (throw (opaque (const Foo) "x" (call .e)))
          (throw (call (const Foo) .new))
          (throw (opaque :done 1))
          (next)
          (return (array ...(call .x)))
          returns last
        fn1 function m
          returns (return (array 1 2))
        fn2 block
          (next (call .x))
          returns last
        "#,
    );
}

#[test]
fn assignments() {
    check(
        r#"
        a = b = 1
        a ||= 1; a &&= 2; a += 3
        @a = @@b = $c = 1
        A::B = 1
        o.x = 1, 2
        o&.x ||= 1
        o[i, j] = o[k]
        a, (b, *c), o.d, *e, f = 1, *x
        *a = b
        a = *b
        x = foo
        /(?<year>\d+)-(?<m>\d+)/ =~ s; year
        "#,
        r#"
        fn0 module
          var a#0
          var b#1
          const c#2
          const e#3
          const f#4
          const x#5
          const year#6
          const m#7
          (let a#0 (let b#1 1))
          (||= a#0 1)
          (&&= a#0 2)
          (+= a#0 3)
          (= this.a (= this.@@b (= (global $c) 1)))
          (let (const A::B) 1)
          (= (call .o).x (array 1 2))
          (||= (call .o)?.x 1)
          (= (call .o)[(array (call .i) (call .j))] (call .o)[(call .k)])
          (let (pattern 0: a#0 1: (pattern 0: b#1 ...c#2) 2: (call .o).d ...e#3 [(opaque)]: f#4) (array 1 ...(call .x)))
          (= (pattern ...a#0) b#1)
          (= a#0 (array ...b#1))
          (let x#5 (call .foo))
          (binary (regex /(?<year>\d+)-(?<m>\d+)/) (call .s))
          year#6
          returns last
        "#,
    );
}

#[test]
fn a_variable_assigned_once_is_const() {
    check(
        r#"
        a = 1
        b = 1
        b = 2
        c = 1
        f { c += 1 }
        "#,
        r#"
        fn0 module
          const a#0
          var b#1
          var c#2
          (let a#0 1)
          (let b#1 1)
          (= b#1 2)
          (let c#2 1)
          (call .f do fn1)
          returns last
        fn1 block
          (+= c#2 1)
          returns last
        "#,
    );
}

#[test]
fn constants() {
    check(
        r#"
        A
        ::A::B
        module M; A::B; end
        a::B::C
        self.class::A
        "#,
        r#"
        class0 module M body fn1
        fn0 module
          (const A)
          (const ::A::B)
          class0
          (opaque (call .a))
          (opaque (call this .class))
          returns last
        fn1 static classbody M of class0
          (const A::B in class0)
          returns last
        "#,
    );
}

#[test]
fn what_has_no_meaning_keeps_its_children() {
    check(
        r#"
        a..b
        defined?(a)
        1r
        `ls #{a}`
        /a#{b}/
        undef a
        BEGIN { a }
        alias $a $b
        def m; __method__; end; __FILE__
        "#,
        r#"
        fn0 module
          (opaque (call .a) (call .b))
          (unary (call .a))
          (opaque 1)
          (opaque (call .a))
          (opaque (call .b))
          (opaque)
          {
            (call .a)
          }
          (opaque)
          fn1
          (opaque)
          returns last
        fn1 function m
          :m
          returns last
        "#,
    );
}

#[test]
fn comments_and_data_are_no_code() {
    check(
        r#"
# a
=begin
b
=end
c # d
__END__
e
"#,
        r#"
        fn0 module
          (call .c)
          returns last
        "#,
    );
}

//! Classes, modules and methods.

use super::check;

#[test]
fn classes_nest_reopen_and_inherit() {
    check(
        r#"
        module A
          class B::C < D::E
            F = 1
            def initialize(a) = @a = a
            def b=(v)
              @b = v
            end
            def ==(o); end
            def self.d; end
            def C.e; end
            def Other.f; end
          end
        end
        class ::B; end
        "#,
        r#"
        class0 module A body fn1
        class1 class B::C in class0 < (const D::E in class0) body fn2
          constructor initialize fn3
          setter b fn4
          method == fn5
          static method d fn6
          static method e fn7
        class2 class Other in class1
          static method f fn8
        class3 class B body fn9
        fn0 module
          class0
          class3
          returns last
        fn1 static classbody A of class0
          class1
          returns last
        fn2 static classbody C of class1 in fn1
          (let (const F in class1) 1)
          fn3
          fn4
          fn5
          fn6
          fn7
          fn8
          returns last
        fn3 constructor initialize of class1 in fn2
          param a#0
          returns (= this.a a#0)
        fn4 setter b of class1 in fn2
          param v#1
          (= this.b v#1)
          returns last
        fn5 method == of class1 in fn2
          param o#2
        fn6 static method d of class1 in fn2
        fn7 static method e of class1 in fn2
        fn8 static method f of class2 in fn2
        fn9 static classbody B of class3
        "#,
    );
}

#[test]
fn class_self_defines_static_methods() {
    check(
        r#"class << object; def x; end; end"#,
        r#"
        class0 class body fn1
          method x fn2
        fn0 module
          (opaque (call .object) class0)
          returns last
        fn1 static classbody of class0
          fn2
          returns last
        fn2 method x of class0 in fn1
        "#,
    );
    check(
        r#"
        class A
          class << self
            attr_accessor :x
            include M
            def y; @x; end
            private def z; end
            alias w y
          end
        end
        "#,
        r#"
        class0 class A body fn1
          extend (const M in class0)
          static method x fn2
          static setter x fn3
          static method y fn4
          static method z fn5
          static method w fn4
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          {
            (call .attr_accessor :x)
            (call .include (const M in class0))
            fn4
            (call .private fn5)
            (opaque)
          }
          returns last
        fn2 static method x of class0 in fn1
          returns this.x
        fn3 static setter x of class0 in fn1
          param value#0
          returns (= this.x value#0)
        fn4 static method y of class0 in fn1
          this.x
          returns last
        fn5 static method z of class0 in fn1
        "#,
    );
}

#[test]
fn a_def_outside_of_a_class_is_a_function() {
    check(
        r#"
        def a(b) = b
        def self.a; end
        describe("x") { def helper; end }
        "#,
        r#"
        fn0 module
          fn1
          (opaque this fn2)
          (call .describe "x" do fn3)
          returns last
        fn1 function a
          param b#0
          returns b#0
        fn2 function a
        fn3 block
          fn4
          returns last
        fn4 function helper in fn3
        "#,
    );
}

#[test]
fn methods_defined_by_calls() {
    check(
        r#"
        class A
          x = 1
          define_method(:a) { |b| x + b }
          define_singleton_method("c") { self }
          define_method(:d, ->(e) { e })
          define_method(name) { it }
        end
        "#,
        r#"
        class0 class A body fn1
          method a fn2
          static method c fn3
          method d fn4
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          const x#0
          (let x#0 1)
          (call@later .define_method :a do fn2)
          (call@later .define_singleton_method "c" do fn3)
          (call@later .define_method :d fn4)
          (call@later .define_method (call .name) do fn5)
          returns last
        fn2 method a of class0 in fn1
          param b#1
          (+ x#0 b#1)
          returns last
        fn3 static method c of class0 in fn1
          this
          returns last
        fn4 arrow d of class0 in fn1
          param e#2
          e#2
          returns last
        fn5 method of class0 in fn1
          param it#3
          it#3
          returns last
        "#,
    );
}

#[test]
fn class_expressions() {
    check(
        r#"
        E = Module.new { |m| def f; end }
        class P < Struct.new(:x); def y = x; end
        D = Data.define(:a)
        k = Class.new
        "#,
        r#"
        class0 module E body fn1
          method f fn2
        class1 class < (const Struct)
        class2 class P < (const Struct) body fn6
          method x fn3
          setter x fn4
          constructor initialize fn5
          method y fn7
        class3 class D < (const Data)
          method a fn8
          constructor initialize fn9
        class4 class
        fn0 module
          const k#4
          (let (const E) class0)
          class2
          (let (const D) class3)
          (let k#4 class4)
          returns last
        fn1 static classbody E of class0
          param m#0
          fn2
          returns last
        fn2 method f of class0 in fn1
        fn3 method x of class2
          returns this.x
        fn4 setter x of class2
          param value#1
          returns (= this.x value#1)
        fn5 constructor initialize of class2
          param x#2?
          (= this.x x#2)
          returns last
        fn6 static classbody P of class2
          fn7
          returns last
        fn7 method y of class2 in fn6
          returns (call .x)
        fn8 method a of class3
          returns this.a
        fn9 constructor initialize of class3
          param a: a#3?
          (= this.a a#3)
          returns last
        "#,
    );
    check(
        r#"
        A = Class.new(B) do
          def c; D; end
        end
        "#,
        r#"
        class0 class A < (const B) body fn1
          method c fn2
        fn0 module
          (let (const A) class0)
          returns last
        fn1 static classbody A of class0
          fn2
          returns last
        fn2 method c of class0 in fn1
          (const D)
          returns last
        "#,
    );
    check(
        r#"
        S = Struct.new(:a, :b, keyword_init: true) do
          def c = a
        end
        "#,
        r#"
        class0 class S < (const Struct) body fn6
          method a fn1
          setter a fn2
          method b fn3
          setter b fn4
          constructor initialize fn5
          method c fn7
        fn0 module
          (let (const S) class0)
          returns last
        fn1 method a of class0
          returns this.a
        fn2 setter a of class0
          param value#0
          returns (= this.a value#0)
        fn3 method b of class0
          returns this.b
        fn4 setter b of class0
          param value#1
          returns (= this.b value#1)
        fn5 constructor initialize of class0
          param a: a#2?
          param b: b#3?
          (= this.a a#2)
          (= this.b b#3)
          returns last
        fn6 static classbody S of class0
          fn7
          returns last
        fn7 method c of class0 in fn6
          returns (call .a)
        "#,
    );
    check(
        r#"
        Foo::Bar.class_eval do
          attr_reader :x
          def y; end
        end
        "#,
        r#"
        class0 class Foo::Bar body fn1
          method x fn2
          method y fn3
        fn0 module
          (call@once (const Foo::Bar) .class_eval do fn1)
          returns last
        fn1 static classbody Bar of class0
          (call .attr_reader :x)
          fn3
          returns last
        fn2 method x of class0 in fn1
          returns this.x
        fn3 method y of class0 in fn1
        "#,
    );
}

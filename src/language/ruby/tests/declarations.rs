//! What calls in a class body declare.

use super::check;

#[test]
fn accessors_are_methods() {
    check(
        r#"
        class A
          attr_reader :a, "b"
          attr_writer :c
          attr_accessor(*%i[d])
        end
        "#,
        r#"
        class0 class A body fn1
          method a fn2
          method b fn3
          setter c fn4
          method d fn5
          setter d fn6
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .attr_reader :a "b")
          (call .attr_writer :c)
          (call .attr_accessor ...(array :d))
          returns last
        fn2 method a of class0 in fn1
          returns this.a
        fn3 method b of class0 in fn1
          returns this.b
        fn4 setter c of class0 in fn1
          param value#0
          returns (= this.c value#0)
        fn5 method d of class0 in fn1
          returns this.d
        fn6 setter d of class0 in fn1
          param value#1
          returns (= this.d value#1)
        "#,
    );
    check(
        r#"
        module A
          mattr_accessor :redis, default: Redis.new
          cattr_reader :a
        end
        "#,
        r#"
        class0 module A body fn1
          static method redis fn2
          static setter redis fn3
          method redis fn4
          setter redis fn5
          static method a fn6
          method a fn7
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          {
            (call .mattr_accessor :redis)
            (= this.@@redis (call (const Redis in class0) .new))
          }
          (call .cattr_reader :a)
          returns last
        fn2 static method redis of class0 in fn1
          returns this.@@redis
        fn3 static setter redis of class0 in fn1
          param value#0
          returns (= this.@@redis value#0)
        fn4 method redis of class0 in fn1
          returns this.@@redis
        fn5 setter redis of class0 in fn1
          param value#1
          returns (= this.@@redis value#1)
        fn6 static method a of class0 in fn1
          returns this.@@a
        fn7 method a of class0 in fn1
          returns this.@@a
        "#,
    );
}

#[test]
fn mixins() {
    check(
        r#"
        class A
          include B, C::D
          prepend E
          extend F
        end
        "#,
        r#"
        class0 class A body fn1
          include (const B in class0)
          include (const C::D in class0)
          prepend (const E in class0)
          extend (const F in class0)
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .include (const B in class0) (const C::D in class0))
          (call .prepend (const E in class0))
          (call .extend (const F in class0))
          returns last
        "#,
    );
    check(
        r#"
        module A
          extend self
          def a; end
          def self.b; end
        end
        "#,
        r#"
        class0 module A body fn1
          extend this
          method a fn2
          static method b fn3
          static method a fn2
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .extend this)
          fn2
          fn3
          returns last
        fn2 method a of class0 in fn1
        fn3 static method b of class0 in fn1
        "#,
    );
    check(
        r#"
        module A
          module_function
          def a; end
          private
          def b; end
        end
        "#,
        r#"
        class0 module A body fn1
          static method a fn2
          method a fn2
          method b fn3
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .module_function)
          fn2
          (call .private)
          fn3
          returns last
        fn2 method a of class0 in fn1
        fn3 method b of class0 in fn1
        "#,
    );
    check(
        r#"
        module A
          def a; end
          def b; end
          module_function :a
        end
        "#,
        r#"
        class0 module A body fn1
          method a fn2
          method b fn3
          static method a fn2
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          fn2
          fn3
          (call .module_function :a)
          returns last
        fn2 method a of class0 in fn1
        fn3 method b of class0 in fn1
        "#,
    );
}

#[test]
fn concerns() {
    check(
        r#"
        module A
          extend ActiveSupport::Concern
          included do
            include B
            attr_reader :a
            after_commit { redis }
          end
          class_methods do
            def c; redis; end
          end
          module ClassMethods
            def d; end
          end
          def self.included(base)
            base.extend ClassMethods
            base.extend(E)
            base.send(:include, F)
          end
        end
        "#,
        r#"
        class0 module A body fn1
          extend (const ActiveSupport::Concern in class0)
          include (const B in class0)
          extend (const ClassMethods in class0)
          extend (const E in class0)
          include (const F in class0)
          method a fn2
          static method c fn4
          static method included fn7
        class1 module ClassMethods in class0 body fn5
          method d fn6
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .extend (const ActiveSupport::Concern in class0))
          {
            (call .include (const B in class0))
            (call .attr_reader :a)
            (call@later .after_commit do fn3)
          }
          {
            fn4
          }
          class1
          fn7
          returns last
        fn2 method a of class0 in fn1
          returns this.a
        fn3 block of class0 in fn1
          (call .redis)
          returns last
        fn4 static method c of class0 in fn1
          (call .redis)
          returns last
        fn5 static classbody ClassMethods of class1 in fn1
          fn6
          returns last
        fn6 method d of class1 in fn5
        fn7 static method included of class0 in fn1
          param base#0
          (call base#0 .extend (const ClassMethods in class0))
          (call base#0 .extend (const E in class0))
          (call base#0 .include (const F in class0))
          returns last
        "#,
    );
}

#[test]
fn aliases_share_the_function_or_forward() {
    check(
        r#"
        class A
          def a; end
          alias b a
          alias_method :c, :b
          alias d inherited
          def e=(v); end
          alias f= e=
        end
        "#,
        r#"
        class0 class A body fn1
          method a fn2
          method b fn2
          method c fn2
          method d fn3
          setter e fn4
          setter f fn4
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          fn2
          (opaque)
          (call .alias_method :c :b)
          (opaque)
          fn4
          (opaque)
          returns last
        fn2 method a of class0 in fn1
        fn3 method d of class0 in fn1
          param **#0
          param &&#1
          returns (call .inherited ...*#0 &&#1)
        fn4 setter e of class0 in fn1
          param v#2
        "#,
    );
}

#[test]
fn delegations_are_methods_that_call() {
    check(
        r#"
        class A
          delegate :get, :set, to: :redis
          delegate :ttl, to: :@pool, prefix: true
          delegate :now, to: "Foo::Clock", prefix: :clock
          def_delegators :@redis, :del
          def_delegator "self.class", :exists?, :there?
          delegate [:a, :b] => :x
        end
        "#,
        r#"
        class0 class A body fn1
          method get fn2
          method set fn3
          method @pool_ttl fn4
          method clock_now fn5
          method del fn6
          method there? fn7
          method a fn8
          method b fn9
        fn0 module
          class0
          returns last
        fn1 static classbody A of class0
          (call .delegate :get :set to: :redis)
          (call .delegate :ttl to: :@pool prefix: true)
          (call .delegate :now to: "Foo::Clock" prefix: :clock)
          (call .def_delegators :@redis :del)
          (call .def_delegator "self.class" :exists? :there?)
          (call .delegate {[(array :a :b)]: :x})
          returns last
        fn2 method get of class0 in fn1
          param **#0
          param &&#1
          returns (call (call .redis) .get ...*#0 &&#1)
        fn3 method set of class0 in fn1
          param **#2
          param &&#3
          returns (call (call .redis) .set ...*#2 &&#3)
        fn4 method @pool_ttl of class0 in fn1
          param **#4
          param &&#5
          returns (call this.pool .ttl ...*#4 &&#5)
        fn5 method clock_now of class0 in fn1
          param **#6
          param &&#7
          returns (call (const Foo::Clock in class0) .now ...*#6 &&#7)
        fn6 method del of class0 in fn1
          param **#8
          param &&#9
          returns (call this.redis .del ...*#8 &&#9)
        fn7 method there? of class0 in fn1
          param **#10
          param &&#11
          returns (call (call this .class) .exists? ...*#10 &&#11)
        fn8 method a of class0 in fn1
          param **#12
          param &&#13
          returns (call (call .x) .a ...*#12 &&#13)
        fn9 method b of class0 in fn1
          param **#14
          param &&#15
          returns (call (call .x) .b ...*#14 &&#15)
        "#,
    );
}

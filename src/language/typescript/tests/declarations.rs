//! Modules, bindings, functions, classes and types.

use super::{check, check_statements, lower};
use crate::program::BindingKind;

#[test]
fn imports() {
    check(
        "import a, { b as c, default as d, type E } from 'm';
         import * as ns from 'n';
         import type { T } from 't';
         import 's';
         import {} from 'u';
         import r = require('r');
         import q = ns.inner.q;
         q(a, c, d);",
        r#"
        import a#0 = default "m"
        import c#1 = {b} "m"
        import d#2 = default "m"
        import type E#3 = {E} "m"
        import ns#4 = * "n"
        import type T#5 = {T} "t"
        import nothing "s"
        import nothing "u"
        import r#6 = * "r"
        fn0 module
          const q#7
          (let q#7 ns#4.inner.q)
          (call q#7 a#0 c#1 d#2)
        "#,
    );
}

#[test]
fn exports() {
    check(
        "export const a = 1, { b, ...c } = d;
         export function f() {}
         export type T = string;
         export { a as x, a as default };
         export * from 'm';
         export * as ns from 'm';
         export { y, default as z } from 'm';
         export type { U } from 'm';
         export type * from 'm2';",
        r#"
        type T = string
        export a = a#0
        export b = b#1
        export c = c#2
        export f = f#3
        export T = T#4
        export x = a#0
        export default = a#0
        export * from "m"
        export ns = * from "m"
        export y = {y} from "m"
        export z = default from "m"
        export U = {U} from "m"
        export * from "m2"
        fn0 module
          const a#0
          const b#1
          const c#2
          (let a#0 1)
          (let (pattern b: b#1 ...c#2) ?d)
          fn1
        fn1 function f
        "#,
    );
    check("export default make();", "export default = (call ?make)\nfn0 module\n  (call ?make)");
    check("export default class {}", "export default = class0\nclass0 class\nfn0 module\n  class0");
    check("export default async function () {}", "export default = fn1\nfn0 module\n  fn1\nfn1 async function");
    check("export default function f() {}", "export default = f#0\nfn0 module\n  fn1\nfn1 function f");
    check("class A {} export = A;", "export = = A#0\nclass0 class A = A#0\nfn0 module\n  class0\n  A#0");
    check(
        "const A = 1; type A = string; export { A };",
        "type A = string\nexport A = A#0\nexport A = A#1\nfn0 module\n  const A#0\n  (let A#0 1)",
    );
}

#[test]
fn commonjs_exports() {
    check(
        "exports = module.exports = make();
         module.exports.a = 1;
         exports.b = exports.c = f;
         exports['d'] = f;
         function f() { exports.e = 1; }
         (function (exports) { exports.no = 1; });",
        "
        export = = (call ?make)
        export a = 1
        export c = f#0
        export b = f#0
        export d = f#0
        export e = 1
        fn0 module
          (= ?exports (= ?module.exports (call ?make)))
          (= ?module.exports.a 1)
          (= ?exports.b (= ?exports.c f#0))
          (= ?exports.d f#0)
          fn1
          fn2
        fn1 function f
          (= ?exports.e 1)
        fn2 function
          param exports#1
          (= exports#1.no 1)
        ",
    );
}

#[test]
fn names_are_hoisted_as_javascript_does() {
    check_statements(&[
        ("f(); function f() {}", "(call f#0)\nfn1"),
        ("a; { var a = 1 } { let a = 2; a }", "a#0\n{\n  (let a#0 1)\n}\n{\n  (let a#1 2)\n  a#1\n}"),
        ("let a = 1; { a; let a = 2 }", "(let a#0 1)\n{\n  a#1\n  (let a#1 2)\n}"),
        ("for (let i of i) i; i", "(each binding: i#0 source: ?i {\n  i#0\n})\n?i"),
        ("try {} catch (e) { e } e", "(try {}\n  (rescue) e#0 {\n    e#0\n  })\n?e"),
        ("switch (a) { case 1: let b; default: b } b", "(switch ?a\n  (case-through 1) {}\n  (default {\n    b#0\n  }))\n?b"),
        ("const f = function g() { return g }; g", "(let f#0 fn1)\n?g"),
        ("const A = class B {}; B", "(let A#0 class0)\n?B"),
    ]);
    check(
        "const a = 1; function f(a, b = a) { var b; let c = a; return () => { const a = c; return [a, b] } }",
        "
        fn0 module
          const a#0
          (let a#0 1)
          fn1
        fn1 function f
          param a#2
          param b#3 = a#2
          const c#4
          (let c#4 a#2)
          (return fn2)
        fn2 arrow in fn1
          const a#5
          (let a#5 c#4)
          (return (array a#5 b#3))
        ",
    );
}

#[test]
fn a_binding_is_const_when_nothing_assigns_it_again() {
    let table = [
        ("const a = 1", true),
        ("let a = 1; f(a)", true),
        ("let a; a = 1", false),
        ("let a = 1; () => { a++ }", false),
        ("let a = 1; [a] = b", false),
        ("let a = 1; ({ x: a } = b)", false),
        ("let a = 1; for (a of b) {}", false),
        ("let a = 1; { let a = 2; a = 3 }", true),
        ("let a = 1; a ??= 2", false),
        ("var a = 1; var a = 2", false),
        ("var a; var a = 2", true),
        ("function a() {}", true),
        ("function a() {} a = 1", false),
    ];
    for (code, is_const) in table {
        assert_eq!(lower(code).bindings[0].is_const, is_const, "{code}");
    }
}

#[test]
fn functions() {
    check(
        "async function* f<T>(this: X, a: string, { b = 1, c: [d] }: O = {}, e?: T, ...rest: T[]): AsyncIterable<T> { yield a }
         const g = async x => x;
         o.h = function () {};
         const p = { m() { return this.x }, get q() { return 1 }, set q(v) {}, r: () => 1 };
         declare function s(): Redis;",
        "
        fn0 module
          const g#1
          const p#2
          fn1
          (let g#1 fn2)
          (= ?o.h fn3)
          (let p#2 {m: fn4, q: fn5, q: fn6, r: fn7})
        fn1 async generator function f -> AsyncIterable<T>
          param a#4: string
          param (pattern b: b#5 = 1 c: (pattern 0: d#6)): O = {}
          param e#7?: T
          param *rest#8: T[]
          (opaque a#4)
        fn2 async arrow g
          param x#9
          returns x#9
        fn3 function h
        fn4 method m
          (return this.x)
        fn5 getter q
          (return 1)
        fn6 setter q
          param v#10
        fn7 arrow r
          returns 1
        fn8 function s -> Redis
        ",
    );
}

#[test]
fn an_overloaded_name_is_its_implementation() {
    let module = lower("function f(a: string): A;\nfunction f(a: number): B;\nfunction f(a: any) { return g(a) }\nf(1)");
    let BindingKind::Function(function) = module.bindings[0].kind else { panic!("f is a function") };
    // Functions 1 and 2 are the signatures.
    assert_eq!(function.0, 3);
}

#[test]
fn classes() {
    check(
        "@Injectable() export class A<T> extends mixin(B)<T> implements I<T>, J {
           private readonly redis: Redis;
           static shared?: A<any> = new A();
           #secret = 1;
           @Input() name!: string;
           handler = async () => this.redis.get('k');
           static { A.shared.run() }
           constructor(private readonly client: Redis, @Inject('X') public x: X, plain = 1) { super(client) }
           @Get('/') async get(@Query() key: string): Promise<string> { return super.get(key) }
           static make() { return () => new this() }
           get size() { return this.#secret }
           set size(v) {}
           abstract open(): Promise<void>;
           over(a: string): void;
           over(a: any) {}
           ['lit']() {}
           [Symbol.iterator]() {}
         }",
        r#"
        export A = A#0
        class0 class A = A#0 < (call ?mixin ?B) : T : I<T> : J @(call ?Injectable) body fn13
          field redis: Redis
          static field shared: A#0<unknown> = (new A#0)
          field #secret = 1
          field name: string @(call ?Input)
          field handler = fn1
          constructor constructor fn2
          method get fn3
          static method make fn4
          getter size fn6
          setter size fn7
          method over fn10
          method lit fn11
          method [Symbol.iterator] fn12
          method open fn8
        fn0 module
          class0
        fn1 async arrow handler of class0
          returns (call this.redis .get "k")
        fn2 constructor constructor of class0
          param client#1: Redis -> this.client
          param x#2: X -> this.x @(call ?Inject "X")
          param plain#3 = 1
          (call super client#1)
        fn3 async method get of class0 -> Promise<string> @(call ?Get "/")
          param key#4: string @(call ?Query)
          (return (call super .get key#4))
        fn4 static method make of class0
          (return fn5)
        fn5 static arrow of class0 in fn4
          returns (new this)
        fn6 getter size of class0
          (return this.#secret)
        fn7 setter size of class0
          param v#5
        fn8 method open of class0 -> Promise<nil>
        fn9 method over of class0 -> nil
          param a#6: string
        fn10 method over of class0
          param a#7: unknown
        fn11 method lit of class0
        fn12 method [Symbol.iterator] of class0
        fn13 static classbody of class0
          {
            (call A#0.shared .run)
          }
        "#,
    );
}

#[test]
fn interfaces_enums_and_namespaces() {
    check(
        "interface I<T> extends J<T> { a: Redis; readonly b?: () => T; c(x: string): Promise<T>; get d(): number; (x: T): void; [k: string]: any }
         enum E { A, B = 5, C, D = 'd', F, 'g-h' = 1 << 2 }
         namespace N { export const a = 1; const b = 2; export function f() { return b } export namespace M { export class C {} } }
         N.f(E.A);",
        "
        class0 interface I = I#0 : J<T>
          field a: Redis
          field b: (() => T)
          field c: (() => Promise<T>)
          field d: number
        class1 enum E = E#1
          static field A = 0
          static field B = 5
          static field C = 6
          static field D = \"d\"
          static field F
          static field g-h = (<< 1 2)
        class2 module N = N#2 body fn1
          static field a = a#3
          static field M = M#6
          static method f fn2
        class3 module M = M#6 in class2 body fn3
          static field C = C#7
        class4 class C = C#7 in class3
        fn0 module
          class1
          class2
          (call N#2 .f E#1.A)
        fn1 static classbody of class2
          const a#3
          const b#4
          (let a#3 1)
          (let b#4 2)
          fn2
          class3
        fn2 function f in fn1
          (return b#4)
        fn3 static classbody of class3 in fn1
          class4
        ",
    );
}

#[test]
fn ambient_declarations_are_not_exports() {
    check(
        "declare module 'fastify' { export interface Instance { redis: Redis } }
         declare global { var cached: Redis | undefined }
         export declare const x: Redis;",
        "
        export x = x#0
        class0 interface Instance = Instance#1
          field redis: Redis
        class1 interface globalThis
          field cached: (Redis | nil)
        fn0 module
          const x#0: Redis
          const cached#2: (Redis | nil)
        ",
    );
}

#[test]
fn prototypes_make_classes() {
    check(
        "function A(o) { this.client = o; const f = () => this.client }
         A.prototype.get = function (k) { return this.client.get(k) };
         const B = function () {};
         B.prototype = { run: function () { this.x }, stop() {}, get size() { return 1 } };
         util.inherits(B, A);
         A.make = function () { this };",
        "
        class0 class A = A#0
          constructor constructor fn1
          method get fn3
        class1 class B = B#1 < A#0
          constructor constructor fn4
          method run fn5
          method stop fn6
          getter size fn7
        fn0 module
          const B#1
          fn1
          (= A#0.prototype.get fn3)
          (let B#1 fn4)
          (= B#1.prototype {run: fn5, stop: fn6, size: fn7})
          (call ?util .inherits B#1 A#0)
          (= A#0.make fn8)
        fn1 function A of class0
          param o#2
          const f#3
          (= this.client o#2)
          (let f#3 fn2)
        fn2 arrow f of class0 in fn1
          returns this.client
        fn3 function get of class0
          param k#4
          (return (call this.client .get k#4))
        fn4 function B of class1
        fn5 function run of class1
          this.x
        fn6 method stop of class1
        fn7 getter size of class1
          (return 1)
        fn8 function make
          this
        ",
    );
}

#[test]
fn class_expressions_are_held_by_variables() {
    check(
        "const A = class { a = 1 }; const B = class C extends A { b() { return C } };",
        "
        class0 class A = A#0
          field a = 1
        class1 class C = C#2 < A#0
          method b fn1
        fn0 module
          const A#0
          const B#1
          (let A#0 class0)
          (let B#1 class1)
        fn1 method b of class1
          (return C#2)
        ",
    );
}

#[test]
fn keywords_may_be_names() {
    check(
        "import type from 'a'; import { type } from 'b'; import { type as x, type type as y } from 'c'; import j from 'd' with { type: 'json' };",
        r#"
        import type#0 = default "a"
        import type#1 = {type} "b"
        import x#2 = {type} "c"
        import type y#3 = {type} "c"
        import j#4 = default "d"
        fn0 module
        "#,
    );
    check_statements(&[("of(get, set, async, await_, type, from, as)", "(call ?of ?get ?set ?async ?await_ ?type ?from ?as)")]);
}

#[test]
fn types() {
    let table = [
        ("Redis | null", "(Redis | nil)"),
        ("ns.Redis<A, B[]>", "ns.Redis<A, B[]>"),
        ("A & { b: C; d(): E }", "(A & {b: C; d: (() => E)})"),
        ("readonly (A | B)[]", "(A | B)[]"),
        ("[a: A, b?: B, ...c: C[]]", "(A | B | C[])[]"),
        ("(x: A) => Promise<B>", "(() => Promise<B>)"),
        ("typeof a.b.c", "typeof ?a.b.c"),
        ("typeof import('m')", "import(\"m\")"),
        ("import('m').A.B", "import(\"m\").A.B"),
        ("A['b']", "A[\"b\"]"),
        ("A[][number]", "A"),
        ("'a' | \"b\"", "(\"a\" | \"b\")"),
        ("string | 1 | true | void", "(string | number | boolean | nil)"),
        ("any", "unknown"),
        ("A extends B ? C : D", "unknown"),
        ("`a${B}`", "string"),
        ("Awaited<ReturnType<typeof f>>", "Awaited<ReturnType<typeof ?f>>"),
    ];
    for (code, expected) in table {
        let printed = crate::program::print(&lower(&format!("type T = {code};")));
        assert_eq!(printed.lines().next(), Some(format!("type T = {expected}").as_str()), "{code}");
    }
}

#[test]
fn types_have_bindings_of_their_own() {
    check(
        "import { A } from 'm';
         const T = 1; type T = A; class C<A> { x: A; y: T }
         function f<T>(t: T): A {}
         let v: ns.X = T; namespace ns { export type X = A }",
        r#"
        import A#0 = {A} "m"
        type T = A#0
        type X = A#0
        class0 class C = C#3
          field x: A
          field y: T#2
        class1 module ns = ns#6 body fn2
          static field X = X#8
        fn0 module
          const T#1
          const v#5: ns.X#6
          (let T#1 1)
          class0
          fn1
          (let v#5 T#1)
          class1
        fn1 function f -> A#0
          param t#7: T
        fn2 static classbody of class1
        "#,
    );
}

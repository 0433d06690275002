//! Expressions and statements.

use super::{check, check_module, check_statements, lower, statements};
use crate::program::{Kind, Target};
use crate::source::Language;

#[test]
fn literals_have_values() {
    check_statements(&[
        (r#"f("a\n", 'b', `c`, ``)"#, r#"(call ?f "a\n" "b" "c" "")"#),
        ("f(1_000, 0xff, 10n, 1.5, -1, 1e3)", "(call ?f 1000 255 10 1.5 -1 1000)"),
        ("f(null, undefined, true, /a[/]/g)", "(call ?f nil nil true (regex /a[/]/g))"),
        ("f(`a:${b}:\\n${c}`)", r#"(call ?f (template "a:" ?b ":\n" ?c))"#),
        (
            "f([a, , ...b], { a, 'b': 1, 2: x, [c]: d, ['e']: 1, ...g })",
            "(call ?f (array ?a nil ...?b) {a: ?a, b: 1, 2: ?x, [?c]: ?d, e: 1, ...?g})",
        ),
    ]);
}

#[test]
fn operators() {
    check_statements(&[
        ("a + b * c === d", "(== (+ ?a (* ?b ?c)) ?d)"),
        ("a ?? b; a || b && c", "(?? ?a ?b)\n(|| ?a (&& ?b ?c))"),
        ("a ? b : c ? d : e", "(if ?a ?b (if ?c ?d ?e))"),
        ("!a, typeof a, void 0, delete a.b, ~a, -a", "{\n  (! ?a)\n  (typeof ?a)\n  (void 0)\n  (unary ?a.b)\n  (unary ?a)\n  (- ?a)\n}"),
        ("a.b++", "(step ?a.b)"),
        ("a << 1, b in c, d instanceof E", "{\n  (<< ?a 1)\n  (binary ?b ?c)\n  (binary ?d ?E)\n}"),
        ("a = b ??= c.d ||= e", "(= ?a (??= ?b (||= ?c.d ?e)))"),
        ("a &&= b; a += 1; a.b **= 2", "(&&= ?a ?b)\n(+= ?a 1)\n(+= ?a.b 2)"),
        ("x as T; x satisfies T; x!; <T>x; x as const", "(as ?x T)\n(as ?x T)\n(as ?x)\n(as ?x T)\n(as ?x)"),
    ]);
}

#[test]
fn calls_name_what_they_call() {
    check_statements(&[
        ("redis.get(k)", "(call ?redis .get ?k)"),
        ("redis?.get?.(k)", "(call ?redis ?.get ?k)"),
        ("redis!.get(k)", "(call (as ?redis) .get ?k)"),
        ("(redis as Redis).get!(k)", "(call (as ?redis Redis) .get ?k)"),
        ("redis['get'](k)", "(call ?redis .get ?k)"),
        ("redis[name](k)", "(call ?redis[?name] ?k)"),
        ("a.b(1).c(2).d", "(call (call ?a .b 1) .c 2).d"),
        ("f?.(...args, x)", "(call? ?f ...?args ?x)"),
        ("f<A, B>(x)", "(call ?f <A, B> ?x)"),
        ("await redis.get<T>(k)", "(await (call ?redis .get <T> ?k))"),
        ("await get<T>(k)", "(await (call ?get <T> ?k))"),
        ("new Redis", "(new ?Redis)"),
        ("new ns.Redis<T>(1).get(k)", "(call (new ?ns.Redis <T> 1) .get ?k)"),
        ("tag`a${b}`", r#"(call ?tag (template "a" ?b))"#),
        ("a.sql<Row[]>`x`", r#"(call ?a .sql "x")"#),
        ("f(g)(h)", "(call (call ?f ?g) ?h)"),
        ("this.redis.get(k)", "(call this.redis .get ?k)"),
    ]);
}

#[test]
fn name_spans_mark_one_token() {
    let table = [
        ("redis . get (k)", "get", "(k)"),
        ("createClient(x)", "createClient", "(x)"),
        ("new Redis(x)", "new", "(x)"),
        ("new Redis", "new", ""),
        ("a['get'](k)", "get", "(k)"),
        ("f!(k)", "f", "(k)"),
        ("tag`x`", "tag", "`x`"),
    ];
    for (code, name, args) in table {
        let module = lower(code);
        let call = module.nodes.iter().find_map(|node| if let Kind::Call(call) = &node.kind { Some(call) } else { None });
        let call = call.unwrap_or_else(|| panic!("no call in {code}"));
        assert_eq!((&code[call.name_span.range()], &code[call.args_span.range()]), (name, args), "{code}");
    }
}

#[test]
fn the_called_name_tells_when_functions_run() {
    check_statements(&[
        ("xs.map(f); xs.forEach(f); xs.reduce(f, 0)", "(call@each ?xs .map ?f)\n(call@each ?xs .forEach ?f)\n(call@each ?xs .reduce ?f 0)"),
        ("p.then(f).catch(g)", "(call@once (call@once ?p .then ?f) .catch ?g)"),
        ("(() => 1)(); (function () {}).call(this)", "(call@once fn1)\n(call@once fn2 .call this)"),
        (
            "e.on('x', f); setTimeout(f, 1); process.nextTick(f)",
            "(call@later ?e .on \"x\" ?f)\n(call@later ?setTimeout ?f 1)\n(call@later ?process .nextTick ?f)",
        ),
        ("Promise.all(xs); Promise.resolve(x)", "(call@together ?Promise .all ?xs)\n(call ?Promise .resolve ?x)"),
        ("function setTimeout() {} setTimeout(f)", "fn1\n(call setTimeout#0 ?f)"),
        ("import { Promise } from 'x'; Promise.all(xs)", "(call Promise#0 .all ?xs)"),
    ]);
}

#[test]
fn modules_are_values() {
    check_statements(&[
        ("const a = require('a').b", "(let a#0 (require \"a\").b)"),
        ("const { a, b: { c = 1 } } = require('a')", "(let (pattern a: a#0 b: (pattern c: c#1 = 1)) (require \"a\"))"),
        ("const a = await import('a')", "(let a#0 (await (import \"a\")))"),
        ("require(name); import(name)", "(call ?require ?name)\n(opaque ?name)"),
        ("function require() {} require('a')", "fn1\n(call require#0 \"a\")"),
    ]);
}

#[test]
fn globals_are_seen_through_casts() {
    check_statements(&[
        ("globalThis.redis ??= make()", "(??= (global redis) (call ?make))"),
        ("(globalThis as any).redis.get(k)", "(call (global redis) .get ?k)"),
        ("(global as unknown as G)['redis']", "(global redis)"),
        ("window.redis", "(global redis)"),
        ("const global = {}; global.redis", "(let global#0 {})\nglobal#0.redis"),
        ("globalThis.setTimeout(f)", "(call@later ?globalThis .setTimeout ?f)"),
    ]);
}

#[test]
fn destructuring_everywhere() {
    check_statements(&[
        ("let [a, , b = 1, ...c] = d", "(let (pattern 0: a#0 2: b#1 = 1 ...c#2) ?d)"),
        ("({ a: x.y, b, ...c } = d)", "(= (pattern a: ?x.y b: ?b ...?c) ?d)"),
        ("[a, b[0]] = [b, a]", "(= (pattern 0: ?a 1: ?b[0]) (array ?b ?a))"),
        ("const { a }: T = b", "(let (pattern a: a#0) (as ?b T))"),
        (
            "for (const [k, { v }] of m) f(k, v)",
            "(each binding: (pattern 0: k#0 1: (pattern v: v#1)) source: ?m {\n  (call ?f k#0 v#1)\n})",
        ),
    ]);
}

#[test]
fn branches_and_loops() {
    check_statements(&[
        ("if (a) b(); else if (c) d(); else { e() }", "(if ?a {\n  (call ?b)\n} (if ?c {\n  (call ?d)\n} {\n  (call ?e)\n}))"),
        (
            "for (let i = 0, n = 3; i < n; i++) f(i)",
            "(count source: {\n  (let i#0 0)\n  (let n#1 3)\n} condition: (< i#0 n#1) update: (step i#0) {\n  (call ?f i#0)\n})",
        ),
        ("for (;;) {}", "(count {})"),
        ("for (const k in o) {}", "(keys binding: k#0 source: ?o {})"),
        ("for await (const x of xs()) {}", "(each-await binding: x#0 source: (call ?xs) {})"),
        ("a: for (x of xs) { continue a }", "(each binding: ?x source: ?xs {\n  (next)\n})"),
        ("while (a) b(); do c(); while (d)", "(while condition: ?a {\n  (call ?b)\n})\n(do-while condition: ?d {\n  (call ?c)\n})"),
        (
            "try { a() } catch { b() } finally { c() }",
            "(try {\n  (call ?a)\n}\n  (rescue) {\n    (call ?b)\n  }\n  (finally {\n    (call ?c)\n  }))",
        ),
        ("try {} catch ({ code }) { f(code) }", "(try {}\n  (rescue) (pattern code: code#0) {\n    (call ?f code#0)\n  })"),
        ("throw new E(a)", "(throw (new ?E ?a))"),
        ("with (a) b()", "(opaque ?a {\n  (call ?b)\n})"),
    ]);
}

#[test]
fn switch_arms_say_whether_they_run_on() {
    check_statements(&[
        (
            "switch (a) { case 1: case 2: b(); break; case 3: c(); case 4: { return d() } default: e() }",
            "(switch ?a\n  (case 1 2) {\n    (call ?b)\n  }\n  (case-through 3) {\n    (call ?c)\n  }\n  (case 4) {\n    {\n      (return (call ?d))\n    }\n  }\n  (default {\n    (call ?e)\n  }))",
        ),
        (
            "switch (a) { case 1: if (b) { throw c } else { break } case 2: default: }",
            "(switch ?a\n  (case 1) {\n    (if ?b {\n      (throw ?c)\n    } {\n      (break)\n    })\n  }\n  (case-through 2) {}\n  (default {}))",
        ),
    ]);
}

#[test]
fn using_declares() {
    check(
        "async function f() { using a = g(); await using b = h(a); return b }",
        "
        fn0 module
          fn1
        fn1 async function f
          const a#1
          const b#2
          (let a#1 (call ?g))
          (let b#2 (call ?h a#1))
          (return b#2)
        ",
    );
}

#[test]
fn jsx_keeps_what_it_evaluates() {
    let code = "const A = () => <Box onClick={() => a()} title=\"x\" {...b}>x & y {c(1)} <li>{/* no */}{d}</li></Box>;";
    let module = super::super::lower(Language::Tsx, code);
    check_module(
        &module,
        code,
        "
        fn0 module
          const A#0
          (let A#0 fn1)
        fn1 arrow A
          returns (opaque ?Box fn2 ...?b (call ?c 1) (opaque ?d))
        fn2 arrow in fn1
          returns (call ?a)
        ",
    );
}

#[test]
fn javascript_with_angle_casts_is_read_without_jsx() {
    let module = super::super::lower(Language::Tsx, "const a = <T>b;\nconst f = <T>(x: T) => x;\nc.get(k);");
    assert_eq!(module.errors, []);
    assert_eq!(statements(&module), "(let a#0 (as ?b T))\n(let f#1 fn1)\n(call ?c .get ?k)");
}

#[test]
fn receivers_are_shared_by_no_two_calls() {
    let module = lower("a.b().c(); a.b()");
    let mut receivers = Vec::new();
    for node in &module.nodes {
        if let Kind::Call(call) = &node.kind
            && let Target::Method { receiver, .. } = call.target
        {
            receivers.push(receiver);
        }
    }
    receivers.dedup();
    assert_eq!(receivers.len(), 3);
}

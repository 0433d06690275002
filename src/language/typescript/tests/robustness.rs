//! Broken, odd and enormous input.

use proptest::prelude::*;

use super::{lower, statements};
use crate::program::{Module, NodeId};
use crate::source::Language;

/// A bit of everything, for mutations.
const SAMPLE: &str = r#"#!/usr/bin/env node
import Redis, { type Cluster as C } from "ioredis"; // why
export * as ns from './m'; /* and */ export default class A<T> extends B { #x = 1; static { f() } @d() m?(a?: T, ...b) { super.m() } }
const { a = 1, ...rest } = require("x"), t = `k:${a}:${`n${b}`}` as const;
namespace N { export enum E { A = 1, B } } interface I { f(): Promise<T> } type U = import("x").Y | typeof a.b["c"];
async function* g({ x: [y] }, z = () => ({ ...x })) { for await (const q of g()) yield* q?.[0]?.(...z)!; }
switch (a) { case 1: default: break } label: do { a ||= b ? c : d } while (x--)
try { throw new E } catch ({ m }) {} finally { sql<T>`a` } const J = <div a={b}>&amp; {c}</div>;
Foo.prototype.x = function () { this.y }; exports.z = module.exports = globalThis.w; using u = v;
"#;

/// What every model keeps, whatever the text was.
fn check_invariants(module: &Module, text: &str) {
    for (index, node) in module.nodes.iter().enumerate() {
        let id = NodeId(index as u32);
        assert!(text.get(node.span.range()).is_some(), "{:?} lies in the text", node.span);
        module.each_child(id, &mut |child| assert!(child < id, "children come before parents"));
    }
    for (index, function) in module.functions.iter().enumerate() {
        assert!((function.body.0 as usize) < module.nodes.len());
        assert!(function.parent.is_none_or(|parent| (parent.0 as usize) < index), "functions come after those around them");
    }
    for span in module.comments.iter().chain(&module.errors) {
        assert!(text.get(span.range()).is_some());
    }
    assert!(module.comments.is_sorted_by(|a, b| a.end <= b.start));
}

fn check_text(text: &str) {
    for language in [Language::TypeScript, Language::Tsx] {
        check_invariants(&super::super::lower(language, text), text);
    }
}

#[test]
fn the_sample_is_whole() {
    let module = super::super::lower(Language::Tsx, SAMPLE);
    assert_eq!(module.errors, []);
    check_text(SAMPLE);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_text(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_sequence_of_tokens_panics(tokens in prop::collection::vec(prop::sample::select(SAMPLE.split(' ').collect::<Vec<_>>()), 0..40)) {
        check_text(&tokens.join(" "));
    }

    #[test]
    fn no_mutation_panics(cuts in prop::collection::vec((0..SAMPLE.len(), 0usize..12, prop::sample::select(vec!["", "(", "}", "`", "${", "<", ">`", "\"", "/*", "\0", "&", "=>", "\u{feff}", "é"])), 1..6)) {
        let mut text = SAMPLE.to_owned();
        for (at, length, insert) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, insert);
            }
        }
        check_text(&text);
    }
}

#[test]
fn nesting_is_bounded_and_chains_are_long() {
    const MANY: usize = 30_000;
    let deep = [
        format!("{}x{}", "(".repeat(MANY), ")".repeat(MANY)),
        format!("{}x{}", "f(".repeat(MANY), ")".repeat(MANY)),
        format!("x{}", " + x".repeat(MANY)),
        format!("x{}", " ** x".repeat(MANY)),
        format!("x{}", ".a".repeat(MANY)),
        format!("x{}", ".a(1)".repeat(MANY)),
        format!("if (a) b;{}", "else if (a) b;".repeat(MANY)),
        format!("x{}", " ? a : b".repeat(MANY)),
        format!("{}{}", "[".repeat(MANY), "]".repeat(MANY)),
        format!("{}{}", "{".repeat(MANY), "}".repeat(MANY)),
        format!("x = {}1", "a => ".repeat(MANY)),
        format!("{}x{}", "`${".repeat(MANY), "}`".repeat(MANY)),
        format!("let a: {}x{}", "A<".repeat(MANY), ">".repeat(MANY)),
        format!("let {}a{} = b", "[".repeat(MANY), "]".repeat(MANY)),
    ];
    for code in deep {
        let module = lower(&code);
        assert!(module.truncated, "{}", &code[..20]);
        check_invariants(&module, &code);
    }
}

#[test]
fn links_of_a_chain_are_all_there() {
    let table = [("redis", ".get(k)", 3_000), ("x", " + y", 3_000), ("if (a) b();", " else if (a) b();", 1_500)];
    for (start, link, times) in table {
        let module = lower(&format!("{start}{}", link.repeat(times)));
        assert!(!module.truncated, "{link}");
        assert!(module.nodes.len() > 2 * times, "{link}");
    }
}

#[test]
fn errors_stay_local() {
    let table = [
        ("a.b(1);\nconst x = { y: @ };\nc.d(2);", "(call ?a .b 1)", "(call ?c .d 2)"),
        ("a.b(1);\nfoo(c.get(1) c.get(2));\nc.d(2);", "(call ?c .get 1)", " .get 2)"),
        ("function f( { redis.get(1);\n", "(call ", " .get 1)"),
        ("class A { m() { redis.get(1) } %% n() { redis.get(2) } }\nredis.get(3)", "class0", "(call ?redis .get 3)"),
    ];
    for (code, first, second) in table {
        let module = lower(code);
        let text = statements(&module);
        assert!(!module.errors.is_empty(), "{code}");
        assert!(text.contains(first) && text.contains(second), "{code}\n{text}");
    }
}

#[test]
fn gaps_of_the_grammar_are_no_errors() {
    let table = [
        ("const [r] = await db.query<{ a: number }[]>`x ${a.get(1)}`; b.get(2)", 2),
        ("q<Row /* don't */ | null>`x`; b.get(1)", 1),
        ("const a = await original<typeof import('m')>(); a.get(1)", 1),
        ("export type * from 'm'; a.get(1)", 1),
        ("for (let i = 0; i < unique.length; i += n) a.get(i)", 1),
        ("a.get(`x\0y`); a.get(1)", 2),
        ("const J = <p title=\"?a=1&b_c=2&d_e=3\">a & b {c.get(1)}</p>; a.get(2)", 2),
    ];
    for (code, calls) in table {
        let module = super::super::lower(Language::Tsx, code);
        assert_eq!(module.errors, [], "{code}");
        let text = crate::program::print(&module);
        assert_eq!(text.matches(" .get ").count(), calls, "{code}\n{text}");
    }
    // What only looks like one stays what it is.
    assert_eq!(
        statements(&lower("f(`<b>${a}</b>`); x<y && z>`a`")),
        "(call ?f (template \"<b>\" ?a \"</b>\"))\n(&& (< ?x ?y) (> ?z \"a\"))"
    );
}

#[test]
fn spans_count_from_the_first_byte_of_the_file() {
    for start in ["", "\u{feff}", "#!/usr/bin/env node\n", "\u{feff}// x\r\n", "/* é */\r\n"] {
        let code = format!("{start}redis.get('k') // end");
        let module = lower(&code);
        assert_eq!(module.errors, [], "{code:?}");
        let call = module.nodes.last().map(|node| node.span);
        assert_eq!(call.and_then(|span| code.get(span.range())), Some(code.as_str()), "the last node is the body");
        let get = code.find("redis").unwrap() as u32;
        assert!(module.nodes.iter().any(|node| node.span.start == get && code[node.span.range()] == *"redis.get('k')"), "{code:?}");
    }
}

#[test]
fn comments_are_listed_in_order() {
    let code = "// a\nf(/* b */ 'x // no', `/* no ${/* c */ 1}`); /** d */\nconst u = \"http://x\"; // e";
    let comments: Vec<&str> = lower(code).comments.iter().map(|span| &code[span.range()]).collect();
    assert_eq!(comments, ["// a", "/* b */", "/* c */", "/** d */", "// e"]);
}

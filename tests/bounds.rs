//! Programs that go round in circles, or on and on: they are analysed to an end, and what lies beyond a bound is unknown.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config;
use redis_lint::client::Libraries;
use redis_lint::context::PathRules;
use redis_lint::pipeline::{Input, Output, analyze};
use redis_lint::project::Project;
use redis_lint::source::{Language, SourceFile};

fn run(files: &[(String, String)], parse_all: bool) -> Output {
    let mut sources: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile::new(path.as_str(), Language::of_path(Path::new(path)).unwrap(), text.as_bytes().to_vec()))
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let project = Project::new("/work", sources.iter().map(|file| file.path.as_str()), &[]);
    analyze(Input {
        sources: &sources,
        project: &project,
        libraries: Libraries::builtin().unwrap(),
        paths: &PathRules::default(),
        parse_all,
        lowered: None,
    })
}

fn commands(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, String)> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    listed(&run(&files, true))
}

/// The operations as file, place, command and key.
fn listed(output: &Output) -> Vec<String> {
    let operations = output.analysis.operations.iter();
    operations
        .map(|operation| {
            let (site, key) = (&operation.site, operation.key_text().unwrap_or_default());
            format!("{}:{} {} {key}", site.file.0, site.name.start, operation.command)
        })
        .collect()
}

fn has(found: &[String], end: &str) -> bool {
    found.iter().any(|operation| operation.trim_end().ends_with(end))
}

#[test]
fn modules_that_import_each_other() {
    let found = commands(&[
        ("a.ts", "export * from './b'; import { x } from './c'; export const y = x; export const redis = new (require('ioredis'))();"),
        ("b.ts", "export * from './a'; export { redis as again } from './a'; export { loop } from './c';"),
        ("c.ts", "export * from './b'; import { y } from './a'; export const x = y; export { loop } from './b';"),
        ("d.ts", "import { again, x, loop } from './c'; again.get('k'); x.get('l'); loop.get('m');"),
    ]);
    assert!(has(&found, "GET k"), "{found:?}");
    assert!(!has(&found, "GET l") && !has(&found, "GET m"), "{found:?}");
}

#[test]
fn functions_classes_and_keys_that_call_themselves() {
    let found = commands(&[
        (
            "a.ts",
            "import Redis from 'ioredis';
             const redis = new Redis();
             const even = (n) => (n === 0 ? redis : odd(n - 1)); const odd = (n) => even(n - 1);
             const key = (n) => n + key(n - 1); const left = () => right(); const right = () => left();
             class A extends B { next = this; get me() { return this.next.me; } } class B extends A {}
             even(3).get(key(1)); even(1).set(left(), 1); new A().me.me.zadd('k');
             const PREFIX = `${PREFIX}:x`; redis.del(PREFIX);",
        ),
        (
            "a.rb",
            "module M; include N; end
             module N; include M; def redis = other; def other = redis || Redis.new; end
             class C < D; include M; def go = redis.get(\"#{K}\"); end
             class D < C; K = \"#{K}:k\"; end",
        ),
    ]);
    assert!(has(&found, "SET {}"), "{found:?}");
    let calls: Vec<&String> = found.iter().filter(|operation| !operation.contains("CONNECT")).collect();
    assert_eq!(calls.len(), 4, "{found:?}");
    assert!(calls.iter().all(|operation| operation.contains("{}") && operation.len() < 60), "{found:?}");
}

#[test]
fn types_that_mention_themselves() {
    let wide: String = (0..1000).map(|index| format!("| {{ t{index}: Redis }} ")).collect();
    let deep: String = (0..40)
        .map(|index| format!("type D{index}<T> = {{ a: D{next}<T | D{next}<T>>, b: D{next}<[T, T]> }};\n", next = index + 1))
        .collect();
    let text = format!(
        "import type Redis from 'ioredis';
         type Loop = Loop | Loop[] | {{ again: Loop; redis: Redis }}; type Twice<T> = Twice<Twice<T>> | T;
         type Json = string | Json[] | {{ [key: string]: Json }}; interface Node<T> extends Node<T> {{ next: Node<Node<T>>; redis: Redis }}
         type Wide = {wide}; {deep}
         export const f = (loop: Loop, twice: Twice<Redis>, wide: Wide, node: Node<string>, deep: D0<Redis>, json: Json) => {{
           loop.redis.get('a'); node.next.next.redis.get('b'); deep.a.a.a.get('c'); wide.t999.get('d'); json.redis.get('e');
         }};"
    );
    let found = commands(&[("a.ts", &text)]);
    assert!(has(&found, "GET a") && has(&found, "GET b"), "{found:?}");
    assert!(!has(&found, "GET e"), "{found:?}");
}

#[test]
fn variables_that_are_made_of_themselves_again_and_again() {
    let lines = |line: &str| line.repeat(60);
    let script = format!(
        "import Redis from 'ioredis'; const redis = new Redis();
         export async function queue() {{ let multi = redis.multi(); {} await multi.exec(); }}
         export async function reply() {{ let found = await redis.get('k'); {} return found; }}
         export async function list() {{ let all = await redis.pipeline().get('l').exec(); {} return all; }}
         export function key(part: string) {{ {} return redis.del(part); }}",
        lines("multi = multi.set('a', 1);\n"),
        lines("found = found || (found && found.trim()) || found;\n"),
        lines("all = all && (all || all);\n"),
        lines("part = part + part;\n"),
    );
    let ruby = format!(
        "REDIS = Redis.new\ndef reply\n found = REDIS.get('m')\n {} found\nend\n",
        lines("found = found.presence || found\n found = found.then { |it| found }\n")
    );
    let found = commands(&[("a.ts", &script), ("b.rb", &ruby)]);
    for end in ["SET a", "GET k", "GET l", "GET m"] {
        assert!(has(&found, end), "{end}: {found:?}");
    }
}

#[test]
fn values_that_may_be_a_thousand_things() {
    let made: String = (0..1000).map(|index| format!("if (n === {index}) return new Redis({index});\n")).collect();
    let objects: String = (0..1000).map(|index| format!("if (n === {index}) return {{ redis: new Redis({index}) }};\n")).collect();
    let text = format!(
        "import Redis from 'ioredis'; const make = (n) => {{ {made} }}; const hold = (n) => {{ {objects} }};
         make(1).get('a'); hold(1).redis.get('b');"
    );
    let found = commands(&[("a.ts", &text)]);
    assert!(has(&found, "GET a"), "one of many clients is still a client");
    assert!(!has(&found, "GET b"), "which of many objects it is cannot be told");
    let nested = format!("import Redis from 'ioredis'; const redis = new Redis(); {}redis.get('a'){};", "[".repeat(3000), "]".repeat(3000));
    let output = run(&[("a.ts".to_owned(), nested)], true);
    assert!(!output.partial.is_empty(), "what is not looked at is said");
}

/// Statements of a small language, spelled in TypeScript: names are few, so that they meet.
fn statement() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "c", "redis", "key"]);
    let member = prop::sample::select(vec!["client", "redis", "get", "next", "items"]);
    let simple = (name.clone(), member.clone(), name.clone());
    let expression = simple.prop_flat_map(|(a, member, b)| {
        prop::sample::select(vec![
            format!("new Redis({{ keyPrefix: {a} }})"),
            format!("{a}.{member}"),
            format!("{a}({b})"),
            format!("({a}) => {b}"),
            format!("{{ {member}: {a}, ...{b} }}"),
            format!("[{a}, ...{b}]"),
            format!("{a} ?? {b}"),
            format!("await {a}.{member}({b})"),
            format!("`${{{a}}}:{member}:${{{b}}}`"),
            format!("{a}.map(({b}) => {b}.{member})"),
            format!("new Map([[{a}, {b}]])"),
            format!("Object.entries({a}).reduce((all, [{b}]) => all.{member}({b}), {a})"),
            format!("new {}({b})", a.to_uppercase()),
            format!("{a}[{b}]"),
            format!("{a}.bind({b})"),
        ])
    });
    (name.clone(), member, name, expression, 0..9_u8).prop_map(|(a, member, b, value, form)| match form {
        0 => format!("export const {a} = {value};"),
        1 => format!("{a}.{member} = {value};"),
        2 => format!("export function {a}({b}) {{ return {value}; }}"),
        3 => format!(
            "export class {} extends {} {{ {member} = {value}; {b}() {{ return this.{member}; }} }}",
            a.to_uppercase(),
            b.to_uppercase()
        ),
        4 => format!("for (const {a} of {b}) {{ {value}; }}"),
        5 => format!("const {{ {member}: {a}, {b} }} = {value};"),
        6 => format!("exports.{a} = {value};"),
        7 => format!("if ({a}) {{ {b} = {value}; }} else {{ {a}.get({b}); }}"),
        _ => format!("{a}.get({value});"),
    })
}

fn module() -> impl Strategy<Value = String> {
    let import = prop::sample::select(vec![
        "import Redis from 'ioredis';",
        "import { a, b } from './m0';",
        "import * as c from './m1';",
        "export * from './m2';",
        "const { redis, key } = require('./m1');",
        "export { a as b, redis } from './m2';",
    ]);
    (prop::collection::vec(import, 0..4), prop::collection::vec(statement(), 0..12))
        .prop_map(|(imports, statements)| format!("{}\n{}\n", imports.join("\n"), statements.join("\n")))
}

proptest! {
    #![proptest_config(Config { cases: 96, failure_persistence: None, ..Config::default() })]

    #[test]
    fn generated_projects_come_to_the_same_end(modules in prop::collection::vec(module(), 1..4)) {
        let files: Vec<(String, String)> = modules.into_iter().enumerate().map(|(index, text)| (format!("src/m{index}.ts"), text)).collect();
        let all = listed(&run(&files, true));
        let mut reversed = files.clone();
        reversed.reverse();
        prop_assert_eq!(&all, &listed(&run(&reversed, true)), "the order of files shows");
    }

    #[test]
    fn any_text_is_analysed(text in "[-a-z0-9(){}\\[\\].,;:=<>?!&|#@$`'\"\\\\\n ]{0,200}") {
        for path in ["a.ts", "a.tsx", "a.rb", "a.js"] {
            run(&[(path.to_owned(), format!("{text}\nredis = Redis.new\n"))], true);
        }
    }
}

//! Where things stand.

use super::lower;
use crate::program::{Kind, Module};
use crate::source::Span;

/// Each call as `name|arguments|whole`, in order of its name.
fn calls(text: &str) -> Vec<String> {
    let module: Module = lower(text);
    let slice = |span: Span| text.get(span.range()).unwrap_or("?");
    let mut calls: Vec<(u32, String)> = Vec::new();
    for node in &module.nodes {
        if let Kind::Call(call) = &node.kind {
            let line = format!("{}|{}|{}", slice(call.name_span), slice(call.args_span), slice(node.span));
            calls.push((call.name_span.start, line));
        }
    }
    calls.sort();
    calls.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn calls_know_their_name_and_their_arguments() {
    let cases: &[(&str, &[&str])] = &[
        ("@r.set(k, 1)", &["set|(k, 1)|@r.set(k, 1)", "k||k"]),
        ("@r.set 1, ex: 2", &["set|1, ex: 2|@r.set 1, ex: 2"]),
        ("@r&.get", &["get||@r&.get"]),
        ("Redis.new", &["new||Redis.new"]),
        ("@b.(1)", &["|(1)|@b.(1)"]),
        ("@r.send(:get, 1, 2)", &["get|1, 2|@r.send(:get, 1, 2)"]),
        ("super(1)", &["super|(1)|super(1)"]),
        ("super", &["super||super"]),
        ("@r.with { |c| c.get(1) }", &["with||@r.with { |c| c.get(1) }", "get|(1)|c.get(1)"]),
        ("\u{feff}é = @r.get 1\r\n@r.del 2\r\n", &["get|1|@r.get 1", "del|2|@r.del 2"]),
    ];
    for (text, expected) in cases {
        let mut found = calls(text);
        // The name of `send`'s call is its first argument, written as a symbol.
        found.iter_mut().for_each(|call| *call = call.replace(":get|", "get|"));
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn comments_are_listed() {
    let text = "a # b\n=begin\nc\n=end\nf(<<A) # d\nx\nA\n";
    let comments: Vec<&str> = lower(text).comments.iter().filter_map(|span| text.get(span.range())).collect();
    assert_eq!(comments, ["# b", "=begin\nc\n=end", "# d"]);
}

#[test]
fn errors_are_listed() {
    assert_eq!(lower("a = 1\nb = )\n").errors.len(), 1);
    assert!(lower("a = 1\n").errors.is_empty());
}

#[test]
fn carriage_returns_are_no_part_of_strings() {
    let module = lower("f(<<~A)\r\n  a\r\n   b\r\nA\r\n");
    let printed = crate::program::print(&module);
    assert!(printed.contains(r#"(call .f "a\n b\n")"#), "{printed}");
}

#[test]
fn a_heredoc_may_end_at_the_end_of_the_text() {
    let text = "f(<<~A)\n  a\nA";
    let module = lower(text);
    let printed = crate::program::print(&module);
    assert!(printed.contains(r#"(call .f "a\n")"#), "{printed}");
    assert!(module.nodes.iter().all(|node| node.span.end as usize <= text.len()));
}

//! Code in, code out: operations are described by the texts they consist of.

use super::removal::remove;
use super::{apply, call, listener};
use crate::client::Libraries;
use crate::finding::FixEdit;
use crate::operation::{Client, ClientBinding, Facts, Key, Operation, Site, Slot, Template, fact};
use crate::rule::{Speller, Term};
use crate::source::{FileId, Language, SourceFile, Span};

fn file(language: Language, text: &str) -> SourceFile {
    SourceFile::new("src/a.ts", language, text.as_bytes().to_vec())
}

fn find(file: &SourceFile, part: &str) -> Span {
    let start = file.text.find(part).unwrap_or_else(|| panic!("no {part:?}"));
    Span::new(start as u32, (start + part.len()) as u32)
}

fn site(file: &SourceFile, receiver: &str, method: &str, arguments: &str) -> Site {
    let name = find(file, &format!("{receiver}.{method}"));
    let arguments = find(file, arguments);
    Site {
        file: FileId(0),
        name,
        call: name.to(arguments),
        arguments,
        receiver: Span::new(name.start, name.start + receiver.len() as u32),
        statement: Some(name.to(arguments)),
    }
}

/// `redis.METHOD(ARGUMENTS)` of a library and its majors, with the text of its key and slots.
fn operation(
    file: &SourceFile,
    library: &str,
    majors: &[u32],
    method: &str,
    arguments: &str,
    key: &str,
    slots: &[(&str, &str)],
) -> Operation {
    Operation {
        site: site(file, "redis", method, arguments),
        command: "SET".into(),
        method: method.into(),
        library: library.into(),
        major: majors.last().copied(),
        majors: majors.to_vec(),
        versions_differ: false,
        clients: Vec::new(),
        receiver: None,
        queue: None,
        key_prefix: None,
        keys: vec![Key { template: Template::opaque(), identity: None, span: find(file, key) }],
        slots: slots
            .iter()
            .map(|(name, text)| Slot { name: (*name).into(), span: find(file, text), identity: None, derives: Vec::new(), pure: true })
            .collect(),
        arguments_hidden: false,
        option: None,
        origin: Vec::new(),
        loop_at: None,
        tree: None,
        function: None,
        facts: Facts::default(),
    }
}

fn libraries() -> &'static Libraries {
    Libraries::builtin().unwrap()
}

/// The call `redis.set(k, v…)` with `EX 60` added, in a language, for a library.
fn with_ttl(language: Language, library: &str, majors: &[u32], text: &str, method: &str) -> String {
    let file = file(language, text);
    let arguments = &text[text.find(method).unwrap() + method.len()..];
    let arguments = arguments.trim_start().trim_end_matches(['\n', ';']);
    let operation = operation(&file, library, majors, method, arguments, "key", &[("value", "val")]);
    let source = |text: &str| Term::Source(text.into());
    let terms = [Term::Word("SET".into()), source("key"), source("val"), Term::Word("EX".into()), source("60")];
    match call::change(&operation, &terms, std::slice::from_ref(&file), libraries()) {
        Some(change) => apply(text, &change.edits),
        None => "withheld".into(),
    }
}

#[test]
fn a_ttl_is_added_as_each_client_writes_it() {
    use Language::{Ruby, TypeScript};
    for (language, library, majors, method, before, after) in [
        (TypeScript, "ioredis", &[5][..], "set", "redis.set(key, val);", "redis.set(key, val, \"EX\", 60);"),
        (TypeScript, "ioredis", &[4, 5, 6], "set", "x('y', 'z'); redis.set(key, val);", "x('y', 'z'); redis.set(key, val, 'EX', 60);"),
        (TypeScript, "node-redis", &[4], "set", "redis.set(key, val)", "redis.set(key, val, { EX: 60 })"),
        (TypeScript, "node-redis", &[4, 5, 6], "set", "redis.set(key, val)", "redis.set(key, val, { EX: 60 })"),
        (TypeScript, "node-redis", &[3], "set", "redis.set(key, val)", "redis.set(key, val, \"EX\", 60)"),
        (TypeScript, "node-redis", &[3, 4], "set", "redis.set(key, val)", "withheld"),
        (TypeScript, "ioredis", &[5], "set", "redis.set(\n  key,\n  val,\n);", "redis.set(\n  key,\n  val, \"EX\", 60,\n);"),
        (TypeScript, "ioredis", &[5], "set", "redis.set(key, val, \"NX\");", "withheld"),
        (TypeScript, "ioredis", &[5], "set", "redis.set(key, val /* why */);", "withheld"),
        (Ruby, "redis-rb", &[5], "set", "redis.set(key, val)", "redis.set(key, val, ex: 60)"),
        (Ruby, "redis-rb", &[3, 4, 5], "set", "redis.set key, val", "redis.set key, val, ex: 60"),
        (Ruby, "redis-rb", &[5], "call", "redis.call(\"SET\", key, val)", "redis.call(\"SET\", key, val, \"EX\", 60)"),
    ] {
        assert_eq!(with_ttl(language, library, majors, before, method), after, "{library} {majors:?}");
    }
}

fn reshaped(language: Language, library: &str, majors: &[u32], text: &str, ttl: &str) -> String {
    let file = file(language, text);
    let arguments = &text[text.find('(').unwrap()..].trim_end_matches([';', '\n']);
    let mut operation = operation(&file, library, majors, "set", arguments, "key", &[("value", "val"), ("ttl", ttl)]);
    if text.contains("seconds") {
        operation.facts.set_word(fact::TTL_UNIT, "s");
    }
    call::reshape(&operation, &[file], libraries()).map_or_else(|| "withheld".into(), |change| apply(text, &change.edits))
}

#[test]
fn an_option_in_the_wrong_shape_gets_the_right_one() {
    use Language::{Ruby, TypeScript};
    for (language, library, majors, ttl, before, after) in [
        (TypeScript, "node-redis", &[4, 5][..], "60", "redis.set(key, val, 'EX', 60);", "redis.set(key, val, { EX: 60 });"),
        (TypeScript, "node-redis", &[5], "60", "redis.set(key, val, { ex: 60 });", "redis.set(key, val, { EX: 60 });"),
        (TypeScript, "node-redis", &[5], "seconds", "redis.set(key, val, seconds);", "redis.set(key, val, { EX: seconds });"),
        (TypeScript, "node-redis", &[5], "60", "redis.set(key, val, 60);", "withheld"),
        (TypeScript, "node-redis", &[5], "60", "redis.set(key, val, { px: 60, nx: true });", "withheld"),
        (TypeScript, "ioredis", &[5], "60", "redis.set(key, val, { PX: 60 });", "redis.set(key, val, \"PX\", 60);"),
        (Ruby, "redis-rb", &[5], "60", "redis.set(key, val, { ex: 60 })", "redis.set(key, val, ex: 60)"),
        (
            TypeScript,
            "node-redis",
            &[5],
            "60",
            "redis.set(\n  key,\n  val,\n  \"EX\",\n  60,\n);",
            "redis.set(\n  key,\n  val, { EX: 60 }\n);",
        ),
    ] {
        assert_eq!(reshaped(language, library, majors, before, ttl), after, "{library}");
    }
}

#[test]
fn removing_a_statement_removes_its_lines() {
    for (language, text, statement, after, lost) in [
        (Language::TypeScript, "a();\n  b();\nc();\n", "b()", "a();\nc();\n", false),
        (Language::TypeScript, "a();\r\n  b();\r\nc();\r\n", "b();", "a();\r\nc();\r\n", false),
        (Language::TypeScript, "a(); b(); c();\n", "b()", "a(); c();\n", false),
        (Language::TypeScript, "a(); b();\n", "b()", "a();\n", false),
        (Language::TypeScript, "b(\n  1,\n);\nc();", "b(\n  1,\n)", "c();", false),
        (Language::TypeScript, "a();\nb(); // one hour\n", "b()", "a();\n", true),
        (Language::TypeScript, "a();\nb(\n  // one hour\n  1);\n", "b(\n  // one hour\n  1)", "a();\n", true),
        (Language::Ruby, "a\n  b 1 # hour\nc\n", "b 1", "a\nc\n", true),
        (Language::Ruby, "a; b\n", "b", "a;\n", false),
        (Language::Ruby, "a\nb", "b", "a\n", false),
    ] {
        let file = file(language, text);
        let change = remove(&file, FileId(0), find(&file, statement)).unwrap();
        assert_eq!((apply(text, &change.edits).as_str(), change.comment_lost), (after, lost), "{text:?}");
    }
}

fn listening(library: &str, text: &str, target: &str, statement: &str) -> String {
    let file = file(Language::TypeScript, text);
    let call = find(&file, statement);
    let client = Client {
        site: Site { file: FileId(0), name: call, call, arguments: call, receiver: call, statement: None },
        library: library.into(),
        major: Some(5),
        majors: vec![5],
        versions_differ: false,
        binding: Some(ClientBinding { target: target.into(), statement: call }),
        tree: None,
        function: None,
        option: None,
        address: None,
        target: None,
        facts: Facts::default(),
    };
    listener::append(&client, "error", &[file], libraries()).map_or_else(|| "withheld".into(), |change| apply(text, &change.edits))
}

#[test]
fn a_listener_is_written_behind_the_binding() {
    assert_eq!(
        listening("node-redis", "const client = createClient({ url: 'x' });\n", "client", "const client = createClient({ url: 'x' })"),
        "const client = createClient({ url: 'x' });\nclient.on('error', (error) => console.error('Redis connection error', error));\n"
    );
    assert_eq!(
        listening("node-redis", "  this.c = createClient()\r\n", "this.c", "this.c = createClient()"),
        "  this.c = createClient()\r\n  this.c.on(\"error\", (error) => console.error(\"Redis connection error\", error))\r\n"
    );
    assert_eq!(listening("redis-rb", "x = 1\n", "x", "x = 1"), "withheld");
}

#[test]
fn messages_show_commands_as_the_client_writes_them() {
    let text = "redis.set(key, val)";
    let file = file(Language::TypeScript, text);
    let operation = operation(&file, "ioredis", &[5], "set", "(key, val)", "key", &[]);
    let speller = super::Spelling { libraries: libraries() };
    let spell = |terms: &[Term]| speller.spell(&operation, terms, std::slice::from_ref(&file));
    let word = |word: &str| Term::Word(word.into());
    let key = Term::Source("key".into());
    assert_eq!(spell(&[word("SET"), key.clone(), word("EX"), Term::Source("60".into())]).as_deref(), Some("redis.set(key, \"EX\", 60)"));
    let lock = [word("SET"), key.clone(), word("NX"), word("PX"), word("30000")];
    assert_eq!(spell(&lock).as_deref(), Some("redis.set(key, \"NX\", \"PX\", 30000)"));
    assert_eq!(spell(&[word("UNLINK"), key]).as_deref(), Some("redis.unlink(key)"));
    assert_eq!(spell(&[word("NOSUCH")]), None);
}

#[test]
fn edits_are_made_in_order_and_bad_ones_left_out() {
    let edit = |start, end, text: &str| FixEdit { file: FileId(0), span: Span::new(start, end), text: text.into() };
    assert_eq!(apply("abcdef", &[edit(0, 1, "X"), edit(2, 2, "-"), edit(5, 6, "")]), "Xb-cde");
    assert_eq!(apply("aüb", &[edit(2, 3, "X")]), "aüb");
    assert_eq!(apply("ab", &[edit(0, 2, "X"), edit(1, 2, "Y")]), "X");
}

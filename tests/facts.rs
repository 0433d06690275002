//! The facts of operations, as data: code in, facts out. Each case of a file in `tests/facts/` is code whose comments say what
//! is expected of the operation, client or run on the line: `#=> fact: value, fact: value` (Ruby) or `//=> …`.
//! A value is a word, a number, words joined by `+`, or `?` for *unknown*.

use std::collections::BTreeMap;
use std::path::Path;

use redis_lint::client::Libraries;
use redis_lint::context::PathRules;
use redis_lint::operation::{Analysis, EventKind, Facts, Site, Value, fact_named};
use redis_lint::pipeline::{Input, analyze};
use redis_lint::project::{Manifest, Project};
use redis_lint::source::{FileId, Language, SourceFile};

const MANIFESTS: [(&str, &str); 2] = [
    (
        "package.json",
        r#"{ "name": "app", "dependencies": { "ioredis": "^5.0.0", "redis": "^5.0.0", "@upstash/redis": "^1.30.0", "bullmq": "^5.0.0" } }"#,
    ),
    ("Gemfile", "gem \"redis\", \"~> 5.0\"\ngem \"redis-client\"\ngem \"sidekiq\", \"~> 7.0\"\n"),
];

fn lint(code: &[(&str, &str)], own: &[(&str, &str)]) -> (Vec<SourceFile>, Analysis) {
    let language = |path: &str| Language::of_path(Path::new(path)).unwrap_or_else(|| panic!("{path}: which language?"));
    let files: Vec<SourceFile> = code.iter().map(|(path, text)| SourceFile::new(*path, language(path), text.as_bytes().to_vec())).collect();
    let others = MANIFESTS.iter().filter(|(path, _)| own.iter().all(|(other, _)| other != path));
    let manifests: Vec<Manifest> =
        own.iter().chain(others).map(|(path, text)| Manifest { path: (*path).into(), bytes: text.as_bytes().to_vec() }).collect();
    let project = Project::new("/work", code.iter().map(|(path, _)| *path), &manifests);
    let libraries = Libraries::builtin().expect("the client tables load");
    let paths = PathRules::default();
    let output = analyze(Input { sources: &files, project: &project, libraries, paths: &paths, parse_all: true, lowered: None });
    (files, output.analysis)
}

fn show(facts: &Facts, name: &str, kind: EventKind) -> String {
    let id = fact_named(name, kind).unwrap_or_else(|| panic!("no fact `{name}` of {}", kind.word()));
    match facts.get(id) {
        None => "?".to_owned(),
        Some(Value::Word(word)) => word.to_string(),
        Some(Value::Words(words)) => words.join("+"),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Template(template)) => template.to_string(),
    }
}

type Lines<'a> = BTreeMap<(u32, &'static str), Vec<(&'a Facts, EventKind)>>;

/// The events on each line of a file, with the word that expectations may begin with: `client`, `run`, `queue`.
fn by_line<'a>(id: FileId, file: &SourceFile, analysis: &'a Analysis) -> Lines<'a> {
    let mut lines = Lines::new();
    let mut add = |site: &Site, word, facts, kind| {
        if site.file == id {
            lines.entry((file.line(site.name.start), word)).or_default().push((facts, kind));
        }
    };
    for operation in &analysis.operations {
        add(&operation.site, "operation", &operation.facts, EventKind::Operation);
    }
    for client in &analysis.clients {
        add(&client.site, "client", &client.facts, EventKind::Client);
    }
    for queue in &analysis.queues {
        add(&queue.site, "queue", &queue.facts, EventKind::Queue);
    }
    for run in &analysis.runs {
        let first = &analysis.operations[run.members[0].0 as usize];
        add(&first.site, "run", &run.facts, EventKind::Run);
    }
    lines
}

fn check(code: &[(&str, &str)], failures: &mut Vec<String>) -> usize {
    // A case may have manifests of its own.
    let (own, code): (Vec<_>, Vec<_>) = code.iter().copied().partition(|(path, _)| MANIFESTS.iter().any(|(name, _)| path == name));
    let (files, analysis) = lint(&code, &own);
    (0..).zip(&code).map(|(id, (path, text))| check_file(path, text, &by_line(FileId(id), &files[id as usize], &analysis), failures)).sum()
}

fn check_file(path: &str, case: &str, lines: &Lines<'_>, failures: &mut Vec<String>) -> usize {
    let mut expected = 0;
    for (index, text) in case.lines().enumerate() {
        let number = index as u32 + 1;
        let Some((_, wanted)) = text.split_once("#=> ").or_else(|| text.split_once("//=> ")) else { continue };
        for wanted in wanted.split(" | ") {
            expected += 1;
            let (kind, wanted) = ["client", "queue", "run"]
                .into_iter()
                .find_map(|kind| Some((kind, wanted.strip_prefix(kind)?.strip_prefix(' ')?)))
                .unwrap_or(("operation", wanted));
            let events = lines.get(&(number, kind)).map_or(&[][..], Vec::as_slice);
            if wanted == "nothing" {
                if !events.is_empty() {
                    failures.push(format!("{path}:{number}: {kind} where none is expected\n    {}", text.trim()));
                }
                continue;
            }
            let pairs: Vec<(&str, &str)> = wanted
                .split(", ")
                .map(|pair| pair.split_once(": ").unwrap_or_else(|| panic!("{path}:{number}: `{pair}` is not `fact: value`")))
                .collect();
            let fits = |(facts, kind): &(&Facts, EventKind)| pairs.iter().all(|(name, value)| show(facts, name, *kind) == *value);
            if !events.iter().any(fits) {
                let found: Vec<String> = events
                    .iter()
                    .map(|(facts, kind)| {
                        pairs.iter().map(|(name, _)| format!("{name}: {}", show(facts, name, *kind))).collect::<Vec<_>>().join(", ")
                    })
                    .collect();
                failures.push(format!(
                    "{path}:{number}: expected {kind} {wanted}\n    found {}\n    {}",
                    if found.is_empty() { "nothing".to_owned() } else { found.join(" and ") },
                    text.trim()
                ));
            }
        }
    }
    expected
}

/// Runs all cases of a file: they are parted by lines that begin with `=== ` and name the case's path, and further files of
/// a case by lines that begin with `--- `.
fn run(name: &str) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts").join(name)).expect("the cases are there");
    let mut failures = Vec::new();
    for case in format!("\n{text}").split("\n=== ").skip(1) {
        let files = case.split("\n--- ").map(|file| file.split_once('\n').expect("a file has a path and code"));
        let files: Vec<(&str, &str)> = files.map(|(path, code)| (path.trim(), code)).collect();
        if check(&files, &mut failures) == 0 {
            failures.push(format!("{}: nothing is expected of this case", files[0].0));
        }
    }
    assert!(failures.is_empty(), "{} of {name}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn arguments() {
    run("arguments.txt");
}

#[test]
fn places() {
    run("places.txt");
}

#[test]
fn loops() {
    run("loops.txt");
}

#[test]
fn replies() {
    run("replies.txt");
}

#[test]
fn clients() {
    run("clients.txt");
}

#[test]
fn runs_and_queues() {
    run("runs.txt");
}

#[test]
fn wrappers() {
    run("wrappers.txt");
}

#[test]
fn libraries() {
    run("libraries.txt");
}

#[test]
fn mixed() {
    run("mixed.txt");
}

//! Which calls reach a Redis client, as data: projects of a few files, each Redis operation noted on its line.
//!
//! A case begins with `=== title`, its files with `--- path`; manifests are files like others. Behind `//=>` or `#=>` stand the
//! operations of the line, parted by ` | `: the command, its key if it has one, and in brackets how certainly the client is
//! known, when that is not by its construction. Lines without note must give no operation.

use std::collections::BTreeMap;
use std::path::Path;

use redis_lint::client::Libraries;
use redis_lint::context::PathRules;
use redis_lint::operation::{Operation, fact};
use redis_lint::pipeline::{Input, analyze};
use redis_lint::project::{Manifest, Project};
use redis_lint::source::{Language, SourceFile};

type Lines = BTreeMap<(String, u32), Vec<String>>;

fn show(operation: &Operation) -> String {
    let mut shown = operation.command.to_string();
    if let Some(key) = operation.key_text() {
        shown = format!("{shown} {key}");
    }
    match operation.facts.word(fact::EVIDENCE_).unwrap_or("named") {
        "constructed" => shown,
        evidence => format!("{shown} ({evidence})"),
    }
}

fn found(files: &[(&str, &str)], parse_all: bool) -> Lines {
    let mut sources = Vec::new();
    let mut manifests = Vec::new();
    for (path, text) in files {
        match Language::of_path(Path::new(path)) {
            Some(language) if !path.ends_with("Gemfile") => sources.push(SourceFile::new(*path, language, text.as_bytes().to_vec())),
            _ => manifests.push(Manifest { path: (*path).into(), bytes: text.as_bytes().to_vec() }),
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let project = Project::new("/work", sources.iter().map(|file| file.path.as_str()), &manifests);
    let libraries = Libraries::builtin().expect("the client tables load");
    let paths = PathRules::default();
    let output = analyze(Input { sources: &sources, project: &project, libraries, paths: &paths, parse_all, lowered: None });
    let broken: Vec<_> = output.partial.iter().map(|(file, why)| format!("{}: {why}", sources[file.0 as usize].path)).collect();
    assert!(broken.is_empty(), "{broken:?}");
    let mut lines = Lines::new();
    for operation in output.analysis.operations.iter().filter(|operation| operation.facts.word(fact::LAYER).unwrap_or("call") == "call") {
        let file = &sources[operation.site.file.0 as usize];
        lines.entry((file.path.to_string(), file.line(operation.site.name.start))).or_default().push(show(operation));
    }
    lines
}

fn expected(files: &[(&str, &str)]) -> Lines {
    let mut lines = Lines::new();
    for (path, text) in files {
        for (index, line) in text.lines().enumerate() {
            if let Some((_, noted)) = line.split_once("#=> ").or_else(|| line.split_once("//=> ")) {
                lines.insert(((*path).to_owned(), index as u32 + 1), noted.split(" | ").map(|one| one.trim().to_owned()).collect());
            }
        }
    }
    lines
}

fn check(title: &str, files: &[(&str, &str)]) -> Vec<String> {
    let sorted = |mut lines: Lines| {
        lines.values_mut().for_each(|operations| operations.sort());
        lines
    };
    let expected = sorted(expected(files));
    // The same when only files that can matter are parsed.
    [true, false]
        .into_iter()
        .flat_map(|parse_all| {
            let found = sorted(found(files, parse_all));
            let mut places: Vec<_> = expected.keys().chain(found.keys()).cloned().collect();
            places.sort();
            places.dedup();
            let list = |lines: &Lines, place: &(String, u32)| lines.get(place).map_or_else(|| "nothing".to_owned(), |all| all.join(" | "));
            places
                .into_iter()
                .filter(|place| expected.get(place) != found.get(place))
                .map(|place| {
                    let how = if parse_all { "" } else { " (selected files)" };
                    let (wanted, got) = (list(&expected, &place), list(&found, &place));
                    format!("{title}{how}: {}:{}\n    expected {wanted}\n    found    {got}", place.0, place.1)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Runs all cases of a file.
fn run(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/resolution").join(name);
    let text = std::fs::read_to_string(path).expect("the cases are there");
    let mut wrong = Vec::new();
    for case in format!("\n{text}").split("\n=== ").skip(1) {
        let mut parts = case.split("\n--- ");
        let title = parts.next().unwrap_or_default();
        let files: Vec<(&str, &str)> = parts.map(|part| part.split_once('\n').unwrap_or_else(|| panic!("{title}: empty file"))).collect();
        assert!(!files.is_empty(), "{title}: no files");
        wrong.extend(check(title, &files));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn typescript_and_javascript() {
    run("typescript.txt");
}

#[test]
fn ruby() {
    run("ruby.txt");
}

#[test]
fn what_is_no_redis_client() {
    run("traps.txt");
}

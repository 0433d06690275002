//! The walls between the rooms of the crate, as ARCHITECTURE.md draws them. Read from the source text, tests left out.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each room may use. A room that is not named here has no place in the design yet: give it one.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("key", &[]),
    ("command", &[]),
    ("program", &["source"]),
    ("finding", &["source"]),
    ("baseline", &["finding", "source"]),
    ("cache", &[]),
    ("changes", &[]),
    ("language", &["program", "source"]),
    ("client", &["command"]),
    ("project", &["finding", "source"]),
    ("walk", &["finding", "project", "source"]),
    // The kinds of loops and exits are those of the program model.
    ("operation", &["key", "program", "source"]),
    ("resolve", &["client", "command", "key", "program", "source"]),
    ("context", &["client", "command", "key", "operation", "program", "resolve", "source"]),
    ("keyspace", &["key", "operation", "source"]),
    ("rule", &["finding", "key", "operation", "source"]),
    ("fix", &["client", "command", "finding", "key", "language", "operation", "program", "rule", "source"]),
    ("output", &["baseline", "finding", "source"]),
    ("suppression", &["finding", "rule", "source"]),
    ("config", &["command", "finding", "rule", "walk"]),
    (
        "pipeline",
        &[
            "client",
            "command",
            "context",
            "finding",
            "fix",
            "key",
            "keyspace",
            "language",
            "operation",
            "program",
            "project",
            "resolve",
            "rule",
            "source",
        ],
    ),
    (
        "cli",
        &[
            "baseline",
            "cache",
            "changes",
            "client",
            "command",
            "config",
            "context",
            "finding",
            "fix",
            "key",
            "keyspace",
            "operation",
            "output",
            "pipeline",
            "project",
            "rule",
            "source",
            "suppression",
            "walk",
        ],
    ),
];

/// Where files, processes and the terminal may be touched.
const DOES_IO: &[&str] = &["main.rs", "cli/", "config/", "walk/", "fix/apply.rs", "cache/"];

#[test]
fn rooms_use_only_what_is_below_them() {
    let mut faults = Vec::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{}: the room `{room}` has no place in MAY_USE", file.path));
            continue;
        };
        for used in crate_paths(&file.code) {
            let other = used.split("::").next().unwrap_or_default();
            if other != room && !allowed.contains(&other) {
                faults.push(format!("{}: `{room}` must not use `{other}`", file.path));
            }
            // A fix spells with a language's writer and knows nothing else of it.
            if room == "fix" && other == "language" && !["language::writer", "language::Writer", "language::Edit"].contains(&used.as_str())
            {
                faults.push(format!("{}: `fix` may use the writers of `language` only, not `{used}`", file.path));
            }
        }
        if file.path.matches('/').count() == 1 && file.path.ends_with("/mod.rs") && file.code.contains("super::") {
            faults.push(format!("{}: says `super::` where it means `crate::`, past this test", file.path));
        }
    }
    assert_none(faults);
}

#[test]
fn only_few_rooms_touch_the_world() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|file| !DOES_IO.iter().any(|place| file.path.starts_with(place))) {
        for path in std_paths(&file.code) {
            if ["fs", "process", "net", "env", "os"].contains(&path.as_str()) {
                faults.push(format!("{}: uses `std::{path}`", file.path));
            }
        }
        for name in ["println!", "print!", "eprintln!", "eprint!", "stdout()", "stderr()", "stdin()"] {
            if mentions(&file.code, name) {
                faults.push(format!("{}: uses `{name}`", file.path));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn grammars_stay_in_the_front_ends() {
    let outside = sources().into_iter().filter(|file| !file.path.starts_with("language/"));
    assert_none(outside.filter(|file| file.code.contains("tree_sitter")).map(|file| file.path).collect());
}

#[test]
fn findings_know_nothing_of_their_outputs() {
    let findings = sources().into_iter().filter(|file| file.path.starts_with("finding/"));
    assert_none(findings.filter(|file| file.code.contains("miette") || file.code.contains("serde")).map(|file| file.path).collect());
}

#[test]
fn rules_name_no_client_library_and_libraries_no_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stems = |folder: &str, ending: &str| -> Vec<(String, String)> {
        let paths = files(&root.join(folder)).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == ending));
        paths.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())).collect()
    };
    let (rules, clients) = (stems("rules", "md"), stems("clients", "toml"));
    assert!(!rules.is_empty() && !clients.is_empty());
    let mut faults = Vec::new();
    for (id, page) in &rules {
        let block = page.split("```toml rule").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
        // Addresses of sources may be those of a library's documentation.
        let words: BTreeSet<&str> = block.lines().filter(|line| !line.contains("://")).flat_map(words).collect();
        faults.extend(
            clients.iter().filter(|(name, _)| words.contains(name.as_str())).map(|(name, _)| format!("rules/{id}.md names `{name}`")),
        );
    }
    for (name, table) in &clients {
        let quoted = |id: &str| table.contains(&format!("\"{id}\""));
        faults.extend(rules.iter().filter(|(id, _)| quoted(id)).map(|(id, _)| format!("clients/{name}.toml names the rule `{id}`")));
    }
    assert_none(faults);
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty())
}

#[track_caller]
fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// A source file without comments, strings and tests.
struct Source {
    /// Seen from `src`.
    path: String,
    code: String,
}

impl Source {
    fn room(&self) -> Option<&str> {
        self.path.split_once('/').map(|(room, _)| room)
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let all: Vec<(String, String)> = files(&root)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let code = bare(&std::fs::read_to_string(&path).unwrap());
            (path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), code)
        })
        .collect();
    assert!(all.len() > 20, "the sources were not found");
    // Modules that only tests have: `#[cfg(test)] mod name;` in the folder's own module.
    let mut tests = Vec::new();
    for (path, code) in &all {
        let folder = path.strip_suffix("mod.rs").map_or_else(|| format!("{}/", path.trim_end_matches(".rs")), str::to_owned);
        tests.extend(test_modules(code).into_iter().map(|name| format!("{folder}{name}")));
    }
    let is_test = |path: &str| tests.iter().any(|test| path == format!("{test}.rs") || path.starts_with(&format!("{test}/")));
    all.into_iter().filter(|(path, _)| !is_test(path)).map(|(path, code)| Source { path, code: without_tests(&code) }).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Rust without comments, and with empty strings.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut bare = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => rest.windows(2).skip(2).position(|pair| pair == ['*', '/']).map_or(rest.len(), |end| end + 4),
            ['r', '"' | '#', ..] if !bare.ends_with(|c: char| c.is_alphanumeric() || c == '_') => match raw_string(rest) {
                Some(length) => {
                    bare.push_str("\"\"");
                    length
                }
                None => {
                    bare.push('r');
                    1
                }
            },
            ['"', ..] => {
                bare.push_str("\"\"");
                let mut end = 1;
                while end < rest.len() && rest[end] != '"' {
                    end += if rest[end] == '\\' { 2 } else { 1 };
                }
                end + 1
            }
            // Characters, but not lifetimes.
            ['\'', '\\', _, ..] => rest.iter().skip(3).position(|c| *c == '\'').map_or(1, |end| end + 4),
            ['\'', _, '\'', ..] => 3,
            [c, ..] => {
                bare.push(*c);
                1
            }
            [] => 1,
        };
    }
    bare
}

/// Length of the raw string that a text begins with.
fn raw_string(text: &[char]) -> Option<usize> {
    let marks = text[1..].iter().take_while(|c| **c == '#').count();
    if text.get(1 + marks) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', marks)).collect();
    let start = marks + 2;
    let length = text[start..].windows(end.len()).position(|window| window == end)?;
    Some(start + length + end.len())
}

/// Names of the `#[cfg(test)] mod name;` of a file.
fn test_modules(code: &str) -> Vec<String> {
    let modules = code.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("pub(crate) ").or_else(|| rest.strip_prefix("pub(super) ")).unwrap_or(rest);
        let (name, _) = rest.strip_prefix("mod ")?.split_once(';')?;
        (!name.contains('{')).then(|| name.trim().to_owned())
    });
    modules.collect()
}

/// Code without the `#[cfg(test)]` items in it.
fn without_tests(code: &str) -> String {
    let mut parts = code.split("#[cfg(test)]");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut depth = 0;
        let end = part.char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0 && matches!(c, '}' | ';')).then_some(at + 1)
        });
        kept.push_str(&part[end.unwrap_or(part.len())..]);
    }
    kept
}

/// The first two segments of every path below `crate::`.
fn crate_paths(code: &str) -> BTreeSet<String> {
    members(code, "crate", 2)
}

/// The first segment of every path below `std::`.
fn std_paths(code: &str) -> BTreeSet<String> {
    members(code, "std", 1)
}

/// What is named below a root, groups in braces included: up to `depth` segments of each.
fn members(code: &str, root: &str, depth: usize) -> BTreeSet<String> {
    let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ::", "::").replace(":: ", "::");
    let start = format!("{root}::");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(&start) {
        let whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        if whole {
            collect(&code[at + start.len()..], "", depth, &mut found);
        }
    }
    found
}

fn collect(text: &str, prefix: &str, depth: usize, found: &mut BTreeSet<String>) {
    if let Some(group) = text.strip_prefix('{') {
        let mut level = 0;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => level += 1,
                '}' if level > 0 => level -= 1,
                ',' | '}' if level == 0 => {
                    collect(group[start..at].trim(), prefix, depth, found);
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if end == 0 {
        return;
    }
    let path = if prefix.is_empty() { text[..end].to_owned() } else { format!("{prefix}::{}", &text[..end]) };
    match text[end..].strip_prefix("::") {
        Some(rest) if depth > 1 => collect(rest, &path, depth - 1, found),
        _ => {
            found.insert(path);
        }
    }
}

fn mentions(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn the_reading_of_source_text_is_right() {
    let code = bare(
        "use crate::{finding::{Finding, Fix}, source}; // crate::no1\n/* crate::no2 */ let a = \"crate::no3 \\\" crate::no4\"; let b = r#\"crate::no5 \"no\"#;\n\
         let c = '\"'; let d = '\\''; fn e<'a>(x: &'a crate::program::Node) {} my_crate::no6;\nuse std::{fs, io::Write};\n\
         #[cfg(test)]\nmod tests { use crate::no7; fn f() { {} } }\nuse crate\n    ::key::Key;\n#[cfg(test)]\nmod more;\n",
    );
    assert_eq!(test_modules(&code), ["more"]);
    let code = without_tests(&code);
    let paths: Vec<String> = crate_paths(&code).into_iter().collect();
    assert_eq!(paths, ["finding::Finding", "finding::Fix", "key::Key", "program::Node", "source"]);
    assert_eq!(std_paths(&code).into_iter().collect::<Vec<_>>(), ["fs", "io"]);
    assert!(mentions("x; println!()", "println!") && !mentions("eprintln!()", "println!"));
}

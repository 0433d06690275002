use super::*;
use crate::finding::{Label, Severity};
use crate::source::{FileId, Language, Span};

/// Findings written as `rule path fingerprint`, separated by semicolons.
fn findings(written: &str) -> (Vec<Finding>, Vec<SourceFile>) {
    let mut files: Vec<SourceFile> = Vec::new();
    let lines = written.split(';').map(str::trim).filter(|line| !line.is_empty());
    let findings = lines
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let index = files.iter().position(|file| file.path == words[1]).unwrap_or_else(|| {
                files.push(SourceFile::new(words[1], Language::Ruby, Vec::new()));
                files.len() - 1
            });
            Finding {
                rule: words[0].into(),
                severity: Severity::Error,
                message: format!("{} happens", words[0]),
                help: None,
                url: String::new(),
                primary: Label { file: FileId(index as u32), span: Span::new(0, 0), text: String::new() },
                extent: Span::new(0, 0),
                related: Vec::new(),
                fix: None,
                fingerprint: words[2].to_owned(),
                also: Vec::new(),
            }
        })
        .collect();
    (findings, files)
}

fn baseline(written: &str) -> Baseline {
    let (findings, files) = findings(written);
    Baseline::of(&findings, &files)
}

/// A run over `paths` with the rules `keys` and `ttl` of `keys`, `ttl` and `loop`.
fn scope(paths: &[&str]) -> Scope {
    let ids = |words: &str| words.split(' ').map(SmolStr::from).collect();
    Scope {
        paths: paths.iter().map(|path| SmolStr::from(*path)).collect(),
        checked: ids("keys ttl"),
        all: ids("keys ttl loop"),
        gone: FxHashSet::default(),
    }
}

const FORMER: &str = "keys lib/a.rb 1; ttl lib/a.rb 2; keys libx/b.rb 3; loop lib/a.rb 4; gone lib/a.rb 5";

#[test]
fn only_what_is_new_is_left_and_only_what_was_looked_at_is_stale() {
    let former = baseline(FORMER);
    for (paths, found, new, known, stale) in [
        (&[""][..], "keys lib/a.rb 1; ttl lib/a.rb 2; keys libx/b.rb 3", "", 3, "5"),
        (&[""], "keys lib/a.rb 1; keys lib/a.rb 1-2", "1-2", 1, "3 2 5"),
        (&[""], "", "", 0, "1 3 2 5"),
        (&["lib"], "keys lib/a.rb 9", "9", 0, "1 2 5"),
        (&["lib/a.rb"], "ttl lib/a.rb 2", "", 1, "1 5"),
        (&["lib/c.rb", "libx"], "", "", 0, "3"),
    ] {
        let (found_now, files) = findings(found);
        let compared = former.compare(found_now, &files, &scope(paths));
        let prints = |prints: &mut dyn Iterator<Item = &str>| {
            let mut prints: Vec<&str> = prints.collect();
            prints.sort_unstable();
            prints.join(" ")
        };
        let mut wanted: Vec<&str> = stale.split(' ').collect();
        wanted.sort_unstable();
        assert_eq!(prints(&mut compared.new.iter().map(|finding| finding.fingerprint.as_str())), new, "{paths:?} {found}");
        assert_eq!(compared.known, known, "{paths:?} {found}");
        assert_eq!(prints(&mut compared.stale.iter().map(|entry| entry.fingerprint.as_str())), wanted.join(" "), "{paths:?} {found}");
    }
}

#[test]
fn a_moved_file_keeps_its_findings_and_a_copied_one_does_not() {
    let former = baseline("keys a.rb 1; keys a.rb 1-2; ttl a.rb 2; keys b.rb 3");
    for (gone, found, new, known, stale) in [
        ("a.rb", "keys c.rb 4; keys c.rb 4-2; ttl c.rb 5; keys b.rb 3", "", 4, ""),
        // One more than before, and one that is put right.
        ("a.rb", "keys c.rb 4; keys c.rb 4-2; keys c.rb 4-3; keys b.rb 3", "4-3", 3, "2"),
        // Another file that has entries is not where this one went.
        ("a.rb", "keys b.rb 3; keys b.rb 6", "6", 1, "1 1-2 2"),
        ("", "keys a.rb 1; keys a.rb 1-2; ttl a.rb 2; keys b.rb 3; keys c.rb 4", "4", 4, ""),
    ] {
        let scope = Scope { gone: gone.split(' ').map(str::to_owned).collect(), ..scope(&[""]) };
        let (now, files) = findings(found);
        let compared = former.compare(now, &files, &scope);
        let prints: Vec<&str> = compared.new.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let mut gone: Vec<&str> = compared.stale.iter().map(|entry| entry.fingerprint.as_str()).collect();
        gone.sort_unstable();
        assert_eq!((prints.join(" ").as_str(), compared.known, gone.join(" ").as_str()), (new, known, stale), "{found}");
    }
}

#[test]
fn a_partial_run_leaves_the_rest_of_the_file() {
    let former = baseline(FORMER);
    let now = former.updated(&baseline("keys lib/a.rb 1; ttl lib/a.rb 6"), &scope(&["lib"]));
    assert_eq!(now, baseline("keys lib/a.rb 1; ttl lib/a.rb 6; keys libx/b.rb 3; loop lib/a.rb 4"));
    assert_eq!((now.missing_in(&former), former.missing_in(&now)), (1, 2));
}

#[test]
fn the_text_is_sorted_and_read_again() {
    let written = baseline("ttl b.rb 2; keys a.rb 1");
    let text = written.text();
    assert_eq!(text, baseline("keys a.rb 1; ttl b.rb 2").text());
    assert!(
        text.starts_with("{\n  \"schema\": \"redis-lint/baseline/1\",\n  \"entries\": [\n    {\n      \"path\": \"a.rb\",\n"),
        "{text}"
    );
    assert_eq!(Baseline::read("x", &text).unwrap(), written);
}

#[test]
fn what_is_no_baseline_is_an_error_that_says_what_to_do() {
    use miette::Diagnostic;
    let whole = baseline(FORMER).text();
    for (text, expected) in [
        ("", "cannot be read: EOF"),
        (&whole[..whole.len() / 2], "cannot be read: EOF"),
        (&whole.replace("\"rule\"", "\"ruel\""), "unknown field `ruel`"),
        (&whole.replace("baseline/1", "baseline/9"), "`x` is of the form `redis-lint/baseline/9`"),
        ("{}", "`x` is no baseline"),
        ("[1]", "`x` is no baseline"),
    ] {
        let error = Baseline::read("x", text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.help().unwrap().to_string().contains("redis-lint baseline"));
    }
}

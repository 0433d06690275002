use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use clap::Parser;

use super::arguments::RuleArguments;
use super::*;
use crate::config::Settings;
use crate::finding::{Finding, Fix, FixEdit, Label, Safety, Severity, Skipped};
use crate::operation::Analysis;
use crate::pipeline::Ask;
use crate::rule::Rules;
use crate::source::{FileId, Span};

/// Reports every `!` of a file as an info, every `!!` as a warning, whatever rules are selected.
struct Exclamations;

impl Engine for Exclamations {
    fn analyze(&self, _: &Input, _: Ask) -> Result<(Analysis, Vec<Skipped>), Error> {
        Ok((Analysis::default(), Vec::new()))
    }

    fn check(&self, input: &Input, _: &Profiles) -> Result<Checked, Error> {
        let mut checked = Checked::default();
        for (index, file) in input.walked.files.iter().enumerate() {
            for (mark, severity) in [("!!", Severity::Warning), ("!", Severity::Info)] {
                if let Some(at) = file.text.find(mark) {
                    checked.findings.push(finding(FileId(index as u32), at as u32, severity));
                    break;
                }
            }
            if file.text.contains("?") {
                checked.skipped.push(Skipped { path: file.path.to_string(), reason: "in part: questions".to_owned() });
            }
        }
        Ok(checked)
    }
}

fn finding(file: FileId, at: u32, severity: Severity) -> Finding {
    Finding {
        rule: "exclamation".into(),
        severity,
        message: "loud".to_owned(),
        help: None,
        url: String::new(),
        primary: Label { file, span: Span::new(at, at + 1), text: String::new() },
        extent: Span::new(at, at + 1),
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
        also: Vec::new(),
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports every `a`, `x` and `y`. The fix of `a` is right; that of `x` leaves it there, that of `y` breaks the file.
struct Letters;

impl Engine for Letters {
    fn analyze(&self, _: &Input, _: Ask) -> Result<(Analysis, Vec<Skipped>), Error> {
        Ok((Analysis::default(), Vec::new()))
    }

    fn check(&self, input: &Input, _: &Profiles) -> Result<Checked, Error> {
        let mut checked = Checked::default();
        for (index, file) in input.walked.files.iter().enumerate() {
            let id = FileId(index as u32);
            for (at, letter) in file.text.char_indices() {
                let Some((rule, text)) = [('a', "b"), ('x', "x "), ('y', "(")].iter().find(|(wrong, _)| *wrong == letter) else { continue };
                let mut finding = finding(id, at as u32, Severity::Info);
                let edits = vec![FixEdit { file: id, span: finding.primary.span, text: (*text).to_owned() }];
                finding.rule = rule.to_string().into();
                finding.fingerprint = format!("{letter}{at}");
                finding.fix = Some(Fix { title: String::new(), safety: Safety::Safe, edits });
                checked.findings.push(finding);
            }
            if file.text.contains('(') {
                checked.partial.push((id, "it is broken".to_owned()));
            }
        }
        Ok(checked)
    }
}

#[test]
fn fixes_that_are_wrong_are_withheld_and_the_others_made() {
    let folder = folder(&[("p.ts", ". a . x . a . y . a"), ("q.ts", "a.x"), ("r.ts", "a")]);
    let (code, _, err) = lint_with(&Letters, folder.path(), "--fix");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!([text("p.ts"), text("q.ts"), text("r.ts")], [". b . x . b . y . b", "b.x", "b"]);
    assert_eq!(code, "1");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 4, "{err}");
    assert!(lines[0].starts_with("withheld: p.ts:1: the fix of x: its result does not parse, or is reported again."), "{err}");
    assert_eq!(lines[3], "Changed 3 files: 5 fixes (a 5).");
}

/// Runs a command line in a folder: exit code, output and errors.
fn lint(folder: &Path, line: &str) -> (String, String, String) {
    lint_with(&Exclamations, folder, line)
}

fn lint_with(engine: &dyn Engine, folder: &Path, line: &str) -> (String, String, String) {
    let cli = match Cli::try_parse_from(std::iter::once("redis-lint").chain(line.split_whitespace())) {
        Ok(cli) => cli,
        Err(error) => return (error.exit_code().to_string(), String::new(), error.to_string()),
    };
    let (out, err) = (Shared::default(), Shared::default());
    let mut terminal = Terminal::new(Box::new(out.clone()), Box::new(err.clone()), folder.to_owned());
    let outcome = run(&cli, engine, &mut terminal);
    let code = terminal.finish(outcome);
    let code = ["0", "1", "2"].into_iter().find(|number| code == number.parse::<u8>().unwrap().into()).unwrap();
    let text = |shared: Shared| String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
    (code.to_owned(), text(out), text(err))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn exit_codes() {
    let folder = folder(&[("package.json", "{}"), ("calm.ts", "a"), ("loud.ts", "!"), ("louder.rb", "!!")]);
    for (line, expected) in [
        ("", "1"),
        ("check", "1"),
        ("calm.ts", "0"),
        ("check calm.ts", "0"),
        ("loud.ts", "1"),
        ("--fail-on warning loud.ts", "0"),
        ("check --fail-on warning loud.ts", "0"),
        ("--fail-on warning louder.rb", "1"),
        ("--fail-on error", "0"),
        ("--fail-on never", "0"),
        ("--statistics", "1"),
        ("--statistics --format json", "1"),
        ("--statistics --format sarif", "2"),
        ("completions bash", "0"),
        ("completions tcsh", "2"),
        ("man", "0"),
        ("--format json", "1"),
        ("--threads 3 -q", "1"),
        ("operations", "0"),
        ("rules", "0"),
        ("gone.ts", "2"),
        ("--exclude a[", "2"),
        ("--select no-such-rule", "2"),
        ("check --ignore no-such-rule", "2"),
        ("explain no-such-rule", "2"),
        ("loud.ts operations", "2"),
        ("--no-such-option", "2"),
        ("--help", "0"),
        ("--version", "0"),
    ] {
        let (code, out, err) = lint(folder.path(), line);
        assert_eq!(code, expected, "redis-lint {line}\n{out}\n{err}");
    }
}

#[test]
fn only_what_was_asked_for_is_reported() {
    let folder = folder(&[("package.json", "{}"), ("a.ts", "!"), ("b/c.ts", "! ?"), ("b/d.vue", "redis"), ("e.vue", "redis")]);
    let (_, out, _) = lint(folder.path(), "b --format json");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let paths =
        |list: &str| report[list].as_array().unwrap().iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths("findings"), ["b/c.ts"]);
    assert_eq!(paths("skipped"), ["b/c.ts", "b/d.vue"]);
    assert_eq!(report["summary"]["files"], 1);
}

#[test]
fn a_manifest_that_cannot_be_read_is_told() {
    let folder = folder(&[("package.json", "{\"a\""), ("a.ts", "a")]);
    let (code, out, _) = lint(folder.path(), "");
    assert_eq!(code, "0");
    assert!(out.starts_with("not analysed: package.json: it is not valid JSON"), "{out}");
}

#[test]
fn errors_say_what_to_do() {
    let folder = folder(&[("a.ts", "")]);
    for (line, name, help) in [
        ("gone.ts", "`gone.ts`", "check the spelling"),
        ("--select atomicty", "`atomicty`", "did you mean `atomicity`?"),
        ("--select zzzzzzzzz", "`zzzzzzzzz`", "`redis-lint rules` lists all"),
        ("explain zzzzzzzzz", "`zzzzzzzzz`", "`redis-lint rules` lists all"),
        ("--statistics operations", "before the name of the command", "behind it"),
        ("--format yaml", "yaml", "human, short, json"),
    ] {
        let (code, out, err) = lint(folder.path(), line);
        assert_eq!((code.as_str(), out.as_str()), ("2", ""), "redis-lint {line}");
        assert!(err.contains(name) && err.contains(help), "redis-lint {line}\n{err}");
    }
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let names: Vec<String> = (0..60).map(|at| format!("{}/{at}.ts", at % 7)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "!! ?")).collect();
    let folder = folder(&files);
    for format in ["human", "json"] {
        let one = lint(folder.path(), &format!("--threads 1 --format {format}"));
        assert!(one.1.len() > 1000);
        assert_eq!(one, lint(folder.path(), &format!("--threads 4 --format {format}")));
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    struct Closed(ErrorKind);
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let answer = |out: &mut dyn Write| out.write_all(&[b'x'; 1 << 20]);
    for (kind, is_fine) in [(ErrorKind::BrokenPipe, true), (ErrorKind::StorageFull, false)] {
        let mut terminal = Terminal::new(Box::new(Closed(kind)), Box::new(io::sink()), ".".into());
        assert_eq!(terminal.write(answer).is_ok(), is_fine, "{kind:?}");
    }
}

#[test]
fn rules_are_selected_by_id_category_and_all() {
    let page = |id: &str, category: &str, default: &str| {
        let text = format!(
            "# Title of {id}\n\n```toml rule\ncategory = \"{category}\"\nseverity = \"warning\"\n{default}sources = [\"https://redis.io/docs/latest/commands/keys/\"]\nmessage = \"m\"\nmatch = {{ command = \"KEYS\" }}\n```\n"
        );
        (format!("rules/{id}.md"), text)
    };
    let pages = [page("a-one", "ttl", ""), page("b-two", "ttl", "enabled = false\n"), page("c-three", "keys", "")];
    let rules = Rules::of_pages(pages.iter().map(|(path, text)| (path.as_str(), text.as_str(), false))).unwrap();
    let words = |list: &str| list.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    for (select, ignore, expected) in [
        ("", "", "a-one c-three"),
        ("all", "", "a-one b-two c-three"),
        ("ttl", "", "a-one b-two"),
        ("b-two", "", "b-two"),
        ("b-two, c-three", "", "b-two c-three"),
        ("", "keys", "a-one"),
        ("all", "ttl", "c-three"),
        ("", "all", ""),
        ("memory", "", ""),
    ] {
        let arguments = RuleArguments { select: words(select), ignore: words(ignore) };
        select::known(&rules, &arguments).unwrap();
        let selected = select::Asked { arguments: &arguments }.selected(&rules, &Settings::default(), &[]);
        let ids: Vec<&str> = selected.iter().map(|one| one.rule.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "--select {select} --ignore {ignore}");
    }
    let arguments = RuleArguments { select: words("a-onee"), ..RuleArguments::default() };
    assert!(select::known(&rules, &arguments).is_err_and(|error| format!("{error:?}").contains("did you mean `a-one`?")));
}

#[test]
fn the_command_line_is_consistent() {
    use clap::CommandFactory;
    <Cli as CommandFactory>::command().debug_assert();
}

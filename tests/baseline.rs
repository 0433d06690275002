//! What a project lives with for now: baselines, and findings on changed lines only.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redis-lint")).args(line.split(' ')).current_dir(folder).output().unwrap()
}

fn stdout(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    assert_ne!(output.status.code(), Some(2), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The findings of a report as `path:line rule`.
fn findings(folder: &Path, line: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(&stdout(folder, &format!("{line} --format json"))).unwrap();
    let finding =
        |finding: &Value| format!("{}:{} {}", finding["path"].as_str().unwrap(), finding["line"], finding["rule"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().map(finding).collect()
}

const CODE: &str = "\
import Redis from 'ioredis';
const redis = new Redis();
redis.on('error', console.error);
export async function save(id: string, name: string) {
  await redis.set(`user:${id}`, name);
  await redis.expire(`user:${id}`, 60);
}
export const users = () => redis.keys('user:*');
";

fn project(code: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "package.json", r#"{"dependencies":{"ioredis":"5.4.1"}}"#);
    // Other rules may have something to say of it, too.
    write(folder.path(), "redis-lint.toml", "[rules]\nall = \"off\"\nkeys-command = \"error\"\nset-then-expire = \"warning\"\n");
    write(folder.path(), "src/a.ts", code);
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn edits_elsewhere_keep_what_is_known() {
    let indented = CODE.replace("  await", "\t\t\tawait");
    let wrapped = CODE
        .replace("redis.set(`user:${id}`, name);", "redis.set(\n    `user:${id}`,\n    name,\n  )")
        .replace("redis.keys('user:*');", "redis.keys( \"user:*\" )");
    let (head, save) = CODE.split_at(CODE.find("export async").unwrap());
    let (save, users) = save.split_at(save.find("export const").unwrap());
    for (name, after, new, stale) in [
        ("nothing", CODE.to_owned(), 0, 0),
        ("lines in front", format!("// one\n// two\n{CODE}"), 0, 0),
        ("other line ends", CODE.replace('\n', "\r\n"), 0, 0),
        ("other indentation", indented, 0, 0),
        ("the taste of another formatter", wrapped, 0, 0),
        ("another order", format!("{head}{users}{save}"), 0, 0),
        ("another name of the function", CODE.replace("save", "store"), 0, 0),
        ("another call in the same function", CODE.replace("  await redis.expire", "  await redis.ping();\n  await redis.expire"), 0, 0),
        ("a second one of the same", format!("{CODE}export const again = () => redis.keys('user:*');\n"), 1, 0),
        ("another key", CODE.replace("'user:*'", "'users:*'"), 1, 1),
        ("one is put right", CODE.replace("redis.keys('user:*')", "redis.smembers('users')"), 0, 1),
        ("all are gone", "export const nothing = 1;\n".to_owned(), 0, 2),
    ] {
        let folder = project(CODE);
        assert_eq!(stdout(folder.path(), "baseline"), "redis-lint-baseline.json holds 2 findings.\n");
        write(folder.path(), "src/a.ts", &after);
        let report: Value =
            serde_json::from_str(&stdout(folder.path(), "check --baseline redis-lint-baseline.json --format json")).unwrap();
        let count = |value: &Value| value.as_array().unwrap().len();
        assert_eq!((count(&report["findings"]), count(&report["summary"]["baseline"]["stale"])), (new, stale), "{name}: {report:#}");
    }
}

#[test]
fn a_baseline_is_the_same_from_every_folder_and_for_every_path() {
    let folder = project(CODE);
    write(folder.path(), "pkg/package.json", r#"{"dependencies":{"ioredis":"5.4.1"}}"#);
    write(folder.path(), "pkg/b.ts", CODE);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    stdout(folder.path(), "baseline");
    let text = std::fs::read_to_string(folder.path().join("redis-lint-baseline.json")).unwrap();
    for (from, line) in [("", "check"), ("", "check src/a.ts pkg"), ("pkg", "check"), ("src", "check a.ts ../pkg/b.ts"), ("", "check pkg")]
    {
        let known = if from.is_empty() { "redis-lint-baseline.json" } else { "../redis-lint-baseline.json" };
        let output = run(&folder.path().join(from), &format!("{line} --baseline {known} --fail-on-stale"));
        assert_eq!(output.status.code(), Some(0), "{from} {line}\n{}", String::from_utf8_lossy(&output.stdout));
    }
    // A part of the project brings only its part up to date.
    write(folder.path(), "src/a.ts", "");
    write(folder.path(), "pkg/b.ts", "");
    let said = stdout(&folder.path().join("pkg"), "baseline --file ../redis-lint-baseline.json");
    assert_eq!(said, "../redis-lint-baseline.json holds 2 findings (0 new, 2 gone).\n");
    let now = std::fs::read_to_string(folder.path().join("redis-lint-baseline.json")).unwrap();
    assert_eq!((text.matches("\"src/a.ts\"").count(), text.matches("\"pkg/b.ts\"").count()), (2, 2), "{text}");
    assert_eq!((now.matches("\"src/a.ts\"").count(), now.matches("\"pkg/b.ts\"").count()), (2, 0), "{now}");
    let schema = serde_json::from_str(include_str!("../schemas/baseline-1.json")).unwrap();
    assert!(jsonschema::is_valid(&schema, &serde_json::from_str(&now).unwrap()), "{now}");
}

#[test]
fn fixes_leave_what_is_known_known_from_every_folder() {
    let code = format!("{CODE}export const all = () => redis.keys('*');\n");
    let folder = project(&code);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    stdout(folder.path(), "baseline --select keys-command");
    let output = run(&folder.path().join("src"), "check --fix --baseline ../redis-lint-baseline.json --format short --quiet");
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap()), (Some(0), String::new()));
    assert!(std::fs::read_to_string(folder.path().join("src/a.ts")).unwrap().contains("'EX', 60"));
}

#[test]
fn a_moved_file_keeps_what_is_known_of_it() {
    let folder = project(CODE);
    stdout(folder.path(), "baseline");
    write(folder.path(), "src/new/name.ts", CODE);
    assert_eq!(findings(folder.path(), "check --baseline redis-lint-baseline.json").len(), 2, "a copy is new");
    std::fs::remove_file(folder.path().join("src/a.ts")).unwrap();
    let output = run(folder.path(), "check --baseline redis-lint-baseline.json --fail-on-stale");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    write(folder.path(), "src/new/name.ts", &format!("{CODE}export const more = () => redis.keys('more:*');\n"));
    assert_eq!(findings(folder.path(), "check --baseline redis-lint-baseline.json"), ["src/new/name.ts:9 keys-command"]);
    assert_eq!(stdout(folder.path(), "baseline"), "redis-lint-baseline.json holds 3 findings (3 new, 2 gone).\n");
}

#[test]
fn stale_entries_are_told_in_every_form_and_fail_when_asked() {
    let folder = project(CODE);
    stdout(folder.path(), "baseline");
    write(folder.path(), "src/a.ts", &CODE.replace("redis.keys('user:*')", "redis.smembers('users')"));
    let expected = "stale in the baseline: src/a.ts: KEYS visits every key";
    for format in ["human", "short", "github", "gitlab", "checkstyle", "sarif", "junit", "markdown"] {
        let output = run(folder.path(), &format!("check --baseline redis-lint-baseline.json --format {format}"));
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains(expected) || said.contains("Stale in the baseline: 1 finding"), "{format}\n{said}");
    }
    let output = run(folder.path(), "check --baseline redis-lint-baseline.json --fail-on-stale");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.ends_with("Nothing to report in 1 file.\nThe baseline holds 1 known finding and 1 stale one: `redis-lint baseline` brings it up to date.\n"), "{said}");
    // What was not looked at is not stale.
    let output = run(folder.path(), "check --baseline redis-lint-baseline.json --fail-on-stale --ignore keys-command");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn mistakes_about_baselines_say_what_to_do() {
    let folder = project(CODE);
    write(folder.path(), "broken.json", "{\n  \"schema\": \"redis-lint/baseline/1\",\n  \"entries\": [");
    write(folder.path(), "later.json", "{\"schema\": \"redis-lint/baseline/9\"}");
    for (line, expected) in [
        ("check --baseline none.json", "`redis-lint baseline --file none.json` writes one"),
        ("check --baseline broken.json", "broken.json:3:"),
        ("check --baseline later.json", "is of the form `redis-lint/baseline/9`"),
        ("check --baseline package.json", "`package.json` is no baseline"),
        ("check --baseline src", "the baseline `src` cannot be read"),
        ("check --fail-on-stale", "add `--baseline FILE`"),
        ("baseline --file package.json", "`package.json` is no baseline"),
        ("check --since HEAD", "is in none"),
    ] {
        let output = run(folder.path(), line);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{line}\n{text}");
        assert!(text.contains(expected), "{line}\n{text}");
    }
}

fn git(folder: &Path, line: &str) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {line}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn only_changed_lines_are_reported_since_a_revision() {
    let folder = project(CODE);
    let path = folder.path();
    git(path, "init --quiet --initial-branch main");
    git(path, "add .");
    git(path, "commit --quiet -m one");
    // The branch: a line in front, an argument of a call over several lines, a new file that git does not know.
    git(path, "checkout --quiet -b branch");
    let wrapped = CODE.replace("redis.keys('user:*')", "redis.keys(\n  'user:*',\n)");
    write(path, "src/a.ts", &wrapped);
    git(path, "commit --quiet -am two");
    // Main goes on meanwhile: that is not a change of the branch.
    git(path, "checkout --quiet main");
    write(path, "src/c.ts", &CODE.replace("user:", "c:"));
    git(path, "add src/c.ts");
    git(path, "commit --quiet -m three");
    git(path, "checkout --quiet branch");
    write(path, "src/a.ts", &format!("// a\n{}", wrapped.replace("'user:*'", "'users:*'")));
    write(path, "src/b c.ts", &CODE.replace("user:", "b:"));

    let all = ["src/a.ts:6 set-then-expire", "src/a.ts:9 keys-command", "src/b c.ts:5 set-then-expire", "src/b c.ts:8 keys-command"];
    assert_eq!(findings(path, "check"), all);
    for (line, expected) in [
        ("check --since main", &all[1..]),
        ("check --since HEAD", &all[1..]),
        ("check --since main src/a.ts", &all[1..2]),
        ("check --since HEAD src/b", &[]),
    ] {
        if line.ends_with("src/b") {
            std::fs::create_dir(path.join("src/b")).unwrap();
        }
        assert_eq!(findings(path, line), expected, "{line}");
    }
    let below: Vec<String> = findings(&path.join("src"), "check --since main");
    assert_eq!(below, ["a.ts:9 keys-command", "b c.ts:5 set-then-expire", "b c.ts:8 keys-command"]);

    // A line that is taken away touches those around it.
    std::fs::remove_file(path.join("src/b c.ts")).unwrap();
    git(path, "commit --quiet -am four");
    let text = std::fs::read_to_string(path.join("src/a.ts")).unwrap();
    write(path, "src/a.ts", &text.replace("// a\n", ""));
    assert!(findings(path, "check --since HEAD").is_empty());
    write(path, "src/a.ts", &text.replace("}\nexport", "export"));
    assert_eq!(findings(path, "check --since HEAD"), ["src/a.ts:6 set-then-expire", "src/a.ts:8 keys-command"]);

    let output = run(path, "check --since no-such-branch");
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("git knows no revision `no-such-branch`") && text.contains("fetch-depth: 0"), "{text}");
    git(path, "checkout --quiet --orphan other");
    git(path, "commit --quiet -am five");
    let output = run(path, "check --since main");
    assert!(String::from_utf8(output.stderr).unwrap().contains("have no commit in common"));
    let output = Command::new(env!("CARGO_BIN_EXE_redis-lint"))
        .args(["check", "--since", "main"])
        .current_dir(path)
        .env("PATH", "")
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("install git"));
}

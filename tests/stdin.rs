//! `check --stdin`: a text that is not on the disk, in the context of its project.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Exit code, output and errors of a run in a folder, with a text on standard input.
fn lint(folder: &Path, arguments: &[&str], text: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redis-lint"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who does not read closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn report(folder: &Path, path: &str, text: &str) -> Value {
    let (code, out, err) = lint(folder, &["check", "--stdin", "--stdin-filename", path, "--format", "json"], text);
    assert!(code < 2, "{err}");
    serde_json::from_str(&out).unwrap()
}

fn findings(report: &Value) -> Vec<String> {
    let rows = report["findings"].as_array().unwrap().iter();
    rows.map(|row| format!("{}:{} {}", row["path"].as_str().unwrap(), row["line"], row["rule"].as_str().unwrap())).collect()
}

const CLIENT: &str = "import Redis from 'ioredis';\nexport const redis = new Redis();\nredis.on('error', console.error);\n";
const USE: &str = "import { redis } from './client';\nexport const all = () => redis.keys('*');\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(path), text).unwrap();
    };
    write("package.json", "{ \"dependencies\": { \"ioredis\": \"^5\" } }");
    write("src/client.ts", CLIENT);
    write("src/a.ts", USE);
    write("src/b.ts", USE);
    folder
}

#[test]
fn the_text_takes_the_place_of_the_file() {
    let folder = project();
    assert_eq!(findings(&report(folder.path(), "src/a.ts", USE)), ["src/a.ts:2 keys-command"]);
    assert_eq!(findings(&report(folder.path(), "src/a.ts", &format!("\n{USE}"))), ["src/a.ts:3 keys-command"]);
    assert_eq!(findings(&report(folder.path(), "src/a.ts", "")), [""; 0]);
    // What other files say of it counts as well: there is no client any more.
    assert_eq!(report(folder.path(), "src/client.ts", "export const redis = 1;\n")["summary"]["files"], 1);
    assert_eq!(std::fs::read_to_string(folder.path().join("src/a.ts")).unwrap(), USE);
    // From a folder inside, and with an absolute path.
    assert_eq!(findings(&report(&folder.path().join("src"), "a.ts", USE)), ["a.ts:2 keys-command"]);
    let absolute = folder.path().canonicalize().unwrap().join("src/a.ts");
    assert_eq!(findings(&report(folder.path(), absolute.to_str().unwrap(), USE)), ["src/a.ts:2 keys-command"]);
}

#[test]
fn a_file_need_not_exist_yet() {
    let folder = project();
    assert_eq!(findings(&report(folder.path(), "src/new.ts", USE)), ["src/new.ts:2 keys-command"]);
    let deep = USE.replace("./client", "../../client");
    assert_eq!(findings(&report(folder.path(), "src/new/folder/c.ts", &deep)), ["src/new/folder/c.ts:2 keys-command"]);
    assert_eq!(report(folder.path(), "notes.txt", "redis")["skipped"][0]["path"], "notes.txt");
}

#[test]
fn the_same_is_said_as_in_a_run_over_everything() {
    let folder = project();
    let (_, out, _) = lint(folder.path(), &["--format", "json"], "");
    let whole: Value = serde_json::from_str(&out).unwrap();
    for path in ["src/a.ts", "src/b.ts", "src/client.ts"] {
        let text = std::fs::read_to_string(folder.path().join(path)).unwrap();
        let own: Vec<&Value> = whole["findings"].as_array().unwrap().iter().filter(|row| row["path"] == path).collect();
        assert_eq!(report(folder.path(), path, &text)["findings"].as_array().unwrap().iter().collect::<Vec<_>>(), own);
    }
}

#[test]
fn the_configuration_and_comments_count() {
    let folder = project();
    std::fs::write(folder.path().join("redis-lint.toml"), "exclude = ['src/gen']\nrules.keys-command = 'info'\n").unwrap();
    assert_eq!(report(folder.path(), "src/a.ts", USE)["findings"][0]["severity"], "info");
    let left_out = report(folder.path(), "src/gen/a.ts", USE);
    assert_eq!((findings(&left_out).len(), &left_out["skipped"][0]["reason"]), (0, &"the configuration leaves it out".into()));
    let ignored = USE.replace("export", "// redis-lint-ignore keys-command: few\nexport");
    assert_eq!(findings(&report(folder.path(), "src/a.ts", &ignored)), [""; 0]);
}

#[test]
fn fixes_go_to_standard_output() {
    let folder = project();
    let text =
        "import { redis } from './client';\nexport async function a() {\n  await redis.set('k', 'v');\n  await redis.expire('k', 9);\n}\n";
    let stdin = ["--stdin", "--stdin-filename", "src/a.ts"];
    let (code, out, _) = lint(folder.path(), &[&stdin[..], &["--fix"]].concat(), text);
    let fixed = "import { redis } from './client';\nexport async function a() {\n  await redis.set('k', 'v', 'EX', 9);\n}\n";
    assert_eq!((code, out.as_str()), (0, fixed));
    assert_eq!(std::fs::read_to_string(folder.path().join("src/a.ts")).unwrap(), USE);
    // Nothing to fix: the text as it was.
    assert_eq!(lint(folder.path(), &[&stdin[..], &["--fix"]].concat(), fixed).1, fixed);
    let (code, patch, _) = lint(folder.path(), &[&stdin[..], &["--diff"]].concat(), text);
    assert!(code == 1 && patch.starts_with("--- a/src/a.ts\n"), "{patch}");
}

#[test]
fn places_are_told_in_all_units() {
    let folder = project();
    let text = "\u{FEFF}import { redis } from './client';\r\nexport const all = () => ['ä€😀', redis.keys('*')];\r\n";
    let range = report(folder.path(), "src/a.ts", text)["findings"][0]["range"].clone();
    let before = "\u{FEFF}import { redis } from './client';\r\n".len();
    let line = "export const all = () => ['ä€😀', redis.";
    assert_eq!(
        range["start"],
        serde_json::json!({
            "offset": before + line.len(), "line": 2, "character": line.chars().count() + 1, "utf8": line.len() + 1,
            "utf16": line.encode_utf16().count() + 1,
        })
    );
    assert_eq!(range["end"]["offset"], before + line.len() + 4);
}

#[test]
fn wrong_uses_are_told() {
    let folder = project();
    for (arguments, expected) in [
        (&["--stdin"][..], "--stdin-filename <PATH>"),
        (&["--stdin-filename", "a.ts"][..], "--stdin"),
        (&["--stdin", "--stdin-filename", "a.ts", "b.ts"][..], "cannot be used with"),
    ] {
        let (code, _, err) = lint(folder.path(), arguments, "");
        assert!(code == 2 && err.contains(expected), "{arguments:?}: {err}");
    }
}

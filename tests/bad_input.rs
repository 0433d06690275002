//! Input of every wrong kind: a message that says what to do, exit code 2, nothing on standard output, and nothing changed on disk.
//! What is wrong *inside* of configurations, baselines, pages and tables has tests beside those.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CODE: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
    export async function save(id: string, body: string) {\n  await redis.set(`s:${id}`, body);\n  await redis.expire(`s:${id}`, 60);\n}\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), "{ \"dependencies\": { \"ioredis\": \"^5\" } }").unwrap();
    fs::write(folder.path().join("a.ts"), CODE).unwrap();
    folder
}

/// Every file below a folder with its bytes.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// What a run says when it fails, which must change nothing.
fn refusal(folder: &Path, run: impl FnOnce(&Path) -> Output, what: &str) -> String {
    let before = content(folder);
    let output = run(folder);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{what}\n{text}");
    assert!(text.contains("help: "), "{what}: it says nothing of what to do\n{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{what}: {text:?}");
    assert!(content(folder) == before, "{what}: the folder is not what it was");
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redis-lint")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn names_and_files_that_are_no_input_are_refused() {
    let page = "# Mine\n\n```toml rule\ncategory = \"keys\"\nseverity = \"info\"\nsources = [\"https://redis.io/\"]\nmessage = \"m\"\nmatch = { command = \"GET\" }\n```\n\n";
    type Prepare = Box<dyn Fn(&Path)>;
    let write = |path: &'static str, bytes: Vec<u8>| -> Prepare {
        Box::new(move |folder| {
            fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            fs::write(folder.join(path), &bytes).unwrap();
        })
    };
    let nothing = || -> Prepare { Box::new(|_| ()) };
    let cases: Vec<(Prepare, &[&str], &str)> = vec![
        (nothing(), &["none.ts"], "there is no file or folder `none.ts`"),
        (nothing(), &["a\nb\u{1b}[2J\u{9b}31m\u{202e}.ts"], "b␛[2J"),
        (nothing(), &["--config", "x\u{1b}[2J"], "the configuration `x␛[2J` cannot be read"),
        (nothing(), &["--config", "."], "the configuration `./redis-lint.toml` cannot be read"),
        (
            Box::new(|folder| fs::create_dir(folder.join("redis-lint.toml")).unwrap()),
            &[],
            "the configuration `redis-lint.toml` cannot be read",
        ),
        (write("redis-lint.toml", vec![0xff, 0xfe]), &[], "TOML file in UTF-8"),
        (write("redis-lint.toml", b"target = \"\x1b[2J\"".to_vec()), &[], "redis-lint.toml:1:11"),
        (write("redis-lint.toml", b"extends = ['redis-lint.toml']".to_vec()), &[], "redis-lint.toml:1:"),
        (write("redis-lint.toml", b"extends = ['none.toml']".to_vec()), &[], "redis-lint.toml:1:"),
        (write("b.json", vec![0xff]), &["--baseline", "b.json"], "it is a JSON file in UTF-8"),
        (
            write("b.json", b"{\"schema\":\"redis-lint/baseline/9\"}".to_vec()),
            &["--baseline", "b.json"],
            "write it anew with `redis-lint baseline`",
        ),
        (write("b.json", b"{\"schema\":\"redis-lint/baseline/9\"}".to_vec()), &["baseline", "--file", "b.json"], "`redis-lint/baseline/9`"),
        (write("r/my.md", format!("{page}```ts fail client=ioredis\nx()\n```\n").into_bytes()), &["--rules", "r"], "my.md:11:"),
        (
            write("r/my.md", format!("{page}```ts fail client=ioredis@5\nx()\n```\n").into_bytes()),
            &["--rules", "r"],
            "mark each expected line",
        ),
        (
            write("r/my.md", format!("{page}```ts pass option.most=3\nx()\n```\n").into_bytes()),
            &["--rules", "r"],
            "which is no option of the rule",
        ),
        (write("r/my.md", vec![0xff]), &["--rules", "r"], "cannot be read"),
        (write("c/my.toml", b"name = 3".to_vec()), &["--clients", "c"], "my.toml:1:8"),
        (nothing(), &["operations", "--format", "sarif"], "it writes `human`, `json`, `json-lines`"),
    ];
    for (prepare, arguments, expected) in cases {
        let folder = project();
        prepare(folder.path());
        let said = refusal(folder.path(), |folder| lint(folder, arguments), &format!("{arguments:?}"));
        assert!(said.contains(expected), "{arguments:?}: {expected} is not in\n{said}");
    }
}

/// A shell under which no file can grow, as on a full disk.
fn full(folder: &Path, line: &str) -> Output {
    let line = format!("trap '' XFSZ; ulimit -f 0; exec '{}' {line}", env!("CARGO_BIN_EXE_redis-lint"));
    Command::new("sh").args(["-c", &line]).current_dir(folder).output().unwrap()
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    for (line, expected) in [
        ("check --fix", "`a.ts`"),
        ("check --add-ignores", "`a.ts`"),
        ("check --output sarif=x.sarif", "cannot write to `x.sarif`"),
        ("baseline", "cannot write to `redis-lint-baseline.json`"),
        ("init", "cannot write to `redis-lint.toml`"),
        ("check --output sarif=/dev/full", "cannot write to `/dev/full`"),
    ] {
        let folder = project();
        let said = refusal(folder.path(), |folder| full(folder, line), line);
        assert!(said.contains(expected) && !said.contains(".redis-lint-"), "{line}: {said}");
    }
    // A cache that cannot be written is none.
    let folder = project();
    (0..100).for_each(|at| fs::write(folder.path().join(format!("f{at}.ts")), "export {};\n").unwrap());
    let expected = lint(folder.path(), &["--no-cache"]);
    let output = full(folder.path(), "--cache-dir .cache");
    assert_eq!((output.status.code(), &output.stdout), (Some(1), &expected.stdout), "{}", String::from_utf8_lossy(&output.stderr));
    let text = |folder: &Path| String::from_utf8(lint(folder, &["--cache-dir", ".cache"]).stdout).unwrap();
    assert_eq!(text(folder.path()).into_bytes(), expected.stdout, "what the full disk left of the cache");
    // What cannot be written where the answer goes.
    let line = format!("'{}' > /dev/full", env!("CARGO_BIN_EXE_redis-lint"));
    let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("check what the output is sent to"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_told() {
    // Nobody can write there, not even the user that tests in containers run as.
    for (arguments, expected) in [
        (&["--output", "sarif=/proc/x.sarif"][..], "cannot write to `/proc/x.sarif`"),
        (&["baseline", "--file", "/proc/b.json"], "cannot write to `/proc/b.json`"),
    ] {
        let folder = project();
        let said = refusal(folder.path(), |folder| lint(folder, arguments), &format!("{arguments:?}"));
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    let folder = project();
    let output = lint(folder.path(), &["--cache-dir", "/proc/cache"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

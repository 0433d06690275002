//! Runs that are killed, and runs at the same time: every file is afterwards what it was or what it was to become, and nothing else
//! is different.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Enough files for a kill to fall between two of them.
const FILES: usize = 120;

const BEFORE: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
    export async function save(id: string, body: string) {\n  await redis.set(`s:${id}`, body);\n  await redis.expire(`s:${id}`, 60);\n}\n";
const FIXED: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
    export async function save(id: string, body: string) {\n  await redis.set(`s:${id}`, body, 'EX', 60);\n}\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), "{ \"dependencies\": { \"ioredis\": \"^5\" } }").unwrap();
    (0..FILES).for_each(|at| fs::write(folder.path().join(format!("f{at}.ts")), BEFORE).unwrap());
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_redis-lint"))
        .args(arguments)
        .args(["--cache-dir", ".cache"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// How long a whole run takes here.
fn length(arguments: &[&str]) -> Duration {
    let folder = project();
    let clock = Instant::now();
    start(folder.path(), arguments).wait().unwrap();
    clock.elapsed()
}

/// Kills a run at a share of its length.
fn kill(folder: &Path, arguments: &[&str], length: Duration, share: u32) {
    let mut child = start(folder, arguments);
    std::thread::sleep(length * share / 100);
    drop(child.kill());
    child.wait().unwrap();
}

/// The texts of the source files, each once.
fn texts(folder: &Path) -> BTreeSet<String> {
    (0..FILES).map(|at| fs::read_to_string(folder.join(format!("f{at}.ts"))).unwrap()).collect()
}

/// The names in a folder that are neither its files nor what a killed run left of a file that it had begun.
fn others(folder: &Path, known: &[&str]) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.ends_with(".ts") && !name.starts_with(".redis-lint-") && !known.contains(&name.as_str())).collect()
}

#[test]
fn a_killed_fix_leaves_every_file_whole() {
    let arguments = ["check", "--fix", "--select", "set-then-expire"];
    let length = length(&arguments);
    // Most of them near the end, where files are written.
    for share in [10, 50, 70, 80, 85, 88, 90, 92, 94, 96, 98, 100, 104] {
        let folder = project();
        kill(folder.path(), &arguments, length, share);
        let texts = texts(folder.path());
        assert!(texts.iter().all(|text| text == BEFORE || text == FIXED), "{share}: {texts:?}");
        assert_eq!(others(folder.path(), &["package.json", ".cache"]), [""; 0], "{share}");
        // The next run does what is left.
        start(folder.path(), &arguments).wait().unwrap();
        assert_eq!(self::texts(folder.path()), BTreeSet::from([FIXED.to_owned()]), "{share}");
    }
}

#[test]
fn a_killed_run_leaves_reports_and_baselines_whole() {
    let reports = ["check", "--output", "json=report.json", "--output", "sarif=report.sarif"];
    let baseline = ["baseline"];
    for (arguments, files) in [(&reports[..], &["report.json", "report.sarif"][..]), (&baseline, &["redis-lint-baseline.json"])] {
        let length = length(arguments);
        let folder = project();
        for share in [60, 80, 90, 94, 97, 100, 103] {
            kill(folder.path(), arguments, length, share);
            for file in files {
                let Ok(text) = fs::read_to_string(folder.path().join(file)) else { continue };
                assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{share}: {file}: {text}");
            }
            let known = [files, &["package.json", ".cache"]].concat();
            assert_eq!(others(folder.path(), &known), [""; 0], "{share}");
        }
        assert_eq!(texts(folder.path()), BTreeSet::from([BEFORE.to_owned()]));
    }
}

#[test]
fn two_fixes_at_once_leave_every_file_whole() {
    let arguments = ["check", "--fix", "--select", "set-then-expire"];
    for _ in 0..3 {
        let folder = project();
        let mut runs = [start(folder.path(), &arguments), start(folder.path(), &arguments)];
        // One of them may find that a file is no longer what it read, and stops there.
        let codes: Vec<Option<i32>> = runs.iter_mut().map(|run| run.wait().unwrap().code()).collect();
        assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))) && codes.contains(&Some(0)), "{codes:?}");
        let texts = texts(folder.path());
        assert!(texts.iter().all(|text| text == BEFORE || text == FIXED), "{texts:?}");
        assert_eq!(others(folder.path(), &["package.json", ".cache"]), [""; 0]);
        start(folder.path(), &arguments).wait().unwrap();
        assert_eq!(self::texts(folder.path()), BTreeSet::from([FIXED.to_owned()]));
    }
}

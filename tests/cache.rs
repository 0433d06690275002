//! Results of former runs: with them and without them the output is the same, whatever happens between runs and to the cache.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// The sample, made large enough that its result is worth keeping.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample"), &folder.path().join("project"));
        fs::create_dir(folder.path().join("project/.git")).unwrap();
        for at in 0..100 {
            fs::write(folder.path().join(format!("project/web/src/f{at}.ts")), format!("export const f{at} = {at};\n")).unwrap();
        }
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("project").join(path)
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redis-lint"));
        command.args(["check", "--format", "json"]).args(arguments).current_dir(self.path(""));
        command
    }

    /// The report, with the cache of the project.
    fn cached(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).arg("--cache-dir").arg(self.cache()).output().unwrap();
        assert!(output.stderr.is_empty() && output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The report, as it is without any cache.
    fn plain(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.command(arguments).arg("--no-cache").output().unwrap().stdout).unwrap()
    }

    fn is_from_cache(&self) -> bool {
        self.cached(&["--statistics"]).contains("\"cache\"")
    }

    /// How many of the parsed files a former run had kept.
    fn kept(&self, arguments: &[&str]) -> u64 {
        let text = self.cached(&[&["--statistics"], arguments].concat());
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["files"]["kept"].as_u64().unwrap()
    }

    fn entries(&self, kind: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache()) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|extension| extension == kind)).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            let _ = fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_is_kept_is_used_for_the_same_input_only() {
    let project = Project::new();
    let first = project.cached(&[]);
    assert_eq!((project.entries("result").len(), project.is_from_cache()), (1, true));
    assert_eq!(project.cached(&[]), first);
    assert_eq!(first, project.plain(&[]));
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/keys-command.md")).unwrap();
    fs::create_dir(project.folder.path().join("rules")).unwrap();
    fs::write(project.folder.path().join("rules/keys-command.md"), page.replace("KEYS visits every key of", "KEYS goes through")).unwrap();
    let sessions = fs::read_to_string(project.path("web/src/sessions.ts")).unwrap();
    // Each changes something else that the result depends on; all of them are undone by the last.
    type Step = (&'static str, Box<dyn Fn(&Project)>, &'static [&'static str], bool);
    let write = |path: &'static str, text: String| -> Box<dyn Fn(&Project)> {
        Box::new(move |project| fs::write(project.path(path), &text).unwrap())
    };
    let manifest = fs::read_to_string(project.path("web/package.json")).unwrap();
    let steps: Vec<Step> = vec![
        ("another path asked for", Box::new(|_| ()), &["web/src/sessions.ts"], true),
        ("another selection", Box::new(|_| ()), &["--ignore", "keys-command"], false),
        ("a page of one's own", Box::new(|_| ()), &["--rules", "../rules"], false),
        ("an edit", write("web/src/sessions.ts", sessions.replace("'EX'", "'PX'") + "\n// end\n"), &[], false),
        ("a manifest", write("web/package.json", manifest.replace("\"ioredis\"", "\"ioredis-other\"")), &[], false),
        ("a new file", write("web/src/empty.ts", String::new()), &[], false),
        ("a configuration", write("redis-lint.toml", "[rules]\nkeys-command = \"off\"\n".to_owned()), &[], false),
        ("nothing", Box::new(|_| ()), &[], true),
    ];
    for (name, change, arguments, known) in steps {
        change(&project);
        let from_cache = project.cached(&[&["--statistics"], arguments].concat()).contains("\"cache\"");
        assert_eq!(from_cache, known, "{name}");
        assert_eq!(project.cached(arguments), project.plain(arguments), "{name}");
    }
    fs::remove_file(project.path("web/src/empty.ts")).unwrap();
    fs::remove_file(project.path("redis-lint.toml")).unwrap();
    write("web/src/sessions.ts", sessions)(&project);
    write("web/package.json", manifest)(&project);
    assert!(project.is_from_cache());
    assert_eq!(project.cached(&[]), first);
}

#[test]
fn lowered_files_are_kept_for_other_results() {
    let project = Project::new();
    let first = project.cached(&[]);
    let parsed = project.kept(&["--ignore", "keys-command"]);
    assert!(parsed > 3, "{parsed}");
    assert_eq!(project.cached(&[]), first);
    // One changed file is parsed.
    let sessions = fs::read_to_string(project.path("web/src/sessions.ts")).unwrap();
    fs::write(project.path("web/src/sessions.ts"), format!("// one more line\n{sessions}")).unwrap();
    assert_eq!(project.kept(&[]), parsed - 1);
    assert_eq!(project.cached(&[]), project.plain(&[]));
    // Where it is a small part of the whole, the rest is not written again for its sake.
    let large = format!("import {{ redis }} from './redis';\n{}", "export const a = () => redis.get('a');\n".repeat(400));
    fs::write(project.path("web/src/large.ts"), large).unwrap();
    assert_eq!((project.kept(&[]), project.kept(&["--ignore", "keys-command"])), (parsed, parsed + 1));
    let kept = fs::read(&project.entries("modules")[0]).unwrap();
    fs::write(project.path("web/src/sessions.ts"), &sessions).unwrap();
    assert_eq!((project.kept(&[]), project.kept(&["--ignore", "keys-command"])), (parsed, parsed));
    assert_eq!(fs::read(&project.entries("modules")[0]).unwrap(), kept);
    // Languages differ, although the texts are the same.
    fs::write(project.path("web/src/odd.ts"), "const a = <T>redis;\n").unwrap();
    fs::write(project.path("web/src/odd.tsx"), "const a = <T>redis;\n").unwrap();
    assert_eq!(project.cached(&[]), project.plain(&[]));
    assert_eq!(project.cached(&["--ignore", "keys-command"]), project.plain(&["--ignore", "keys-command"]));
}

#[test]
fn random_edits_between_runs_never_show_an_old_result() {
    let project = Project::new();
    let paths = ["web/src/sessions.ts", "web/src/redis.ts", "web/src/server.ts", "worker/lib/stock.rb", "worker/lib/import_job.rb"];
    let lines = [
        "redis.keys('*');",
        "export const other = redis;",
        "import { redis } from './redis';",
        "  @redis.keys('*')",
        "def redis = $redis",
        "export const f1 = () => redis.flushall();",
        "// redis-lint-ignore keys-command: once",
        "`${",
    ];
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut reused = 0;
    for turn in 0..14 {
        // Mostly one file, now and then several, also some that were of no interest before.
        for _ in 0..=random(3) {
            let path = if random(4) == 0 { format!("web/src/f{}.ts", random(100)) } else { paths[random(paths.len())].to_owned() };
            let text = fs::read_to_string(project.path(&path)).unwrap_or_default();
            let mut changed: Vec<&str> = text.lines().collect();
            match random(5) {
                0 if !changed.is_empty() => drop(changed.remove(random(changed.len()))),
                1 if !changed.is_empty() => changed.insert(random(changed.len()), changed[random(changed.len())]),
                2 if turn % 7 == 6 => changed.clear(),
                3 => changed.insert(random(changed.len() + 1), lines[random(lines.len())]),
                _ => changed.push(lines[random(lines.len())]),
            }
            fs::write(project.path(&path), changed.join("\n")).unwrap();
        }
        reused += project.kept(&["--ignore", "hardcoded-url"]);
        assert_eq!(project.cached(&[]), project.plain(&[]), "turn {turn}");
        assert_eq!(project.cached(&[]), project.plain(&[]), "turn {turn}, again");
    }
    assert!(reused > 14, "{reused}");
}

#[test]
fn a_damaged_or_forbidden_cache_is_none() {
    let project = Project::new();
    let expected = project.cached(&[]);
    for kind in ["result", "modules"] {
        let entry = project.entries(kind).remove(0);
        let whole = fs::read(&entry).unwrap();
        for damaged in [b"".to_vec(), whole[..whole.len() / 2].to_vec(), whole.iter().rev().copied().collect()] {
            project.entries("result").iter().for_each(|result| fs::remove_file(result).unwrap());
            fs::write(&entry, damaged).unwrap();
            assert_eq!(project.cached(&[]), expected);
            assert!(project.is_from_cache() && fs::read(&entry).unwrap() == whole, "{kind} was not written anew");
        }
    }
    fs::remove_dir_all(project.cache()).unwrap();
    assert_eq!(project.cached(&[]), expected);
    fs::remove_dir_all(project.cache()).unwrap();
    // A file where the folder should be: nothing can be kept, and nobody is bothered.
    fs::write(project.cache(), "").unwrap();
    assert_eq!(project.cached(&[]), expected);
    assert_eq!(fs::read(project.cache()).unwrap(), b"");
    fs::remove_file(project.cache()).unwrap();
    project.plain(&[]);
    assert!(!project.cache().exists());
}

#[test]
fn runs_at_once_and_killed_runs_do_no_harm() {
    let project = Project::new();
    let expected = project.plain(&[]);
    let start = || -> Child {
        project.command(&[]).arg("--cache-dir").arg(project.cache()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for turn in 0_u64..6 {
        let mut killed = start();
        let others = [start(), start()];
        std::thread::sleep(std::time::Duration::from_millis(turn * 150));
        drop(killed.kill());
        drop(killed.wait());
        for other in others {
            let output = other.wait_with_output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{}", String::from_utf8_lossy(&output.stderr));
        }
        if turn % 2 == 1 {
            fs::remove_dir_all(project.cache()).unwrap();
        }
    }
    assert_eq!(project.cached(&[]), expected);
}

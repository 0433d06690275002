//! `--fix`, `--diff` and `--add-ignores`, through the built binary, on files.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::Command;

/// Exit code, output and errors of a run in a folder.
fn lint(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redis-lint"));
    let output = command.args(arguments).current_dir(folder).env_remove("NO_COLOR").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("package.json"), "{ \"dependencies\": { \"ioredis\": \"^5\", \"redis\": \"^5\" } }").unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const TWO: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
    export async function save(id: string, body: string) {\n  await redis.set(`s:${id}`, body);\n  await redis.expire(`s:${id}`, 60);\n\
    \x20 await redis.set(`t:${id}`, body, { EX: 60 });\n}\n";
const TWO_FIXED: &str = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
    export async function save(id: string, body: string) {\n  await redis.set(`s:${id}`, body, 'EX', 60);\n\
    \x20 await redis.set(`t:${id}`, body, 'EX', 60);\n}\n";

#[test]
fn safe_fixes_are_made_and_a_second_run_changes_nothing() {
    let folder = project(&[("a.ts", TWO), ("b.ts", &TWO.replace('\n', "\r\n")), ("c.ts", &format!("\u{FEFF}{TWO}").replace("  ", "\t"))]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let select = ["--select", "set-then-expire,set-option-shape", "--fix"];
    let (code, out, err) = lint(folder.path(), &select);
    assert_eq!((code, err.as_str()), (0, "Changed 3 files: 6 fixes (set-option-shape 3, set-then-expire 3).\n"), "{out}");
    assert_eq!(read("a.ts"), TWO_FIXED);
    assert_eq!(read("b.ts"), TWO_FIXED.replace('\n', "\r\n"));
    assert_eq!(read("c.ts"), format!("\u{FEFF}{TWO_FIXED}").replace("  ", "\t"));
    let (code, _, err) = lint(folder.path(), &select);
    assert_eq!((code, err.as_str()), (0, "Changed 0 files: 0 fixes.\n"));
    assert_eq!(read("a.ts"), TWO_FIXED);
}

#[test]
fn only_what_was_asked_for_is_changed() {
    let folder = project(&[("a.ts", TWO), ("b.ts", TWO)]);
    lint(folder.path(), &["--fix", "b.ts"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("a.ts")).unwrap(), TWO);
    assert_eq!(std::fs::read_to_string(folder.path().join("b.ts")).unwrap(), TWO_FIXED);
}

#[test]
fn a_patch_changes_nothing_and_applies() {
    let folder = project(&[("src/a.ts", TWO)]);
    let (code, patch, _) = lint(folder.path(), &["--diff"]);
    assert_eq!(code, 1);
    assert!(patch.starts_with("--- a/src/a.ts\n+++ b/src/a.ts\n@@ "), "{patch}");
    assert_eq!(std::fs::read_to_string(folder.path().join("src/a.ts")).unwrap(), TWO);
    std::fs::write(folder.path().join("patch"), patch).unwrap();
    let git = Command::new("git").args(["apply", "patch"]).current_dir(folder.path()).status().unwrap();
    assert!(git.success());
    assert_eq!(std::fs::read_to_string(folder.path().join("src/a.ts")).unwrap(), TWO_FIXED);
    assert_eq!(lint(folder.path(), &["--diff"]).0, 0);
}

#[test]
fn unsafe_fixes_are_made_when_asked_for() {
    let text = "import { createClient } from 'redis';\nexport const client = createClient();\n";
    let folder = project(&[("a.ts", text)]);
    let read = || std::fs::read_to_string(folder.path().join("a.ts")).unwrap();
    lint(folder.path(), &["--fix"]);
    assert_eq!(read(), text);
    lint(folder.path(), &["--unsafe-fixes"]);
    assert!(read().contains("client.on('error'"), "{}", read());
}

#[test]
fn a_ttl_that_may_be_zero_needs_a_look() {
    // EXPIRE with zero deletes the key, and SET with EX 0 fails.
    for (ttl, is_safe) in
        [("60", true), ("60 * 60", true), ("SECONDS", true), ("seconds", false), ("0", false), ("Number(process.env.TTL)", false)]
    {
        let text = format!(
            "import Redis from 'ioredis';\nconst redis = new Redis();\nconst SECONDS = 5;\n\
             export async function save(id: string, seconds: number) {{\n  await redis.set(id, 'v');\n  await redis.expire(id, {ttl});\n}}\n"
        );
        let folder = project(&[("a.ts", &text)]);
        for (option, is_changed) in [("--fix", is_safe), ("--unsafe-fixes", true)] {
            std::fs::write(folder.path().join("a.ts"), &text).unwrap();
            lint(folder.path(), &["--select", "set-then-expire", option]);
            assert_eq!(std::fs::read_to_string(folder.path().join("a.ts")).unwrap() != text, is_changed, "{option} {ttl}");
        }
    }
}

#[cfg(unix)]
#[test]
fn modes_stay_links_stay_and_read_only_files_are_not_touched() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project(&[("bin/a.ts", TWO), ("real.ts", TWO)]);
    let path = |name: &str| folder.path().join(name);
    std::fs::set_permissions(path("bin/a.ts"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink("real.ts", path("link.ts")).unwrap();
    lint(folder.path(), &["--fix", "bin", "link.ts"]);
    assert_eq!(std::fs::metadata(path("bin/a.ts")).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(std::fs::symlink_metadata(path("link.ts")).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(path("real.ts")).unwrap(), TWO_FIXED);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "a temporary file was left behind");

    let folder = project(&[("a.ts", TWO)]);
    let path = folder.path().join("a.ts");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let (code, _, err) = lint(folder.path(), &["--fix"]);
    assert_eq!((code, std::fs::read_to_string(&path).unwrap().as_str()), (2, TWO));
    assert!(err.contains("`a.ts` was not changed: it is read-only"), "{err}");
}

#[test]
fn bytes_that_are_not_text_are_left_alone() {
    let folder = project(&[]);
    let bytes = [TWO.as_bytes(), b"// \xff\n"].concat();
    std::fs::write(folder.path().join("a.ts"), &bytes).unwrap();
    lint(folder.path(), &["--fix"]);
    assert_eq!(std::fs::read(folder.path().join("a.ts")).unwrap(), bytes);
}

#[test]
fn comments_that_ignore_everything_are_written_where_they_can_stand() {
    let ts = "import Redis from 'ioredis';\nconst redis = new Redis();\nexport async function all() {\n  const one = await redis.keys('a*');\n\
        \x20 return [\n    ...(await redis\n      .keys('b*')),\n    `${await redis.keys('c*')}\n    ${await redis.keys('d*')} `,\n  ];\n}\n";
    let tsx = "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const A = () => (\n  <p>\n    <b>x</b>\n    {redis.keys('*')}\n  </p>\n);\n";
    let rb = "r = Redis.new\r\nr.keys('a*')\r\nx = <<~T\r\n  #{r.keys('b*')}\r\nT\r\n";
    let folder = project(&[("a.ts", ts), ("b.tsx", tsx), ("c.rb", rb)]);
    std::fs::write(folder.path().join("Gemfile"), "gem 'redis', '~> 5'\n").unwrap();
    let rules = ["--select", "keys-command,unused-suppression,invalid-suppression"];
    let (code, out, err) = lint(folder.path(), &[&rules[..], &["--add-ignores", "--reason", "known"]].concat());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        read("a.ts"),
        "import Redis from 'ioredis';\nconst redis = new Redis();\nexport async function all() {\n\
        \x20 // redis-lint-ignore keys-command: known\n  const one = await redis.keys('a*');\n\
        \x20 return [\n    // redis-lint-ignore keys-command: known\n    ...(await redis\n      .keys('b*')),\n\
        \x20   // redis-lint-ignore keys-command: known\n    `${await redis.keys('c*')}\n    ${await redis.keys('d*')} `, // redis-lint-ignore keys-command: known\n  ];\n}\n"
    );
    assert!(
        read("b.tsx").contains("    <b>x</b>\n    {/* redis-lint-ignore keys-command: known */}\n    {redis.keys('*')}\n"),
        "{}",
        read("b.tsx")
    );
    // In the middle of a heredoc no comment can stand: it is still reported.
    assert_eq!(read("c.rb"), rb.replace("\nr.keys('a*')", "\n# redis-lint-ignore keys-command: known\r\nr.keys('a*')"));
    assert!(out.contains("c.rb:5:") && out.contains("Found 1 "), "{out}");
    assert_eq!((code, err.as_str()), (1, "Changed 3 files: 6 findings ignored.\n"));
    let (_, again, _) = lint(folder.path(), &rules);
    assert_eq!(again, out);
}

#[test]
fn comments_have_a_reason_where_one_is_asked_for() {
    let folder = project(&[("a.ts", TWO), ("redis-lint.toml", "require-reasons = true\n")]);
    let (code, _, err) = lint(folder.path(), &["--add-ignores"]);
    assert!(code == 2 && err.contains("--add-ignores --reason"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.ts")).unwrap(), TWO);
}

#[test]
fn what_is_ignored_is_not_fixed_and_what_ignores_nothing_is_taken_out() {
    let ignored = TWO
        .replace("  await redis.set(`s", "  // redis-lint-ignore atomicity: both run in one job\n  await redis.set(`s")
        .replace("  await redis.expire", "  // redis-lint-ignore set-then-expire: both run in one job\n  await redis.expire");
    let folder = project(&[("a.ts", &ignored)]);
    lint(folder.path(), &["--fix"]);
    let text = std::fs::read_to_string(folder.path().join("a.ts")).unwrap();
    assert!(text.contains("await redis.expire(") && text.contains("`t:${id}`, body, 'EX', 60"), "{text}");
    assert_eq!(text.matches("redis-lint-ignore").count(), 1, "{text}");
}

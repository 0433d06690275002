//! The patterns of docs/editors.md, tried on real output: what an editor makes of a line is what the line says.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

const PAGE: &str = include_str!("../docs/editors.md");

/// The lines of `--format short`, and what `--format json` says of the same findings: line, column, severity, message, rule.
fn findings() -> Vec<(String, [String; 5])> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), "{ \"dependencies\": { \"ioredis\": \"^5\" } }").unwrap();
    fs::write(folder.path().join("redis-lint.toml"), "rules.hardcoded-url = 'info'\n").unwrap();
    let code = "import Redis from 'ioredis';\nconst redis = new Redis('redis://10.0.0.7:6379');\nredis.on('error', console.error);\n\
                export async function save(id: string) {\n  await redis.set(`a [b]: c:${id}`, '1');\n  await redis.expire(`a [b]: c:${id}`, 60);\n}\n\
                export const all = () => redis.keys('é:*');\n";
    fs::write(folder.path().join("a b:1.ts"), code).unwrap();
    let run = |format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_redis-lint"))
            .args(["check", "--quiet", "--format", format])
            .current_dir(folder.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let report: Value = serde_json::from_str(&run("json")).unwrap();
    let parts = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().map_or_else(|| finding[name].to_string(), str::to_owned);
        ["line", "column", "severity", "message", "rule"].map(text)
    };
    let rows = report["findings"].as_array().unwrap().iter().map(parts);
    let all: Vec<(String, [String; 5])> = run("short").lines().map(str::to_owned).zip(rows).collect();
    let severities: Vec<&str> = all.iter().map(|(_, parts)| parts[2].as_str()).collect();
    assert!(["error", "warning", "info"].iter().all(|severity| severities.contains(severity)), "{severities:?}");
    all
}

/// A pattern of Lua as a regular expression.
fn of_lua(pattern: &str) -> Regex {
    let pattern =
        pattern.replace("%d", r"\d").replace("%a", "[A-Za-z]").replace("%w", "A-Za-z0-9").replace("%[", r"\[").replace("%]", r"\]");
    Regex::new(&pattern).unwrap()
}

/// What stands between two texts, each time.
fn between<'p>(page: &'p str, before: &str, after: &str) -> Vec<&'p str> {
    page.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn patterns_read_every_line_of_the_output() {
    let mut patterns: Vec<(&str, Regex, usize)> = Vec::new();
    let task: Value = serde_json::from_str(between(PAGE, "```json\n", "```")[0]).unwrap();
    let matcher = &task["tasks"][0]["problemMatcher"]["pattern"];
    assert_eq!(["file", "line", "column", "severity", "message", "code"].map(|name| matcher[name].as_u64().unwrap()), [1, 2, 3, 4, 5, 6]);
    patterns.push(("VS Code", Regex::new(matcher["regexp"].as_str().unwrap()).unwrap(), 2));
    for lua in between(PAGE, "from_pattern(\n", "',") {
        patterns.push(("Neovim", of_lua(lua.trim().trim_start_matches('\'')), 1));
    }
    let emacs = between(PAGE, "re-search-forward\n", "\" nil t")[0].trim().trim_start_matches('"');
    patterns.push(("Emacs", Regex::new(&emacs.replace(r"\\(", "(").replace(r"\\)", ")").replace(r"\\|", "|")).unwrap(), 1));
    let vim = between(PAGE, "errorformat=", "\n")[0];
    let vim = [("\\ ", " "), ("%t%*[a-z]", "([ewi])[a-z]*"), ("%f", "(.+)"), ("%l", r"(\d+)"), ("%c", r"(\d+)"), ("%m", "(.*)")]
        .iter()
        .fold(vim.to_owned(), |vim, (from, to)| vim.replace(from, to));
    patterns.push(("Vim", Regex::new(&format!("^{vim}$")).unwrap(), 2));
    assert_eq!(patterns.len(), 5, "a pattern is gone from the page, or its form is another one");
    for (line, [number, column, severity, message, rule]) in findings() {
        for (editor, pattern, first) in &patterns {
            let found = pattern.captures(&line).unwrap_or_else(|| panic!("{editor}: {pattern} does not match {line}"));
            let part = |at: usize| found.get(first + at).map_or("", |part| part.as_str());
            assert_eq!((part(0), part(1)), (number.as_str(), column.as_str()), "{editor}: {line}");
            assert!(severity.starts_with(part(2)), "{editor}: {line}");
            match part(4) {
                "" => assert_eq!(part(3), format!("{message} [{rule}]"), "{editor}: {line}"),
                code => assert_eq!((part(3), code), (message.as_str(), rule.as_str()), "{editor}: {line}"),
            }
        }
    }
}

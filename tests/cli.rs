//! The command as it is run: the sample project, through the built binary.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::io::Read;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redis-lint"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&run(arguments).stdout).unwrap()
}

#[test]
fn the_sample_has_findings() {
    let output = run(&["check", "sample"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("error[keys-command]") && text.contains("╭─[sample/web/src/sessions.ts:"), "{text}");
    assert!(!text.contains('\x1b'), "colours in a pipe:\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "lines too long for a terminal:\n{text}");
}

#[test]
fn no_command_means_check() {
    assert_eq!(run(&["sample"]).stdout, run(&["check", "sample"]).stdout);
}

#[test]
fn operations_follow_clients_across_files_in_both_languages() {
    let report = json(&["operations", "sample", "--format", "json"]);
    let rows: Vec<String> = report["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
            format!("{}:{} {} {} {}", text("path"), text("line"), text("command"), text("key"), text("ttl"))
        })
        .collect();
    for expected in [
        "sample/web/src/redis.ts:3 CONNECT null null",
        "sample/web/src/sessions.ts:13 SET shop:session:{} none",
        "sample/web/src/sessions.ts:14 EXPIRE shop:session:{} 3600",
        "sample/worker/lib/stock.rb:14 EXPIRE shop:stock:{} 86400",
        "sample/worker/lib/import_job.rb:21 SETNX shop:lock:import",
    ] {
        assert!(rows.iter().any(|row| row.starts_with(expected)), "{expected} is not among\n{}", rows.join("\n"));
    }
}

#[test]
fn a_folder_of_a_project_is_understood_with_the_rest_of_it() {
    let part = |arguments: &[&str], folder: &str| {
        let output = command(arguments).current_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let whole = json(&["operations", "sample/web/src/sessions.ts", "--format", "json"]);
    assert_eq!(whole["operations"].as_array().unwrap().len(), 5);
    let own = part(&["operations", "sessions.ts", "--format", "json"], "sample/web/src");
    assert_eq!(own["operations"][0]["path"], "sessions.ts");
    assert_eq!(own["operations"].as_array().unwrap().len(), 5);
}

#[test]
fn every_step_from_a_call_to_its_client_is_shown() {
    let row = json(&["operations", "--explain", "sample/worker/lib/stock.rb:14", "--format", "json"]);
    let steps = |row: &Value| -> Vec<String> {
        let steps = row["steps"].as_array().unwrap().iter();
        steps.map(|step| format!("{}:{} {}", step["path"].as_str().unwrap(), step["line"], step["message"].as_str().unwrap())).collect()
    };
    let [operation] = row["operations"].as_array().unwrap().as_slice() else { panic!("{row}") };
    assert_eq!(
        steps(operation),
        [
            "sample/worker/lib/stock.rb:14 called on this",
            "sample/worker/lib/stock.rb:5 field `redis` of `Stock` holds it",
            "sample/worker/lib/stock.rb:9 assigned here",
            "sample/worker/lib/stock.rb:8 `redis` holds it",
            "sample/worker/lib/stock.rb:8 a redis-rb client is made here",
        ]
    );
    let whole = json(&["operations", "sample/worker/lib/stock.rb", "--format", "json"]);
    assert!(whole["operations"].as_array().unwrap().iter().all(|row| row.get("steps").is_none()), "only when asked");
    let wrong = run(&["operations", "--explain", "sample/worker/lib/stock.rb"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn calls_that_may_have_been_missed_are_listed_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("a.ts"),
        "import { cache } from 'elsewhere';\nexport const go = (x) => [cache.hgetall('a'), x.zadd('b', 1, 'c'), x.get('d')];\n",
    )
    .unwrap();
    let path = folder.path().to_str().unwrap();
    let report = json(&["operations", "--unresolved", path, "--format", "json"]);
    let calls: Vec<String> = report["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| format!("{}: {} {}", call["line"], call["method"].as_str().unwrap(), call["why"]["message"].as_str().unwrap()))
        .collect();
    assert_eq!(
        calls,
        [
            "2: hgetall \"elsewhere\" is neither a file of the project that was read nor a known client library",
            "2: zadd no call is known that passes something known for parameter `x`",
        ]
    );
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    for arguments in [&["check", "sample", "--format", "json"][..], &["operations", "sample"], &["check", "sample"]] {
        let with = |threads: &str| run(&[arguments, &["--threads", threads]].concat()).stdout;
        assert_eq!(with("1"), with("4"), "{arguments:?}");
    }
}

#[test]
fn errors_go_to_standard_error_with_exit_code_2() {
    for (arguments, expected) in [
        (&["check", "no/such/path"][..], "there is no file or folder `no/such/path`"),
        (&["--select", "keys-comand"], "did you mean `keys-command`?"),
        (&["explain", "keys-comand"], "did you mean `keys-command`?"),
        (&["--fixes"], "unexpected argument '--fixes'"),
        (&["--rules", "no/such/folder"], "`no/such/folder` cannot be read"),
        (&["--exclude", "a["], "`a[` is not a glob"),
    ] {
        let output = run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

/// A folder with one file in it.
fn folder(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

#[test]
fn mistakes_in_the_users_own_rules_and_tables_are_shown_at_their_line() {
    let rule = "# Mine\n\n```toml rule\ncategory = \"keys\"\nseverity = \"warnin\"\nsources = [\"https://redis.io/\"]\nmessage = \"m\"\nmatch = { command = \"GET\" }\n```\n";
    let table = "name = \"mine\"\necosystem = \"npm\"\npackages = [\"mine\"]\nmajor = [1]\n";
    for (option, name, text, expected) in [
        ("--rules", "my-rule.md", rule, ["`warnin` is no value of `severity`", "my-rule.md:5:12]", "did you mean `warning`?"]),
        ("--rules", "my-rule.md", "text\n", ["the page has no title", "my-rule.md:1:1]", "begin it with `# What happens`"]),
        ("--clients", "mine.toml", table, ["unknown field `major`", "mine.toml:4:1]", "did you mean `majors`?"]),
        ("--rules", "notes.txt", "", ["there is no `*.md` file in", "--rules", "folder of rule pages"]),
    ] {
        let folder = folder(name, text);
        let output = run(&[option, folder.path().to_str().unwrap(), "sample"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{text}");
        for part in expected {
            assert!(text.contains(part), "`{part}` is not in\n{text}");
        }
    }
}

#[test]
fn rules_and_clients_of_the_users_own_count_like_the_others() {
    let rule = "# Reads\n\n```toml rule\ncategory = \"keys\"\nseverity = \"info\"\nsources = [\"https://redis.io/\"]\nmessage = \"{library} reads `{key}`\"\nmatch = { command = \"GET\" }\n```\n";
    let table = "name = \"mine\"\necosystem = \"npm\"\npackages = [\"my-redis\"]\nmajors = [1]\nlike = \"ioredis@5\"\nmake = [{ export = [\"Client\"], call = \"new\", role = \"connection\", arguments = [\"none\"] }]\n";
    let (rules, clients) = (folder("reads.md", rule), folder("mine.toml", table));
    let code = folder(
        "a.ts",
        "import { Client } from 'my-redis';\nconst client = new Client();\nexport const get = (id: string) => client.get(`user:${id}`);\n",
    );
    let paths = [&rules, &clients, &code].map(|folder| folder.path().to_str().unwrap().to_owned());
    let report = json(&["--rules", &paths[0], "--clients", &paths[1], "--select", "reads", &paths[2], "--format", "json"]);
    assert_eq!(report["findings"][0]["message"], "mine reads `user:{id}`");
    assert!(report["findings"][0]["url"].as_str().unwrap().ends_with("/reads.md"));
}

#[test]
fn what_contributing_shows_works() {
    let text = include_str!("../CONTRIBUTING.md");
    let block = |open: &str, close: &str| text.split_once(open).and_then(|(_, rest)| rest.split_once(close)).unwrap().0.to_owned();
    let rules = folder("sort-command.md", &block("````markdown\n", "````"));
    let clients =
        folder("iovalkey.toml", &block("no Rust; to try it without a build: `redis-lint --clients DIR operations`.\n\n```toml\n", "```"));
    let code =
        folder("a.ts", "import { Valkey } from 'iovalkey';\nconst client = new Valkey();\nexport const ids = () => client.sort('ids');\n");
    let paths = [&rules, &clients, &code].map(|folder| folder.path().to_str().unwrap().to_owned());
    let report = json(&["--rules", &paths[0], "--clients", &paths[1], &paths[2], "--format", "json"]);
    assert_eq!(report["findings"][0]["message"], "SORT copies and sorts all of `ids` while every other client waits", "{report}");
    let output = run(&["--rules", &paths[0], "explain", "sort-command"]);
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("# SORT sorts on the server\n"));
}

#[test]
fn a_project_below_a_folder_called_tests_is_no_test() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("tests/shop");
    std::fs::create_dir_all(project.join("spec")).unwrap();
    std::fs::write(project.join("package.json"), "{}").unwrap();
    for path in ["a.ts", "spec/b.ts"] {
        let code = "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const all = () => redis.keys('*');\n";
        std::fs::write(project.join(path), code).unwrap();
    }
    let report = json(&["check", project.to_str().unwrap(), "--format", "json"]);
    let paths: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|finding| finding["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 1, "{paths:?}");
    assert!(paths[0].ends_with("tests/shop/a.ts"), "{paths:?}");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = command(&["rules", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""));
}

#[test]
fn colours_can_be_asked_for() {
    let output = run(&["check", "sample", "--color", "always"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains('\x1b'));
}

#[test]
fn rules_are_listed_and_explained() {
    let rules = json(&["rules", "--format", "json"]);
    let ids: Vec<&str> = rules["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"keys-command") && ids.is_sorted());
    let page = String::from_utf8(run(&["explain", "keys-command"]).stdout).unwrap();
    assert!(page.starts_with("# ") && !page.contains("toml rule"), "{page}");
}

/// A part of README.md, between two marks, must be this text; with UPDATE=1 it becomes so.
fn readme_has(start: &str, end: &str, expected: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let from = readme.find(start).unwrap() + start.len();
    let to = from + readme[from..].find(end).unwrap();
    if readme[from..to] != *expected && std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, format!("{}{expected}{}", &readme[..from], &readme[to..])).unwrap();
        return;
    }
    assert_eq!(&readme[from..to], expected, "README.md is stale: run `UPDATE=1 cargo test --test cli`");
}

#[test]
fn the_readme_is_true() {
    let printed = String::from_utf8(run(&["check", "sample"]).stdout).unwrap();
    let from = printed.find("warning[set-then-expire]").unwrap();
    let to = from + printed[from..].find("\n\nwarning[").unwrap() + 1;
    readme_has("```text\n", "```", &printed[from..to]);

    let faults = json(&["check", "sample", "--format", "json"])["findings"].as_array().unwrap().len();
    readme_has("in `sample`: finds ", " faults", &faults.to_string());

    let rules = json(&["rules", "--format", "json"]);
    let mut table = "\n| rule | severity | what it is about |\n|---|---|---|\n".to_owned();
    for rule in rules["rules"].as_array().unwrap() {
        let text = |name: &str| rule[name].as_str().unwrap();
        let marks = match (rule["enabled"].as_bool().unwrap(), rule["fixable"].as_bool().unwrap()) {
            (true, true) => "; with a fix",
            (true, false) => "",
            (false, true) => "; off by default, with a fix",
            (false, false) => "; off by default",
        };
        let (id, severity) = (text("id"), text("severity"));
        table.push_str(&format!("| [{id}](rules/{id}.md) | {severity} | {}{marks} |\n", text("title")));
    }
    readme_has("--test cli` -->\n", "<!-- end of rules -->", &format!("{table}\n"));
}

#[test]
fn the_manual_and_the_completions_know_every_option() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let options: Vec<&str> = lines.filter_map(|line| line.split([' ', ',']).find(|word| word.starts_with("--"))).collect();
    assert!(options.contains(&"--baseline") && options.len() > 15, "{options:?}");
    let text = |arguments: &[&str]| String::from_utf8(run(arguments).stdout).unwrap();
    let manual = text(&["man"]).replace("\\-", "-");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&["completions", shell]);
        for option in &options {
            let name = option.trim_start_matches('-');
            assert!(script.contains(name) && manual.contains(name), "{option} in {shell}");
        }
    }
    for command in ["check", "baseline", "operations", "rules", "explain", "completions", "man"] {
        assert!(manual.contains(&format!(".SH REDIS-LINT {}", command.to_uppercase())), "{command}\n{manual}");
    }
}

#[test]
fn nothing_but_the_report_goes_to_a_pipe() {
    for arguments in [&["check", "sample"][..], &["check", "sample", "--format", "sarif"], &["check", "sample", "--statistics"]] {
        assert_eq!(String::from_utf8(run(arguments).stderr).unwrap(), "", "{arguments:?}");
    }
}

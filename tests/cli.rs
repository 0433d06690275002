//! The command as it is run: the sample project, through the built binary.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

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
    ] {
        let output = run(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{text}");
        assert!(text.contains(expected), "{text}");
    }
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

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../README.md");
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let printed = String::from_utf8(run(&["check", "sample"]).stdout).unwrap();
    assert!(printed.contains(shown), "README.md shows\n{shown}\nwhich is not part of\n{printed}");
}

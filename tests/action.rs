//! The script of the GitHub Action, with the variables that `action.yml` gives it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::Command;

/// Runs the script in the sample: exit code, output, summary, outputs of the step.
fn run(folder: &Path, inputs: &[(&str, &str)]) -> (Option<i32>, String, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let binary = Path::new(env!("CARGO_BIN_EXE_redis-lint")).parent().unwrap();
    let (summary, outputs) = (folder.join("summary"), folder.join("outputs"));
    std::fs::write(&summary, "before\n").unwrap();
    let output = Command::new("bash")
        .arg(root.join("tools/action/run.sh"))
        .current_dir(root.join("sample"))
        .env("PATH", format!("{}:{}", binary.display(), std::env::var("PATH").unwrap()))
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_OUTPUT", &outputs)
        // The sample has findings of other rules, too.
        .env("INPUT_ARGS", "--select client-per-call,keys-command,set-then-expire")
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), read(&summary), read(&outputs))
}

#[test]
fn findings_are_annotations_a_summary_and_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let sarif = folder.path().join("a b.sarif");
    let (code, out, summary, outputs) = run(folder.path(), &[("INPUT_SARIF", sarif.to_str().unwrap()), ("INPUT_FAIL_ON", "info")]);
    assert_eq!((code, out.lines().count()), (Some(1), 4), "{out}");
    assert!(out.starts_with("::error file=web/src/server.ts,line=9,"), "{out}");
    assert!(summary.starts_with("before\n<!-- redis-lint -->\n### redis-lint: 2 errors, 2 warnings in 6 files\n"), "{summary}");
    assert_eq!(outputs, "exit-code=1\n");
    assert!(std::fs::read_to_string(sarif).unwrap().contains("\"2.1.0\""));
}

#[test]
fn inputs_become_options_and_never_commands() {
    let folder = tempfile::tempdir().unwrap();
    for (inputs, expected, lines) in [
        (&[("INPUT_PATHS", "web/src/sessions.ts worker")][..], 1, 3),
        (&[("INPUT_ARGS", "--select keys-command --exclude worker/**")], 1, 1),
        (&[("INPUT_FAIL_ON", "never")], 0, 4),
        (&[("INPUT_PATHS", "$(touch${IFS}made)")], 2, 0),
        (&[("INPUT_BASELINE", "; exit 0")], 2, 0),
        (&[("INPUT_PATHS", "--fail-on")], 2, 0),
    ] {
        let (code, out, _, outputs) = run(folder.path(), inputs);
        assert_eq!((code, out.lines().count()), (Some(expected), lines), "{inputs:?}\n{out}");
        assert!(outputs.ends_with(&format!("exit-code={expected}\n")));
    }
}

//! Every form of output, as the binary writes it: valid by its schema, and right with names that mean something to it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use jsonschema::Validator;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::events::Event as Xml;
use serde_json::{Value, json};

/// Runs the command in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redis-lint")).args(arguments).current_dir(folder).env_remove("NO_COLOR").output().unwrap()
}

fn text(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(run(folder, arguments).stdout).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(path: &str) -> Validator {
    let schema = serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn assert_valid(schema: &Validator, document: &Value) {
    let errors: Vec<String> = schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
}

/// A name that means something to every form.
const NAME: &str = "a|`b`<c>&%0A:,\"'] é\n\x1b[2J.ts";

/// The name as it is shown where control characters cannot be.
const SHOWN: &str = "a|`b`<c>&%0A:,\"'] é␊␛[2J.ts";

/// A project with two findings in a file of that name, on keys that are no better, and a file that is not analysed.
fn evil() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("package.json"), r#"{"dependencies":{"ioredis":"5.4.1"}}"#).unwrap();
    let code = "import Redis from 'ioredis';\nconst redis = new Redis();\nredis.on('error', console.error);\n\
                export async function save(id: string) {\n  await redis.set(`<b>|*_%\u{1b}::]]>:${id}`, '1');\n  await redis.expire(`<b>|*_%\u{1b}::]]>:${id}`, 60);\n}\n\
                export const all = () => redis.keys('\\u{1F600}*');\n";
    std::fs::write(folder.path().join(NAME), code).unwrap();
    std::fs::write(folder.path().join("a&b.vue"), "redis").unwrap();
    // Other rules may have something to say of it, too.
    std::fs::write(
        folder.path().join("redis-lint.toml"),
        "[rules]\nall = \"off\"\nkeys-command = \"error\"\nset-then-expire = \"warning\"\n",
    )
    .unwrap();
    folder
}

#[test]
fn json_keeps_its_schemas() {
    let evil = evil();
    for (arguments, name) in [
        (&["check"][..], "report-1"),
        (&["operations", "--layer", "call,wrapper"], "operations-1"),
        (&["rules"], "rules-1"),
        (&["check", "--statistics"], "statistics-1"),
    ] {
        let schema = schema(&format!("schemas/{name}.json"));
        for folder in [&root().join("sample"), evil.path()] {
            let document = serde_json::from_str(&text(folder, &[arguments, &["--format", "json"]].concat())).unwrap();
            assert_valid(&schema, &document);
            // A schema that takes anything would prove nothing.
            let mut other: Value = document;
            other["schema"] = json!("redis-lint/other/1");
            assert!(!schema.is_valid(&other), "{name}");
        }
    }
}

#[test]
fn json_lines_are_documents_of_their_schema() {
    let (evil, schema) = (evil(), schema("schemas/line-1.json"));
    std::fs::write(evil.path().join("b.ts"), "export const go = (x) => x.zadd('b', 1, 'c');\n").unwrap();
    for (arguments, kinds) in [
        (&["check"][..], "finding finding skipped summary"),
        (&["operations"], "operation operation operation operation skipped"),
        (&["operations", "--unresolved"], "unresolved skipped"),
    ] {
        let text = text(evil.path(), &[arguments, &["--format", "json-lines"]].concat());
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().for_each(|line| assert_valid(&schema, line));
        assert_eq!(lines.iter().map(|line| line["type"].as_str().unwrap()).collect::<Vec<_>>().join(" "), kinds);
    }
    assert!(!schema.is_valid(&json!({ "type": "finding" })));
}

#[test]
fn sarif_is_valid_by_the_published_schema() {
    let (evil, schema) = (evil(), schema("tests/schemas/sarif-2.1.0.json"));
    let [sample, evil] = [&root().join("sample"), evil.path()].map(|folder| -> Value {
        let log = serde_json::from_str(&text(folder, &["check", "--format", "sarif"])).unwrap();
        assert_valid(&schema, &log);
        log
    });
    let run = &evil["runs"][0];
    let result = &run["results"][0];
    let uri = "a%7C%60b%60%3Cc%3E%26%250A%3A%2C%22%27%5D%20%C3%A9%0A%1B%5B2J.ts";
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"], json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }));
    assert_eq!(location["region"], json!({ "startLine": 5, "startColumn": 15, "endLine": 5, "endColumn": 18 }));
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 2);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], ", 'EX', 60");
    assert!(result["partialFingerprints"]["redisLint/v1"].is_string());
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], result["ruleId"]);
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Why it is wrong"));
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%26b.vue");
    // Every rule that ran is described, whether it found something or not.
    let rules = |log: &Value| log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len();
    assert_eq!(rules(&evil), 2);
    assert!(rules(&sample) > 10);
}

#[test]
fn what_comments_ignore_is_told_where_a_report_has_a_place_for_it() {
    let (folder, schema) = (evil(), schema("tests/schemas/sarif-2.1.0.json"));
    text(folder.path(), &["check", "--add-ignores", "--reason", "asked for", "--quiet"]);
    let log = serde_json::from_str(&text(folder.path(), &["check", "--format", "sarif"])).unwrap();
    assert_valid(&schema, &log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressions: Vec<&Value> = results.iter().map(|result| &result["suppressions"]).collect();
    let expected = json!([{ "kind": "inSource", "justification": "asked for" }]);
    assert_eq!(suppressions, [&expected, &expected]);
    let statistics: Value = serde_json::from_str(&text(folder.path(), &["check", "--statistics", "--format", "json"])).unwrap();
    assert_eq!(statistics["rules"]["keys-command"], json!({ "findings": 0, "fixable": 0, "ignored": 1 }));
    assert!(text(folder.path(), &["check", "--statistics"]).starts_with("0  keys-command (1 ignored besides)\n"));
    let report: Value = serde_json::from_str(&text(folder.path(), &["check", "--format", "json"])).unwrap();
    assert_eq!(report["findings"], json!([]));
    assert_eq!(run(folder.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn gitlab_gets_issues_with_fingerprints_of_their_own() {
    let (evil, schema) = (evil(), schema("schemas/gitlab-code-quality.json"));
    let output = run(evil.path(), &["check", "--format", "gitlab"]);
    let issues: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_valid(&schema, &issues);
    assert_eq!(issues[0]["location"]["path"], NAME);
    assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
    // It has no place for this, so it is said beside it.
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("not analysed: a&b.vue: "));
    assert_eq!(text(&root().join("src"), &["--format", "gitlab"]), "[]\n");
}

#[test]
fn github_gets_one_command_a_line() {
    let text = text(evil().path(), &["check", "--format", "github"]);
    let lines: Vec<&str> = text.lines().collect();
    let file = "a|`b`<c>&%250A%3A%2C\"'] é%0A␛[2J.ts";
    assert!(
        lines[0].starts_with(&format!("::warning file={file},line=5,endLine=5,col=15,endColumn=18,title=redis-lint set-then-expire::"))
    );
    assert!(lines[0].contains("::`<b>|*_%25␛::]]>:{id}` never expires") && lines[0].contains("%0Ahelp: set the TTL"), "{text}");
    assert!(lines[1].starts_with("::error file=") && lines[2].starts_with("not analysed: a&b.vue: "), "{text}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn short_is_one_line_a_finding() {
    let folder = evil();
    let lines = text(folder.path(), &["check", "--format", "short"]);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(
        lines[1],
        format!("{SHOWN}:8:32: error: KEYS visits every key of the database, and every other client waits until it is done [keys-command]")
    );
    assert!(lines[2].starts_with("a&b.vue: not analysed: "), "{lines:?}");
    assert_eq!(text(folder.path(), &["check", "--format", "short", "--quiet"]).lines().count(), 2);
}

/// Names of elements with their attributes, and texts, in order.
fn xml(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Xml::Start(element) | Xml::Empty(element) => {
                let value = |value: &quick_xml::events::attributes::Attribute<'_>| {
                    value.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned()
                };
                let attributes = element.attributes().map(Result::unwrap);
                let attributes = attributes.map(|one| (one.key.0.to_owned(), value(&one))).collect();
                found.push((element.name().0.to_owned(), attributes));
            }
            Xml::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn xml_holds_every_name_as_it_is_shown() {
    let evil = evil();
    for (format, element, attribute) in [("checkstyle", "file", "name"), ("junit", "testsuite", "name")] {
        let text = text(evil.path(), &["check", "--format", format]);
        assert!(!text.contains('\x1b'), "{text}");
        let elements = xml(&text);
        let (_, attributes) = elements.iter().find(|(name, _)| name == element).unwrap();
        assert_eq!(attributes.iter().find(|(name, _)| name == attribute).unwrap().1, SHOWN, "{text}");
        let messages: Vec<&str> = elements
            .iter()
            .flat_map(|(_, attributes)| attributes)
            .filter(|(name, _)| name == "message")
            .map(|(_, value)| value.as_str())
            .collect();
        assert!(messages[0].starts_with("`<b>|*_%␛::]]>:{id}` never expires"), "{messages:?}");
    }
}

#[test]
fn junit_counts_what_failed_what_was_skipped_and_what_passed() {
    let count = |folder: &Path, arguments: &[&str]| {
        let elements = xml(&text(folder, &[arguments, &["--format", "junit"]].concat()));
        let number = |wanted: &str| elements.iter().filter(|(name, _)| name == wanted).count();
        (
            elements[0].1[1..].iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" "),
            number("testcase"),
            number("failure"),
            number("skipped"),
        )
    };
    let evil = evil();
    assert_eq!(count(evil.path(), &["check"]), ("3 2 1 0".to_owned(), 3, 2, 1));
    assert_eq!(count(&root().join("src"), &["check"]), ("1 0 0 0".to_owned(), 1, 0, 0));
}

#[test]
fn markdown_shows_names_as_they_are() {
    let page = text(evil().path(), &["check", "--format", "markdown"]);
    let mut cells = Vec::new();
    let mut cell = None;
    let mut is_html_code = false;
    for event in Parser::new_ext(&page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => cells.extend(cell.take()),
            Event::Text(text) | Event::Code(text) => cell.iter_mut().for_each(|cell| cell.push_str(&text)),
            Event::InlineHtml(html) => {
                is_html_code = html.as_ref() == "<code>";
                assert!(is_html_code || html.as_ref() == "</code>", "{html}\n{page}");
            }
            _ => {}
        }
    }
    assert!(!is_html_code);
    assert_eq!(cells.len(), 9, "{page}");
    assert_eq!((cells[3].as_str(), cells[4].as_str()), ("warning", format!("{SHOWN}:5").as_str()), "{page}");
    assert_eq!(cells[5], "<b>|*_%␛::]]>:{id} never expires if the process stops between this SET and its EXPIRE (set-then-expire)");
    assert!(page.contains("\n  +  await redis.set(`<b>|*_%␛::]]>:${id}`, '1', 'EX', 60);\n  ```\n"), "{page}");
    assert!(page.starts_with("<!-- redis-lint -->\n### redis-lint: 1 error, 1 warning in 1 file\n"), "{page}");
}

#[test]
fn markdown_fits_into_a_comment() {
    let folder = tempfile::tempdir().unwrap();
    let calls: String = (0..2000).map(|at| format!("export const f{at} = () => redis.keys('a{at}*');\n")).collect();
    std::fs::write(folder.path().join("a.ts"), format!("import Redis from 'ioredis';\nconst redis = new Redis();\n{calls}")).unwrap();
    let page = text(folder.path(), &["check", "--select", "keys-command", "--format", "markdown"]);
    assert!((50_000..65_536).contains(&page.len()), "{}", page.len());
    assert!(page.starts_with("<!-- redis-lint -->\n### redis-lint: 2000 errors in 1 file\n"));
    let left: usize = page.split_once("\n… and ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    assert_eq!(left + page.matches("\n| error |").count(), 2000);
}

#[test]
fn several_forms_are_written_at_once() {
    let folder = evil();
    let former = folder.path().join("old.sarif");
    std::fs::write(&former, "x".repeat(1 << 20)).unwrap();
    let arguments = ["check", "--format", "short", "--output", "sarif=old.sarif", "-o", "junit=new/folder/report.xml"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.stdout, run(folder.path(), &["check", "--format", "short"]).stdout);
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    assert_eq!(read("old.sarif"), text(folder.path(), &["check", "--format", "sarif"]));
    assert_eq!(read("new/folder/report.xml"), text(folder.path(), &["check", "--format", "junit"]));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.starts_with(".redis-lint")), "{names:?}");
}

#[test]
fn mistakes_about_forms_say_what_to_do() {
    let folder = evil();
    for (arguments, expected) in [
        (&["--output", "report.sarif"][..], "FORMAT=FILE, for example `sarif=redis-lint.sarif`"),
        (&["--output", "sarf=a"], "there is no form `sarf`; did you mean `sarif`?"),
        (&["--output", "sarif="], "say to which file: `sarif=FILE`"),
        (&["--output", "json=package.json/a.json"], "cannot write to `package.json/a.json`"),
        (&["--output", "json=."], "cannot write to `.`"),
        (&["operations", "--format", "junit"], "it writes `human`, `json`, `json-lines`"),
        (&["rules", "--format", "sarif"], "it writes `human`, `json`"),
        (&["explain", "keys-command", "--format", "json"], "it writes `human`, `markdown`"),
    ] {
        let output = run(folder.path(), arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{text}");
        assert!(text.contains(expected), "{arguments:?}\n{text}");
    }
}

/// The blocks of code of a page, by their language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    page.split(&format!("```{language}\n")).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_problem_matcher_of_the_documents_reads_short_lines() {
    let page = include_str!("../docs/editors.md");
    let task: Value = serde_json::from_str(blocks(page, "json")[0]).unwrap();
    let pattern = &task["tasks"][0]["problemMatcher"]["pattern"];
    let regexp = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    let group = |name: &str| pattern[name].as_u64().unwrap() as usize;
    for folder in [&root().join("sample"), evil().path()] {
        let report: Value = serde_json::from_str(&text(folder, &["check", "--format", "json"])).unwrap();
        let lines = text(folder, &["check", "--format", "short", "--quiet"]);
        for (line, finding) in lines.lines().zip(report["findings"].as_array().unwrap()) {
            let found = regexp.captures(line).unwrap_or_else(|| panic!("{line}"));
            for (name, field) in [("line", "line"), ("column", "column"), ("severity", "severity"), ("code", "rule")] {
                assert_eq!(&found[group(name)], finding[field].to_string().trim_matches('"'), "{line}");
            }
        }
    }
}

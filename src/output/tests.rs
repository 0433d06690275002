use std::time::Duration;

use super::*;
use crate::finding::{Fix, FixEdit, Label, Safety, Severity};
use crate::source::{FileId, Language, Span};

const SESSION: &str = "import { redis } from './redis';\n\nexport async function save(id: string, body: string) {\n  await redis.set(`session:${id}`, body);\n  await redis.expire(`session:${id}`, 3600);\n}\n";
const CLIENT: &str = "import Redis from 'ioredis';\n\nexport const redis = new Redis();\n";

fn files(texts: &[(&str, &str)]) -> Vec<SourceFile> {
    texts.iter().map(|(path, text)| SourceFile::new(*path, Language::TypeScript, text.as_bytes().to_vec())).collect()
}

/// A label on the first occurrence of `marked`.
fn label(files: &[SourceFile], file: u32, marked: &str, text: &str) -> Label {
    let start = files[file as usize].text.find(marked).unwrap() as u32;
    Label { file: FileId(file), span: Span::new(start, start + marked.len() as u32), text: text.to_owned() }
}

fn finding(files: &[SourceFile]) -> Finding {
    let statement = label(files, 0, "await redis.set(`session:${id}`, body);\n  await redis.expire(`session:${id}`, 3600);", "");
    let text = "await redis.set(`session:${id}`, body, 'EX', 3600);".to_owned();
    Finding {
        rule: "set-then-expire".into(),
        severity: Severity::Warning,
        message: "SET and EXPIRE of `session:{id}` are two commands: when the second one fails, the key stays forever".to_owned(),
        help: Some("give SET the time to live".to_owned()),
        url: "https://example.org/rules/set-then-expire.md".to_owned(),
        primary: label(files, 0, "expire", "the TTL is set here"),
        extent: label(files, 0, "await redis.expire(`session:${id}`, 3600);", "").span,
        related: vec![
            label(files, 0, "set(", "the value is written here"),
            label(files, 1, "new Redis()", "`redis` is an ioredis client, created here"),
        ],
        fix: Some(Fix {
            title: "Set the TTL in the same command".to_owned(),
            safety: Safety::Unsafe,
            edits: vec![FixEdit { file: FileId(0), span: statement.span, text }],
        }),
        fingerprint: "f".to_owned(),
        also: Vec::new(),
    }
}

fn human(files: &[SourceFile], findings: &[Finding], style: Style) -> String {
    let mut out = Vec::new();
    write_human(&mut out, &Report { files, analysed: files.len(), findings, ignored: &[], skipped: &[], rules: &[], known: None }, style)
        .unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands below a report with the rule of [`finding`].
const WHY: &str = "`redis-lint explain set-then-expire` says why.\n";

#[test]
fn a_finding_is_drawn_in_its_source() {
    let files = files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]);
    let expected = "\
warning[set-then-expire] (https://example.org/rules/set-then-expire.md)

  ⚠ SET and EXPIRE of `session:{id}` are two commands: when the second one
  │ fails, the key stays forever
   ╭─[src/session.ts:5:15]
 3 │ export async function save(id: string, body: string) {
 4 │   await redis.set(`session:${id}`, body);
   ·               ──┬─
   ·                 ╰── the value is written here
 5 │   await redis.expire(`session:${id}`, 3600);
   ·               ───┬──
   ·                  ╰── the TTL is set here
 6 │ }
   ╰────
   ╭─[src/redis.ts:3:22]
 2 │ \n 3 │ export const redis = new Redis();
   ·                      ─────┬─────
   ·                           ╰── `redis` is an ioredis client, created here
   ╰────
  help: give SET the time to live
  fix (unsafe: look before you apply it): Set the TTL in the same command
    -   await redis.set(`session:${id}`, body);
    -   await redis.expire(`session:${id}`, 3600);
    +   await redis.set(`session:${id}`, body, 'EX', 3600);

";
    let finding = [finding(&files)];
    assert_eq!(human(&files, &finding, Style { quiet: true, ..Style::default() }), expected);
    assert_eq!(human(&files, &finding, Style::default()), format!("{expected}Found 1 warning in 2 files.\n{WHY}"));
    assert_eq!(plain(&human(&files, &finding, Style { color: true, quiet: true, width: 80 })), expected);
}

/// Text without colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').unwrap().1)
}

#[test]
fn nothing_that_a_terminal_obeys_is_sent() {
    let evil = "\u{FEFF}let a = 1;\r\nconst x = '\x1b[31m\u{9b}\u{202E}'; redis\t.keys('*'); b\r\n";
    let files = files(&[("a\x1b[2J\n.ts", evil)]);
    let mut finding = finding(&self::files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]));
    finding.primary = label(&files, 0, "keys", "here\x07");
    finding.related.clear();
    finding.message = "in `\x1b[1m`".to_owned();
    finding.help = Some("one\x08\ntwo".to_owned());
    finding.fix = Some(Fix {
        title: "Fix\x1b".to_owned(),
        safety: Safety::Safe,
        edits: vec![FixEdit { file: FileId(0), span: finding.primary.span, text: "k\x1b".to_owned() }],
    });
    let skipped = [Skipped { path: "b\x1b".to_owned(), reason: "c\u{9d}".to_owned() }];
    let report = Report { files: &files, analysed: 1, findings: &[finding], ignored: &[], skipped: &skipped, rules: &[], known: None };
    let mut out = Vec::new();
    write_human(&mut out, &report, Style::default()).unwrap();
    let text = String::from_utf8(out).unwrap();
    let obeyed = |c: char| c != '\n' && clean::shown(c) != Some(c);
    assert_eq!(text.chars().filter(|c| obeyed(*c)).collect::<String>(), "", "{text}");
    // The marks stand under what they mark, though one character became longer and one vanished.
    assert!(text.contains("╭─[a␛[2J␊.ts:2:29]\n 1 │ let a = 1;\n 2 │ const x = '␛[31m\u{FFFD}\u{FFFD}'; redis  .keys('*'); b\n"), "{text}");
    assert!(text.contains("\n   ·                              ──┬─\n   ·                                ╰── here␇\n"), "{text}");
    assert!(text.contains("    + const x = '␛[31m\u{FFFD}\u{FFFD}'; redis    .k␛('*'); b\n"), "{text}");

    let mut out = Vec::new();
    write_json(&mut out, &report).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.chars().filter(|c| obeyed(*c)).collect::<String>(), "", "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["skipped"][0]["reason"], "c\u{9d}");
    assert_eq!(json["findings"][0]["path"], "a\x1b[2J\n.ts");
}

#[test]
fn long_lines_are_cut_around_what_is_marked() {
    let line = format!("const a = '{}'; client.get(1); // {}\n", "y".repeat(200), "z".repeat(200));
    let files = files(&[("a.ts", &line)]);
    let mut finding = finding(&self::files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]));
    finding.primary = label(&files, 0, "get", "a text that is much too long to be written beside the mark and is broken");
    finding.related.clear();
    finding.fix = None;
    let text = human(&files, &[finding], Style::default());
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 80, "{longest} columns:\n{text}");
    assert!(text.contains("[a.ts:1:222]"), "{text}");
    let rows: Vec<&str> = text.lines().collect();
    let at = rows.iter().position(|row| row.contains("client.get(1)")).unwrap();
    let column = rows[at].chars().count() - rows[at].split_once("get(").unwrap().1.chars().count() - 4;
    assert_eq!(rows[at + 1].chars().position(|c| c == '─'), Some(column), "{text}");
}

#[test]
fn what_is_at_fault_comes_before_what_explains_it() {
    let files = files(&[("a.ts", "const redis = new Redis();\n\n\n\n\n\nredis.keys('*');\n")]);
    let mut finding = finding(&self::files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]));
    finding.primary = label(&files, 0, "keys", "KEYS");
    finding.related = vec![label(&files, 0, "new Redis()", "made here")];
    finding.fix = None;
    let text = human(&files, &[finding], Style::default());
    let places: Vec<&str> = text.lines().filter_map(|line| line.split_once("╭─")).map(|(_, place)| place).collect();
    assert_eq!(places, ["[a.ts:7:7]", "[a.ts:1:15]"], "{text}");
}

#[test]
fn labels_that_lead_nowhere_are_drawn_without_harm() {
    let files = files(&[("a.ts", "é\n"), ("empty.ts", "")]);
    for (file, span) in [(0, (0, 2)), (0, (3, 3)), (0, (1, 2)), (0, (90, 99)), (0, (0, 99)), (1, (0, 0)), (7, (0, 1))] {
        let mut finding = finding(&self::files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]));
        finding.primary = Label { file: FileId(file), span: Span::new(span.0, span.1), text: "here".to_owned() };
        finding.related.clear();
        finding.fix = Some(Fix {
            title: "Fix".to_owned(),
            safety: Safety::Safe,
            edits: vec![FixEdit { file: FileId(file), span: finding.primary.span, text: "x".to_owned() }],
        });
        let text = human(&files, &[finding], Style::default());
        assert!(text.contains("warning[set-then-expire]") && text.contains("Found 1 warning"), "{file} {span:?}:\n{text}");
        assert!(!text.contains("Failed to read"), "{file} {span:?}:\n{text}");
    }
}

#[test]
fn edits_on_lines_apart_are_hunks_apart() {
    let files = files(&[("a.ts", "one\ntwo\nthree\nfour\nfive\n")]);
    let edit = |marked: &str, text: &str| FixEdit { file: FileId(0), span: label(&files, 0, marked, "").span, text: text.to_owned() };
    let edits = [edit("one", "1"), edit("two\n", ""), edit("five", "5")];
    let hunks = diff::hunks(&files, &edits);
    let rows: Vec<String> = hunks.iter().map(|hunk| format!("{}: -{:?} +{:?}", hunk.line, hunk.old, hunk.new)).collect();
    assert_eq!(rows, ["1: -[\"one\", \"two\"] +[\"1\"]", "5: -[\"five\"] +[\"5\"]"]);
}

#[test]
fn the_json_report_keeps_its_contract() {
    let files = files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]);
    let skipped = [Skipped { path: "a.vue".to_owned(), reason: "why".to_owned() }];
    let mut out = Vec::new();
    write_json(
        &mut out,
        &Report { files: &files, analysed: 2, findings: &[finding(&files)], ignored: &[], skipped: &skipped, rules: &[], known: None },
    )
    .unwrap();
    let expected = r#"{"schema":"redis-lint/report/1","findings":[{"rule":"set-then-expire","severity":"warning","path":"src/session.ts","line":5,"column":15,"end_line":5,"end_column":21,"range":{"start":{"offset":145,"line":5,"character":15,"utf8":15,"utf16":15},"end":{"offset":151,"line":5,"character":21,"utf8":21,"utf16":21}},"message":"SET and EXPIRE of `session:{id}` are two commands: when the second one fails, the key stays forever","label":"the TTL is set here","help":"give SET the time to live","url":"https://example.org/rules/set-then-expire.md","related":[{"path":"src/session.ts","line":4,"column":15,"end_line":4,"end_column":19,"range":{"start":{"offset":103,"line":4,"character":15,"utf8":15,"utf16":15},"end":{"offset":107,"line":4,"character":19,"utf8":19,"utf16":19}},"message":"the value is written here"},{"path":"src/redis.ts","line":3,"column":22,"end_line":3,"end_column":33,"range":{"start":{"offset":51,"line":3,"character":22,"utf8":22,"utf16":22},"end":{"offset":62,"line":3,"character":33,"utf8":33,"utf16":33}},"message":"`redis` is an ioredis client, created here"}],"fix":{"title":"Set the TTL in the same command","safety":"unsafe","edits":[{"path":"src/session.ts","line":4,"column":3,"end_line":5,"end_column":45,"range":{"start":{"offset":91,"line":4,"character":3,"utf8":3,"utf16":3},"end":{"offset":175,"line":5,"character":45,"utf8":45,"utf16":45}},"text":"await redis.set(`session:${id}`, body, 'EX', 3600);"}]},"fingerprint":"f","also":[]}],"skipped":[{"path":"a.vue","reason":"why"}],"summary":{"files":2,"findings":1,"errors":0,"warnings":1,"infos":0,"skipped":1,"rules":{"set-then-expire":1},"baseline":null}}"#;
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json.to_string(), expected);
}

#[test]
fn the_list_of_operations_keeps_its_contract() {
    let row = |command: &str, ttl| OperationRow {
        path: "src/a.ts".to_owned(),
        line: 4,
        column: 9,
        end_line: 4,
        end_column: 30,
        command: command.to_owned(),
        method: "set".to_owned(),
        library: "ioredis".to_owned(),
        major: Some(5),
        role: Some("connection".to_owned()),
        evidence: "constructed".to_owned(),
        layer: "call".to_owned(),
        key: Some("session:{}".to_owned()),
        key_prefix: None,
        ttl,
        in_loop: "collection".to_owned(),
        runs_in: vec!["handler".to_owned()],
        function: Some("save".to_owned()),
        steps: Vec::new(),
    };
    let ttls = [Some(Ttl::None), Some(Ttl::Seconds(60.0)), Some(Ttl::Seconds(0.5)), Some(Ttl::Dynamic), None];
    let rows: Vec<OperationRow> = ttls.into_iter().map(|ttl| row("SET", ttl)).collect();
    let mut out = Vec::new();
    write_operations_json(&mut out, &rows, &[]).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(
        json["operations"][1].to_string(),
        r#"{"path":"src/a.ts","line":4,"column":9,"end_line":4,"end_column":30,"command":"SET","method":"set","library":"ioredis","major":5,"role":"connection","evidence":"constructed","layer":"call","key":"session:{}","ttl":60,"loop":"collection","runs_in":["handler"],"function":"save"}"#
    );
    assert_eq!((&json["schema"], &json["skipped"]), (&"redis-lint/operations/1".into(), &serde_json::json!([])));
    let ttls: Vec<String> = json["operations"].as_array().unwrap().iter().map(|operation| operation["ttl"].to_string()).collect();
    assert_eq!(ttls, ["\"none\"", "60", "0.5", "\"dynamic\"", "null"]);

    let mut out = Vec::new();
    write_operations_human(&mut out, &rows[1..2], &[], false).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "src/a.ts:4:9  SET          session:{}  ttl 60 s  in a loop (collection)  [ioredis connection, constructed]\n1 operation.\n"
    );
}

#[test]
fn statistics_count_by_rule() {
    let files = files(&[("src/session.ts", SESSION), ("src/redis.ts", CLIENT)]);
    let named = |rule: &str, fixed: bool| {
        let mut finding = finding(&files);
        finding.rule = rule.into();
        finding.fix = finding.fix.filter(|_| fixed);
        finding
    };
    let findings = [named("b", true), named("c", false), named("a", false), named("b", false)];
    let report = Report { files: &files, analysed: 2, findings: &findings, ignored: &[], skipped: &[], rules: &[], known: None };
    let stages = vec![("read", Duration::from_millis(7)), ("resolve", Duration::from_micros(12_900))];
    let measures = Measures { read: 5, bytes: 1_234_567, parsed: 4, parsed_bytes: 9_999, kept: 0, rounds: 3, stages };
    let mut out = Vec::new();
    write_statistics(&mut out, &report, &measures).unwrap();
    let expected = "\
2  b (1 with a fix)
1  a
1  c

2 files asked for, 5 read (1234 kB), 4 parsed (9999 B)
read          7 ms
resolve      12 ms  3 rounds
total        19 ms
";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

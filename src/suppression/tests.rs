use super::*;
use crate::finding::{Label, Severity};
use crate::language;
use crate::source::Language;

const RULES: [&str; 3] = ["calls-a", "calls-b", "calls-c"];

fn rules() -> Rules {
    let pages: Vec<(String, String)> = RULES
        .iter()
        .map(|id| {
            let category = if *id == "calls-c" { "ttl" } else { "keys" };
            let text = format!(
                "# T\n\n```toml rule\ncategory = \"{category}\"\nseverity = \"warning\"\nsources = [\"https://redis.io/\"]\nmessage = \"m\"\nmatch = {{ command = \"KEYS\" }}\n```\n"
            );
            (format!("rules/{id}.md"), text)
        })
        .collect();
    Rules::of_pages(pages.iter().map(|(path, text)| (path.as_str(), text.as_str(), false))).unwrap()
}

/// Every `a(…)`, `b(…)` and `c(…)` is a finding of its rule.
fn findings(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, rest) in file.text.char_indices().map(|(at, _)| (at, &file.text[at..])) {
        let Some(letter) = ["a(", "b(", "c("].iter().find(|call| rest.starts_with(**call)) else { continue };
        let end = at + rest.find(')').unwrap() + 1;
        let rule = format!("calls-{}", &letter[..1]);
        findings.push(Finding {
            fingerprint: String::new(),
            rule: rule.into(),
            severity: Severity::Warning,
            message: String::new(),
            help: None,
            url: String::new(),
            primary: Label { file: FileId(0), span: Span::new(at as u32, at as u32 + 1), text: String::new() },
            extent: Span::new(at as u32, end as u32),
            related: Vec::new(),
            fix: None,
            also: Vec::new(),
        });
    }
    findings
}

/// What is left, as `line rule` or `line message`.
fn left(language: Language, text: &str, needs_reason: bool) -> String {
    let file = SourceFile::new("a", language, text.as_bytes().to_vec());
    let comments: Vec<(FileId, Span)> = language::lower(language, text).comments.iter().map(|span| (FileId(0), *span)).collect();
    let files = [file];
    let scene = Scene {
        files: &files,
        comments: &comments,
        rules: &rules(),
        ran: &|_, rule| rule != Some("calls-b"),
        needs_reason: &|_| needs_reason,
    };
    let outcome = apply(findings(&files[0]), &scene);
    let line = |finding: &Finding| files[0].line(finding.primary.span.start);
    let kept = outcome.kept.iter().map(|finding| format!("{} {}", line(finding), finding.rule));
    let own = outcome.own.iter().map(|finding| format!("{} {}: {}", line(finding), finding.rule, finding.message));
    kept.chain(own).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_a_comment_ignores() {
    for (text, expected) in [
        ("a(1); // redis-lint-ignore calls-a: fine", ""),
        ("// redis-lint-ignore calls-a: fine\na(1);\na(2);", "3 calls-a"),
        ("a(0);\n/* redis-lint-ignore calls-a */\n\n// prose\na(1);", "1 calls-a"),
        ("/* redis-lint-ignore calls-a */ a(1);", ""),
        ("// redis-lint-ignore calls-a, calls-b\na(1); b(2); c(3);", "2 calls-c"),
        ("// redis-lint-ignore keys\na(1); b(2); c(3);", "2 calls-c"),
        ("// redis-lint-ignore all\na(1); b(2); c(3);", ""),
        ("// redis-lint-ignore calls-a\n// redis-lint-ignore calls-c\na(1); c(3);", ""),
        // A call over several lines: before it, and behind its end.
        ("// redis-lint-ignore calls-a\nconst x = a(\n  1,\n);", ""),
        ("const x = a(\n  1,\n); // redis-lint-ignore calls-a", ""),
        (
            "const x = a(\n  1, // redis-lint-ignore calls-a\n);",
            "1 calls-a; 2 unused-suppression: this ignores nothing: there is no `calls-a` on this line",
        ),
        ("a(1);\n// redis-lint-ignore-file calls-a: all of it\na(2); c(3)", "3 calls-c"),
        ("a(1);\n// redis-lint-ignore-start calls-a\na(2);\na(3);\n// redis-lint-ignore-end\na(4);", "1 calls-a; 6 calls-a"),
        (
            "// redis-lint-ignore-start calls-a\n// redis-lint-ignore-start calls-c\na(1); c(1);\n// redis-lint-ignore-end calls-a\na(2); c(2);\n// redis-lint-ignore-end calls-c\nc(3);",
            "5 calls-a; 7 calls-c",
        ),
        // What only looks like a comment.
        ("const s = '// redis-lint-ignore calls-a'; a(1);", "1 calls-a"),
        ("const s = `\n// redis-lint-ignore calls-a\n`; a(1);", "3 calls-a"),
    ] {
        assert_eq!(left(Language::TypeScript, text, false), expected, "{text}");
        assert_eq!(left(Language::TypeScript, &text.replace('\n', "\r\n"), false), expected, "with CRLF: {text}");
    }
    for (text, expected) in [
        ("a(1) # redis-lint-ignore calls-a: fine", ""),
        ("# redis-lint-ignore calls-a: fine\na(1)\na(2)", "3 calls-a"),
        ("a(1)\n# redis-lint-ignore-start calls-a\na(2)\n# redis-lint-ignore-end\na(4)", "1 calls-a; 5 calls-a"),
        ("=begin\nredis-lint-ignore-file calls-a\n=end\na(1)", ""),
        ("s = '# redis-lint-ignore calls-a'; a(1)", "1 calls-a"),
        ("s = <<~TEXT\n  # redis-lint-ignore calls-a\nTEXT\na(1)", "4 calls-a"),
    ] {
        assert_eq!(left(Language::Ruby, text, false), expected, "{text}");
    }
    let jsx = "const x = <p>\n  {/* redis-lint-ignore calls-a */}\n  {a(1)}\n</p>;";
    assert_eq!(left(Language::Tsx, jsx, false), "");
}

#[test]
fn what_is_wrong_with_comments() {
    let invalid = |what: &str| format!("1 invalid-suppression: {what}");
    for (text, needs_reason, expected) in [
        ("// redis-lint-ignore\na(1);", false, format!("2 calls-a; {}", invalid("this names no rule, and ignores nothing"))),
        ("a(1); // redis-lint-ignore calls-d", false, format!("1 calls-a; {}", invalid("there is no rule and no category `calls-d`"))),
        ("a(1); // redis-lint-ignore calls-a", true, invalid("this gives no reason, and the configuration asks for one")),
        ("a(1); // redis-lint-ignore calls-a: so", true, String::new()),
        ("// redis-lint-ignore-files calls-a\na(1);", false, invalid("there is no `redis-lint-ignore-files`")),
        ("// redis-lint-ignore-start calls-a\na(1);", false, invalid("this is never ended")),
        ("// redis-lint-ignore-end calls-a", false, invalid("this ends nothing")),
        (
            "// redis-lint-ignore calls-a",
            false,
            "1 unused-suppression: this ignores nothing: there is no `calls-a` on this line".to_owned(),
        ),
        (
            "// redis-lint-ignore-file calls-a, calls-c\na(1)",
            false,
            "1 unused-suppression: this ignores nothing: there is no `calls-c` in this file".to_owned(),
        ),
        // A rule that did not run has nothing to say.
        ("// redis-lint-ignore calls-b", false, String::new()),
    ] {
        assert_eq!(left(Language::TypeScript, text, needs_reason), expected, "{text}");
    }
}

#[test]
fn what_is_not_needed_can_be_taken_out() {
    for (text, expected) in [
        ("f();\n  // redis-lint-ignore calls-a: x\ng();\n", "f();\ng();\n"),
        ("g(); // redis-lint-ignore calls-a: x\n", "g();\n"),
        ("a(1); // redis-lint-ignore calls-a, calls-c: x\n", "a(1); // redis-lint-ignore calls-a: x\n"),
        ("/* redis-lint-ignore-file calls-a */", ""),
    ] {
        let file = SourceFile::new("a", Language::TypeScript, text.as_bytes().to_vec());
        let comments: Vec<(FileId, Span)> =
            language::lower(Language::TypeScript, text).comments.iter().map(|span| (FileId(0), *span)).collect();
        let files = [file];
        let scene = Scene { files: &files, comments: &comments, rules: &rules(), ran: &|_, _| true, needs_reason: &|_| false };
        let outcome = apply(findings(&files[0]), &scene);
        let edit = &outcome.own[0].fix.as_ref().unwrap().edits[0];
        let fixed = format!("{}{}{}", &text[..edit.span.start as usize], edit.text, &text[edit.span.end as usize..]);
        assert_eq!(fixed, expected, "{text}");
    }
}

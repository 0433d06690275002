//! Every example of every rule page runs through the whole pipeline, against every rule.
//!
//! A `fail` example is reported at exactly its marked lines, a `pass` example nowhere; what the fix makes of a `fail` example is
//! the `fixed` one behind it, which parses, is clean of the finding, and stays as it is when fixed again. What *other* rules
//! say of an example is a reviewed snapshot.

mod examples;

use std::collections::BTreeSet;

use redis_lint::client::Libraries;
use redis_lint::command::CommandTable;
use redis_lint::finding::{Finding, FixEdit};
use redis_lint::fix;
use redis_lint::operation::{Analysis, fact};
use redis_lint::rule::{Example, ExampleFile, ExampleKind, Pattern, Rule, Rules, Selected, Shape, Test, check};
use redis_lint::source::{FileId, SourceFile};
use smol_str::SmolStr;

use examples::{Analysed, analysed, libraries, rules};

/// What all rules say of an example's files.
struct Outcome {
    files: Vec<SourceFile>,
    findings: Vec<Finding>,
    /// Files that could not be parsed in full.
    broken: Vec<String>,
}

/// Runs all rules, the one that the example is of with the options that the example sets.
fn run(rules: &Rules, of: &Rule, example: &Example, files: &[ExampleFile]) -> Outcome {
    let Analysed { files, output } = analysed(example, files);
    let libraries = libraries();
    let selected = rules.iter().map(|rule| if rule.id == of.id { Selected::shown(rule, example) } else { Selected::plain(rule) }).collect();
    let findings = findings(rules, selected, &output.analysis, &files, libraries);
    let broken = output.partial.into_iter().map(|(file, why)| format!("{}: {why}", files[file.0 as usize].path)).collect();
    Outcome { files, findings, broken }
}

fn findings(rules: &Rules, selected: Vec<Selected<'_>>, analysis: &Analysis, files: &[SourceFile], libraries: &Libraries) -> Vec<Finding> {
    check(rules, &selected, analysis, files, &fix::Spelling { libraries })
        .into_iter()
        .map(|found| Finding { fix: found.fix.and_then(|request| fix::spell(&request, analysis, files, libraries)), ..found.finding })
        .collect()
}

impl Outcome {
    fn line(&self, finding: &Finding) -> (String, u32) {
        let file = &self.files[finding.primary.file.0 as usize];
        (file.path.to_string(), file.line(finding.primary.span.start))
    }

    /// The places that a rule reports.
    fn lines(&self, rule: &Rule) -> BTreeSet<(String, u32)> {
        self.findings.iter().filter(|finding| finding.rule == rule.id).map(|finding| self.line(finding)).collect()
    }

    /// The files after all fixes of a rule.
    fn fixed(&self, rule: &Rule) -> Vec<ExampleFile> {
        let fixes = || self.findings.iter().filter(|finding| finding.rule == rule.id).filter_map(|finding| finding.fix.as_ref());
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| {
                let mut edits: Vec<FixEdit> =
                    fixes().flat_map(|fix| &fix.edits).filter(|edit| edit.file == FileId(index as u32)).cloned().collect();
                edits.sort_by_key(|edit| edit.span);
                ExampleFile { path: file.path.to_string(), text: fix::apply(&file.text, &edits), reported: Vec::new() }
            })
            .collect()
    }
}

fn expected(example: &Example) -> BTreeSet<(String, u32)> {
    example.files.iter().flat_map(|file| file.reported.iter().map(|line| (file.path.clone(), *line))).collect()
}

#[test]
fn examples_are_reported_at_their_marked_lines_and_nowhere_else() {
    let rules = rules();
    let mut wrong = String::new();
    for rule in rules.iter() {
        for example in &rule.examples {
            let outcome = run(&rules, rule, example, &example.files);
            let place = format!("rules/{}.md:{}", rule.id, example.line);
            for broken in &outcome.broken {
                wrong.push_str(&format!("{place}: {broken}\n"));
            }
            let (expected, found) = (expected(example), outcome.lines(rule));
            for (path, line) in expected.difference(&found) {
                wrong.push_str(&format!("{place}: not reported: {path}:{line}\n"));
            }
            for (path, line) in found.difference(&expected) {
                wrong.push_str(&format!("{place}: reported: {path}:{line}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn fixes_give_the_fixed_example_and_settle() {
    let rules = rules();
    let mut wrong = String::new();
    for rule in rules.iter() {
        for pair in rule.examples.windows(2).filter(|pair| pair[1].kind == ExampleKind::Fixed) {
            let [failing, expected] = pair else { continue };
            let place = format!("rules/{}.md:{}", rule.id, expected.line);
            let outcome = run(&rules, rule, failing, &failing.files);
            let fixed = outcome.fixed(rule);
            let mut wanted = expected.files.clone();
            wanted.sort_by(|a, b| a.path.cmp(&b.path));
            for (got, wanted) in fixed.iter().zip(&wanted) {
                if got.text != wanted.text {
                    wrong.push_str(&format!("{place}: the fix gives\n{}\n", got.text));
                }
            }
            let again = run(&rules, rule, failing, &fixed);
            if !again.broken.is_empty() {
                wrong.push_str(&format!("{place}: does not parse after the fix\n"));
            }
            if !again.lines(rule).is_empty() {
                wrong.push_str(&format!("{place}: still reported after the fix: {:?}\n", again.lines(rule)));
            }
            if again.fixed(rule) != fixed {
                wrong.push_str(&format!("{place}: a second run changes it again\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The clients that most projects use, each as its examples pin it and as a page names it.
const FAMILIES: [(&str, &str, &str); 5] = [
    ("ts", "ioredis", "ioredis"),
    ("ts", "redis", "node-redis"),
    ("ts", "@upstash/redis", "Upstash"),
    ("ruby", "redis", "redis-rb"),
    ("ruby", "redis-client", "redis-client"),
];

#[test]
fn every_page_has_all_parts_and_both_languages() {
    let mut missing = Vec::new();
    for rule in rules().iter() {
        let page = &rule.page;
        let mut after = 0;
        for part in ["What it finds", "Why it is wrong", "Use instead", "Fix safety", "Not reported", "Examples"] {
            match page[after..].find(&format!("\n## {part}\n")) {
                Some(at) => after += at,
                None => missing.push(format!("rules/{}.md: no part `{part}`, or not in its order", rule.id)),
            }
        }
        for (language, name) in [("ts", "TypeScript"), ("ruby", "Ruby")] {
            for kind in [ExampleKind::Fail, ExampleKind::Pass] {
                let shown = rule.examples.iter().any(|example| example.language == language && example.kind == kind);
                let why = format!("there is no {name} example that fails");
                let said = kind == ExampleKind::Fail && page.contains(&why);
                if !shown && !said {
                    missing.push(format!("rules/{}.md: no {kind:?} example in {name}, and no \"{why}\"", rule.id));
                }
            }
        }
        // A family without an example is at least spoken of.
        for (language, package, name) in FAMILIES {
            let pins = |example: &Example| example.language == language && example.pins.iter().any(|pin| pin.package == package);
            let every_client = language == "ruby" && page.contains("every Ruby client");
            if !rule.examples.iter().any(pins) && !page.contains(name) && !every_client {
                missing.push(format!("rules/{}.md: neither an example with {name} nor a word of it", rule.id));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// The commands that a pattern names.
fn commands(pattern: &Pattern) -> impl Iterator<Item = &str> {
    let tests = pattern.predicates.iter().filter(|predicate| predicate.fact == fact::COMMAND).map(|predicate| &predicate.test);
    tests
        .flat_map(|test| match test {
            Test::AnyOf(words) | Test::NoneOf(words) => words.as_slice(),
            _ => &[],
        })
        .map(SmolStr::as_str)
}

#[test]
fn every_command_that_a_rule_names_exists() {
    for rule in rules().iter() {
        for case in &rule.cases {
            let patterns: Vec<&Pattern> = match &case.shape {
                Shape::Single(pattern) => vec![pattern],
                Shape::Pair { first, then, absent } => {
                    let then = then.iter().map(|tail| &tail.pattern);
                    [first].into_iter().chain(then).chain(absent.iter().map(|absent| &absent.pattern)).collect()
                }
            };
            for command in patterns.into_iter().flat_map(commands) {
                let known = CommandTable::builtin().get(command).is_some() || ["CONNECT", "PIPELINE", "QUIT"].contains(&command);
                assert!(known, "rules/{}.md: there is no command {command}", rule.id);
            }
        }
    }
}

#[test]
fn messages_and_other_findings_are_reviewed() {
    let rules = rules();
    let mut text = String::new();
    for rule in rules.iter() {
        // Examples are counted, not named by their lines, so that prose can grow above them.
        for (number, example) in rule.examples.iter().enumerate().filter(|(_, example)| example.kind != ExampleKind::Fixed) {
            let outcome = run(&rules, rule, example, &example.files);
            // Rules that are off by default speak of their own examples only.
            let counts = |finding: &&Finding| finding.rule == rule.id || rules.get(&finding.rule).is_some_and(|rule| rule.enabled);
            let findings: Vec<&Finding> = outcome.findings.iter().filter(counts).collect();
            if findings.is_empty() {
                continue;
            }
            text.push_str(&format!("{} example {} ({} {:?})\n", rule.id, number + 1, example.language, example.kind));
            for finding in findings {
                let (path, line) = outcome.line(finding);
                let other = if finding.rule == rule.id { "" } else { "OTHER " };
                text.push_str(&format!("  {other}{path}:{line} {} {}: {}\n", finding.severity.word(), finding.rule, finding.message));
                if let Some(line) = finding.help.as_ref().map(|help| format!("    help: {help}\n")) {
                    text.push_str(&line);
                }
                if let Some(fix) = &finding.fix {
                    text.push_str(&format!("    fix ({:?}): {}\n", fix.safety, fix.title));
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}

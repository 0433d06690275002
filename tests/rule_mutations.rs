//! Which conditions of the rules matter to an example: without them, an example is reported otherwise than it is now.
//!
//! A condition whose absence goes unnoticed is superfluous, or guards a case that no page shows. Those are listed in a
//! reviewed snapshot, which may shrink and should not grow.

mod examples;

use std::collections::BTreeSet;

use redis_lint::client::Libraries;
use redis_lint::finding::Severity;
use redis_lint::fix::Spelling;
use redis_lint::rule::{Example, Rule, Rules, Selected, check};
use toml::{Table, Value};

use examples::{Analysed, analysed, libraries, rules};

/// What a case says besides its conditions.
const NO_CONDITIONS: [&str; 8] = ["event", "message", "severity", "help", "report", "fix", "within", "first"];

/// What a rule reports in all examples: example, file, line, severity and message.
type Reported = BTreeSet<(usize, u32, u32, Severity, String)>;

/// An example with the id of its rule.
type Shown<'r> = (&'r str, &'r Example, Analysed);

fn reported(rules: &Rules, id: &str, examples: &[Shown<'_>], libraries: &Libraries) -> Reported {
    let of_example = |(number, (of, shown, example)): (usize, &Shown<'_>)| {
        let select = |rule| if *of == id { Selected::shown(rule, shown) } else { Selected::plain(rule) };
        let selected: Vec<Selected<'_>> = rules.get(id).map(select).into_iter().collect();
        let found = check(rules, &selected, &example.output.analysis, &example.files, &Spelling { libraries });
        let places = found.into_iter().map(move |found| {
            let label = found.finding.primary;
            let line = example.files[label.file.0 as usize].line(label.span.start);
            (number, label.file.0, line, found.finding.severity, found.finding.message)
        });
        places.collect::<Vec<_>>()
    };
    examples.iter().enumerate().flat_map(of_example).collect()
}

/// A rule's table without one of its conditions, and what that was.
fn without_one(rule: &Table) -> Vec<(String, Table)> {
    let mut mutants = Vec::new();
    let cases = match &rule["match"] {
        Value::Array(cases) => cases.clone(),
        case => vec![case.clone()],
    };
    for (at, case) in cases.iter().enumerate() {
        let mut keep = |what: String, changed: Table| {
            let mut cases = cases.clone();
            cases[at] = Value::Table(changed);
            let mut rule = rule.clone();
            rule.insert("match".to_owned(), Value::Array(cases));
            mutants.push((format!("case {}: {what}", at + 1), rule));
        };
        let case = case.as_table().expect("a case is a table");
        for key in case.keys().filter(|key| !NO_CONDITIONS.contains(&key.as_str()) && *key != "then") {
            let mut changed = case.clone();
            changed.remove(key);
            keep(key.clone(), changed);
        }
        for part in ["first", "then"] {
            let Some(Value::Table(pattern)) = case.get(part) else { continue };
            for key in pattern.keys().filter(|key| !NO_CONDITIONS.contains(&key.as_str())) {
                let mut changed = case.clone();
                let mut pattern = pattern.clone();
                pattern.remove(key);
                changed.insert(part.to_owned(), Value::Table(pattern));
                keep(format!("{part}.{key}"), changed);
            }
        }
    }
    mutants
}

/// The page of a rule with another table.
fn page(rule: &Rule, table: &Table) -> String {
    let text = toml::to_string(table).expect("a table can be written");
    format!("{}```toml rule\n{text}```{}", &rule.page[..rule.block.start], &rule.page[rule.block.end..])
}

fn table(rule: &Rule) -> Table {
    let block = &rule.page[rule.block.clone()];
    let inside = block.split_once('\n').and_then(|(_, rest)| rest.rsplit_once("```")).expect("a fenced block").0;
    inside.parse().expect("the rule is TOML")
}

fn analyse(rule: &Rule) -> Vec<Shown<'_>> {
    rule.examples.iter().map(|example| (rule.id.as_str(), example, analysed(example, &example.files))).collect()
}

#[test]
fn conditions_that_no_example_shows_are_reviewed() {
    let rules = rules();
    let examples: Vec<Shown<'_>> = rules.iter().flat_map(analyse).collect();
    let load = |text: &str, path: &str| Rules::of_pages([(path, text, false)]);
    let mut unnoticed = Vec::new();
    for rule in rules.iter() {
        let path = format!("rules/{}.md", rule.id);
        let alone = |text: &str| load(text, &path).ok().map(|rules| reported(&rules, &rule.id, &examples, libraries()));
        let now = alone(&rule.page).expect("the page loads");
        assert!(!now.is_empty(), "{path}: reports nothing");
        for (what, table) in without_one(&table(rule)) {
            // A rule that does not even load without it needs it.
            if alone(&page(rule, &table)).is_some_and(|mutant| mutant == now) {
                unnoticed.push(format!("{path}: {what}"));
            }
        }
    }
    insta::assert_snapshot!(unnoticed.join("\n"));
}

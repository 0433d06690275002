//! The documents that are made of the rules: the index beside the pages, and the checklist of a review.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;

use redis_lint::rule::Rules;

fn rules() -> Rules {
    Rules::embedded().expect("the rules load")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_default()
}

/// The index of the rule pages, by category.
fn index() -> String {
    let rules = rules();
    let mut text = "# Rules\n\nOne page a rule: what it finds, why that is wrong, what to write instead. This list is generated: `UPDATE=1 cargo test --test documents`.\n".to_owned();
    let categories: BTreeSet<&str> = rules.iter().map(|rule| rule.category).collect();
    for category in categories {
        text.push_str(&format!("\n## {category}\n\n| rule | severity | what it is about |\n|---|---|---|\n"));
        for rule in rules.iter().filter(|rule| rule.category == category) {
            let off = if rule.enabled { "" } else { "; off by default" };
            text.push_str(&format!("| [{0}]({0}.md) | {1} | {2}{off} |\n", rule.id, rule.severity.word(), rule.title));
        }
    }
    text
}

#[test]
fn the_index_of_the_rules_is_fresh() {
    let expected = index();
    if text("rules/README.md") != expected && std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md"), &expected).unwrap();
        return;
    }
    assert_eq!(text("rules/README.md"), expected, "rules/README.md is stale: run `UPDATE=1 cargo test --test documents`");
}

/// The words in backticks of a row's last cell that are spelled as rule ids are.
fn named(row: &str) -> impl Iterator<Item = &str> {
    let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
    cell.split('`').skip(1).step_by(2).filter(|word| word.contains('-') && !word.starts_with('-'))
}

#[test]
fn every_rule_of_the_review_checklist_exists() {
    let rules = rules();
    let page = text("docs/review-checklist.md");
    let named: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).flat_map(named).collect();
    assert!(named.len() > 20, "docs/review-checklist.md names {} rules", named.len());
    let unknown: Vec<&&str> = named.iter().filter(|id| rules.get(id).is_none()).collect();
    assert!(unknown.is_empty(), "docs/review-checklist.md names rules that do not exist: {unknown:?}");
}

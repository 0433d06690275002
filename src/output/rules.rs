//! The list of rules.

use std::io::{self, Write};

use serde::Serialize;

use super::clean::clean;
use super::json::write_pretty;
use crate::finding::Severity;

/// What outputs tell of a rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Its id.
    pub id: String,
    /// What it is about, in one line.
    pub title: String,
    /// The group it belongs to.
    pub category: String,
    /// How bad its findings are, unless they say otherwise.
    pub severity: Severity,
    /// Whether it runs without being asked for.
    pub enabled: bool,
    /// Whether it offers fixes.
    pub fixable: bool,
    /// Where its page is.
    pub url: String,
    /// Its page, in Markdown.
    pub page: String,
}

/// Writes a line for each rule.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_rules_human(out: &mut dyn Write, rules: &[RuleInfo]) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let category = rules.iter().map(|rule| rule.category.len()).max().unwrap_or(0);
    for rule in rules {
        let marks = match (rule.enabled, rule.fixable) {
            (true, true) => " (fix)",
            (true, false) => "",
            (false, true) => " (off, fix)",
            (false, false) => " (off)",
        };
        let severity = rule.severity.word();
        writeln!(out, "{:width$}  {severity:7}  {:category$}  {}{marks}", clean(&rule.id), rule.category, clean(&rule.title))?;
    }
    Ok(())
}

/// Writes `redis-lint/rules/1`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_rules_json(out: &mut dyn Write, rules: &[RuleInfo]) -> io::Result<()> {
    let rules = rules
        .iter()
        .map(|rule| RuleView {
            id: &rule.id,
            severity: rule.severity.word(),
            category: &rule.category,
            enabled: rule.enabled,
            fixable: rule.fixable,
            title: &rule.title,
            url: &rule.url,
        })
        .collect();
    write_pretty(out, &RulesView { schema: "redis-lint/rules/1", rules })
}

/// `redis-lint rules --format json`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RulesView<'a> {
    /// Name and version of this shape.
    #[cfg_attr(test, schemars(extend("const" = "redis-lint/rules/1")))]
    schema: &'static str,
    /// All rules, sorted by id.
    rules: Vec<RuleView<'a>>,
}

/// A rule.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RuleView<'a> {
    /// Its id.
    id: &'a str,
    /// How bad its findings are, unless they say otherwise.
    #[cfg_attr(test, schemars(extend("enum" = ["info", "warning", "error"])))]
    severity: &'static str,
    /// The group it belongs to; `--select` takes it in place of an id.
    category: &'a str,
    /// Whether it runs without being asked for.
    enabled: bool,
    /// Whether it offers fixes.
    fixable: bool,
    /// What it is about, in one line.
    title: &'a str,
    /// Where its page is: an address, or the path of a page of the user's own.
    url: &'a str,
}

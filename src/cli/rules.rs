//! `redis-lint rules` and `redis-lint explain`.

use std::io::{self, Write};

use serde_json::json;

use super::arguments::Format;
use super::select::unknown;
use super::{Cli, Error, Outcome, Terminal, own};
use crate::output::{clean, write_page};
use crate::rule::Rules;

/// The rules of a run.
pub(super) fn load(cli: &Cli, terminal: &Terminal) -> Result<Rules, Error> {
    let own = own::documents(cli.rules.as_deref(), ".md", terminal)?;
    Rules::load(own::borrowed(&own)).map_err(|errors| Error::RulePages { errors })
}

/// Lists the rules.
///
/// # Errors
/// When the rules cannot be loaded or the list cannot be written.
pub fn rules(cli: &Cli, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let rules = load(cli, terminal)?;
    terminal.write(|out| match cli.format {
        Format::Human => write_list(out, &rules),
        Format::Json => write_json(out, &rules),
    })?;
    Ok(Outcome::Clean)
}

/// Shows the page of a rule.
///
/// # Errors
/// When there is no such rule.
pub fn explain(id: &str, cli: &Cli, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let rules = load(cli, terminal)?;
    let rule = rules.get(id).ok_or_else(|| unknown(id, rules.nearest(id)))?;
    let page = rule.explain();
    let style = terminal.style(cli.quiet);
    terminal.write(|out| write_page(out, &page, style))?;
    Ok(Outcome::Clean)
}

fn write_list(out: &mut dyn Write, rules: &Rules) -> io::Result<()> {
    let width = rules.listing().map(|rule| rule.id.len()).max().unwrap_or(0);
    let category = rules.listing().map(|rule| rule.category.len()).max().unwrap_or(0);
    for rule in rules.listing() {
        let marks = match (rule.enabled, rule.fixable) {
            (true, true) => " (fix)",
            (true, false) => "",
            (false, true) => " (off, fix)",
            (false, false) => " (off)",
        };
        let severity = rule.severity.word();
        writeln!(out, "{:width$}  {severity:7}  {:category$}  {}{marks}", clean(rule.id), rule.category, clean(rule.title))?;
    }
    Ok(())
}

fn write_json(out: &mut dyn Write, rules: &Rules) -> io::Result<()> {
    let list: Vec<_> = rules
        .listing()
        .map(|rule| {
            json!({
                "id": rule.id, "severity": rule.severity.word(), "category": rule.category,
                "enabled": rule.enabled, "fixable": rule.fixable, "title": rule.title,
            })
        })
        .collect();
    let document = json!({ "schema": "redis-lint/rules/1", "rules": list });
    writeln!(out, "{document:#}")
}

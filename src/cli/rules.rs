//! `redis-lint rules` and `redis-lint explain`.

use super::arguments::Format;
use super::select::unknown;
use super::{Cli, Error, Outcome, Setup, Terminal};
use crate::output::{RuleInfo, write_page, write_rules_human, write_rules_json};
use crate::rule::Rule;
use crate::suppression::CHECKS;

/// What outputs tell of rules.
pub(super) fn infos<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<RuleInfo> {
    let info = |rule: &Rule| RuleInfo {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        category: rule.category.to_owned(),
        severity: rule.severity,
        enabled: rule.enabled,
        fixable: rule.fixable(),
        url: rule.url(),
        page: rule.explain(),
    };
    rules.map(info).collect()
}

/// The same of the checks of the tool's own.
pub(super) fn own_infos() -> impl Iterator<Item = RuleInfo> {
    CHECKS.iter().map(|check| RuleInfo {
        id: check.id.to_owned(),
        title: check.title.to_owned(),
        category: "project".to_owned(),
        severity: check.severity,
        enabled: true,
        fixable: check.fixable,
        url: "docs/suppressions.md".to_owned(),
        page: check.page.to_owned(),
    })
}

/// Lists the rules.
///
/// # Errors
/// When the rules cannot be loaded or the list cannot be written.
pub fn rules(cli: &Cli, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let rules = infos(Setup::here(cli, terminal)?.rules.iter());
    match cli.format {
        Format::Human => terminal.write(|out| write_rules_human(out, &rules))?,
        Format::Json => terminal.write(|out| write_rules_json(out, &rules))?,
        other => return Err(other.unknown_to("rules", &[Format::Human, Format::Json])),
    }
    Ok(Outcome::Clean)
}

/// Shows the page of a rule.
///
/// # Errors
/// When there is no such rule.
pub fn explain(id: &str, cli: &Cli, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let rules = Setup::here(cli, terminal)?.rules;
    if let Some(check) = CHECKS.iter().find(|check| check.id == id) {
        let style = terminal.style(cli.quiet);
        terminal.write(|out| write_page(out, check.page, style))?;
        return Ok(Outcome::Clean);
    }
    let rule = rules.get(id).ok_or_else(|| unknown(id, rules.nearest(id)))?;
    let page = rule.explain();
    let style = terminal.style(cli.quiet);
    match cli.format {
        Format::Human => terminal.write(|out| write_page(out, &page, style))?,
        Format::Markdown => terminal.write(|out| out.write_all(page.as_bytes()))?,
        other => return Err(other.unknown_to("explain", &[Format::Human, Format::Markdown])),
    }
    Ok(Outcome::Clean)
}

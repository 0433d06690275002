//! Which rules run.

use super::Error;
use super::arguments::RuleArguments;
use crate::config::Settings;
use crate::finding::Severity;
use crate::rule::{Rule, Rules, Selected, nearest};
use crate::suppression::CHECKS;

/// What the command line asks for: ids, categories or `all`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub arguments: &'a RuleArguments,
}

impl Asked<'_> {
    /// The rules that run where these settings and overrides hold: those that `--select` names, else those that the configuration has
    /// on; without those that `--ignore` names. How bad their findings are, and their options, the configuration says.
    pub(super) fn selected<'r>(&self, rules: &'r Rules, settings: &Settings, overrides: &[bool]) -> Vec<Selected<'r>> {
        let RuleArguments { select, ignore, .. } = self.arguments;
        let named = |names: &[String], rule: &Rule| names.iter().any(|name| matches(name.trim(), rule));
        let selected = rules.iter().filter_map(|rule| {
            let setting = settings.rule(rule, overrides);
            let runs = if select.is_empty() { setting.enabled } else { named(select, rule) };
            (runs && !named(ignore, rule)).then_some(Selected { rule, severity: setting.severity, options: setting.options })
        });
        selected.collect()
    }

    /// The checks of the tool's own that run, chosen in the same way.
    pub(super) fn own(&self, settings: &Settings, overrides: &[bool]) -> Vec<(&'static str, Option<Severity>)> {
        let RuleArguments { select, ignore, .. } = self.arguments;
        let named = |names: &[String], id: &str| names.iter().any(|name| name.trim() == id || name.trim() == "all");
        let checks = CHECKS.iter().filter_map(|check| {
            let setting = settings.named(check.id, true, overrides);
            let runs = if select.is_empty() { setting.enabled } else { named(select, check.id) };
            (runs && !named(ignore, check.id)).then_some((check.id, setting.severity))
        });
        checks.collect()
    }
}

fn matches(name: &str, rule: &Rule) -> bool {
    name == "all" || name == rule.id || name == rule.category
}

/// Whether every name is that of a rule or category.
pub(super) fn known(rules: &Rules, arguments: &RuleArguments) -> Result<(), Error> {
    let names = arguments.select.iter().chain(&arguments.ignore).map(|name| name.trim());
    for name in names.filter(|name| !name.is_empty()) {
        let is_known = name == "all" || rules.iter().any(|rule| matches(name, rule)) || crate::rule::CATEGORIES.contains(&name);
        let is_known = is_known || CHECKS.iter().any(|check| check.id == name);
        if !is_known {
            let candidates = rules.iter().map(|rule| rule.id.as_str()).chain(crate::rule::CATEGORIES.iter().copied()).chain(["all"]);
            return Err(unknown(name, nearest(name, candidates)));
        }
    }
    Ok(())
}

/// The error for a name that nothing has.
pub(super) fn unknown(name: &str, near: Option<&str>) -> Error {
    let help = match near {
        Some(near) => format!("did you mean `{near}`? `redis-lint rules` lists all of them"),
        None => "`redis-lint rules` lists all of them".to_owned(),
    };
    Error::UnknownRule { name: name.to_owned(), help }
}

//! Which rules run.

use super::Error;
use crate::rule::{Rule, Rules, Selected, nearest};

/// The rules that `select` and `ignore` leave: ids, categories or `all`. Without `select`, those that are on by default.
///
/// # Errors
/// When a name is neither a rule nor a category.
pub fn selected<'r>(rules: &'r Rules, select: &[String], ignore: &[String]) -> Result<Vec<Selected<'r>>, Error> {
    let names = || select.iter().chain(ignore).map(|name| name.trim()).filter(|name| !name.is_empty());
    for name in names() {
        known(rules, name)?;
    }
    let named = |names: &[String], rule: &Rule| names.iter().any(|name| matches(name.trim(), rule));
    let asked = |rule: &Rule| if select.is_empty() { rule.enabled } else { named(select, rule) };
    Ok(rules.iter().filter(|rule| asked(rule) && !named(ignore, rule)).map(Selected::plain).collect())
}

fn matches(name: &str, rule: &Rule) -> bool {
    name == "all" || name == rule.id || name == rule.category
}

fn known(rules: &Rules, name: &str) -> Result<(), Error> {
    if name == "all" || rules.iter().any(|rule| matches(name, rule)) || crate::rule::CATEGORIES.contains(&name) {
        return Ok(());
    }
    let candidates = rules.iter().map(|rule| rule.id.as_str()).chain(crate::rule::CATEGORIES.iter().copied()).chain(["all"]);
    Err(unknown(name, nearest(name, candidates)))
}

/// The error for a name that nothing has.
pub(super) fn unknown(name: &str, near: Option<&str>) -> Error {
    let help = match near {
        Some(near) => format!("did you mean `{near}`? `redis-lint rules` lists all of them"),
        None => "`redis-lint rules` lists all of them".to_owned(),
    };
    Error::UnknownRule { name: name.to_owned(), help }
}

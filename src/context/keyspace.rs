//! What commands on the whole keyspace reach: which nodes of a cluster, and whether their patterns carry the prefix of keys.

use super::Cx;
use super::arguments::Arguments;
use super::construction::{is_copy, made_by};
use super::receiver::Reached;
use crate::client::Role;
use crate::command::Command;
use crate::key::{KeyPart, Template};
use crate::operation::{Operation, fact};
use crate::resolve::Unit;
use crate::resolve::value::ClientValue;

/// Sets the facts `nodes_asked` and `pattern_prefixed`.
pub(crate) fn facts(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments, on: &Reached, operation: &mut Operation) {
    let Some(client) = on.clients.first() else { return };
    let Some(keyspace) = cx.catalog.library(client.library).keyspace() else { return };
    // What a copy is of is seen at another place, and may be of several kinds.
    let is_copied = |client: &ClientValue| made_by(cx, client).is_some_and(|(unit, call)| is_copy(cx, unit, call));
    if on.clients.iter().all(|client| client.role == Role::Cluster && !is_copied(client))
        && entry.keys.is_empty()
        && let Some(all) = keyspace.all_nodes
    {
        operation.facts.set_word(fact::NODES_ASKED, if all { "all" } else { "one" });
    }
    if keyspace.prefixed_patterns != Some(false) {
        return;
    }
    let pattern = match entry.name.as_str() {
        "KEYS" => words.words.first().and_then(|word| word.node),
        "SCAN" => words.options.iter().find(|option| option.name.eq_ignore_ascii_case("match")).and_then(|option| option.value),
        _ => None,
    };
    let (Some(pattern), Some(prefix)) = (pattern, cx.prefixes.of(&on.clients)) else { return };
    if let Some(prefixed) = begins_with(&cx.texts.template(unit, pattern), prefix) {
        operation.facts.set_bool(fact::PATTERN_PREFIXED, prefixed);
    }
}

/// Whether a pattern begins with a prefix; `None` when their text does not tell.
fn begins_with(pattern: &Template, prefix: &Template) -> Option<bool> {
    let text = |template: &Template| match template.0.first() {
        Some(KeyPart::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let (pattern, prefix) = (text(pattern)?, text(prefix)?);
    let until_glob = pattern.split(['*', '?', '[', '\\']).next().unwrap_or_default();
    let all = prefix.len().min(until_glob.len());
    // `*` alone may be meant for everything that is there.
    if until_glob.as_bytes()[..all] != prefix.as_bytes()[..all] {
        return Some(false);
    }
    (until_glob.len() >= prefix.len()).then_some(true)
}

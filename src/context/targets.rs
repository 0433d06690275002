//! What clients connect to, where the code says all of it: two constructions with equal targets are two connections to one
//! server, where one would do.

use rustc_hash::FxHashMap;

use super::Cx;
use super::arguments::through_casts;
use super::construction::is_copy;
use super::nilable::is_environment;
use crate::operation::{Analysis, Value, fact};
use crate::program::{ArgumentKind, Call, EntryKey, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::ClientValue;

/// How deep options are read.
const DEPTH: usize = 4;

/// What a construction connects to, with the package that it stands in; `None` where the code does not show it.
pub(crate) fn target(cx: Cx<'_>, unit: &Unit, call: &Call, made: &ClientValue) -> Option<String> {
    // A copy is made because a second one is wanted.
    if is_copy(cx, unit, call) {
        return None;
    }
    let library = &cx.catalog.library(made.library).name;
    let mut target = format!("{}\n{library} {}", cx.project.package(unit.file), made.role.word());
    for argument in &call.args {
        let name = match &argument.kind {
            ArgumentKind::Keyword(name) => name.as_str(),
            ArgumentKind::Positional => "",
            _ => return None,
        };
        target.push_str(&format!("\n{name}={}", written(cx, unit, argument.value, 0)?));
    }
    Some(target)
}

/// An expression in a form that is equal where the value is: texts, variables of the environment, and what is made of them.
fn written(cx: Cx<'_>, unit: &Unit, node: NodeId, depth: usize) -> Option<String> {
    let node = through_casts(unit, node);
    if depth > DEPTH {
        return None;
    }
    if let Some(text) = cx.texts.known(unit, node) {
        return Some(format!("{text:?}"));
    }
    let inner = |node: NodeId| written(cx, unit, node, depth + 1);
    match unit.module.kind(node) {
        Kind::Literal(literal) => Some(format!("{literal:?}")),
        Kind::Member { object, name, .. } if is_environment(unit, *object) => Some(format!("${name}")),
        Kind::Index { object, index, .. } if is_environment(unit, *object) => Some(format!("${}", cx.texts.known(unit, *index)?)),
        Kind::Logic { left, right, .. } => Some(format!("{}|{}", inner(*left)?, inner(*right)?)),
        Kind::Object(entries) => {
            let mut members = Vec::new();
            for entry in entries {
                let (EntryKey::Name(name) | EntryKey::Symbol(name)) = &entry.key else { return None };
                members.push(format!("{name}={}", inner(entry.value)?));
            }
            members.sort_unstable();
            Some(format!("{{{}}}", members.join(",")))
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if name == "fetch" && is_environment(unit, *receiver) => {
                let given: Option<Vec<String>> = call.args.iter().map(|argument| inner(argument.value)).collect();
                Some(format!("${}", given?.join("|")))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Sets the fact `same_target`: how many clients of a package, each kept for the whole process and sending nothing but ordinary
/// commands, connect to the same server in the same way.
pub(crate) fn count(analysis: &mut Analysis) {
    let mut counts: FxHashMap<String, f64> = FxHashMap::default();
    let kept = |client: &crate::operation::Client| {
        matches!(client.facts.word(fact::HELD), Some("module" | "class" | "memoised"))
            && !client.facts.has(fact::RUNS_IN_, "test")
            && client.facts.get(fact::USED_FOR) == Some(&Value::Words(vec!["commands"]))
    };
    for client in analysis.clients.iter().filter(|client| kept(client)) {
        if let Some(target) = &client.target {
            *counts.entry(target.clone()).or_default() += 1.0;
        }
    }
    for client in analysis.clients.iter_mut().filter(|client| kept(client)) {
        if let Some(count) = client.target.as_ref().and_then(|target| counts.get(target)) {
            client.facts.set_number(fact::SAME_TARGET, *count);
        }
    }
}

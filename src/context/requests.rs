//! What a request carries, where it goes into a command as it came.

use super::Cx;
use super::arguments::{Arguments, through_casts};
use crate::client::{ValueKind, ValueVerdict};
use crate::command::Command;
use crate::operation::{Operation, fact};
use crate::program::{Argument, BindingKind, Call, Kind, NodeId, Part, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::called_name;
use crate::resolve::value::ClientValue;

/// How far values are followed.
const DEPTH: usize = 6;

/// Sets the fact `untrusted` of a command: which of its words are a request's, as they came.
pub(crate) fn facts(cx: Cx<'_>, unit: &Unit, client: &ClientValue, entry: &Command, words: &Arguments, operation: &mut Operation) {
    let versions = cx.project.allowed(unit.file, client.library).versions;
    let array = cx.catalog.library(client.library).value(ValueKind::Array, &entry.name, versions);
    let flattens = array.is_some_and(|said| said.newest == ValueVerdict::Flattened);
    let mut found = Vec::new();
    for (index, word) in words.words.iter().enumerate() {
        // A command that takes any number of keys or members is meant to take a list.
        let Some(node) = word.node.filter(|_| entry.slots.get(index).is_some_and(|slot| !slot.repeats)) else { continue };
        if flattens && carried(unit, node, 0) == Some(Carried::Anything) {
            found.push("array");
        }
    }
    for pattern in patterns(entry, words) {
        if holes(cx, unit, pattern).into_iter().any(|hole| carried(unit, hole, 0).is_some()) {
            found.push("pattern");
        }
    }
    if !found.is_empty() {
        operation.facts.set_words(fact::UNTRUSTED, found);
    }
}

/// The word of the fact `command_from` for the name that a raw command is sent under.
pub(crate) fn command_from(cx: Cx<'_>, unit: &Unit, call: &Call) -> Option<&'static str> {
    let first: &Argument = call.args.first()?;
    let node = match unit.module.kind(through_casts(unit, first.value)) {
        Kind::Array(members) => *members.first()?,
        Kind::Spread(inner) => *inner,
        _ => first.value,
    };
    if cx.texts.known(unit, node).is_some() {
        return Some("known");
    }
    Some(if carried(unit, node, 0).is_some() { "request" } else { "dynamic" })
}

/// What a part of a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    /// Text.
    Text,
    /// Text, a list or an object, as its sender pleases.
    Anything,
}

/// What a request says of an expression that is a part of it, as it came.
fn carried(unit: &Unit, node: NodeId, depth: usize) -> Option<Carried> {
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Member { object, name, .. } => {
            if let Kind::Local(binding) = unit.module.kind(through_casts(unit, *object))
                && is_request(unit, *binding)
            {
                return None;
            }
            part(unit, *object).filter(|_| name != "length").or_else(|| carried(unit, *object, depth + 1))
        }
        Kind::Index { object, .. } => {
            ruby_parameter(unit, *object).or_else(|| part(unit, *object)).or_else(|| carried(unit, *object, depth + 1))
        }
        Kind::Local(binding) if depth < DEPTH => {
            if is_checked(unit, node) || !unit.module.binding(*binding).is_const {
                return None;
            }
            match unit.assigned[binding.0 as usize].as_slice() {
                [value] => carried(unit, *value, depth + 1),
                [] => destructured(unit, node).and_then(|value| part(unit, value)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What the parts of an expression may be, when it is the query, the body or the parameters of a request.
fn part(unit: &Unit, node: NodeId) -> Option<Carried> {
    let Kind::Member { object, name, .. } = unit.module.kind(through_casts(unit, node)) else { return None };
    let carried = match name.as_str() {
        "query" | "body" => Carried::Anything,
        "params" | "headers" | "cookies" => Carried::Text,
        _ => return None,
    };
    match unit.module.kind(through_casts(unit, *object)) {
        Kind::Local(binding) => is_request(unit, *binding).then_some(carried),
        // `ctx.request.body`, `ctx.req.query`.
        Kind::Member { object, name, .. } if matches!(name.as_str(), "request" | "req") => {
            match unit.module.kind(through_casts(unit, *object)) {
                Kind::Local(binding) => is_request(unit, *binding).then_some(carried),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `params[:id]` of Rails, Sinatra and Grape.
fn ruby_parameter(unit: &Unit, object: NodeId) -> Option<Carried> {
    let Kind::Call(call) = unit.module.kind(object) else { return None };
    (unit.module.semantics.shares_constants && matches!(&call.target, Target::Own(name) if name == "params") && call.args.is_empty())
        .then_some(Carried::Anything)
}

fn is_request(unit: &Unit, binding: crate::program::BindingId) -> bool {
    let bound = unit.module.binding(binding);
    bound.kind == BindingKind::Param && matches!(bound.name.as_str(), "req" | "request" | "ctx" | "context")
}

/// The expression that a pattern takes a variable out of: `const { id } = req.query`.
fn destructured(unit: &Unit, node: NodeId) -> Option<NodeId> {
    let Kind::Local(binding) = unit.module.kind(node) else { return None };
    unit.mentions[binding.0 as usize].iter().find_map(|mention| {
        let pattern = unit.parents[mention.0 as usize]?;
        let Kind::Pattern(entries) = unit.module.kind(pattern) else { return None };
        entries.iter().find(|entry| entry.target == *mention && entry.default.is_none())?;
        match unit.module.kind(unit.parents[pattern.0 as usize]?) {
            Kind::Assign { target, value, .. } if *target == pattern => Some(*value),
            _ => None,
        }
    })
}

/// Whether anything asks what a variable holds: `typeof`, `Array.isArray`, a comparison, a function that checks.
fn is_checked(unit: &Unit, node: NodeId) -> bool {
    let Kind::Local(binding) = unit.module.kind(node) else { return false };
    unit.mentions[binding.0 as usize].iter().any(|mention| {
        let Some(parent) = unit.parents[mention.0 as usize] else { return false };
        match unit.module.kind(parent) {
            Kind::Unary { op: UnaryOp::TypeOf, .. } | Kind::Binary { .. } | Kind::Switch { .. } => true,
            Kind::Call(call) if call.args.iter().any(|argument| argument.value == *mention) => {
                let name = called_name(unit, call).to_ascii_lowercase();
                ["is", "valid", "parse", "check", "assert", "includes", "has", "test", "sanit", "ensure"]
                    .iter()
                    .any(|word| name.contains(word))
            }
            _ => false,
        }
    })
}

/// The words of a command that are patterns.
fn patterns(entry: &Command, words: &Arguments) -> Vec<NodeId> {
    match entry.name.as_str() {
        "KEYS" | "PSUBSCRIBE" => words.words.iter().filter_map(|word| word.node).collect(),
        "SCAN" | "HSCAN" | "SSCAN" | "ZSCAN" => {
            words.options.iter().filter(|option| option.name.eq_ignore_ascii_case("match")).filter_map(|option| option.value).collect()
        }
        _ => Vec::new(),
    }
}

/// The expressions in a pattern that says something itself: of a template written there, or in the constant that it is. Who
/// takes a whole pattern of a request means it to be one.
fn holes(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Vec<NodeId> {
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Template(parts) => {
            let bare = !parts.iter().any(|part| matches!(part, Part::Text(text) if text.chars().any(char::is_alphanumeric)));
            parts.iter().filter_map(|part| if let Part::Hole(hole) = part { Some(*hole) } else { None }).filter(|_| !bare).collect()
        }
        Kind::Local(_) => match cx.texts.definition(unit, node, 0) {
            Some((file, defined)) if file == unit.file && matches!(unit.module.kind(defined), Kind::Template(_)) => {
                holes(cx, unit, defined)
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

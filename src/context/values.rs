//! What the client makes of the values that are stored.

use super::Cx;
use super::arguments::{Arguments, VALUES, takes_pairs, through_casts, value_kinds};
use super::operations::allowed;
use crate::client::{ValueKind, ValueVerdict};
use crate::command::Command;
use crate::operation::{Operation, fact};
use crate::program::{Call, CallForm, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::text::called_name;
use crate::resolve::value::ClientValue;

/// Verdicts, from what loses most to what loses nothing.
const WORST_FIRST: &[ValueVerdict] = &[
    ValueVerdict::Rejected,
    ValueVerdict::Stringified,
    ValueVerdict::Emptied,
    ValueVerdict::Flattened,
    ValueVerdict::Encoded,
    ValueVerdict::Accepted,
];

/// Sets the fact `value_verdict`: that of the worst value. Values of unknown kind have none.
pub(crate) fn verdict(
    cx: Cx<'_>,
    unit: &Unit,
    client: &ClientValue,
    entry: &Command,
    words: &Arguments,
    ttl: Option<NodeId>,
    operation: &mut Operation,
) {
    let versions = allowed(cx, unit, client);
    let table = cx.catalog.library(client.library);
    let values = words.named(entry).filter(|(name, _)| VALUES.contains(&name.as_str())).filter_map(|(_, word)| word.node);
    let kinds = values.filter_map(|node| kind(cx, unit, node));
    let ttl = ttl.and_then(|node| kind(cx, unit, node)).filter(|kind| *kind == ValueKind::Duration);
    let mut found: Option<ValueVerdict> = None;
    for kind in kinds.chain(ttl) {
        // An object of names and values was taken apart before; one that is left is itself a value.
        let command = if kind == ValueKind::Object && takes_pairs(entry) { "" } else { entry.name.as_str() };
        let Some(said) = table.value(kind, command, versions) else { continue };
        // What may be missing need not be: that it is refused then is no news to its author.
        if kind == ValueKind::Nilable && said.newest != ValueVerdict::Emptied {
            continue;
        }
        let worse = found.is_none_or(|before| rank(said.newest) < rank(before));
        if worse {
            found = Some(said.newest);
        }
        operation.versions_differ |= !said.agree && worse;
    }
    if let Some(verdict) = found {
        operation.facts.set_word(fact::VALUE_VERDICT, verdict.word());
    }
}

fn rank(verdict: ValueVerdict) -> usize {
    WORST_FIRST.iter().position(|word| *word == verdict).unwrap_or(WORST_FIRST.len())
}

/// The kind of a value, where the code shows it.
fn kind(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<ValueKind> {
    if is_date(unit, through_casts(unit, node)) {
        return Some(ValueKind::Time);
    }
    let words = value_kinds(cx, unit, node, 0);
    let has = |word: &str| words.contains(&word);
    Some(match () {
        () if has("object") => ValueKind::Object,
        () if has("array") => ValueKind::Array,
        () if has("boolean") => ValueKind::Boolean,
        () if has("nil") => ValueKind::Nil,
        () if has("duration") => ValueKind::Duration,
        () if has("number") => ValueKind::Number,
        () if has("string") || has("json") || has("marshal") => ValueKind::String,
        () if super::nilable::broken_chain(unit, node) => ValueKind::Nilable,
        () => return None,
    })
}

/// Whether an expression is a date or time as an object, and not its text or number.
fn is_date(unit: &Unit, node: NodeId) -> bool {
    let Kind::Call(call) = unit.module.kind(node) else { return false };
    match &call.target {
        Target::Function(callee) => call.form == CallForm::New && matches!(unit.module.kind(*callee), Kind::Free(name) if name == "Date"),
        Target::Method { receiver, name } => {
            matches!(unit.module.kind(*receiver), Kind::Constant { path, .. } if path.len() == 1 && path[0] == "Time")
                && matches!(name.as_str(), "now" | "current")
                || matches!(name.as_str(), "from_now" | "ago") && call.args.is_empty()
        }
        _ => false,
    }
}

/// Whether a value comes, as it is or as a part, from a call that makes something elsewhere: one that is named so, and that is
/// waited for, or that is called on a class (`Order.create!`).
pub(crate) fn is_created(unit: &Unit, node: NodeId, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    match unit.module.kind(node) {
        Kind::Cast { value, .. } => is_created(unit, *value, depth + 1),
        Kind::Await(value) => {
            matches!(unit.module.kind(*value), Kind::Call(call) if creates(unit, call)) || is_created(unit, *value, depth + 1)
        }
        Kind::Member { object, .. } | Kind::Index { object, .. } => is_created(unit, *object, depth + 1),
        Kind::Local(binding) => unit.assigned[binding.0 as usize].iter().any(|value| is_created(unit, *value, depth + 1)),
        // `order.id`, and `Order.create!(…)` itself.
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, .. } if matches!(unit.module.kind(*receiver), Kind::Constant { .. }) => creates(unit, call),
            Target::Method { receiver, .. } if call.args.is_empty() => is_created(unit, *receiver, depth + 1),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a call is named as one that makes something.
fn creates(unit: &Unit, call: &Call) -> bool {
    let name = called_name(unit, call);
    ["create", "insert", "register", "provision"].iter().any(|verb| {
        name.strip_prefix(verb)
            .is_some_and(|rest| rest.is_empty() || rest == "!" || rest.starts_with(|c: char| c == '_' || c.is_ascii_uppercase()))
    })
}

//! What two operations share.

use super::Same;
use crate::operation::{Identity, Key, Operation, Value, fact};

/// How two things are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// By their source text only: `key(id)` twice.
    ByText,
    /// By value.
    ByValue,
}

/// Whether two operations share all of a set, and how surely. Unknown is *no*.
#[must_use]
pub fn shared(one: &Operation, two: &Operation, same: Same) -> Option<Shared> {
    let mut result = Shared::ByValue;
    if same.contains(Same::QUEUE) {
        one.queue.filter(|queue| Some(*queue) == two.queue)?;
    }
    if same.contains(Same::CLIENT) {
        result = result.min(same_client(one, two)?);
    }
    if same.contains(Same::KEY) {
        result = result.min(same_keys(one, two)?);
    }
    for (part, name) in [(Same::FIELD, "field"), (Same::MEMBER, "member"), (Same::VALUE, "value")] {
        if same.contains(part) {
            let identity = |operation: &'_ Operation| operation.slot(name).and_then(|slot| slot.identity.clone());
            result = result.min(same_identity(&identity(one)?, &identity(two)?)?);
        }
    }
    Some(result)
}

/// Whether two operations go to the same client: the same queue, the same construction, or the same expression.
#[must_use]
pub fn same_client(one: &Operation, two: &Operation) -> Option<Shared> {
    match (one.queue, two.queue) {
        (Some(first), Some(second)) => return (first == second).then_some(Shared::ByValue),
        (None, None) => {}
        _ => return None,
    }
    if let ([first], [second]) = (one.clients.as_slice(), two.clients.as_slice()) {
        return (first == second).then_some(Shared::ByValue);
    }
    same_identity(one.receiver.as_ref()?, two.receiver.as_ref()?)
}

/// Whether all keys of the operation with fewer of them occur in the other.
fn same_keys(one: &Operation, two: &Operation) -> Option<Shared> {
    let (short, long) = if one.keys.len() <= two.keys.len() { (one, two) } else { (two, one) };
    if short.keys.is_empty() {
        return None;
    }
    let mut result = Shared::ByValue;
    for key in &short.keys {
        result = result.min(long.keys.iter().filter_map(|other| same_key(key, other)).max()?);
    }
    Some(result)
}

/// Whether two keys are the same. Different templates that could be equal are not.
#[must_use]
pub fn same_key(one: &Key, two: &Key) -> Option<Shared> {
    if let (Some(first), Some(second)) = (one.template.known(), two.template.known()) {
        return (first == second).then_some(Shared::ByValue);
    }
    if one.template.to_string() != two.template.to_string() {
        return None;
    }
    same_identity(one.identity.as_ref()?, two.identity.as_ref()?)
}

fn same_identity(one: &Identity, two: &Identity) -> Option<Shared> {
    if one.canonical != two.canonical || one.bindings != two.bindings {
        return None;
    }
    Some(if one.by_value && two.by_value { Shared::ByValue } else { Shared::ByText })
}

/// Whether an operation may change what stands under a key of `other`: it writes and their keys are the same, or nothing is
/// known of its key and it goes to the same client, or may.
pub(super) fn may_disturb(operation: &Operation, other: &Operation) -> bool {
    const READS: &[&str] = &["read", "full-read", "scan", "connect", "close", "watch", "transaction", "subscribe", "publish"];
    let Some(Value::Words(does)) = operation.facts.get(fact::DOES_) else { return false };
    if does.contains(&"flush") {
        return true;
    }
    if does.iter().all(|word| READS.contains(word)) {
        return false;
    }
    let unknown = |key: &Key| key.identity.is_none() && key.template.is_opaque();
    let hidden = operation.arguments_hidden && operation.keys.is_empty();
    if hidden || operation.keys.iter().any(unknown) {
        return same_client(operation, other).is_some();
    }
    operation.keys.iter().any(|key| other.keys.iter().any(|own| same_key(key, own).is_some()))
}

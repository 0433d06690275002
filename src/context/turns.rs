//! The turns of a loop: what else they wait for, and which commands in them need each other's replies.

use super::arguments::through_casts;
use super::batches;
use super::identity::is_pure_call;
use super::loops::{LoopAround, loop_around, mentions_reply};
use super::replies::ByCall;
use super::{Cx, Found};
use crate::operation::{Operation, OperationId, Slot, fact};
use crate::program::{Call, ExitKind, Kind, NodeId};
use crate::resolve::Unit;
use crate::resolve::text::called_name;
use crate::source::Span;

/// How far above a loop its comment stands: a list that the loop fills may be between.
const COMMENT_LINES: usize = 3;

/// Sets the fact `turn` of all operations in loops.
pub(crate) fn mark(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    let in_loops: Vec<(NodeId, OperationId)> = found
        .by_call
        .iter()
        .filter(|(_, id)| found.operations[id.0 as usize].facts.word(fact::LOOP).is_some_and(|word| word != "none"))
        .map(|(call, id)| (*call, *id))
        .collect();
    if in_loops.is_empty() {
        return;
    }
    let waits: Vec<Span> = (0..unit.module.nodes.len() as u32)
        .map(NodeId)
        .filter(|node| stands(unit, *node))
        .filter(|node| match unit.module.kind(*node) {
            Kind::Await(value) => !is_of_redis(cx, unit, &found.by_call, *value),
            Kind::Call(call) => unit.module.semantics.shares_constants && called_name(unit, call) == "sleep",
            _ => false,
        })
        .map(|node| unit.module.span(node))
        .collect();
    for (call, id) in in_loops {
        let Some(around) = loop_around(cx, unit, call) else { continue };
        let word = if waits.iter().any(|other| around.span.contains(*other)) {
            "waits"
        } else if is_meant(cx.source(unit), around.span) {
            "meant"
        } else if reads_what_is_written(unit, found, id, &around) || is_chained(unit, found, call, id, &around) {
            "chained"
        } else if collects(cx, unit, call, &around) {
            "collects"
        } else {
            "free"
        };
        found.operations[id.0 as usize].facts.set_word(fact::TURN, word);
    }
}

/// Whether a turn does nothing but keep the reply: `jobs.push(JSON.parse(await redis.lpop(key)))`.
fn collects(cx: Cx<'_>, unit: &Unit, call: NodeId, around: &LoopAround) -> bool {
    let keeps = |node: NodeId, made: &Call| {
        node == call
            || node == around.at
            || is_pure_call(unit, made)
            || matches!(called_name(unit, made).as_str(), "push" | "append" | "concat" | "add" | "parse" | "load" | "loop" | "with")
            || !cx.texts.values(unit, node).clients().is_empty()
    };
    unit.module
        .calls()
        .filter(|(node, _)| stands(unit, *node) && around.span.contains(unit.module.span(*node)))
        .all(|(node, made)| keeps(node, made))
}

/// Whether a node is part of the program: the grammar's own idea of some expressions is left over.
fn stands(unit: &Unit, node: NodeId) -> bool {
    unit.parents[node.0 as usize].is_some() || unit.module.function(unit.holder[node.0 as usize]).body == node
}

/// Whether a command reads a key that is the same in all turns, and that another command in the loop writes: each turn is to see
/// what the one before it did.
fn reads_what_is_written(unit: &Unit, found: &Found, id: OperationId, around: &LoopAround) -> bool {
    let operation = &found.operations[id.0 as usize];
    let key = |operation: &Operation| Some(operation.keys.first()?.identity.as_ref()?.canonical.clone());
    if !operation.facts.has(fact::DOES_, "read") || operation.facts.has(fact::LOOP_VARIES, "key") || key(operation).is_none() {
        return false;
    }
    found.by_call.iter().any(|(call, other)| {
        let other_operation = &found.operations[other.0 as usize];
        *other != id
            && other_operation.facts.has(fact::DOES_, "write")
            && around.span.contains(unit.module.span(*call))
            && key(other_operation) == key(operation)
    })
}

/// Whether a command that only a pipeline can send with its kind needs the reply of another command in the same turn: in its
/// arguments, or to be sent at all.
fn is_chained(unit: &Unit, found: &Found, call: NodeId, id: OperationId, around: &LoopAround) -> bool {
    let operation = &found.operations[id.0 as usize];
    if operation.facts.word(fact::BATCH).is_some_and(|batch| !batches::only_queued(batch)) {
        return false;
    }
    let inside = |node: NodeId| around.span.contains(unit.module.span(node));
    let others: ByCall = found.by_call.iter().filter(|(at, _)| **at != call && inside(**at)).map(|(at, id)| (*at, *id)).collect();
    if others.is_empty() {
        return false;
    }
    let derives = |slot: &Slot| slot.derives.iter().any(|from| others.values().any(|other| *other == from.operation));
    if operation.slots.iter().any(derives) {
        return true;
    }
    let mut at = call;
    while let Some(parent) = unit.parents[at.0 as usize].filter(|parent| inside(*parent)) {
        let needed = match unit.module.kind(parent) {
            Kind::Branch { condition, .. } => *condition != at && mentions_reply(unit, &others, *condition),
            Kind::Logic { left, .. } => *left != at && mentions_reply(unit, &others, *left),
            // `next if redis.exists?(key)` before it.
            Kind::Block(statements) => statements.iter().take_while(|statement| **statement != at).any(|statement| {
                matches!(unit.module.kind(*statement), Kind::Branch { condition, then, otherwise }
                    if mentions_reply(unit, &others, *condition)
                        && std::iter::once(*then).chain(*otherwise).any(|arm| goes_on(unit, arm)))
            }),
            _ => false,
        };
        if needed {
            return true;
        }
        at = parent;
    }
    false
}

/// Whether an arm of a branch goes on with the next turn.
fn goes_on(unit: &Unit, arm: NodeId) -> bool {
    match unit.module.kind(arm) {
        Kind::Block(statements) => statements.last().is_some_and(|last| goes_on(unit, *last)),
        Kind::Exit { kind: ExitKind::Next, .. } => true,
        _ => false,
    }
}

/// Whether a comment right above a loop says that its turns are to follow each other.
fn is_meant(text: &str, around: Span) -> bool {
    const WORDS: &[&str] = &["sequential", "one at a time", "one by one", "one after another", "serially"];
    let before = text.get(..around.start as usize).unwrap_or_default();
    let above = before[..before.rfind('\n').unwrap_or_default()].lines().rev().take(COMMENT_LINES);
    above.map(str::trim_start).filter(|line| ["//", "#", "*", "/*"].iter().any(|sign| line.starts_with(sign))).any(|line| {
        let line = line.to_ascii_lowercase();
        WORDS.iter().any(|word| line.contains(word))
    })
}

/// Whether what is waited for is a reply, or a client. What is made of a reply and given to other code is neither.
fn is_of_redis(cx: Cx<'_>, unit: &Unit, by_call: &ByCall, value: NodeId) -> bool {
    let mut stack = vec![value];
    while let Some(node) = stack.pop() {
        if by_call.contains_key(&node) {
            return true;
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    let held = through_casts(unit, value);
    matches!(unit.module.kind(held), Kind::Local(_)) && mentions_reply(unit, by_call, held)
        || !cx.texts.values(unit, value).clients().is_empty()
}

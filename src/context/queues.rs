//! Blocks that queue commands, and what inside of them does not go into the queue.

use rustc_hash::FxHashMap;

use super::replies::queued_uses;
use super::{Cx, Found};
use crate::client::{BlockParameter, Outer, QueueKind};
use crate::operation::{OperationId, fact};
use crate::program::{FunctionKind, Kind, NodeId};
use crate::resolve::Unit;

/// Sets the facts `queue_bypass` and `bypasses` of operations on a client inside of a block that queues commands of that same
/// client.
pub(crate) fn bypass(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    if found.queues.is_empty() {
        return;
    }
    let mut words: Vec<(NodeId, OperationId, &'static str, &'static str, bool)> = Vec::new();
    let mut inside: Vec<OperationId> = Vec::new();
    let mut bypasses: FxHashMap<OperationId, (OperationId, u32)> = FxHashMap::default();
    for (call, id) in &found.by_call {
        let operation = &found.operations[id.0 as usize];
        if operation.facts.word(fact::TRIP) != Some("alone") || operation.receiver.is_none() {
            continue;
        }
        let Some((opened, takes_parameter)) = queue_around(unit, found, *call) else { continue };
        inside.push(*id);
        let opening = &found.operations[opened.0 as usize];
        let receiver = |id: OperationId| found.operations[id.0 as usize].site.receiver;
        let text = |id: OperationId| cx.source(unit).get(receiver(id).range());
        // A read that the block needs, beside what it queues.
        let reads = operation.facts.has(fact::DOES_, "read") && !operation.facts.has(fact::DOES_, "write");
        let needed = takes_parameter && reads && !operation.facts.has(fact::REPLY_USE, "ignored");
        if text(*id) != text(opened) || needed {
            continue;
        }
        let Some(library) = cx.catalog.named(&opening.library) else { continue };
        let versions = cx.project.allowed(unit.file, library).versions;
        let Some(queue) = cx.catalog.library(library).queue(&opening.method, versions) else { continue };
        let word = match (queue.newest.outer, queue.newest.parameter) {
            (Some(Outer::Immediate), Some(BlockParameter::Required)) => "immediate",
            (Some(Outer::Queued), _) => "queued",
            _ => continue,
        };
        let trip = if queue.newest.kind == QueueKind::Transaction { "transaction" } else { "pipeline" };
        words.push((*call, *id, word, trip, queue.agree));
        let start = |id: OperationId| found.operations[id.0 as usize].site.name.start;
        let (first, count) = bypasses.entry(opened).or_insert((*id, 0));
        *count += 1;
        if start(*id) < start(*first) {
            *first = *id;
        }
    }
    for (first, count) in bypasses.into_values() {
        found.operations[first.0 as usize].facts.set_number(fact::BYPASSES, f64::from(count));
    }
    inside.into_iter().for_each(|id| found.operations[id.0 as usize].facts.unset(fact::WAITED));
    for (call, id, word, trip, agree) in words {
        let operation = &mut found.operations[id.0 as usize];
        operation.facts.set_word(fact::QUEUE_BYPASS, word);
        if word == "queued" {
            operation.facts.set_word(fact::TRIP, trip);
            operation.facts.set_words(fact::REPLY_USE, queued_uses(unit, call));
        }
        operation.versions_differ |= !agree;
    }
}

/// The innermost queue whose block a call stands in, and whether the block takes it as a parameter.
fn queue_around(unit: &Unit, found: &Found, call: NodeId) -> Option<(OperationId, bool)> {
    let mut function = unit.holder[call.0 as usize];
    for _ in 0..16 {
        let here = unit.module.function(function);
        if here.kind != FunctionKind::Block {
            return None;
        }
        let node = *unit.callers.get(&function)?;
        let Kind::Call(_) = unit.module.kind(node) else { return None };
        if let Some(at) = found.queue_places.iter().position(|place| *place == unit.place(node)) {
            return Some((found.queues[at].opened_by?, !here.params.is_empty()));
        }
        function = unit.holder[node.0 as usize];
    }
    None
}

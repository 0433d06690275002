//! Connections that several pieces of code use: whether a command that waits keeps others waiting, and whether others' commands
//! come in between.

use rustc_hash::FxHashMap;

use crate::operation::{Analysis, ClientId, Operation, fact};

/// Sets the facts `stall`, of all commands that wait, and `interleaved`.
pub(crate) fn apply(analysis: &mut Analysis) {
    for index in 0..analysis.operations.len() {
        let shared = only_client(&analysis.operations[index]).is_some_and(|client| is_one(analysis, client));
        if !shared {
            analysis.operations[index].facts.set_bool(fact::INTERLEAVED, false);
        }
    }
    let mut by_client: FxHashMap<ClientId, Vec<usize>> = FxHashMap::default();
    for (index, operation) in analysis.operations.iter().enumerate() {
        if let Some(client) = only_client(operation).filter(|client| is_one(analysis, *client)) {
            by_client.entry(client).or_default().push(index);
        }
    }
    let waits = |operation: &Operation| operation.facts.has(fact::DOES_, "block") && operation.facts.word(fact::TRIP) == Some("alone");
    let words: Vec<(usize, &'static str)> = analysis
        .operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| waits(operation))
        .filter_map(|(index, operation)| {
            let others = by_client.get(&only_client(operation)?)?;
            let stalls = others.iter().map(|other| &analysis.operations[*other]).any(|other| !waits(other) && apart(operation, other));
            // What others do cannot be seen when nobody else does anything: the client may be used elsewhere.
            Some((index, if stalls { "stalls-others" } else { "isolated" }))
        })
        .collect();
    for (index, word) in words {
        analysis.operations[index].facts.set_word(fact::STALL, word);
    }
}

/// The connection that a command certainly goes to, when it is one that is not taken out of a pool for the purpose.
fn only_client(operation: &Operation) -> Option<ClientId> {
    match operation.clients.as_slice() {
        [client]
            if operation.facts.word(fact::LAYER) == Some("call")
                && operation.facts.word(fact::ROLE) == Some("connection")
                && !operation.facts.has(fact::RUNS_IN_, "test") =>
        {
            Some(*client)
        }
        _ => None,
    }
}

/// Whether a construction makes one client for the whole process: what a function makes and hands out is one for each call.
fn is_one(analysis: &Analysis, client: ClientId) -> bool {
    let held = analysis.clients.get(client.0 as usize).and_then(|client| client.facts.word(fact::HELD));
    matches!(held, Some("module" | "class" | "memoised"))
}

/// Whether another command is ordinary, and sent by code that does not wait for the first: that of another file, or of a
/// request. A worker that takes a job and then works on it, all in one file, keeps nobody waiting but itself.
fn apart(one: &Operation, other: &Operation) -> bool {
    let idle = ["connect", "close", "subscribe", "admin"].iter().any(|deed| other.facts.has(fact::DOES_, deed));
    let request = other.facts.has(fact::RUNS_IN_, "handler") && other.tree != one.tree;
    !idle && (request || other.site.file != one.site.file)
}

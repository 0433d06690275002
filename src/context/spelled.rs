//! Receivers whose methods contradict what is known of them: an adapter that is given one client or another, and code for an older
//! version than the newest that the manifests allow.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::operation::{Operation, fact};

/// How many methods of another client's spelling make a receiver another client.
const MANY: usize = 3;

/// Takes the verdict "missing" back, and tells for which operations the code itself says that it is for an older version: where a receiver is called in the spelling of another client throughout, or by both
/// spellings of a command, unless the client is made in the same file.
pub(crate) fn doubt(operations: &mut [Operation], made_here: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut older = Vec::new();
    let receiver = |operation: &Operation| operation.receiver.as_ref().map(|receiver| receiver.canonical.clone());
    let is_missing = |operation: &Operation| operation.facts.word(fact::METHOD_VERDICT) == Some("missing");
    let mut missing: FxHashMap<SmolStr, FxHashSet<SmolStr>> = FxHashMap::default();
    let mut existing: FxHashSet<(SmolStr, SmolStr)> = FxHashSet::default();
    for operation in operations.iter() {
        let Some(receiver) = receiver(operation) else { continue };
        if is_missing(operation) {
            missing.entry(receiver).or_default().insert(operation.method.clone());
        } else if operation.facts.word(fact::METHOD_VERDICT) == Some("exists") {
            existing.insert((receiver, operation.command.clone()));
        }
    }
    for (index, operation) in operations.iter_mut().enumerate() {
        let Some(receiver) = receiver(operation).filter(|_| is_missing(operation)) else { continue };
        // An older version that is allowed has the methods: the code tells that it is the one.
        let many = missing.get(&receiver).is_some_and(|methods| methods.len() >= MANY) && (!made_here(index) || operation.versions_differ);
        if many || existing.contains(&(receiver, operation.command.clone())) {
            operation.facts.unset(fact::METHOD_VERDICT);
            if many && operation.versions_differ {
                older.push(index);
            }
        }
    }
    older
}

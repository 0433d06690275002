//! What says several commands in one round trip.

use smol_str::SmolStr;

use super::entries::caller;
use crate::command::Batch;
use crate::operation::{Facts, Value, fact};
use crate::program::NodeId;
use crate::resolve::Unit;
use crate::resolve::text::called_name;

/// Where no command takes several.
const PIPELINE: &str = "a pipeline";
/// Where the nodes of a cluster share the keys.
const TOGETHER: &str = "Promise.all (the keys may live on different nodes of the cluster)";

/// Several commands of one kind.
pub(crate) struct Alike<'a> {
    /// Their name.
    pub command: &'a str,
    /// Whether they have no options: MSET and its kin know none.
    pub plain: bool,
    /// Whether their keys may lie on several nodes of a cluster, where no command and no pipeline takes all of them.
    pub scattered: bool,
}

/// The text of the fact `batch`.
pub(crate) fn text(unit: &Unit, batch: Option<Batch>, alike: &Alike<'_>) -> SmolStr {
    match batch {
        // The clients of languages without promises part a pipeline by themselves.
        _ if alike.scattered && unit.module.semantics.shares_constants => SmolStr::new_static(PIPELINE),
        _ if alike.scattered => SmolStr::new_static(TOGETHER),
        Some(Batch::Command(name)) if alike.plain => SmolStr::from(name),
        Some(Batch::Variadic) if alike.plain => format!("one {} with all of them", alike.command).into(),
        _ => SmolStr::new_static(PIPELINE),
    }
}

/// Whether a text of the fact says that no command takes several.
pub(crate) fn only_queued(batch: &str) -> bool {
    batch == PIPELINE || batch == TOGETHER
}

/// One command for many members answers with one number: where the reply to each is used, it is no way out.
pub(crate) fn by_use(unit: &Unit, call: NodeId, facts: &mut Facts) {
    let one_reply = facts.word(fact::BATCH).is_some_and(|batch| batch.starts_with("one "));
    if one_reply && !is_dropped(unit, call, facts) {
        facts.set_word(fact::BATCH, PIPELINE);
    }
}

/// Whether nothing sees the reply; what a block answers to `each` is seen by nobody.
pub(crate) fn is_dropped(unit: &Unit, call: NodeId, facts: &Facts) -> bool {
    let Some(Value::Words(uses)) = facts.get(fact::REPLY_USE) else { return false };
    let to_each = || {
        caller(unit, unit.holder[call.0 as usize]).is_some_and(|(_, outer)| {
            let name = called_name(unit, outer);
            name.contains("each") || matches!(name.as_str(), "times" | "step" | "upto" | "downto")
        })
    };
    uses.iter().all(|used| *used == "ignored" || *used == "returned" && to_each())
}

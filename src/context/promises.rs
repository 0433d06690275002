//! What becomes of the promise of a reply.

use super::entries::caller;
use crate::operation::{Facts, fact};
use crate::program::{Call, ExitKind, Kind, NodeId, Runs, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::{called_name, name_of};

/// Names that a parameter has that is called when the reply is there.
const CALLBACKS: &[&str] = &["cb", "callback", "done", "next", "fn", "handler", "resolve"];

/// Sets the fact `promise`, in languages whose clients answer with promises.
pub(crate) fn facts(unit: &Unit, id: NodeId, call: &Call, facts: &mut Facts) {
    if unit.module.semantics.shares_constants || !matches!(facts.word(fact::TRIP), Some("alone" | "concurrent")) {
        return;
    }
    if callback(unit, call).is_none()
        && let Some(word) = becomes(unit, id)
    {
        // Where there is no promise nobody can leave it alone.
        let none = word == "floating" && facts.word(fact::REPLY) == Some("accepted-flag");
        facts.set_word(fact::PROMISE, if none { "none" } else { word });
    }
}

/// The function that a call is given for the reply, in languages whose clients answer with promises or callbacks.
pub(crate) fn callback(unit: &Unit, call: &Call) -> Option<NodeId> {
    let last = call.args.last()?.value;
    let calls_back = match unit.module.kind(last) {
        Kind::Closure(_) => true,
        Kind::Local(_) | Kind::Member { .. } => CALLBACKS.contains(&name_of(unit, last).as_str()),
        _ => false,
    };
    (calls_back && !unit.module.semantics.shares_constants).then_some(last)
}

/// Whether the code around a call goes on only when the reply is there. A promise that is kept, and a callback, let it go on.
pub(crate) fn waits(unit: &Unit, id: NodeId, call: &Call) -> bool {
    if unit.module.semantics.shares_constants {
        return true;
    }
    if callback(unit, call).is_some() {
        return false;
    }
    let mut node = id;
    for _ in 0..24 {
        let Some(parent) = unit.parents[node.0 as usize] else {
            let function = unit.holder[node.0 as usize];
            if !unit.module.function(function).returns_body {
                return false;
            }
            let Some(outer) = run_by(unit, node) else { return true };
            node = outer;
            continue;
        };
        match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Yield(_) => return true,
            Kind::Exit { kind: ExitKind::Return, .. } => match run_by(unit, parent) {
                Some(outer) => node = outer,
                None => return true,
            },
            Kind::Cast { .. } | Kind::Array(_) => node = parent,
            Kind::Logic { right, .. } if *right == node => node = parent,
            Kind::Branch { condition, .. } if *condition != node => node = parent,
            // `withDeadline(redis.get(key))`, `redis.get(key).catch(() => null)`.
            Kind::Call(outer) if !matches!(called_name(unit, outer).as_str(), "push" | "unshift" | "add" | "set") => node = parent,
            _ => return false,
        }
    }
    false
}

/// The call that runs the closure around a node in place: what the closure answers with, the call hands on.
fn run_by(unit: &Unit, node: NodeId) -> Option<NodeId> {
    caller(unit, unit.holder[node.0 as usize]).filter(|(_, call)| call.runs == Runs::Once).map(|(at, _)| at)
}

/// The word of the fact.
fn becomes(unit: &Unit, call: NodeId) -> Option<&'static str> {
    let mut node = call;
    for _ in 0..24 {
        let Some(parent) = unit.parents[node.0 as usize] else {
            let function = unit.module.function(unit.holder[node.0 as usize]);
            return Some(if function.returns_body { "returned" } else { "floating" });
        };
        match unit.module.kind(parent) {
            Kind::Await(_) => return Some("awaited"),
            Kind::Cast { .. } => {}
            Kind::Block(_) => return Some("floating"),
            Kind::Exit { kind: ExitKind::Return, .. } => return Some("returned"),
            // Whoever writes `void` means it.
            Kind::Unary { op: UnaryOp::Void, .. } => return Some("none"),
            Kind::Logic { right, .. } if *right == node => {}
            Kind::Branch { condition, .. } if *condition != node => {}
            Kind::Call(outer) => match &outer.target {
                Target::Method { receiver, name } if *receiver == node => match (name.as_str(), outer.args.len()) {
                    ("catch", _) | ("then", 2..) => return Some("caught"),
                    ("then" | "finally", _) => {}
                    _ => return None,
                },
                _ => return Some("collected"),
            },
            Kind::Assign { .. } | Kind::Array(_) | Kind::Object(_) => return Some("collected"),
            _ => return None,
        }
        node = parent;
    }
    None
}

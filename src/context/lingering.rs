//! Clients that keep a process from ending.

use rustc_hash::FxHashSet;

use super::Cx;
use super::clients::carried;
use crate::program::{BindingKind, FunctionId, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::ClientValue;

/// Calls that mean a process to go on, whatever clients there are.
const GOES_ON: &[&str] = &["listen", "serve", "setInterval", "createServer", "watch"];

/// The fact `lingers`: whether the file of a client is a whole program, or hands the client to no other file, and nothing in it
/// ends the process or means it to go on. `None` for libraries of which it is not known what an open connection does.
pub(crate) fn lingers(cx: Cx<'_>, unit: &Unit, id: NodeId, made: &ClientValue) -> Option<bool> {
    let keeps = cx.catalog.library(made.library).environment()?.keeps_process?;
    let at_top = unit.module.function(unit.holder[id.0 as usize]).parent.is_none();
    let handed_out = at_top && !unit.module.exports.is_empty();
    Some(keeps && !handed_out && !lives_on(unit, id) && !unit.module.nodes.iter().any(|node| decides(unit, &node.kind)))
}

/// Whether the variable of a new client is used by a function that is kept: as a member of an object, or in one.
fn lives_on(unit: &Unit, id: NodeId) -> bool {
    let module = &unit.module;
    let Some(Kind::Assign { target, .. }) = unit.parents[carried(unit, id).0 as usize].map(|parent| module.kind(parent)) else {
        return false;
    };
    let Kind::Local(binding) = module.kind(*target) else { return false };
    let home = module.binding(*binding).function;
    let kept: FxHashSet<FunctionId> =
        module.nodes.iter().zip(&unit.parents).filter_map(|(node, parent)| kept(unit, &node.kind, *parent)).collect();
    unit.mentions[binding.0 as usize].iter().any(|mention| {
        let mut at = Some(unit.holder[mention.0 as usize]);
        while let Some(function) = at.filter(|function| *function != home) {
            if kept.contains(&function) {
                return true;
            }
            at = module.function(function).parent;
        }
        false
    })
}

/// The function that a node is, when the node becomes a member of an object.
fn kept(unit: &Unit, node: &Kind, parent: Option<NodeId>) -> Option<FunctionId> {
    let Kind::Closure(function) = node else { return None };
    let is_member = match unit.module.kind(parent?) {
        Kind::Object(_) => true,
        Kind::Assign { target, .. } => matches!(unit.module.kind(*target), Kind::Member { .. }),
        _ => false,
    };
    is_member.then_some(*function)
}

/// Whether a node ends the process or lets it go on: `process.exit()`, `app.listen()`.
fn decides(unit: &Unit, kind: &Kind) -> bool {
    match kind {
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => {
                name == "exit" && matches!(unit.module.kind(*receiver), Kind::Free(process) if process == "process")
                    || GOES_ON.contains(&name.as_str())
            }
            Target::Function(callee) => match unit.module.kind(*callee) {
                Kind::Free(name) => GOES_ON.contains(&name.as_str()),
                Kind::Local(binding) => {
                    let bound = unit.module.binding(*binding);
                    matches!(bound.kind, BindingKind::Import(_)) && (bound.name == "exit" || GOES_ON.contains(&bound.name.as_str()))
                }
                _ => false,
            },
            _ => false,
        },
        // `.finally(process.exit)`.
        Kind::Member { object, name, .. } => {
            name == "exit" && matches!(unit.module.kind(*object), Kind::Free(process) if process == "process")
        }
        _ => false,
    }
}

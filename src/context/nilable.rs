//! Values that may be missing, as far as the expression itself says so.

use super::arguments::through_casts;
use crate::program::{Kind, NodeId, Target};
use crate::resolve::Unit;

/// Whether an expression is a variable of the environment, with no default: `process.env.TTL`, `ENV["TTL"]&.to_i`.
pub(crate) fn unset_environment(unit: &Unit, node: NodeId, depth: usize) -> bool {
    if depth > 4 {
        return false;
    }
    match unit.module.kind(node) {
        // `process.env.TTL!` says that it is set.
        Kind::Cast { value, ty: Some(_) } => unset_environment(unit, *value, depth + 1),
        Kind::Member { object, .. } => is_environment(unit, *object),
        Kind::Index { object, .. } => is_environment(unit, *object),
        // What is called only if there is something answers with nothing otherwise.
        Kind::Call(call) if call.optional => match &call.target {
            Target::Method { receiver, .. } => unset_environment(unit, *receiver, depth + 1),
            _ => false,
        },
        Kind::Local(binding) if unit.module.binding(*binding).is_const && !is_tested(unit, node) => {
            matches!(unit.assigned[binding.0 as usize].as_slice(), [value] if unset_environment(unit, *value, depth + 1))
        }
        _ => false,
    }
}

/// Whether an expression is the end of a chain that breaks off where something is missing, with no default behind it:
/// `user?.name`, `user&.name`.
pub(crate) fn broken_chain(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Member { optional, .. } | Kind::Index { optional, .. } => *optional,
        Kind::Call(call) => call.optional && matches!(&call.target, Target::Method { .. }),
        _ => false,
    }
}

pub(crate) fn is_environment(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(node) {
        Kind::Constant { path, .. } => path.len() == 1 && path[0] == "ENV",
        Kind::Member { object, name, .. } => {
            name == "env" && matches!(unit.module.kind(*object), Kind::Free(process) if process == "process")
        }
        _ => false,
    }
}

/// Whether anything in the file asks whether the variable holds something.
fn is_tested(unit: &Unit, node: NodeId) -> bool {
    let Kind::Local(binding) = unit.module.kind(node) else { return false };
    unit.mentions[binding.0 as usize].iter().any(|mention| {
        let mut at = *mention;
        while let Some(parent) = unit.parents[at.0 as usize] {
            match unit.module.kind(parent) {
                Kind::Branch { condition, .. } if *condition == at => return true,
                Kind::Logic { left, .. } if *left == at => return true,
                Kind::Unary { .. } | Kind::Binary { .. } | Kind::Logic { .. } | Kind::Call(_) | Kind::Member { .. } => at = parent,
                _ => return false,
            }
        }
        false
    })
}

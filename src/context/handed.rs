//! Replies that go on: returned, kept, or given to other code, and not only into commands and tests.

use rustc_hash::FxHashSet;

use super::Found;
use super::entries::caller;
use super::identity::is_pure_call;
use super::replies::ByCall;
use crate::operation::{OperationId, fact};
use crate::program::{BinaryOp, Call, ExitKind, FunctionId, Kind, NodeId, Runs, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::called_name;

const DEPTH: usize = 24;

/// Sets the fact `handed_on` of all operations.
pub(crate) fn mark(unit: &Unit, found: &mut Found) {
    let calls: Vec<(NodeId, OperationId)> = found.by_call.iter().map(|(call, id)| (*call, *id)).collect();
    for (call, id) in calls {
        let mut walk = Walk { unit, by_call: &found.by_call, seen: FxHashSet::default() };
        let word = walk.goes_on(call, 0);
        found.operations[id.0 as usize].facts.set_bool(fact::HANDED_ON, word);
    }
}

struct Walk<'a> {
    unit: &'a Unit,
    by_call: &'a ByCall,
    seen: FxHashSet<NodeId>,
}

impl Walk<'_> {
    /// Whether the value of an expression, or a member of it, goes on.
    fn goes_on(&mut self, node: NodeId, depth: usize) -> bool {
        if !self.seen.insert(node) {
            return false;
        }
        if depth > DEPTH {
            return true;
        }
        let (unit, module) = (self.unit, &self.unit.module);
        let Some(parent) = unit.parents[node.0 as usize] else {
            let function = unit.holder[node.0 as usize];
            let returns = module.function(function).body != node || module.function(function).returns_body;
            return returns && self.answered(function, depth);
        };
        match module.kind(parent) {
            Kind::Await(_)
            | Kind::Cast { .. }
            | Kind::Spread(_)
            | Kind::Array(_)
            | Kind::Object(_)
            | Kind::Template(_)
            | Kind::Index { .. }
            | Kind::Member { .. }
            | Kind::Logic { .. }
            | Kind::Try { .. } => self.goes_on(parent, depth + 1),
            Kind::Unary { op, .. } => !matches!(op, UnaryOp::Not | UnaryOp::Void) && self.goes_on(parent, depth + 1),
            Kind::Binary { op, .. } => !is_comparison(*op) && self.goes_on(parent, depth + 1),
            Kind::Branch { condition, .. } => *condition != node && self.goes_on(parent, depth + 1),
            Kind::Switch { subject, .. } => *subject != Some(node) && self.goes_on(parent, depth + 1),
            Kind::Loop { source, binding, .. } => *source == Some(node) && binding.is_none_or(|binding| self.target(binding, depth)),
            Kind::Block(statements) => {
                let function = module.function(unit.holder[parent.0 as usize]);
                let valued = module.semantics.shares_constants || function.returns_body && function.body == parent;
                valued && statements.last() == Some(&node) && self.goes_on(parent, depth + 1)
            }
            Kind::Assign { target, value, .. } => *value == node && self.target(*target, depth),
            Kind::Exit { kind: ExitKind::Return, .. } => {
                let function = unit.holder[parent.0 as usize];
                module.semantics.shares_constants || self.answered(function, depth)
            }
            Kind::Exit { .. } => false,
            Kind::Call(call) => self.given(node, parent, call, depth),
            _ => true,
        }
    }

    /// Whether what a function answers with goes on.
    fn answered(&mut self, function: FunctionId, depth: usize) -> bool {
        match caller(self.unit, function) {
            Some((at, call)) if call.block == Some(function) || matches!(call.runs, Runs::Each | Runs::Once) => {
                !called_name(self.unit, call).to_ascii_lowercase().contains("each") && self.goes_on(at, depth + 1)
            }
            _ => true,
        }
    }

    /// Whether what is assigned to a target goes on.
    fn target(&mut self, target: NodeId, depth: usize) -> bool {
        let (unit, module) = (self.unit, &self.unit.module);
        match module.kind(target) {
            Kind::Local(binding) => unit.mentions[binding.0 as usize].iter().any(|mention| {
                let parent = unit.parents[mention.0 as usize];
                let assigned = parent.is_some_and(|parent| matches!(module.kind(parent), Kind::Assign { target, .. } if target == mention));
                let declared = *mention == target || parent.is_some_and(|parent| matches!(module.kind(parent), Kind::Pattern(_)));
                !assigned && !declared && self.goes_on(*mention, depth + 1)
            }),
            Kind::Pattern(entries) => entries.iter().any(|entry| self.target(entry.target, depth + 1)),
            _ => true,
        }
    }

    /// Whether what a call is made on, or given, goes on.
    fn given(&mut self, node: NodeId, at: NodeId, call: &Call, depth: usize) -> bool {
        let (unit, module) = (self.unit, &self.unit.module);
        if self.by_call.contains_key(&at) {
            return false;
        }
        let name = called_name(unit, call);
        match &call.target {
            Target::Method { receiver, .. } if *receiver == node => {
                if name.ends_with('?') || matches!(name.as_str(), "length" | "size" | "count" | "includes" | "indexOf" | "has") {
                    return false;
                }
                let closures = call.block.into_iter().chain(call.args.iter().filter_map(|argument| match module.kind(argument.value) {
                    Kind::Closure(function) => Some(*function),
                    _ => None,
                }));
                let mut any = false;
                for closure in closures.collect::<Vec<_>>() {
                    any |= module.function(closure).params.iter().any(|param| self.target(param.target, depth + 1));
                }
                any || !name.to_ascii_lowercase().contains("each") && self.goes_on(at, depth + 1)
            }
            Target::Function(callee) if *callee == node => true,
            // What is put into a list goes where the list goes.
            Target::Method { receiver, .. } if matches!(name.as_str(), "push" | "unshift" | "add" | "append" | "concat") => {
                !matches!(module.kind(*receiver), Kind::Local(_)) || self.target(*receiver, depth + 1)
            }
            _ => !is_pure_call(unit, call) || self.goes_on(at, depth + 1),
        }
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual)
}

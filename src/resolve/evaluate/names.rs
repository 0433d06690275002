//! The names that a computed member may have: `this[name] = client`.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::literal_name;
use crate::program::{BindingId, BindingKind, FunctionId, Kind, NodeId, Runs, Target};
use crate::resolve::state::ParamRef;

/// How many names are told apart: more are as good as any name.
const NAMES: usize = 16;

impl Evaluator<'_, '_> {
    /// The names that an index may be, where the file shows them all: none when it does not.
    pub(super) fn names(&self, index: NodeId) -> Vec<SmolStr> {
        let module = &self.unit.module;
        let nodes = match module.kind(index) {
            Kind::Local(binding) => self.given_to(*binding),
            _ => vec![index],
        };
        let mut names: Vec<SmolStr> = nodes.iter().filter_map(|node| literal_name(module.kind(*node))).collect();
        if names.len() != nodes.len() || names.len() > NAMES {
            return Vec::new();
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The nodes whose values a binding takes: what is assigned to it, the members of the list that it goes through, the arguments
    /// of the calls in this file for which it is a parameter.
    fn given_to(&self, binding: BindingId) -> Vec<NodeId> {
        let (unit, module) = (self.unit, &self.unit.module);
        if let Some((function, ParamRef::At(at))) = unit.params[binding.0 as usize].clone() {
            return match unit.callers.get(&function).map(|caller| module.kind(*caller)) {
                Some(Kind::Call(call)) if call.runs == Runs::Each && at == 0 => match &call.target {
                    Target::Method { receiver, .. } => self.listed(*receiver),
                    _ => Vec::new(),
                },
                Some(_) => Vec::new(),
                None => self.arguments(function, usize::from(at)),
            };
        }
        let loops = module.nodes.iter().find_map(|node| match &node.kind {
            Kind::Loop { binding: Some(target), source: Some(source), .. } if matches!(module.kind(*target), Kind::Local(found) if *found == binding) => Some(*source),
            _ => None,
        });
        loops.map_or_else(|| unit.assigned[binding.0 as usize].clone(), |source| self.listed(source))
    }

    /// The members of a list as it is written, or as the one value of a constant is.
    fn listed(&self, list: NodeId) -> Vec<NodeId> {
        let module = &self.unit.module;
        match module.kind(list) {
            Kind::Array(members) => members.clone(),
            Kind::Cast { value, .. } => self.listed(*value),
            Kind::Local(binding) => match self.unit.assigned[binding.0 as usize].as_slice() {
                [one] if matches!(module.kind(*one), Kind::Array(_)) => self.listed(*one),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What the calls of this file pass to a parameter of a function: `name(…)` and `this.name(…)`.
    fn arguments(&self, function: FunctionId, at: usize) -> Vec<NodeId> {
        let module = &self.unit.module;
        let Some(called) = module.function(function).name.as_ref() else { return Vec::new() };
        let is_meant = |target: &Target| match target {
            Target::Method { receiver, name } => name == called && matches!(module.kind(*receiver), Kind::This),
            Target::Function(callee) => match module.kind(*callee) {
                Kind::Local(binding) => matches!(module.binding(*binding).kind, BindingKind::Function(found) if found == function),
                _ => false,
            },
            _ => false,
        };
        let calls = self.unit.calls().map(|(_, call)| call).filter(|call| is_meant(&call.target));
        calls.filter_map(|call| call.args.get(at)).map(|argument| argument.value).collect()
    }
}

//! Assignments, and the names they give to functions.

use tree_sitter::Node;

use super::lowering::{Hint, Lowering};
use super::pattern::Naming;
use super::syntax::Field;
use crate::program::{AssignOp, Kind, NodeId};

impl<'t> Lowering<'t> {
    /// `target = value`.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let (Some(left), Some(right)) = (self.field(node, Field::Left), self.field(node, Field::Right)) else {
            return self.opaque(node);
        };
        let declares = self.using_name(node).is_some();
        let target = self.target(left, if declares { Naming::Declared } else { Naming::Assigns });
        self.hint = self.assigned_name(target);
        let value = self.expression(right);
        let export = self.commonjs_export(target);
        self.prototype_object(target, value);
        self.note_held(target, value);
        let id = self.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares });
        if let Some(name) = export {
            self.export_value(name, value);
        }
        id
    }

    /// `target += value` and the rest.
    pub(super) fn augmented_assignment(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let (Some(left), Some(right)) = (self.field(node, Field::Left), self.field(node, Field::Right)) else {
            return self.opaque(node);
        };
        let op = match self.field(node, Field::Operator).map_or("", |operator| self.text(operator)) {
            "??=" => AssignOp::OrNil,
            "||=" => AssignOp::Or,
            "&&=" => AssignOp::And,
            _ => AssignOp::Combine,
        };
        let target = self.target(left, Naming::Assigns);
        self.hint = self.assigned_name(target);
        let value = self.expression(right);
        self.push(span, Kind::Assign { target, value, op, declares: false })
    }

    /// What a function assigned to a target is called.
    pub(super) fn assigned_name(&mut self, target: NodeId) -> Option<Hint> {
        let span = self.span_of(target);
        match self.kind(target) {
            Kind::Local(binding) => {
                let name = self.module.bindings[binding.0 as usize].name.clone();
                Some(Hint { name, span, class: None })
            }
            Kind::Free(name) | Kind::Global(name) => Some(Hint { name: name.clone(), span, class: None }),
            Kind::Member { object, name, name_span, .. } => {
                let (object, name, span) = (*object, name.clone(), *name_span);
                // `module.exports = function` has no name.
                if self.commonjs_export(target).is_some_and(|export| export == "=") {
                    return None;
                }
                let class = self.prototype_owner(object);
                Some(Hint { name, span, class })
            }
            _ => None,
        }
    }
}

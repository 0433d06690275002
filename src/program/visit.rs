//! Walking nodes: children in evaluation order, and parents.

use super::{Call, Kind, Module, NodeId, Part, Target};

impl Module {
    /// All calls, in the order of the file's nodes.
    pub fn calls(&self) -> impl Iterator<Item = (NodeId, &Call)> {
        self.nodes.iter().enumerate().filter_map(|(index, node)| match &node.kind {
            Kind::Call(call) => Some((NodeId(index as u32), &**call)),
            _ => None,
        })
    }

    /// Calls `visit` with each child of a node, in evaluation order. Bodies of closures, blocks and classes are functions
    /// of their own and are not children.
    pub fn each_child(&self, id: NodeId, visit: &mut dyn FnMut(NodeId)) {
        match self.kind(id) {
            Kind::Literal(_)
            | Kind::Local(_)
            | Kind::Free(_)
            | Kind::Global(_)
            | Kind::Constant { .. }
            | Kind::This
            | Kind::Super
            | Kind::Closure(_)
            | Kind::Class(_)
            | Kind::Require { .. } => {}
            Kind::Template(parts) => {
                for part in parts {
                    if let Part::Hole(hole) = part {
                        visit(*hole);
                    }
                }
            }
            Kind::Member { object, .. } => visit(*object),
            Kind::Index { object, index, .. } => {
                visit(*object);
                visit(*index);
            }
            Kind::Call(call) => {
                match &call.target {
                    Target::Method { receiver, .. } => visit(*receiver),
                    Target::Function(callee) => visit(*callee),
                    Target::Own(_) | Target::Super => {}
                }
                call.args.iter().for_each(|argument| visit(argument.value));
            }
            Kind::Object(entries) => {
                for entry in entries {
                    if let super::EntryKey::Computed(key) = entry.key {
                        visit(key);
                    }
                    visit(entry.value);
                }
            }
            Kind::Array(members) | Kind::Block(members) | Kind::Opaque(members) => members.iter().for_each(|member| visit(*member)),
            Kind::Spread(value) | Kind::Await(value) | Kind::Cast { value, .. } => visit(*value),
            Kind::Unary { operand, .. } => visit(*operand),
            Kind::Logic { left, right, .. } | Kind::Binary { left, right, .. } => {
                visit(*left);
                visit(*right);
            }
            Kind::Assign { target, value, .. } => {
                visit(*value);
                visit(*target);
            }
            Kind::Pattern(entries) => {
                for entry in entries {
                    if let super::EntryKey::Computed(key) = entry.key {
                        visit(key);
                    }
                    entry.default.into_iter().for_each(&mut *visit);
                    visit(entry.target);
                }
            }
            Kind::Branch { condition, then, otherwise } => {
                visit(*condition);
                visit(*then);
                otherwise.iter().for_each(|node| visit(*node));
            }
            Kind::Switch { subject, arms, otherwise } => {
                subject.iter().for_each(|node| visit(*node));
                for arm in arms {
                    arm.tests.iter().for_each(|test| visit(*test));
                    visit(arm.body);
                }
                otherwise.iter().for_each(|node| visit(*node));
            }
            Kind::Loop { binding, source, condition, update, body, .. } => {
                source.iter().for_each(|node| visit(*node));
                binding.iter().for_each(|node| visit(*node));
                condition.iter().for_each(|node| visit(*node));
                visit(*body);
                update.iter().for_each(|node| visit(*node));
            }
            Kind::Try { body, rescues, otherwise, cleanup } => {
                visit(*body);
                for rescue in rescues {
                    rescue.classes.iter().for_each(|class| visit(*class));
                    rescue.binding.iter().for_each(|node| visit(*node));
                    visit(rescue.body);
                }
                otherwise.iter().for_each(|node| visit(*node));
                cleanup.iter().for_each(|node| visit(*node));
            }
            Kind::Exit { value, .. } => value.iter().for_each(|node| visit(*node)),
            Kind::Yield(args) => args.iter().for_each(|argument| visit(argument.value)),
        }
    }

    /// The children of a node, in evaluation order.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        let mut children = Vec::new();
        self.each_child(id, &mut |child| children.push(child));
        children
    }

    /// The parent of every node, by index; `None` for roots (bodies, defaults, field values, decorators).
    #[must_use]
    pub fn parents(&self) -> Vec<Option<NodeId>> {
        let mut parents = vec![None; self.nodes.len()];
        for index in 0..self.nodes.len() {
            let id = NodeId(index as u32);
            self.each_child(id, &mut |child| parents[child.0 as usize] = Some(id));
        }
        parents
    }
}

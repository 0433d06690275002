//! Targets of assignments and parameters: names, members and destructuring patterns.

use tree_sitter::Node;

use super::lowering::Lowering;
use super::scope::Space;
use super::syntax::{Field, Syntax};
use crate::program::{BindingKind, EntryKey, Kind, NodeId, PatternEntry};

/// What a target does to the names in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Mentions names that are declared already, giving them their first value.
    Declared,
    /// Declares them in the innermost scope, as variables or parameters.
    Declares(BindingKind),
    /// Assigns them again.
    Assigns,
}

impl<'t> Lowering<'t> {
    /// Lowers a target.
    pub(super) fn target(&mut self, node: Node<'t>, naming: Naming) -> NodeId {
        if !self.descend() {
            return self.nothing(self.span(node));
        }
        let target = self.target_inner(node, naming);
        self.ascend();
        target
    }

    fn target_inner(&mut self, node: Node<'t>, naming: Naming) -> NodeId {
        let span = self.span(node);
        match self.syntax(node) {
            Syntax::Identifier | Syntax::ShorthandPropertyPattern | Syntax::ShorthandProperty => self.target_name(node, naming),
            Syntax::ObjectPattern | Syntax::Object => {
                self.strays(node);
                let mut entries = Vec::new();
                for child in self.children(node) {
                    entries.extend(self.object_target(child, naming));
                }
                self.push(span, Kind::Pattern(entries))
            }
            Syntax::ArrayPattern | Syntax::Array => {
                self.strays(node);
                let mut entries = Vec::new();
                let mut index = 0;
                for child in self.tokens(node) {
                    if self.syntax(child) == Syntax::TokenComma {
                        index += 1;
                    } else if child.is_named() && self.syntax(child) != Syntax::Error {
                        entries.push(self.array_target(child, index, naming));
                    }
                }
                self.push(span, Kind::Pattern(entries))
            }
            // A default where no pattern holds it: only in code with errors.
            Syntax::AssignmentPattern | Syntax::RestPattern => {
                let inner = self.field(node, Field::Left).or_else(|| self.first_child(node));
                match inner {
                    Some(inner) => self.target(inner, naming),
                    None => self.nothing(span),
                }
            }
            Syntax::ParenthesizedExpression | Syntax::NonNullExpression | Syntax::AsExpression | Syntax::SatisfiesExpression => {
                match self.first_child(node) {
                    Some(inner) => self.target(inner, naming),
                    None => self.nothing(span),
                }
            }
            _ => self.expression(node),
        }
    }

    fn target_name(&mut self, node: Node<'t>, naming: Naming) -> NodeId {
        let name = self.text(node);
        let binding = match naming {
            Naming::Declares(kind) => Some(self.declare_name(node, kind, &[Space::Value])),
            Naming::Declared => self.scopes.lookup(Space::Value, name),
            Naming::Assigns => {
                let binding = self.scopes.lookup(Space::Value, name);
                if let Some(binding) = binding {
                    self.mark_assigned(binding);
                }
                binding
            }
        };
        let kind = binding.map_or_else(|| Kind::Free(name.into()), Kind::Local);
        self.push(self.span(node), kind)
    }

    fn object_target(&mut self, node: Node<'t>, naming: Naming) -> Option<PatternEntry> {
        match self.syntax(node) {
            Syntax::ShorthandPropertyPattern | Syntax::ShorthandProperty => {
                Some(PatternEntry { key: EntryKey::Name(self.text(node).into()), target: self.target(node, naming), default: None })
            }
            Syntax::PairPattern | Syntax::Pair => {
                let key = self.field(node, Field::Key)?;
                let value = self.field(node, Field::Value)?;
                let key = self.property_key(key);
                let (target, default) = self.target_with_default(value, naming);
                Some(PatternEntry { key, target, default })
            }
            Syntax::ObjectAssignmentPattern | Syntax::AssignmentExpression => {
                let left = self.field(node, Field::Left)?;
                let right = self.field(node, Field::Right)?;
                let default = self.expression(right);
                Some(PatternEntry {
                    key: EntryKey::Name(self.text(left).into()),
                    target: self.target(left, naming),
                    default: Some(default),
                })
            }
            Syntax::RestPattern | Syntax::SpreadElement => {
                let inner = self.first_child(node)?;
                Some(PatternEntry { key: EntryKey::Spread, target: self.target(inner, naming), default: None })
            }
            _ => None,
        }
    }

    fn array_target(&mut self, node: Node<'t>, index: usize, naming: Naming) -> PatternEntry {
        if matches!(self.syntax(node), Syntax::RestPattern | Syntax::SpreadElement)
            && let Some(inner) = self.first_child(node)
        {
            return PatternEntry { key: EntryKey::Spread, target: self.target(inner, naming), default: None };
        }
        let (target, default) = self.target_with_default(node, naming);
        PatternEntry { key: EntryKey::Name(index.to_string().into()), target, default }
    }

    fn target_with_default(&mut self, node: Node<'t>, naming: Naming) -> (NodeId, Option<NodeId>) {
        if matches!(self.syntax(node), Syntax::AssignmentPattern | Syntax::AssignmentExpression)
            && let (Some(left), Some(right)) = (self.field(node, Field::Left), self.field(node, Field::Right))
        {
            let default = self.expression(right);
            return (self.target(left, naming), Some(default));
        }
        (self.target(node, naming), None)
    }
}

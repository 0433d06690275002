//! Where values go: assignment targets, destructuring, and the names that pattern matching binds.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::context::{Child, Lowering, span_of};
use super::syntax::{Field, Syntax};
use crate::program::{AssignOp, EntryKey, Kind, Literal, NodeId, PatternEntry};
use crate::source::Span;

/// A lowered assignment target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assigned {
    /// The target, as in [`Kind::Assign`].
    pub(super) node: NodeId,
    /// Whether it is mentioned for the first time, or a constant.
    pub(super) declares: bool,
}

impl<'t> Lowering<'t> {
    /// The left side of an assignment.
    pub(super) fn target(&mut self, node: Node<'t>) -> Assigned {
        let mut declares = false;
        let id = self.deeper(node, |lowering| {
            let assigned = lowering.target_of(node);
            declares = assigned.declares;
            assigned.node
        });
        Assigned { node: id, declares }
    }

    fn target_of(&mut self, node: Node<'t>) -> Assigned {
        let old = |node| Assigned { node, declares: false };
        match Syntax::of(node) {
            Syntax::Identifier => self.local_target(node),
            Syntax::InstanceVariable | Syntax::ClassVariable | Syntax::GlobalVariable => old(self.variable(node)),
            Syntax::Constant | Syntax::ScopeResolution => Assigned { node: self.node(node), declares: true },
            Syntax::Call => {
                let children = self.children(node);
                let (Some(receiver), Some(method)) = (children.field(Field::Receiver), children.field(Field::Method)) else {
                    return old(self.node(node));
                };
                let object = self.node(receiver);
                let name = SmolStr::new(self.slice(method));
                let optional = children.field(Field::Operator).is_some_and(|operator| self.slice(operator) == "&.");
                old(self.push_at(node, Kind::Member { object, name, name_span: span_of(method), optional }))
            }
            Syntax::LeftAssignmentList | Syntax::DestructuredLeftAssignment | Syntax::RestAssignment => {
                let items: Vec<_> = if Syntax::of(node) == Syntax::RestAssignment {
                    vec![Child { node, syntax: Syntax::RestAssignment, field: Field::Other }]
                } else {
                    self.children(node).named().collect()
                };
                self.destructure(span_of(node), &items, |lowering, inner| lowering.target(inner))
            }
            _ => old(self.node(node)),
        }
    }

    fn local_target(&mut self, node: Node<'t>) -> Assigned {
        let span = span_of(node);
        let name = self.slice(node);
        let (binding, declares) = self.scopes.assign(&mut self.module, name, span);
        Assigned { node: self.push(span, Kind::Local(binding)), declares }
    }

    /// A list of targets as a pattern whose keys are positions. Behind a rest the position is not known.
    pub(super) fn destructure(
        &mut self,
        span: Span,
        items: &[Child<'t>],
        lower: impl Fn(&mut Self, Node<'t>) -> Assigned + Copy,
    ) -> Assigned {
        let mut entries = Vec::with_capacity(items.len());
        let mut declares = false;
        let mut position = Some(0_usize);
        for item in items {
            let rest = matches!(item.syntax, Syntax::RestAssignment | Syntax::SplatParameter);
            let inner = if rest { self.children(item.node).named().next().map(|child| child.node) } else { Some(item.node) };
            let key = if rest { EntryKey::Spread } else { self.position_key(span, position) };
            position = if rest { None } else { position.map(|position| position + 1) };
            let Some(inner) = inner else { continue };
            let target = lower(self, inner);
            declares |= target.declares;
            entries.push(PatternEntry { key, target: target.node, default: None });
        }
        Assigned { node: self.push(span, Kind::Pattern(entries)), declares }
    }

    fn position_key(&mut self, span: Span, position: Option<usize>) -> EntryKey {
        match position {
            Some(position) => EntryKey::Name(smol_str::format_smolstr!("{position}")),
            None => EntryKey::Computed(self.opaque(super::context::start_of(span), Vec::new())),
        }
    }

    /// `value => pattern` and `value in pattern`.
    pub(super) fn pattern_match(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let value = self.required(children.field(Field::Value), node);
        let mut others = Vec::new();
        let target = children.field(Field::Pattern).and_then(|pattern| self.bound(pattern, &mut others));
        let span = span_of(node);
        let assign = match target {
            Some(target) => self.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares: true }),
            None => value,
        };
        if others.is_empty() && target.is_some() && Syntax::of(node) == Syntax::MatchPattern {
            return assign;
        }
        others.insert(0, assign);
        self.opaque(span, others)
    }

    /// The pattern of an `in` clause: what it binds gets a value that is not known.
    pub(super) fn pattern_test(&mut self, pattern: Node<'t>) -> NodeId {
        let mut others = Vec::new();
        if let Some(target) = self.bound(pattern, &mut others) {
            let assign = self.assign_unknown(target);
            others.push(assign);
        }
        self.opaque(span_of(pattern), others)
    }

    fn assign_unknown(&mut self, target: NodeId) -> NodeId {
        let span = self.module.span(target);
        let value = self.opaque(span, Vec::new());
        self.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares: true })
    }

    /// The target that a pattern makes of the value it matches, if it binds anything; expressions in it, and names that are
    /// bound to something a target cannot say, are put in `others`.
    fn bound(&mut self, node: Node<'t>, others: &mut Vec<NodeId>) -> Option<NodeId> {
        let mut bound = None;
        let cut = self.deeper(node, |lowering| {
            bound = lowering.bound_by(node, others);
            NodeId(0)
        });
        if cut != NodeId(0) {
            others.push(cut);
        }
        bound
    }

    fn bound_by(&mut self, node: Node<'t>, others: &mut Vec<NodeId>) -> Option<NodeId> {
        match Syntax::of(node) {
            Syntax::Identifier => Some(self.local_target(node).node),
            Syntax::ParenthesizedPattern => {
                let inner = self.children(node).named().next()?;
                self.bound(inner.node, others)
            }
            Syntax::AsPattern => {
                let children = self.children(node);
                if let Some(inner) = children.field(Field::Value).and_then(|value| self.bound(value, others)) {
                    let assign = self.assign_unknown(inner);
                    others.push(assign);
                }
                children.field(Field::Name).map(|name| self.local_target(name).node)
            }
            Syntax::AlternativePattern => {
                for alternative in self.children(node).named() {
                    if let Some(inner) = self.bound(alternative.node, others) {
                        let assign = self.assign_unknown(inner);
                        others.push(assign);
                    }
                }
                None
            }
            Syntax::ArrayPattern | Syntax::FindPattern => self.bound_by_array(node, others),
            Syntax::HashPattern => self.bound_by_hash(node, others),
            Syntax::ExpressionReferencePattern | Syntax::VariableReferencePattern => {
                if let Some(inner) = self.children(node).named().next() {
                    others.push(self.node(inner.node));
                }
                None
            }
            _ => {
                others.push(self.node(node));
                None
            }
        }
    }

    fn bound_by_array(&mut self, node: Node<'t>, others: &mut Vec<NodeId>) -> Option<NodeId> {
        let mut entries = Vec::new();
        let mut position = Some(0);
        for child in self.children(node).named() {
            if child.field == Field::Class {
                others.push(self.node(child.node));
                continue;
            }
            if child.syntax == Syntax::SplatParameter {
                position = None;
                if let Some(name) = self.children(child.node).field(Field::Name) {
                    let target = self.local_target(name).node;
                    entries.push(PatternEntry { key: EntryKey::Spread, target, default: None });
                }
                continue;
            }
            let key = self.position_key(span_of(node), position);
            position = position.map(|position| position + 1);
            if let Some(target) = self.bound(child.node, others) {
                entries.push(PatternEntry { key, target, default: None });
            }
        }
        (!entries.is_empty()).then(|| self.push_at(node, Kind::Pattern(entries)))
    }

    fn bound_by_hash(&mut self, node: Node<'t>, others: &mut Vec<NodeId>) -> Option<NodeId> {
        let mut entries = Vec::new();
        for child in self.children(node).named() {
            let parts = self.children(child.node);
            match child.syntax {
                Syntax::KeywordPattern => {
                    let Some(key) = parts.field(Field::Key) else { continue };
                    let target = match parts.field(Field::Value) {
                        Some(value) => self.bound(value, others),
                        None => Some(self.local_target(key).node),
                    };
                    let name = match Syntax::of(key) {
                        Syntax::HashKeySymbol => Some(SmolStr::new(self.slice(key))),
                        _ => {
                            let key = self.node(key);
                            match self.module.kind(key) {
                                Kind::Literal(Literal::Str(name) | Literal::Symbol(name)) => Some(name.clone()),
                                _ => None,
                            }
                        }
                    };
                    if let (Some(target), Some(name)) = (target, name) {
                        entries.push(PatternEntry { key: EntryKey::Symbol(name), target, default: None });
                    }
                }
                Syntax::HashSplatParameter => {
                    if let Some(name) = parts.field(Field::Name) {
                        let target = self.local_target(name).node;
                        entries.push(PatternEntry { key: EntryKey::Spread, target, default: None });
                    }
                }
                Syntax::HashSplatNil => {}
                _ => others.push(self.node(child.node)),
            }
        }
        (!entries.is_empty()).then(|| self.push_at(node, Kind::Pattern(entries)))
    }

    /// `/(?<name>…)/ =~ text` makes locals of its groups.
    pub(super) fn declare_captures(&mut self, left: NodeId) {
        let Kind::Literal(Literal::Regex(source)) = self.module.kind(left) else { return };
        let source = source.clone();
        let span = self.module.span(left);
        for group in source.split("(?<").skip(1) {
            let Some((name, _)) = group.split_once('>') else { continue };
            let plain = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
            if plain && name.starts_with(|first: char| first == '_' || first.is_ascii_lowercase()) {
                self.scopes.assign(&mut self.module, name, span);
            }
        }
    }
}

//! Control flow: bodies, branches, loops, handlers and exits.

use tree_sitter::Node;

use super::context::{Lowering, end_of, span_of};
use super::syntax::{Field, Syntax};
use crate::program::{Arm, ExitKind, Kind, LoopKind, NodeId, Rescue, UnaryOp};
use crate::source::Span;

/// The parts of a body that has handlers.
#[derive(Default)]
struct Handlers {
    rescues: Vec<Rescue>,
    otherwise: Option<NodeId>,
    cleanup: Option<NodeId>,
}

impl<'t> Lowering<'t> {
    /// A body: statements in a row, or the one expression of an endless method. `at` is where an empty one stands.
    pub(super) fn body(&mut self, node: Option<Node<'t>>, at: Span) -> NodeId {
        let Some(node) = node else { return self.push(at, Kind::Block(Vec::new())) };
        match Syntax::of(node) {
            Syntax::BodyStatement | Syntax::BlockBody | Syntax::Then | Syntax::Else | Syntax::Do | Syntax::Ensure => self.statements(node),
            _ => self.node(node),
        }
    }

    /// The statements among the children of a node as a block, with their handlers as a try.
    pub(super) fn statements(&mut self, node: Node<'t>) -> NodeId {
        let span = span_of(node);
        let children = self.children(node);
        let mut statements = Vec::with_capacity(children.0.len());
        let mut handlers = Handlers::default();
        let mut handled = false;
        for child in children.named() {
            match child.syntax {
                Syntax::Rescue => {
                    let rescue = self.rescue(child.node);
                    handlers.rescues.push(rescue);
                    handled = true;
                }
                Syntax::Else => {
                    handlers.otherwise = Some(self.statements(child.node));
                    handled = true;
                }
                Syntax::Ensure => {
                    handlers.cleanup = Some(self.statements(child.node));
                    handled = true;
                }
                Syntax::EmptyStatement | Syntax::Uninterpreted => {}
                _ => statements.push(self.node(child.node)),
            }
        }
        let inner = match (statements.first(), statements.last()) {
            (Some(first), Some(last)) if handled => self.module.span(*first).to(self.module.span(*last)),
            _ => span,
        };
        let body = self.push(inner, Kind::Block(statements));
        if !handled {
            return body;
        }
        let Handlers { rescues, otherwise, cleanup } = handlers;
        self.push(span, Kind::Try { body, rescues, otherwise, cleanup })
    }

    fn rescue(&mut self, node: Node<'t>) -> Rescue {
        let children = self.children(node);
        let mut classes = Vec::new();
        if let Some(exceptions) = children.field(Field::Exceptions) {
            for class in self.children(exceptions).named() {
                classes.push(self.node(class.node));
            }
        }
        let binding = children.field(Field::Variable).and_then(|variable| {
            let target = self.children(variable).named().next()?.node;
            Some(self.target(target).node)
        });
        let body = self.body(children.field(Field::Body), end_of(span_of(node)));
        Rescue { classes, binding, body }
    }

    /// `body rescue handler`.
    pub(super) fn rescue_modifier(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let body = self.required(children.field(Field::Body), node);
        let handler = self.required(children.field(Field::Handler), node);
        let rescues = vec![Rescue { classes: Vec::new(), binding: None, body: handler }];
        self.push_at(node, Kind::Try { body, rescues, otherwise: None, cleanup: None })
    }

    /// `if` and `unless` with all their `elsif`, in a loop: a chain of them is as deep as it is long.
    pub(super) fn branch(&mut self, node: Node<'t>, negated: bool) -> NodeId {
        let mut arms = Vec::new();
        let mut next = Some(node);
        let mut otherwise = None;
        while let Some(arm) = next.take() {
            if arms.len() >= super::context::MAX_LINKS {
                otherwise = Some(self.cut(arm));
                break;
            }
            let children = self.children(arm);
            let condition = self.required(children.field(Field::Condition), arm);
            let condition = if negated && arms.is_empty() { self.negate(condition) } else { condition };
            let then = self.body(children.field(Field::Consequence), end_of(span_of(arm)));
            arms.push((span_of(arm), condition, then));
            if let Some(alternative) = children.field(Field::Alternative) {
                match Syntax::of(alternative) {
                    Syntax::Elsif => next = Some(alternative),
                    _ => otherwise = Some(self.body(Some(alternative), end_of(span_of(arm)))),
                }
            }
        }
        while let Some((span, condition, then)) = arms.pop() {
            otherwise = Some(self.push(span, Kind::Branch { condition, then, otherwise }));
        }
        // The loop above ran at least once, for `node` itself.
        otherwise.unwrap_or_else(|| self.cut(node))
    }

    /// `body if condition`, `body unless condition`.
    pub(super) fn branch_modifier(&mut self, node: Node<'t>, negated: bool) -> NodeId {
        let children = self.children(node);
        let then = self.required(children.field(Field::Body), node);
        let mut condition = self.required(children.field(Field::Condition), node);
        if negated {
            condition = self.negate(condition);
        }
        self.push_at(node, Kind::Branch { condition, then, otherwise: None })
    }

    /// `condition ? consequence : alternative`.
    pub(super) fn conditional(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let condition = self.required(children.field(Field::Condition), node);
        let then = self.required(children.field(Field::Consequence), node);
        let otherwise = self.required(children.field(Field::Alternative), node);
        self.push_at(node, Kind::Branch { condition, then, otherwise: Some(otherwise) })
    }

    /// `while` and `until`, before or behind their body.
    pub(super) fn while_loop(&mut self, node: Node<'t>, negated: bool) -> NodeId {
        let children = self.children(node);
        let modifier = matches!(Syntax::of(node), Syntax::WhileModifier | Syntax::UntilModifier);
        // In order of writing, as locals come to be: the body of a modifier stands first.
        let early = modifier.then(|| self.required(children.field(Field::Body), node));
        let mut condition = self.required(children.field(Field::Condition), node);
        if negated {
            condition = self.negate(condition);
        }
        let body = early.unwrap_or_else(|| self.body(children.field(Field::Body), end_of(span_of(node))));
        let runs_first = modifier && children.field(Field::Body).is_some_and(|body| Syntax::of(body) == Syntax::Begin);
        let kind = if runs_first { LoopKind::DoWhile } else { LoopKind::While };
        self.push_at(node, Kind::Loop { kind, binding: None, source: None, condition: Some(condition), update: None, body })
    }

    /// `for x in xs`.
    pub(super) fn for_loop(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let source = children.field(Field::Value).map(|value| {
            let inner = self.children(value).named().next().map(|child| child.node);
            self.required(inner, value)
        });
        let binding = children.field(Field::Pattern).map(|pattern| self.target(pattern).node);
        let body = self.body(children.field(Field::Body), end_of(span_of(node)));
        self.push_at(node, Kind::Loop { kind: LoopKind::Each, binding, source, condition: None, update: None, body })
    }

    /// `case … when`.
    pub(super) fn case(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let subject = children.field(Field::Value).map(|value| self.node(value));
        let mut arms = Vec::new();
        let mut otherwise = None;
        for child in children.named().filter(|child| child.field != Field::Value) {
            match child.syntax {
                Syntax::When => {
                    let parts = self.children(child.node);
                    let mut tests = Vec::new();
                    for pattern in parts.named().filter(|part| part.field == Field::Pattern) {
                        for test in self.children(pattern.node).named() {
                            tests.push(self.node(test.node));
                        }
                    }
                    let body = self.body(parts.field(Field::Body), end_of(span_of(child.node)));
                    arms.push(Arm { tests, body, falls_through: false });
                }
                Syntax::Else => otherwise = Some(self.statements(child.node)),
                _ => {
                    let stray = self.node(child.node);
                    arms.push(Arm { tests: Vec::new(), body: stray, falls_through: false });
                }
            }
        }
        self.push_at(node, Kind::Switch { subject, arms, otherwise })
    }

    /// `case … in`. What is tested has no meaning here; what is bound has.
    pub(super) fn case_match(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let subject = children.field(Field::Value).map(|value| self.node(value));
        let mut arms = Vec::new();
        let mut otherwise = None;
        for child in children.named() {
            match child.syntax {
                Syntax::InClause => {
                    let parts = self.children(child.node);
                    let mut tests = Vec::new();
                    if let Some(pattern) = parts.field(Field::Pattern) {
                        tests.push(self.pattern_test(pattern));
                    }
                    if let Some(guard) = parts.field(Field::Guard) {
                        let condition = self.children(guard).field(Field::Condition);
                        let condition = self.required(condition, guard);
                        let negated = Syntax::of(guard) == Syntax::UnlessGuard;
                        tests.push(if negated { self.negate(condition) } else { condition });
                    }
                    // Pattern and guard together are one test: the arm is taken when both hold.
                    let span = span_of(child.node);
                    let tests = if tests.len() > 1 { vec![self.opaque(span, tests)] } else { tests };
                    let body = self.body(parts.field(Field::Body), end_of(span));
                    arms.push(Arm { tests, body, falls_through: false });
                }
                Syntax::Else => otherwise = Some(self.statements(child.node)),
                _ => {}
            }
        }
        self.push_at(node, Kind::Switch { subject, arms, otherwise })
    }

    /// `return`, `break`, `next`; `redo` and `retry` go on with another turn, as `next` does.
    pub(super) fn exit(&mut self, node: Node<'t>, kind: ExitKind) -> NodeId {
        let list = self.children(node).first(Syntax::ArgumentList);
        let value = list.and_then(|list| self.values(list));
        self.push_at(node, Kind::Exit { kind, value })
    }

    /// The value of a list behind `return` and the like: one alone, or several as an array.
    pub(super) fn values(&mut self, list: Node<'t>) -> Option<NodeId> {
        let children = self.children(list);
        let single =
            children.0.len() == 1 && !matches!(children.0[0].syntax, Syntax::SplatArgument | Syntax::Pair | Syntax::HashSplatArgument);
        if children.0.is_empty() {
            return None;
        }
        if single {
            return Some(self.node(children.0[0].node));
        }
        let members = self.members(&children);
        Some(self.push_at(list, Kind::Array(members)))
    }

    /// `!x`.
    pub(super) fn negate(&mut self, operand: NodeId) -> NodeId {
        let span = self.module.span(operand);
        self.push(span, Kind::Unary { op: UnaryOp::Not, operand })
    }

    /// A child that the grammar promises; where an error took it away, nothing.
    pub(super) fn required(&mut self, node: Option<Node<'t>>, parent: Node<'t>) -> NodeId {
        match node {
            Some(node) => self.node(node),
            None => self.opaque(end_of(span_of(parent)), Vec::new()),
        }
    }
}

//! What a function gives that returns at several places, as far as a call decides between them: by the arguments that it leaves out.

use super::{Env, Texts, shared};
use crate::key::{KeyPart, Template};
use crate::program::{BinaryOp, ExitKind, Kind, Literal, LogicOp, NodeId, Target, UnaryOp};
use crate::resolve::link::Unit;
use crate::resolve::value::FunctionKey;

/// More results are not compared.
const RESULTS: usize = 4;

/// Whether what follows a statement may run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Left,
}

impl Texts<'_> {
    /// The text that a function gives with the arguments of a call, when all of its results share one.
    pub(super) fn result_text(&self, function: FunctionKey, env: &Env<'_>, depth: usize) -> Option<Template> {
        let unit = self.unit(function.file)?;
        if let Some((_, value)) = self.returned(function) {
            return self.text(unit, value, env, depth);
        }
        let declared = unit.module.function(function.function);
        let mut results = Vec::new();
        results_of(unit, declared.body, declared.returns_body, env, &mut results)?;
        self.all_text(results.into_iter().map(|value| self.text(unit, value, env, depth)))
    }

    /// The text that all of some texts share.
    pub(super) fn all_text(&self, mut texts: impl Iterator<Item = Option<Template>>) -> Option<Template> {
        let first = texts.next()??;
        texts.try_fold(first, |all, one| shared(self.names, &all, &one?))
    }
}

/// Collects what is returned below a node; `is_value`: what the node gives is returned, too. `None`: it cannot be told.
fn results_of(unit: &Unit, node: NodeId, is_value: bool, env: &Env<'_>, results: &mut Vec<NodeId>) -> Option<Flow> {
    if results.len() > RESULTS {
        return None;
    }
    match unit.module.kind(node) {
        Kind::Block(statements) => {
            for (index, statement) in statements.iter().enumerate() {
                let is_last = index + 1 == statements.len();
                if results_of(unit, *statement, is_value && is_last, env, results)? == Flow::Left {
                    return Some(Flow::Left);
                }
            }
            Some(Flow::On)
        }
        Kind::Exit { kind: ExitKind::Return, value } => {
            results.push((*value)?);
            Some(Flow::Left)
        }
        Kind::Exit { kind: ExitKind::Throw, .. } => Some(Flow::Left),
        Kind::Branch { condition, then, otherwise } => {
            let decided = decide(unit, *condition, env);
            let taken = if decided == Some(false) { Flow::Left } else { results_of(unit, *then, is_value, env, results)? };
            let other = match otherwise {
                _ if decided == Some(true) => Flow::Left,
                Some(otherwise) => results_of(unit, *otherwise, is_value, env, results)?,
                None if is_value => return None,
                None => Flow::On,
            };
            Some(if taken == Flow::Left && other == Flow::Left { Flow::Left } else { Flow::On })
        }
        _ if is_value => {
            results.push(node);
            Some(Flow::Left)
        }
        _ if holds_return(unit, node) => None,
        _ => Some(Flow::On),
    }
}

fn holds_return(unit: &Unit, node: NodeId) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if matches!(unit.module.kind(node), Kind::Exit { kind: ExitKind::Return, .. }) {
            return true;
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    false
}

/// How a condition comes out for parameters that were left out, or given a text.
pub(super) fn decide(unit: &Unit, condition: NodeId, env: &Env<'_>) -> Option<bool> {
    match unit.module.kind(condition) {
        Kind::Local(binding) => {
            if env.is_absent(unit.file, *binding) {
                return Some(false);
            }
            let Template(parts) = env.get(unit.file, *binding)?;
            parts.iter().any(|part| matches!(part, KeyPart::Text(text) if !text.is_empty())).then_some(true)
        }
        Kind::Unary { op: UnaryOp::Not, operand } => decide(unit, *operand, env).map(|holds| !holds),
        Kind::Binary { op, left, right } if matches!(unit.module.kind(*right), Kind::Literal(Literal::Nil)) => match op {
            BinaryOp::Equal => decide(unit, *left, env).map(|holds| !holds),
            BinaryOp::NotEqual => decide(unit, *left, env),
            _ => None,
        },
        Kind::Logic { op, left, right } => match (op, decide(unit, *left, env)) {
            (LogicOp::And, Some(false)) => Some(false),
            (LogicOp::Or, Some(true)) => Some(true),
            (LogicOp::And | LogicOp::Or, Some(_)) => decide(unit, *right, env),
            _ => None,
        },
        Kind::Call(call) if call.args.is_empty() => match &call.target {
            Target::Method { receiver, name } => match name.as_str() {
                "nil?" | "blank?" | "empty?" => decide(unit, *receiver, env).map(|holds| !holds),
                "present?" => decide(unit, *receiver, env),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

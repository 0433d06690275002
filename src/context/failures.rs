//! What becomes of the errors of operations: the handlers around them, and whether they take what this client raises.

use smol_str::SmolStr;

use super::{Cx, Found};
use crate::client::{Errors, Library};
use crate::operation::{OperationId, fact};
use crate::program::{Kind, Literal, NodeId, Rescue};
use crate::resolve::Unit;

/// Classes that every error of a client is one of.
const GENERAL: &[&str] = &["StandardError", "Exception"];

/// Sets the fact `failure` of the operations of a file.
pub(crate) fn mark(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    let mut words: Vec<(OperationId, &'static str)> = Vec::new();
    for (call, id) in &found.by_call {
        let operation = &found.operations[id.0 as usize];
        let Some(own) = cx.catalog.named(&operation.library).map(|id| cx.catalog.library(id)) else { continue };
        let libraries_in = |body: NodeId| {
            let span = unit.module.span(body);
            let inside = found.operations.iter().filter(move |other| span.contains(other.site.call));
            inside.map(|other| other.library.clone()).collect::<Vec<SmolStr>>()
        };
        words.push((*id, failure(cx, unit, *call, own, libraries_in)));
    }
    for (id, word) in words {
        found.operations[id.0 as usize].facts.set_word(fact::FAILURE, word);
    }
}

fn failure(cx: Cx<'_>, unit: &Unit, call: NodeId, own: &Library, libraries_in: impl Fn(NodeId) -> Vec<SmolStr>) -> &'static str {
    let mut at = call;
    let mut unrelated = false;
    for _ in 0..256 {
        let Some(parent) = unit.around(at) else { break };
        if let Kind::Try { body, rescues, .. } = unit.module.kind(parent)
            && *body == at
        {
            for rescue in rescues {
                match takes(cx, unit, rescue, own, &libraries_in(*body)) {
                    // Of several statements nobody knows which one the handler is for.
                    Takes::Own => return if is_silent(cx, unit, rescue) && is_single(unit, *body) { "swallowed" } else { "handled" },
                    Takes::Others => unrelated = true,
                    Takes::Unknown => {}
                }
            }
        }
        at = parent;
    }
    if unrelated { "unrelated" } else { "open" }
}

/// What a handler takes.
enum Takes {
    /// Errors of this client.
    Own,
    /// Only errors of another client, of which nothing stands in the body.
    Others,
    /// Errors of which nothing is known.
    Unknown,
}

fn takes(cx: Cx<'_>, unit: &Unit, rescue: &Rescue, own: &Library, inside: &[SmolStr]) -> Takes {
    if rescue.classes.is_empty() {
        return Takes::Own;
    }
    let mut others = false;
    for class in &rescue.classes {
        let Kind::Constant { path, .. } = unit.module.kind(*class) else { return Takes::Own };
        let name = path.join("::");
        if GENERAL.contains(&name.as_str()) || own.errors().is_some_and(|errors| names(errors, &name)) {
            return Takes::Own;
        }
        // The client of another library is that of its errors, unless it is called here as well.
        let of_others = cx.catalog.libraries().map(|(_, library)| library).filter(|library| library.ecosystem == own.ecosystem);
        let mut owners = of_others.filter(|library| library.errors().is_some_and(|errors| names(errors, &name))).peekable();
        others |= owners.peek().is_some() && owners.all(|library| !inside.contains(&library.name));
    }
    if others { Takes::Others } else { Takes::Unknown }
}

fn names(errors: &Errors, name: &str) -> bool {
    errors.base == name || errors.class.iter().any(|class| class.name == name)
}

fn is_single(unit: &Unit, body: NodeId) -> bool {
    !matches!(unit.module.kind(body), Kind::Block(statements) if statements.len() > 1)
}

/// Whether a handler does nothing at all, and nothing is written in it.
fn is_silent(cx: Cx<'_>, unit: &Unit, rescue: &Rescue) -> bool {
    let empty = match unit.module.kind(rescue.body) {
        Kind::Block(statements) => statements.iter().all(|statement| matches!(unit.module.kind(*statement), Kind::Literal(Literal::Nil))),
        Kind::Literal(Literal::Nil) => true,
        _ => false,
    };
    let span = unit.module.span(rescue.body);
    let text = cx.source(unit).get(span.range()).unwrap_or_default();
    empty && !text.contains(['/', '#']) && !(text.is_empty() && is_commented(cx.source(unit), span.start as usize))
}

/// Whether a comment stands in a handler of Ruby that has no body: in front of the place where it would be, or behind.
fn is_commented(text: &str, at: usize) -> bool {
    let (Some(before), Some(behind)) = (text.get(..at), text.get(at..)) else { return false };
    let handler = before.rfind("rescue").map_or("", |start| &before[start..]);
    handler.contains('#') || behind.trim_start().starts_with('#')
}

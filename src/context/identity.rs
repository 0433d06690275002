//! What a value is the same as.

use smol_str::SmolStr;

use super::Cx;
use crate::key::{KeyPart, Template};
use crate::operation::Identity;
use crate::program::{Kind, Literal, NodeId, Part, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::unique_name;

/// How deep an expression is followed before it is only compared by its text.
const DEPTH: usize = 16;

/// The identity of an expression.
pub(crate) fn identity(unit: &Unit, node: NodeId, text: &str) -> Identity {
    let mut found = Found { canonical: String::new(), by_value: true, bindings: Vec::new() };
    write(unit, node, text, &mut found, 0);
    found.bindings.sort_unstable();
    found.bindings.dedup();
    Identity { canonical: found.canonical.into(), by_value: found.by_value, bindings: found.bindings }
}

/// The unique name of what an assignment target or a name stands for.
pub(crate) fn binding_name(unit: &Unit, node: NodeId) -> Option<SmolStr> {
    match unit.module.kind(node) {
        Kind::Local(_) | Kind::Global(_) | Kind::Constant { .. } => unique_name(unit, node),
        Kind::Member { object, .. } if matches!(unit.module.kind(*object), Kind::This) => unique_name(unit, node),
        _ => None,
    }
}

/// The identity of a key: by its template, when all its holes are bindings, so that a key is the same whichever way it is
/// built; else by its expression.
pub(crate) fn key_identity(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Identity {
    of_template(&cx.texts.uniquely().template(unit, node)).unwrap_or_else(|| identity(unit, node, cx.source(unit)))
}

/// The identity of a value by its template, if every hole is a binding or a member of one.
pub(crate) fn of_template(template: &Template) -> Option<Identity> {
    let mut bindings = Vec::new();
    for part in &template.0 {
        if let KeyPart::Hole(name) = part {
            if name.starts_with('?') {
                return None;
            }
            bindings.push(root(name));
        }
    }
    bindings.sort_unstable();
    bindings.dedup();
    Some(Identity { canonical: format!("key {}", template.named()).into(), by_value: true, bindings })
}

/// The binding that a unique name is a member of: `3#7` of `3#7.user.id`, `@4.false.store` of `@4.false.store.name`.
fn root(name: &str) -> SmolStr {
    let segments = if name.starts_with('@') { 3 } else { 1 };
    name.splitn(segments + 1, '.').take(segments).collect::<Vec<_>>().join(".").into()
}

struct Found {
    canonical: String,
    by_value: bool,
    bindings: Vec<SmolStr>,
}

fn write(unit: &Unit, node: NodeId, text: &str, found: &mut Found, depth: usize) {
    let module = &unit.module;
    let source = |found: &mut Found| {
        found.by_value = false;
        found.canonical.push_str("text:");
        found.canonical.push_str(text.get(module.span(node).range()).unwrap_or_default());
    };
    if depth > DEPTH {
        return source(found);
    }
    if let Some(name) = binding_name(unit, node) {
        found.canonical.push_str(&name);
        found.bindings.push(name);
        return;
    }
    let child = |found: &mut Found, node: NodeId| write(unit, node, text, found, depth + 1);
    match module.kind(node) {
        Kind::Literal(literal) => match literal {
            Literal::Str(value) | Literal::Symbol(value) => found.canonical.push_str(&format!("{value:?}")),
            other => found.canonical.push_str(&format!("{other:?}")),
        },
        Kind::Template(parts) => {
            for part in parts {
                match part {
                    Part::Text(value) => found.canonical.push_str(&format!("{value:?}")),
                    Part::Hole(hole) => {
                        found.canonical.push('{');
                        child(found, *hole);
                        found.canonical.push('}');
                    }
                }
            }
        }
        Kind::This => found.canonical.push_str("this"),
        Kind::Free(name) => {
            found.canonical.push_str(name);
            found.bindings.push(format!("free {name}").into());
        }
        Kind::Member { object, name, .. } => {
            child(found, *object);
            found.canonical.push('.');
            found.canonical.push_str(name);
        }
        Kind::Index { object, index, .. } => {
            child(found, *object);
            found.canonical.push('[');
            child(found, *index);
            found.canonical.push(']');
        }
        Kind::Cast { value, .. } | Kind::Await(value) => child(found, *value),
        Kind::Unary { op: UnaryOp::Negate, operand } => {
            found.canonical.push('-');
            child(found, *operand);
        }
        Kind::Binary { op, left, right } => {
            child(found, *left);
            found.canonical.push_str(&format!(" {op:?} "));
            child(found, *right);
        }
        Kind::Call(call) => {
            // A call gives the same value twice only by its text; a Ruby reader without arguments is as good as a field.
            found.by_value = false;
            match &call.target {
                Target::Method { receiver, name } => {
                    child(found, *receiver);
                    found.canonical.push('.');
                    found.canonical.push_str(name);
                }
                Target::Own(name) => found.canonical.push_str(name),
                Target::Function(callee) => child(found, *callee),
                Target::Super => found.canonical.push_str("super"),
            }
            found.canonical.push('(');
            for argument in &call.args {
                child(found, argument.value);
                found.canonical.push(',');
            }
            found.canonical.push(')');
        }
        _ => source(found),
    }
}

/// Whether evaluating an expression has no effect.
pub(crate) fn is_pure(unit: &Unit, node: NodeId) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        match unit.module.kind(node) {
            Kind::Literal(_) | Kind::Local(_) | Kind::Free(_) | Kind::Global(_) | Kind::Constant { .. } | Kind::This | Kind::Closure(_) => {
            }
            Kind::Template(_)
            | Kind::Member { .. }
            | Kind::Index { .. }
            | Kind::Object(_)
            | Kind::Array(_)
            | Kind::Cast { .. }
            | Kind::Unary { .. }
            | Kind::Binary { .. }
            | Kind::Logic { .. }
            | Kind::Spread(_) => {
                unit.module.each_child(node, &mut |child| stack.push(child));
            }
            Kind::Call(call) if is_pure_call(unit, call) => unit.module.each_child(node, &mut |child| stack.push(child)),
            _ => return false,
        }
    }
    true
}

/// Calls that compute and do nothing else.
pub(crate) fn is_pure_call(unit: &Unit, call: &crate::program::Call) -> bool {
    match &call.target {
        Target::Method { receiver, name } => match unit.module.kind(*receiver) {
            Kind::Free(object) => match object.as_str() {
                "JSON" => matches!(name.as_str(), "stringify" | "parse"),
                "Math" | "Object" | "Array" | "Number" | "String" => true,
                "Date" => name == "now",
                "console" | "logger" | "log" => true,
                _ => false,
            },
            Kind::Constant { path, .. } => matches!(path.last().map(SmolStr::as_str), Some("JSON" | "Time" | "Date" | "Integer" | "Float")),
            _ => matches!(
                name.as_str(),
                "toString"
                    | "to_s"
                    | "to_i"
                    | "to_f"
                    | "to_json"
                    | "to_sym"
                    | "join"
                    | "trim"
                    | "strip"
                    | "downcase"
                    | "upcase"
                    | "toLowerCase"
                    | "toUpperCase"
                    | "toISOString"
                    | "iso8601"
                    | "getTime"
                    | "id"
                    | "length"
                    | "size"
                    | "seconds"
                    | "minutes"
                    | "minute"
                    | "hours"
                    | "hour"
                    | "days"
                    | "day"
                    | "weeks"
                    | "week"
                    | "freeze"
                    | "info"
                    | "debug"
                    | "warn"
                    | "error"
            ),
        },
        Target::Function(callee) => {
            matches!(unit.module.kind(*callee), Kind::Free(name) if matches!(name.as_str(), "String" | "Number" | "Boolean" | "parseInt" | "parseFloat" | "encodeURIComponent"))
        }
        Target::Own(name) => matches!(name.as_str(), "puts" | "format" | "Integer" | "Float" | "String"),
        Target::Super => false,
    }
}

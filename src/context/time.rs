//! What a TTL expression looks like: the unit that its text speaks of.

use super::Cx;
use super::arguments::through_casts;
use crate::program::{BinaryOp, Kind, Literal, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::text::{duration_unit, name_of};

/// The words of the fact `ttl_looks`.
pub(crate) fn looks(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Vec<&'static str> {
    let mut found = Vec::new();
    look(cx, unit, node, &mut found, 0);
    found.sort_unstable();
    found.dedup();
    found
}

fn look(cx: Cx<'_>, unit: &Unit, node: NodeId, found: &mut Vec<&'static str>, depth: usize) {
    if depth > 8 {
        return;
    }
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Binary { op: BinaryOp::Multiply, left, right } => {
            let mut factors = Vec::new();
            if [left, right].into_iter().any(|side| is_thousand(unit, *side)) {
                found.push("ms");
            } else if number_factors(unit, node, &mut factors) && factors.contains(&60) && !factors.iter().any(|factor| factor % 1000 == 0)
            {
                found.push("s");
            } else {
                look(cx, unit, *left, found, depth + 1);
                look(cx, unit, *right, found, depth + 1);
            }
        }
        Kind::Binary { op: BinaryOp::Divide, left, right } => {
            let mut side = Vec::new();
            look(cx, unit, *left, &mut side, depth + 1);
            // Milliseconds made seconds: an instant stays one, in seconds.
            if is_thousand(unit, *right) {
                side.retain(|word| *word == "instant");
            }
            found.append(&mut side);
        }
        Kind::Binary { op: op @ (BinaryOp::Add | BinaryOp::Subtract), left, right } => {
            let mut sides = Vec::new();
            look(cx, unit, *right, &mut sides, depth + 1);
            // What is left until an instant, or since one, is a duration.
            if *op == BinaryOp::Subtract && sides.contains(&"instant") {
                return;
            }
            let right_alone = sides.len();
            look(cx, unit, *left, &mut sides, depth + 1);
            // `start + 1.hour` may be a point in time as well.
            let unknown = sides.len() == right_alone && cx.texts.number(unit, *left).is_none();
            if *op == BinaryOp::Add && unknown && sides.contains(&"duration") {
                return;
            }
            found.append(&mut sides);
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => {
                let on = match unit.module.kind(*receiver) {
                    Kind::Free(name) => name.as_str(),
                    Kind::Constant { path, .. } => path.last().map_or("", |name| name.as_str()),
                    _ => "",
                };
                match (on, name.as_str()) {
                    // JavaScript's clock counts milliseconds.
                    ("Date", "now") | (_, "getTime") => found.extend(["instant", "ms"]),
                    (_, "from_now") | ("Time" | "DateTime", "now" | "current") => found.push("instant"),
                    (_, "now") if called_name_of(unit, *receiver) == "zone" => found.push("instant"),
                    (_, name) if duration_unit(name).is_some() && call.args.is_empty() => found.push("duration"),
                    ("Math", "floor" | "round" | "ceil" | "trunc") => {
                        if let Some(argument) = call.args.first() {
                            look(cx, unit, argument.value, found, depth + 1);
                        }
                    }
                    (_, "to_i" | "to_f" | "round" | "floor" | "ceil" | "seconds" | "in_seconds") => {
                        look(cx, unit, *receiver, found, depth + 1)
                    }
                    (_, "in_milliseconds") => found.push("ms"),
                    _ => {}
                }
            }
            Target::Function(callee)
                if matches!(name_of(unit, *callee).as_str(), "ms")
                    && call.args.iter().all(|argument| matches!(unit.module.kind(argument.value), Kind::Literal(Literal::Str(_)))) =>
            {
                found.push("ms");
            }
            _ => {}
        },
        Kind::Local(_) | Kind::Member { .. } | Kind::Constant { .. } | Kind::Free(_) => {
            if let Some(word) = unit_of_name(&name_of(unit, node)) {
                found.push(word);
            } else if let Some((file, defined)) = cx.texts.definition(unit, node, 0)
                && let Some(there) = cx.resolution.links.unit(file)
            {
                look(cx, there, defined, found, depth + 1);
            }
        }
        _ => {}
    }
}

/// The method whose reply a receiver is: `zone` of `Time.zone.now`.
fn called_name_of(unit: &Unit, node: NodeId) -> &str {
    match unit.module.kind(node) {
        Kind::Call(call) => match &call.target {
            Target::Method { name, .. } => name,
            _ => "",
        },
        Kind::Member { name, .. } => name,
        _ => "",
    }
}

/// Collects the factors of a product of whole numbers, `24 * 60 * 60`; whether it is one.
fn number_factors(unit: &Unit, node: NodeId, factors: &mut Vec<i64>) -> bool {
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Literal(Literal::Int(number)) => {
            factors.push(*number);
            true
        }
        Kind::Binary { op: BinaryOp::Multiply, left, right } => {
            number_factors(unit, *left, factors) && number_factors(unit, *right, factors)
        }
        _ => false,
    }
}

/// What is known of the number that a TTL expression gives: `integer`, `fraction`, `zero` or `negative`.
pub(crate) fn number(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<&'static str> {
    if let Some(number) = cx.texts.number(unit, node) {
        return Some(match number {
            _ if number.fract() != 0.0 => "fraction",
            _ if number == 0.0 => "zero",
            _ if number < 0.0 => "negative",
            _ => "integer",
        });
    }
    is_fraction(cx, unit, node, 0).then_some("fraction")
}

/// Whether a number that is not known certainly, or all but certainly, has a fraction: `ttl * 0.9`, `Math.random() * 60`,
/// `(expires - Date.now()) / 1000`, none of them rounded.
fn is_fraction(cx: Cx<'_>, unit: &Unit, node: NodeId, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    let node = through_casts(unit, node);
    let inner = |node: NodeId| is_fraction(cx, unit, node, depth + 1);
    match unit.module.kind(node) {
        Kind::Literal(Literal::Float(number)) => number.fract() != 0.0,
        // What two fractions give may be whole.
        Kind::Binary { op: BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply, left, right } => inner(*left) != inner(*right),
        Kind::Binary { op: BinaryOp::Divide, left, right } => {
            inner(*left) || !unit.module.semantics.shares_constants && is_thousand(unit, *right) && mentions_clock(unit, *left, 0)
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => {
                matches!(unit.module.kind(*receiver), Kind::Free(math) if math == "Math") && name == "random"
            }
            _ => false,
        },
        Kind::Local(_) | Kind::Constant { .. } => cx
            .texts
            .definition(unit, node, 0)
            .and_then(|(file, defined)| Some((cx.resolution.links.unit(file)?, defined)))
            .is_some_and(|(there, defined)| is_fraction(cx, there, defined, depth + 1)),
        _ => false,
    }
}

/// Whether an expression counts with the clock: `expires - Date.now()`.
fn mentions_clock(unit: &Unit, node: NodeId, depth: usize) -> bool {
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Binary { op: BinaryOp::Add | BinaryOp::Subtract, left, right } if depth < 8 => {
            mentions_clock(unit, *left, depth + 1) || mentions_clock(unit, *right, depth + 1)
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => matches!(unit.module.kind(*receiver), Kind::Free(date) if date == "Date") && name == "now",
            _ => false,
        },
        _ => false,
    }
}

fn is_thousand(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Literal(Literal::Int(1000)) => true,
        Kind::Literal(Literal::Float(number)) => (*number - 1000.0).abs() < f64::EPSILON,
        _ => false,
    }
}

/// The unit that a name ends in: `TTL_MS`, `timeoutMillis`, `ttlSeconds`.
fn unit_of_name(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let ends = |word: &str| {
        lower.ends_with(word) && {
            let at = name.len() - word.len();
            at == 0
                || name.as_bytes()[at - 1] == b'_'
                || name.as_bytes()[at].is_ascii_uppercase() && name.as_bytes()[at - 1].is_ascii_lowercase()
        }
    };
    if ["ms", "millis", "milliseconds", "msec"].into_iter().any(ends) {
        return Some("ms");
    }
    ["seconds", "secs", "sec", "second"].into_iter().any(ends).then_some("s")
}

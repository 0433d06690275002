//! Constant numbers and durations.

use super::{DEPTH, Texts, name_of};
use crate::program::{BinaryOp, BindingKind, Call, Kind, Literal, LogicOp, NodeId, Target, UnaryOp};
use crate::resolve::link::Unit;

impl Texts<'_> {
    /// The constant number that an expression is, durations in seconds.
    #[must_use]
    pub fn number(&self, unit: &Unit, node: NodeId) -> Option<f64> {
        self.number_in(unit, node, 0)
    }

    fn number_in(&self, unit: &Unit, node: NodeId, depth: usize) -> Option<f64> {
        if depth > DEPTH {
            return None;
        }
        let module = &unit.module;
        match module.kind(node) {
            Kind::Literal(Literal::Int(number)) => Some(*number as f64),
            Kind::Literal(Literal::Float(number)) => Some(*number),
            Kind::Literal(Literal::Str(text)) => text.trim().parse().ok(),
            Kind::Free(name) if name == "Infinity" => Some(f64::INFINITY),
            Kind::Unary { op: UnaryOp::Negate, operand } => Some(-self.number_in(unit, *operand, depth + 1)?),
            Kind::Binary { op, left, right } => {
                let (a, b) = (self.number_in(unit, *left, depth + 1)?, self.number_in(unit, *right, depth + 1)?);
                match op {
                    BinaryOp::Add => Some(a + b),
                    BinaryOp::Subtract => Some(a - b),
                    BinaryOp::Multiply => Some(a * b),
                    BinaryOp::Divide if b != 0.0 => Some(if module.semantics.shares_constants && a.fract() == 0.0 && b.fract() == 0.0 {
                        (a / b).floor()
                    } else {
                        a / b
                    }),
                    BinaryOp::Power => Some(a.powf(b)),
                    _ => None,
                }
            }
            Kind::Local(binding) => {
                let bound = module.binding(*binding);
                match bound.kind {
                    BindingKind::Variable if bound.is_const => match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => self.number_in(unit, *value, depth + 1),
                        [] => {
                            let (file, value) = self.destructured(unit, *binding, depth)?;
                            self.number_in(self.unit(file)?, value, depth + 1)
                        }
                        _ => None,
                    },
                    BindingKind::Import(_) => {
                        self.definition(unit, node, depth).and_then(|(file, value)| self.number_in(self.unit(file)?, value, depth + 1))
                    }
                    _ => None,
                }
            }
            Kind::Constant { .. } => {
                self.definition(unit, node, depth).and_then(|(file, value)| self.number_in(self.unit(file)?, value, depth + 1))
            }
            Kind::Member { object, name, .. } => {
                let (file, value) = self.member_definition(unit, *object, name, depth)?;
                self.number_in(self.unit(file)?, value, depth + 1)
            }
            // What the environment gives where it gives nothing.
            Kind::Logic { op: LogicOp::Or | LogicOp::OrNil, left, right } if reads_environment(unit, *left, 0) => {
                self.number_in(unit, *right, depth + 1)
            }
            Kind::Call(call) => self.call_number(unit, call, depth),
            Kind::Cast { value, .. } | Kind::Await(value) | Kind::Assign { value, .. } => self.number_in(unit, *value, depth + 1),
            Kind::Block(statements) if statements.len() == 1 => self.number_in(unit, statements[0], depth + 1),
            _ => None,
        }
    }

    fn call_number(&self, unit: &Unit, call: &Call, depth: usize) -> Option<f64> {
        match &call.target {
            Target::Method { receiver, name } => {
                if let Some(seconds) = duration_unit(name)
                    && call.args.is_empty()
                    && unit.module.semantics.shares_constants
                {
                    return Some(self.number_in(unit, *receiver, depth + 1)? * seconds);
                }
                if name == "fetch" && is_environment(unit, *receiver) {
                    return self.number_in(unit, call.args.get(1)?.value, depth + 1);
                }
                match name.as_str() {
                    "to_i" | "to_f" | "round" | "floor" | "ceil" | "to_int" | "in_seconds" | "seconds" | "freeze"
                        if call.args.is_empty() =>
                    {
                        self.number_in(unit, *receiver, depth + 1)
                    }
                    "floor" | "round" | "ceil" | "trunc" if matches!(unit.module.kind(*receiver), Kind::Free(name) if name == "Math") => {
                        Some(self.number_in(unit, call.args.first()?.value, depth + 1)?.floor())
                    }
                    _ => self.returned_number(unit, call, *receiver, depth),
                }
            }
            Target::Function(callee) => {
                // `ms("1h")`
                if name_of(unit, *callee) == "ms" && call.args.len() == 1 {
                    return duration(&self.known(unit, call.args[0].value)?);
                }
                if matches!(unit.module.kind(*callee), Kind::Free(name) if name == "Number" || name == "parseInt") {
                    return self.number_in(unit, call.args.first()?.value, depth + 1);
                }
                self.returned_number(unit, call, *callee, depth)
            }
            Target::Own(name) if name == "Integer" || name == "Float" => self.number_in(unit, call.args.first()?.value, depth + 1),
            Target::Own(_) => self.returned_number(unit, call, self.node_at(unit, call)?, depth),
            Target::Super => None,
        }
    }

    fn returned_number(&self, unit: &Unit, call: &Call, at: NodeId, depth: usize) -> Option<f64> {
        if !call.args.is_empty() {
            return None;
        }
        let callees = self.callees(unit, call, at);
        let [function] = callees.as_slice() else { return None };
        let (file, value) = self.returned(*function)?;
        self.number_in(self.unit(file)?, value, depth + 1)
    }
}

/// `process.env`, `import.meta.env`, `Bun.env`, Ruby's `ENV`.
fn is_environment(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(node) {
        Kind::Member { name, .. } => name == "env",
        Kind::Constant { path, .. } => path.len() == 1 && path[0] == "ENV",
        Kind::Free(name) => name == "env",
        _ => false,
    }
}

/// Whether an expression is read from the environment, conversions aside.
fn reads_environment(unit: &Unit, node: NodeId, depth: usize) -> bool {
    if depth > 6 {
        return false;
    }
    match unit.module.kind(node) {
        Kind::Member { object, .. } | Kind::Index { object, .. } => is_environment(unit, *object),
        Kind::Cast { value, .. } => reads_environment(unit, *value, depth + 1),
        Kind::Unary { operand, .. } => reads_environment(unit, *operand, depth + 1),
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, .. } if call.args.is_empty() => reads_environment(unit, *receiver, depth + 1),
            _ => call.args.first().is_some_and(|argument| reads_environment(unit, argument.value, depth + 1)),
        },
        _ => false,
    }
}

/// The milliseconds of a duration as the package `ms` reads it: `1h`, `2 days`, `90s`, `500`.
fn duration(text: &str) -> Option<f64> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-')).unwrap_or(text.len());
    let number: f64 = text[..at].parse().ok()?;
    let unit = match text[at..].trim().to_ascii_lowercase().as_str() {
        "" | "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1e3,
        "m" | "min" | "mins" | "minute" | "minutes" => 60e3,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600e3,
        "d" | "day" | "days" => 86_400e3,
        "w" | "week" | "weeks" => 604_800e3,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600e3,
        _ => return None,
    };
    Some(number * unit)
}

/// The seconds in a duration method of ActiveSupport: `5.minutes`.
#[must_use]
pub fn duration_unit(name: &str) -> Option<f64> {
    Some(match name {
        "second" | "seconds" => 1.0,
        "minute" | "minutes" => 60.0,
        "hour" | "hours" => 3600.0,
        "day" | "days" => 86_400.0,
        "week" | "weeks" => 604_800.0,
        "fortnight" | "fortnights" => 1_209_600.0,
        "month" | "months" => 2_629_746.0,
        "year" | "years" => 31_556_952.0,
        _ => return None,
    })
}

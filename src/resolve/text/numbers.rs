//! Constant numbers and durations.

use super::{DEPTH, Texts};
use crate::program::{BinaryOp, BindingKind, Call, Kind, Literal, NodeId, Target, UnaryOp};
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
                if matches!(unit.module.kind(*callee), Kind::Free(name) if name == "Number" || name == "parseInt") {
                    return self.number_in(unit, call.args.first()?.value, depth + 1);
                }
                self.returned_number(unit, call, *callee, depth)
            }
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

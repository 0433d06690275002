//! The names by which parts of keys are shown and compared.

use smol_str::SmolStr;

use crate::program::{Call, FunctionId, Kind, NodeId, Target};
use crate::resolve::link::{self, Unit};

/// The name under which a value is the same as another of that name: of bindings, fields, globals, and members of such.
#[must_use]
pub fn unique_name(unit: &Unit, node: NodeId) -> Option<SmolStr> {
    match unit.module.kind(node) {
        Kind::Local(binding) => Some(format!("{}#{}", unit.file.0, binding.0).into()),
        Kind::Global(name) => Some(format!("${name}").into()),
        Kind::Constant { path, .. } => Some(link::join("::", path)),
        Kind::This => match link::this_class(unit, unit.holder[node.0 as usize]) {
            Some((class, of_class)) => Some(format!("@{}.{of_class}", class.0).into()),
            None => Some("@this".into()),
        },
        Kind::Member { object, name, .. } => Some(format!("{}.{name}", unique_name(unit, *object)?).into()),
        Kind::Cast { value, .. } | Kind::Await(value) => unique_name(unit, *value),
        _ => None,
    }
}

/// The name by which a hole is shown.
#[must_use]
pub fn name_of(unit: &Unit, node: NodeId) -> SmolStr {
    match unit.module.kind(node) {
        Kind::Local(binding) => unit.module.binding(*binding).name.clone(),
        Kind::Member { name, .. } | Kind::Free(name) | Kind::Global(name) => name.clone(),
        Kind::Constant { path, .. } => path.last().cloned().unwrap_or_default(),
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if matches!(name.as_str(), "to_s" | "toString" | "id") && call.args.is_empty() => {
                let inner = name_of(unit, *receiver);
                if name == "id" && !inner.is_empty() { format!("{inner}.id").into() } else { inner }
            }
            _ => called_name(unit, call),
        },
        Kind::Cast { value, .. } | Kind::Await(value) => name_of(unit, *value),
        _ => SmolStr::default(),
    }
}

/// The name that a call calls; empty for `super`.
#[must_use]
pub fn called_name(unit: &Unit, call: &Call) -> SmolStr {
    match &call.target {
        Target::Method { name, .. } | Target::Own(name) => name.clone(),
        Target::Function(callee) => name_of(unit, *callee),
        Target::Super => SmolStr::default(),
    }
}

/// The function ids of a module, in order.
pub fn functions(unit: &Unit) -> impl Iterator<Item = FunctionId> {
    (0..unit.module.functions.len() as u32).map(FunctionId)
}

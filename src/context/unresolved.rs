//! Calls that are named like a Redis command and whose receiver is not known: what resolution may have missed.

use smol_str::SmolStr;

use super::Cx;
use super::receiver::reached;
use super::site::{link, site};
use crate::operation::{Link, Unresolved};
use crate::program::{BindingKind, Call, ImportName, Kind, NodeId, Target};
use crate::resolve::text::name_of;
use crate::resolve::value::{Atom, Values};
use crate::resolve::{Modules, Slot, Target as ModuleTarget, Unit, find_methods, this_class};

/// How many steps are looked back for the reason.
const DEPTH: usize = 12;

/// The calls of a file whose method is named like a command that only Redis has, on a receiver that is not known to be a
/// client, nor to be something of the project that has such a method.
pub(crate) fn find(cx: Cx<'_>, modules: &dyn Modules, unit: &Unit) -> Vec<Unresolved> {
    let mut found = Vec::new();
    for (id, call) in unit.calls() {
        let (Target::Method { name, .. } | Target::Own(name)) = &call.target else { continue };
        let Some(command) = command(cx, name) else { continue };
        if reached(cx, unit, id, call).is_some() || !cx.texts.callees(unit, call, id).is_empty() {
            continue;
        }
        let why = match &call.target {
            Target::Method { receiver, .. } => {
                let values = cx.texts.values(unit, *receiver);
                if values.is_empty() { why(cx, modules, unit, *receiver, 0) } else { known(cx, unit, *receiver, values, name) }
            }
            _ => own(cx, unit, id, call, name),
        };
        if let Some(why) = why {
            found.push(Unresolved { site: site(unit, id, call), command, method: name.clone(), why });
        }
    }
    found
}

/// The command that a method is named like, when little else has a method of that name.
fn command(cx: Cx<'_>, method: &str) -> Option<SmolStr> {
    let plain = method.trim_end_matches("Async").trim_end_matches("Buffer").trim_end_matches(['?', '!']);
    let command = cx.commands.get(&plain.to_ascii_uppercase())?;
    (command.is_distinctive() && !plain.contains(' ')).then(|| command.name.clone())
}

/// What a receiver is, when that is known and no client; `None` when it has the method itself.
fn known(cx: Cx<'_>, unit: &Unit, node: NodeId, values: &Values, method: &str) -> Option<Link> {
    let mut parts: Vec<String> = Vec::new();
    for atom in values {
        parts.push(match atom {
            Atom::Instance(class) | Atom::Class(class) => format!("a `{}` without such a method", cx.resolution.links.class(*class).name),
            Atom::Constant(name) => format!("`{name}`, which neither the project nor a client table defines"),
            Atom::Export(library, path) => format!("`{path}` of {}", cx.catalog.library(*library).name),
            Atom::Function(_) => "a function".to_owned(),
            Atom::Object(place) => {
                if !cx.resolution.state.get(&Slot::Member(*place, method.into())).is_empty() {
                    return None;
                }
                "an object without such a member".to_owned()
            }
            Atom::Module(_) => "a module without such an export".to_owned(),
            // A client whose table does not list the method.
            Atom::Client(_) | Atom::Queue(_) => return None,
        });
    }
    parts.dedup();
    Some(link(unit, unit.module.span(node), format!("the receiver is {}", parts.join(" or "))))
}

/// Why a method of `self` is not known.
fn own(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, name: &str) -> Option<Link> {
    let text = match this_class(unit, unit.holder[id.0 as usize]) {
        Some((class, of_class)) => {
            if !find_methods(&cx.resolution.links, &cx.resolution.hierarchy, class, of_class, name).is_empty() {
                return None;
            }
            format!("`{}` and its known ancestors have no method `{name}`", cx.resolution.links.class(class).name)
        }
        None => format!("there is no known method `{name}` here"),
    };
    Some(link(unit, call.name_span, text))
}

/// Why nothing is known of an expression: the last step back that could be taken.
fn why(cx: Cx<'_>, modules: &dyn Modules, unit: &Unit, node: NodeId, depth: usize) -> Option<Link> {
    let here = |text: String| Some(link(unit, unit.module.span(node), text));
    if depth > DEPTH {
        return here("the way back is too long to tell".to_owned());
    }
    let back = |unit: &Unit, node: NodeId| {
        if cx.texts.values(unit, node).is_empty() { why(cx, modules, unit, node, depth + 1) } else { None }
    };
    match unit.module.kind(node) {
        Kind::Cast { value, .. } | Kind::Await(value) | Kind::Assign { value, .. } => {
            back(unit, *value).or_else(|| here("this gives nothing known".to_owned()))
        }
        Kind::Logic { right, .. } => back(unit, *right).or_else(|| here("this gives nothing known".to_owned())),
        Kind::Local(binding) => {
            let bound = unit.module.binding(*binding);
            match bound.kind {
                BindingKind::Import(import) => {
                    let import = &unit.module.imports[import as usize];
                    imported(cx, modules, unit, &import.module, &import.name, bound.span, depth)
                }
                BindingKind::Param => {
                    // A block gets what the call that it is given to makes of its receiver.
                    let given = unit.params[binding.0 as usize].as_ref().and_then(|(function, _)| unit.callers.get(function));
                    if let Some(given) = given
                        && let Some(link) = back(unit, *given)
                    {
                        return Some(link);
                    }
                    Some(link(unit, bound.span, format!("no call is known that passes something known for parameter `{}`", bound.name)))
                }
                _ => match unit.assigned[binding.0 as usize].as_slice() {
                    [] => Some(link(unit, bound.span, format!("`{}` is taken out of something unknown", bound.name))),
                    values => values
                        .iter()
                        .find_map(|value| back(unit, *value))
                        .or_else(|| Some(link(unit, bound.span, format!("nothing known is assigned to `{}`", bound.name)))),
                },
            }
        }
        Kind::Member { object, name, .. } => {
            let values = cx.texts.values(unit, *object);
            if values.is_empty() {
                return back(unit, *object).or_else(|| here(format!("`{name}` of something unknown")));
            }
            let assigned = values.iter().find_map(|atom| match atom {
                Atom::Instance(class) | Atom::Class(class) => {
                    let of_class = matches!(atom, Atom::Class(_));
                    cx.resolution.links.fields.get(&(*class, name.clone(), of_class)).and_then(|all| all.first().copied())
                }
                _ => None,
            });
            let before = assigned.and_then(|(file, value)| back(cx.resolution.links.unit(file)?, value));
            before.or_else(|| here(format!("nothing known is assigned to the member `{name}`")))
        }
        Kind::Index { object, .. } => back(unit, *object).or_else(|| here("no member of this is known".to_owned())),
        Kind::Call(call) => {
            let callees = cx.texts.callees(unit, call, node);
            if let Some(function) = callees.first() {
                let returned = cx.texts.returned(*function).and_then(|(file, value)| back(cx.resolution.links.unit(file)?, value));
                return returned.or_else(|| here("what the called function returns is not known".to_owned()));
            }
            match &call.target {
                Target::Method { receiver, name } => {
                    let further = if cx.texts.values(unit, *receiver).is_empty() { back(unit, *receiver) } else { None };
                    further.or_else(|| here(format!("what `{name}` gives here is not known")))
                }
                Target::Function(callee) => {
                    let further = if cx.texts.values(unit, *callee).is_empty() { back(unit, *callee) } else { None };
                    further.or_else(|| here(format!("what `{}` gives is not known", name_of(unit, *callee))))
                }
                Target::Own(name) => here(format!("no method `{name}` is known here")),
                Target::Super => here("the overridden method is not known".to_owned()),
            }
        }
        Kind::Free(name) => here(format!("`{name}` is bound nowhere in this file")),
        Kind::Global(name) => here(format!("nothing known is assigned to the global `{name}`")),
        Kind::Constant { path, .. } => here(format!("nothing known is assigned to `{}`", crate::resolve::join("", path))),
        Kind::This => here("this is no member of a class that is known".to_owned()),
        Kind::Require { specifier, .. } => here(module_reason(modules, unit, specifier)),
        _ => here("this kind of expression is not followed".to_owned()),
    }
}

fn imported(
    cx: Cx<'_>,
    modules: &dyn Modules,
    unit: &Unit,
    specifier: &SmolStr,
    name: &ImportName,
    span: crate::source::Span,
    depth: usize,
) -> Option<Link> {
    let exported = match name {
        ImportName::Named(name) => name.as_str(),
        ImportName::Default => "default",
        ImportName::Namespace | ImportName::Nothing => "*",
    };
    if let ModuleTarget::File(file) = modules.find(unit.file, specifier)
        && let Some(there) = cx.resolution.links.unit(file)
    {
        let defined = cx.texts.exported_definition(file, exported, depth);
        let further = defined.and_then(|(file, value)| why(cx, modules, cx.resolution.links.unit(file)?, value, depth + 1));
        return further.or_else(|| Some(link(unit, span, format!("`{exported}` of {} gives nothing known", there.path))));
    }
    Some(link(unit, span, module_reason(modules, unit, specifier)))
}

fn module_reason(modules: &dyn Modules, unit: &Unit, specifier: &SmolStr) -> String {
    match modules.find(unit.file, specifier) {
        ModuleTarget::Library(_) => format!("\"{specifier}\" exports no client of that name, as far as its table says"),
        ModuleTarget::File(_) => format!("\"{specifier}\" gives nothing known"),
        ModuleTarget::Unknown => format!("\"{specifier}\" is neither a file of the project that was read nor a known client library"),
    }
}

//! Which client, if any, a call is made on.

use smol_str::SmolStr;

use super::Cx;
use crate::client::MethodVerdict;
use crate::program::{Call, Kind, NodeId, Target};
use crate::resolve::text::name_of;
use crate::resolve::value::{Atom, ClassKey, ClientValue, QueueValue, Values, strongest};
use crate::resolve::{Slot, Unit, find_methods, this_class};

/// A call that reaches a client.
pub(crate) struct Reached {
    /// The clients it may be on, strongest evidence first; all of one library.
    pub clients: Vec<ClientValue>,
    /// Whether clients of other libraries come here too: an adapter that takes one or another.
    pub is_mixed: bool,
    /// The queue it may be on.
    pub queue: Option<QueueValue>,
    /// The method, joined to the property it is reached through: `json.get`.
    pub method: SmolStr,
    /// The receiver expression.
    pub receiver: Option<NodeId>,
    /// Whether the method was made to answer with a promise: `promisify(client.get)`.
    pub promised: bool,
}

/// What a call reaches, by its receiver alone.
pub(crate) fn reached(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call) -> Option<Reached> {
    match &call.target {
        Target::Method { receiver, name } => {
            let values = cx.texts.values(unit, *receiver);
            if let Some(found) = of_values(cx, values, name, Some(*receiver)) {
                return Some(found);
            }
            if let Kind::Member { object, name: property, .. } = unit.module.kind(*receiver) {
                let on = clients(cx, cx.texts.values(unit, *object), property);
                if on.clients.first().is_some_and(|client| cx.catalog.is_property(client, property)) {
                    return Some(Reached { method: format!("{property}.{name}").into(), receiver: Some(*object), ..on });
                }
            }
            // A promisified method that is kept in an object: `redis.getAsync(key)`.
            if let Some((file, value)) = cx.texts.member_definition(unit, *receiver, name, 0)
                && let Some(there) = cx.resolution.links.unit(file)
                && let Some(found) = bound_method(cx, there, value)
            {
                return Some(found);
            }
            None
        }
        Target::Own(name) => {
            let (class, of_class) = this_class(unit, unit.holder[id.0 as usize])?;
            if !find_methods(&cx.resolution.links, &cx.resolution.hierarchy, class, of_class, name).is_empty() {
                return None;
            }
            let this = Values::one(if of_class { Atom::Class(class) } else { Atom::Instance(class) });
            of_values(cx, &this, name, None)
        }
        Target::Super => {
            let function = unit.module.function(unit.module_method(unit.holder[id.0 as usize]));
            let (class, _) = this_class(unit, unit.module_method(unit.holder[id.0 as usize]))?;
            let name = function.name.clone()?;
            let on = of_one_library(cx, outside_clients(cx, class), &name);
            (!on.clients.is_empty()).then_some(on)
        }
        Target::Function(callee) => {
            // `client[command](key)` with a command that is known.
            if let Kind::Index { object, index, .. } = unit.module.kind(*callee) {
                let name = cx.texts.known(unit, *index)?;
                return of_values(cx, cx.texts.values(unit, *object), &name, Some(*object));
            }
            let (file, value) = cx.texts.definition(unit, *callee, 0)?;
            bound_method(cx, cx.resolution.links.unit(file)?, value)
        }
    }
}

/// The method of a client that a value is: `promisify(client.get).bind(client)`, `client.get.bind(client)`.
fn bound_method(cx: Cx<'_>, unit: &Unit, value: NodeId) -> Option<Reached> {
    let Kind::Call(call) = unit.module.kind(value) else { return None };
    match &call.target {
        Target::Method { receiver, name } if name == "bind" => match unit.module.kind(*receiver) {
            Kind::Member { object, name, .. } => of_values(cx, cx.texts.values(unit, *object), name, None),
            _ => bound_method(cx, unit, *receiver),
        },
        Target::Method { name, .. } if name == "promisify" => unbound(cx, unit, call),
        Target::Function(callee) if name_of(unit, *callee) == "promisify" => unbound(cx, unit, call),
        _ => None,
    }
}

fn unbound(cx: Cx<'_>, unit: &Unit, call: &Call) -> Option<Reached> {
    match unit.module.kind(call.args.first()?.value) {
        Kind::Member { object, name, .. } => Some(Reached { promised: true, ..of_values(cx, cx.texts.values(unit, *object), name, None)? }),
        _ => None,
    }
}

fn of_values(cx: Cx<'_>, values: &Values, method: &SmolStr, receiver: Option<NodeId>) -> Option<Reached> {
    let mut queues = values.queues();
    queues.sort_by_key(|queue| cx.catalog.is_wrapper(&queue.client));
    let on = if queues.is_empty() {
        clients(cx, values, method)
    } else {
        let on = of_one_library(cx, queues.iter().map(|queue| queue.client).collect(), method);
        let queue = queues.iter().find(|queue| on.clients.first().is_some_and(|client| client.place == queue.client.place)).copied();
        Reached { clients: on.clients.into_iter().take(1).collect(), queue, ..on }
    };
    (!on.clients.is_empty()).then_some(Reached { receiver, ..on })
}

/// Of clients, those of one library: of the first that has the method, since code that takes one client or another calls
/// each in its own spelling.
fn of_one_library(cx: Cx<'_>, mut clients: Vec<ClientValue>, method: &SmolStr) -> Reached {
    let Some(first) = clients.first().copied() else {
        return Reached { clients, is_mixed: false, queue: None, method: method.clone(), receiver: None, promised: false };
    };
    let is_mixed = clients.iter().any(|client| client.library != first.library);
    let fits = |client: &&ClientValue| {
        let table = cx.catalog.library(client.library);
        let spelled = table.spell(method, client.role, table.all_versions());
        spelled.is_some_and(|spelled| spelled.newest.verdict == MethodVerdict::Exists)
    };
    let library = clients.iter().find(fits).filter(|_| is_mixed).unwrap_or(&first).library;
    clients.retain(|client| client.library == library);
    Reached { clients, is_mixed, queue: None, method: method.clone(), receiver: None, promised: false }
}

/// The clients among values: clients themselves, instances of classes that extend one, and objects that forward to one.
fn clients(cx: Cx<'_>, values: &Values, method: &SmolStr) -> Reached {
    let mut all: Vec<ClientValue> = values.clients();
    let (links, hierarchy) = (&cx.resolution.links, &cx.resolution.hierarchy);
    // An instance of a subclass of a client is that client, except for the methods that the subclass overrides.
    let overrides = |atom: &Atom| matches!(atom, Atom::Instance(class) if hierarchy.outside(*class, false).next().is_some() && !find_methods(links, hierarchy, *class, false, method).is_empty());
    if values.iter().any(overrides) {
        all.clear();
    }
    for atom in values {
        let Atom::Instance(class) = atom else { continue };
        if !find_methods(links, hierarchy, *class, false, method).is_empty() {
            continue;
        }
        all.extend(outside_clients(cx, *class));
        forwarded(cx, *class, method, &mut vec![*class], &mut all);
    }
    let mut all = strongest(all);
    // What may be wrapped or plain is told by what both have.
    all.sort_by_key(|client| (std::cmp::Reverse(client.evidence), cx.catalog.is_wrapper(client), client.library, client.place));
    // A class of the project that has the method comes here too: what the client makes of the call is not sure.
    let has_own = |atom: &Atom| matches!(atom, Atom::Instance(class) if !find_methods(links, hierarchy, *class, false, method).is_empty());
    let on = of_one_library(cx, all, method);
    Reached { is_mixed: on.is_mixed || values.iter().any(has_own), ..on }
}

/// The clients to which instances of a class forward a method that they do not have, over other objects of the project.
fn forwarded(cx: Cx<'_>, class: ClassKey, method: &str, seen: &mut Vec<ClassKey>, all: &mut Vec<ClientValue>) {
    let (links, hierarchy) = (&cx.resolution.links, &cx.resolution.hierarchy);
    for ancestor in hierarchy.line(class, false) {
        let crate::resolve::Ancestor::Project(class, _) = ancestor else { continue };
        let values = cx.resolution.state.get(&Slot::Forward(*class));
        all.extend(values.clients());
        for atom in values {
            if let Atom::Instance(inner) = atom
                && !seen.contains(inner)
                && find_methods(links, hierarchy, *inner, false, method).is_empty()
            {
                seen.push(*inner);
                forwarded(cx, *inner, method, seen, all);
            }
        }
    }
}

/// The client that an instance of the class is, when the class extends one of a library.
fn outside_clients(cx: Cx<'_>, class: ClassKey) -> Vec<ClientValue> {
    let outside = cx.resolution.hierarchy.outside(class, false);
    outside.filter_map(|atom| crate::resolve::client_class(&cx.resolution.links, cx.catalog, class, atom)).collect()
}

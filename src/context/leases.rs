//! Connections that a pool lends for the length of a block, and that are kept when it has ended.

use super::entries::runs_in;
use super::site::site;
use super::{Cx, Found};
use crate::client::Role;
use crate::operation::{Client, Facts, fact};
use crate::program::{BindingId, Call, FunctionId, FunctionKind, Kind, NodeId};
use crate::resolve::Unit;
use crate::resolve::value::ClientValue;

/// Records the connection that a call lends, as a client, when it outlives the block that it is lent to.
pub(crate) fn note(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, found: &mut Found) {
    let closures = call.block.into_iter().chain(call.args.iter().filter_map(|argument| match unit.module.kind(argument.value) {
        Kind::Closure(function) => Some(*function),
        _ => None,
    }));
    for function in closures {
        let Some((target, lent)) = lent(cx, unit, function) else { continue };
        let held = if gives_back(unit, function, target) { kept_by(unit, id) } else { None };
        let Some(held) = held.or_else(|| taken_out(unit, function, target)) else { continue };
        let allowed = cx.project.allowed(unit.file, lent.library);
        let mut facts = Facts::default();
        facts.set_word(fact::LAYER, "call");
        facts.set_word(fact::EVIDENCE_, lent.evidence.word());
        facts.set_word(fact::ROLE, Role::Lease.word());
        facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, unit.holder[id.0 as usize]));
        facts.set_words(fact::USED_FOR, []);
        facts.set_word(fact::HELD, held);
        found.clients.push(Client {
            site: site(unit, id, call),
            library: cx.catalog.library(lent.library).name.clone(),
            major: allowed.majors.last().copied(),
            majors: allowed.majors,
            versions_differ: false,
            binding: None,
            tree: None,
            function: unit.module.function(unit.module_method(unit.holder[id.0 as usize])).name.clone(),
            option: None,
            address: None,
            target: None,
            facts,
        });
        found.client_places.push(unit.place(id));
        found.made_at.push(id);
        return;
    }
}

/// The parameter of a block that is a lent connection.
fn lent(cx: Cx<'_>, unit: &Unit, function: FunctionId) -> Option<(BindingId, ClientValue)> {
    let target = unit.module.function(function).params.first()?.target;
    let Kind::Local(binding) = unit.module.kind(target) else { return None };
    let mention = unit.mentions[binding.0 as usize].iter().find(|mention| **mention != target)?;
    let clients = cx.texts.values(unit, *mention).clients();
    let lease = clients.iter().find(|client| client.role == Role::Lease)?;
    Some((*binding, *lease))
}

fn is(unit: &Unit, node: NodeId, binding: BindingId) -> bool {
    matches!(unit.module.kind(node), Kind::Local(local) if *local == binding)
}

/// Whether the value of a block is the connection itself.
fn gives_back(unit: &Unit, function: FunctionId, lent: BindingId) -> bool {
    let function = unit.module.function(function);
    let last = match unit.module.kind(function.body) {
        Kind::Block(statements) => statements.last().copied(),
        _ => Some(function.body),
    };
    function.returns_body && last.is_some_and(|last| is(unit, last, lent))
}

/// What becomes of the value of the call that lends, in the words of the fact `held`; `None` when nobody takes it.
fn kept_by(unit: &Unit, call: NodeId) -> Option<&'static str> {
    let mut at = call;
    loop {
        let Some(parent) = unit.parents[at.0 as usize] else {
            let function = unit.module.function(unit.holder[at.0 as usize]);
            return (function.body == at && function.returns_body && function.kind != FunctionKind::Block).then_some("returned");
        };
        match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } | Kind::Logic { .. } => at = parent,
            Kind::Block(statements) if statements.last() == Some(&at) => at = parent,
            Kind::Block(_) => return None,
            Kind::Assign { target, .. } => return Some(place(unit, *target)),
            Kind::Exit { .. } => return Some("returned"),
            _ => return Some("passed-on"),
        }
    }
}

/// Where a block puts the connection that outlives it: a field, a global, a variable from outside.
fn taken_out(unit: &Unit, function: FunctionId, lent: BindingId) -> Option<&'static str> {
    unit.mentions[lent.0 as usize].iter().find_map(|mention| {
        let Kind::Assign { target, value, .. } = unit.module.kind(unit.parents[mention.0 as usize]?) else { return None };
        let outside = match unit.module.kind(*target) {
            Kind::Local(binding) => unit.module.binding(*binding).function != function,
            Kind::Member { object, .. } => matches!(unit.module.kind(*object), Kind::This),
            Kind::Global(_) | Kind::Constant { .. } => true,
            _ => false,
        };
        (value == mention && outside).then(|| place(unit, *target))
    })
}

fn place(unit: &Unit, target: NodeId) -> &'static str {
    match unit.module.kind(target) {
        Kind::Member { .. } => "instance",
        Kind::Local(_) => "local",
        _ => "module",
    }
}

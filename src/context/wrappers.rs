//! Project functions whose body is one operation, re-stated where they are called.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::arguments::{VALUES, through_casts, value_kinds};
use super::entries::{caller, runs_in};
use super::identity::{identity, is_pure, of_template};
use super::loops::{carried, loop_around, outermost_loop, varies_in};
use super::site::{in_lock, link, placed, site};
use super::values::is_created;
use super::{Cx, Found, replies};
use crate::operation::{Key, Operation, OperationId, Slot, fact};
use crate::program::{Call, FunctionId, Kind, NodeId, Runs, Target};
use crate::resolve::Unit;
use crate::resolve::text::called_name;
use crate::resolve::value::{FunctionKey, Place};

/// The wrappers of a project.
#[derive(Default)]
pub(crate) struct Wrappers {
    functions: FxHashMap<FunctionKey, Wrapper>,
    names: FxHashSet<SmolStr>,
}

struct Wrapper {
    operation: Operation,
    clients: Vec<Place>,
    /// The key expressions, in the wrapper's file.
    keys: Vec<NodeId>,
    /// The other arguments by slot, without conversions around them, in the wrapper's file.
    slots: Vec<(SmolStr, NodeId)>,
}

impl Wrappers {
    /// Finds the functions whose only operation is one ordinary command, outside of loops.
    pub fn new(cx: Cx<'_>, found: &[Found]) -> Self {
        let mut wrappers = Self::default();
        for (unit, file) in cx.resolution.links.units.iter().zip(found) {
            let mut by_function: FxHashMap<FunctionId, Vec<(NodeId, OperationId)>> = FxHashMap::default();
            for (node, operation) in &file.by_call {
                let function = home(unit, unit.holder[node.0 as usize]);
                // The values of fields stand in no method, whichever sees them.
                if unit.module.function(function).span.contains(unit.module.span(*node)) {
                    by_function.entry(function).or_default().push((*node, *operation));
                }
            }
            for (function, calls) in by_function {
                let [(_, id)] = calls.as_slice() else { continue };
                let operation = &file.operations[id.0 as usize];
                let ordinary = operation.facts.word(fact::LAYER) == Some("call")
                    && operation.facts.word(fact::TRIP) == Some("alone")
                    && operation.facts.word(fact::LOOP) == Some("none")
                    && !["transaction", "connect", "close", "subscribe"].iter().any(|deed| operation.facts.has(fact::DOES_, deed));
                let Some(name) = unit.module.function(function).name.clone() else { continue };
                if !ordinary || function == FunctionId(0) {
                    continue;
                }
                let keys: Vec<NodeId> = operation.keys.iter().filter_map(|key| unit.node_at(key.span)).collect();
                if keys.len() != operation.keys.len() {
                    continue;
                }
                let slots = operation.slots.iter().filter(|slot| slot.name != "key");
                let slots =
                    slots.filter_map(|slot| Some((slot.name.clone(), through_conversions(unit, unit.node_at(slot.span)?)))).collect();
                let clients = file.reached[id.0 as usize].0.clone();
                wrappers.names.insert(name);
                wrappers.functions.insert(unit.key(function), Wrapper { operation: operation.clone(), clients, keys, slots });
            }
        }
        wrappers
    }

    /// Adds the operations that the calls of a file make through wrappers.
    pub fn restate(&self, cx: Cx<'_>, unit: &Unit, found: &mut Found) {
        if self.names.is_empty() {
            return;
        }
        for (id, call) in unit.calls() {
            if found.by_call.contains_key(&id) || !self.names.contains(&called_name(unit, call)) {
                continue;
            }
            let callees = cx.texts.callees(unit, call, id);
            let [function] = callees.as_slice() else { continue };
            let Some(wrapper) = self.functions.get(function) else { continue };
            if unit.key(home(unit, unit.holder[id.0 as usize])) == *function {
                continue;
            }
            let operation = self.restated(cx, unit, id, call, *function, wrapper);
            found.by_call.insert(id, OperationId(found.operations.len() as u32));
            found.operations.push(operation);
            found.reached.push((wrapper.clients.clone(), None));
        }
    }

    fn restated(&self, cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, function: FunctionKey, wrapper: &Wrapper) -> Operation {
        let mut operation = wrapper.operation.clone();
        let there = link_of(cx, &operation);
        operation.origin.insert(0, there);
        operation.site = site(unit, id, call);
        operation.method = called_name(unit, call);
        operation.receiver = None;
        operation.slots = wrapper
            .slots
            .iter()
            .filter_map(|(name, node)| {
                let given = cx.texts.argument(call, function, *node)?;
                Some(Slot {
                    name: name.clone(),
                    span: unit.module.span(given),
                    identity: Some(identity(unit, given, cx.source(unit))),
                    derives: Vec::new(),
                    pure: is_pure(unit, given),
                })
            })
            .collect();
        operation.tree = None;
        operation.loop_at = None;
        operation.function = unit.module.function(unit.module_method(unit.holder[id.0 as usize])).name.clone();
        operation.keys = wrapper
            .keys
            .iter()
            .filter_map(|node| {
                let template = cx.texts.template_in_callee(unit, call, function, *node)?;
                let unique = cx.texts.uniquely().template_in_callee(unit, call, function, *node)?;
                Some(Key { template, identity: of_template(&unique), span: unit.module.span(id) })
            })
            .collect();
        let facts = &mut operation.facts;
        facts.set_word(fact::LAYER, "wrapper");
        facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, unit.holder[id.0 as usize]));
        facts.set_bool(fact::IN_LOCK, in_lock(unit, id));
        facts.set_word(fact::PLACED, placed(unit, id));
        facts.set_words(fact::REPLY_USE, replies::uses(unit, id));
        facts.set_words(fact::REPLY_REDUCED, ["none"]);
        if let Some(slot) = operation.slots.iter().find(|slot| VALUES.contains(&slot.name.as_str()))
            && let Some(node) = unit.node_at(slot.span)
        {
            facts.set_words(fact::VALUE, value_kinds(cx, unit, node, 0));
            facts.set_bool(fact::VALUE_CREATED, is_created(unit, node, 0));
        }
        facts.unset(fact::LOOP_VARIES);
        facts.unset(fact::LOOP_CARRIED);
        facts.set_bool(fact::KEY_SEEN, operation.keys.iter().any(|key| !key.template.is_opaque()));
        if let Some(key) = operation.keys.first() {
            facts.set(fact::KEY, crate::operation::Value::Template(key.template.clone()));
        }
        if let Some(around) = loop_around(cx, unit, id) {
            facts.set_word(fact::LOOP, around.kind);
            operation.loop_at = Some(around.span);
            if around.concurrent {
                facts.set_word(fact::TRIP, "concurrent");
            }
            let outer = outermost_loop(cx, unit, id);
            let varies = call.args.iter().any(|argument| varies_in(unit, argument.value, outer.as_ref().unwrap_or(&around)));
            facts.set_words(fact::LOOP_VARIES, [if varies { "key" } else { "nothing" }]);
            facts.set_bool(fact::LOOP_CARRIED, carried(unit, id, &around));
        }
        operation
    }
}

/// What is left of an expression without casts, and without what makes it text: `JSON.stringify(value)`, `value.to_json`.
fn through_conversions(unit: &Unit, node: NodeId) -> NodeId {
    let node = through_casts(unit, node);
    let Kind::Call(call) = unit.module.kind(node) else { return node };
    match &call.target {
        Target::Method { name, .. } if matches!(name.as_str(), "stringify" | "generate" | "dump") => {
            call.args.first().map_or(node, |argument| through_casts(unit, argument.value))
        }
        Target::Method { receiver, name } if matches!(name.as_str(), "to_json" | "to_s" | "toString") => *receiver,
        _ => node,
    }
}

/// The function that a closure is part of: closures that run in place are left.
fn home(unit: &Unit, mut function: FunctionId) -> FunctionId {
    for _ in 0..32 {
        let Some((node, call)) = caller(unit, function) else { break };
        if !matches!(call.runs, Runs::Once) && call.block != Some(function) {
            break;
        }
        function = unit.holder[node.0 as usize];
    }
    function
}

fn link_of(cx: Cx<'_>, operation: &Operation) -> crate::operation::Link {
    let text = format!("{} is sent here", operation.command);
    match cx.resolution.links.unit(operation.site.file) {
        Some(unit) => link(unit, operation.site.name, text),
        None => crate::operation::Link { file: operation.site.file, span: operation.site.name, text },
    }
}

//! Lua scripts that the project gives a client as methods: `defineCommand`, `scripts: { … }`.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Cx;
use super::arguments::through_casts;
use super::operations::construction;
use super::receiver::reached;
use crate::client::MethodShape;
use crate::program::{Argument, ArgumentKind, Call, Entry, Kind, NodeId};
use crate::resolve::Unit;

/// The methods by name, with the number of their keys; `None` when the first argument of a call tells it.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    keys: FxHashMap<SmolStr, Option<usize>>,
}

impl Scripts {
    /// Reads the definitions in all files.
    pub fn new(cx: Cx<'_>) -> Self {
        let mut scripts = Self::default();
        for unit in &cx.resolution.links.units {
            for (id, call) in unit.calls() {
                if construction(cx, unit, id).is_some() {
                    scripts.of_options(cx, unit, call);
                } else if call.args.len() > 1 && defines(cx, unit, id, call) {
                    let Some(name) = cx.texts.known(unit, call.args[0].value) else { continue };
                    scripts.add(cx, unit, name, call.args[1].value);
                }
            }
        }
        scripts
    }

    fn of_options(&mut self, cx: Cx<'_>, unit: &Unit, call: &Call) {
        for argument in &call.args {
            let Some(Kind::Object(scripts)) =
                entries(unit, argument.value).and_then(|all| entry(all, "scripts")).map(|node| unit.module.kind(through_casts(unit, node)))
            else {
                continue;
            };
            for script in scripts {
                if let Some(name) = script.key.name() {
                    self.add(cx, unit, name.clone(), script.value);
                }
            }
        }
    }

    /// Adds a script; two of one name with other numbers of keys tell none.
    fn add(&mut self, cx: Cx<'_>, unit: &Unit, name: SmolStr, definition: NodeId) {
        // `defineScript({ … })`, or the options alone.
        let definition = match unit.module.kind(through_casts(unit, definition)) {
            Kind::Call(call) => call.args.first().map_or(definition, |argument| argument.value),
            _ => definition,
        };
        let number = entries(unit, definition)
            .and_then(|all| ["numberOfKeys", "NUMBER_OF_KEYS"].into_iter().find_map(|name| entry(all, name)))
            .and_then(|node| cx.texts.number(unit, node));
        let keys = number.map(|number| number as usize);
        self.keys.entry(name).and_modify(|known| *known = known.filter(|_| *known == keys)).or_insert(keys);
    }

    /// Whether a method runs a script.
    pub fn has(&self, method: &str) -> bool {
        self.keys.contains_key(method)
    }

    /// The arguments of a call of a script that are its keys.
    pub fn keys(&self, cx: Cx<'_>, unit: &Unit, method: &str, args: &[Argument]) -> Vec<NodeId> {
        let plain: Vec<NodeId> =
            args.iter().take_while(|argument| argument.kind == ArgumentKind::Positional).map(|argument| argument.value).collect();
        let (skip, count) = match self.keys.get(method) {
            Some(Some(count)) => (0, *count),
            _ => (1, plain.first().and_then(|node| cx.texts.number(unit, *node)).map_or(0, |number| number as usize)),
        };
        plain.into_iter().skip(skip).take(count).collect()
    }
}

fn defines(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call) -> bool {
    let Some(on) = reached(cx, unit, id, call) else { return false };
    let Some(client) = on.clients.first() else { return false };
    let table = cx.catalog.library(client.library);
    let spelled = table.spell(&on.method, client.role, table.all_versions());
    spelled.is_some_and(|spelled| spelled.newest.shape == Some(MethodShape::DefinesMethod))
}

fn entries(unit: &Unit, node: NodeId) -> Option<&[Entry]> {
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Object(entries) => Some(entries),
        _ => None,
    }
}

fn entry(entries: &[Entry], name: &str) -> Option<NodeId> {
    entries.iter().find(|entry| entry.key.name().is_some_and(|key| key == name)).map(|entry| entry.value)
}

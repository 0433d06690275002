//! What clients put in front of every key: `keyPrefix`, `Redis::Namespace`.

use rustc_hash::FxHashMap;

use super::Cx;
use super::arguments::through_casts;
use super::operations::construction;
use crate::client::{CallForm, Library, OptionMeans, Versions};
use crate::key::Template;
use crate::program::{ArgumentKind, Call, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue, Place};

/// The prefixes of clients, by the place of their construction.
#[derive(Debug, Default)]
pub(crate) struct Prefixes {
    known: FxHashMap<Place, Template>,
}

impl Prefixes {
    /// Reads the constructions in all files.
    pub fn new(cx: Cx<'_>) -> Self {
        let mut prefixes = Self::default();
        for unit in &cx.resolution.links.units {
            for (index, node) in unit.module.nodes.iter().enumerate() {
                let Kind::Call(call) = &node.kind else { continue };
                if let Some(made) = construction(cx, unit, NodeId(index as u32))
                    && let Some(value) = prefix(cx, unit, call, &made)
                {
                    prefixes.known.insert(made.place, cx.texts.template(unit, value));
                }
            }
        }
        prefixes
    }

    /// What all of these clients put in front of their keys; `None` when they differ, or put nothing there.
    pub fn of(&self, clients: &[ClientValue]) -> Option<&Template> {
        let mut found = clients.iter().map(|client| self.known.get(&client.place));
        let first = found.next()??;
        found.all(|other| other == Some(first)).then_some(first)
    }
}

/// The expression that a new client takes for its prefix.
fn prefix(cx: Cx<'_>, unit: &Unit, call: &Call, made: &ClientValue) -> Option<NodeId> {
    let table = cx.catalog.library(made.library);
    let versions = cx.project.allowed(unit.file, made.library).versions;
    if let Some(value) = positional(cx, unit, call, table, versions) {
        return Some(value);
    }
    call.args.iter().find_map(|argument| match &argument.kind {
        ArgumentKind::Keyword(name) => is_prefix(table, name, versions).then_some(argument.value),
        ArgumentKind::Positional => match unit.module.kind(through_casts(unit, argument.value)) {
            Kind::Object(entries) => {
                let entry = entries.iter().find(|entry| entry.key.name().is_some_and(|name| is_prefix(table, name, versions)));
                entry.map(|entry| entry.value)
            }
            _ => None,
        },
        _ => None,
    })
}

/// `Redis::Namespace.new("app", redis: client)`: the table says which argument it is.
fn positional(cx: Cx<'_>, unit: &Unit, call: &Call, table: &Library, versions: Versions) -> Option<NodeId> {
    let Target::Method { receiver, name } = &call.target else { return None };
    let form = if name == "new" { CallForm::New } else { CallForm::Method(name.clone()) };
    let at = cx.texts.values(unit, *receiver).iter().find_map(|atom| match atom {
        Atom::Constant(constant) => table.make_constant(constant, &form, versions)?.newest.prefix,
        _ => None,
    })?;
    call.args.get(usize::from(at)).map(|argument| argument.value)
}

fn is_prefix(table: &Library, name: &str, versions: Versions) -> bool {
    let means = |of: &str| table.option(of, name, versions).is_some_and(|option| option.newest.means == Some(OptionMeans::Prefix));
    table.exports().any(means)
}

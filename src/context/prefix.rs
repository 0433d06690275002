//! What clients put in front of every key: `keyPrefix`, `Redis::Namespace`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Cx;
use super::arguments::through_casts;
use super::operations::construction;
use crate::client::{CallForm, Library, OptionMeans, Versions};
use crate::key::{KeyPart, Template};
use crate::program::{ArgumentKind, Call, Entry, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue, Place};

/// The prefixes of clients, by the place of their construction.
#[derive(Debug, Default)]
pub(crate) struct Prefixes {
    known: FxHashMap<Place, Template>,
    /// Constructions whose options are all to be seen.
    closed: FxHashSet<Place>,
}

impl Prefixes {
    /// Reads the constructions in all files.
    pub fn new(cx: Cx<'_>) -> Self {
        let mut prefixes = Self::default();
        for unit in &cx.resolution.links.units {
            for (id, call) in unit.calls() {
                let Some(made) = construction(cx, unit, id) else { continue };
                if let Some(value) = prefix(cx, unit, call, &made) {
                    prefixes.known.insert(made.place, cx.texts.template(unit, value));
                }
                if call.args.iter().all(|argument| shows_options(unit, argument.value)) {
                    prefixes.closed.insert(made.place);
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

    /// Whether a hash tag may stand in the prefix of one of these clients, so that their keys share a slot.
    pub fn may_hold_tag(&self, clients: &[ClientValue]) -> bool {
        let is_plain = |prefix: &Template| prefix.0.iter().all(|part| matches!(part, KeyPart::Text(text) if !text.contains('{')));
        let is_safe = |client: &ClientValue| match self.known.get(&client.place) {
            Some(prefix) => is_plain(prefix),
            None => self.closed.contains(&client.place),
        };
        !clients.iter().all(is_safe)
    }
}

/// Whether an argument of a construction hides no option.
fn shows_options(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Object(entries) => entries.iter().all(|entry| {
            // Options inside of options, `redisOptions: shared`, hide some; other values are no options.
            entry.key.name().is_some_and(|name| !name.ends_with("ptions") || shows_options(unit, entry.value))
        }),
        Kind::Local(_) | Kind::Call(_) | Kind::Spread(_) => false,
        _ => true,
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
                let named = |entries: &[Entry]| {
                    let entry = entries.iter().find(|entry| entry.key.name().is_some_and(|name| is_prefix(table, name, versions)));
                    entry.map(|entry| entry.value)
                };
                // A cluster takes it from the options of its nodes, too.
                let inner = |entry: &Entry| match unit.module.kind(entry.value) {
                    Kind::Object(entries) => named(entries),
                    _ => None,
                };
                named(entries).or_else(|| entries.iter().find_map(inner))
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

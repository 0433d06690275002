//! Libraries that a project names in its configuration: `config.cache_store = :redis_cache_store, { namespace: "app" }`.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Cx;
use crate::client::LibraryId;
use crate::program::{Argument, ArgumentKind, EntryKey, Kind, Literal, NodeId};
use crate::resolve::Unit;

/// The configured libraries, with the options of each place that configures one.
#[derive(Debug, Default)]
pub(crate) struct Configured {
    places: FxHashMap<LibraryId, Vec<Options>>,
}

/// Options as far as the code shows them.
#[derive(Debug, Default)]
pub(crate) struct Options {
    names: Vec<SmolStr>,
    /// Whether there may be others.
    open: bool,
}

impl Options {
    /// Whether an option is certainly not given.
    pub fn lack(&self, name: &str) -> bool {
        !self.open && !self.names.iter().any(|given| given == name)
    }

    /// The options among arguments: keywords, and the entries of literals.
    pub fn of_arguments(unit: &Unit, args: &[Argument]) -> Self {
        let mut options = Self::default();
        for argument in args {
            match &argument.kind {
                ArgumentKind::Keyword(name) => options.names.push(name.clone()),
                ArgumentKind::Positional => options.take(unit, argument.value),
                ArgumentKind::Spread | ArgumentKind::KeywordSpread => options.open = true,
                ArgumentKind::Block => {}
            }
        }
        options
    }

    fn take(&mut self, unit: &Unit, node: NodeId) {
        match unit.module.kind(node) {
            Kind::Object(entries) => {
                for entry in entries {
                    match &entry.key {
                        EntryKey::Name(name) | EntryKey::Symbol(name) => self.names.push(name.clone()),
                        EntryKey::Computed(_) | EntryKey::Spread => self.open = true,
                    }
                }
            }
            Kind::Literal(_) => {}
            _ => self.open = true,
        }
    }
}

impl Configured {
    /// Looks for the symbols that the client tables name.
    pub fn new(cx: Cx<'_>) -> Self {
        let mut configured = Self::default();
        for (library, table) in cx.catalog.libraries() {
            let Some(wanted) = table.configured() else { continue };
            let mut places = Vec::new();
            for unit in &cx.resolution.links.units {
                if !cx.source(unit).contains(wanted.symbol.as_str()) {
                    continue;
                }
                for (index, node) in unit.module.nodes.iter().enumerate() {
                    if matches!(&node.kind, Kind::Literal(Literal::Symbol(name)) if *name == wanted.symbol) {
                        places.push(beside(unit, NodeId(index as u32)));
                    }
                }
            }
            if !places.is_empty() {
                configured.places.insert(library, places);
            }
        }
        configured
    }

    /// Whether the project uses a library.
    pub fn has(&self, library: LibraryId) -> bool {
        self.places.contains_key(&library)
    }

    /// Whether an option is certainly given nowhere.
    pub fn lacks(&self, library: LibraryId, option: &str) -> bool {
        self.places.get(&library).is_some_and(|places| places.iter().all(|options| options.lack(option)))
    }
}

/// The options given with a symbol: behind it in a list or a call.
fn beside(unit: &Unit, symbol: NodeId) -> Options {
    let mut options = Options::default();
    match unit.parents[symbol.0 as usize].map(|parent| unit.module.kind(parent)) {
        Some(Kind::Array(members)) => members.iter().for_each(|member| options.take(unit, *member)),
        Some(Kind::Call(call)) => return Options::of_arguments(unit, &call.args),
        Some(Kind::Assign { .. } | Kind::Block(_)) | None => {}
        Some(_) => options.open = true,
    }
    options
}

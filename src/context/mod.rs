//! What surrounds a call: arguments, loops, branches, entry points, and what becomes of replies. Out come the events that
//! rules match, as plain data.

mod arguments;
mod batches;
mod blocking;
mod clients;
mod command;
mod configured;
mod construction;
mod consumers;
mod convention;
mod encodings;
mod entries;
mod executed;
mod explain;
mod failures;
mod handed;
mod identity;
mod keys;
mod keyspace;
mod leases;
mod lingering;
mod loops;
mod lua;
mod nilable;
mod operations;
mod outcomes;
mod pages;
mod prefix;
mod promises;
mod purpose;
mod queues;
mod receiver;
mod reduction;
mod replies;
mod requests;
mod runs;
mod scripts;
mod sent;
mod sharing;
mod site;
mod spelled;
mod targets;
mod time;
mod tree;
mod turns;
mod unresolved;
mod values;
mod wrappers;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::client::{LibraryId, Versions};
use crate::command::CommandTable;
use crate::operation::{Analysis, Client, ClientId, Operation, OperationId, Queue, QueueId, TreeId};
use crate::resolve::catalog::Catalog;
use crate::resolve::text::{Names, Texts};
use crate::resolve::value::Place;
use crate::resolve::{Modules, Resolution, Unit};
use crate::source::FileId;

pub use entries::PathRules;

use configured::Configured;

/// The versions of a library that a file may run with.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// As the client table counts them.
    pub versions: Versions,
    /// The majors, lowest first.
    pub majors: Vec<u32>,
    /// Whether the manifests name a package of the library. Where they do not, what looks like it may be another package's.
    pub named: bool,
}

/// What the project says of itself.
pub trait Project: Sync {
    /// The versions of a library that the manifests nearest to a file allow.
    fn allowed(&self, file: FileId, library: LibraryId) -> Allowed;
    /// The folder of the package that a file is part of: that of the nearest manifest above it.
    fn package(&self, file: FileId) -> String;
    /// The path of a file from the root of its project, with `/`.
    fn path(&self, file: FileId) -> &str;
}

/// The surroundings of the analysis of one file.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    pub resolution: &'a Resolution,
    pub texts: Texts<'a>,
    pub catalog: &'a Catalog<'a>,
    pub commands: &'static CommandTable,
    pub project: &'a dyn Project,
    pub paths: &'a PathRules,
    pub sources: &'a FxHashMap<FileId, &'a str>,
    pub scripts: &'a scripts::Scripts,
    pub prefixes: &'a prefix::Prefixes,
    pub configured: &'a Configured,
}

/// What one file gives, with ids local to it.
#[derive(Default)]
pub(crate) struct Found {
    pub operations: Vec<Operation>,
    pub clients: Vec<Client>,
    pub queues: Vec<Queue>,
    /// The place by which values name each client and queue.
    pub client_places: Vec<Place>,
    pub queue_places: Vec<Place>,
    /// The clients and queue that each operation may be on, by place.
    pub reached: Vec<(Vec<Place>, Option<Place>)>,
    pub trees: Vec<crate::operation::Tree>,
    pub runs: Vec<crate::operation::Run>,
    /// The operations by their call nodes.
    pub by_call: replies::ByCall,
    /// The nodes of the constructions, in the order of `clients`.
    pub made_at: Vec<crate::program::NodeId>,
    /// Clients with an error listener, closed clients, and clients handed to code that was not analysed.
    pub listened: Vec<Place>,
    pub closed: Vec<Place>,
    pub escaped: Vec<Place>,
    /// Clients on which `connect()` is called.
    pub connected: Vec<Place>,
    /// Clients that libraries were given.
    pub consumed: Vec<consumers::Consumed>,
}

impl<'a> Cx<'a> {
    /// The text of a file.
    pub fn source(&self, unit: &Unit) -> &'a str {
        self.sources.get(&unit.file).copied().unwrap_or_default()
    }

    /// The word at an offset: what a label marks when only the place is known.
    pub fn word_at(&self, unit: &Unit, offset: u32) -> crate::source::Span {
        let text = self.source(unit);
        let rest = text.get(offset as usize..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()).max(1);
        crate::source::Span::new(offset, offset + length.min(rest.len()) as u32)
    }
}

/// What is asked beside the events, at a cost that only the asker should pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ask {
    /// Nothing.
    #[default]
    Nothing,
    /// The whole way from the calls on a line (1-based) to their clients, as the origin of their operations.
    Explain(FileId, u32),
    /// The calls that may have been missed.
    Unresolved,
}

/// Describes everything found in a resolved project.
#[must_use]
pub fn describe(
    resolution: &Resolution,
    modules: &dyn Modules,
    catalog: &Catalog<'_>,
    project: &dyn Project,
    paths: &PathRules,
    sources: &FxHashMap<FileId, &str>,
    ask: Ask,
) -> Analysis {
    let cx = Cx {
        resolution,
        texts: Texts { resolution, modules, names: Names::Shown },
        catalog,
        commands: CommandTable::builtin(),
        project,
        paths,
        sources,
        scripts: &scripts::Scripts::default(),
        prefixes: &prefix::Prefixes::default(),
        configured: &Configured::default(),
    };
    let (scripts, prefixes) = rayon::join(|| scripts::Scripts::new(cx), || prefix::Prefixes::new(cx));
    let configured = Configured::new(cx);
    let cx = Cx { scripts: &scripts, prefixes: &prefixes, configured: &configured, ..cx };
    let units = &resolution.links.units;
    let mut found: Vec<Found> = units.par_iter().map(|unit| operations::find(cx, unit)).collect();
    let wrappers = wrappers::Wrappers::new(cx, &found);
    units.par_iter().zip(&mut found).for_each(|(unit, file)| {
        wrappers.restate(cx, unit, file);
        order(cx, unit, file);
    });
    let mut notes = clients::Notes::default();
    let mut places = Vec::new();
    for file in &found {
        notes.listened.extend(&file.listened);
        notes.closed.extend(&file.closed);
        notes.escaped.extend(&file.escaped);
        notes.connected.extend(&file.connected);
        notes.consumed.extend(file.consumed.iter().cloned());
        places.extend(&file.client_places);
    }
    let mut analysis = merge(found);
    clients::complete(&mut analysis, &places, &notes);
    clients::uses(&mut analysis, &places, &notes);
    targets::count(&mut analysis);
    encodings::apply(&mut analysis);
    convention::apply(&mut analysis);
    sharing::apply(&mut analysis);
    match ask {
        Ask::Nothing => {}
        Ask::Explain(file, line) => explain::explain(cx, modules, &mut analysis, file, line),
        Ask::Unresolved => analysis.unresolved = units.par_iter().flat_map_iter(|unit| unresolved::find(cx, modules, unit)).collect(),
    }
    analysis
}

/// Puts the events of a file in order: derivations, trees, runs.
fn order(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    if found.operations.is_empty() && found.clients.is_empty() {
        return;
    }
    operations::derive_slots(unit, found);
    turns::mark(cx, unit, found);
    handed::mark(unit, found);
    tree::build(cx, unit, found);
    runs::find(cx, unit, found);
}

/// Gives the events of all files their final ids and links them.
fn merge(found: Vec<Found>) -> Analysis {
    let mut analysis = Analysis::default();
    let mut clients: FxHashMap<Place, ClientId> = FxHashMap::default();
    let mut queues: FxHashMap<Place, QueueId> = FxHashMap::default();
    for file in &found {
        for place in &file.client_places {
            let next = ClientId(clients.len() as u32);
            clients.entry(*place).or_insert(next);
        }
        for place in &file.queue_places {
            let next = QueueId(queues.len() as u32);
            queues.entry(*place).or_insert(next);
        }
    }
    for mut file in found {
        let base = Base {
            operation: analysis.operations.len() as u32,
            client: analysis.clients.len() as u32,
            queue: analysis.queues.len() as u32,
            tree: analysis.trees.len() as u32,
        };
        for (operation, (on, queue)) in file.operations.iter_mut().zip(&file.reached) {
            operation.clients = on.iter().filter_map(|place| clients.get(place).copied()).collect();
            operation.queue = queue.as_ref().and_then(|place| queues.get(place).copied());
            operation.tree = operation.tree.map(|tree| TreeId(tree.0 + base.tree));
            for derivation in operation.slots.iter_mut().flat_map(|slot| &mut slot.derives) {
                derivation.operation.0 += base.operation;
            }
        }
        for client in &mut file.clients {
            client.tree = client.tree.map(|tree| TreeId(tree.0 + base.tree));
        }
        for queue in &mut file.queues {
            queue.tree = queue.tree.map(|tree| TreeId(tree.0 + base.tree));
            queue.opened_by = queue.opened_by.map(|operation| OperationId(operation.0 + base.operation));
        }
        for run in &mut file.runs {
            run.tree.0 += base.tree;
            run.members.iter_mut().for_each(|member| member.0 += base.operation);
        }
        for tree in &mut file.trees {
            tree::shift(&mut tree.steps, &base);
        }
        analysis.operations.append(&mut file.operations);
        analysis.clients.append(&mut file.clients);
        analysis.queues.append(&mut file.queues);
        analysis.trees.append(&mut file.trees);
        analysis.runs.append(&mut file.runs);
    }
    analysis
}

/// Where the ids of a file begin among those of all files.
pub(crate) struct Base {
    pub operation: u32,
    pub client: u32,
    pub queue: u32,
    pub tree: u32,
}

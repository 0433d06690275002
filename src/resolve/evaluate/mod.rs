//! The transfer function of one file: from the slots of the round before to what the file adds to them.

mod assign;
mod builtins;
mod callbacks;
mod calls;
mod construct;
mod declarations;
mod members;
mod methods;
mod modules;
mod names;
mod nodes;
mod this;
mod types;
mod worklist;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Modules;
use super::barrels::Barrels;
use super::catalog::Catalog;
use super::hierarchy::{Ancestor, Hierarchy};
use super::link::{Links, Unit};
use super::state::{Slot, State};
use super::trace::{Spot, Trace};
use super::value::{Atom, ClassKey, ClientValue, Place, Values};
use crate::program::{BindingId, FunctionId, Kind, NodeId};
use crate::source::FileId;

use types::Structures;
use worklist::{Item, Step, Worklist};

pub use members::{client_class, find_methods, is_telling, literal_name, static_slot};

/// The values of a file's bindings and nodes.
#[derive(Clone, Debug, Default)]
pub struct FileValues {
    /// By binding.
    pub bindings: Vec<Values>,
    /// By node.
    pub nodes: Vec<Values>,
    /// The receivers that are clients by their name alone.
    named: FxHashMap<NodeId, ClientValue>,
}

impl FileValues {
    /// The values of a node.
    #[must_use]
    pub fn of(&self, node: NodeId) -> &Values {
        self.nodes.get(node.0 as usize).unwrap_or(Values::none())
    }
}

/// What is kept of a file between rounds.
#[derive(Clone, Debug)]
pub struct Progress<'l> {
    /// What its bindings and nodes are so far.
    pub values: FileValues,
    /// What it has added to slots so far.
    adds: FxHashMap<Slot, Values>,
    /// What is left to do, and who read what.
    work: Worklist,
    /// The structural types that it met.
    structures: Structures<'l>,
    /// The functions that mention what they are called on.
    uses_this: FxHashSet<FunctionId>,
}

impl Progress<'_> {
    /// Nothing is known and all is to be done.
    #[must_use]
    pub fn new(unit: &Unit) -> Self {
        Self {
            values: FileValues {
                bindings: vec![Values::NONE; unit.module.bindings.len()],
                nodes: vec![Values::NONE; unit.module.nodes.len()],
                named: FxHashMap::default(),
            },
            adds: FxHashMap::default(),
            work: Worklist::of(&unit.module),
            structures: Structures::default(),
            uses_this: this::users(unit),
        }
    }

    /// Lets go of the structural types, which refer into the files.
    #[must_use]
    pub fn pause(self) -> (FileValues, Paused) {
        (self.values, Paused { adds: self.adds, work: self.work, uses_this: self.uses_this })
    }

    /// Takes receivers for clients because of their names.
    pub fn name(&mut self, receivers: Vec<(NodeId, ClientValue)>) {
        for (node, client) in receivers {
            self.values.named.insert(node, client);
            if self.values.nodes[node.0 as usize].add(Atom::Client(client)) {
                self.work.node_grew(node);
            }
        }
    }

    /// Puts on the list what read one of the slots that grew, or asked for one of the lines that changed; gives whether there
    /// is something to do.
    pub fn wake(&mut self, changed: &FxHashSet<Slot>, lines: &[ClassKey], state: &State) -> bool {
        let Self { work, adds, .. } = self;
        // What only this file added it has seen already.
        let is_news = |slot: &Slot| adds.get(slot).is_none_or(|own| own != state.get(slot));
        if work.slot_count() < changed.len() {
            let read: Vec<Slot> = work.slots().filter(|slot| changed.contains(*slot) && is_news(slot)).cloned().collect();
            read.iter().for_each(|slot| work.slot_grew(slot));
        } else {
            changed.iter().filter(|slot| is_news(slot)).for_each(|slot| work.slot_grew(slot));
        }
        lines.iter().for_each(|class| work.line_changed(*class));
        work.has_work()
    }
}

/// What is kept of a file between a resolution and the next one with more files, beside its values.
#[derive(Clone, Debug)]
pub struct Paused {
    adds: FxHashMap<Slot, Values>,
    work: Worklist,
    uses_this: FxHashSet<FunctionId>,
}

impl Paused {
    /// Goes on with a file: what reads structural types is to be done again, and what may find something in other files.
    #[must_use]
    pub fn resume<'l>(self, unit: &Unit, values: FileValues) -> Progress<'l> {
        let Self { adds, mut work, uses_this } = self;
        let is_open = |values: &Values| values.iter().all(|atom| matches!(atom, Atom::Constant(_)));
        let binding = |index: usize| is_open(&values.bindings[index]);
        let node = |node: NodeId| {
            matches!(unit.module.kind(node), Kind::Require { .. } | Kind::Constant { .. } | Kind::Cast { .. }) && is_open(values.of(node))
        };
        work.reopen(|step| match step {
            Step::Class(_) | Step::Export(_) => true,
            Step::Binding(index) => binding(index),
            Step::Node(id) => node(id),
            Step::Enter(_) | Step::Leave(_) | Step::Structure(_) => false,
        });
        Progress { values, adds, work, structures: Structures::default(), uses_this }
    }
}

/// The surroundings of an evaluation, the same for all files of a round.
#[derive(Clone, Copy)]
pub struct World<'r, 'l> {
    /// Files and classes.
    pub links: &'l Links,
    /// Slots after the round before.
    pub state: &'r State,
    /// Lines of ancestors after the round before.
    pub hierarchy: &'r Hierarchy,
    /// Client libraries.
    pub catalog: &'r Catalog<'r>,
    /// Module look-up.
    pub modules: &'r dyn Modules,
    /// Where exported names come from.
    pub barrels: &'r Barrels,
}

/// How often a file is gone through in one round before what is left waits for the next.
const PASSES: usize = 16;
/// How many objects spread into one another are looked through.
const SPREADS: usize = 32;
/// How far re-exports, type aliases and members are followed.
const DEPTH: usize = 12;

/// Evaluates what is to be done in a file: values only grow. Gives what it adds to slots that it had not added before.
pub fn evaluate<'l>(world: World<'_, 'l>, unit: &'l Unit, progress: &mut Progress<'l>) -> Vec<(Slot, Values)> {
    let mut evaluator = Evaluator::new(world, unit, progress, None);
    for _ in 0..PASSES {
        evaluator.pass();
        if !evaluator.progress.work.has_work() {
            break;
        }
    }
    let fresh = evaluator.fresh;
    fresh.into_iter().filter_map(|slot| progress.adds.get(&slot).cloned().map(|values| (slot, values))).collect()
}

/// Evaluates a file once more, after the fixpoint, and notes where the clients made at some places flow.
#[must_use]
pub fn retrace<'l>(world: World<'_, 'l>, unit: &'l Unit, values: FileValues, wanted: FxHashSet<Place>) -> Trace {
    let mut progress = Progress { values, ..Progress::new(unit) };
    let mut evaluator = Evaluator::new(world, unit, &mut progress, Some(Trace::empty(wanted)));
    evaluator.pass();
    evaluator.trace.unwrap_or_default()
}

pub(super) struct Evaluator<'r, 'l> {
    pub(super) world: World<'r, 'l>,
    pub(super) unit: &'l Unit,
    progress: &'r mut Progress<'l>,
    /// The step that is being done.
    current: Item,
    /// Slots to which something was added.
    fresh: FxHashSet<Slot>,
    /// What the type parameters stand for in the alias that is looked at.
    type_args: Vec<types::TypeArg<'l>>,
    /// The aliases inside of which the type stands that is looked at.
    open_aliases: Vec<(FileId, u32)>,
    /// How many types were looked at for the annotation that is looked at.
    type_steps: usize,
    /// Where clients flow, when that is asked.
    trace: Option<Trace>,
    /// What is being evaluated.
    at: Option<Spot>,
}

impl<'r, 'l> Evaluator<'r, 'l> {
    fn new(world: World<'r, 'l>, unit: &'l Unit, progress: &'r mut Progress<'l>, trace: Option<Trace>) -> Self {
        Self {
            world,
            unit,
            progress,
            current: 0,
            fresh: FxHashSet::default(),
            type_args: Vec::new(),
            open_aliases: Vec::new(),
            type_steps: 0,
            trace,
            at: None,
        }
    }

    /// Does the steps on the list in the order of the file, with those that come onto it further down.
    fn pass(&mut self) {
        let mut from = 0;
        while let Some(item) = self.progress.work.take(from) {
            self.current = item;
            self.leave();
            from = item + 1;
            match self.progress.work.step(item) {
                Step::Class(index) => self.declare_class(index),
                Step::Binding(index) => self.declare_binding(index),
                Step::Enter(index) => self.enter_function(index),
                Step::Node(node) => {
                    self.enter(|unit| Spot::Node(unit.file, node));
                    let mut values = self.value(node);
                    if let Some(client) = self.progress.values.named.get(&node) {
                        values.add(Atom::Client(*client));
                    }
                    let known = &mut self.progress.values.nodes[node.0 as usize];
                    if !values.is_empty() && values != *known {
                        *known = values;
                        self.progress.work.node_grew(node);
                    }
                }
                Step::Leave(index) => self.leave_function(index),
                Step::Export(index) => self.export(index),
                Step::Structure(index) => self.describe(index),
            }
        }
    }

    /// Notes what is evaluated next, when the flow of clients is asked.
    fn enter(&mut self, spot: impl FnOnce(&Unit) -> Spot) {
        if self.trace.is_some() {
            self.at = Some(spot(self.unit));
        }
    }

    fn leave(&mut self) {
        self.at = None;
    }

    /// Notes that what is evaluated gets values from a node that is no part of it.
    fn flows_from(&mut self, node: NodeId, values: &Values) {
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(at, Spot::Node(self.unit.file, node), values);
        }
    }

    pub(super) fn read(&mut self, slot: Slot) -> Values {
        let mut values = self.world.state.get(&slot).clone();
        if let Some(own) = self.progress.adds.get(&slot) {
            values.join(own);
        }
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(at, Spot::Slot(slot.clone()), &values);
        }
        self.progress.work.read_slot(slot, self.current);
        values
    }

    /// Where members of a class are looked up, nearest first.
    pub(super) fn line(&mut self, class: ClassKey, of_class: bool) -> &'r [Ancestor] {
        self.progress.work.read_line(class, self.current);
        self.world.hierarchy.line(class, of_class)
    }

    /// What extends, implements or includes a class.
    pub(super) fn below(&mut self, class: ClassKey) -> &'r [ClassKey] {
        self.progress.work.read_line(class, self.current);
        self.world.hierarchy.below(class)
    }

    /// The outside ancestors of a class.
    pub(super) fn outside(&mut self, class: ClassKey, of_class: bool) -> impl Iterator<Item = &'r Atom> + use<'r> {
        self.progress.work.read_line(class, self.current);
        self.world.hierarchy.outside(class, of_class)
    }

    pub(super) fn add(&mut self, slot: Slot, values: &Values) {
        if values.is_empty() {
            return;
        }
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(&Spot::Slot(slot.clone()), at.clone(), values);
        }
        let Progress { adds, work, .. } = &mut *self.progress;
        let grown = match adds.get_mut(&slot) {
            Some(own) => own.join(values),
            None => {
                adds.insert(slot.clone(), values.clone());
                true
            }
        };
        if grown {
            work.slot_grew(&slot);
            self.fresh.insert(slot);
        }
    }

    fn bind(&mut self, binding: BindingId, values: &Values) {
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(&Spot::Binding(self.unit.file, binding), at.clone(), values);
        }
        if !values.is_empty() && self.progress.values.bindings[binding.0 as usize].join(values) {
            self.progress.work.binding_grew(binding);
        }
    }

    fn binding(&mut self, binding: BindingId) -> &Values {
        self.progress.work.read_binding(binding, self.current);
        &self.progress.values.bindings[binding.0 as usize]
    }

    pub(super) fn node(&mut self, id: NodeId) -> &Values {
        self.progress.work.read_node(id, self.current);
        &self.progress.values.nodes[id.0 as usize]
    }
}

//! The transfer function of one file: from the slots of the round before to what the file adds to them.

mod assign;
mod callbacks;
mod calls;
mod members;
mod modules;
mod types;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::barrels::Barrels;
use super::catalog::Catalog;
use super::hierarchy::Hierarchy;
use super::link::{self, Links, Unit, positions};
use super::state::{ParamRef, Slot, State};
use super::trace::{Spot, Trace};
use super::value::{Atom, Place, Values};
use super::{Modules, Target as ModuleTarget};
use crate::program::{AssignOp, BinaryOp, BindingId, BindingKind, EntryKey, ExitKind, Export, FunctionId, Kind, LogicOp, NodeId, Type};

use crate::source::FileId;

pub use members::{client_class, find_methods, is_telling, literal_name, static_slot};

/// What is kept of a file between rounds: the values of its bindings and nodes.
#[derive(Clone, Debug, Default)]
pub struct FileValues {
    /// By binding.
    pub bindings: Vec<Values>,
    /// By node.
    pub nodes: Vec<Values>,
    /// What it has added to slots so far.
    adds: FxHashMap<Slot, Values>,
    /// The slots it has read so far.
    pub(super) reads: FxHashSet<Slot>,
}

impl FileValues {
    /// Forgets what only the rounds needed.
    pub(super) fn settle(&mut self) {
        self.adds = FxHashMap::default();
        self.reads = FxHashSet::default();
    }

    /// The values of a node.
    #[must_use]
    pub fn of(&self, node: NodeId) -> &Values {
        self.nodes.get(node.0 as usize).unwrap_or(Values::none())
    }
}

/// What one evaluation of a file gives.
pub struct Outcome {
    /// The file's own values.
    pub values: FileValues,
    /// What it adds to slots that it had not added before.
    pub adds: Vec<(Slot, Values)>,
}

/// The surroundings of an evaluation, the same for all files of a round.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Files and classes.
    pub links: &'a Links,
    /// Slots after the round before.
    pub state: &'a State,
    /// Lines of ancestors after the round before.
    pub hierarchy: &'a Hierarchy,
    /// Client libraries.
    pub catalog: &'a Catalog<'a>,
    /// Module look-up.
    pub modules: &'a dyn Modules,
    /// Where exported names come from.
    pub barrels: &'a Barrels,
}

/// How often the nodes of a file are gone through in one evaluation before what flows backwards is left to the next round.
const PASSES: usize = 6;
/// How many objects spread into one another are looked through.
const SPREADS: usize = 32;
/// How far re-exports, type aliases and members are followed.
const DEPTH: usize = 12;

/// Evaluates a file, going on from what it gave before: values only grow.
#[must_use]
pub fn evaluate(world: World<'_>, unit: &Unit, before: FileValues) -> Outcome {
    let module = &unit.module;
    let FileValues { mut bindings, mut nodes, adds, reads } = before;
    bindings.resize(module.bindings.len(), Values::NONE);
    nodes.resize(module.nodes.len(), Values::NONE);
    let mut evaluator = Evaluator {
        world,
        unit,
        bindings,
        nodes,
        adds,
        reads,
        fresh: FxHashSet::default(),
        changed: true,
        structures: FxHashMap::default(),
        type_args: Vec::new(),
        open_aliases: Vec::new(),
        type_steps: 0,
        trace: None,
        at: None,
    };
    for _ in 0..PASSES {
        if !std::mem::take(&mut evaluator.changed) {
            break;
        }
        evaluator.pass();
    }
    let Evaluator { bindings, nodes, adds, reads, fresh, .. } = evaluator;
    let new = fresh.into_iter().filter_map(|slot| adds.get(&slot).map(|values| (slot.clone(), values.clone()))).collect();
    Outcome { values: FileValues { bindings, nodes, adds, reads }, adds: new }
}

/// Evaluates a file once more, after the fixpoint, and notes where the clients made at some places flow.
#[must_use]
pub fn retrace(world: World<'_>, unit: &Unit, values: FileValues, wanted: FxHashSet<Place>) -> Trace {
    let FileValues { bindings, nodes, adds, reads } = values;
    let mut evaluator = Evaluator {
        world,
        unit,
        bindings,
        nodes,
        adds,
        reads,
        fresh: FxHashSet::default(),
        changed: false,
        structures: FxHashMap::default(),
        type_args: Vec::new(),
        open_aliases: Vec::new(),
        type_steps: 0,
        trace: Some(Trace::empty(wanted)),
        at: None,
    };
    evaluator.pass();
    evaluator.trace.unwrap_or_default()
}

pub(super) struct Evaluator<'a> {
    pub(super) world: World<'a>,
    pub(super) unit: &'a Unit,
    bindings: Vec<Values>,
    pub(super) nodes: Vec<Values>,
    adds: FxHashMap<Slot, Values>,
    reads: FxHashSet<Slot>,
    fresh: FxHashSet<Slot>,
    changed: bool,
    /// The structural types looked at in this pass, and whether anything is known of their members.
    structures: FxHashMap<Place, bool>,
    /// What the type parameters stand for in the alias that is looked at.
    type_args: Vec<types::TypeArg<'a>>,
    /// The aliases inside of which the type stands that is looked at.
    open_aliases: Vec<(FileId, u32)>,
    /// How many types were looked at for the annotation that is looked at.
    type_steps: usize,
    /// Where clients flow, when that is asked.
    trace: Option<Trace>,
    /// What is being evaluated.
    at: Option<Spot>,
}

impl<'a> Evaluator<'a> {
    fn pass(&mut self) {
        self.structures.clear();
        self.declare_classes();
        self.declare_bindings();
        self.enter_functions();
        for index in 0..self.unit.module.nodes.len() {
            let id = NodeId(index as u32);
            self.enter(|unit| Spot::Node(unit.file, id));
            let values = self.value(id);
            // Parameters and fields read nodes that come later, so that a grown node needs another pass.
            if !values.is_empty() && values != self.nodes[index] {
                self.nodes[index] = values;
                self.changed = true;
            }
        }
        self.leave_functions();
        self.export();
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

    // ---- slots ----

    pub(super) fn read(&mut self, slot: Slot) -> Values {
        let mut values = self.world.state.get(&slot).clone();
        if let Some(own) = self.adds.get(&slot) {
            values.join(own);
        }
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(at, Spot::Slot(slot.clone()), &values);
        }
        if !self.reads.contains(&slot) {
            self.reads.insert(slot);
        }
        values
    }

    pub(super) fn add(&mut self, slot: Slot, values: &Values) {
        if values.is_empty() {
            return;
        }
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(&Spot::Slot(slot.clone()), at.clone(), values);
        }
        let grown = match self.adds.get_mut(&slot) {
            Some(own) => own.join(values),
            None => {
                self.adds.insert(slot.clone(), values.clone());
                true
            }
        };
        if grown {
            self.changed = true;
            self.fresh.insert(slot);
        }
    }

    fn bind(&mut self, binding: BindingId, values: &Values) {
        if let (Some(trace), Some(at)) = (&mut self.trace, &self.at) {
            trace.note(&Spot::Binding(self.unit.file, binding), at.clone(), values);
        }
        if !values.is_empty() {
            self.changed |= self.bindings[binding.0 as usize].join(values);
        }
    }

    pub(super) fn node(&self, id: NodeId) -> &Values {
        &self.nodes[id.0 as usize]
    }

    // ---- declarations ----

    fn declare_classes(&mut self) {
        for (index, class) in self.unit.module.classes.iter().enumerate() {
            let key = self.unit.classes[index];
            if let Some(superclass) = class.superclass {
                let values = self.node(superclass).clone();
                self.add(Slot::Super(key), &values);
            }
            for ty in &class.supertypes {
                let values: Values = self
                    .type_values(ty, 0)
                    .iter()
                    .filter_map(|atom| if let Atom::Instance(class) = atom { Some(Atom::Class(*class)) } else { None })
                    .collect();
                self.add(Slot::Super(key), &values);
            }
            for mixin in &class.mixins {
                let values = self.node(mixin.value).clone();
                self.add(Slot::Mixin(key, mixin.kind.into()), &values);
            }
            for field in &class.fields {
                if let Some(ty) = &field.ty {
                    let (name, values) = match ty {
                        Type::Function(returns) => (SmolStr::from(format!("{}()", field.name)), self.type_values(returns, 0)),
                        _ => (field.name.clone(), self.type_values(ty, 0)),
                    };
                    self.add(Slot::Field(key, name, field.is_static), &values);
                }
                if let Some(value) = field.value {
                    let values = self.node(value).clone();
                    self.enter(|unit| Spot::Node(unit.file, value));
                    self.add(Slot::Field(key, field.name.clone(), field.is_static), &values);
                    self.leave();
                }
            }
        }
    }

    fn declare_bindings(&mut self) {
        for index in 0..self.unit.module.bindings.len() {
            let unit = self.unit;
            let binding = &unit.module.bindings[index];
            self.enter(|unit| Spot::Binding(unit.file, BindingId(index as u32)));
            let values = match binding.kind {
                BindingKind::Import(import) => {
                    let import = &unit.module.imports[import as usize];
                    self.imported(&import.module, &import.name)
                }
                BindingKind::Function(function) => Values::one(Atom::Function(unit.key(function))),
                BindingKind::Class(class) => Values::one(Atom::Class(unit.classes[class.0 as usize])),
                BindingKind::Variable | BindingKind::Param => binding.ty.as_ref().map_or(Values::NONE, |ty| self.type_values(ty, 0)),
                BindingKind::Alias(_) => Values::NONE,
            };
            self.bind(BindingId(index as u32), &values);
        }
        self.leave();
    }

    fn enter_functions(&mut self) {
        for index in 0..self.unit.module.functions.len() {
            let unit = self.unit;
            let function = &unit.module.functions[index];
            let key = unit.key(FunctionId(index as u32));
            for (param, reference) in link::rests(function) {
                self.enter(|unit| Spot::Node(unit.file, param.target));
                let values = self.read(Slot::Param(key, reference));
                self.assign(param.target, &values);
            }
            for (param, reference) in positions(function) {
                self.enter(|unit| Spot::Node(unit.file, param.target));
                let mut values = self.read(Slot::Param(key, reference));
                if let Some(ty) = &param.ty {
                    let declared = self.type_values(ty, 0);
                    values.join(&declared);
                }
                if let Some(default) = param.default {
                    let given = self.node(default).clone();
                    self.flows_from(default, &given);
                    values.join(&given);
                }
                self.assign(param.target, &values);
                if let (Some(field), Some(class)) = (&param.property, function.class) {
                    self.add(Slot::Field(unit.classes[class.0 as usize], field.clone(), false), &values);
                }
            }
        }
    }

    fn leave_functions(&mut self) {
        for index in 0..self.unit.module.functions.len() {
            let unit = self.unit;
            let function = &unit.module.functions[index];
            let slot = Slot::Return(unit.key(FunctionId(index as u32)));
            if function.returns_body {
                self.enter(|unit| Spot::Node(unit.file, function.body));
                let values = self.node(function.body).clone();
                self.add(slot.clone(), &values);
            }
            self.leave();
            if let Some(ty) = &function.return_type {
                let values = self.type_values(ty, 0);
                self.add(slot, &values);
            }
        }
    }

    fn export(&mut self) {
        for export in &self.unit.module.exports {
            let (name, values) = match export {
                Export::Binding { name, binding } => {
                    self.enter(|unit| Spot::Binding(unit.file, *binding));
                    (name, self.bindings[binding.0 as usize].clone())
                }
                Export::Value { name, value } => {
                    self.enter(|unit| Spot::Node(unit.file, *value));
                    (name, self.node(*value).clone())
                }
                Export::From { name, module, import } => {
                    self.enter(|unit| Spot::Slot(Slot::Export(unit.file, name.clone())));
                    let values = self.imported(module, import);
                    (name, values)
                }
                Export::All { .. } => continue,
            };
            self.add(Slot::Export(self.unit.file, name.clone()), &values);
        }
    }

    // ---- values of nodes ----

    #[allow(clippy::too_many_lines)]
    fn value(&mut self, id: NodeId) -> Values {
        let unit = self.unit;
        let module = &unit.module;
        match module.kind(id) {
            Kind::Binary { op: BinaryOp::ShiftLeft, left, right } => {
                // `list << client` puts it in, and gives the list.
                let (list, given) = (self.node(*left).clone(), self.node(*right).clone());
                for atom in list.iter() {
                    if let Atom::Object(place) = atom {
                        self.add(Slot::Member(*place, SmolStr::default()), &given);
                    }
                }
                list
            }
            Kind::Literal(_) | Kind::Template(_) | Kind::Unary { .. } | Kind::Binary { .. } | Kind::Pattern(_) | Kind::Spread(_) => {
                Values::NONE
            }
            // What a CommonJS module exports, seen from inside.
            Kind::Free(name) if name == "exports" => Values::one(Atom::Module(unit.file)),
            Kind::Member { object, name, .. }
                if name == "exports" && matches!(module.kind(*object), Kind::Free(free) if free == "module") =>
            {
                let whole = self.read(Slot::Export(unit.file, "=".into()));
                Values::one(Atom::Module(unit.file)).or(&whole)
            }
            Kind::Free(_) | Kind::Opaque(_) => Values::NONE,
            Kind::Local(binding) => self.bindings[binding.0 as usize].clone(),
            Kind::Global(name) => self.read(Slot::Global(name.clone())),
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { SmolStr::default() } else { self.world.links.nesting_name(unit, *nesting) };
                let path = link::join("", path);
                self.constant(&nesting, &path)
            }
            Kind::This => link::this_class(unit, unit.holder[id.0 as usize])
                .map_or(Values::NONE, |(class, of_class)| Values::one(if of_class { Atom::Class(class) } else { Atom::Instance(class) })),
            // What a method of the superclass is called on, when that is a client.
            Kind::Super => link::this_class(unit, unit.holder[id.0 as usize])
                .map_or(Values::NONE, |(class, _)| self.outside_clients(class).into_iter().map(Atom::Client).collect()),
            Kind::Member { object, name, .. } => {
                let object_values = self.node(*object).clone();
                if object_values.is_empty() { self.loose(name) } else { self.member(&object_values, name, 0) }
            }
            Kind::Index { object, index, .. } => {
                let object = self.node(*object).clone();
                let name = literal_name(module.kind(*index));
                self.element(&object, name.as_deref())
            }
            Kind::Call(call) => self.call(id, call),
            Kind::Object(entries) => {
                let place = unit.place(id);
                for entry in entries {
                    let values = self.node(entry.value).clone();
                    match &entry.key {
                        EntryKey::Name(name) | EntryKey::Symbol(name) => self.add(Slot::Member(place, name.clone()), &values),
                        EntryKey::Computed(key) => {
                            let name = literal_name(module.kind(*key)).unwrap_or_default();
                            self.add(Slot::Member(place, name), &values);
                        }
                        EntryKey::Spread => self.add(Slot::Spread(place), &values),
                    }
                }
                Values::one(Atom::Object(place))
            }
            Kind::Array(members) => {
                let place = unit.place(id);
                for (index, member) in members.iter().enumerate() {
                    let (name, values) = match module.kind(*member) {
                        Kind::Spread(inner) => {
                            let inner = self.node(*inner).clone();
                            (SmolStr::default(), self.element(&inner, None))
                        }
                        _ => (SmolStr::from(index.to_string()), self.node(*member).clone()),
                    };
                    self.add(Slot::Member(place, name), &values);
                }
                Values::one(Atom::Object(place))
            }
            Kind::Closure(function) => Values::one(Atom::Function(unit.key(*function))),
            Kind::Class(class) => Values::one(Atom::Class(unit.classes[class.0 as usize])),
            Kind::Logic { op: LogicOp::And, right, .. } => self.node(*right).clone(),
            Kind::Logic { left, right, .. } => self.node(*left).clone().or(self.node(*right)),
            Kind::Await(value) => self.node(*value).clone(),
            Kind::Cast { value, ty } => {
                let values = self.node(*value).clone();
                match ty {
                    Some(ty) if values.is_empty() => self.type_values(ty, 0),
                    _ => values,
                }
            }
            Kind::Assign { target, value, op, .. } => {
                let given = self.node(*value).clone();
                self.assign(*target, &given);
                match op {
                    AssignOp::Plain => given,
                    _ => self.node(*target).clone().or(&given),
                }
            }
            Kind::Require { specifier, .. } => match self.world.modules.find(unit.file, specifier) {
                ModuleTarget::File(file) => {
                    let whole = self.exported(file, "=", 0);
                    if whole.is_empty() { Values::one(Atom::Module(file)) } else { whole }
                }
                ModuleTarget::Library(library) => Values::one(Atom::Export(library, "*".into())),
                ModuleTarget::Unknown => Values::NONE,
            },
            Kind::Block(statements) => statements.last().map_or(Values::NONE, |last| self.node(*last).clone()),
            Kind::Branch { then, otherwise, .. } => {
                let values = self.node(*then).clone();
                match otherwise {
                    Some(otherwise) => values.or(self.node(*otherwise)),
                    None => values,
                }
            }
            Kind::Switch { arms, otherwise, .. } => {
                arms.iter().map(|arm| arm.body).chain(*otherwise).fold(Values::NONE, |values, body| values.or(self.node(body)))
            }
            Kind::Loop { binding, source, .. } => {
                if let (Some(binding), Some(source)) = (binding, source) {
                    let source = self.node(*source).clone();
                    let values = self.element(&source, None);
                    self.assign(*binding, &values);
                }
                Values::NONE
            }
            Kind::Try { body, rescues, .. } => {
                rescues.iter().fold(self.node(*body).clone(), |values, rescue| values.or(self.node(rescue.body)))
            }
            Kind::Exit { kind, value } => {
                if let (ExitKind::Return, Some(value)) = (kind, value) {
                    let values = self.node(*value).clone();
                    let function = unit.key(unit.returning_function(id));
                    self.add(Slot::Return(function), &values);
                } else if let (ExitKind::Next, Some(value)) = (kind, value) {
                    let values = self.node(*value).clone();
                    self.add(Slot::Return(unit.key(unit.holder[id.0 as usize])), &values);
                }
                Values::NONE
            }
            Kind::Yield(args) => {
                let function = unit.key(unit.returning_function(id));
                for (index, argument) in args.iter().enumerate() {
                    let values = self.node(argument.value).clone();
                    self.add(Slot::Yield(function, ParamRef::block(), index as u16), &values);
                }
                self.read(Slot::YieldReturn(function, ParamRef::block()))
            }
        }
    }
}

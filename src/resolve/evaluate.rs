//! The transfer function of one file: from the slots of the round before to what the file adds to them.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::catalog::{Catalog, Made};
use super::hierarchy::{Ancestor, Hierarchy, lexical_names};
use super::link::{self, Links, Unit, positions};
use super::state::{ParamRef, Slot, State};
use super::value::{Atom, ClassKey, ClientValue, FunctionKey, Place, QueueValue, Values};
use super::{Modules, Target as ModuleTarget};
use crate::client::{Evidence, Wraps};
use crate::program::{
    Argument, ArgumentKind, AssignOp, BindingId, BindingKind, Call, CallForm, EntryKey, ExitKind, Export, FunctionId, ImportName, Kind,
    Literal, LogicOp, MethodKind, NodeId, Runs, Target, Type,
};
use crate::source::FileId;

/// What is kept of a file between rounds: the values of its bindings and nodes.
#[derive(Clone, Debug, Default)]
pub struct FileValues {
    /// By binding.
    pub bindings: Vec<Values>,
    /// By node.
    pub nodes: Vec<Values>,
}

impl FileValues {
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
    /// What it adds to slots.
    pub adds: FxHashMap<Slot, Values>,
    /// The slots it read.
    pub reads: FxHashSet<Slot>,
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
}

/// How often the nodes of a file are gone through in one evaluation before what flows backwards is left to the next round.
const PASSES: usize = 6;
/// How many objects spread into one another are looked through.
const SPREADS: usize = 32;
/// How far re-exports, type aliases and members are followed.
const DEPTH: usize = 12;

/// Evaluates a file.
#[must_use]
pub fn evaluate(world: World<'_>, unit: &Unit, before: &FileValues) -> Outcome {
    let module = &unit.module;
    let mut evaluator = Evaluator {
        world,
        unit,
        bindings: if before.bindings.is_empty() { vec![Values::NONE; module.bindings.len()] } else { before.bindings.clone() },
        nodes: vec![Values::NONE; module.nodes.len()],
        adds: FxHashMap::default(),
        reads: FxHashSet::default(),
        changed: true,
    };
    for _ in 0..PASSES {
        if !std::mem::take(&mut evaluator.changed) {
            break;
        }
        evaluator.pass();
    }
    let Evaluator { bindings, nodes, adds, reads, .. } = evaluator;
    Outcome { values: FileValues { bindings, nodes }, adds, reads }
}

pub(super) struct Evaluator<'a> {
    pub(super) world: World<'a>,
    pub(super) unit: &'a Unit,
    bindings: Vec<Values>,
    pub(super) nodes: Vec<Values>,
    adds: FxHashMap<Slot, Values>,
    reads: FxHashSet<Slot>,
    changed: bool,
}

impl<'a> Evaluator<'a> {
    fn pass(&mut self) {
        self.declare_classes();
        self.declare_bindings();
        self.enter_functions();
        for index in 0..self.unit.module.nodes.len() {
            let id = NodeId(index as u32);
            let values = self.value(id);
            if !values.is_empty() {
                self.nodes[index] = values;
            }
        }
        self.leave_functions();
        self.export();
    }

    // ---- slots ----

    pub(super) fn read(&mut self, slot: Slot) -> Values {
        let mut values = self.world.state.get(&slot).clone();
        if let Some(own) = self.adds.get(&slot) {
            values.join(own);
        }
        self.reads.insert(slot);
        values
    }

    pub(super) fn add(&mut self, slot: Slot, values: &Values) {
        if values.is_empty() {
            return;
        }
        if let Some(own) = self.adds.get_mut(&slot) {
            self.changed |= own.join(values);
        } else {
            self.adds.insert(slot, values.clone());
            self.changed = true;
        }
    }

    fn bind(&mut self, binding: BindingId, values: &Values) {
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
                    self.add(Slot::Field(key, field.name.clone(), field.is_static), &values);
                }
            }
        }
    }

    fn declare_bindings(&mut self) {
        for index in 0..self.unit.module.bindings.len() {
            let unit = self.unit;
            let binding = &unit.module.bindings[index];
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
    }

    fn enter_functions(&mut self) {
        for index in 0..self.unit.module.functions.len() {
            let unit = self.unit;
            let function = &unit.module.functions[index];
            let key = unit.key(FunctionId(index as u32));
            for (param, reference) in positions(function) {
                let mut values = self.read(Slot::Param(key, reference));
                if let Some(ty) = &param.ty {
                    let declared = self.type_values(ty, 0);
                    values.join(&declared);
                }
                if let Some(default) = param.default {
                    let given = self.node(default).clone();
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
                let values = self.node(function.body).clone();
                self.add(slot.clone(), &values);
            }
            if let Some(ty) = &function.return_type {
                let values = self.type_values(ty, 0);
                self.add(slot, &values);
            }
        }
    }

    fn export(&mut self) {
        for export in &self.unit.module.exports {
            let (name, values) = match export {
                Export::Binding { name, binding } => (name, self.bindings[binding.0 as usize].clone()),
                Export::Value { name, value } => (name, self.node(*value).clone()),
                Export::From { name, module, import } => {
                    let values = self.imported(module, import);
                    (name, values)
                }
                Export::All { .. } => continue,
            };
            self.add(Slot::Export(self.unit.file, name.clone()), &values);
        }
    }

    // ---- modules ----

    fn imported(&mut self, specifier: &str, name: &ImportName) -> Values {
        match self.world.modules.find(self.unit.file, specifier) {
            ModuleTarget::File(file) => match name {
                ImportName::Namespace => Values::one(Atom::Module(file)),
                ImportName::Default => {
                    let values = self.exported(file, "default", 0);
                    if values.is_empty() { self.exported(file, "=", 0) } else { values }
                }
                ImportName::Named(name) => self.exported(file, name, 0),
                ImportName::Nothing => Values::NONE,
            },
            ModuleTarget::Package => match self.world.catalog.package(specifier) {
                Some(library) => match name {
                    ImportName::Namespace => Values::one(Atom::Export(library, "*".into())),
                    ImportName::Default => Values::one(Atom::Export(library, "default".into())),
                    ImportName::Named(name) => self.exported_by(library, name),
                    ImportName::Nothing => Values::NONE,
                },
                None => Values::NONE,
            },
            ModuleTarget::Unknown => Values::NONE,
        }
    }

    fn exported_by(&self, library: crate::client::LibraryId, name: &SmolStr) -> Values {
        let handed_out =
            self.world.catalog.export_accessor(library, name).and_then(|access| Some((access.library?, access.value?, access.evidence)));
        match handed_out {
            Some((library, role, evidence)) => {
                Values::one(Atom::Client(ClientValue { library, role, evidence, place: Place { file: self.unit.file, offset: 0 } }))
            }
            None => Values::one(Atom::Export(library, name.clone())),
        }
    }

    /// The value that a project file exports under a name, re-exports followed.
    pub(super) fn exported(&mut self, file: FileId, name: &str, depth: usize) -> Values {
        let mut values = self.read(Slot::Export(file, name.into()));
        if !values.is_empty() || depth > DEPTH {
            return values;
        }
        let mut seen = vec![file];
        let mut next = 0;
        while let Some(file) = seen.get(next).copied() {
            next += 1;
            let own = self.read(Slot::Export(file, name.into()));
            values.join(&own);
            let Some(unit) = self.world.links.unit(file) else { continue };
            for export in &unit.module.exports {
                match export {
                    Export::All { module } if name != "default" => match self.world.modules.find(file, module) {
                        ModuleTarget::File(inner) if !seen.contains(&inner) => seen.push(inner),
                        ModuleTarget::Package => {
                            let library =
                                self.world.catalog.package(module).filter(|library| self.world.catalog.knows_export(*library, name));
                            if let Some(library) = library {
                                values.add(Atom::Export(library, name.into()));
                            }
                        }
                        _ => {}
                    },
                    // `module.exports = { name: … }` and `module.exports = Class` with statics.
                    Export::Value { name: whole, .. } if whole == "=" && name != "=" => {
                        let whole = self.read(Slot::Export(file, "=".into()));
                        let more = self.member(&whole, name, depth + 1);
                        values.join(&more);
                    }
                    _ => {}
                }
            }
        }
        values
    }

    // ---- values of nodes ----

    #[allow(clippy::too_many_lines)]
    fn value(&mut self, id: NodeId) -> Values {
        let unit = self.unit;
        let module = &unit.module;
        match module.kind(id) {
            Kind::Literal(_)
            | Kind::Template(_)
            | Kind::Unary { .. }
            | Kind::Binary { .. }
            | Kind::Super
            | Kind::Pattern(_)
            | Kind::Spread(_) => Values::NONE,
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
                ModuleTarget::Package => {
                    self.world.catalog.package(specifier).map_or(Values::NONE, |library| Values::one(Atom::Export(library, "*".into())))
                }
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

    /// A Ruby constant: a class, an assigned constant, or a name that the project does not define.
    pub(super) fn constant(&mut self, nesting: &str, path: &str) -> Values {
        let links = self.world.links;
        for name in lexical_names(nesting, path) {
            if let Some(class) = links.shared_classes.get(&name) {
                return Values::one(Atom::Class(*class));
            }
            if links.constants.contains_key(&name) {
                return self.read(Slot::Constant(name));
            }
        }
        // Through the ancestors of the class around it.
        if let Some(class) = links.shared_classes.get(nesting).copied() {
            let above: Vec<SmolStr> = self
                .world
                .hierarchy
                .line(class, false)
                .iter()
                .filter_map(|ancestor| match ancestor {
                    Ancestor::Project(class, _) => Some(SmolStr::from(format!("{}::{path}", links.class(*class).name))),
                    Ancestor::Outside(_) => None,
                })
                .collect();
            for name in above {
                if let Some(class) = links.shared_classes.get(&name) {
                    return Values::one(Atom::Class(*class));
                }
                if links.constants.contains_key(&name) {
                    return self.read(Slot::Constant(name));
                }
            }
        }
        Values::one(Atom::Constant(path.into()))
    }

    fn loose(&mut self, name: &SmolStr) -> Values {
        if !is_telling(name) {
            return Values::NONE;
        }
        let found = self.read(Slot::Loose(name.clone()));
        weakened(&found)
    }

    /// A member read.
    pub(super) fn member(&mut self, object: &Values, name: &str, depth: usize) -> Values {
        let mut values = Values::NONE;
        if depth > DEPTH {
            return values;
        }
        for atom in object.iter() {
            let more = match atom {
                Atom::Instance(class) => self.class_member(*class, name, false),
                Atom::Class(class) => self.class_member(*class, name, true),
                Atom::Module(file) => self.exported(*file, name, depth + 1),
                Atom::Export(library, path) => {
                    Values::one(Atom::Export(*library, if path == "*" { name.into() } else { SmolStr::from(format!("{path}.{name}")) }))
                }
                Atom::Object(place) => self.object_member(*place, name, depth + 1),
                Atom::Client(client) => self
                    .world
                    .catalog
                    .view(client, name)
                    .map_or(Values::NONE, |role| Values::one(Atom::Client(ClientValue { role, ..*client }))),
                Atom::Queue(queue) => self.world.catalog.view(&queue.client, name).map_or(Values::NONE, |_| Values::one(atom.clone())),
                Atom::Function(_) | Atom::Constant(_) => Values::NONE,
            };
            values.join(&more);
        }
        values
    }

    /// A member of an object literal, or of what is spread into it when it has none of that name itself.
    fn object_member(&mut self, place: Place, name: &str, depth: usize) -> Values {
        let mut values = Values::NONE;
        let mut seen = vec![place];
        let mut next = 0;
        while let Some(place) = seen.get(next).copied() {
            next += 1;
            let mut own = self.read(Slot::Member(place, name.into()));
            let others = self.read(Slot::Member(place, SmolStr::default()));
            own.join(&others);
            if own.is_empty() {
                for atom in self.read(Slot::Spread(place)).iter() {
                    match atom {
                        Atom::Object(inner) if seen.len() < SPREADS && !seen.contains(inner) => seen.push(*inner),
                        Atom::Object(_) => {}
                        other => {
                            let more = self.member(&Values::one(other.clone()), name, depth + 1);
                            values.join(&more);
                        }
                    }
                }
            }
            values.join(&own);
        }
        values
    }

    /// A member of a class or its instances: fields and getters, on the whole line and, when nothing is found, below it.
    fn class_member(&mut self, class: ClassKey, name: &str, of_class: bool) -> Values {
        let mut values = Values::NONE;
        let line = self.world.hierarchy.line(class, of_class);
        for ancestor in line {
            match ancestor {
                Ancestor::Project(above, of_class) => {
                    let more = self.own_member(*above, name, *of_class);
                    values.join(&more);
                }
                Ancestor::Outside(atom) => {
                    if let Some(client) = self.client_class(class, atom)
                        && let Some(role) = self.world.catalog.view(&client, name)
                    {
                        values.add(Atom::Client(ClientValue { role, ..client }));
                    }
                }
            }
        }
        if values.is_empty() {
            for below in self.world.hierarchy.below(class) {
                let more = self.own_member(*below, name, of_class);
                values.join(&more);
            }
        }
        values
    }

    fn own_member(&mut self, class: ClassKey, name: &str, of_class: bool) -> Values {
        let mut values = self.read(Slot::Field(class, name.into(), of_class));
        let links = self.world.links;
        for (function, kind) in links.class(class).methods.get(&(SmolStr::from(name), of_class)).into_iter().flatten() {
            match kind {
                MethodKind::Getter => {
                    let more = self.read(Slot::Return(*function));
                    values.join(&more);
                }
                MethodKind::Method if !self.is_ruby(*function) => {
                    values.add(Atom::Function(*function));
                }
                _ => {}
            }
        }
        values
    }

    /// Whether members of the function's language are read by calling methods.
    fn is_ruby(&self, function: FunctionKey) -> bool {
        self.world.links.unit(function.file).is_some_and(|unit| unit.module.semantics.shares_constants)
    }

    fn client_class(&self, class: ClassKey, outside: &Atom) -> Option<ClientValue> {
        client_class(self.world.links, self.world.catalog, class, outside)
    }

    fn element(&mut self, object: &Values, name: Option<&str>) -> Values {
        let mut values = Values::NONE;
        for atom in object.iter() {
            match (atom, name) {
                (Atom::Object(place), Some(name)) => {
                    let more = self.object_member(*place, name, 0);
                    values.join(&more);
                }
                (Atom::Object(place), None) => {
                    let more = self.all_members(*place);
                    values.join(&more);
                }
                (Atom::Instance(_) | Atom::Class(_) | Atom::Module(_) | Atom::Export(..), Some(name)) => {
                    let more = self.member(&Values::one(atom.clone()), name, 0);
                    values.join(&more);
                }
                _ => {}
            }
        }
        values
    }

    /// All members of an object or array literal. Members are found through the literal itself, whose names are known.
    fn all_members(&mut self, place: Place) -> Values {
        let mut values = self.read(Slot::Member(place, SmolStr::default()));
        let names = self.world.links.unit(place.file).map(|unit| self.world.links.member_names(unit, place)).unwrap_or_default();
        for name in names {
            let more = self.read(Slot::Member(place, name));
            values.join(&more);
        }
        let spread = self.read(Slot::Spread(place));
        values.join(&spread);
        values
    }

    // ---- assignment ----

    fn assign(&mut self, target: NodeId, values: &Values) {
        if values.is_empty() && !matches!(self.unit.module.kind(target), Kind::Pattern(_)) {
            return;
        }
        let unit = self.unit;
        match unit.module.kind(target) {
            Kind::Local(binding) => {
                let declared = &unit.module.binding(*binding).kind;
                if link::is_variable(*declared) {
                    self.bind(*binding, values);
                }
            }
            Kind::Global(name) => self.add(Slot::Global(name.clone()), values),
            Kind::Constant { path, absolute, nesting } => {
                let outer = if *absolute { SmolStr::default() } else { self.world.links.nesting_name(unit, *nesting) };
                self.add(Slot::Constant(link::join(&outer, path)), values);
            }
            Kind::Member { object, name, .. } => {
                let object = self.node(*object).clone();
                self.assign_member(&object, name, values);
            }
            Kind::Index { object, index, .. } => {
                let object = self.node(*object).clone();
                let name = literal_name(unit.module.kind(*index)).unwrap_or_default();
                if !object.is_empty() {
                    self.assign_member(&object, &name, values);
                }
            }
            Kind::Pattern(entries) => {
                for entry in entries {
                    let mut part = match &entry.key {
                        EntryKey::Name(name) | EntryKey::Symbol(name) => {
                            let loose = if values.is_empty() { self.loose(name) } else { Values::NONE };
                            self.member(values, name, 0).or(&loose)
                        }
                        EntryKey::Computed(_) => Values::NONE,
                        EntryKey::Spread => values.clone(),
                    };
                    if let Some(default) = entry.default {
                        part.join(&self.nodes[default.0 as usize]);
                    }
                    self.assign(entry.target, &part);
                }
            }
            Kind::Cast { value, .. } => self.assign(*value, values),
            _ => {}
        }
    }

    fn assign_member(&mut self, object: &Values, name: &SmolStr, values: &Values) {
        if object.is_empty() {
            if is_telling(name) {
                let clients: Values = values.iter().filter(|atom| matches!(atom, Atom::Client(_))).cloned().collect();
                self.add(Slot::Loose(name.clone()), &clients);
            }
            return;
        }
        for atom in object.iter() {
            match atom {
                Atom::Instance(class) | Atom::Class(class) => {
                    let of_class = matches!(atom, Atom::Class(_));
                    let setter = self.find_methods(*class, of_class, name).into_iter().find(|(_, kind)| *kind == MethodKind::Setter);
                    match setter {
                        Some((function, _)) => self.add(Slot::Param(function, ParamRef::At(0)), values),
                        None => self.add(Slot::Field(*class, name.clone(), of_class), values),
                    }
                }
                Atom::Object(place) => self.add(Slot::Member(*place, name.clone()), values),
                Atom::Module(file) => self.add(Slot::Export(*file, name.clone()), values),
                _ => {}
            }
        }
    }

    // ---- calls ----

    fn find_methods(&self, class: ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
        find_methods(self.world.links, self.world.hierarchy, class, of_class, name)
    }

    fn call(&mut self, id: NodeId, call: &Call) -> Values {
        let unit = self.unit;
        let holder = unit.holder[id.0 as usize];
        match &call.target {
            Target::Function(callee) => {
                let callees = self.node(*callee).clone();
                // A call of a parameter: what a function passes to the function it was given.
                if let Kind::Local(binding) = unit.module.kind(*callee)
                    && let Some((function, reference)) = unit.params[binding.0 as usize].clone()
                {
                    self.pass_on(unit.key(function), &reference, &call.args);
                }
                let mut values = Values::NONE;
                for atom in callees.iter() {
                    let more = match call.form {
                        CallForm::New => self.construct(id, atom, call),
                        CallForm::Call => self.call_atom(id, atom, call),
                    };
                    values.join(&more);
                }
                values
            }
            Target::Method { receiver, name } => {
                let receivers = self.node(*receiver).clone();
                if let (Kind::Local(binding), "call" | "apply") = (unit.module.kind(*receiver), name.as_str())
                    && let Some((function, reference)) = unit.params[binding.0 as usize].clone()
                {
                    let skip = usize::from(!unit.module.semantics.shares_constants);
                    self.pass_on(unit.key(function), &reference, call.args.get(skip..).unwrap_or_default());
                }
                let mut values = self.passes_through(call, &receivers, name);
                for atom in receivers.iter() {
                    let more = self.method(id, atom, name, call);
                    values.join(&more);
                }
                if receivers.is_empty() && unit.module.semantics.shares_constants && call.args.is_empty() {
                    let more = self.loose(name);
                    values.join(&more);
                }
                values
            }
            Target::Own(name) => self.own_call(id, holder, name, call),
            Target::Super => self.super_call(id, holder, call),
        }
    }

    fn own_call(&mut self, id: NodeId, holder: FunctionId, name: &SmolStr, call: &Call) -> Values {
        let unit = self.unit;
        if let Some((class, of_class)) = link::this_class(unit, holder) {
            let atom = if of_class { Atom::Class(class) } else { Atom::Instance(class) };
            let values = self.method(id, &atom, name, call);
            if !values.is_empty() || !self.find_methods(class, of_class, name).is_empty() {
                return values;
            }
        }
        let links = self.world.links;
        let mut values = Values::NONE;
        for function in links.top_level.get(name).into_iter().flatten() {
            let more = self.invoke(*function, call, 0);
            values.join(&more);
        }
        values
    }

    fn super_call(&mut self, _id: NodeId, holder: FunctionId, call: &Call) -> Values {
        let unit = self.unit;
        let function = unit.module.function(unit.module_method(holder));
        let (Some(class), Some(name)) = (function.class, function.name.clone()) else { return Values::NONE };
        let class = unit.classes[class.0 as usize];
        let line: Vec<Ancestor> = self.world.hierarchy.line(class, function.is_static).to_vec();
        let links = self.world.links;
        let mut seen = false;
        for ancestor in line {
            let Ancestor::Project(above, of_class) = ancestor else { continue };
            if above == class {
                seen = true;
                continue;
            }
            if !seen {
                continue;
            }
            if let Some(found) = links.class(above).methods.get(&(name.clone(), of_class)) {
                return found.clone().into_iter().fold(Values::NONE, |values, (function, _)| values.or(&self.invoke(function, call, 0)));
            }
        }
        Values::NONE
    }

    /// A call on one thing that a receiver may be.
    fn method(&mut self, id: NodeId, atom: &Atom, name: &SmolStr, call: &Call) -> Values {
        let catalog = self.world.catalog;
        match atom {
            Atom::Client(client) => self.client_method(id, client, name, call),
            Atom::Queue(queue) => {
                if catalog.ends_queue(queue, name) {
                    return Values::NONE;
                }
                self.block_gets(call, 0, &Values::one(atom.clone()), catalog.queue(&queue.client, name).is_some());
                Values::one(atom.clone())
            }
            Atom::Instance(class) => self.class_method(id, *class, false, name, call),
            Atom::Class(class) => {
                if name == "new" && self.unit.module.semantics.shares_constants {
                    return self.construct(id, atom, call);
                }
                self.class_method(id, *class, true, name, call)
            }
            Atom::Constant(constant) => self.outside_method(id, constant, name, call),
            Atom::Export(library, path) => {
                let whole = if path == "*" { name.clone() } else { SmolStr::from(format!("{path}.{name}")) };
                if let Some(made) = catalog.export_make(*library, &whole, CallForm::Call) {
                    return self.made(id, &made, call);
                }
                if catalog.keeps_value(name) { Values::one(atom.clone()) } else { Values::NONE }
            }
            Atom::Function(function) => match name.as_str() {
                "call" if !self.is_ruby(*function) => self.invoke(*function, call, 1),
                "call" | "()" | "[]" | "===" | "yield" => self.invoke(*function, call, 0),
                "bind" => Values::one(atom.clone()),
                _ => Values::NONE,
            },
            Atom::Object(place) => {
                let found = match name.as_str() {
                    "fetch" | "dig" | "get" | "at" => {
                        let key = call.args.first().and_then(|argument| literal_name(self.unit.module.kind(argument.value)));
                        return self.element(&Values::one(atom.clone()), key.as_deref());
                    }
                    "values" | "first" | "last" | "sample" | "find" | "pop" | "shift" => return self.all_members(*place),
                    _ => self.object_member(*place, name, 0),
                };
                let mut values = Values::NONE;
                for function in found.iter() {
                    let more = self.call_atom(id, function, call);
                    values.join(&more);
                }
                values
            }
            Atom::Module(file) => {
                let found = self.exported(*file, name, 0);
                let mut values = Values::NONE;
                for function in found.iter() {
                    let more = self.call_atom(id, function, call);
                    values.join(&more);
                }
                values
            }
        }
    }

    fn client_method(&mut self, id: NodeId, client: &ClientValue, name: &SmolStr, call: &Call) -> Values {
        let catalog = self.world.catalog;
        if let Some(transaction) = catalog.queue(client, name) {
            let queue = Values::one(Atom::Queue(QueueValue { client: *client, transaction, place: self.unit.place(id) }));
            self.callbacks_get(call, 0, &queue);
            return if call.block.is_some() { Values::NONE } else { queue };
        }
        if let Some(role) = catalog.method_make(client, name) {
            return Values::one(Atom::Client(ClientValue { role, evidence: Evidence::Constructed, place: self.unit.place(id), ..*client }));
        }
        if let Some(access) = catalog.role_accessor(client, name) {
            if let Some(role) = access.yields {
                let given = Values::one(Atom::Client(ClientValue { library: access.library.unwrap_or(client.library), role, ..*client }));
                self.callbacks_get(call, 0, &given);
            }
            let returned = self.callback_returns(call);
            return match access.value {
                Some(role) => returned.or(&Values::one(Atom::Client(ClientValue {
                    library: access.library.unwrap_or(client.library),
                    role,
                    ..*client
                }))),
                None => returned,
            };
        }
        if let Some(role) = catalog.view(client, name) {
            return Values::one(Atom::Client(ClientValue { role, ..*client }));
        }
        if catalog.returns_client(client, name) || catalog.keeps_value(name) {
            return Values::one(Atom::Client(*client));
        }
        Values::NONE
    }

    fn class_method(&mut self, id: NodeId, class: ClassKey, of_class: bool, name: &SmolStr, call: &Call) -> Values {
        let found = self.find_methods(class, of_class, name);
        let mut values = Values::NONE;
        for (function, kind) in &found {
            match kind {
                MethodKind::Method => {
                    let more = self.invoke(*function, call, 0);
                    values.join(&more);
                }
                MethodKind::Getter => {
                    let got = self.read(Slot::Return(*function));
                    for atom in got.iter() {
                        let more = self.call_atom(id, atom, call);
                        values.join(&more);
                    }
                }
                MethodKind::Setter | MethodKind::Constructor => {}
            }
        }
        if found.is_empty() {
            let held = self.class_member(class, name, of_class);
            for atom in held.iter() {
                let more = self.call_atom(id, atom, call);
                values.join(&more);
            }
            let declared = self.class_member(class, &format!("{name}()"), of_class);
            values.join(&declared);
            let outside: Vec<Atom> = self.world.hierarchy.outside(class, of_class).cloned().collect();
            for atom in outside {
                if !of_class && let Some(client) = self.client_class(class, &atom) {
                    let more = self.client_method(id, &client, name, call);
                    values.join(&more);
                }
                if let Atom::Constant(constant) = &atom {
                    let more = self.outside_method(id, constant, name, call);
                    values.join(&more);
                }
            }
            let forwards = if of_class { Values::NONE } else { self.forwards(class) };
            for client in forwards.clients() {
                let more = self.client_method(id, &client, name, call);
                values.join(&more);
            }
        }
        if self.unit.module.semantics.shares_constants && matches!(name.as_str(), "send" | "public_send" | "__send__") {
            self.note_forwarding(id, call);
        }
        values
    }

    /// What the class or one above it forwards unknown methods to.
    pub(super) fn forwards(&mut self, class: ClassKey) -> Values {
        let line = self.world.hierarchy.line(class, false);
        let mut values = Values::NONE;
        for ancestor in line {
            if let Ancestor::Project(class, _) = ancestor {
                let more = self.read(Slot::Forward(*class));
                values.join(&more);
            }
        }
        values
    }

    /// In `method_missing`, a `send` of an unknown name forwards to its receiver.
    fn note_forwarding(&mut self, id: NodeId, call: &Call) {
        let unit = self.unit;
        let Target::Method { receiver, .. } = &call.target else { return };
        let function = unit.module.function(unit.module_method(unit.holder[id.0 as usize]));
        if function.name.as_deref() == Some("method_missing")
            && let Some(class) = function.class
        {
            let values = self.node(*receiver).clone();
            self.add(Slot::Forward(unit.classes[class.0 as usize]), &values);
        }
    }

    /// A method of a constant that the project does not define.
    fn outside_method(&mut self, id: NodeId, constant: &SmolStr, name: &SmolStr, call: &Call) -> Values {
        let catalog = self.world.catalog;
        if let Some(made) = catalog.constant_make(constant, name) {
            return self.made(id, &made, call);
        }
        if let Some(access) = catalog.constant_accessor(constant, name) {
            let place = self.unit.place(id);
            let Some(library) = access.library else { return Values::NONE };
            let client = |role| Values::one(Atom::Client(ClientValue { library, role, evidence: access.evidence, place }));
            if let Some(role) = access.yields {
                self.callbacks_get(call, 0, &client(role));
            }
            let returned = self.callback_returns(call);
            return match access.value {
                Some(role) if call.block.is_none() => client(role),
                _ => returned,
            };
        }
        Values::NONE
    }

    /// `new X`, and `X.new` of project classes.
    fn construct(&mut self, id: NodeId, atom: &Atom, call: &Call) -> Values {
        match atom {
            Atom::Class(class) => {
                let own_new = if self.unit.module.semantics.shares_constants { self.find_methods(*class, true, "new") } else { Vec::new() };
                for (function, _) in own_new {
                    self.invoke(function, call, 0);
                }
                let name = if self.unit.module.semantics.shares_constants { "initialize" } else { "constructor" };
                let constructors: Vec<FunctionKey> = self.constructors(*class, name);
                for function in constructors {
                    self.invoke(function, call, 0);
                }
                Values::one(Atom::Instance(*class))
            }
            Atom::Export(library, path) => match self.world.catalog.export_make(*library, path, CallForm::New) {
                Some(made) => self.made(id, &made, call),
                None => Values::NONE,
            },
            Atom::Function(function) => {
                // A constructor function: its prototype's class.
                self.invoke(*function, call, 0);
                self.world.links.prototype_class(*function).map_or(Values::NONE, |class| Values::one(Atom::Instance(class)))
            }
            _ => Values::NONE,
        }
    }

    fn constructors(&self, class: ClassKey, name: &str) -> Vec<FunctionKey> {
        for ancestor in self.world.hierarchy.line(class, false) {
            if let Ancestor::Project(class, _) = ancestor
                && let Some(found) = self.world.links.class(*class).methods.get(&(SmolStr::from(name), false))
            {
                return found.iter().map(|(function, _)| *function).collect();
            }
        }
        Vec::new()
    }

    /// A client that a library makes. A pool is one of what its block makes: no Redis client inside, no Redis pool.
    fn made(&mut self, id: NodeId, made: &Made, call: &Call) -> Values {
        let role = made.role;
        match made.wraps {
            Some(Wraps::Block) => {
                let inner = self.callback_returns(call);
                inner
                    .iter()
                    .filter_map(
                        |atom| if let Atom::Client(client) = atom { Some(Atom::Client(ClientValue { role, ..*client })) } else { None },
                    )
                    .collect()
            }
            _ => Values::one(Atom::Client(ClientValue {
                library: made.library,
                role,
                evidence: Evidence::Constructed,
                place: self.unit.place(id),
            })),
        }
    }

    /// Calls something found as a value.
    fn call_atom(&mut self, id: NodeId, atom: &Atom, call: &Call) -> Values {
        match atom {
            Atom::Function(function) => self.invoke(*function, call, 0),
            Atom::Export(library, path) => match self.world.catalog.export_make(*library, path, CallForm::Call) {
                Some(made) => self.made(id, &made, call),
                None => Values::NONE,
            },
            _ => Values::NONE,
        }
    }

    /// Passes arguments to a project function and gives what it returns. `skip` leading arguments are not passed (`f.call(self, …)`).
    fn invoke(&mut self, function: FunctionKey, call: &Call, skip: usize) -> Values {
        let mut hidden = false;
        for (index, argument) in call.args.iter().skip(skip).enumerate() {
            let reference = match &argument.kind {
                ArgumentKind::Positional if !hidden => ParamRef::At(index as u16),
                ArgumentKind::Keyword(name) => ParamRef::Named(name.clone()),
                ArgumentKind::Block => ParamRef::block(),
                ArgumentKind::Spread => {
                    hidden = true;
                    continue;
                }
                _ => continue,
            };
            let values = self.node(argument.value).clone();
            if reference != ParamRef::block() {
                self.add(Slot::Param(function, reference.clone()), &values);
            }
            self.hand_over(function, &reference, argument.value, &values);
        }
        if let Some(block) = call.block {
            let block = self.unit.key(block);
            self.link_callback(function, &ParamRef::block(), block);
        }
        self.read(Slot::Return(function))
    }

    /// A function value given as an argument gets what the callee passes to that parameter; a parameter handed on hands on too.
    fn hand_over(&mut self, callee: FunctionKey, reference: &ParamRef, node: NodeId, values: &Values) {
        let given: Vec<FunctionKey> =
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect();
        for function in given {
            self.link_callback(callee, reference, function);
        }
        if let Kind::Local(binding) = self.unit.module.kind(node)
            && let Some((own, own_reference)) = self.unit.params[binding.0 as usize].clone()
        {
            let own = self.unit.key(own);
            for position in 0..3 {
                let values = self.read(Slot::Yield(callee, reference.clone(), position));
                self.add(Slot::Yield(own, own_reference.clone(), position), &values);
            }
            let returned = self.read(Slot::YieldReturn(own, own_reference));
            self.add(Slot::YieldReturn(callee, reference.clone()), &returned);
        }
    }

    fn link_callback(&mut self, callee: FunctionKey, reference: &ParamRef, callback: FunctionKey) {
        for position in 0..3 {
            let values = self.read(Slot::Yield(callee, reference.clone(), position));
            self.add(Slot::Param(callback, ParamRef::At(position)), &values);
        }
        let returned = self.read(Slot::Return(callback));
        self.add(Slot::YieldReturn(callee, reference.clone()), &returned);
    }

    /// The current function calls one of its own parameters.
    fn pass_on(&mut self, function: FunctionKey, reference: &ParamRef, args: &[Argument]) {
        for (index, argument) in args.iter().enumerate().take(3) {
            let values = self.node(argument.value).clone();
            self.add(Slot::Yield(function, reference.clone(), index as u16), &values);
        }
    }

    /// The functions given to a call: its block, closures and named functions among its arguments.
    fn callbacks(&self, call: &Call) -> Vec<FunctionKey> {
        let mut found: Vec<FunctionKey> = call.block.map(|block| self.unit.key(block)).into_iter().collect();
        for argument in &call.args {
            found.extend(
                self.node(argument.value)
                    .iter()
                    .filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }),
            );
        }
        found
    }

    /// Gives values to a parameter of all functions given to a call, and hands them on where the call was given a parameter.
    fn callbacks_get(&mut self, call: &Call, position: u16, values: &Values) {
        for callback in self.callbacks(call) {
            self.add(Slot::Param(callback, ParamRef::At(position)), values);
        }
        for argument in &call.args {
            if let Kind::Local(binding) = self.unit.module.kind(argument.value)
                && let Some((own, reference)) = self.unit.params[binding.0 as usize].clone()
            {
                self.add(Slot::Yield(self.unit.key(own), reference, position), values);
            }
        }
    }

    fn block_gets(&mut self, call: &Call, position: u16, values: &Values, wanted: bool) {
        if wanted {
            self.callbacks_get(call, position, values);
        }
    }

    fn callback_returns(&mut self, call: &Call) -> Values {
        let mut values = Values::NONE;
        for callback in self.callbacks(call) {
            let more = self.read(Slot::Return(callback));
            values.join(&more);
        }
        for argument in call.args.iter().filter(|argument| argument.kind == ArgumentKind::Block) {
            if let Kind::Local(binding) = self.unit.module.kind(argument.value)
                && let Some((own, reference)) = self.unit.params[binding.0 as usize].clone()
            {
                let more = self.read(Slot::YieldReturn(self.unit.key(own), reference));
                values.join(&more);
            }
        }
        values
    }

    /// Calls that hand their receiver, or its members, to a function: `tap`, `then`, `each`, `forEach`; and calls that return it.
    fn passes_through(&mut self, call: &Call, receivers: &Values, name: &str) -> Values {
        if receivers.is_empty() {
            return Values::NONE;
        }
        match call.runs {
            Runs::Once => {
                let returned = self.callback_returns(call);
                match name {
                    "tap" => {
                        self.callbacks_get(call, 0, receivers);
                        receivers.clone()
                    }
                    "catch" | "finally" => returned.or(receivers),
                    "then" | "yield_self" => {
                        self.callbacks_get(call, 0, receivers);
                        returned
                    }
                    _ => Values::NONE,
                }
            }
            Runs::Each => {
                let members = self.element(receivers, None);
                self.callbacks_get(call, 0, &members);
                self.callbacks_get(call, 1, &members);
                Values::NONE
            }
            _ if matches!(name, "freeze" | "itself" | "presence" | "dup" | "clone" | "to_h" | "to_proc" | "with_indifferent_access") => {
                receivers.clone()
            }
            _ => Values::NONE,
        }
    }
}

/// The client that an instance of a project class is, when the class extends one of a client library.
#[must_use]
pub fn client_class(links: &Links, catalog: &Catalog<'_>, class: ClassKey, outside: &Atom) -> Option<ClientValue> {
    let (library, role) = match outside {
        Atom::Export(library, path) => (*library, catalog.export_make(*library, path, CallForm::New)?.role),
        Atom::Constant(name) => {
            let made = catalog.constant_make(name, "new")?;
            (made.library, made.role)
        }
        _ => return None,
    };
    let (file, part) = *links.class(class).parts.first()?;
    let unit = links.unit(file)?;
    Some(ClientValue {
        library,
        role,
        evidence: Evidence::Declared,
        place: Place { file, offset: unit.module.class(part).name_span.start },
    })
}

/// The methods of a name on a class's line: those of the nearest class that has any; else those below it.
#[must_use]
pub fn find_methods(links: &Links, hierarchy: &Hierarchy, class: ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
    let own = |class: ClassKey, of_class: bool| links.class(class).methods.get(&(SmolStr::from(name), of_class));
    for ancestor in hierarchy.line(class, of_class) {
        if let Ancestor::Project(class, of_class) = ancestor
            && let Some(found) = own(*class, *of_class)
        {
            return found.clone();
        }
    }
    hierarchy.below(class).iter().filter_map(|below| own(*below, of_class)).flatten().copied().collect()
}

/// The literal name that an index or key is.
pub(super) fn literal_name(kind: &Kind) -> Option<SmolStr> {
    match kind {
        Kind::Literal(Literal::Str(name) | Literal::Symbol(name)) => Some(name.clone()),
        Kind::Literal(Literal::Int(number)) => Some(number.to_string().into()),
        _ => None,
    }
}

/// Whether a member name alone tells that a Redis client is meant.
#[must_use]
pub fn is_telling(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("redis") || lower.contains("valkey")
}

/// The clients among values, known by name only.
fn weakened(values: &Values) -> Values {
    values
        .iter()
        .filter_map(|atom| {
            if let Atom::Client(client) = atom { Some(Atom::Client(ClientValue { evidence: Evidence::Imported, ..*client })) } else { None }
        })
        .collect()
}

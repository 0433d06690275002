//! The names under which clients, and the code that uses them, are reached from other files.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::super::Input;
use super::holders::Holders;
use super::users::Users;
use super::words::{Words, hash};
use crate::program::{BindingId, BindingKind, Call, Export, ImportName, Kind, NodeId, Target, Type};
use crate::project::Lookup;
use crate::resolve::catalog::Catalog;
use crate::resolve::value::{ClassKey, Values};
use crate::resolve::{FileValues, Modules, Resolution, Slot, Target as ModuleTarget, Unit, client_class, is_telling};
use crate::source::FileId;

/// What other files may say to mean a client, or code that uses one.
#[derive(Default)]
pub(super) struct Carriers {
    /// Names of Ruby, each with what must stand beside it.
    pub ruby: Vec<RubyCarrier>,
    /// Ruby constants that are mentioned where it matters and not yet defined, by hash and name.
    pub constants: Vec<(u32, SmolStr)>,
    /// Ruby constants whose methods are given a carrier.
    given: FxHashSet<SmolStr>,
    /// TypeScript modules that export a carrier.
    pub modules: FxHashMap<FileId, Exports>,
    /// All names of all modules.
    pub names: FxHashSet<u32>,
    /// Whether some module is a carrier as a whole.
    pub has_whole: bool,
    /// Files that define what keys, times and ancestors are made of.
    pub wanted: Vec<FileId>,
}

/// The carriers that a module exports, by the names that an importer mentions.
#[derive(Default)]
pub(super) struct Exports {
    /// As hashes; `default` for the default export.
    pub names: FxHashSet<u32>,
    /// Whether the module is one value (CommonJS), whose members are imported by name.
    pub whole: bool,
}

/// A name that carries, and the owner that must be mentioned with it if the name alone tells too little.
pub(super) struct RubyCarrier {
    name: u32,
    owners: Vec<u32>,
}

impl RubyCarrier {
    /// Whether a file may mean it.
    pub fn is_in(&self, words: &Words) -> bool {
        words.has(self.name) && (self.owners.is_empty() || self.owners.iter().any(|owner| words.has(*owner)))
    }
}

impl Carriers {
    /// Reads the carriers off a resolution.
    pub fn new(input: Input<'_>, resolution: &Resolution, modules: &dyn Modules) -> Self {
        let clients = client_classes(input, resolution);
        let holders = Holders::of(resolution, &clients);
        let users = Users::new(resolution);
        let mut carriers = Self::default();
        carriers.typescript(resolution, &holders, &users);
        carriers.rubies(resolution, &holders, &users);
        // `Client.new` of a subclass of a client needs no more than its name.
        for class in clients {
            let name = &resolution.links.class(class).name;
            carriers.ruby.push(RubyCarrier { name: hash(name.rsplit("::").next().unwrap_or(name)), owners: Vec::new() });
        }
        // Who is given what uses a client may be the one that calls it.
        let mut given = holders.clone();
        given.classes.extend(&users.classes);
        given.functions.extend(&users.functions);
        given.widen(resolution);
        carriers.receivers(input, resolution, modules, &given);
        carriers.generics(input, resolution, modules);
        carriers.members(input, resolution, modules, &holders);
        carriers.definitions(input, resolution, modules, &users);
        carriers
    }

    fn typescript(&mut self, resolution: &Resolution, holders: &Holders, users: &Users) {
        let matters = |values: &Values| holders.carries(values) || users.are_among(resolution, values);
        let passed_on: FxHashSet<u32> = resolution
            .state
            .iter()
            .filter_map(|(slot, values)| if let Slot::Export(_, name) = slot { matters(values).then(|| hash(name)) } else { None })
            .collect();
        // What is put into a module under another name shows in what it exports alone: `const api = module.exports; api.open = …`.
        let mut assigned: FxHashMap<FileId, Vec<&SmolStr>> = FxHashMap::default();
        for (slot, values) in resolution.state.iter() {
            if let Slot::Export(file, name) = slot
                && matters(values)
            {
                assigned.entry(*file).or_default().push(name);
            }
        }
        for (unit, of_file) in resolution.links.units.iter().zip(&resolution.values) {
            if unit.module.semantics.shares_constants {
                continue;
            }
            let mut exports = Exports::default();
            exports.names.extend(assigned.get(&unit.file).into_iter().flatten().map(|name| hash(name)));
            for export in &unit.module.exports {
                let (Export::Binding { name, .. } | Export::Value { name, .. } | Export::From { name, .. }) = export else { continue };
                let values = resolution.state.get(&Slot::Export(unit.file, name.clone()));
                let declares = |binding| is_client_type(unit, binding, &|node| holders.tells(of_file.of(node)));
                if matters(values) || matches!(export, Export::Binding { binding, .. } if declares(*binding)) {
                    exports.whole |= name == "=";
                    exports.names.insert(hash(name));
                }
            }
            if unit.module.exports.iter().any(|export| matches!(export, Export::All { .. })) {
                exports.names.extend(&passed_on);
            }
            if !exports.names.is_empty() {
                self.has_whole |= exports.whole;
                self.names.extend(&exports.names);
                self.modules.insert(unit.file, exports);
            }
        }
    }

    fn rubies(&mut self, resolution: &Resolution, holders: &Holders, users: &Users) {
        let links = &resolution.links;
        let last = |name: &str| SmolStr::from(name.rsplit("::").next().unwrap_or(name));
        let is_ruby = |class: ClassKey| {
            links
                .class(class)
                .parts
                .first()
                .and_then(|(file, _)| links.unit(*file))
                .is_some_and(|unit| unit.module.semantics.shares_constants)
        };
        let owners = |class: ClassKey| -> Vec<u32> {
            let below = resolution.hierarchy.below(class).iter();
            below.chain([&class]).map(|class| hash(&last(&links.class(*class).name))).collect()
        };
        for (slot, values) in resolution.state.iter() {
            match slot {
                Slot::Constant(name) if holders.carries(values) => {
                    self.ruby.push(RubyCarrier { name: hash(&last(name)), owners: Vec::new() })
                }
                Slot::Global(name) if holders.carries(values) => {
                    self.ruby.push(RubyCarrier { name: hash(name.trim_start_matches('$')), owners: Vec::new() })
                }
                Slot::Field(class, name, _) if is_ruby(*class) && holders.carries(values) && !is_telling(name) => {
                    self.ruby.push(RubyCarrier { name: hash(name), owners: owners(*class) });
                }
                _ => {}
            }
        }
        for (index, info) in links.classes.iter().enumerate() {
            let class = ClassKey(index as u32);
            if !is_ruby(class) {
                continue;
            }
            for ((name, _), functions) in &info.methods {
                let carries =
                    functions.iter().any(|(function, _)| holders.functions.contains(function) || users.functions.contains(function));
                if carries && !is_telling(name) {
                    self.ruby.push(RubyCarrier { name: hash(name), owners: owners(class) });
                }
            }
            // A mixin or superclass that gives clients is meant by its name alone.
            let mixed_in = holders.classes.contains(&class) && (info.is_module || !resolution.hierarchy.below(class).is_empty());
            if mixed_in && !info.name.is_empty() {
                self.ruby.push(RubyCarrier {
                    name: hash(&last(&info.name)),
                    owners: vec![hash("include"), hash("extend"), hash("prepend"), hash("class")],
                });
            }
        }
        for (name, functions) in &links.top_level {
            if functions.iter().any(|function| holders.functions.contains(function)) && !is_telling(name) {
                self.ruby.push(RubyCarrier { name: hash(name), owners: Vec::new() });
            }
        }
    }

    /// Files of imported functions and classes that are given a client, or a function that makes one.
    fn receivers<'a>(&mut self, input: Input<'_>, resolution: &'a Resolution, modules: &dyn Modules, holders: &Holders) {
        let receivers = |(unit, values): (&'a Unit, &FileValues)| -> Vec<(&'a Unit, NodeId)> {
            let hands_over = |call: &Call| call.args.iter().any(|argument| holders.hand_over(resolution, values.of(argument.value)));
            let callees = unit.calls().filter_map(|(_, call)| match &call.target {
                Target::Function(callee) | Target::Method { receiver: callee, .. } => hands_over(call).then_some((unit, *callee)),
                _ => None,
            });
            callees.collect()
        };
        let found: Vec<Vec<(&Unit, NodeId)>> = resolution.links.units.par_iter().zip(&resolution.values).map(receivers).collect();
        for (unit, callee) in found.into_iter().flatten() {
            // `Rollout.new(redis)`: whoever defines the constant, which every file can name, may call it.
            if let Kind::Constant { path, .. } = unit.module.kind(callee) {
                self.given.extend(path.last().cloned());
            }
            // `require("./commands")(database)`
            if let Kind::Require { specifier, .. } = unit.module.kind(callee) {
                self.import(input, resolution, modules, unit, specifier, "*", &mut Vec::new(), 0);
            }
            let Kind::Local(binding) = unit.module.kind(callee) else { continue };
            // `const Cache = require("./cache").Cache; new Cache(client)`
            for value in &unit.assigned[binding.0 as usize] {
                let mut value = *value;
                while let Kind::Member { object, .. } = unit.module.kind(value) {
                    value = *object;
                }
                if let Kind::Require { specifier, .. } = unit.module.kind(value) {
                    self.import(input, resolution, modules, unit, specifier, "*", &mut Vec::new(), 0);
                }
            }
            if let BindingKind::Import(import) = unit.module.binding(*binding).kind {
                let import = &unit.module.imports[import as usize];
                self.import(input, resolution, modules, unit, &import.module, import_name(&import.name), &mut Vec::new(), 0);
            }
        }
    }

    /// Files that give members to classes which hold a client: `Cache.prototype.get = require("./get")`.
    fn members(&mut self, input: Input<'_>, resolution: &Resolution, modules: &dyn Modules, holders: &Holders) {
        for unit in &resolution.links.units {
            let classes = unit.module.classes.iter().zip(&unit.classes).filter(|(_, key)| holders.classes.contains(key));
            for field in classes.flat_map(|(class, _)| &class.fields) {
                let Some(mut value) = field.value else { continue };
                while let Kind::Member { object, .. } = unit.module.kind(value) {
                    value = *object;
                }
                match unit.module.kind(value) {
                    Kind::Require { specifier, .. } => {
                        self.import(input, resolution, modules, unit, specifier, "*", &mut Vec::new(), 0);
                    }
                    Kind::Local(binding) => {
                        if let BindingKind::Import(import) = unit.module.binding(*binding).kind {
                            let import = &unit.module.imports[import as usize];
                            self.import(input, resolution, modules, unit, &import.module, import_name(&import.name), &mut Vec::new(), 0);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Files of imported types that are given the type of a client: `Cached<Redis>` may be one.
    fn generics(&mut self, input: Input<'_>, resolution: &Resolution, modules: &dyn Modules) {
        for unit in &resolution.links.units {
            let module = &unit.module;
            let types = module.bindings.iter().filter_map(|binding| binding.ty.as_ref());
            let types = types.chain(module.aliases.iter().map(|alias| &alias.ty));
            let types = types.chain(module.classes.iter().flat_map(|class| &class.fields).filter_map(|field| field.ty.as_ref()));
            let functions = module.functions.iter();
            let types = types.chain(
                functions.flat_map(|function| function.params.iter().map(|param| &param.ty).chain([&function.return_type])).flatten(),
            );
            for ty in types {
                generic_imports(ty, &mut |binding| {
                    if let BindingKind::Import(import) = module.binding(binding).kind {
                        let import = &module.imports[import as usize];
                        self.import(input, resolution, modules, unit, &import.module, import_name(&import.name), &mut Vec::new(), 0);
                    }
                });
            }
        }
    }

    /// What the arguments of client calls, and the classes around them, are made of elsewhere.
    fn definitions(&mut self, input: Input<'_>, resolution: &Resolution, modules: &dyn Modules, users: &Users) {
        let links = &resolution.links;
        let mut constants = std::mem::take(&mut self.given);
        let mut stack: Vec<(&Unit, NodeId)> = Vec::new();
        for unit in &links.units {
            let Some(roots) = users.arguments.get(&unit.file) else { continue };
            stack.extend(roots.iter().map(|node| (unit, *node)));
            // The classes around the calls decide what a `perform` is, and which constants are seen.
            for class in &unit.module.classes {
                stack.extend(class.superclass.map(|node| (unit, node)));
                stack.extend(class.mixins.iter().map(|mixin| (unit, mixin.value)));
            }
        }
        let mut seen: FxHashSet<(FileId, NodeId)> = FxHashSet::default();
        while let Some((unit, node)) = stack.pop() {
            if !seen.insert((unit.file, node)) {
                continue;
            }
            let here = |node: NodeId| (unit, node);
            match unit.module.kind(node) {
                Kind::Local(binding) => match unit.module.binding(*binding).kind {
                    BindingKind::Import(import) => {
                        let import = &unit.module.imports[import as usize];
                        self.import(input, resolution, modules, unit, &import.module, import_name(&import.name), &mut stack, 0);
                    }
                    BindingKind::Function(function) => stack.push(here(unit.module.function(function).body)),
                    _ => {
                        stack.extend(unit.assigned[binding.0 as usize].iter().copied().map(here));
                        stack.extend(destructured(unit, *binding).map(here));
                    }
                },
                Kind::Require { specifier, .. } => self.import(input, resolution, modules, unit, specifier, "*", &mut stack, 0),
                Kind::Constant { path, .. } => {
                    for name in path {
                        stack.extend(
                            links.constants.get(name).into_iter().flatten().filter_map(|(file, node)| Some((links.unit(*file)?, *node))),
                        );
                        constants.insert(name.clone());
                    }
                }
                Kind::Call(call) => {
                    if let Target::Method { name, .. } | Target::Own(name) = &call.target {
                        stack.extend(bodies(unit, name).map(here));
                    }
                }
                Kind::Closure(function) => stack.push(here(unit.module.function(*function).body)),
                Kind::Member { object, name, .. } if matches!(unit.module.kind(*object), Kind::This) => {
                    let fields = unit.module.classes.iter().flat_map(|class| &class.fields);
                    stack.extend(fields.filter(|field| field.name == *name).filter_map(|field| field.value).map(here));
                }
                _ => {}
            }
            unit.module.each_child(node, &mut |child| stack.push(here(child)));
        }
        let defined: FxHashSet<&str> = links.classes.iter().map(|class| class.name.rsplit("::").next().unwrap_or(&class.name)).collect();
        self.constants = constants
            .into_iter()
            .filter(|name| !defined.contains(name.as_str()) && !links.constants.contains_key(name))
            .map(|name| (hash(&name), name))
            .collect();
        self.constants.sort_unstable();
        self.wanted.sort_unstable();
        self.wanted.dedup();
    }

    /// Follows an imported name to the file that defines it: a file that was not parsed is wanted, a parsed one is looked into.
    #[allow(clippy::too_many_arguments)]
    fn import<'a>(
        &mut self,
        input: Input<'_>,
        resolution: &'a Resolution,
        modules: &dyn Modules,
        unit: &Unit,
        specifier: &str,
        name: &str,
        stack: &mut Vec<(&'a Unit, NodeId)>,
        depth: usize,
    ) {
        match modules.find(unit.file, specifier) {
            ModuleTarget::Unknown => {
                if let Lookup::File(file) = input.project.look_up(&unit.path, specifier) {
                    self.wanted.push(file);
                }
            }
            ModuleTarget::File(file) if depth < 8 => {
                let Some(there) = resolution.links.unit(file) else { return };
                for export in &there.module.exports {
                    match export {
                        Export::Binding { name: outside, binding } if outside == name || name == "*" => {
                            if let BindingKind::Function(function) = there.module.binding(*binding).kind {
                                stack.push((there, there.module.function(function).body));
                            }
                            stack.extend(there.assigned[binding.0 as usize].iter().map(|node| (there, *node)));
                        }
                        Export::Value { name: outside, value } if outside == name || name == "*" => stack.push((there, *value)),
                        Export::From { name: outside, module, import } if outside == name => {
                            self.import(input, resolution, modules, there, module, import_name(import), stack, depth + 1);
                        }
                        Export::All { module } => self.import(input, resolution, modules, there, module, name, stack, depth + 1),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// The classes whose instances are clients, since they extend one.
fn client_classes(input: Input<'_>, resolution: &Resolution) -> Vec<ClassKey> {
    let catalog = Catalog::new(input.libraries);
    (0..resolution.links.classes.len() as u32)
        .map(ClassKey)
        .filter(|class| {
            let mut outside = resolution.hierarchy.outside(*class, false);
            outside.any(|atom| client_class(&resolution.links, &catalog, *class, atom).is_some())
        })
        .collect()
}

fn import_name(name: &ImportName) -> &str {
    match name {
        ImportName::Named(name) => name,
        ImportName::Default => "default",
        ImportName::Namespace | ImportName::Nothing => "*",
    }
}

/// What a variable is taken out of: `const { PREFIX } = require("./keys")`.
fn destructured(unit: &Unit, binding: BindingId) -> Option<NodeId> {
    let parent = |node: NodeId| unit.parents[node.0 as usize];
    let pattern = unit.mentions[binding.0 as usize].iter().find_map(|mention| parent(*mention))?;
    match (unit.module.kind(pattern), unit.module.kind(parent(pattern)?)) {
        (Kind::Pattern(_), Kind::Assign { target, value, .. }) if *target == pattern => Some(*value),
        _ => None,
    }
}

/// The bodies of a file's functions of a name: key helpers.
fn bodies<'a>(unit: &'a Unit, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
    unit.module.functions.iter().filter(move |function| function.name.as_deref() == Some(name)).map(|function| function.body)
}

/// Whether a binding is a type: one that names a client may be what another file declares with.
fn is_client_type(unit: &Unit, binding: BindingId, carries: &dyn Fn(NodeId) -> bool) -> bool {
    let names = |ty: &Type| names_something(ty, carries);
    match unit.module.binding(binding).kind {
        BindingKind::Alias(alias) => {
            let alias = &unit.module.aliases[alias as usize];
            names(&alias.ty) || alias.defaults.iter().any(names)
        }
        BindingKind::Class(class) => unit.module.class(class).fields.iter().any(|field| field.ty.as_ref().is_some_and(names)),
        _ => false,
    }
}

/// Whether a type mentions what is called like a client, or the type of a value that carries one.
fn names_something(ty: &Type, carries: &dyn Fn(NodeId) -> bool) -> bool {
    let names = |ty: &Type| names_something(ty, carries);
    match ty {
        Type::Named { path, args, .. } => path.iter().any(|name| is_telling(name)) || args.iter().any(names),
        Type::Union(members) | Type::Intersection(members) => members.iter().any(names),
        Type::Object(members) => members.iter().any(|(name, ty)| is_telling(name) || names(ty)),
        Type::Array(inner) | Type::Member(inner, _) => names(inner),
        Type::Function(result, params) => names(result) || params.iter().any(names),
        Type::TypeOf(node) => carries(*node),
        Type::Import { .. } => true,
        Type::Primitive(_) | Type::Text(_) | Type::Nil | Type::Unknown => false,
    }
}

/// The bound names of types that are given a type which names a client.
fn generic_imports(ty: &Type, found: &mut dyn FnMut(BindingId)) {
    match ty {
        Type::Named { binding, args, .. } => {
            let names_client = |arg: &Type| matches!(arg, Type::Named { path, .. } if path.iter().any(|name| is_telling(name)));
            if let Some(binding) = binding.filter(|_| args.iter().any(names_client)) {
                found(binding);
            }
            args.iter().for_each(|arg| generic_imports(arg, found));
        }
        Type::Union(members) | Type::Intersection(members) => members.iter().for_each(|member| generic_imports(member, found)),
        Type::Object(members) => members.iter().for_each(|(_, member)| generic_imports(member, found)),
        Type::Array(inner) | Type::Member(inner, _) => generic_imports(inner, found),
        Type::Function(result, params) => {
            generic_imports(result, found);
            params.iter().for_each(|param| generic_imports(param, found));
        }
        Type::TypeOf(_) | Type::Import { .. } | Type::Primitive(_) | Type::Text(_) | Type::Nil | Type::Unknown => {}
    }
}

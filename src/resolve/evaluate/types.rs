//! What a declared type says of a value.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use smol_str::SmolStr;

use super::Evaluator;
use crate::client::Evidence;
use crate::program::{BindingKind, Export, ImportName, Kind, Type};
use crate::resolve::Target as ModuleTarget;
use crate::resolve::link::Unit;
use crate::resolve::state::Slot;
use crate::resolve::value::{Atom, ClassKey, ClientValue, Place, Values};
use crate::source::FileId;

/// How deep types are followed through aliases and arguments.
const DEPTH: usize = 12;
/// How many types are looked at for one annotation before the rest of it counts as unknown.
const STEPS: usize = 4096;

/// Marks the places of structural types. Literals lie in the lower half: files are read up to a size far below it.
const DESCRIBED: u32 = 1 << 31;

/// The member of a described function under which stands what it returns.
const RETURNED: SmolStr = SmolStr::new_static("()");

/// The members of a described function under which stands what it is passed, by position.
const PASSED: [&str; 3] = ["(0)", "(1)", "(2)"];

/// Whether an object is known by a structural type.
pub(super) fn is_described(place: Place) -> bool {
    place.offset & DESCRIBED != 0
}

/// What a type parameter stands for: a type, and the file it is written in.
#[derive(Clone, Debug)]
pub(super) struct TypeArg<'l> {
    name: SmolStr,
    unit: &'l Unit,
    ty: &'l Type,
}

/// The type arguments with which a type is named.
#[derive(Clone, Copy)]
struct Given<'l> {
    unit: &'l Unit,
    args: &'l [Type],
}

/// The structural types that a file met.
#[derive(Clone, Debug, Default)]
pub(super) struct Structures<'l> {
    all: Vec<Structure<'l>>,
    numbers: FxHashMap<Place, usize>,
}

/// A structural type: `{ redis: Redis }`, `Redis[]`, `Map<string, Redis>`, `() => Redis`.
#[derive(Clone, Debug)]
struct Structure<'l> {
    unit: &'l Unit,
    ty: &'l Type,
    /// What stands for its values.
    place: Place,
    /// How deep in other types it was met.
    depth: usize,
    /// What the type parameters stand for in it.
    type_args: Vec<TypeArg<'l>>,
    /// The aliases inside of which it stands.
    open_aliases: Vec<(FileId, u32)>,
    /// Whether its members were looked at.
    described: bool,
    /// Whether something is known of a member.
    known: bool,
}

impl<'l> Structures<'l> {
    /// Adds a structure that was not met before; gives its number.
    fn add(&mut self, structure: Structure<'l>) -> usize {
        self.numbers.insert(structure.place, self.all.len());
        self.all.push(structure);
        self.all.len() - 1
    }
}

/// The members of a structural type; the empty name stands for all members of unknown name.
fn members(ty: &Type) -> Vec<(SmolStr, &Type)> {
    match ty {
        Type::Object(members) => members.iter().map(|(name, ty)| (name.clone(), ty)).collect(),
        Type::Array(member) => vec![(SmolStr::default(), member)],
        Type::Function(returns, params) => {
            let passed = PASSED.iter().zip(params).map(|(name, ty)| (SmolStr::new_static(name), ty));
            std::iter::once((RETURNED, &**returns)).chain(passed).collect()
        }
        Type::Named { args, .. } => args.last().map(|member| (SmolStr::default(), member)).into_iter().collect(),
        _ => Vec::new(),
    }
}

impl<'l> Evaluator<'_, 'l> {
    /// The type argument that a name stands for.
    fn type_arg(&self, path: &[SmolStr]) -> Option<TypeArg<'l>> {
        let [name] = path else { return None };
        self.type_args.iter().find(|arg| arg.name == *name).cloned()
    }

    /// An argument for a parameter; a parameter that is handed on stands for the same as before.
    fn passed(&self, param: &SmolStr, unit: &'l Unit, ty: &'l Type) -> TypeArg<'l> {
        let known = match ty {
            Type::Named { path, binding: None, .. } => self.type_arg(path),
            _ => None,
        };
        match known {
            Some(known) => TypeArg { name: param.clone(), ..known },
            None => TypeArg { name: param.clone(), unit, ty },
        }
    }

    /// The values of a type named in this evaluator's file.
    pub(super) fn type_values(&mut self, ty: &'l Type, depth: usize) -> Values {
        let unit = self.unit;
        self.type_in(unit, ty, depth)
    }

    /// The values of a type written in another file.
    pub(super) fn type_of(&mut self, unit: &'l Unit, ty: &'l Type) -> Values {
        self.type_in(unit, ty, 0)
    }

    /// The values of the types with which a class declares a field or a parameter property.
    pub(super) fn declared(&mut self, class: ClassKey, name: &str, of_class: bool) -> Values {
        let links = self.world.links;
        let mut values = Values::NONE;
        for (file, part) in &links.class(class).parts {
            let Some(unit) = links.unit(*file) else { continue };
            let fields = unit.module.class(*part).fields.iter().filter(|field| field.name == name && field.is_static == of_class);
            let constructors = links.class(class).methods.get(&(SmolStr::new_static("constructor"), false)).into_iter().flatten();
            let params = constructors
                .filter(|(function, _)| function.file == *file && !of_class)
                .flat_map(|(function, _)| &unit.module.function(function.function).params)
                .filter(|param| param.property.as_deref() == Some(name));
            for ty in fields.filter_map(|field| field.ty.as_ref()).chain(params.filter_map(|param| param.ty.as_ref())) {
                let more = self.type_in(unit, ty, 0);
                values.join(&more);
            }
        }
        values
    }

    fn type_in(&mut self, unit: &'l Unit, ty: &'l Type, depth: usize) -> Values {
        if depth == 0 {
            self.type_steps = 0;
        }
        self.type_steps += 1;
        if depth > DEPTH || self.type_steps > STEPS {
            return Values::NONE;
        }
        match ty {
            Type::Named { path, binding, args } => {
                let mut values = Values::NONE;
                if let Some(binding) = binding {
                    let given = Given { unit, args };
                    values = self.named_type(unit, *binding, &path[1..], given, depth);
                } else if let Some(given) = self.type_arg(path) {
                    // An argument is written where the alias is used: its own parameters are those of another.
                    let outer = (std::mem::take(&mut self.type_args), std::mem::take(&mut self.open_aliases));
                    let values = self.type_in(given.unit, given.ty, depth + 1);
                    (self.type_args, self.open_aliases) = outer;
                    return values;
                } else if let [name] = path.as_slice() {
                    match (name.as_str(), args.as_slice()) {
                        ("Array" | "ReadonlyArray" | "Set" | "ReadonlySet", [_])
                        | ("Map" | "ReadonlyMap" | "WeakMap" | "Record", [_, _]) => {
                            return self.structure(unit, ty, depth);
                        }
                        ("Omit" | "Pick" | "Extract" | "Exclude", [whole, _]) => return self.type_in(unit, whole, depth + 1),
                        ("ReturnType", [function]) => return self.return_type_of(unit, function, depth),
                        ("InstanceType", [class]) => {
                            return self
                                .type_in(unit, class, depth + 1)
                                .iter()
                                .filter_map(|atom| if let Atom::Class(class) = atom { Some(Atom::Instance(*class)) } else { None })
                                .collect();
                        }
                        _ => {}
                    }
                }
                if values.is_empty() && args.len() == 1 && binding.is_none() {
                    // Promise<T>, Readonly<T>, NonNullable<T>, Awaited<T> and other wrappers of the language.
                    values = self.type_in(unit, &args[0], depth + 1);
                }
                values
            }
            Type::Union(members) | Type::Intersection(members) => {
                let mut values = Values::NONE;
                for member in members {
                    let more = self.type_in(unit, member, depth + 1);
                    values.join(&more);
                }
                values
            }
            Type::TypeOf(node) if unit.file == self.unit.file => self.node(*node).clone(),
            Type::TypeOf(node) => match unit.module.kind(*node) {
                Kind::Local(binding) => match unit.module.binding(*binding).kind {
                    BindingKind::Import(import) => {
                        let import = &unit.module.imports[import as usize];
                        self.imported(unit.file, &import.module, &import.name)
                    }
                    _ => self.exported(unit.file, &unit.module.binding(*binding).name.clone(), 0),
                },
                _ => Values::NONE,
            },
            Type::Import { module, path } => match (self.world.modules.find(unit.file, module), path.as_slice()) {
                (ModuleTarget::File(file), [name]) => self.exported_type(file, name, Given { unit, args: &[] }, depth + 1),
                (ModuleTarget::Library(library), [name]) => self.library_type(library, name, Place { file: unit.file, offset: 0 }),
                _ => Values::NONE,
            },
            Type::Member(object, name) => {
                let object = self.type_in(unit, object, depth + 1);
                self.member(&object, name, depth + 1)
            }
            Type::Array(_) | Type::Object(_) | Type::Function(..) => self.structure(unit, ty, depth),
            Type::Primitive(_) | Type::Text(_) | Type::Nil | Type::Unknown => Values::NONE,
        }
    }

    /// The object that a structural type describes, when a member of it is known. Types are one when they are written alike
    /// and their parameters stand for the same.
    fn structure(&mut self, unit: &'l Unit, ty: &'l Type, depth: usize) -> Values {
        let mut hasher = FxHasher::default();
        ty.hash(&mut hasher);
        for given in &self.type_args {
            (given.unit.file, given.ty).hash(&mut hasher);
        }
        let place = Place { file: unit.file, offset: hasher.finish() as u32 | DESCRIBED };
        let index = match self.progress.structures.numbers.get(&place) {
            Some(index) => *index,
            None => {
                let (type_args, open_aliases) = (self.type_args.clone(), self.open_aliases.clone());
                self.progress.structures.add(Structure { unit, ty, place, depth, type_args, open_aliases, known: false, described: false })
            }
        };
        self.progress.work.read_structure(index, self.current);
        if !self.progress.structures.all[index].described {
            let reader = std::mem::replace(&mut self.current, self.progress.work.structure(index));
            self.describe(index);
            self.current = reader;
        }
        if self.progress.structures.all[index].known { Values::one(Atom::Object(place)) } else { Values::NONE }
    }

    /// The names of the members of a structural type.
    pub(super) fn described_names(&self, place: Place) -> Vec<SmolStr> {
        let structures = &self.progress.structures;
        let ty = structures.numbers.get(&place).map(|index| structures.all[*index].ty);
        ty.map(members).unwrap_or_default().into_iter().map(|(name, _)| name).collect()
    }

    /// Adds what is known of the members of a structural type.
    pub(super) fn describe(&mut self, index: usize) {
        self.progress.structures.all[index].described = true;
        let Structure { unit, ty, place, depth, type_args, open_aliases, known, .. } = self.progress.structures.all[index].clone();
        let outer = (std::mem::replace(&mut self.type_args, type_args), std::mem::replace(&mut self.open_aliases, open_aliases));
        let mut found = false;
        for (name, ty) in members(ty) {
            let values = self.type_in(unit, ty, depth + 1);
            found |= !values.is_empty();
            self.add(Slot::Member(place, name), &values);
        }
        (self.type_args, self.open_aliases) = outer;
        if found && !known {
            self.progress.structures.all[index].known = true;
            self.progress.work.structure_grew(index);
        }
    }

    /// What a function returns that is known by its type: `getRedis: () => Redis`.
    pub(super) fn returned(&mut self, place: Place) -> Values {
        if is_described(place) { self.read(Slot::Member(place, RETURNED)) } else { Values::NONE }
    }

    /// What functions of a declared type are passed: `(redis: Redis) => void`.
    pub(super) fn passed_by_type(&mut self, declared: &Values) -> Vec<(u16, Values)> {
        let described: Vec<Place> = declared
            .iter()
            .filter_map(|atom| if let Atom::Object(place) = atom { Some(*place) } else { None })
            .filter(|place| is_described(*place))
            .collect();
        let mut passed = Vec::new();
        for place in described {
            for (position, name) in PASSED.iter().enumerate() {
                let values = self.read(Slot::Member(place, SmolStr::new_static(name)));
                if !values.is_empty() {
                    passed.push((position as u16, values));
                }
            }
        }
        passed
    }

    fn return_type_of(&mut self, unit: &'l Unit, function: &'l Type, depth: usize) -> Values {
        let mut values = Values::NONE;
        // `ReturnType<Service["connect"]>`: what a method of an interface returns.
        if let Type::Member(object, name) = function {
            for atom in self.type_in(unit, object, depth + 1).iter() {
                if let Atom::Instance(class) = atom {
                    let more = self.class_member(*class, &format!("{name}()"), false);
                    values.join(&more);
                }
            }
        }
        for atom in self.type_in(unit, function, depth + 1).iter() {
            let more = match atom {
                Atom::Function(function) => self.read(Slot::Return(*function)),
                Atom::Object(place) => self.returned(*place),
                Atom::Export(library, path) => {
                    self.world.catalog.export_make(*library, path, crate::program::CallForm::Call).map_or(Values::NONE, |made| {
                        Values::one(Atom::Client(ClientValue {
                            library: made.library,
                            role: made.role,
                            evidence: Evidence::Declared,
                            place: Place { file: unit.file, offset: 0 },
                        }))
                    })
                }
                _ => Values::NONE,
            };
            values.join(&more);
        }
        values
    }

    fn named_type(
        &mut self,
        unit: &'l Unit,
        binding: crate::program::BindingId,
        rest: &[SmolStr],
        given: Given<'l>,
        depth: usize,
    ) -> Values {
        let bound = unit.module.binding(binding);
        match bound.kind {
            BindingKind::Class(class) => Values::one(Atom::Instance(unit.classes[class.0 as usize])),
            // What mentions itself adds nothing to itself.
            BindingKind::Alias(alias) if self.open_aliases.contains(&(unit.file, alias)) => Values::NONE,
            BindingKind::Alias(alias) => {
                self.open_aliases.push((unit.file, alias));
                let alias = &unit.module.aliases[alias as usize];
                let mut passed: Vec<TypeArg<'l>> =
                    alias.params.iter().zip(given.args).map(|(param, ty)| self.passed(param, given.unit, ty)).collect();
                let left = alias.params.iter().zip(&alias.defaults).skip(passed.len());
                passed.extend(left.map(|(name, ty)| TypeArg { name: name.clone(), unit, ty }));
                let outer = std::mem::replace(&mut self.type_args, passed);
                let values = self.type_in(unit, &alias.ty, depth + 1);
                self.type_args = outer;
                self.open_aliases.pop();
                values
            }
            BindingKind::Import(import) => {
                let import = &unit.module.imports[import as usize];
                match self.world.modules.find(unit.file, &import.module) {
                    ModuleTarget::File(file) => {
                        let name = match (&import.name, rest) {
                            (ImportName::Named(name), _) => name.clone(),
                            (ImportName::Default, _) => "default".into(),
                            (ImportName::Namespace, [name, ..]) => name.clone(),
                            _ => return Values::NONE,
                        };
                        self.exported_type(file, &name, given, depth + 1)
                    }
                    ModuleTarget::Library(library) => {
                        let mut path: Vec<&str> = match &import.name {
                            ImportName::Named(name) => vec![name],
                            ImportName::Default => vec!["default"],
                            ImportName::Namespace | ImportName::Nothing => vec![],
                        };
                        path.extend(rest.iter().map(SmolStr::as_str));
                        // The declaration is the client's identity as long as no construction is found.
                        self.library_type(library, &path.join("."), Place { file: unit.file, offset: bound.span.start })
                    }
                    ModuleTarget::Unknown => Values::NONE,
                }
            }
            BindingKind::Variable | BindingKind::Param | BindingKind::Function(_) => Values::NONE,
        }
    }

    fn library_type(&self, library: crate::client::LibraryId, path: &str, place: Place) -> Values {
        self.world
            .catalog
            .export_type(library, path)
            .map_or(Values::NONE, |role| Values::one(Atom::Client(ClientValue { library, role, evidence: Evidence::Declared, place })))
    }

    /// What a type exported by a project file stands for, re-exports followed.
    fn exported_type(&mut self, file: FileId, name: &str, given: Given<'l>, depth: usize) -> Values {
        if depth > DEPTH {
            return Values::NONE;
        }
        let Some(unit) = self.world.links.unit(file) else { return Values::NONE };
        let mut values = Values::NONE;
        for export in &unit.module.exports {
            match export {
                Export::Binding { name: outside, binding } if outside == name => {
                    let more = self.named_type(unit, *binding, &[], given, depth + 1);
                    values.join(&more);
                }
                Export::Value { name: outside, value } if outside == name => {
                    if let Kind::Class(class) = unit.module.kind(*value) {
                        values.add(Atom::Instance(unit.classes[class.0 as usize]));
                    }
                }
                Export::From { name: outside, module, import } if outside == name => {
                    let more = self.type_behind(unit, module, import, given, depth);
                    values.join(&more);
                }
                Export::All { module } => {
                    let more = self.type_behind(unit, module, &ImportName::Named(name.into()), given, depth);
                    values.join(&more);
                }
                _ => {}
            }
        }
        values
    }

    fn type_behind(&mut self, unit: &'l Unit, specifier: &str, import: &ImportName, given: Given<'l>, depth: usize) -> Values {
        let name = match import {
            ImportName::Named(name) => name.clone(),
            ImportName::Default => "default".into(),
            ImportName::Namespace | ImportName::Nothing => return Values::NONE,
        };
        match self.world.modules.find(unit.file, specifier) {
            ModuleTarget::File(file) => self.exported_type(file, &name, given, depth + 1),
            ModuleTarget::Library(library) => self.library_type(library, &name, Place { file: unit.file, offset: 0 }),
            ModuleTarget::Unknown => Values::NONE,
        }
    }
}

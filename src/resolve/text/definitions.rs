//! Where names are defined, and which functions a call may run.

use smol_str::SmolStr;

use super::{DEPTH, Texts};
use crate::program::{BindingId, BindingKind, Call, ClassId, EntryKey, Export, ImportName, Kind, MethodKind, NodeId, Target};
use crate::resolve::Target as ModuleTarget;
use crate::resolve::evaluate::{find_methods, static_slot};
use crate::resolve::hierarchy::{Ancestor, surrounding_names};
use crate::resolve::link::{self, Unit};
use crate::resolve::state::Slot;
use crate::resolve::value::{Atom, ClassKey, FunctionKey, Values};
use crate::source::FileId;

impl Texts<'_> {
    /// The node that a constant or an imported name is defined by, if there is only one.
    #[must_use]
    pub fn definition(&self, unit: &Unit, node: NodeId, depth: usize) -> Option<(FileId, NodeId)> {
        match unit.module.kind(node) {
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { None } else { *nesting };
                self.constant(unit, nesting, &link::join("", path))
            }
            Kind::Local(binding) => {
                let bound = unit.module.binding(*binding);
                match bound.kind {
                    BindingKind::Variable if bound.is_const => match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => Some((unit.file, *value)),
                        [] => self.destructured(unit, *binding, depth),
                        _ => None,
                    },
                    BindingKind::Import(import) => {
                        let import = &unit.module.imports[import as usize];
                        let ModuleTarget::File(file) = self.modules.find(unit.file, &import.module) else { return None };
                        let name = match &import.name {
                            ImportName::Named(name) => name.clone(),
                            ImportName::Default => "default".into(),
                            _ => return None,
                        };
                        self.exported_definition(file, &name, depth + 1)
                    }
                    _ => None,
                }
            }
            Kind::Member { object, name, .. } => self.member_definition(unit, *object, name, depth),
            _ => None,
        }
    }

    /// The node that a destructured constant is defined by: `const { PREFIX } = require("./keys")`.
    pub(super) fn destructured(&self, unit: &Unit, binding: BindingId, depth: usize) -> Option<(FileId, NodeId)> {
        let parent = |node: NodeId| unit.parents.get(node.0 as usize).copied().flatten();
        let (target, pattern) = unit.mentions[binding.0 as usize].iter().find_map(|mention| Some((*mention, parent(*mention)?)))?;
        let Kind::Pattern(entries) = unit.module.kind(pattern) else { return None };
        let entry = entries.iter().find(|entry| entry.target == target && entry.default.is_none())?;
        let Kind::Assign { target, value, .. } = unit.module.kind(parent(pattern)?) else { return None };
        // What one caller passes to a parameter is not what it is.
        let known = match unit.module.kind(*value) {
            Kind::Require { .. } | Kind::This => true,
            Kind::Local(binding) => match unit.module.binding(*binding).kind {
                BindingKind::Import(_) => true,
                BindingKind::Variable => {
                    matches!(unit.assigned[binding.0 as usize].as_slice(), [value] if matches!(unit.module.kind(*value), Kind::Require { .. } | Kind::Object(_)))
                }
                _ => false,
            },
            _ => false,
        };
        if *target != pattern || !known {
            return None;
        }
        self.member_definition(unit, *value, entry.key.name()?, depth + 1)
    }

    /// The node that a constant is defined by, if there is only one: around where it stands, else in an ancestor.
    pub(super) fn constant(&self, unit: &Unit, nesting: Option<ClassId>, path: &str) -> Option<(FileId, NodeId)> {
        let links = &self.resolution.links;
        let mut names = links.lexical_names(unit, nesting, path);
        if let Some(class) = nesting.map(|class| unit.classes[class.0 as usize]) {
            names.extend(self.resolution.hierarchy.line(class, false).iter().filter_map(|ancestor| match ancestor {
                Ancestor::Project(above, _) => Some(SmolStr::from(format!("{}::{path}", links.class(*above).name))),
                Ancestor::Outside(_) => None,
            }));
            names.extend(surrounding_names(&links.class(class).name, path));
        }
        match names.iter().find_map(|name| links.constants.get(name))?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The node that an exported name is defined by, re-exports followed.
    #[must_use]
    pub fn exported_definition(&self, file: FileId, name: &str, depth: usize) -> Option<(FileId, NodeId)> {
        if depth > DEPTH {
            return None;
        }
        let unit = self.unit(file)?;
        let mut behind = None;
        for export in &unit.module.exports {
            match export {
                Export::Binding { name: outside, binding } if outside == name => {
                    return match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => Some((file, *value)),
                        _ => None,
                    };
                }
                Export::Value { name: outside, value } if outside == name => return Some((file, *value)),
                Export::From { name: outside, module, import: ImportName::Named(inner) } if outside == name => {
                    let ModuleTarget::File(next) = self.modules.find(file, module) else { return None };
                    return self.exported_definition(next, inner, depth + 1);
                }
                Export::All { module } => {
                    if let ModuleTarget::File(next) = self.modules.find(file, module) {
                        behind = behind.or_else(|| self.exported_definition(next, name, depth + 1));
                    }
                }
                _ => {}
            }
        }
        behind
    }

    /// The node that a member of an expression is defined by, if there is only one.
    #[must_use]
    pub fn member_definition(&self, unit: &Unit, object: NodeId, name: &str, depth: usize) -> Option<(FileId, NodeId)> {
        match self.member_definitions(unit, object, name, depth)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The nodes that a member of an expression is defined by.
    pub(super) fn member_definitions(&self, unit: &Unit, object: NodeId, name: &str, depth: usize) -> Option<Vec<(FileId, NodeId)>> {
        if depth > DEPTH {
            return None;
        }
        let links = &self.resolution.links;
        let mut found = Vec::new();
        for atom in self.values(unit, object) {
            match atom {
                Atom::Instance(class) | Atom::Class(class) => {
                    let of_class = matches!(atom, Atom::Class(_));
                    for ancestor in self.resolution.hierarchy.line(*class, of_class) {
                        let Ancestor::Project(class, of_class) = ancestor else { continue };
                        if let Some(defined) = links.fields.get(&(*class, SmolStr::from(name), *of_class)) {
                            found.extend(defined.iter().copied());
                            break;
                        }
                    }
                    if found.is_empty() {
                        for (function, kind) in self.methods(*class, of_class, name) {
                            if kind == MethodKind::Getter {
                                found.extend(self.returned(function));
                            }
                        }
                    }
                }
                Atom::Object(place) => {
                    let unit = links.unit(place.file)?;
                    if let Some(Kind::Object(entries)) = unit.literals.get(&place.offset).map(|node| unit.module.kind(*node)) {
                        found.extend(
                            entries
                                .iter()
                                .filter(|entry| entry.key.name().is_some_and(|key| key == name) && !matches!(entry.key, EntryKey::Spread))
                                .map(|entry| (place.file, entry.value)),
                        );
                    }
                }
                Atom::Module(file) => {
                    let unit = links.unit(*file)?;
                    for export in &unit.module.exports {
                        match export {
                            Export::Binding { name: outside, binding } if outside == name => {
                                found.extend(unit.assigned[binding.0 as usize].iter().map(|node| (*file, *node)))
                            }
                            Export::Value { name: outside, value } if outside == name => found.push((*file, *value)),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(found)
    }

    fn methods(&self, class: ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
        find_methods(&self.resolution.links, &self.resolution.hierarchy, class, of_class, name)
    }

    /// The one expression that a function returns, if there is only one.
    #[must_use]
    pub fn returned(&self, function: FunctionKey) -> Option<(FileId, NodeId)> {
        let unit = self.unit(function.file)?;
        let id = function.function;
        let body = unit.module.function(id).body;
        let first = match unit.returns.get(&id).map_or(&[][..], Vec::as_slice) {
            [] => None,
            [one] => Some(*one),
            _ => return None,
        };
        match (first, unit.module.function(id).returns_body) {
            (Some(value), false) => Some((function.file, value)),
            (None, true) => Some((function.file, body)),
            (Some(value), true) => {
                // An explicit return as the last statement of a Ruby method.
                let last = match unit.module.kind(body) {
                    Kind::Block(statements) => *statements.last()?,
                    _ => body,
                };
                matches!(unit.module.kind(last), Kind::Exit { value: Some(exit), .. } if *exit == value).then_some((function.file, value))
            }
            (None, false) => None,
        }
    }

    /// The project functions that a call reaches.
    #[must_use]
    pub fn callees(&self, unit: &Unit, call: &Call, at: NodeId) -> Vec<FunctionKey> {
        let functions = |values: &Values| {
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect::<Vec<_>>()
        };
        match &call.target {
            Target::Function(callee) => functions(self.values(unit, *callee)),
            Target::Method { receiver, name } => {
                let mut found = Vec::new();
                for atom in self.values(unit, *receiver) {
                    match atom {
                        Atom::Instance(class) => found.extend(self.methods(*class, false, name).into_iter().map(|(function, _)| function)),
                        Atom::Class(class) => found.extend(self.methods(*class, true, name).into_iter().map(|(function, _)| function)),
                        Atom::Module(file) => found.extend(self.exported_function(*file, name, 0)),
                        Atom::Object(place) => {
                            let member = Slot::Member(*place, name.clone());
                            found.extend(functions(self.resolution.state.get(&member)));
                        }
                        Atom::Function(function) => {
                            let member = static_slot(&self.resolution.links, *function, name);
                            found.extend(functions(self.resolution.state.get(&member)));
                        }
                        _ => {}
                    }
                }
                found
            }
            Target::Own(name) => {
                let holder = unit.holder[at.0 as usize];
                let mut found = Vec::new();
                if let Some((class, of_class)) = link::this_class(unit, holder) {
                    found.extend(self.methods(class, of_class, name).into_iter().map(|(function, _)| function));
                }
                if found.is_empty() {
                    found.extend(self.resolution.links.top_level.get(name).into_iter().flatten().copied());
                }
                found
            }
            Target::Super => Vec::new(),
        }
    }

    fn exported_function(&self, file: FileId, name: &str, depth: usize) -> Vec<FunctionKey> {
        let values = self.resolution.state.get(&Slot::Export(file, name.into()));
        let found: Vec<FunctionKey> =
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect();
        if !found.is_empty() || depth > 8 {
            return found;
        }
        let Some(unit) = self.unit(file) else { return found };
        unit.module
            .exports
            .iter()
            .filter_map(|export| if let Export::All { module } = export { Some(module) } else { None })
            .filter_map(|module| if let ModuleTarget::File(next) = self.modules.find(file, module) { Some(next) } else { None })
            .flat_map(|next| self.exported_function(next, name, depth + 1))
            .collect()
    }
}

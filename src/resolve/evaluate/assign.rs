//! Assignment: what flows into variables, fields, members and patterns.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::{PUT_IN, is_telling, literal_name};
use super::this::is_script;
use crate::program::{EntryKey, FunctionKind, Kind, MethodKind, NodeId};
use crate::resolve::link;
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, Place, Values};

impl Evaluator<'_, '_> {
    pub(super) fn assign(&mut self, target: NodeId, values: &Values) {
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
                // `@name = value` in `def name=(value)` is what the setter itself does.
                let holder = unit.module.function(unit.module_method(unit.holder[target.0 as usize]));
                if holder.kind == FunctionKind::Setter
                    && holder.name.as_ref() == Some(name)
                    && matches!(unit.module.kind(*object), Kind::This)
                    && let Some((class, of_class)) = link::this_class(unit, unit.holder[target.0 as usize])
                {
                    return self.add(Slot::Field(class, name.clone(), of_class), values);
                }
                if self.node(*object).is_empty() {
                    self.keep(*object, name, values);
                }
                let object = self.node(*object).clone();
                // What one script keeps by a telling name, others may mean by it.
                if object.iter().any(is_script) {
                    self.assign_member(&Values::NONE, name, values);
                }
                self.assign_member(&object, name, values);
            }
            Kind::Index { object, index, .. } => {
                let known = self.node(*object).clone();
                if known.is_empty() {
                    // `options[:client] ||= client`: of what was given the one thing is known that was put in. Queues come and go.
                    if let (Some(name), Some(place)) = (literal_name(unit.module.kind(*index)), self.variable(*object))
                        && let Kind::Local(binding) = unit.module.kind(*object)
                        && !values.clients().is_empty()
                    {
                        self.add(Slot::Member(place, name), values);
                        self.bind(*binding, &Values::one(Atom::Object(place)));
                    }
                    return;
                }
                let object = known;
                let mut names = self.names(*index);
                // Of unknown name it is any member of an object, and none of an instance.
                let mut object = object;
                if names.is_empty() {
                    names.push(SmolStr::default());
                    object = object.iter().filter(|atom| !matches!(atom, Atom::Instance(_) | Atom::Class(_))).cloned().collect();
                }
                names.iter().for_each(|name| self.assign_member(&object, name, values));
            }
            Kind::Pattern(entries) => {
                for entry in entries {
                    let mut part = match &entry.key {
                        // The members of a map come in pairs: `for (const [name, client] of clients)`.
                        EntryKey::Name(name) if name == "1" => self.member(values, name, 0).or(&undivided(values)),
                        EntryKey::Name(name) | EntryKey::Symbol(name) => {
                            let loose = if values.is_empty() { self.loose(name) } else { Values::NONE };
                            self.member(values, name, 0).or(&loose)
                        }
                        EntryKey::Computed(_) => Values::NONE,
                        EntryKey::Spread => values.clone(),
                    };
                    if let Some(default) = entry.default {
                        part.join(self.node(default));
                    }
                    self.assign(entry.target, &part);
                }
            }
            Kind::Cast { value, .. } => self.assign(*value, values),
            _ => {}
        }
    }

    /// Keeps a member of a variable of which nothing else is known: `server.db = client` in a function that is given `server`.
    fn keep(&mut self, object: NodeId, name: &SmolStr, values: &Values) {
        if let Some(place) = self.variable(object) {
            self.add(Slot::Member(place, name.clone()), values);
        }
    }

    /// What was kept so, or a member of that name of anything else of which nothing is known.
    pub(super) fn kept(&mut self, object: NodeId, name: &SmolStr) -> Values {
        let kept = self.variable(object).map_or(Values::NONE, |place| self.read(Slot::Member(place, name.clone())));
        if kept.is_empty() { self.loose(name) } else { kept }
    }

    /// The place of the variable that a node reads; no literal begins there.
    fn variable(&self, node: NodeId) -> Option<Place> {
        let Kind::Local(binding) = self.unit.module.kind(node) else { return None };
        let binding = self.unit.module.binding(*binding);
        link::is_variable(binding.kind).then_some(Place { file: self.unit.file, offset: binding.span.start })
    }

    pub(super) fn assign_member(&mut self, object: &Values, name: &SmolStr, values: &Values) {
        if object.is_empty() {
            if is_telling(name) {
                let clients: Values = values.iter().filter(|atom| matches!(atom, Atom::Client(_))).cloned().collect();
                self.add(Slot::Loose(name.clone()), &clients);
            }
            return;
        }
        for atom in object.iter() {
            if matches!(atom, Atom::Instance(_) | Atom::Class(_) | Atom::Object(_)) {
                self.belongs_to(atom, values);
            }
            match atom {
                Atom::Instance(class) | Atom::Class(class) => {
                    let of_class = matches!(atom, Atom::Class(_));
                    let setter = self.find_methods(*class, of_class, name).into_iter().find(|(_, kind)| *kind == MethodKind::Setter);
                    match setter {
                        Some((function, _)) => {
                            self.add(Slot::Param(function, ParamRef::At(0)), values);
                            if self.keeps_for_itself(*class, name, of_class) {
                                self.add(Slot::Field(*class, name.clone(), of_class), values);
                            }
                        }
                        None => self.add(Slot::Field(*class, name.clone(), of_class), values),
                    }
                }
                Atom::Object(place) => {
                    self.add(Slot::Member(*place, name.clone()), values);
                    if !name.is_empty() {
                        self.add(Slot::Member(*place, PUT_IN), values);
                    }
                }
                Atom::Module(file) => self.add(Slot::Export(*file, name.clone()), values),
                Atom::Function(function) => {
                    let slot = self.static_slot(*function, name);
                    self.add(slot, values);
                }
                _ => {}
            }
        }
    }
}

/// The values that have no members of their own by number: whoever takes them apart means the pairs that they come in.
fn undivided(values: &Values) -> Values {
    values.iter().filter(|atom| matches!(atom, Atom::Client(_) | Atom::Queue(_) | Atom::Instance(_))).cloned().collect()
}

//! The values of nodes.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::literal_name;
use super::this::is_script;
use crate::program::{AssignOp, BinaryOp, CallForm, EntryKey, ExitKind, Kind, LogicOp, Module, NodeId, Target};
use crate::resolve::link;
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, Values};

impl Evaluator<'_, '_> {
    #[allow(clippy::too_many_lines)]
    pub(super) fn value(&mut self, id: NodeId) -> Values {
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
            // What another file made global: `global.store = …`.
            Kind::Free(name) => self.read(Slot::Global(name.clone())),
            Kind::Opaque(_) => Values::NONE,
            Kind::Local(binding) => self.binding(*binding).clone(),
            Kind::Global(name) => self.read(Slot::Global(name.clone())),
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { None } else { *nesting };
                let path = link::join("", path);
                self.constant(nesting, &path)
            }
            Kind::This => self.this(unit.holder[id.0 as usize]),
            // What a method of the superclass is called on, when that is a client.
            Kind::Super => link::this_class(unit, unit.holder[id.0 as usize])
                .map_or(Values::NONE, |(class, _)| self.outside_clients(class).into_iter().map(Atom::Client).collect()),
            Kind::Member { object, name, .. } => {
                let object_values = self.node(*object).clone();
                let member = self.member(&object_values, name, 0);
                let unknown = object_values.is_empty() || member.is_empty() && object_values.iter().any(is_script);
                if unknown { self.kept(*object, name) } else { member }
            }
            Kind::Index { object, index, .. } => {
                let object = self.node(*object).clone();
                match literal_name(module.kind(*index)) {
                    Some(name) => self.element(&object, Some(&name)),
                    None => self.computed(&object, *index),
                }
            }
            Kind::Call(call) => self.call(id, call),
            Kind::Object(entries) => {
                let place = unit.place(id);
                for entry in entries {
                    let values = self.node(entry.value).clone();
                    if matches!(module.kind(entry.value), Kind::Closure(_)) {
                        self.belongs_to(&Atom::Object(place), &values);
                    }
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
            // `given || new Map()`: what a map stands in for is a map.
            Kind::Logic { left, right, .. } if makes_collection(module, *right) => {
                let is_client = |atom: &&Atom| matches!(atom, Atom::Client(_) | Atom::Queue(_));
                let given: Values = self.node(*left).iter().filter(|atom| !is_client(atom)).cloned().collect();
                given.or(self.node(*right))
            }
            Kind::Logic { left, right, .. } => self.node(*left).clone().or(self.node(*right)),
            Kind::Await(value) => self.node(*value).clone(),
            Kind::Cast { value, ty } => {
                let values = self.node(*value).clone();
                match ty {
                    // `{} as Service` says what it will be.
                    Some(ty) if values.is_empty() || matches!(module.kind(*value), Kind::Object(entries) if entries.is_empty()) => {
                        values.or(&self.type_values(ty, 0))
                    }
                    _ => values,
                }
            }
            Kind::Assign { target, value, op, .. } => {
                let given = self.node(*value).clone();
                // Members that are moved about under computed names, `options[name] ||= options[alias]`, stay what they are.
                let moves = match (module.kind(*target), module.kind(*value)) {
                    (Kind::Index { object: to, index, .. }, Kind::Index { object: from, .. }) => {
                        let same = matches!((module.kind(*to), module.kind(*from)), (Kind::Local(to), Kind::Local(from)) if to == from);
                        same && literal_name(module.kind(*index)).is_none()
                    }
                    _ => false,
                };
                if !moves {
                    self.assign(*target, &given);
                }
                match op {
                    AssignOp::Plain => given,
                    _ => self.node(*target).clone().or(&given),
                }
            }
            Kind::Require { specifier, .. } => self.required(specifier),
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

/// Whether a node is `new Map()` or another collection of the language with methods of its own.
fn makes_collection(module: &Module, node: NodeId) -> bool {
    let Kind::Call(call) = module.kind(node) else { return false };
    let Target::Function(callee) = &call.target else { return false };
    call.form == CallForm::New && matches!(module.kind(*callee), Kind::Free(name) if matches!(name.as_str(), "Map" | "WeakMap" | "Set"))
}

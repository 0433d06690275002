//! What the declarations of a file say: classes, bindings, parameters, returns, exports.

use smol_str::SmolStr;

use super::Evaluator;
use crate::program::{BindingId, BindingKind, Class, ClassKind, Export, FunctionId, Kind, NodeId, Type};
use crate::resolve::link::{self, positions};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::trace::Spot;
use crate::resolve::value::{Atom, ClassKey, Values};

impl Evaluator<'_, '_> {
    pub(super) fn declare_class(&mut self, index: usize) {
        let class = &self.unit.module.classes[index];
        let key = self.unit.classes[index];
        let outer = class.nesting.map(|outer| self.unit.classes[outer.0 as usize]);
        let is_self = |superclass: NodeId| matches!(self.unit.module.kind(superclass), Kind::This);
        let superclass = match class.superclass {
            // `class Mine < self` inside of a class.
            Some(superclass) if is_self(superclass) => outer.map_or(Values::NONE, |outer| Values::one(Atom::Class(outer))),
            Some(superclass) => self.node(superclass).clone(),
            // `class Redis` without more opens the library's class again.
            None => self.reopened(key, class),
        };
        self.add(Slot::Super(key), &superclass);
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
                    Type::Function(returns, _) => (SmolStr::from(format!("{}()", field.name)), self.type_values(returns, 0)),
                    _ => (field.name.clone(), self.type_values(ty, 0)),
                };
                self.add(Slot::Field(key, name, field.is_static), &values);
                if let Type::Function(_, params) = ty
                    && !params.is_empty()
                {
                    let described = self.type_values(ty, 0);
                    self.add(Slot::Field(key, field.name.clone(), field.is_static), &described);
                }
            }
            if let Some(value) = field.value {
                let values = self.node(value).clone();
                self.belongs_to(&if field.is_static { Atom::Class(key) } else { Atom::Instance(key) }, &values);
                self.enter(|unit| Spot::Node(unit.file, value));
                self.add(Slot::Field(key, field.name.clone(), field.is_static), &values);
                self.leave();
            }
        }
    }

    /// The class of a library that a class of the project is by its name.
    fn reopened(&self, key: ClassKey, class: &Class) -> Values {
        let name = &self.world.links.class(key).name;
        let is_class = self.unit.module.semantics.shares_constants && class.kind == ClassKind::Class;
        if is_class && self.world.catalog.constant_make(name, "new").is_some() {
            Values::one(Atom::Constant(name.clone()))
        } else {
            Values::NONE
        }
    }

    pub(super) fn declare_binding(&mut self, index: usize) {
        let unit = self.unit;
        let binding = &unit.module.bindings[index];
        self.enter(|unit| Spot::Binding(unit.file, BindingId(index as u32)));
        let values = match binding.kind {
            BindingKind::Import(import) => {
                let import = &unit.module.imports[import as usize];
                self.imported(unit.file, &import.module, &import.name)
            }
            BindingKind::Function(function) => Values::one(Atom::Function(unit.key(function))),
            BindingKind::Class(class) => Values::one(Atom::Class(unit.classes[class.0 as usize])),
            BindingKind::Variable | BindingKind::Param => {
                let declared = binding.ty.as_ref().map_or(Values::NONE, |ty| self.type_values(ty, 0));
                if binding.kind == BindingKind::Variable {
                    self.told_by_type(index, &declared);
                }
                declared
            }
            BindingKind::Alias(_) => Values::NONE,
        };
        self.bind(BindingId(index as u32), &values);
    }

    /// `const handler: Handler = (redis) => …`: the declared type says what the function is passed.
    fn told_by_type(&mut self, binding: usize, declared: &Values) {
        let unit = self.unit;
        for (position, passed) in self.passed_by_type(declared) {
            for node in &unit.assigned[binding] {
                if let Kind::Closure(function) = unit.module.kind(*node) {
                    self.add(Slot::Param(unit.key(*function), ParamRef::At(position)), &passed);
                }
            }
        }
    }

    /// What the parameters of a function are given.
    pub(super) fn enter_function(&mut self, index: usize) {
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
            let mut values = self.read(Slot::Param(key, reference.clone()));
            if let Some(ty) = &param.ty {
                let declared = self.type_values(ty, 0);
                // `use: (redis: Redis) => void` says what the function that is given here will be passed.
                for (position, passed) in self.passed_by_type(&declared) {
                    self.add(Slot::Yield(key, reference.clone(), position), &passed);
                }
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

    /// What a function returns, by its body or its type.
    pub(super) fn leave_function(&mut self, index: usize) {
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

    pub(super) fn export(&mut self, index: usize) {
        let (name, values) = match &self.unit.module.exports[index] {
            Export::Binding { name, binding } => {
                self.enter(|unit| Spot::Binding(unit.file, *binding));
                (name, self.binding(*binding).clone())
            }
            Export::Value { name, value } => {
                self.enter(|unit| Spot::Node(unit.file, *value));
                (name, self.node(*value).clone())
            }
            Export::From { name, module, import } => {
                self.enter(|unit| Spot::Slot(Slot::Export(unit.file, name.clone())));
                (name, self.imported(self.unit.file, module, import))
            }
            Export::All { .. } => return,
        };
        self.add(Slot::Export(self.unit.file, name.clone()), &values);
    }
}

//! The classes that `Foo.prototype` makes of functions.

use super::lowering::Lowering;
use crate::program::{
    Argument, BindingId, BindingKind, ClassId, ClassKind, EntryKey, Field, FunctionKind, Kind, Method, MethodKind, NodeId,
};

impl Lowering<'_> {
    /// The class behind `Foo.prototype`, when that is what a value is and `Foo` is a variable or function of this file.
    pub(super) fn prototype_owner(&mut self, value: NodeId) -> Option<ClassId> {
        let Kind::Member { object, name, .. } = self.kind(value) else { return None };
        let Kind::Local(binding) = *self.kind(*object) else { return None };
        if name != "prototype" {
            return None;
        }
        self.prototype_class(binding)
    }

    fn prototype_class(&mut self, binding: BindingId) -> Option<ClassId> {
        let known = &self.module.bindings[binding.0 as usize];
        match known.kind {
            BindingKind::Class(class) => return Some(class),
            BindingKind::Function(_) | BindingKind::Variable => {}
            _ => return None,
        }
        if let Some(class) = self.prototypes.get(&binding) {
            return Some(*class);
        }
        let (name, span) = (known.name.clone(), known.span);
        let id = self.reserve_class(ClassKind::Class, Some((name, span)), span);
        let class = self.class_mut(id);
        class.binding = Some(binding);
        class.nesting = None;
        self.prototypes.insert(binding, id);
        Some(id)
    }

    /// Notes the methods in `Foo.prototype.bar = function` and `Foo.prototype = { bar() {} }`.
    pub(super) fn prototype_object(&mut self, target: NodeId, value: NodeId) {
        let Kind::Member { object, name, .. } = self.kind(target) else { return };
        let (object, name) = (*object, name.clone());
        let mut value = value;
        // `Foo.prototype.a = Foo.prototype.b = function`
        while let Kind::Assign { value: inner, .. } = self.kind(value) {
            value = *inner;
        }
        if let Kind::Closure(function) = *self.kind(value) {
            if let Some(class) = self.prototype_owner(object) {
                self.class_mut(class).methods.push(Method { name, function, is_static: false, kind: MethodKind::Method });
            }
            return;
        }
        // `Foo.prototype.get = require("./get")`
        if matches!(self.kind(value), Kind::Require { .. } | Kind::Call(_) | Kind::Local(_) | Kind::Member { .. })
            && let Some(class) = self.prototype_owner(object)
        {
            let span = self.span_of(value);
            self.class_mut(class).fields.push(Field { name, is_static: false, ty: None, value: Some(value), decorators: Vec::new(), span });
            return;
        }
        let Kind::Object(entries) = self.kind(value) else { return };
        let mut methods = Vec::new();
        for entry in entries {
            if let (EntryKey::Name(name), Kind::Closure(function)) = (&entry.key, self.kind(entry.value)) {
                let (kind, is_arrow) = match self.module.functions[function.0 as usize].kind {
                    FunctionKind::Getter => (MethodKind::Getter, false),
                    FunctionKind::Setter => (MethodKind::Setter, false),
                    FunctionKind::Arrow => (MethodKind::Method, true),
                    _ => (MethodKind::Method, false),
                };
                if name != "constructor" {
                    methods.push((Method { name: name.clone(), function: *function, is_static: false, kind }, is_arrow));
                }
            }
        }
        let Some(class) = self.prototype_owner(target) else { return };
        for (method, is_arrow) in methods {
            if !is_arrow {
                self.module.functions[method.function.0 as usize].class = Some(class);
            }
            self.class_mut(class).methods.push(method);
        }
    }

    /// Notes `util.inherits(Foo, Bar)`.
    pub(super) fn inherits(&mut self, receiver: NodeId, name: &str, args: &[Argument]) {
        if name != "inherits" || !matches!(self.kind(receiver), Kind::Local(_) | Kind::Free(_)) {
            return;
        }
        let [derived, base] = args else { return };
        let Kind::Local(binding) = *self.kind(derived.value) else { return };
        let base = base.value;
        if let Some(class) = self.prototype_class(binding) {
            self.class_mut(class).superclass = Some(base);
        }
    }

    /// Gives the functions that became classes their constructors, and the arrow functions inside them their `this`.
    pub(super) fn finish_prototypes(&mut self) {
        if self.prototypes.is_empty() {
            return;
        }
        let mut constructors: Vec<_> = self.prototypes.iter().map(|(binding, class)| (*class, *binding)).collect();
        constructors.sort_unstable();
        for (class, binding) in constructors {
            let Some(function) = self.function_of.get(&binding).copied() else { continue };
            let span = self.module.functions[function.0 as usize].span;
            self.module.functions[function.0 as usize].class = Some(class);
            let class = self.class_mut(class);
            class.span = span;
            let constructor = Method { name: "constructor".into(), function, is_static: false, kind: MethodKind::Constructor };
            class.methods.insert(0, constructor);
        }
        // A function comes before the ones inside it.
        for index in 0..self.module.functions.len() {
            let function = &self.module.functions[index];
            if function.kind == FunctionKind::Arrow
                && function.class.is_none()
                && let Some(parent) = function.parent
            {
                let parent = &self.module.functions[parent.0 as usize];
                let (class, is_static) = (parent.class, parent.is_static);
                self.module.functions[index].class = class;
                self.module.functions[index].is_static = is_static;
            }
        }
    }
}

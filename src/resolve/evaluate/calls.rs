//! Calls: which of the kinds of call it is, and what each gives.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::{COMPUTED_CONSTANT, literal_name};
use crate::program::{ArgumentKind, Call, CallForm, FunctionId, Kind, NodeId, Target};
use crate::resolve::hierarchy::Ancestor;
use crate::resolve::link;
use crate::resolve::state::{MixinSlot, Slot};
use crate::resolve::value::{Atom, Values};

impl Evaluator<'_, '_> {
    pub(super) fn call(&mut self, id: NodeId, call: &Call) -> Values {
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
                let mut values = match unit.module.kind(*callee) {
                    Kind::Free(name) if call.form == CallForm::New => self.builtin_made(id, name, call),
                    Kind::Local(binding) if callees.is_empty() && call.form == CallForm::New => {
                        // `const Promise = require("bluebird")`
                        let name = &unit.module.binding(*binding).name;
                        if name == "Promise" { self.builtin_made(id, name, call) } else { Values::NONE }
                    }
                    Kind::Local(binding) if callees.is_empty() => self.kept_function(&unit.module.binding(*binding).name, call),
                    _ => Values::NONE,
                };
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
                let builtin = match unit.module.kind(*receiver) {
                    Kind::Free(object) => Some(object),
                    Kind::Local(binding) if receivers.is_empty() => {
                        Some(&unit.module.binding(*binding).name).filter(|name| *name == "Promise")
                    }
                    _ => None,
                };
                if let Some(object) = builtin {
                    let given = self.builtin(object, name, call);
                    if !given.is_empty() {
                        return given;
                    }
                }
                if unit.module.semantics.shares_constants {
                    if let Some(kept) = self.included_hook(holder, name, call) {
                        return kept;
                    }
                    match name.as_str() {
                        "send" | "public_send" | "__send__" => self.note_forwarding(id, call),
                        "method" => return self.method_values(&receivers, call),
                        "const_set" => return self.set_constant(&receivers, call),
                        _ => {}
                    }
                } else if matches!(unit.module.kind(*receiver), Kind::Super) {
                    let above = self.above(holder, name, call);
                    if !above.is_empty() {
                        return above;
                    }
                }
                let mut values = self.passes_through(id, call, &receivers, name);
                if receivers.is_empty() {
                    let kept = self.kept_function(name, call).or(&self.registered(name, call));
                    values.join(&kept);
                    // Whatever the defaults are, what is merged into them is there.
                    if let ("merge" | "reverse_merge", [given]) = (name.as_str(), call.args.as_slice()) {
                        let given = objects(self.node(given.value));
                        values.join(&given);
                    }
                }
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

    /// `Object.const_set(name, client)`. By a name that is computed, any constant that no file defines may be meant.
    fn set_constant(&mut self, receivers: &Values, call: &Call) -> Values {
        let [name, value] = call.args.as_slice() else { return Values::NONE };
        let values = self.node(value.value).clone();
        let Some(name) = literal_name(self.unit.module.kind(name.value)) else {
            let clients: Values = values.iter().filter(|atom| matches!(atom, Atom::Client(_))).cloned().collect();
            self.add(Slot::Loose(COMPUTED_CONSTANT), &clients);
            return values;
        };
        for atom in receivers {
            let full = match atom {
                Atom::Class(class) => SmolStr::from(format!("{}::{name}", self.world.links.class(*class).name)),
                Atom::Constant(object) if object == "Object" => name.clone(),
                _ => continue,
            };
            self.add(Slot::Constant(full), &values);
        }
        values
    }

    /// What something unknown keeps by name, and gives back by it: `app.decorate("redis", client)`, `container.get("redis")`.
    fn registered(&mut self, method: &str, call: &Call) -> Values {
        let Some(name) = call.args.first().and_then(|argument| literal_name(self.unit.module.kind(argument.value))) else {
            return Values::NONE;
        };
        match (method, call.args.as_slice()) {
            ("decorate" | "decorateRequest" | "set" | "register" | "provide" | "bind" | "registerInstance", [_, given, ..]) => {
                let given = self.node(given.value).clone();
                self.assign_member(&Values::NONE, &name, &given);
                Values::NONE
            }
            ("get" | "resolve" | "inject" | "make" | "fetch" | "getDecorator", [_]) => self.loose(&name),
            _ => Values::NONE,
        }
    }

    /// `base.extend X` and `base.send(:include, X)` in `def self.included(base)`: what includes the module gets X as well.
    fn included_hook(&mut self, holder: FunctionId, name: &str, call: &Call) -> Option<Values> {
        let (mixin, skip) = match name {
            "extend" => (MixinSlot::Extend, 0),
            "include" | "prepend" => (MixinSlot::Include, 0),
            "send" | "public_send" | "class_eval" => {
                let sent = literal_name(self.unit.module.kind(call.args.first()?.value))?;
                match sent.as_str() {
                    "extend" => (MixinSlot::Extend, 1),
                    "include" | "prepend" => (MixinSlot::Include, 1),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let function = self.unit.module.function(self.unit.module_method(holder));
        if !function.is_static || !matches!(function.name.as_deref(), Some("included" | "extended" | "prepended")) {
            return None;
        }
        let class = self.unit.classes[function.class?.0 as usize];
        for argument in call.args.iter().skip(skip) {
            let given = self.node(argument.value).clone();
            self.add(Slot::Mixin(class, mixin), &given);
        }
        Some(Values::NONE)
    }

    fn own_call(&mut self, id: NodeId, holder: FunctionId, name: &SmolStr, call: &Call) -> Values {
        let unit = self.unit;
        if let Some((class, of_class)) = link::this_class(unit, holder) {
            let atom = if of_class { Atom::Class(class) } else { Atom::Instance(class) };
            if name == "method" {
                return self.method_values(&Values::one(atom), call);
            }
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
        let name = self.unit.module.function(self.unit.module_method(holder)).name.clone();
        name.map_or(Values::NONE, |name| self.above(holder, &name, call))
    }

    /// Calls the method of a name that lies next above the class around `holder`.
    fn above(&mut self, holder: FunctionId, name: &SmolStr, call: &Call) -> Values {
        let unit = self.unit;
        let function = unit.module.function(unit.module_method(holder));
        let Some(class) = function.class else { return Values::NONE };
        let class = unit.classes[class.0 as usize];
        let links = self.world.links;
        let line = self.line(class, function.is_static).iter().filter_map(|ancestor| match ancestor {
            Ancestor::Project(above, of_class) => Some((*above, *of_class)),
            Ancestor::Outside(_) => None,
        });
        for (above, of_class) in line.skip_while(|(above, _)| *above != class).filter(|(above, _)| *above != class) {
            if let Some(found) = links.class(above).methods.get(&(name.clone(), of_class)) {
                return found.iter().fold(Values::NONE, |values, (function, _)| values.or(&self.invoke(*function, call, 0)));
            }
        }
        Values::NONE
    }

    /// `method(:name)`: the methods of that name as values.
    fn method_values(&mut self, receivers: &Values, call: &Call) -> Values {
        let Some(name) = call.args.first().and_then(|argument| literal_name(self.unit.module.kind(argument.value))) else {
            return Values::NONE;
        };
        let mut values = Values::NONE;
        for atom in receivers {
            let (class, of_class) = match atom {
                Atom::Instance(class) => (*class, false),
                Atom::Class(class) => (*class, true),
                _ => continue,
            };
            for (function, _) in self.find_methods(class, of_class, &name) {
                values.add(Atom::Function(function));
            }
        }
        values
    }

    /// In `method_missing`, a `send` of an unknown name forwards to its receiver.
    fn note_forwarding(&mut self, id: NodeId, call: &Call) {
        let unit = self.unit;
        let Target::Method { receiver, .. } = &call.target else { return };
        let function = unit.module.function(unit.module_method(unit.holder[id.0 as usize]));
        // With an argument of its own in front, what is forwarded is another call.
        let as_it_is = call.args.iter().skip(1).all(|argument| argument.kind != ArgumentKind::Positional);
        if function.name.as_deref() == Some("method_missing")
            && as_it_is
            && let Some(class) = function.class
        {
            let values = self.node(*receiver).clone();
            self.add(Slot::Forward(unit.classes[class.0 as usize]), &values);
        }
    }

    /// Calls something found as a value.
    pub(super) fn call_atom(&mut self, id: NodeId, atom: &Atom, call: &Call) -> Values {
        match atom {
            Atom::Function(function) => self.invoke(*function, call, 0),
            Atom::Object(place) => self.returned(*place),
            Atom::Export(library, path) => match self.world.catalog.export_make(*library, path, CallForm::Call) {
                Some(made) => self.made(id, &made, call),
                None => Values::NONE,
            },
            _ => Values::NONE,
        }
    }
}

/// The object literals among values.
pub(super) fn objects(values: &Values) -> Values {
    values.iter().filter(|atom| matches!(atom, Atom::Object(_))).cloned().collect()
}

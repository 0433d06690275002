//! Calls and construction.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::{COMPUTED_CONSTANT, PUT_IN, literal_name};
use super::types;
use crate::client::{Evidence, LibraryId, Versions, Wraps};
use crate::program::{ArgumentKind, Call, CallForm, FunctionId, Kind, MethodKind, NodeId, Target};
use crate::resolve::catalog::Made;
use crate::resolve::hierarchy::Ancestor;
use crate::resolve::link;
use crate::resolve::state::{MixinSlot, Slot};
use crate::resolve::value::{Atom, ClassKey, ClientValue, FunctionKey, Place, QueueValue, Values};

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

    /// What objects of the language itself do with what they are given: `Object.values(clients)`, `Array.from(clients)`.
    fn builtin(&mut self, object: &str, name: &str, call: &Call) -> Values {
        let mut given = |at: usize| call.args.get(at).map_or(Values::NONE, |argument| self.node(argument.value).clone());
        match (object, name) {
            ("Object", "values" | "entries" | "freeze" | "seal" | "fromEntries") | ("Array", "from") | ("Promise", "resolve") => given(0),
            ("Object", "assign") => {
                let target = given(0);
                for more in (1..call.args.len()).map(given).collect::<Vec<_>>() {
                    for atom in target.iter() {
                        match atom {
                            Atom::Object(place) => self.add(Slot::Spread(*place), &more),
                            Atom::Instance(_) | Atom::Class(_) => self.take_members(atom, &more),
                            _ => {}
                        }
                    }
                }
                target
            }
            ("Object" | "Reflect", "defineProperty") => {
                let (target, described) = (given(0), given(2));
                if let Some(name) = call.args.get(1).and_then(|argument| literal_name(self.unit.module.kind(argument.value))) {
                    let value = self.described(&described);
                    self.assign_member(&target, &name, &value);
                }
                target
            }
            ("Object", "defineProperties") => {
                let (target, described) = (given(0), given(1));
                for atom in described.iter() {
                    let Atom::Object(place) = atom else { continue };
                    let Some(unit) = self.world.links.unit(place.file) else { continue };
                    for name in self.world.links.member_names(unit, *place) {
                        let one = self.object_member(*place, &name, 0);
                        let value = self.described(&one);
                        self.assign_member(&target, &name, &value);
                    }
                }
                target
            }
            _ => Values::NONE,
        }
    }

    /// `Object.assign(this, options)`: each member that is known by name becomes a field.
    fn take_members(&mut self, target: &Atom, given: &Values) {
        let target = Values::one(target.clone());
        for atom in given.iter() {
            let Atom::Object(place) = atom else { continue };
            let Some(unit) = self.world.links.unit(place.file) else { continue };
            let mut names = self.world.links.member_names(unit, *place);
            names.extend(self.described_names(*place));
            for name in names {
                let value = self.object_member(*place, &name, 0);
                self.assign_member(&target, &name, &value);
            }
        }
    }

    /// The value of a property that a descriptor describes: `{ value: … }`, `{ get() { … } }`.
    fn described(&mut self, descriptor: &Values) -> Values {
        let mut values = self.member(descriptor, "value", 0);
        for atom in self.member(descriptor, "get", 0).iter() {
            if let Atom::Function(getter) = atom {
                let more = self.read(Slot::Return(*getter));
                values.join(&more);
            }
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

    /// `Hash.new { |hash, key| hash[key] = Redis.new }`, `Array.new(3) { Redis.new }`, `Concurrent::Map.new`.
    fn filled(&mut self, id: NodeId, constant: &str, call: &Call) -> Values {
        if !matches!(constant, "Hash" | "Array" | "Set" | "Concurrent::Map" | "Concurrent::Hash" | "Concurrent::Array") {
            return Values::NONE;
        }
        let place = self.unit.place(id);
        let object = Values::one(Atom::Object(place));
        if call.block.is_some() {
            let members = self.callback_returns(call);
            self.add(Slot::Member(place, SmolStr::default()), &members);
            self.callbacks_get(call, 0, &object);
        }
        object
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

    /// A call on one thing that a receiver may be.
    fn method(&mut self, id: NodeId, atom: &Atom, name: &SmolStr, call: &Call) -> Values {
        let catalog = self.world.catalog;
        match atom {
            Atom::Client(client) => self.client_method(id, client, name, call),
            Atom::Queue(queue) => {
                if catalog.ends_queue(queue, name) {
                    return Values::NONE;
                }
                let opens = catalog.queue(&queue.client, name).is_some();
                self.block_gets(call, 0, &Values::one(atom.clone()), opens);
                if opens || catalog.gives_queue(queue, name) { Values::one(atom.clone()) } else { Values::NONE }
            }
            Atom::Instance(class) if self.unit.module.semantics.shares_constants && name == "class" => Values::one(Atom::Class(*class)),
            Atom::Instance(class) if name == "instance_variable_get" => {
                let field = call.args.first().and_then(|argument| literal_name(self.unit.module.kind(argument.value)));
                field.map_or(Values::NONE, |field| self.class_member(*class, field.trim_start_matches('@'), false))
            }
            Atom::Instance(class) => self.class_method(id, *class, false, name, call),
            Atom::Class(class) => {
                if name == "new" && self.unit.module.semantics.shares_constants {
                    return self.construct(id, atom, call);
                }
                self.class_method(id, *class, true, name, call)
            }
            Atom::Constant(constant) => {
                let filled = if name == "new" { self.filled(id, constant, call) } else { Values::NONE };
                if filled.is_empty() { self.outside_method(id, constant, name, call) } else { filled }
            }
            Atom::Export(library, path) => {
                // `createClient.apply(null, arguments)`
                let whole = match (path.as_str(), name.as_str()) {
                    ("*", _) => name.clone(),
                    (_, "apply" | "call") => path.clone(),
                    _ => SmolStr::from(format!("{path}.{name}")),
                };
                if let Some(made) = catalog.export_make(*library, &whole, CallForm::Call) {
                    return self.made(id, &made, call);
                }
                if catalog.keeps_value(name) { Values::one(atom.clone()) } else { Values::NONE }
            }
            Atom::Function(function) => match name.as_str() {
                "call" if !self.is_ruby(*function) => self.invoke(*function, call, 1),
                "call" | "()" | "[]" | "===" | "yield" => self.invoke(*function, call, 0),
                "bind" => {
                    // What it is bound to comes first, then arguments: `this.opened.bind(this, client)`.
                    if call.args.len() > 1 {
                        self.invoke(*function, call, 1);
                    }
                    Values::one(atom.clone())
                }
                // A function that is a member of this one: `Job.fromId = function () {}`.
                _ => {
                    let slot = self.static_slot(*function, name);
                    let found = self.read(slot);
                    let mut values = Values::NONE;
                    for atom in found.iter() {
                        let more = self.call_atom(id, atom, call);
                        values.join(&more);
                    }
                    values
                }
            },
            Atom::Object(place) => {
                // A declared method goes before what collections have: `get(): Redis`.
                if types::is_described(*place) {
                    let mut returned = Values::NONE;
                    for atom in self.object_member(*place, name, 0).iter() {
                        if let Atom::Object(function) = atom {
                            let more = self.returned(*function);
                            returned.join(&more);
                        }
                    }
                    if !returned.is_empty() {
                        return returned;
                    }
                }
                let found = match name.as_str() {
                    "fetch" | "dig" | "get" | "at" => {
                        let key = call.args.first().and_then(|argument| literal_name(self.unit.module.kind(argument.value)));
                        let mut values = self.element(&Values::one(atom.clone()), key.as_deref());
                        if call.block.is_some() {
                            let made = self.callback_returns(call);
                            values.join(&made);
                        }
                        return values;
                    }
                    "compute_if_absent" | "fetch_or_store" | "put_if_absent" => {
                        let mut made = self.callback_returns(call);
                        if let [_, given] = call.args.as_slice() {
                            made.join(self.node(given.value));
                        }
                        self.add(Slot::Member(*place, SmolStr::default()), &made);
                        let members = self.all_members(*place);
                        return made.or(&members);
                    }
                    "values" | "entries" | "filter" | "select" | "reject" | "slice" | "compact" | "to_a" | "concat" | "reverse" => {
                        return Values::one(atom.clone());
                    }
                    "first" | "last" | "sample" | "find" | "pop" | "shift" => return self.all_members(*place),
                    "merge" | "reverse_merge" | "deep_merge" | "merge!" | "reverse_merge!" | "update" => {
                        return self.merged(id, *place, name, call);
                    }
                    _ => self.object_member(*place, name, 0),
                };
                if found.is_empty() && matches!(name.as_str(), "set" | "store" | "add" | "push" | "unshift") {
                    return self.put(*place, call);
                }
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

    /// `defaults.merge(options)`: another object with the members of both; `merge!` and `update` change the first.
    fn merged(&mut self, id: NodeId, place: Place, name: &str, call: &Call) -> Values {
        let into = if name == "update" || name.ends_with('!') { place } else { self.unit.place(id) };
        let mut parts = if into == place { Values::NONE } else { Values::one(Atom::Object(place)) };
        for argument in &call.args {
            let given = self.node(argument.value).clone();
            match &argument.kind {
                ArgumentKind::Keyword(name) => self.add(Slot::Member(into, name.clone()), &given),
                _ => {
                    parts.join(&objects(&given));
                }
            }
        }
        self.add(Slot::Spread(into), &parts);
        Values::one(Atom::Object(into))
    }

    /// Puts the last argument into a collection: `map.set(key, value)`, `list.push(value)`.
    fn put(&mut self, place: Place, call: &Call) -> Values {
        let Some(last) = call.args.last() else { return Values::NONE };
        let key = if call.args.len() == 2 { literal_name(self.unit.module.kind(call.args[0].value)) } else { None };
        let values = self.node(last.value).clone();
        if key.is_some() {
            self.add(Slot::Member(place, PUT_IN), &values);
        }
        self.add(Slot::Member(place, key.unwrap_or_default()), &values);
        Values::one(Atom::Object(place))
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
        if let Some(access) = catalog.role_accessor(client, name, |library| self.allowed(library)) {
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
        // Inside the library itself, its accessors are methods of the project that lead to what cannot be followed.
        if let Some(owner) = self.accessor_owner(class, of_class, name) {
            let more = self.outside_method(id, &owner, name, call);
            values.join(&more);
        }
        if found.is_empty() {
            let held = self.class_member(class, name, of_class);
            for atom in held.iter() {
                let more = self.call_atom(id, atom, call);
                values.join(&more);
            }
            let declared = self.class_member(class, &format!("{name}()"), of_class);
            values.join(&declared);
            for atom in self.outside(class, of_class) {
                if !of_class && let Some(client) = self.client_class(class, atom) {
                    let more = self.client_method(id, &client, name, call);
                    values.join(&more);
                }
                if let Atom::Constant(constant) = atom {
                    let more = self.outside_method(id, constant, name, call);
                    values.join(&more);
                }
            }
            let forwards = if of_class { Values::NONE } else { self.forwards(class) };
            for atom in forwards.iter() {
                let more = match atom {
                    Atom::Client(client) => self.client_method(id, client, name, call),
                    // A proxy for an object of the project, which may be a proxy itself.
                    Atom::Instance(inner) if *inner != class && !self.find_methods(*inner, false, name).is_empty() => {
                        self.class_method(id, *inner, false, name, call)
                    }
                    _ => Values::NONE,
                };
                values.join(&more);
            }
        }
        values
    }

    /// The class on the line that a client table names with this method, if the line has one.
    fn accessor_owner(&mut self, class: ClassKey, of_class: bool, method: &str) -> Option<SmolStr> {
        let (links, catalog) = (self.world.links, self.world.catalog);
        self.line(class, of_class).iter().find_map(|ancestor| {
            let Ancestor::Project(above, _) = ancestor else { return None };
            let name = &links.class(*above).name;
            catalog.constant_accessor(name, method, |library| self.allowed(library)).map(|_| name.clone())
        })
    }

    /// `Delegator.new(client)` forwards what it does not know to the client.
    fn delegates(&mut self, class: ClassKey, call: &Call) {
        let is_delegator = |atom: &Atom| matches!(atom, Atom::Constant(name) if name == "SimpleDelegator" || name == "Delegator");
        if self.outside(class, false).any(is_delegator)
            && let Some(first) = call.args.first()
        {
            let values = self.node(first.value).clone();
            self.add(Slot::Forward(class), &values);
        }
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

    /// The versions of a library that this file may run with.
    fn allowed(&self, library: LibraryId) -> Versions {
        self.world.modules.allowed(self.unit.file, library)
    }

    /// A method of a constant that the project does not define.
    fn outside_method(&mut self, id: NodeId, constant: &SmolStr, name: &SmolStr, call: &Call) -> Values {
        let catalog = self.world.catalog;
        if let Some(made) = catalog.constant_make(constant, name) {
            return self.made(id, &made, call);
        }
        if let Some(access) = catalog.constant_accessor(constant, name, |library| self.allowed(library)) {
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
                let mut made = Values::NONE;
                for (function, _) in &own_new {
                    let more = self.invoke(*function, call, 0);
                    made.join(&more);
                }
                // `def self.new` that never asks the class above it for an object gives something else.
                if !own_new.is_empty() && !own_new.iter().any(|(function, _)| self.calls_super(*function)) {
                    return made;
                }
                let name = if self.unit.module.semantics.shares_constants { "initialize" } else { "constructor" };
                let constructors: Vec<FunctionKey> = self.constructors(*class, name);
                for function in constructors {
                    self.invoke(function, call, 0);
                }
                let mut values = Values::one(Atom::Instance(*class));
                for client in self.outside_clients(*class) {
                    values.add(Atom::Client(ClientValue { evidence: Evidence::Constructed, place: self.unit.place(id), ..client }));
                }
                self.delegates(*class, call);
                values
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

    /// Whether a function calls what it overrides.
    fn calls_super(&self, function: FunctionKey) -> bool {
        self.world.links.unit(function.file).is_some_and(|unit| {
            let mut calls = unit.module.calls();
            calls.any(|(id, call)| {
                let is_above = match &call.target {
                    Target::Super => true,
                    Target::Own(name) => name == "allocate",
                    _ => false,
                };
                is_above && unit.module_method(unit.holder[id.0 as usize]) == function.function
            })
        })
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
fn objects(values: &Values) -> Values {
    values.iter().filter(|atom| matches!(atom, Atom::Object(_))).cloned().collect()
}

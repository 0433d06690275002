//! Methods called on one thing that a receiver may be.

use smol_str::SmolStr;

use super::Evaluator;
use super::members::literal_name;
use super::types;
use crate::client::{Evidence, LibraryId, Versions};
use crate::program::{Call, CallForm, MethodKind, NodeId};
use crate::resolve::hierarchy::Ancestor;
use crate::resolve::state::Slot;
use crate::resolve::value::{Atom, ClassKey, ClientValue, QueueValue, Values};

impl Evaluator<'_, '_> {
    /// A call on one thing that a receiver may be.
    pub(super) fn method(&mut self, id: NodeId, atom: &Atom, name: &SmolStr, call: &Call) -> Values {
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

    pub(super) fn client_method(&mut self, id: NodeId, client: &ClientValue, name: &SmolStr, call: &Call) -> Values {
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

    pub(super) fn class_method(&mut self, id: NodeId, class: ClassKey, of_class: bool, name: &SmolStr, call: &Call) -> Values {
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
    pub(super) fn accessor_owner(&mut self, class: ClassKey, of_class: bool, method: &str) -> Option<SmolStr> {
        let (links, catalog) = (self.world.links, self.world.catalog);
        self.line(class, of_class).iter().find_map(|ancestor| {
            let Ancestor::Project(above, _) = ancestor else { return None };
            let name = &links.class(*above).name;
            catalog.constant_accessor(name, method, |library| self.allowed(library)).map(|_| name.clone())
        })
    }

    /// `Delegator.new(client)` forwards what it does not know to the client.
    pub(super) fn delegates(&mut self, class: ClassKey, call: &Call) {
        let is_delegator = |atom: &Atom| matches!(atom, Atom::Constant(name) if name == "SimpleDelegator" || name == "Delegator");
        if self.outside(class, false).any(is_delegator)
            && let Some(first) = call.args.first()
        {
            let values = self.node(first.value).clone();
            self.add(Slot::Forward(class), &values);
        }
    }

    /// The versions of a library that this file may run with.
    pub(super) fn allowed(&self, library: LibraryId) -> Versions {
        self.world.modules.allowed(self.unit.file, library)
    }

    /// A method of a constant that the project does not define.
    pub(super) fn outside_method(&mut self, id: NodeId, constant: &SmolStr, name: &SmolStr, call: &Call) -> Values {
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
}

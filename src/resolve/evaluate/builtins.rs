//! What the constructors of the language itself make of what they are given: `Promise`, `Proxy`, collections.

use smol_str::SmolStr;

use super::Evaluator;
use super::calls::objects;
use super::members::{PUT_IN, literal_name};
use crate::program::{ArgumentKind, Call, NodeId};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, Place, Values};

impl Evaluator<'_, '_> {
    /// `new Name(…)` for a name that the file does not bind.
    pub(super) fn builtin_made(&mut self, id: NodeId, name: &str, call: &Call) -> Values {
        match name {
            "Promise" => self.promised(call),
            // What a proxy stands for is asked like the object itself.
            "Proxy" => call.args.first().map_or(Values::NONE, |target| self.node(target.value).clone()),
            "Map" | "WeakMap" | "Set" | "Array" => self.collection(id, name, call),
            _ => Values::NONE,
        }
    }

    /// `new Promise((resolve) => resolve(client))`: what the executor passes to the first function it is given.
    fn promised(&mut self, call: &Call) -> Values {
        let Some(executor) = call.args.first() else { return Values::NONE };
        let mut values = Values::NONE;
        for atom in self.node(executor.value).clone().iter() {
            if let Atom::Function(executor) = atom {
                let kept = self.read(Slot::Yield(*executor, ParamRef::At(0), 0));
                values.join(&kept);
            }
        }
        values
    }

    /// `new Map(entries)`, `new Set(members)`.
    fn collection(&mut self, id: NodeId, name: &str, call: &Call) -> Values {
        let place = self.unit.place(id);
        for argument in &call.args {
            let given = self.node(argument.value).clone();
            let mut members = self.element(&given, None);
            if name.ends_with("Map") {
                members = self.element(&members, None);
            }
            self.add(Slot::Member(place, SmolStr::default()), &members);
        }
        Values::one(Atom::Object(place))
    }

    /// What objects of the language itself do with what they are given: `Object.values(clients)`, `Array.from(clients)`.
    pub(super) fn builtin(&mut self, object: &str, name: &str, call: &Call) -> Values {
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
    pub(super) fn take_members(&mut self, target: &Atom, given: &Values) {
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
    pub(super) fn described(&mut self, descriptor: &Values) -> Values {
        let mut values = self.member(descriptor, "value", 0);
        for atom in self.member(descriptor, "get", 0).iter() {
            if let Atom::Function(getter) = atom {
                let more = self.read(Slot::Return(*getter));
                values.join(&more);
            }
        }
        values
    }

    /// `Hash.new { |hash, key| hash[key] = Redis.new }`, `Array.new(3) { Redis.new }`, `Concurrent::Map.new`.
    pub(super) fn filled(&mut self, id: NodeId, constant: &str, call: &Call) -> Values {
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

    /// `defaults.merge(options)`: another object with the members of both; `merge!` and `update` change the first.
    pub(super) fn merged(&mut self, id: NodeId, place: Place, name: &str, call: &Call) -> Values {
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
    pub(super) fn put(&mut self, place: Place, call: &Call) -> Values {
        let Some(last) = call.args.last() else { return Values::NONE };
        let key = if call.args.len() == 2 { literal_name(self.unit.module.kind(call.args[0].value)) } else { None };
        let values = self.node(last.value).clone();
        if key.is_some() {
            self.add(Slot::Member(place, PUT_IN), &values);
        }
        self.add(Slot::Member(place, key.unwrap_or_default()), &values);
        Values::one(Atom::Object(place))
    }
}

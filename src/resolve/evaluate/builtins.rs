//! What the constructors of the language itself make of what they are given: `Promise`, `Proxy`, collections.

use smol_str::SmolStr;

use super::Evaluator;
use crate::program::{Call, NodeId};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, Values};

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
}

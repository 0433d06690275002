//! What `new X` and the calls that make clients give.

use super::Evaluator;
use crate::client::{Evidence, Wraps};
use crate::program::{Call, CallForm, NodeId, Target};
use crate::resolve::catalog::Made;
use crate::resolve::value::{Atom, ClientValue, FunctionKey, Values};

impl Evaluator<'_, '_> {
    /// `new X`, and `X.new` of project classes.
    pub(super) fn construct(&mut self, id: NodeId, atom: &Atom, call: &Call) -> Values {
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
    pub(super) fn calls_super(&self, function: FunctionKey) -> bool {
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
    pub(super) fn made(&mut self, id: NodeId, made: &Made, call: &Call) -> Values {
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
}

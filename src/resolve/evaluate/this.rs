//! What `this` and `self` are: an instance of the class around, the object that a function is a member of, or the script itself.

use rustc_hash::FxHashSet;

use super::Evaluator;
use crate::program::{FunctionId, FunctionKind, Kind};
use crate::resolve::link::{self, Unit};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, Place, Values};

/// Where the object stands that a Ruby script runs in. No literal begins behind the end of every file.
const SCRIPT: u32 = (1 << 31) - 1;

/// The functions without a class that mention what they are called on.
pub(super) fn users(unit: &Unit) -> FxHashSet<FunctionId> {
    let module = &unit.module;
    let mentions = module.nodes.iter().zip(&unit.holder).filter(|(node, _)| matches!(node.kind, Kind::This));
    mentions.map(|(_, holder)| unit.module_method(*holder)).filter(|function| module.function(*function).class.is_none()).collect()
}

/// Whether a place is that of the object that a Ruby script runs in.
pub(super) fn is_script(atom: &Atom) -> bool {
    matches!(atom, Atom::Object(place) if place.offset == SCRIPT)
}

impl Evaluator<'_, '_> {
    /// What `this` is in a function.
    pub(super) fn this(&mut self, holder: FunctionId) -> Values {
        let unit = self.unit;
        if let Some((class, of_class)) = link::this_class(unit, holder) {
            return Values::one(if of_class { Atom::Class(class) } else { Atom::Instance(class) });
        }
        if unit.module.semantics.shares_constants {
            return Values::one(Atom::Object(Place { file: unit.file, offset: SCRIPT }));
        }
        self.read(Slot::Param(unit.key(unit.module_method(holder)), ParamRef::this()))
    }

    /// Functions became members of something: that is what they are called on, where they have no class of their own.
    pub(super) fn belongs_to(&mut self, owner: &Atom, values: &Values) {
        for atom in values.iter() {
            let Atom::Function(function) = atom else { continue };
            let uses_this = if function.file == self.unit.file {
                self.progress.uses_this.contains(&function.function)
            } else {
                let unit = self.world.links.unit(function.file);
                unit.is_some_and(|unit| {
                    let there = unit.module.function(function.function);
                    there.class.is_none() && there.kind != FunctionKind::Arrow && !unit.module.semantics.shares_constants
                })
            };
            if uses_this {
                self.add(Slot::Param(*function, ParamRef::this()), &Values::one(owner.clone()));
            }
        }
    }
}

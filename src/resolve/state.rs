//! What files tell each other: slots and the values that flow into them.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::value::{ClassKey, FunctionKey, Place, Values};
use crate::program::MixinKind;
use crate::source::FileId;

/// A parameter, by position or by keyword.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParamRef {
    /// 0-based position.
    At(u16),
    /// Ruby keyword.
    Named(SmolStr),
}

/// A place that values flow into and that other files, or other functions, read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// A field of a class: of its instances, or (true) of the class itself.
    Field(ClassKey, SmolStr, bool),
    /// A Ruby constant by its full name.
    Constant(SmolStr),
    /// A global variable.
    Global(SmolStr),
    /// What a function returns.
    Return(FunctionKey),
    /// What is passed to a function.
    Param(FunctionKey, ParamRef),
    /// What a function passes to a function that it was given: which parameter holds that function, and the position of
    /// the argument. A Ruby block is the parameter named `&`.
    Yield(FunctionKey, ParamRef, u16),
    /// What the functions given to a function as a parameter return.
    YieldReturn(FunctionKey, ParamRef),
    /// What a class forwards unknown methods to (`method_missing`).
    Forward(ClassKey),
    /// A member of an object literal; the empty name holds all members of unknown name.
    Member(Place, SmolStr),
    /// What is spread into an object literal.
    Spread(Place),
    /// An exported value.
    Export(FileId, SmolStr),
    /// The superclass.
    Super(ClassKey),
    /// Modules mixed in.
    Mixin(ClassKey, MixinSlot),
    /// A member assigned on an object of which nothing is known, by name alone: `app.redis = client`.
    Loose(SmolStr),
}

/// [`MixinKind`] with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MixinSlot {
    /// Before own methods.
    Prepend,
    /// Behind own methods.
    Include,
    /// Into the class itself.
    Extend,
}

impl ParamRef {
    /// The block of a Ruby method.
    #[must_use]
    pub fn block() -> Self {
        Self::Named(SmolStr::new_static("&"))
    }

    /// All positional arguments that no parameter takes alone, as a list.
    #[must_use]
    pub fn rest() -> Self {
        Self::Named(SmolStr::new_static("*"))
    }

    /// What a function that is no method in its file is called on: `exports.get = function () { return this.client }`.
    #[must_use]
    pub fn this() -> Self {
        Self::Named(SmolStr::new_static("this"))
    }

    /// All keyword arguments that no parameter takes alone, as one object.
    #[must_use]
    pub fn keyword_rest() -> Self {
        Self::Named(SmolStr::new_static("**"))
    }
}

impl From<MixinKind> for MixinSlot {
    fn from(kind: MixinKind) -> Self {
        match kind {
            MixinKind::Include => Self::Include,
            MixinKind::Prepend => Self::Prepend,
            MixinKind::Extend => Self::Extend,
        }
    }
}

/// All slots after a round.
#[derive(Debug, Default)]
pub struct State {
    slots: FxHashMap<Slot, Values>,
}

impl State {
    /// What has flowed into a slot so far.
    #[must_use]
    pub fn get(&self, slot: &Slot) -> &Values {
        self.slots.get(slot).unwrap_or(Values::none())
    }

    /// Joins one round's contributions; returns the slots that changed.
    pub fn join(&mut self, contributions: impl IntoIterator<Item = (Slot, Values)>) -> FxHashSet<Slot> {
        let mut changed = FxHashSet::default();
        for (slot, values) in contributions {
            if self.slots.entry(slot.clone()).or_default().join(&values) {
                changed.insert(slot);
            }
        }
        changed
    }

    /// All slots with their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Slot, &Values)> {
        self.slots.iter()
    }

    /// All slots with their values, in no order, in parallel.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = (&Slot, &Values)> {
        self.slots.par_iter()
    }
}

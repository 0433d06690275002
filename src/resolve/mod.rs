//! Which values are Redis clients: written once, over the program model.
//!
//! A monotone fixpoint on a finite lattice ([`value::Values`]). Work goes in rounds; in a round every file whose inputs
//! changed is evaluated, in parallel, against the slots of the round before, and what the files add is joined. Joins are
//! commutative and idempotent and sets are bounded, so the result is the same whatever the order of files or threads.

mod barrels;
pub mod catalog;
mod evaluate;
mod hierarchy;
mod link;
mod state;
pub mod text;
mod trace;
pub mod value;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

pub use evaluate::{FileValues, client_class, find_methods, is_telling};
pub use hierarchy::{Ancestor, Hierarchy, lexical_names};
pub use link::{ClassInfo, Links, Unit, join, positions, this_class};
pub use state::{ParamRef, Slot, State};
pub use trace::{Spot, Trace};

use barrels::Barrels;
use catalog::Catalog;
use evaluate::{World, evaluate};

use crate::client::LibraryId;
use crate::program::Module;
use crate::source::FileId;

/// Where a module specifier leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of the project that was lowered.
    File(FileId),
    /// A client library, whatever name the project gives its package.
    Library(LibraryId),
    /// Another package that is not part of the project, or what cannot be told.
    Unknown,
}

/// Module look-up, as the front ends define it.
pub trait Modules: Sync {
    /// Where `specifier`, written in `from`, leads.
    fn find(&self, from: FileId, specifier: &str) -> Target;
}

/// What is known after the fixpoint.
#[derive(Debug)]
pub struct Resolution {
    /// Files, classes and definitions.
    pub links: Links,
    /// All slots.
    pub state: State,
    /// Lines of ancestors.
    pub hierarchy: Hierarchy,
    /// The values of each file's nodes, in the order of [`Links::units`].
    pub values: Vec<FileValues>,
    /// Rounds that it took.
    pub rounds: usize,
    /// Whether the bound on rounds ended it, so that some values may be missing.
    pub cut: bool,
}

/// Bound on rounds: longer chains than real programs have.
const ROUNDS: usize = 40;

/// Finds the values of a set of modules, given in the order of their files.
#[must_use]
pub fn resolve(files: Vec<(FileId, SmolStr, Module)>, modules: &dyn Modules, catalog: &Catalog<'_>) -> Resolution {
    let links = Links::new(files);
    let count = links.units.len();
    let mut state = State::default();
    let mut values = vec![FileValues::default(); count];
    let barrels = Barrels::new(&links, modules);
    let mut hierarchy = Hierarchy::new(&links, &state);
    let mut dirty: Vec<usize> = (0..count).collect();
    let mut rounds = 0;
    while !dirty.is_empty() && rounds < ROUNDS {
        rounds += 1;
        let world = World { links: &links, state: &state, hierarchy: &hierarchy, catalog, modules, barrels: &barrels };
        let before: Vec<(usize, FileValues)> = dirty.iter().map(|index| (*index, std::mem::take(&mut values[*index]))).collect();
        let outcomes: Vec<_> = before.into_par_iter().map(|(index, before)| evaluate(world, &links.units[index], before)).collect();
        let mut changed = FxHashSet::default();
        for (index, outcome) in dirty.iter().zip(outcomes) {
            values[*index] = outcome.values;
            changed.extend(state.join(outcome.adds));
        }
        let lines_changed = changed.iter().any(|slot| matches!(slot, Slot::Super(_) | Slot::Mixin(..)));
        let next = if lines_changed { Hierarchy::new(&links, &state) } else { Hierarchy::default() };
        if lines_changed && next != hierarchy {
            hierarchy = next;
            dirty = (0..count).collect();
        } else {
            dirty = (0..count).into_par_iter().filter(|index| touches(&values[*index].reads, &changed)).collect();
        }
    }
    values.iter_mut().for_each(FileValues::settle);
    Resolution { links, state, hierarchy, values, rounds, cut: !dirty.is_empty() }
}

fn touches(reads: &FxHashSet<Slot>, changed: &FxHashSet<Slot>) -> bool {
    let (few, many) = if reads.len() < changed.len() { (reads, changed) } else { (changed, reads) };
    few.iter().any(|slot| many.contains(slot))
}

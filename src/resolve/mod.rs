//! Which values are Redis clients: written once, over the program model.
//!
//! A monotone fixpoint on a finite lattice ([`value::Values`]). Work goes in rounds; in a round every file whose inputs
//! changed is evaluated again, as far as it read them, in parallel, against the slots of the round before, and what the
//! files add is joined. Joins are commutative and idempotent and sets are bounded, so the result is the same whatever the order of files or threads.

mod barrels;
pub mod catalog;
mod evaluate;
mod hierarchy;
mod link;
mod named;
mod state;
pub mod text;
mod trace;
pub mod value;

use rayon::prelude::*;

pub use evaluate::{FileValues, client_class, find_methods, is_telling};
pub use hierarchy::{Ancestor, Hierarchy};
pub use link::{ClassInfo, Links, Unit, join, positions, this_class};
pub use state::{ParamRef, Slot, State};
pub use trace::{Spot, Trace};

use barrels::Barrels;
use catalog::Catalog;
use evaluate::{Paused, Progress, World, evaluate};
use named::Surroundings;
use value::ClassKey;

use crate::client::{LibraryId, Versions};
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
    /// The versions of a library that the manifests nearest to a file allow.
    fn allowed(&self, from: FileId, library: LibraryId) -> Versions;
    /// The library that a conventionally named but unresolved receiver in a file belongs to, if the project uses one.
    fn conventional(&self, from: FileId) -> Option<LibraryId>;
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
    /// What else it takes to go on, in the order of `values`.
    paused: Vec<Paused>,
}

impl Resolution {
    /// What is known before the first round.
    fn nothing(links: Links) -> Self {
        Self {
            links,
            state: State::default(),
            hierarchy: Hierarchy::default(),
            values: Vec::new(),
            rounds: 0,
            cut: false,
            paused: Vec::new(),
        }
    }

    /// Gives up what it takes to go on.
    #[must_use]
    pub fn done(self) -> Self {
        Self { paused: Vec::new(), ..self }
    }
}

/// Bound on rounds: longer chains than real programs have.
const ROUNDS: usize = 40;

/// How often clients known by name alone are looked for: what one of them is passed to may show another.
const RESORTS: usize = 3;

/// Finds the values of a set of files, given in their order.
#[must_use]
pub fn resolve(units: Vec<Unit>, modules: &dyn Modules, catalog: &Catalog<'_>) -> Resolution {
    settle(Resolution::nothing(Links::new(units)), modules, catalog)
}

/// Goes on from a resolution with files that it did not have. What was found without them stays, also what would not be found
/// with them: good for choosing files, not as a result.
#[must_use]
pub fn scout(mut known: Resolution, fresh: Vec<Unit>, modules: &dyn Modules, catalog: &Catalog<'_>) -> Resolution {
    known.links.add(fresh);
    settle(known, modules, catalog)
}

/// The fixpoint upon what is known.
fn settle(known: Resolution, modules: &dyn Modules, catalog: &Catalog<'_>) -> Resolution {
    let Resolution { links, mut state, values, paused, .. } = known;
    let (old, fresh) = links.units.split_at(values.len());
    let reopened = old.par_iter().zip(values.into_par_iter().zip(paused)).map(|(unit, (values, paused))| paused.resume(unit, values));
    let mut progress: Vec<Progress<'_>> = reopened.collect();
    progress.extend(fresh.iter().map(Progress::new));
    let barrels = Barrels::new(&links, modules);
    let mut hierarchy = Hierarchy::new(&links, &state);
    let mut pending: Vec<bool> = vec![true; links.units.len()];
    let mut rounds = 0;
    let mut resorts = 0;
    while pending.contains(&true) {
        while pending.contains(&true) && rounds < ROUNDS {
            rounds += 1;
            let world = World { links: &links, state: &state, hierarchy: &hierarchy, catalog, modules, barrels: &barrels };
            let adds: Vec<_> = (links.units.par_iter(), &mut progress, &pending)
                .into_par_iter()
                .filter(|(.., pending)| **pending)
                .map(|(unit, progress, _)| evaluate(world, unit, progress))
                .collect();
            let changed = state.join(adds.into_iter().flatten());
            let mut lines: Vec<ClassKey> = Vec::new();
            if changed.iter().any(|slot| matches!(slot, Slot::Super(_) | Slot::Mixin(..))) {
                let next = Hierarchy::new(&links, &state);
                lines.extend(next.differences(&hierarchy));
                hierarchy = next;
            }
            pending = progress.par_iter_mut().map(|progress| progress.wake(&changed, &lines, &state)).collect();
        }
        if resorts == RESORTS || pending.contains(&true) {
            break;
        }
        resorts += 1;
        let around = Surroundings { links: &links, state: &state, hierarchy: &hierarchy, catalog, modules };
        let known: Vec<_> = (links.units.par_iter(), &progress)
            .into_par_iter()
            .map(|(unit, progress)| named::known(around, unit, &progress.values))
            .collect();
        let (receivers, slots): (Vec<_>, Vec<_>) = known.into_iter().map(|known| (known.receivers, known.slots)).unzip();
        let changed = state.join(slots.into_iter().flatten());
        progress.par_iter_mut().zip(receivers).for_each(|(progress, receivers)| progress.name(receivers));
        pending = progress.par_iter_mut().map(|progress| progress.wake(&changed, &[], &state)).collect();
    }
    let cut = pending.contains(&true);
    let (values, paused) = progress.into_iter().map(Progress::pause).unzip();
    Resolution { links, state, hierarchy, values, paused, rounds, cut }
}

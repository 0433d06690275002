//! How clients came to where they are: the steps of the fixpoint, found again for a few clients after it.

use std::collections::VecDeque;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::barrels::Barrels;
use super::catalog::Catalog;
use super::evaluate::{World, retrace};
use super::link::Unit;
use super::state::Slot;
use super::value::{Atom, Place, Values};
use super::{Modules, Resolution};
use crate::program::{BindingId, Kind, NodeId};
use crate::source::FileId;

/// Something that holds a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// An expression, or the target of a parameter.
    Node(FileId, NodeId),
    /// A variable, parameter or import of a file.
    Binding(FileId, BindingId),
    /// What files tell each other.
    Slot(Slot),
}

/// Through which spots some clients flowed.
#[derive(Debug, Default)]
pub struct Trace {
    wanted: FxHashSet<Place>,
    /// The spots that each spot got one of the clients from.
    from: FxHashMap<Spot, Vec<Spot>>,
}

impl Trace {
    /// Goes over all files once more and notes where the clients made at `wanted` flow.
    #[must_use]
    pub fn new(resolution: &Resolution, modules: &dyn Modules, catalog: &Catalog<'_>, wanted: &FxHashSet<Place>) -> Self {
        let Resolution { links, state, hierarchy, values, .. } = resolution;
        let barrels = Barrels::new(links, modules);
        let world = World { links, state, hierarchy, catalog, modules, barrels: &barrels };
        let parts: Vec<Self> =
            links.units.par_iter().zip(values).map(|(unit, values)| retrace(world, unit, values.clone(), wanted.clone())).collect();
        let mut whole = Self { wanted: wanted.clone(), from: FxHashMap::default() };
        for (spot, from) in parts.into_iter().flat_map(|part| part.from) {
            whole.from.entry(spot).or_default().extend(from);
        }
        for from in whole.from.values_mut() {
            from.sort_unstable();
            from.dedup();
        }
        whole
    }

    /// A trace of one file that notes nothing yet.
    pub(super) fn empty(wanted: FxHashSet<Place>) -> Self {
        Self { wanted, from: FxHashMap::default() }
    }

    /// Notes that `to` got values from `from`, if a wanted client is among them.
    pub(super) fn note(&mut self, to: &Spot, from: Spot, values: &Values) {
        if *to != from && self.carries(values) {
            self.from.entry(to.clone()).or_default().push(from);
        }
    }

    fn carries(&self, values: &Values) -> bool {
        values.iter().any(|atom| match atom {
            Atom::Client(client) => self.wanted.contains(&client.place),
            Atom::Queue(queue) => self.wanted.contains(&queue.client.place),
            _ => false,
        })
    }

    /// The shortest way from an expression to where the client is made, declared or handed out; empty when there is none.
    #[must_use]
    pub fn way(&self, resolution: &Resolution, start: Spot) -> Vec<Spot> {
        let mut before: FxHashMap<Spot, Option<Spot>> = FxHashMap::default();
        let mut queue = VecDeque::from([start.clone()]);
        before.insert(start, None);
        let mut dead_end = None;
        while let Some(spot) = queue.pop_front() {
            if self.is_origin(resolution, &spot) {
                return back(&before, spot);
            }
            let next = self.next(resolution, &spot);
            if next.is_empty() && dead_end.is_none() && !matches!(spot, Spot::Node(..)) {
                dead_end = Some(spot.clone());
            }
            for one in next {
                if !before.contains_key(&one) {
                    before.insert(one.clone(), Some(spot.clone()));
                    queue.push_back(one);
                }
            }
        }
        dead_end.map_or_else(Vec::new, |spot| back(&before, spot))
    }

    fn is_origin(&self, resolution: &Resolution, spot: &Spot) -> bool {
        let Spot::Node(file, node) = spot else { return false };
        let Some(unit) = resolution.links.unit(*file) else { return false };
        matches!(unit.module.kind(*node), Kind::Call(_)) && self.wanted.contains(&unit.place(*node))
    }

    fn next(&self, resolution: &Resolution, spot: &Spot) -> Vec<Spot> {
        let mut next = self.from.get(spot).cloned().unwrap_or_default();
        if let Spot::Node(file, node) = spot
            && let Some(index) = resolution.links.by_file.get(file)
        {
            let (unit, values): (&Unit, _) = (&resolution.links.units[*index], &resolution.values[*index]);
            if let Kind::Local(binding) = unit.module.kind(*node) {
                next.push(Spot::Binding(*file, *binding));
            }
            unit.module.each_child(*node, &mut |child| {
                if self.carries(values.of(child)) {
                    next.push(Spot::Node(*file, child));
                }
            });
        }
        next
    }
}

fn back(before: &FxHashMap<Spot, Option<Spot>>, end: Spot) -> Vec<Spot> {
    let mut way = vec![end];
    while let Some(Some(spot)) = way.last().and_then(|spot| before.get(spot)) {
        way.push(spot.clone());
    }
    way.reverse();
    way
}

//! Pairs of operations: a first one and one that follows it, or that is missing.

use rustc_hash::FxHashMap;

use super::check::{Selected, cancelled};
use super::evaluate::{Truth, all, holds, word};
use super::event::EventId;
use super::model::{Absent, World};
use super::render::rule_name;
use super::search::Index;
use super::{Pattern, Relations, Tail, Unless};
use crate::operation::relation::{Placed, Relation, Same, Timeline, relate, same_client, same_key};
use crate::operation::{Analysis, Operation, OperationId, Step, TreeId};

/// Two operations, or one that lacks another.
pub(super) struct Pair {
    /// The first.
    pub first: OperationId,
    /// The one that follows.
    pub then: Option<OperationId>,
    /// How it follows.
    pub relation: Option<Relation>,
    /// The other operations that are sent with the first, when theirs are sent with the second: one problem of several keys.
    pub beside: Vec<OperationId>,
}

/// A fitting pair, by places in the timeline.
struct Fit {
    first: usize,
    then: Option<usize>,
    relation: Option<Relation>,
    beside: Vec<usize>,
}

/// All pairs of a case, in the order of their first operations. A second operation belongs to the nearest first one before
/// it, and to one only, but for first ones that exclude each other.
pub(super) fn pairs(
    first: &Pattern,
    then: Option<&Tail>,
    absent: Option<&Absent>,
    unless: &[Unless],
    analysis: &Analysis,
    index: &Index<'_>,
    selected: &Selected<'_>,
) -> Vec<Pair> {
    let Some(thens) = then.map_or_else(|| Some(FxHashMap::default()), |tail| by_tree(&tail.pattern, analysis, index, selected)) else {
        return Vec::new();
    };
    let Some(firsts) = by_tree(first, analysis, index, selected) else { return Vec::new() };
    let mut trees: Vec<_> = firsts.keys().copied().filter(|tree| then.is_none() || thens.contains_key(tree)).collect();
    trees.sort_unstable();
    let mut pairs = Vec::new();
    for tree in trees {
        let Some(timeline) = index.timeline(tree) else { continue };
        let case = InTree { timeline, tree, then, absent, unless, analysis, selected };
        let no_thens = Vec::new();
        let fits = case.fits(&firsts[&tree], thens.get(&tree).unwrap_or(&no_thens));
        let id = |place: usize| timeline.operations[place].operation;
        pairs.extend(fits.into_iter().map(|fit| Pair {
            first: id(fit.first),
            then: fit.then.map(id),
            relation: fit.relation,
            beside: fit.beside.into_iter().map(id).collect(),
        }));
    }
    pairs
}

/// The operations that match a pattern, by the tree they stand in; `None` when there is none.
fn by_tree(
    pattern: &Pattern,
    analysis: &Analysis,
    index: &Index<'_>,
    selected: &Selected<'_>,
) -> Option<FxHashMap<TreeId, Vec<OperationId>>> {
    let mut found: FxHashMap<TreeId, Vec<OperationId>> = FxHashMap::default();
    for event in index.candidates(pattern) {
        if let EventId::Operation(id) = event
            && let Some(tree) = event.tree(analysis)
            && holds(&pattern.predicates, event, analysis, selected)
        {
            found.entry(tree).or_default().push(id);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A case in one tree.
struct InTree<'a> {
    timeline: &'a Timeline<'a>,
    tree: TreeId,
    then: Option<&'a Tail>,
    absent: Option<&'a Absent>,
    unless: &'a [Unless],
    analysis: &'a Analysis,
    selected: &'a Selected<'a>,
}

impl InTree<'_> {
    fn fits(&self, firsts: &[OperationId], thens: &[OperationId]) -> Vec<Fit> {
        let places = |ids: &[OperationId]| -> Vec<usize> {
            (0..self.timeline.operations.len()).filter(|place| ids.contains(&self.timeline.operations[*place].operation)).collect()
        };
        let (firsts, thens) = (places(firsts), places(thens));
        let mut fits = Vec::new();
        for first in firsts {
            match self.then {
                None => {
                    let fit = Fit { first, then: None, relation: None, beside: Vec::new() };
                    fits.extend(self.accepted(&fit).then_some(fit));
                }
                Some(tail) => fits.extend(thens.iter().filter(|then| **then != first).find_map(|then| {
                    let relation = relate(self.analysis, self.timeline, self.at(first), self.at(*then), tail.relations.same)?;
                    let fit = Fit { first, then: Some(*then), relation: Some(relation), beside: Vec::new() };
                    (fit.relation.as_ref().is_some_and(|relation| fitting(&tail.relations, relation)) && self.accepted(&fit)).then_some(fit)
                })),
            }
        }
        self.one_per_place(self.nearest_only(fits))
    }

    /// Makes one of the pairs that stand in the same two `Promise.all`.
    fn one_per_place(&self, fits: Vec<Fit>) -> Vec<Fit> {
        let together = |one: usize, two: usize| self.timeline.together(self.at(one), self.at(two));
        let mut kept: Vec<Fit> = Vec::with_capacity(fits.len());
        for fit in fits {
            let same = |other: &&mut Fit| {
                together(other.first, fit.first) && other.then.zip(fit.then).is_some_and(|(one, two)| together(one, two))
            };
            match kept.iter_mut().find(same) {
                Some(other) => other.beside.push(fit.first),
                None => kept.push(fit),
            }
        }
        kept
    }

    fn at(&self, place: usize) -> &Placed {
        &self.timeline.operations[place]
    }

    /// Keeps, for each second operation, the nearest first one and those that exclude all kept so far.
    fn nearest_only(&self, fits: Vec<Fit>) -> Vec<Fit> {
        let mut kept: Vec<Fit> = Vec::with_capacity(fits.len());
        for fit in fits.into_iter().rev() {
            let taken = fit.then.is_some()
                && kept.iter().any(|other| other.then == fit.then && !self.timeline.exclusive(self.at(fit.first), self.at(other.first)));
            if !taken {
                kept.push(fit);
            }
        }
        kept.reverse();
        kept
    }

    /// Whether nothing cancels a fit.
    fn accepted(&self, fit: &Fit) -> bool {
        let event = |place: usize| EventId::Operation(self.at(place).operation);
        let passed = fit.relation.as_ref().map_or(&[][..], |relation| &relation.passed);
        if cancelled(self.unless, event(fit.first), fit.then.map(event), passed, self.analysis, self.selected) {
            return false;
        }
        self.absent.is_none_or(|absent| self.certainly_absent(absent, fit, passed))
    }

    fn certainly_absent(&self, absent: &Absent, fit: &Fit, passed: &[OperationId]) -> bool {
        let first = self.at(fit.first);
        let order = 0..self.timeline.operations.len();
        let world: Vec<OperationId> = match absent.within {
            World::Between => passed.to_vec(),
            World::After => {
                // A call of code that may touch Redis may do it.
                if self.analysis.trees.get(self.tree.0 as usize).is_none_or(|tree| touches(&tree.steps, 0)) {
                    return false;
                }
                order.filter(|place| *place > fit.first).map(|place| self.at(place).operation).collect()
            }
            World::Before => order.filter(|place| *place < fit.first).map(|place| self.at(place).operation).collect(),
        };
        let get = |id: OperationId| EventId::Operation(id).operation(self.analysis);
        let Some(one) = get(first.operation) else { return false };
        world.into_iter().all(|id| {
            all(&absent.pattern.predicates, EventId::Operation(id), self.analysis, self.selected) == Truth::No
                || get(id).is_some_and(|other| certainly_differ(one, other, absent.same))
        })
    }
}

/// Whether a tree has a call that may touch Redis and was not resolved.
fn touches(steps: &[Step], depth: usize) -> bool {
    depth > 128
        || steps.iter().any(|step| match step {
            Step::Call { may_touch_redis, .. } => *may_touch_redis,
            Step::Branch(arms) => arms.iter().any(|arm| touches(&arm.steps, depth + 1)),
            Step::Loop { body, .. } | Step::Queue { body, .. } => touches(body, depth + 1),
            Step::Try { body, rescues, cleanup } => {
                touches(body, depth + 1) || rescues.iter().any(|rescue| touches(rescue, depth + 1)) || touches(cleanup, depth + 1)
            }
            Step::Together(members) => members.iter().any(|member| touches(member, depth + 1)),
            Step::Operation(_) | Step::Client(_) | Step::Assign(_) | Step::Exit(_) => false,
        })
}

/// Whether two operations certainly do not share what they would have to.
fn certainly_differ(one: &Operation, two: &Operation, same: Same) -> bool {
    let keys = same.contains(Same::KEY) && {
        let known = |operation: &Operation| !operation.keys.is_empty() && operation.keys.iter().all(|key| key.template.known().is_some());
        known(one) && known(two) && !one.keys.iter().any(|key| two.keys.iter().any(|other| same_key(key, other).is_some()))
    };
    let clients = same.contains(Same::CLIENT) && one.clients.len() == 1 && two.clients.len() == 1 && same_client(one, two).is_none();
    keys || clients
}

/// Whether a relation is as a rule wants it.
fn fitting(wanted: &Relations, relation: &Relation) -> bool {
    wanted.path.contains(&relation.path)
        && wanted.trips.contains(&relation.trips)
        && relation.between <= wanted.between
        && word(wanted.guard.as_ref(), relation.guard)
        && taking(wanted, relation)
}

/// Whether a slot of the second derives from the first's reply as a rule wants it.
fn taking(wanted: &Relations, relation: &Relation) -> bool {
    if wanted.takes.is_none() && wanted.change.is_none() {
        return true;
    }
    if relation.takes.is_empty() {
        return wanted.takes.is_some() && wanted.change.is_none() && word(wanted.takes.as_ref(), "nothing");
    }
    relation.takes.iter().any(|(slot, change)| {
        let slot = match rule_name(slot) {
            "member" | "element" => "value",
            name => name,
        };
        word(wanted.takes.as_ref(), slot) && word(wanted.change.as_ref(), change)
    })
}

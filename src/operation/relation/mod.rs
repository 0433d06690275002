//! How two operations of one function stand to each other: order, guards, and what stands between them.
//!
//! Order is not read from lines: it comes from the event tree. Two arms of one branch are never ordered, nothing goes into a loop,
//! and only what was done for each member of a collection precedes what follows the loop.

mod gap;
#[cfg(test)]
pub(crate) mod notation;
mod same;
#[cfg(test)]
mod tests;
mod timeline;
mod words;

pub use same::{Shared, same_client, same_key, shared};
pub use timeline::{Placed, Timeline};
pub use words::{Between, Path, Same, Trips};

use smol_str::SmolStr;

use self::gap::Gap;
use super::{Analysis, GuardOf, Operation, OperationId, Step, fact};

/// How a second operation stands to a first one that precedes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Whether it certainly follows.
    pub path: Path,
    /// The test on the way: `none`, `missing`, `present`, `created`, `compared`, `below`, `own-slot` or `other`.
    pub guard: &'static str,
    /// Slots of the second that derive from the first's reply, and how: `("value", "increment")`.
    pub takes: Vec<(SmolStr, &'static str)>,
    /// The most that stands between.
    pub between: Between,
    /// How the two travel.
    pub trips: Trips,
    /// Whether what they share is the same by value, and not only by its source text.
    pub by_value: bool,
    /// Whether the second also runs where the first did not: the first stands in an arm, a try or a handler that the second
    /// does not stand in.
    pub independent: bool,
    /// Operations that certainly or possibly run between them, in order.
    pub passed: Vec<OperationId>,
}

/// The relation of two operations of a timeline; `None` when the second does not follow the first, when they do not share
/// what they must, or when something between them makes it meaningless: another write of the key, an assignment to a
/// binding that key or client is made of.
#[must_use]
pub fn relate(analysis: &Analysis, timeline: &Timeline<'_>, first: &Placed, then: &Placed, same: Same) -> Option<Relation> {
    let (one, two) = (operation(analysis, first.operation)?, operation(analysis, then.operation)?);
    let shared = shared(one, two, same)?;
    let mut gap = Gap::new(analysis, one, two, same);
    let Way { concurrent, independent } = cross(timeline, first, then, &mut gap)?;
    if gap.blocked {
        return None;
    }
    let path = if gap.sometimes { Path::Sometimes } else { Path::Always };
    Some(Relation {
        path,
        guard: if path == Path::Always { "none" } else { guard(&gap, first.operation, two) },
        takes: takes(first.operation, two),
        between: gap.between,
        trips: trips(analysis, one, two, concurrent)?,
        by_value: shared == Shared::ByValue,
        independent,
        passed: gap.passed,
    })
}

pub(super) fn operation(analysis: &Analysis, id: OperationId) -> Option<&Operation> {
    analysis.operations.get(id.0 as usize)
}

/// What the way from one operation to another is like.
struct Way {
    /// Whether they run at the same time.
    concurrent: bool,
    /// See [`Relation::independent`].
    independent: bool,
}

/// Goes from the first operation to the second and collects what is passed; `None` when there is no way.
fn cross<'a>(timeline: &Timeline<'a>, first: &Placed, then: &Placed, gap: &mut Gap<'a>) -> Option<Way> {
    let fork = first.turns.iter().zip(&then.turns).position(|(a, b)| a != b)?;
    let (from, to) = (first.turns[fork], then.turns[fork]);
    let sequences_from = timeline.sequences(first);
    let sequences_to = timeline.sequences(then);
    let mut concurrent = false;
    let mut independent = false;
    let mut to_cleanup = false;
    if from.step == to.step {
        match &sequences_from.get(fork)?[from.step] {
            Step::Together(_) => concurrent = true,
            Step::Try { rescues, .. } if to.child == rescues.len() + 1 => to_cleanup = true,
            _ => return None,
        }
        independent = to_cleanup;
    } else if from.step > to.step {
        return None;
    }
    // Out of everything that the first stands in and the second does not.
    for depth in (fork + 1..first.turns.len()).rev() {
        let sequence = *sequences_from.get(depth)?;
        let rest = &sequence[first.turns[depth].step + 1..];
        if (fork..depth).any(|around| matches!(sequences_from[around][first.turns[around].step], Step::Loop { .. })) {
            gap.scan_turn(rest, !to_cleanup);
        } else {
            gap.scan(rest, !to_cleanup);
        }
        let outer = first.turns[depth - 1];
        independent |= matches!(&sequences_from[depth - 1][outer.step], Step::Branch(_) | Step::Try { .. });
        match &sequences_from[depth - 1][outer.step] {
            // What is done for each member, and then once for all of them.
            Step::Loop { kind: "collection" | "fixed", body } => {
                independent = true;
                gap.scan_turn(&body[..first.turns[depth].step], false);
            }
            Step::Loop { .. } => return None,
            Step::Try { rescues, cleanup, .. } if outer.child <= rescues.len() && !(to_cleanup && depth - 1 == fork) => {
                gap.scan(cleanup, true);
            }
            Step::Together(members) if !(concurrent && depth - 1 == fork) => {
                for (_, member) in members.iter().enumerate().filter(|(index, _)| *index != outer.child) {
                    gap.scan(member, true);
                }
            }
            _ => {}
        }
    }
    // Along the sequence that both are part of.
    if from.step != to.step {
        gap.scan(&sequences_from.get(fork)?[from.step + 1..to.step], true);
    }
    // Into everything that the second stands in and the first does not.
    for depth in fork + 1..then.turns.len() {
        let outer = then.turns[depth - 1];
        match &sequences_to[depth - 1][outer.step] {
            Step::Loop { .. } => return None,
            Step::Branch(arms) => gap.enter(&arms.get(outer.child)?.guards),
            Step::Try { .. } if to_cleanup && depth - 1 == fork => {}
            // The cleanup runs however the body is left.
            Step::Try { body, rescues, .. } if outer.child == rescues.len() + 1 => gap.scan(body, false),
            Step::Try { .. } if outer.child > 0 => return None,
            _ => {}
        }
        gap.scan(&sequences_to.get(depth)?[..then.turns[depth].step], true);
    }
    Some(Way { concurrent, independent })
}

/// The word for the tests on the way: the one of the first's reply says most, then one of an argument of the second.
fn guard(gap: &Gap<'_>, first: OperationId, then: &Operation) -> &'static str {
    let guards = &gap.guards;
    // Of `!held || held !== own` the comparison says more than the presence.
    const TELLING: &[&str] = &["compared", "created", "below", "missing", "other", "present"];
    let of_reply = |how: &&&str| guards.iter().any(|guard| guard.of == GuardOf::Reply(first) && guard.how == **how);
    // Of what is there something else decides, too: `if (isExpired(entry))`.
    let has_other_test =
        || gap.entered.iter().any(|tests| !tests.is_empty() && tests.iter().all(|guard| guard.of != GuardOf::Reply(first)));
    if let Some(how) = TELLING.iter().find(of_reply) {
        return if *how == "present" && has_other_test() { "other" } else { how };
    }
    let own = guards.iter().any(|guard| match &guard.of {
        GuardOf::Reply(_) => false,
        GuardOf::Value(tested) => {
            then.slots.iter().filter(|slot| slot.name != "key").filter_map(|slot| slot.identity.as_ref()).any(|used| {
                used.canonical == tested.canonical
                    || (!tested.bindings.is_empty() && tested.bindings.iter().all(|name| used.bindings.contains(name)))
            })
        }
    });
    if own { "own-slot" } else { "other" }
}

fn takes(first: OperationId, then: &Operation) -> Vec<(SmolStr, &'static str)> {
    let mut takes = Vec::new();
    for slot in &then.slots {
        for derivation in slot.derives.iter().filter(|derivation| derivation.operation == first) {
            takes.push((slot.name.clone(), derivation.change));
        }
    }
    takes
}

/// How two operations travel; `None` when only one of them is queued, or each on a queue of its own.
fn trips(analysis: &Analysis, first: &Operation, then: &Operation, concurrent: bool) -> Option<Trips> {
    match (first.queue, then.queue) {
        (None, None) if concurrent => Some(Trips::Concurrent),
        // Inside of a block that queues what is sent on its own parameter they go as the block makes them go.
        (None, None) if [first, then].into_iter().any(|operation| operation.facts.get(fact::QUEUE_BYPASS).is_some()) => None,
        (None, None) => {
            let queued = |operation: &Operation| matches!(operation.facts.word(fact::TRIP), Some("pipeline" | "transaction" | "script"));
            (!queued(first) && !queued(then)).then_some(Trips::Alone)
        }
        (Some(one), Some(two)) if one == two => {
            let kind = analysis.queues.get(one.0 as usize).and_then(|queue| queue.facts.word(fact::KIND));
            Some(if kind == Some("transaction") { Trips::Transaction } else { Trips::Pipeline })
        }
        _ => None,
    }
}

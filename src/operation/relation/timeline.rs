//! The operations of a tree in evaluation order, each with the way to it.

use crate::operation::{OperationId, Step, Tree};

/// How deep a tree is followed; what lies deeper is not related to anything.
const DEPTH: usize = 128;

/// Where to go at one level of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Index of the step in its sequence.
    pub step: usize,
    /// Which sequence inside that step: the arm; 0 for the body of a loop, queue or try, then its rescues, then its cleanup.
    pub child: usize,
}

/// An operation and the way to it from the root of its tree.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The operation.
    pub operation: OperationId,
    /// One turn per level; the last one names the step itself.
    pub turns: Vec<Turn>,
}

/// The operations of one tree in evaluation order.
#[derive(Clone, Debug)]
pub struct Timeline<'a> {
    tree: &'a Tree,
    /// In evaluation order.
    pub operations: Vec<Placed>,
}

impl<'a> Timeline<'a> {
    /// Lays out a tree.
    #[must_use]
    pub fn new(tree: &'a Tree) -> Self {
        let mut operations = Vec::new();
        place(&tree.steps, &mut Vec::new(), &mut operations);
        Self { tree, operations }
    }

    /// The sequences on the way to an operation, outermost first: one for each of its turns.
    pub(super) fn sequences(&self, placed: &Placed) -> Vec<&'a [Step]> {
        let mut sequences = Vec::with_capacity(placed.turns.len());
        let mut sequence: &'a [Step] = &self.tree.steps;
        for turn in &placed.turns {
            sequences.push(sequence);
            match sequence.get(turn.step).and_then(|step| child(step, turn.child)) {
                Some(inner) => sequence = inner,
                None => break,
            }
        }
        sequences
    }

    /// Whether two operations stand in different arms of one branch, so that a run reaches one of them at most.
    #[must_use]
    pub fn exclusive(&self, one: &Placed, two: &Placed) -> bool {
        let Some(fork) = one.turns.iter().zip(&two.turns).position(|(a, b)| a != b) else { return false };
        one.turns[fork].step == two.turns[fork].step
            && matches!(self.sequences(one).get(fork).map(|steps| &steps[one.turns[fork].step]), Some(Step::Branch(_)))
    }

    /// Whether two operations are members of one `Promise.all`: they are sent together.
    #[must_use]
    pub fn together(&self, one: &Placed, two: &Placed) -> bool {
        let Some(fork) = one.turns.iter().zip(&two.turns).position(|(a, b)| a != b) else { return false };
        one.turns[fork].step == two.turns[fork].step
            && matches!(self.sequences(one).get(fork).map(|steps| &steps[one.turns[fork].step]), Some(Step::Together(_)))
    }
}

fn place(steps: &[Step], turns: &mut Vec<Turn>, operations: &mut Vec<Placed>) {
    if turns.len() >= DEPTH {
        return;
    }
    for (index, step) in steps.iter().enumerate() {
        turns.push(Turn { step: index, child: 0 });
        if let Step::Operation(operation) = step {
            operations.push(Placed { operation: *operation, turns: turns.clone() });
        }
        let mut number = 0;
        while let Some(inner) = child(step, number) {
            if let Some(turn) = turns.last_mut() {
                turn.child = number;
            }
            place(inner, turns, operations);
            number += 1;
        }
        turns.pop();
    }
}

/// The sequences inside a step, in the order of [`Turn::child`].
fn child(step: &Step, number: usize) -> Option<&[Step]> {
    match step {
        Step::Branch(arms) => arms.get(number).map(|arm| arm.steps.as_slice()),
        Step::Loop { body, .. } | Step::Queue { body, .. } => (number == 0).then_some(body),
        Step::Together(members) => members.get(number).map(Vec::as_slice),
        Step::Try { body, rescues, cleanup } => match number {
            0 => Some(body),
            _ if number <= rescues.len() => rescues.get(number - 1).map(Vec::as_slice),
            _ => (number == rescues.len() + 1).then_some(cleanup),
        },
        Step::Operation(_) | Step::Client(_) | Step::Call { .. } | Step::Assign(_) | Step::Exit(_) => None,
    }
}

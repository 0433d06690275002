//! What stands between two operations.

use smol_str::SmolStr;

use super::same::may_disturb;
use super::{Between, Same};
use crate::operation::{Analysis, Arm, Guard, Operation, OperationId, Step};
use crate::program::ExitKind;

/// How deep the steps between are followed; what lies deeper counts as a call.
const DEPTH: usize = 128;

/// Collects what is passed on the way from one operation to another.
pub(super) struct Gap<'a> {
    analysis: &'a Analysis,
    first: &'a Operation,
    keyed: bool,
    bindings: Vec<&'a SmolStr>,
    /// Whether the way is cut: an exit that is certainly taken, another write of the key, an assignment.
    pub blocked: bool,
    /// Whether an arm is entered, or an exit in an arm is passed.
    pub sometimes: bool,
    /// The tests of these arms and of the exits not taken.
    pub guards: Vec<&'a Guard>,
    /// The tests of each arm that is entered.
    pub entered: Vec<&'a [Guard]>,
    /// The most that was passed.
    pub between: Between,
    /// The operations passed.
    pub passed: Vec<OperationId>,
}

/// Which exits leave the way.
#[derive(Clone, Copy)]
struct Exits {
    /// `return`.
    returns: bool,
    /// `throw`: not inside a try that handles it.
    throws: bool,
    /// `break` and `next`: not inside a loop of their own.
    turns: bool,
}

impl Exits {
    fn counts(self, kind: ExitKind) -> bool {
        match kind {
            ExitKind::Return => self.returns,
            ExitKind::Throw => self.throws,
            ExitKind::Break | ExitKind::Next => self.turns,
        }
    }
}

impl<'a> Gap<'a> {
    /// Nothing passed yet.
    pub fn new(analysis: &'a Analysis, first: &'a Operation, then: &'a Operation, same: Same) -> Self {
        let mut bindings = Vec::new();
        let keyed = same.contains(Same::KEY);
        for operation in [first, then] {
            if same.contains(Same::CLIENT) {
                bindings.extend(operation.receiver.iter().flat_map(|receiver| &receiver.bindings));
            }
            if keyed {
                bindings.extend(operation.keys.iter().filter_map(|key| key.identity.as_ref()).flat_map(|identity| &identity.bindings));
            }
            for (part, name) in [(Same::FIELD, "field"), (Same::MEMBER, "member"), (Same::VALUE, "value")] {
                if same.contains(part) {
                    bindings.extend(
                        operation.slot(name).and_then(|slot| slot.identity.as_ref()).iter().flat_map(|identity| &identity.bindings),
                    );
                }
            }
        }
        Self {
            analysis,
            first,
            keyed,
            bindings,
            blocked: false,
            sometimes: false,
            guards: Vec::new(),
            entered: Vec::new(),
            between: Between::Nothing,
            passed: Vec::new(),
        }
    }

    /// An arm is entered.
    pub fn enter(&mut self, guards: &'a [Guard]) {
        self.sometimes = true;
        self.guards.extend(guards);
        self.entered.push(guards);
    }

    /// Steps are passed; `exits` says whether leaving the function there misses the second operation.
    pub fn scan(&mut self, steps: &'a [Step], exits: bool) {
        self.steps(steps, Exits { returns: exits, throws: exits, turns: exits }, 0);
    }

    /// As [`Gap::scan`], of steps inside a loop that is left: `break` and `next` only end a turn of it.
    pub fn scan_turn(&mut self, steps: &'a [Step], exits: bool) {
        self.steps(steps, Exits { returns: exits, throws: exits, turns: false }, 0);
    }

    fn steps(&mut self, steps: &'a [Step], exits: Exits, depth: usize) {
        if depth > DEPTH {
            self.pass(Between::Calls);
            return;
        }
        for step in steps {
            self.step(step, exits, depth);
        }
    }

    fn step(&mut self, step: &'a Step, exits: Exits, depth: usize) {
        match step {
            Step::Operation(id) => {
                self.pass(Between::Calls);
                self.passed.push(*id);
                let operation = super::operation(self.analysis, *id);
                self.blocked |= self.keyed && operation.is_some_and(|operation| may_disturb(operation, self.first));
            }
            Step::Client(_) | Step::Call { pure: false, .. } => self.pass(Between::Calls),
            Step::Call { pure: true, .. } => self.pass(Between::Pure),
            Step::Assign(name) => {
                self.pass(Between::Pure);
                self.blocked |= self.bindings.contains(&name);
            }
            Step::Exit(kind) => self.blocked |= exits.counts(*kind),
            Step::Branch(arms) => self.branch(arms, exits, depth),
            Step::Loop { body, .. } => self.maybe(body, Exits { turns: false, ..exits }, depth),
            Step::Try { body, rescues, cleanup } => {
                self.steps(body, Exits { throws: exits.throws && rescues.is_empty(), ..exits }, depth + 1);
                for rescue in rescues {
                    self.steps(rescue, Exits { returns: false, throws: false, turns: false }, depth + 1);
                }
                self.steps(cleanup, exits, depth + 1);
            }
            Step::Queue { body, .. } => self.steps(body, exits, depth + 1),
            Step::Together(members) => {
                for member in members {
                    self.steps(member, exits, depth + 1);
                }
            }
        }
    }

    /// An arm that certainly leaves is not on the way; the tests of the others are those of the early exit not taken.
    fn branch(&mut self, arms: &'a [Arm], exits: Exits, depth: usize) {
        self.pass(Between::Pure);
        let staying: Vec<&'a Arm> = arms.iter().filter(|arm| !leaves(&arm.steps, exits, depth)).collect();
        if staying.is_empty() && !arms.is_empty() {
            self.blocked = true;
            return;
        }
        if staying.len() < arms.len() {
            self.sometimes = true;
            if let [only] = staying.as_slice() {
                self.guards.extend(&only.guards);
            }
        }
        for arm in staying {
            self.steps(&arm.steps, exits, depth + 1);
        }
    }

    /// Steps that may run: an exit among them is one that may be taken.
    fn maybe(&mut self, steps: &'a [Step], exits: Exits, depth: usize) {
        self.pass(Between::Pure);
        if leaves(steps, exits, depth) {
            self.sometimes = true;
            self.steps(steps, Exits { returns: false, throws: false, turns: false }, depth + 1);
        } else {
            self.steps(steps, exits, depth + 1);
        }
    }

    fn pass(&mut self, what: Between) {
        self.between = self.between.max(what);
    }
}

/// Whether running these steps to their end is impossible: an exit is certainly taken.
fn leaves(steps: &[Step], exits: Exits, depth: usize) -> bool {
    depth <= DEPTH
        && steps.iter().any(|step| match step {
            Step::Exit(kind) => exits.counts(*kind),
            Step::Branch(arms) => !arms.is_empty() && arms.iter().all(|arm| leaves(&arm.steps, exits, depth + 1)),
            Step::Try { body, rescues, cleanup } => {
                leaves(body, Exits { throws: exits.throws && rescues.is_empty(), ..exits }, depth + 1) || leaves(cleanup, exits, depth + 1)
            }
            Step::Queue { body, .. } => leaves(body, exits, depth + 1),
            Step::Operation(_) | Step::Client(_) | Step::Call { .. } | Step::Assign(_) | Step::Loop { .. } | Step::Together(_) => false,
        })
}

//! The event tree of a function: what happens in which order, under which conditions.

use smol_str::SmolStr;

use super::{ClientId, Identity, OperationId, QueueId};
use crate::program::ExitKind;
use crate::source::{FileId, Span};

/// Index into [`super::Analysis::trees`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeId(pub u32);

/// The events of one function body, in evaluation order: arguments before the call, the receiver before the arguments.
/// Blocks and callbacks that certainly run once, in place, are part of the function around them; others have a tree of
/// their own.
#[derive(Clone, Debug)]
pub struct Tree {
    /// File of the function.
    pub file: FileId,
    /// The function.
    pub span: Span,
    /// Its name.
    pub name: Option<SmolStr>,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
pub enum Step {
    /// A Redis operation.
    Operation(OperationId),
    /// The construction of a client.
    Client(ClientId),
    /// Any other call.
    Call {
        /// Where.
        span: Span,
        /// Whether it certainly has no effect that matters here (`Date.now()`, `JSON.stringify(x)`, arithmetic).
        pure: bool,
        /// Whether it is a call of project code that itself reaches a Redis operation, or of code that may.
        may_touch_redis: bool,
    },
    /// An assignment to a binding or field, by the unique name used in [`Identity::bindings`].
    Assign(SmolStr),
    /// A branch: exactly one arm is taken. A missing `else` is an empty arm. What the condition evaluates stands before it.
    Branch(Vec<Arm>),
    /// A loop.
    Loop {
        /// As the fact `loop`: `collection`, `fixed`, `chunk`, `cursor`, `polling`, `retry`, `consumer`.
        kind: &'static str,
        /// What each turn does, its condition included.
        body: Vec<Step>,
    },
    /// A try with its handlers.
    Try {
        /// Protected steps.
        body: Vec<Step>,
        /// Handlers.
        rescues: Vec<Vec<Step>>,
        /// `finally` or `ensure`.
        cleanup: Vec<Step>,
    },
    /// Leaves the function, loop or turn.
    Exit(ExitKind),
    /// The block of a pipeline or transaction.
    Queue {
        /// Which.
        queue: QueueId,
        /// The block.
        body: Vec<Step>,
    },
    /// Members that run at the same time: `Promise.all`.
    Together(Vec<Vec<Step>>),
}

/// One way through a branch.
#[derive(Clone, Debug, Default)]
pub struct Arm {
    /// What is known when it is taken; all of them hold.
    pub guards: Vec<Guard>,
    /// What it does.
    pub steps: Vec<Step>,
}

/// Something a condition tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// What is tested.
    pub of: GuardOf,
    /// How it came out on this arm, in the words of the relation `guard`: `missing` (nil, false, 0, empty), `present`,
    /// `created` (`=== 1` of a counter, truthy SETNX), `compared` (equal to another value), `other`.
    pub how: &'static str,
}

/// What a condition tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardOf {
    /// The reply of an operation.
    Reply(OperationId),
    /// A value that is no reply: a parameter, a field.
    Value(Identity),
}

//! What the analyses find, as plain data: operations, clients, queues, runs and entries, each with its facts, and the
//! event tree that orders them. Rules read nothing else.

mod event;
mod facts;
mod key;
pub mod relation;
mod tree;

pub use crate::key::{KeyPart, Template};
pub use event::{
    Analysis, Client, ClientBinding, ClientId, Derivation, Entry, Family, Identity, Link, Operation, OperationId, Queue, QueueId, Run,
    RunId, Site, Slot, Unresolved,
};
pub use facts::{EventKind, FACTS, Fact, FactId, Facts, Shape, Value, fact, fact_named};
pub use key::Key;
pub use tree::{Arm, Guard, GuardOf, Step, Tree, TreeId};

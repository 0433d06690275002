//! Rules: Markdown pages that say, in facts, what is wrong and why; and the engine that finds where they hold.
//!
//! A page is read by [`Rules::load`], strictly: what a page gets wrong is an error at its line. [`check`] matches rules against
//! [`crate::operation::Analysis`]. Nothing in here knows a language, a grammar, a client library or a version.

mod check;
mod error;
mod evaluate;
mod event;
mod example;
mod explain;
mod fingerprint;
mod message;
mod model;
mod near;
mod overlap;
mod page;
mod pair;
mod read;
mod render;
mod report;
mod rules;
mod search;
#[cfg(test)]
mod tests;

pub use check::{FixRequest, Found, Selected, check};
pub use error::RuleError;
pub use event::EventId;
pub use example::{Example, ExampleFile, ExampleKind, Pin};
pub use fingerprint::{fingerprint, number};
pub use message::{Message, Piece, Role, Slot};
pub use model::{
    Absent, Action, Bound, CATEGORIES, Case, Conversion, FixSpec, Glob, OptionValue, Pattern, Predicate, Relations, Report, Rule,
    RuleOption, Shape, Subject, Tail, Test, Unless, UnlessOn, When, World,
};
pub use near::nearest;
pub use render::{NoSpeller, Scene, Speller, Term, argument};
pub use rules::{Listing, Rules};

//! Rules: Markdown pages that say, in facts, what is wrong and why; and the engine that finds where they hold.
//!
//! A page is read by [`Rules::load`], strictly: what a page gets wrong is an error at its line. [`check`] matches rules against
//! [`crate::operation::Analysis`]. Nothing in here knows a language, a grammar, a client library or a version.

mod error;
mod example;
mod message;
mod model;
mod near;
mod page;
mod read;
mod rules;

pub use error::RuleError;
pub use example::{Example, ExampleFile, ExampleKind, Pin};
pub use message::{Message, Piece, Role, Slot};
pub use model::{
    Action, Bound, Case, Conversion, FixSpec, Glob, OptionValue, Pattern, Predicate, Relations, Report, Rule, RuleOption, Shape, Subject,
    Tail, Test, Unless, UnlessOn, When,
};
pub use near::nearest;
pub use rules::{Listing, Rules};

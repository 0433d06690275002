//! The keys of operations.

use super::Identity;
use crate::key::Template;
use crate::source::Span;

/// A key argument of an operation.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its text, without what the client puts in front.
    pub template: Template,
    /// What it is the same as.
    pub identity: Option<Identity>,
    /// The argument.
    pub span: Span,
}

//! What a language's writer can spell. A fix is data until here; a writer turns its parts into source text.

use crate::source::Span;

/// A replacement of bytes. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Spells values, options and small constructs in one language.
pub trait Writer: Sync {
    /// A string literal.
    fn string(&self, text: &str) -> String;
    /// A keyword-like options argument, all options in one: `{ EX: 60 }` (TypeScript), `ex: 60` (Ruby).
    fn options(&self, entries: &[(String, String)]) -> String;
    /// The forms of a comment of one line, best first. One among markup stands in braces: `{/* … */}`.
    fn comments(&self, text: &str) -> Vec<String>;
    /// The nil of the language.
    fn nil(&self) -> &'static str;
    /// A conversion of an expression, by name: `json`, `string`, `number`, `integer`, `empty?`, `positive?`. `None` when the
    /// language has no such conversion.
    fn convert(&self, expression: &str, conversion: &str) -> Option<String>;
    /// A guard that runs `statement` only when `expression` has members.
    fn when_not_empty(&self, expression: &str, statement: &str) -> String;
}

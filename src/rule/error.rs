//! What is wrong with a rule page, at its place in the page.

use miette::{NamedSource, SourceSpan};

/// A mistake in a rule page.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub struct RuleError {
    /// What is wrong.
    pub message: String,
    /// The page.
    #[source_code]
    pub page: NamedSource<String>,
    /// The place in the page.
    #[label("{label}")]
    pub span: SourceSpan,
    /// What the place is marked with.
    pub label: String,
    /// What to write instead.
    #[help]
    pub help: Option<String>,
}

impl RuleError {
    /// The 1-based line of the page that the error points at.
    #[must_use]
    pub fn line(&self) -> usize {
        self.page.inner()[..self.span.offset().min(self.page.inner().len())].matches('\n').count() + 1
    }
}

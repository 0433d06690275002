//! Why a file is not taken for a baseline.

use miette::{NamedSource, SourceSpan};

/// Why a file is not taken for a baseline.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum BaselineError {
    /// It is not JSON, or not of this shape.
    #[error("the baseline cannot be read: {reason}")]
    #[diagnostic(help("write it anew with `redis-lint baseline`, or take it from the last commit"))]
    Malformed {
        /// What is wrong.
        reason: String,
        /// The file.
        #[source_code]
        source_code: NamedSource<String>,
        /// Where.
        #[label("here")]
        span: SourceSpan,
    },

    /// It was written by another version of the tool.
    #[error("`{path}` is of the form `{found}`, and this version of redis-lint knows `{known}`")]
    #[diagnostic(help("write it anew with `redis-lint baseline`"))]
    Version {
        /// The file.
        path: String,
        /// What it says of itself.
        found: String,
        /// What is known.
        known: &'static str,
    },

    /// It is JSON of another kind.
    #[error("`{path}` is no baseline")]
    #[diagnostic(help("`redis-lint baseline` writes one"))]
    Other {
        /// The file.
        path: String,
    },
}

impl BaselineError {
    /// The error at the place that the JSON reader tells.
    pub(super) fn malformed(path: &str, text: &str, error: &serde_json::Error) -> Self {
        let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (start + error.column().saturating_sub(1)).min(text.len());
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Malformed { reason, source_code: NamedSource::new(path, text.to_owned()), span: (at, 0).into() }
    }
}

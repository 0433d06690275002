//! What is wrong with a configuration, at its place in the file.

use std::ops::Range;

use miette::{NamedSource, SourceSpan};

/// A mistake in a configuration file.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// The file.
    #[source_code]
    pub file: NamedSource<String>,
    /// Where.
    #[label("here")]
    pub span: SourceSpan,
    /// What to write instead.
    #[help]
    pub help: Option<String>,
}

impl Mistake {
    pub(super) fn new(path: &str, text: &str, span: Range<usize>, message: impl Into<String>, help: Option<String>) -> Self {
        // A terminal obeys what a file may hold; miette draws the source as it is.
        Self { message: message.into(), file: NamedSource::new(path, text.to_owned()), span: (span.start, span.len()).into(), help }
    }
}

/// Why there is no configuration to work with.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Error {
    /// A file cannot be read.
    #[error("the configuration `{path}` cannot be read: {reason}")]
    #[diagnostic(help("check the path and its permissions; a configuration is a TOML file in UTF-8"))]
    Unreadable {
        /// The file.
        path: String,
        /// The system's answer.
        reason: String,
    },

    /// Files are wrong.
    #[error("{} in the configuration", if mistakes.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", mistakes.len()) })]
    #[diagnostic(help("correct what is marked; docs/configuration.md lists what may be written"))]
    Wrong {
        /// What is wrong, each at its place.
        #[related]
        mistakes: Vec<Mistake>,
    },
}

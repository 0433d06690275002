//! What can be wrong with a client table, as a person sees it.

use miette::{Diagnostic, NamedSource, SourceSpan};

/// A client table could not be loaded.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ClientTableError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
    /// The file.
    #[source_code]
    pub file: NamedSource<String>,
    /// 1-based line.
    pub line: usize,
    /// Where.
    #[label("here")]
    pub span: SourceSpan,
}

impl ClientTableError {
    pub(super) fn new(file: &str, text: &str, span: std::ops::Range<usize>, message: String, help: Option<String>) -> Box<Self> {
        let line = 1 + text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count();
        Box::new(Self {
            message: format!("{file}:{line}: {message}"),
            help,
            file: NamedSource::new(file, text.to_owned()),
            line,
            span: span.into(),
        })
    }

    /// From serde's error, with the nearest of the words it expected.
    pub(super) fn of_toml(file: &str, text: &str, error: &toml::de::Error) -> Box<Self> {
        let message = error.message();
        let help = nearest_expected(message).map(|word| format!("did you mean `{word}`?"));
        let help = help.or_else(|| Some("CONTRIBUTING.md shows a table; those of `clients/` have every kind of row".to_owned()));
        Self::new(file, text, error.span().unwrap_or(0..0), message.to_owned(), help)
    }
}

/// serde words it "unknown field `x`, expected one of `a`, `b`": the nearest of a and b.
fn nearest_expected(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let written = quoted.next()?;
    message.starts_with("unknown ").then_some(())?;
    nearest(written, quoted)
}

/// The candidate most like a word, when one is like it at all.
pub(super) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let (distance, word) = candidates.into_iter().map(|candidate| (distance(written, candidate), candidate)).min()?;
    (distance <= written.len().max(word.len()).div_ceil(3)).then_some(word)
}

/// Edits from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, sign) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for (column, want) in other.iter().enumerate() {
            let next = (corner + usize::from(sign != *want)).min(row[column] + 1).min(row[column + 1] + 1);
            corner = row[column + 1];
            row[column + 1] = next;
        }
    }
    row[other.len()]
}

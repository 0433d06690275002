//! Findings as plain data. What a person, an editor or a CI service sees of them is the business of `output`.

use smol_str::SmolStr;

use crate::source::{FileId, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth changing.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The word used in rule pages, options and outputs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|severity| severity.word() == word)
    }

    /// One step less.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning | Self::Info => Self::Info,
        }
    }
}

/// A marked place with a short text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// File.
    pub file: FileId,
    /// What is marked.
    pub span: Span,
    /// What it says; may be empty for the primary label.
    pub text: String,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// It may change what the program does.
    Unsafe,
    /// It was proved not to.
    Safe,
}

/// A text edit of a fix, in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixEdit {
    /// File.
    pub file: FileId,
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// A change that puts a finding right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Imperative line: "Set the TTL in the same command".
    pub title: String,
    /// Whether it needs a look.
    pub safety: Safety,
    /// Edits in order of place, none overlapping.
    pub edits: Vec<FixEdit>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Rule id.
    pub rule: SmolStr,
    /// How bad it is here.
    pub severity: Severity,
    /// One line: what happens, on which key.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Page of the rule.
    pub url: String,
    /// The call at fault.
    pub primary: Label,
    /// The whole call at fault, or the statement that it is, in the file of `primary`; of a pair of calls in one file, from one to
    /// the other.
    pub extent: Span,
    /// Further places: the other call, where the client was made. May be in other files.
    pub related: Vec<Label>,
    /// How to put it right.
    pub fix: Option<Fix>,
    /// Stable name of this finding: rule, file, key template and normalised statement, never a line number; `…-2` for the
    /// second of equal ones.
    pub fingerprint: String,
    /// Rules whose finding at the same place this one replaces.
    pub also: Vec<SmolStr>,
}

impl Finding {
    /// What findings are sorted by: file, place and rule.
    #[must_use]
    pub fn place(&self) -> (FileId, Span, &str) {
        (self.primary.file, self.primary.span, &self.rule)
    }
}

/// A file, or a part of one, that was not analysed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Path relative to the working directory.
    pub path: String,
    /// Why, for a person.
    pub reason: String,
}

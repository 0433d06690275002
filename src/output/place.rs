//! Spans as lines and columns.

use crate::finding::Label;
use crate::source::{FileId, SourceFile, Span};

/// A span as lines and columns: both 1-based, columns in characters, the end behind the last character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl<'a> Place<'a> {
    pub(super) fn new(files: &'a [SourceFile], file: FileId, span: Span) -> Self {
        let Some(file) = files.get(file.0 as usize) else {
            return Self { path: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let (start, end) = (file.position(span.start), file.position(span.end));
        Self { path: &file.path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }

    /// The place of a label.
    pub(super) fn of(files: &'a [SourceFile], label: &Label) -> Self {
        Self::new(files, label.file, label.span)
    }
}

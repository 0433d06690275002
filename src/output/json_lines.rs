//! The report as one JSON document a line, for programs that read as it comes. `type` tells what a line is; a check ends with its summary.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{FindingView, SkippedView, Summary, write_escaped};
use super::{OperationRow, Report, UnresolvedRow};
use crate::finding::Skipped;

/// Writes a line for each finding, one for each file that was not analysed, and one with the summary.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json_lines(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for finding in report.findings {
        write_line(out, &Line::Finding(FindingView::new(report.files, finding)))?;
    }
    write_skipped(out, report.skipped)?;
    write_line(out, &Line::Summary(Summary::new(report)))
}

/// Writes a line for each operation, and one for each file that was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_operations_json_lines(out: &mut dyn Write, operations: &[OperationRow], skipped: &[Skipped]) -> io::Result<()> {
    for operation in operations {
        write_line(out, &Line::Operation(operation))?;
    }
    write_skipped(out, skipped)
}

/// Writes a line for each call that may be an operation, and one for each file that was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_unresolved_json_lines(out: &mut dyn Write, calls: &[UnresolvedRow], skipped: &[Skipped]) -> io::Result<()> {
    calls.iter().try_for_each(|call| write_line(out, &Line::Unresolved(call)))?;
    write_skipped(out, skipped)
}

fn write_skipped(out: &mut dyn Write, skipped: &[Skipped]) -> io::Result<()> {
    skipped.iter().try_for_each(|skipped| write_line(out, &Line::Skipped(SkippedView::new(skipped))))
}

fn write_line(out: &mut dyn Write, line: &Line) -> io::Result<()> {
    let text = serde_json::to_string(line).map_err(io::Error::other)?;
    write_escaped(out, &text)
}

/// A line of `--format json-lines`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "a line lives only while it is written")]
pub(super) enum Line<'a> {
    /// Something found.
    Finding(FindingView<'a>),
    /// A Redis operation.
    Operation(&'a OperationRow),
    /// A call named like a Redis command whose receiver is not known.
    Unresolved(&'a UnresolvedRow),
    /// A file that was not analysed, or only in part.
    Skipped(SkippedView<'a>),
    /// The last line of a check.
    Summary(Summary<'a>),
}

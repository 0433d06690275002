//! Workflow commands, which GitHub Actions shows as annotations of the changed files.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::clean::clean;
use super::place::Place;
use super::{Report, write_skipped, write_stale};
use crate::finding::Severity;

/// Writes an annotation for each finding. What was not analysed goes to the log as plain lines: annotations are few.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_github(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for finding in report.findings {
        let Place { path, line, column, end_line, end_column } = Place::of(report.files, &finding.primary);
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        write!(out, "::{command} file={},line={line},endLine={end_line}", property(path))?;
        // Columns are understood within one line only.
        if line == end_line {
            write!(out, ",col={column},endColumn={end_column}")?;
        }
        let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        writeln!(out, ",title={}::{}", property(&format!("redis-lint {}", finding.rule)), data(&format!("{}{help}", finding.message)))?;
    }
    write_skipped(out, report.skipped)?;
    write_stale(out, report.known)
}

/// The message of a command. Line breaks are part of it, everything else that a log obeys is made visible.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| clean(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

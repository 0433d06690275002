//! One line a finding, in the form of compilers: `path:line:column: severity: message [rule]`. Editors, `grep` and problem
//! matchers know it.

use std::io::{self, Write};

use super::clean::clean;
use super::place::Place;
use super::{Report, write_stale};

/// Writes a line for each finding, and one for each file that was not analysed. `quiet` leaves out the latter.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_short(out: &mut dyn Write, report: &Report, quiet: bool) -> io::Result<()> {
    for finding in report.findings {
        let Place { path, line, column, .. } = Place::of(report.files, &finding.primary);
        let (severity, message, rule) = (finding.severity.word(), clean(&finding.message), clean(&finding.rule));
        writeln!(out, "{}:{line}:{column}: {severity}: {message} [{rule}]", clean(path))?;
    }
    for skipped in report.skipped.iter().filter(|_| !quiet) {
        writeln!(out, "{}: not analysed: {}", clean(&skipped.path), clean(&skipped.reason))?;
    }
    if quiet { Ok(()) } else { write_stale(out, report.known) }
}

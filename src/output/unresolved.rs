//! The list of calls that may be Redis operations: the view that both of its outputs share, and the list for a person.

use std::io::{self, Write};

use serde::Serialize;

use super::clean::clean;
use super::counted;
use super::operations::StepRow;
use crate::finding::Skipped;

/// A call named like a Redis command whose receiver is not known.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnresolvedRow {
    /// Path relative to the working directory.
    pub path: String,
    /// Line of the method's name, 1-based.
    pub line: u32,
    /// Column of the method's name, 1-based, in characters.
    pub column: u32,
    /// The command that it would be.
    pub command: String,
    /// Method as written.
    pub method: String,
    /// Where resolution stopped, and why.
    pub why: StepRow,
}

/// Writes the calls, each with the reason under it, and what was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_unresolved_human(out: &mut dyn Write, calls: &[UnresolvedRow], skipped: &[Skipped], quiet: bool) -> io::Result<()> {
    for call in calls {
        writeln!(
            out,
            "{}:{}:{}: {} is not known to be called on a client",
            clean(&call.path),
            call.line,
            call.column,
            clean(&call.method)
        )?;
        writeln!(out, "    {}", call.why.shown())?;
    }
    if quiet {
        return Ok(());
    }
    for skipped in skipped {
        writeln!(out, "not analysed: {}: {}", clean(&skipped.path), clean(&skipped.reason))?;
    }
    writeln!(out, "{}.", counted(calls.len(), "call"))
}

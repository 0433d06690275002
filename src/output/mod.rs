//! What people and programs see of findings and operations.
//!
//! Each output has a view of its own; a finding itself knows nothing of terminals or JSON. The bytes depend on nothing but
//! what is shown: not on the time, the machine or the number of threads.

mod checkstyle;
mod clean;
mod diff;
mod excerpt;
mod github;
mod gitlab;
mod human;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod operations;
mod page;
mod place;
mod rules;
mod sarif;
#[cfg(test)]
mod schemas;
mod short;
mod statistics;
#[cfg(test)]
mod tests;
mod unresolved;
mod xml;

use std::io::{self, Write};

use crate::baseline::Entry;
use crate::finding::{Finding, Skipped};
use crate::source::SourceFile;

pub use checkstyle::write_checkstyle;
pub use clean::clean;
pub use github::write_github;
pub use gitlab::write_gitlab;
pub use human::{Style, write_human};
pub use json::{write_json, write_operations_json, write_unresolved_json};
pub use json_lines::{write_json_lines, write_operations_json_lines, write_unresolved_json_lines};
pub use junit::write_junit;
pub use markdown::write_markdown;
pub use operations::{OperationRow, StepRow, Ttl, write_operations_human};
pub use page::write_page;
pub use rules::{RuleInfo, write_rules_human, write_rules_json};
pub use sarif::write_sarif;
pub use short::write_short;
pub use statistics::{Measures, write_statistics, write_statistics_json};
pub use unresolved::{UnresolvedRow, write_unresolved_human};

/// The result of a check, as far as outputs look at it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The files that findings point into, by [`crate::source::FileId`].
    pub files: &'a [SourceFile],
    /// How many files were asked for.
    pub analysed: usize,
    /// What was found, in the order of the report.
    pub findings: &'a [Finding],
    /// What a comment in the source ignores, with the reason that it gives. The forms that are about what to do leave it out.
    pub ignored: &'a [(Finding, Option<String>)],
    /// What was not analysed.
    pub skipped: &'a [Skipped],
    /// The rules that were checked.
    pub rules: &'a [RuleInfo],
    /// What a baseline took out of `findings`, when there was one.
    pub known: Option<&'a Known<'a>>,
}

/// What a baseline says of a run.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// How many findings are in it; they are not reported.
    pub findings: usize,
    /// Its entries that nothing was found for.
    pub stale: Vec<&'a Entry>,
}

impl Report<'_> {
    /// Counts of findings: errors, warnings, infos.
    fn counts(&self) -> [usize; 3] {
        use crate::finding::Severity::{Error, Info, Warning};
        [Error, Warning, Info].map(|severity| self.findings.iter().filter(|finding| finding.severity == severity).count())
    }

    /// How much was found, for a heading: `2 errors, 1 warning in 3 files`.
    fn total(&self) -> String {
        let files = counted(self.analysed, "file");
        let parts = self.counts().into_iter().zip(["error", "warning", "info"]).filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, word)| counted(number, word)).collect();
        if parts.is_empty() { format!("nothing to report in {files}") } else { format!("{} in {files}", parts.join(", ")) }
    }
}

/// Writes a line for each file that was not analysed, or only in part.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_skipped(out: &mut dyn Write, skipped: &[Skipped]) -> io::Result<()> {
    skipped.iter().try_for_each(|skipped| writeln!(out, "not analysed: {}: {}", clean(&skipped.path), clean(&skipped.reason)))
}

/// Writes a line for each entry of the baseline that nothing was found for.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_stale(out: &mut dyn Write, known: Option<&Known>) -> io::Result<()> {
    let mut stale = known.iter().flat_map(|known| &known.stale);
    stale.try_for_each(|entry| {
        writeln!(out, "stale in the baseline: {}: {} [{}]", clean(&entry.path), clean(&entry.message), clean(&entry.rule))
    })
}

/// `1 file`, `2 files`.
fn counted(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

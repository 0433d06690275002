//! What people and programs see of findings and operations.
//!
//! Each output has a view of its own; a finding itself knows nothing of terminals or JSON. The bytes depend on nothing but
//! what is shown: not on the time, the machine or the number of threads.

mod clean;
mod diff;
mod excerpt;
mod human;
mod json;
mod operations;
mod page;
mod statistics;
#[cfg(test)]
mod tests;

use crate::finding::{Finding, Skipped};
use crate::source::SourceFile;

pub use clean::clean;
pub use human::{Style, write_human};
pub use json::{write_json, write_operations_json};
pub use operations::{OperationRow, Ttl, write_operations_human};
pub use page::write_page;
pub use statistics::write_statistics;

/// The result of a check, as far as outputs look at it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The files that findings point into, by [`crate::source::FileId`].
    pub files: &'a [SourceFile],
    /// How many files were asked for.
    pub analysed: usize,
    /// What was found, in the order of the report.
    pub findings: &'a [Finding],
    /// What was not analysed.
    pub skipped: &'a [Skipped],
}

impl Report<'_> {
    /// Counts of findings: errors, warnings, infos.
    fn counts(&self) -> [usize; 3] {
        use crate::finding::Severity::{Error, Info, Warning};
        [Error, Warning, Info].map(|severity| self.findings.iter().filter(|finding| finding.severity == severity).count())
    }
}

/// `1 file`, `2 files`.
fn counted(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

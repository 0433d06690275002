//! How often each rule reports.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Report;
use super::clean::clean;

/// Writes a line per rule that reports, most often first.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_statistics(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in report.findings {
        let (count, fixable) = rules.entry(&finding.rule).or_default();
        *count += 1;
        *fixable += usize::from(finding.fix.is_some());
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, (count, _))| (std::cmp::Reverse(*count), *rule));
    let width = rules.first().map_or(0, |(_, (count, _))| count.to_string().len());
    for (rule, (count, fixable)) in rules {
        let fixable = if fixable > 0 { format!(" ({fixable} with a fix)") } else { String::new() };
        writeln!(out, "{count:width$}  {}{fixable}", clean(rule))?;
    }
    Ok(())
}

//! Which fixes are made together.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Fix};
use crate::source::{FileId, Span};

/// Of the fixes that may be made, those that do not touch each other: in the order of place, the first one wins. The same findings
/// always give the same choice.
#[must_use]
pub fn choose(findings: &[Finding], may: impl Fn(&Finding, &Fix) -> bool) -> Vec<&Finding> {
    let mut candidates: Vec<(&Finding, &Fix)> =
        findings.iter().filter_map(|finding| Some((finding, finding.fix.as_ref()?))).filter(|(finding, fix)| may(finding, fix)).collect();
    candidates.sort_by_key(|(finding, fix)| (fix.edits.first().map(|edit| (edit.file, edit.span)), finding.rule.clone()));
    let mut taken: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
    let mut chosen = Vec::new();
    for (finding, fix) in candidates {
        // Two insertions at one place have no order, so spans that touch count as overlapping.
        let free = fix.edits.iter().all(|edit| {
            let others = taken.get(&edit.file).map_or(&[][..], Vec::as_slice);
            others.iter().all(|other| edit.span.end < other.start || other.end < edit.span.start)
        });
        if free && !fix.edits.is_empty() {
            for edit in &fix.edits {
                taken.entry(edit.file).or_default().push(edit.span);
            }
            chosen.push(finding);
        }
    }
    chosen
}

//! Writing comments that ignore what is found now.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::Input;
use super::rewrite::Rewrite;
use crate::finding::{Finding, FixEdit};
use crate::fix;
use crate::pipeline;
use crate::source::{FileId, SourceFile};
use crate::suppression::{CHECKS, MARK};

/// Gives the files of the input a comment for every finding, where one can stand. The disk is as it was.
pub(super) fn ignore(input: &mut Input, findings: &[Finding], reason: Option<&str>) -> Rewrite {
    let mut places: BTreeMap<(FileId, u32, u32), BTreeSet<SmolStr>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| CHECKS.iter().all(|check| finding.rule != check.id)) {
        let id = finding.primary.file;
        let Some(file) = input.files().get(id.0 as usize).filter(|file| !file.repaired) else { continue };
        let (first, last) = (file.line(finding.extent.start), file.line(finding.extent.end.saturating_sub(1).max(finding.extent.start)));
        places.entry((id, first, last)).or_default().insert(finding.rule.clone());
    }
    let mut edits: BTreeMap<FileId, Vec<FixEdit>> = BTreeMap::new();
    for ((id, first, last), rules) in places {
        let rules: Vec<&str> = rules.iter().map(SmolStr::as_str).collect();
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let text = format!("{MARK} {}{reason}", rules.join(", "));
        let file = &input.files()[id.0 as usize];
        let found = fix::comments(id, file, first, last, &text).into_iter().find(|way| is_comment(file, way));
        edits.entry(id).or_default().extend(found.map(|way| way.edit));
    }
    let mut rewrite = Rewrite::default();
    for (id, mut edits) in edits.into_iter().filter(|(_, edits)| !edits.is_empty()) {
        edits.sort_by_key(|edit| edit.span);
        let text = fix::apply(&input.files()[id.0 as usize].text, &edits);
        rewrite.change(input, id, text);
    }
    rewrite
}

/// Whether what would be written is a comment there, and nothing else becomes worse.
fn is_comment(file: &SourceFile, way: &fix::Written) -> bool {
    let new = fix::apply(&file.text, std::slice::from_ref(&way.edit));
    let (before, after) = (pipeline::outline(file.language, &file.text), pipeline::outline(file.language, &new));
    after.comments.iter().any(|comment| comment.start == way.at) && after.errors == before.errors
}

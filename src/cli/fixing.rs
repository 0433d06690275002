//! Making fixes: in memory, round by round, each round checked before the next one.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::check::is_wanted;
use super::examine::{Examined, examine};
use super::rewrite::Rewrite;
use super::{Engine, Error, Input, Profiles};
use crate::finding::{Finding, FixEdit, Safety};
use crate::fix;
use crate::source::FileId;

/// How often fixes are made before the rest is left: a fix may make room for another one.
const ROUNDS: usize = 32;

/// Which fixes are to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Those of at least this safety.
    pub least: Safety,
    /// Those of findings with these fingerprints; of all where none are named.
    pub findings: Option<&'a FxHashSet<String>>,
}

/// What came of fixing.
#[derive(Debug)]
pub(super) struct Fixed {
    /// What is found now.
    pub examined: Examined,
    /// The files that are different now.
    pub rewrite: Rewrite,
    /// How many fixes of each rule were made.
    pub made: BTreeMap<SmolStr, usize>,
    /// Fixes that were found to be wrong, for a person: `a.ts:3: …`.
    pub withheld: BTreeSet<String>,
}

/// Makes all fixes that are wanted. The files of the input hold the new texts afterwards; the disk is as it was.
///
/// A round is only kept when every file that it changed parses as well as before, and each rule reports less there by what was fixed. Where
/// not, its fixes are tried one by one, and those at fault are withheld.
pub(super) fn fix(
    input: &mut Input,
    profiles: &Profiles,
    engine: &dyn Engine,
    first: Examined,
    wanted: &Wanted<'_>,
) -> Result<Fixed, Error> {
    let mut fixed = Fixed { examined: first, rewrite: Rewrite::default(), made: BTreeMap::new(), withheld: BTreeSet::new() };
    let mut wrong: FxHashSet<(SmolStr, String)> = FxHashSet::default();
    let mut careful: FxHashSet<FileId> = FxHashSet::default();
    for _ in 0..ROUNDS {
        let batch = batch(input, &fixed.examined.findings, wanted, &wrong, &careful);
        if batch.is_empty() {
            break;
        }
        let edits = by_file(&batch);
        let mut before = Rewrite::default();
        for (file, edits) in &edits {
            let text = fix::apply(&input.files()[file.0 as usize].text, edits);
            before.change(input, *file, text);
        }
        let next = examine(input, profiles, engine)?;
        let bad: Vec<FileId> = edits.keys().copied().filter(|file| !is_better(*file, &batch, &fixed.examined, &next)).collect();
        if bad.is_empty() {
            for finding in &batch {
                *fixed.made.entry(finding.rule.clone()).or_default() += 1;
            }
            fixed.examined = next;
            fixed.rewrite.follow(before);
            continue;
        }
        before.undo(input);
        for file in bad {
            let mut own = batch.iter().filter(|finding| touches(finding, file));
            if let (Some(finding), None) = (own.next(), own.next()) {
                let source = &input.files()[finding.primary.file.0 as usize];
                let line = source.line(finding.primary.span.start);
                fixed.withheld.insert(format!("{}:{line}: the fix of {}", source.path, finding.rule));
                wrong.insert((finding.rule.clone(), finding.fingerprint.clone()));
            } else {
                careful.insert(file);
            }
        }
    }
    Ok(fixed)
}

/// The fixes of a round.
fn batch(
    input: &Input,
    findings: &[Finding],
    wanted: &Wanted<'_>,
    wrong: &FxHashSet<(SmolStr, String)>,
    careful: &FxHashSet<FileId>,
) -> Vec<Finding> {
    // Of a text that was repaired the bytes are not known, and what was not asked for stays as it is.
    let writable = |file: FileId| input.is_requested(file) && !input.files()[file.0 as usize].repaired;
    let chosen = fix::choose(findings, |finding, fix| {
        fix.safety >= wanted.least
            && is_wanted(wanted.findings, finding)
            && fix.edits.iter().all(|edit| writable(edit.file))
            && !wrong.contains(&(finding.rule.clone(), finding.fingerprint.clone()))
    });
    let mut single: FxHashSet<FileId> = FxHashSet::default();
    let alone = |finding: &&Finding| {
        let files: Vec<FileId> = careful.iter().copied().filter(|file| touches(finding, *file)).collect();
        files.iter().all(|file| single.insert(*file))
    };
    chosen.into_iter().filter(alone).cloned().collect()
}

fn touches(finding: &Finding, file: FileId) -> bool {
    finding.fix.iter().flat_map(|fix| &fix.edits).any(|edit| edit.file == file)
}

fn by_file(batch: &[Finding]) -> BTreeMap<FileId, Vec<FixEdit>> {
    let mut edits: BTreeMap<FileId, Vec<FixEdit>> = BTreeMap::new();
    for edit in batch.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits) {
        edits.entry(edit.file).or_default().push(edit.clone());
    }
    edits.values_mut().for_each(|edits| edits.sort_by_key(|edit| edit.span));
    edits
}

/// Whether a file parses as well as before, and what was fixed in it is gone.
fn is_better(file: FileId, batch: &[Finding], before: &Examined, after: &Examined) -> bool {
    let partial = |examined: &Examined| examined.partial.iter().filter(|(id, _)| *id == file).cloned().collect::<Vec<_>>();
    let count = |findings: &[Finding], rule: &str| findings.iter().filter(|one| one.primary.file == file && one.rule == rule).count();
    partial(before) == partial(after)
        && batch.iter().filter(|finding| finding.primary.file == file).all(|finding| {
            let fixed = count(batch, &finding.rule);
            count(&after.findings, &finding.rule) + fixed <= count(&before.findings, &finding.rule)
        })
}

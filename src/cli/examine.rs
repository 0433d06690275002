//! Checking, and what comments make of the findings.

use super::{Engine, Error, Input, Profiles};
use crate::finding::{Finding, Skipped};
use crate::output::Measures;
use crate::source::FileId;
use crate::suppression::{self, Scene};

/// What a check found in the files asked for.
#[derive(Debug)]
pub(super) struct Examined {
    /// Findings that count, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// Findings that a comment ignores, with the reason that it gives.
    pub ignored: Vec<(Finding, Option<String>)>,
    /// What was not analysed.
    pub skipped: Vec<Skipped>,
    /// Files that were parsed in part, with the reason.
    pub partial: Vec<(FileId, String)>,
    /// What it cost.
    pub measures: Measures,
}

/// Checks the files of a run.
///
/// # Errors
/// When the tool cannot do its work.
pub(super) fn examine(input: &Input, profiles: &Profiles, engine: &dyn Engine) -> Result<Examined, Error> {
    let mut checked = engine.check(input, profiles)?;
    checked.findings.retain(|finding| input.is_requested(finding.primary.file));
    let settings = |file: FileId| input.walked.real.get(file.0 as usize).map(|real| input.setup.configuration.of(real));
    let scene = Scene {
        files: input.files(),
        comments: &checked.comments,
        rules: profiles.rules,
        ran: &|file, rule| !checked.partial.iter().any(|(partial, _)| *partial == file) && profiles.ran(file, rule),
        needs_reason: &|file| settings(file).and_then(|settings| settings.require_reasons()).is_some_and(|(needed, _)| needed),
    };
    let suppression::Outcome { kept, ignored, own } = suppression::apply(checked.findings, &scene);
    let mut findings = kept;
    for mut finding in own.into_iter().filter(|finding| input.is_requested(finding.primary.file)) {
        if let Some(severity) = profiles.own(finding.primary.file, &finding.rule) {
            finding.severity = severity.unwrap_or(finding.severity);
            findings.push(finding);
        }
    }
    findings.sort_by(|one, other| one.place().cmp(&other.place()));
    let skipped = input.skipped(checked.skipped);
    Ok(Examined { findings, ignored, skipped, partial: checked.partial, measures: checked.measures })
}

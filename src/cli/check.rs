//! `redis-lint check`.

use std::time::Instant;

use super::arguments::{CheckArguments, FailOn};
use super::progress::Progress;
use super::reports::write_reports;
use super::{Checked, Cli, Engine, Error, Input, Outcome, Profiles, Terminal, since};
use crate::output::{Known, Report};

/// Checks files and writes what was found.
///
/// # Errors
/// When the tool cannot do its work.
pub fn check(arguments: &CheckArguments, cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let comparison = &arguments.compare;
    let baseline = comparison.baseline.as_deref().map(|file| super::baseline::given(file, terminal)).transpose()?;
    if comparison.fail_on_stale && baseline.is_none() {
        return Err(Error::StaleOfNothing);
    }
    let clock = Instant::now();
    let progress = Progress::new(cli, terminal);
    progress.stage("reading files");
    let input = Input::read(&arguments.files, cli, terminal)?;
    let profiles = Profiles::new(&input, &arguments.rules)?;
    let changes = comparison.since.as_ref().map(|revision| since::changes(revision, &input.walked)).transpose()?;
    let read = clock.elapsed();
    progress.stage(format!("following clients through {} files", input.files().len()));
    let Checked { mut findings, skipped, mut measures } = engine.check(&input, &profiles)?;
    measures.stages.insert(0, ("read", read));
    drop(progress);

    findings.retain(|finding| input.is_requested(finding.primary.file));
    let mut known = None;
    if let Some(baseline) = &baseline {
        let compared = baseline.compare(findings, &super::baseline::scope(&input, &profiles));
        findings = compared.new;
        known = Some(Known { findings: compared.known, stale: compared.stale });
    }
    if let Some(changes) = &changes {
        findings.retain(|finding| since::touches(changes, finding, input.files()));
    }
    let skipped = input.skipped(skipped);
    let infos = super::rules::infos(profiles.running());
    let report = Report {
        files: input.files(),
        analysed: input.requested_count(),
        findings: &findings,
        skipped: &skipped,
        rules: &infos,
        known: known.as_ref(),
    };
    write_reports(&report, &measures, &arguments.report, cli, terminal)?;

    let failing = arguments.report.fail_on.unwrap_or(FailOn::Info).severity();
    let fails = findings.iter().any(|finding| failing.is_some_and(|failing| finding.severity >= failing));
    let stale = comparison.fail_on_stale && known.is_some_and(|known| !known.stale.is_empty());
    Ok(if fails || stale { Outcome::Findings } else { Outcome::Clean })
}

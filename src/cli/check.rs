//! `redis-lint check`.

use super::arguments::{CheckArguments, FailOn};
use super::reports::write_reports;
use super::{Cli, Engine, Error, Input, Outcome, Profiles, Terminal};
use crate::output::Report;

/// Checks files and writes what was found.
///
/// # Errors
/// When the tool cannot do its work.
pub fn check(arguments: &CheckArguments, cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let input = Input::read(&arguments.files, cli, terminal)?;
    let profiles = Profiles::new(&input, &arguments.rules)?;
    let checked = engine.check(&input, &profiles)?;

    let mut findings = checked.findings;
    findings.retain(|finding| input.is_requested(finding.primary.file));
    let skipped = input.skipped(checked.skipped);
    let infos = super::rules::infos(profiles.running());
    let report = Report { files: input.files(), analysed: input.requested_count(), findings: &findings, skipped: &skipped, rules: &infos };
    write_reports(&report, &arguments.report, cli, terminal)?;

    let failing = arguments.report.fail_on.unwrap_or(FailOn::Info).severity();
    let fails = findings.iter().any(|finding| failing.is_some_and(|failing| finding.severity >= failing));
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

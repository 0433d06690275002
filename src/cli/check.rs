//! `redis-lint check`.

use super::arguments::{CheckArguments, FailOn};
use super::reports::write_reports;
use super::{Cli, Engine, Error, Input, Outcome, Terminal, selected};
use crate::output::Report;

/// Checks files and writes what was found.
///
/// # Errors
/// When the tool cannot do its work.
pub fn check(arguments: &CheckArguments, cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let rules = super::rules::load(cli, terminal)?;
    let selected = selected(&rules, &arguments.rules.select, &arguments.rules.ignore)?;
    let input = Input::read(&arguments.files, cli.threads, terminal)?;
    let checked = engine.check(&input, &rules, &selected)?;

    let mut findings = checked.findings;
    findings.retain(|finding| input.is_requested(finding.primary.file));
    let skipped = input.skipped(checked.skipped);
    let infos = super::rules::infos(selected.iter().map(|selected| selected.rule));
    let report = Report { files: input.files(), analysed: input.requested_count(), findings: &findings, skipped: &skipped, rules: &infos };
    write_reports(&report, &arguments.report, cli, terminal)?;

    let failing = arguments.report.fail_on.unwrap_or(FailOn::Info).severity();
    let fails = findings.iter().any(|finding| failing.is_some_and(|failing| finding.severity >= failing));
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

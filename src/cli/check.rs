//! `redis-lint check`.

use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;

use super::arguments::{CheckArguments, FailOn};
use super::examine::{Examined, examine};
use super::fixing::{Fixed, Wanted, fix};
use super::ignoring::ignore;
use super::progress::Progress;
use super::reports::write_reports;
use super::rewrite::Rewrite;
use super::{Cli, Engine, Error, Input, Outcome, Profiles, Terminal, since};
use crate::finding::Finding;
use crate::output::{Known, Report, clean};
use crate::source::SourceFile;

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
    let mut input = Input::read(&arguments.files, cli, terminal)?;
    let setup = Arc::clone(&input.setup);
    let profiles = Profiles::new(&setup, &input.walked.real, &arguments.rules)?;
    let changes = comparison.since.as_ref().map(|revision| since::changes(revision, &input.walked)).transpose()?;
    let scope = super::baseline::scope(&input, &profiles, baseline.as_ref());
    let compare = |findings: Vec<Finding>, files: &[SourceFile]| match &baseline {
        None => (findings, None),
        Some(baseline) => {
            let compared = baseline.compare(findings, files, &scope);
            (compared.new, Some(Known { findings: compared.known, stale: compared.stale }))
        }
    };

    let read = clock.elapsed();
    progress.stage(format!("following clients through {} files", input.files().len()));
    let mut examined = examine(&input, &profiles, engine)?;
    examined.measures.stages.insert(0, ("read", read));
    drop(progress);
    // Fixes move lines, fingerprints stay: what is fixed, ignored and reported is what counts now.
    let mut wanted: Option<FxHashSet<String>> = None;
    if baseline.is_some() || changes.is_some() {
        let counts = |finding: &Finding| changes.as_ref().is_none_or(|changes| since::touches(changes, finding, input.files()));
        let (new, _) = compare(examined.findings.clone(), input.files());
        wanted = Some(new.into_iter().filter(counts).map(|finding| finding.fingerprint).collect());
    }
    let mut rewrite = Rewrite::default();
    if arguments.fixes.is_asked() {
        (examined, rewrite) = change(examined, wanted.as_ref(), &mut input, &profiles, arguments, engine, terminal, cli.quiet)?;
    }
    if arguments.fixes.diff {
        let style = terminal.style(cli.quiet);
        terminal.write(|out| rewrite.write_diff(out, &input, style))?;
        return Ok(if rewrite.is_empty() { Outcome::Clean } else { Outcome::Findings });
    }
    if arguments.files.stdin && arguments.fixes.changes() {
        // A filter: text in, text out.
        terminal.write(|out| input.requested_texts().try_for_each(|text| out.write_all(text.as_bytes())))?;
        return Ok(Outcome::Clean);
    }
    rewrite.write(&input)?;

    let Examined { findings, ignored, skipped, measures, .. } = examined;
    let (mut findings, known) = compare(findings, input.files());
    if changes.is_some() {
        findings.retain(|finding| is_wanted(wanted.as_ref(), finding));
    }
    let mut infos = super::rules::infos(profiles.running());
    infos.extend(super::rules::own_infos().filter(|info| profiles.own_running().any(|id| id == info.id)));
    let report = Report {
        files: input.files(),
        analysed: input.requested_count(),
        findings: &findings,
        ignored: &ignored,
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

/// Whether a finding is among those that count; all are where none are named.
pub(super) fn is_wanted(wanted: Option<&FxHashSet<String>>, finding: &Finding) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&finding.fingerprint))
}

/// Makes fixes, or comments that ignore findings, as asked for: what is found then, and what is different.
#[allow(clippy::too_many_arguments, reason = "it is a part of `check`, cut off")]
fn change(
    examined: Examined,
    wanted: Option<&FxHashSet<String>>,
    input: &mut Input,
    profiles: &Profiles,
    arguments: &CheckArguments,
    engine: &dyn Engine,
    terminal: &mut Terminal,
    quiet: bool,
) -> Result<(Examined, Rewrite), Error> {
    let number = |number: usize, what: &str| if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") };
    let done = if arguments.fixes.diff { "Would change" } else { "Changed" };
    if arguments.fixes.add_ignores {
        let reason = arguments.fixes.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let asked = |settings: &crate::config::Settings| settings.require_reasons().is_some_and(|(asked, _)| asked);
        if reason.is_none() && input.setup.configuration.all().any(asked) {
            return Err(Error::NoReason);
        }
        let before = examined.findings.len();
        let findings: Vec<Finding> = examined.findings.into_iter().filter(|finding| is_wanted(wanted, finding)).collect();
        let rewrite = ignore(input, &findings, reason);
        let examined = examine(input, profiles, engine)?;
        if !quiet {
            let ignored = number(before.saturating_sub(examined.findings.len()), "finding");
            terminal.note(|err| writeln!(err, "{done} {}: {ignored} ignored.", number(rewrite.len(), "file")));
        }
        return Ok((examined, rewrite));
    }
    let Some(least) = arguments.fixes.least() else { return Ok((examined, Rewrite::default())) };
    let Fixed { examined, rewrite, made, withheld } = fix(input, profiles, engine, examined, &Wanted { least, findings: wanted })?;
    for withheld in &withheld {
        let why = "its result does not parse, or is reported again. This is a mistake of redis-lint: please report it";
        terminal.note(|err| writeln!(err, "withheld: {}: {why}", clean(withheld)));
    }
    if !quiet {
        let rules: Vec<String> = made.iter().map(|(rule, number)| format!("{rule} {number}")).collect();
        let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
        let fixes = if made.values().sum::<usize>() == 1 { "fix" } else { "fixes" };
        let made: usize = made.values().sum();
        terminal.note(|err| writeln!(err, "{done} {}: {made} {fixes}{rules}.", number(rewrite.len(), "file")));
    }
    Ok((examined, rewrite))
}

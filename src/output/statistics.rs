//! How often each rule reports, and what the run cost.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::clean::clean;
use super::json::write_pretty;
use super::{Report, counted};

/// What a run did, and how long it took: the only output that differs from run to run.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// Source files that were read: those asked for, and the project around them.
    pub read: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Files that were parsed, because they may matter.
    pub parsed: usize,
    /// Their bytes.
    pub parsed_bytes: usize,
    /// Of the parsed files, those that a former run kept.
    pub kept: usize,
    /// Rounds until nothing new was known of clients and values.
    pub rounds: usize,
    /// Wall time of each stage, in order.
    pub stages: Vec<(&'static str, Duration)>,
}

/// Writes a line per rule that reports, most often first, then files and times.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_statistics(out: &mut dyn Write, report: &Report, measures: &Measures) -> io::Result<()> {
    let mut rules: Vec<_> = by_rule(report).into_iter().collect();
    rules.sort_by_key(|(rule, view)| (std::cmp::Reverse(view.findings), *rule));
    let width = rules.first().map_or(0, |(_, view)| view.findings.to_string().len());
    let any = !rules.is_empty();
    for (rule, RuleCount { findings, fixable, ignored }) in rules {
        let parts = [(fixable, "with a fix"), (ignored, "ignored besides")];
        let parts: Vec<String> =
            parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        let more = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        writeln!(out, "{findings:width$}  {}{more}", clean(rule))?;
    }
    if any {
        writeln!(out)?;
    }
    let Measures { read, bytes, parsed, parsed_bytes, kept, rounds, stages } = measures;
    let asked = counted(report.analysed, "file");
    let kept = if *kept > 0 { format!(", {kept} of them by a former run") } else { String::new() };
    writeln!(out, "{asked} asked for, {read} read ({}), {parsed} parsed ({}){kept}", size(*bytes), size(*parsed_bytes))?;
    let width = stages.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max("total".len());
    for (name, time) in stages {
        let rounds = if *name == "resolve" { format!("  {}", counted(*rounds, "round")) } else { String::new() };
        writeln!(out, "{name:width$}  {:>6} ms{rounds}", time.as_millis())?;
    }
    let total: Duration = stages.iter().map(|(_, time)| *time).sum();
    writeln!(out, "{:width$}  {:>6} ms", "total", total.as_millis())
}

/// Writes `redis-lint/statistics/1`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_statistics_json(out: &mut dyn Write, report: &Report, measures: &Measures) -> io::Result<()> {
    let stage = |(name, time): &(&'static str, Duration)| StageView { name, milliseconds: time.as_secs_f64() * 1000.0 };
    let view = StatisticsView {
        schema: "redis-lint/statistics/1",
        rules: by_rule(report),
        files: FileCounts { asked: report.analysed, read: measures.read, parsed: measures.parsed, kept: measures.kept },
        bytes: ByteCounts { read: measures.bytes, parsed: measures.parsed_bytes },
        rounds: measures.rounds,
        stages: measures.stages.iter().map(stage).collect(),
    };
    write_pretty(out, &view)
}

fn by_rule<'a>(report: &Report<'a>) -> BTreeMap<&'a str, RuleCount> {
    let mut rules: BTreeMap<&str, RuleCount> = BTreeMap::new();
    for finding in report.findings {
        let view = rules.entry(&finding.rule).or_default();
        view.findings += 1;
        view.fixable += usize::from(finding.fix.is_some());
    }
    for (finding, _) in report.ignored {
        rules.entry(&finding.rule).or_default().ignored += 1;
    }
    rules
}

/// A number of bytes, short.
fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// `redis-lint check --statistics --format json`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct StatisticsView<'a> {
    /// Name and version of this shape.
    #[cfg_attr(test, schemars(extend("const" = "redis-lint/statistics/1")))]
    schema: &'static str,
    /// Findings by rule; rules that found nothing are left out.
    rules: BTreeMap<&'a str, RuleCount>,
    /// Numbers of source files.
    files: FileCounts,
    /// Numbers of bytes.
    bytes: ByteCounts,
    /// Rounds until nothing new was known of clients and values.
    rounds: usize,
    /// Wall time by stage, in order.
    stages: Vec<StageView>,
}

/// How often a rule reports.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RuleCount {
    /// All findings.
    findings: usize,
    /// Those with a fix.
    fixable: usize,
    /// Findings besides, which comments ignore.
    ignored: usize,
}

/// Numbers of source files.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FileCounts {
    /// Those that were asked for.
    asked: usize,
    /// Those, and the project around them.
    read: usize,
    /// Those that may matter.
    parsed: usize,
    /// Of the parsed ones, those that a former run had kept.
    kept: usize,
}

/// Numbers of bytes.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ByteCounts {
    /// Of the files that were read.
    read: usize,
    /// Of the files that were parsed.
    parsed: usize,
}

/// A stage of the run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StageView {
    /// Its name.
    name: &'static str,
    /// Its wall time.
    milliseconds: f64,
}

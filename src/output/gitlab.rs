//! The Code Quality report of GitLab, which merge requests show.
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::json::write_pretty;
use super::place::Place;
use crate::finding::Severity;

/// Writes the report. GitLab has no place in it for what was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_gitlab(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let issues: Vec<Issue> = report
        .findings
        .iter()
        .map(|finding| {
            let Place { path, line, column, end_line, end_column } = Place::of(report.files, &finding.primary);
            Issue {
                description: &finding.message,
                check_name: &finding.rule,
                fingerprint: &finding.fingerprint,
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Info => "info",
                },
                location: Location {
                    path,
                    positions: Positions { begin: Position { line, column }, end: Position { line: end_line, column: end_column } },
                },
            }
        })
        .collect();
    write_pretty(out, &issues)
}

/// What GitLab calls a violation.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Issue<'a> {
    /// What happens.
    description: &'a str,
    /// The rule.
    check_name: &'a str,
    /// Tells the findings of two branches apart; the same wherever the finding moves within its file.
    fingerprint: &'a str,
    /// `critical` for errors, `major` for warnings, `info`.
    #[cfg_attr(test, schemars(extend("enum" = ["info", "minor", "major", "critical", "blocker"])))]
    severity: &'static str,
    /// Where.
    location: Location<'a>,
}

/// A place in a file.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Location<'a> {
    /// Path relative to the working directory, which should be the root of the repository.
    path: &'a str,
    /// Begin and end.
    positions: Positions,
}

/// Begin and end.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Positions {
    /// The first character.
    begin: Position,
    /// Behind the last character.
    end: Position,
}

/// A line and a column.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Position {
    /// 1-based.
    line: u32,
    /// 1-based, in characters.
    column: u32,
}

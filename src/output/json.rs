//! The reports for programs: `redis-lint/report/1` and `redis-lint/operations/1`. Fields may be added under the same name of
//! the schema, and are never taken away or given another meaning.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{OperationRow, Report};
use crate::finding::{Finding, Fix, Label, Safety, Skipped};
use crate::source::{FileId, SourceFile, Span};

/// Writes the report of a check.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut rules = BTreeMap::new();
    for finding in report.findings {
        *rules.entry(finding.rule.as_str()).or_insert(0) += 1;
    }
    let [errors, warnings, infos] = report.counts();
    let view = ReportView {
        schema: "redis-lint/report/1",
        findings: report.findings.iter().map(|finding| FindingView::new(report.files, finding)).collect(),
        skipped: skipped(report.skipped),
        summary: Summary {
            files: report.analysed,
            findings: report.findings.len(),
            errors,
            warnings,
            infos,
            skipped: report.skipped.len(),
            rules,
        },
    };
    write(out, &view)
}

/// Writes the list of operations.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_operations_json(out: &mut dyn Write, operations: &[OperationRow], skipped: &[Skipped]) -> io::Result<()> {
    let view = OperationsView { schema: "redis-lint/operations/1", operations, skipped: self::skipped(skipped) };
    write(out, &view)
}

fn write(out: &mut dyn Write, view: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(view).map_err(io::Error::other)?;
    // JSON itself lets these through, but terminals obey them. They can only stand in strings.
    let mut written = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c == '\n' || super::clean::shown(c) == Some(c) {
            written.push(c);
        } else {
            written.push_str(&format!("\\u{:04x}", c as u32));
        }
    }
    written.push('\n');
    out.write_all(written.as_bytes())
}

#[derive(Serialize)]
struct ReportView<'a> {
    schema: &'static str,
    findings: Vec<FindingView<'a>>,
    skipped: Vec<SkippedView<'a>>,
    summary: Summary<'a>,
}

#[derive(Serialize)]
struct OperationsView<'a> {
    schema: &'static str,
    operations: &'a [OperationRow],
    skipped: Vec<SkippedView<'a>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    files: usize,
    findings: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    skipped: usize,
    rules: BTreeMap<&'a str, usize>,
}

#[derive(Serialize)]
struct SkippedView<'a> {
    path: &'a str,
    reason: &'a str,
}

fn skipped(skipped: &[Skipped]) -> Vec<SkippedView<'_>> {
    skipped.iter().map(|skipped| SkippedView { path: &skipped.path, reason: &skipped.reason }).collect()
}

#[derive(Serialize)]
struct FindingView<'a> {
    rule: &'a str,
    severity: &'static str,
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: &'a str,
    /// What the marked place is marked with; empty when the message says it all.
    label: &'a str,
    help: Option<&'a str>,
    url: &'a str,
    related: Vec<RelatedView<'a>>,
    fix: Option<FixView<'a>>,
    fingerprint: &'a str,
    /// Rules whose finding at the same place this one replaces.
    also: Vec<&'a str>,
}

#[derive(Serialize)]
struct RelatedView<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct FixView<'a> {
    title: &'a str,
    /// `safe` or `unsafe`.
    safety: &'static str,
    edits: Vec<EditView<'a>>,
}

#[derive(Serialize)]
struct EditView<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'a str,
}

/// A span as lines and columns: both 1-based, the end behind the last character.
struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl<'a> Place<'a> {
    fn new(files: &'a [SourceFile], file: FileId, span: Span) -> Self {
        let Some(file) = files.get(file.0 as usize) else {
            return Self { path: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let (start, end) = (file.position(span.start), file.position(span.end));
        Self { path: &file.path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl<'a> FindingView<'a> {
    fn new(files: &'a [SourceFile], finding: &'a Finding) -> Self {
        let Place { path, line, column, end_line, end_column } = Place::new(files, finding.primary.file, finding.primary.span);
        Self {
            rule: &finding.rule,
            severity: finding.severity.word(),
            path,
            line,
            column,
            end_line,
            end_column,
            message: &finding.message,
            label: &finding.primary.text,
            help: finding.help.as_deref(),
            url: &finding.url,
            related: finding.related.iter().map(|label| RelatedView::new(files, label)).collect(),
            fix: finding.fix.as_ref().map(|fix| FixView::new(files, fix)),
            fingerprint: &finding.fingerprint,
            also: finding.also.iter().map(|rule| rule.as_str()).collect(),
        }
    }
}

impl<'a> RelatedView<'a> {
    fn new(files: &'a [SourceFile], label: &'a Label) -> Self {
        let Place { path, line, column, end_line, end_column } = Place::new(files, label.file, label.span);
        Self { path, line, column, end_line, end_column, message: &label.text }
    }
}

impl<'a> FixView<'a> {
    fn new(files: &'a [SourceFile], fix: &'a Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| {
            let Place { path, line, column, end_line, end_column } = Place::new(files, edit.file, edit.span);
            EditView { path, line, column, end_line, end_column, text: &edit.text }
        });
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        };
        Self { title: &fix.title, safety, edits: edits.collect() }
    }
}

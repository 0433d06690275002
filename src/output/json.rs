//! The reports for programs: `redis-lint/report/1`, `redis-lint/operations/1` and `redis-lint/unresolved/1`. Fields may be added under the same name of
//! the schema, and are never taken away or given another meaning.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::place::Place;
use super::{OperationRow, Report, UnresolvedRow};
use crate::baseline::Entry;
use crate::finding::{Finding, Fix, Label, Safety, Skipped};
use crate::source::{FileId, SourceFile, Span};

/// Writes the report of a check.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let view = ReportView {
        schema: "redis-lint/report/1",
        findings: report.findings.iter().map(|finding| FindingView::new(report.files, finding)).collect(),
        skipped: report.skipped.iter().map(SkippedView::new).collect(),
        summary: Summary::new(report),
    };
    write_pretty(out, &view)
}

/// Writes the list of operations.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_operations_json(out: &mut dyn Write, operations: &[OperationRow], skipped: &[Skipped]) -> io::Result<()> {
    let view = OperationsView { schema: "redis-lint/operations/1", operations, skipped: skipped.iter().map(SkippedView::new).collect() };
    write_pretty(out, &view)
}

/// Writes the list of calls that may be operations.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_unresolved_json(out: &mut dyn Write, calls: &[UnresolvedRow], skipped: &[Skipped]) -> io::Result<()> {
    let view = UnresolvedView { schema: "redis-lint/unresolved/1", calls, skipped: skipped.iter().map(SkippedView::new).collect() };
    write_pretty(out, &view)
}

/// Writes a document over several lines.
pub(super) fn write_pretty(out: &mut dyn Write, view: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(view).map_err(io::Error::other)?;
    write_escaped(out, &text)
}

/// Writes JSON and a line break. JSON itself lets characters through that terminals obey: they can only stand in strings, and are escaped.
pub(super) fn write_escaped(out: &mut dyn Write, text: &str) -> io::Result<()> {
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

/// `redis-lint check --format json`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ReportView<'a> {
    /// Name and version of this shape.
    #[cfg_attr(test, schemars(extend("const" = "redis-lint/report/1")))]
    schema: &'static str,
    /// What was found, sorted by path and place.
    findings: Vec<FindingView<'a>>,
    /// Files that were not analysed, or only in part.
    skipped: Vec<SkippedView<'a>>,
    /// Counts.
    summary: Summary<'a>,
}

/// `redis-lint operations --format json`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct OperationsView<'a> {
    /// Name and version of this shape.
    #[cfg_attr(test, schemars(extend("const" = "redis-lint/operations/1")))]
    schema: &'static str,
    /// Every Redis operation, sorted by path and place.
    operations: &'a [OperationRow],
    /// Files that were not analysed, or only in part.
    skipped: Vec<SkippedView<'a>>,
}

/// The list of calls that may be operations.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct UnresolvedView<'a> {
    /// Name and version of this form.
    #[cfg_attr(test, schemars(extend("const" = "redis-lint/unresolved/1")))]
    schema: &'static str,
    /// The calls, sorted by path and place.
    calls: &'a [UnresolvedRow],
    /// Files that were not analysed, or only in part.
    skipped: Vec<SkippedView<'a>>,
}

/// Counts of a check.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Summary<'a> {
    /// Files that were asked for.
    files: usize,
    /// All findings.
    findings: usize,
    /// Those with the severity `error`.
    errors: usize,
    /// Those with the severity `warning`.
    warnings: usize,
    /// Those with the severity `info`.
    infos: usize,
    /// Files that were not analysed, or only in part.
    skipped: usize,
    /// Findings by rule; rules without findings are left out.
    rules: BTreeMap<&'a str, usize>,
    /// What the baseline says, when there is one.
    baseline: Option<BaselineView<'a>>,
}

/// What a baseline says of a run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct BaselineView<'a> {
    /// Findings that are in it and therefore not reported.
    known: usize,
    /// Its entries that nothing was found for: they can go.
    stale: &'a [&'a Entry],
}

impl<'a> Summary<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        let mut rules = BTreeMap::new();
        for finding in report.findings {
            *rules.entry(finding.rule.as_str()).or_insert(0) += 1;
        }
        let [errors, warnings, infos] = report.counts();
        let baseline = report.known.map(|known| BaselineView { known: known.findings, stale: &known.stale });
        Self {
            files: report.analysed,
            findings: report.findings.len(),
            errors,
            warnings,
            infos,
            skipped: report.skipped.len(),
            rules,
            baseline,
        }
    }
}

/// A file that was not analysed, or only in part.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SkippedView<'a> {
    /// Path relative to the working directory, with `/`.
    path: &'a str,
    /// Why, for a person.
    reason: &'a str,
}

impl<'a> SkippedView<'a> {
    pub(super) fn new(skipped: &'a Skipped) -> Self {
        Self { path: &skipped.path, reason: &skipped.reason }
    }
}

/// One thing found. Lines and columns are 1-based, columns are counted in characters, and the end is behind the last one.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FindingView<'a> {
    /// Id of the rule.
    rule: &'a str,
    /// How bad it is.
    #[cfg_attr(test, schemars(extend("enum" = ["info", "warning", "error"])))]
    severity: &'static str,
    /// Path relative to the working directory, with `/`.
    path: &'a str,
    /// Where the marked place begins.
    line: u32,
    /// Where the marked place begins.
    column: u32,
    /// Where the marked place ends.
    end_line: u32,
    /// Behind the last marked character.
    end_column: u32,
    /// The marked place in other units.
    range: RangeView,
    /// What happens, on which key: one line.
    message: &'a str,
    /// What the marked place is marked with; empty when the message says it all.
    label: &'a str,
    /// What to write instead.
    help: Option<&'a str>,
    /// Where the page of the rule is: an address, or a path.
    url: &'a str,
    /// Further places: the other call, where the client was made. May be in other files.
    related: Vec<RelatedView<'a>>,
    /// How to put it right.
    fix: Option<FixView<'a>>,
    /// Stable name of the finding: of its rule, file, key and statement, never of its line.
    fingerprint: &'a str,
    /// Rules whose finding at the same place this one replaces.
    also: Vec<&'a str>,
}

/// A place for editors, which count differently. The end is behind the last character.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RangeView {
    /// Where it begins.
    start: PointView,
    /// Where it ends.
    end: PointView,
}

/// A point in a file, in all units that editors use.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PointView {
    /// Bytes of UTF-8 before it in the file: 0-based. A byte order mark counts.
    offset: u32,
    /// Line, 1-based.
    line: u32,
    /// Column in characters (Unicode scalar values), 1-based.
    character: u32,
    /// Column in bytes of UTF-8, 1-based.
    utf8: u32,
    /// Column in units of UTF-16, 1-based: one more than `character` of the Language Server Protocol.
    utf16: u32,
}

impl RangeView {
    fn new(files: &[SourceFile], file: FileId, span: Span) -> Self {
        let file = files.get(file.0 as usize);
        let point =
            |offset| file.map_or(PointView { offset: 0, line: 1, character: 1, utf8: 1, utf16: 1 }, |file| PointView::new(file, offset));
        Self { start: point(span.start), end: point(span.end) }
    }
}

impl PointView {
    fn new(file: &SourceFile, offset: u32) -> Self {
        let position = file.position(offset);
        let start = file.lines.line_span(&file.text, position.line).map_or(offset, |line| line.start);
        let before = file.text.get(start as usize..offset as usize).unwrap_or_default();
        let utf16 = before.chars().map(char::len_utf16).sum::<usize>() as u32 + 1;
        Self { offset, line: position.line, character: position.column, utf8: before.len() as u32 + 1, utf16 }
    }
}

/// A further place of a finding.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RelatedView<'a> {
    /// Path relative to the working directory, with `/`.
    path: &'a str,
    /// Where it begins.
    line: u32,
    /// Where it begins.
    column: u32,
    /// Where it ends.
    end_line: u32,
    /// Behind its last character.
    end_column: u32,
    /// The place in other units.
    range: RangeView,
    /// What it says.
    message: &'a str,
}

/// A change that puts a finding right.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FixView<'a> {
    /// What it does, as an imperative line.
    title: &'a str,
    /// `safe`: it does not change what the program does; `unsafe`: look before you apply it.
    #[cfg_attr(test, schemars(extend("enum" = ["safe", "unsafe"])))]
    safety: &'static str,
    /// What to replace, in order of place, none overlapping.
    edits: Vec<EditView<'a>>,
}

/// A piece of text that takes the place of another.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EditView<'a> {
    /// Path relative to the working directory, with `/`.
    path: &'a str,
    /// Where the replaced text begins.
    line: u32,
    /// Where the replaced text begins.
    column: u32,
    /// Where the replaced text ends; where it begins, to insert.
    end_line: u32,
    /// Behind its last character.
    end_column: u32,
    /// The replaced text in other units.
    range: RangeView,
    /// The new text.
    text: &'a str,
}

impl<'a> FindingView<'a> {
    pub(super) fn new(files: &'a [SourceFile], finding: &'a Finding) -> Self {
        let Place { path, line, column, end_line, end_column } = Place::of(files, &finding.primary);
        Self {
            rule: &finding.rule,
            severity: finding.severity.word(),
            path,
            line,
            column,
            end_line,
            end_column,
            range: RangeView::new(files, finding.primary.file, finding.primary.span),
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
        let Place { path, line, column, end_line, end_column } = Place::of(files, label);
        let range = RangeView::new(files, label.file, label.span);
        Self { path, line, column, end_line, end_column, range, message: &label.text }
    }
}

impl<'a> FixView<'a> {
    fn new(files: &'a [SourceFile], fix: &'a Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| {
            let Place { path, line, column, end_line, end_column } = Place::new(files, edit.file, edit.span);
            let range = RangeView::new(files, edit.file, edit.span);
            EditView { path, line, column, end_line, end_column, range, text: &edit.text }
        });
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        };
        Self { title: &fix.title, safety, edits: edits.collect() }
    }
}

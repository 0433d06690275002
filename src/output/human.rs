//! The report for a person: each finding drawn in its source.

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::clean::{clean, clean_lines};
use super::diff::{Hunk, hunks};
use super::excerpt::{CONTEXT, Excerpts};
use super::{Known, Report, counted, write_skipped, write_stale};
use crate::finding::{Finding, Fix, Safety, Severity};
use crate::source::SourceFile;

/// How a report for a person looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub color: bool,
    /// Columns to use.
    pub width: usize,
    /// Only findings: no list of what was skipped, no summary.
    pub quiet: bool,
}

impl Default for Style {
    /// What suits a file or a pipe.
    fn default() -> Self {
        Self { color: false, width: 80, quiet: false }
    }
}

impl Style {
    /// The handler that draws diagnostics in this style; errors of the tool itself are drawn with it, too.
    #[must_use]
    pub fn handler(self) -> GraphicalReportHandler {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .with_context_lines(CONTEXT as usize)
            .with_break_words(false)
            .tab_width(4)
            .without_syntax_highlighting()
    }
}

/// Writes findings, what was skipped, and a summary.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_human(out: &mut dyn Write, report: &Report, style: Style) -> io::Result<()> {
    let handler = style.handler();
    for finding in report.findings {
        let view = View { finding, excerpts: Excerpts::new(report.files, &finding.primary, &finding.related, style.width) };
        let mut text = String::new();
        handler.render_report(&mut text, &view).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
        if let Some(fix) = &finding.fix {
            write_fix(out, report.files, fix, finding, style)?;
        }
        writeln!(out)?;
    }
    if style.quiet { Ok(()) } else { write_end(out, report) }
}

fn write_end(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    write_skipped(out, report.skipped)?;
    write_stale(out, report.known)?;
    if !report.skipped.is_empty() || report.known.is_some_and(|known| !known.stale.is_empty()) {
        writeln!(out)?;
    }
    match report.findings.is_empty() {
        true => writeln!(out, "Nothing to report in {}.", counted(report.analysed, "file"))?,
        false => writeln!(out, "Found {}.", report.total())?,
    }
    if let Some(first) = report.findings.first() {
        let safe = report.findings.iter().filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)).count();
        writeln!(out, "`redis-lint explain {}` says why.", clean(&first.rule))?;
        if safe > 0 {
            writeln!(out, "`redis-lint --fix` puts {safe} of them right.")?;
        }
    }
    match report.known {
        Some(Known { findings, stale }) if !stale.is_empty() => {
            let (known, stale) = (counted(*findings, "known finding"), counted(stale.len(), "stale one"));
            writeln!(out, "The baseline holds {known} and {stale}: `redis-lint baseline` brings it up to date.")
        }
        Some(Known { findings, .. }) if *findings > 0 => writeln!(out, "The baseline holds {}.", counted(*findings, "known finding")),
        _ => Ok(()),
    }
}

fn write_fix(out: &mut dyn Write, files: &[SourceFile], fix: &Fix, finding: &Finding, style: Style) -> io::Result<()> {
    let safety = match fix.safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe: look before you apply it",
    };
    writeln!(out, "  fix ({safety}): {}", clean(&fix.title))?;
    let (red, green, end) = if style.color { ("\x1b[31m", "\x1b[32m", "\x1b[0m") } else { ("", "", "") };
    for Hunk { file, line, old, new } in hunks(files, &fix.edits) {
        if files.get(finding.primary.file.0 as usize).is_none_or(|primary| primary.path != file.path) {
            writeln!(out, "    in {}, line {line}:", clean(&file.path))?;
        }
        for line in old {
            writeln!(out, "    {red}- {}{end}", clean(&line.replace('\t', "    ")))?;
        }
        for line in new {
            writeln!(out, "    {green}+ {}{end}", clean(&line.replace('\t', "    ")))?;
        }
    }
    Ok(())
}

/// A finding as miette draws it.
#[derive(Debug)]
struct View<'a> {
    finding: &'a Finding,
    excerpts: Excerpts,
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.finding.message))
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.finding.severity.word(), clean(&self.finding.rule))))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.finding.help.as_ref().map(|help| Box::new(clean_lines(help)) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.finding.url.is_empty()).then(|| Box::new(clean(&self.finding.url)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpts.labels.iter().cloned()))
    }
}

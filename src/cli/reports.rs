//! Where reports go: to the terminal, and to files.

use std::io;
use std::io::Write;

use super::arguments::{Format, ReportArguments};
use super::save::save;
use super::{Cli, Error, Terminal};
use crate::output::{self, Measures, Report, Style};

/// Writes a report to every file that was asked for, and to the terminal.
pub(super) fn write_reports(
    report: &Report,
    measures: &Measures,
    arguments: &ReportArguments,
    cli: &Cli,
    terminal: &mut Terminal,
) -> Result<(), Error> {
    let directory = terminal.directory().map_err(Error::Directory)?;
    for file in &arguments.output {
        let mut text = Vec::new();
        write(&mut text, report, file.format, Style::default())?;
        save(&directory.join(&file.path), &text)
            .map_err(|source| Error::OutputFile { path: file.path.display().to_string(), reason: source.to_string() })?;
    }
    let style = terminal.style(cli.quiet);
    if arguments.statistics {
        return match cli.format {
            Format::Human => terminal.write(|out| output::write_statistics(out, report, measures)),
            Format::Json => terminal.write(|out| output::write_statistics_json(out, report, measures)),
            other => Err(other.unknown_to("check --statistics", &[Format::Human, Format::Json])),
        };
    }
    if !cli.quiet {
        terminal.note(|err| {
            if !cli.format.tells_skipped() {
                output::write_skipped(err, report.skipped)?;
            }
            if cli.format.tells_stale() { Ok(()) } else { output::write_stale(err, report.known) }
        });
    }
    terminal.write(|out| write(out, report, cli.format, style))
}

fn write(out: &mut dyn Write, report: &Report, format: Format, style: Style) -> io::Result<()> {
    match format {
        Format::Human => output::write_human(out, report, style),
        Format::Short => output::write_short(out, report, style.quiet),
        Format::Json => output::write_json(out, report),
        Format::JsonLines => output::write_json_lines(out, report),
        Format::Sarif => output::write_sarif(out, report),
        Format::Github => output::write_github(out, report),
        Format::Gitlab => output::write_gitlab(out, report),
        Format::Junit => output::write_junit(out, report),
        Format::Checkstyle => output::write_checkstyle(out, report),
        Format::Markdown => output::write_markdown(out, report),
    }
}

//! The report of Checkstyle, which many CI services and reviewing tools read.

use std::io::{self, Write};

use super::Report;
use super::place::Place;
use super::xml::{text, write_document};

/// Writes the report, findings by file. It has no place for what was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_checkstyle(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    write_document(out, |writer| {
        writer.create_element("checkstyle").with_attribute(("version", "4.3")).write_inner_content(|writer| {
            for findings in report.findings.chunk_by(|one, next| one.primary.file == next.primary.file) {
                let path = findings.first().map_or("", |finding| Place::of(report.files, &finding.primary).path);
                writer.create_element("file").with_attribute(("name", text(path).as_str())).write_inner_content(|writer| {
                    for finding in findings {
                        let Place { line, column, .. } = Place::of(report.files, &finding.primary);
                        let message = match &finding.help {
                            Some(help) => format!("{}; {help}", finding.message),
                            None => finding.message.clone(),
                        };
                        writer
                            .create_element("error")
                            .with_attribute(("line", line.to_string().as_str()))
                            .with_attribute(("column", column.to_string().as_str()))
                            .with_attribute(("severity", finding.severity.word()))
                            .with_attribute(("message", text(&message).as_str()))
                            .with_attribute(("source", format!("redis-lint.{}", text(&finding.rule)).as_str()))
                            .write_empty()?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

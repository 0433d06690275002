//! The report of a test runner: a failed case for each finding, a skipped one for each file that was not analysed.
//! <https://github.com/testmoapp/junitxml>

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::Report;
use super::place::Place;
use super::xml::{text, write_document};
use crate::finding::{Finding, Skipped};

/// Writes the report: a suite for each file. A report without findings has one case that passed, because some readers take a
/// report without cases for a broken one.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_junit(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let (failures, skipped) = (report.findings.len(), report.skipped.len());
    let passed = usize::from(failures + skipped == 0);
    write_document(out, |writer| {
        let suites = writer.create_element("testsuites").with_attribute(("name", "redis-lint"));
        counts(suites, failures + skipped + passed, failures, skipped).write_inner_content(|writer| {
            for findings in report.findings.chunk_by(|one, next| one.primary.file == next.primary.file) {
                let path = findings.first().map_or("", |finding| Place::of(report.files, &finding.primary).path);
                let suite = writer.create_element("testsuite").with_attribute(("name", text(path).as_str()));
                counts(suite, findings.len(), findings.len(), 0)
                    .write_inner_content(|writer| findings.iter().try_for_each(|finding| write_failure(writer, report, finding)))?;
            }
            if skipped > 0 {
                let suite = writer.create_element("testsuite").with_attribute(("name", "not analysed"));
                counts(suite, skipped, 0, skipped)
                    .write_inner_content(|writer| report.skipped.iter().try_for_each(|skipped| write_skipped(writer, skipped)))?;
            }
            if passed > 0 {
                let suite = writer.create_element("testsuite").with_attribute(("name", "redis-lint"));
                counts(suite, 1, 0, 0).write_inner_content(|writer| {
                    let case = writer.create_element("testcase").with_attribute(("name", "nothing to report"));
                    case.with_attribute(("classname", "redis-lint")).write_empty()?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

type Element<'a, 'w> = quick_xml::writer::ElementWriter<'a, &'w mut dyn Write>;

fn counts<'a, 'w>(element: Element<'a, 'w>, tests: usize, failures: usize, skipped: usize) -> Element<'a, 'w> {
    element
        .with_attribute(("tests", tests.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()))
        .with_attribute(("skipped", skipped.to_string().as_str()))
        .with_attribute(("errors", "0"))
}

fn write_failure(writer: &mut Writer<&mut dyn Write>, report: &Report, finding: &Finding) -> io::Result<()> {
    let Place { path, line, column, .. } = Place::of(report.files, &finding.primary);
    let (path, rule, message) = (text(path), text(&finding.rule), text(&finding.message));
    let mut body = format!("{path}:{line}:{column}: {}: {message} [{rule}]", finding.severity.word());
    if let Some(help) = &finding.help {
        body.push_str(&format!("\nhelp: {}", text(help)));
    }
    for label in finding.related.iter().filter(|label| !label.text.is_empty()) {
        let Place { path, line, column, .. } = Place::of(report.files, label);
        body.push_str(&format!("\n{}:{line}:{column}: {}", text(path), text(&label.text)));
    }
    let case = writer
        .create_element("testcase")
        .with_attribute(("name", format!("{rule} {line}:{column}").as_str()))
        .with_attribute(("classname", path.as_str()))
        .with_attribute(("file", path.as_str()))
        .with_attribute(("line", line.to_string().as_str()));
    case.write_inner_content(|writer| {
        let failure = writer.create_element("failure").with_attribute(("type", finding.severity.word()));
        failure.with_attribute(("message", message.as_str())).write_text_content(BytesText::new(&body))?;
        Ok(())
    })?;
    Ok(())
}

fn write_skipped(writer: &mut Writer<&mut dyn Write>, skipped: &Skipped) -> io::Result<()> {
    let path = text(&skipped.path);
    let case = writer.create_element("testcase").with_attribute(("name", path.as_str())).with_attribute(("classname", path.as_str()));
    case.write_inner_content(|writer| {
        writer.create_element("skipped").with_attribute(("message", text(&skipped.reason).as_str())).write_empty()?;
        Ok(())
    })?;
    Ok(())
}

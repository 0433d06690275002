//! A summary in Markdown, as a comment on a pull request: a table of findings, and what to do about them folded away.

use std::io::{self, Write};

use super::clean::clean;
use super::diff::hunks;
use super::place::Place;
use super::{Report, counted};
use crate::finding::{Finding, Fix, Safety};

/// Most bytes that are written: GitHub takes comments of 65,536 characters, and GitLab more.
const MOST_BYTES: usize = 60_000;

/// Room kept for what stands below a list that was cut off.
const ROOM: usize = 400;

/// First line of every summary, invisible: by it a bot finds its comment of the run before.
const MARK: &str = "<!-- redis-lint -->";

/// Writes the summary. What does not fit into a comment is counted.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_markdown(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut text = format!("{MARK}\n### redis-lint: {}\n", report.total());
    if !report.findings.is_empty() {
        text.push_str("\n| severity | where | what |\n|---|---|---|\n");
        list(&mut text, report.findings.iter().map(|finding| row(report, finding)), "finding");
        let advice = report.findings.iter().filter(|finding| finding.help.is_some() || finding.fix.is_some());
        fold(&mut text, "What to do", advice.map(|finding| advise(report, finding)), "finding");
    }
    let skipped = report.skipped.iter().map(|skipped| format!("- {}: {}\n", code(&skipped.path), prose(&skipped.reason)));
    fold(&mut text, &format!("Not analysed: {}", counted(report.skipped.len(), "file")), skipped, "file");
    let stale = report.known.map(|known| known.stale.as_slice()).unwrap_or_default();
    let title = format!("Stale in the baseline: {}", counted(stale.len(), "finding"));
    let stale = stale.iter().map(|entry| format!("- {}: {} ({})\n", code(&entry.path), prose(&entry.message), prose(&entry.rule)));
    fold(&mut text, &title, stale, "finding");
    out.write_all(text.as_bytes())
}

/// Adds items while there is room.
fn list(text: &mut String, items: impl ExactSizeIterator<Item = String>, what: &str) {
    let mut left = items.len();
    for item in items {
        if text.len() + item.len() + ROOM > MOST_BYTES {
            text.push_str(&format!("\n… and {} that do not fit into a comment.\n", counted(left, &format!("more {what}"))));
            return;
        }
        text.push_str(&item);
        left -= 1;
    }
}

/// Adds items folded away, if there are any.
fn fold(text: &mut String, title: &str, items: impl Iterator<Item = String>, what: &str) {
    let items: Vec<String> = items.collect();
    if items.is_empty() || text.len() + ROOM > MOST_BYTES {
        return;
    }
    text.push_str(&format!("\n<details><summary>{title}</summary>\n\n"));
    list(text, items.into_iter(), what);
    text.push_str("\n</details>\n");
}

fn row(report: &Report, finding: &Finding) -> String {
    let Place { path, line, .. } = Place::of(report.files, &finding.primary);
    let rule = match finding.url.contains("://") {
        true => format!("[{}](<{}>)", prose(&finding.rule), finding.url.replace(['<', '>', '|', '\n'], "")),
        false => prose(&finding.rule),
    };
    format!("| {} | {} | {} ({rule}) |\n", finding.severity.word(), code(&format!("{path}:{line}")), prose(&finding.message))
}

fn advise(report: &Report, finding: &Finding) -> String {
    let Place { path, line, .. } = Place::of(report.files, &finding.primary);
    let help = finding.help.as_ref().map(|help| format!(": {}", prose(help))).unwrap_or_default();
    let fix = finding.fix.as_ref().map(|fix| diff(report, fix)).unwrap_or_default();
    format!("- {}{help}\n{fix}", code(&format!("{path}:{line}")))
}

/// A fix as a block of code, in an item of a list.
fn diff(report: &Report, fix: &Fix) -> String {
    let mut lines = Vec::new();
    for hunk in hunks(report.files, &fix.edits) {
        lines.extend(hunk.old.iter().map(|line| format!("-{}", shown(line))));
        lines.extend(hunk.new.iter().map(|line| format!("+{}", shown(line))));
    }
    let fence = "`".repeat(lines.iter().map(|line| longest_run(line) + 1).max().unwrap_or(3).max(3));
    let safety = match fix.safety {
        Safety::Safe => "",
        Safety::Unsafe => " (look before you apply it)",
    };
    let body: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("\n  {}{safety}:\n\n  {fence}diff\n{body}  {fence}\n", prose(&fix.title))
}

/// A line of source; its tabs stay.
fn shown(line: &str) -> String {
    line.split('\t').map(|part| clean(part).into_owned()).collect::<Vec<_>>().join("\t")
}

/// Length of the longest row of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text with parts in backticks, as messages are: these become code, and nothing else means anything to Markdown.
fn prose(text: &str) -> String {
    let text = clean(text);
    let parts: Vec<&str> = text.split('`').collect();
    // With a backtick left over, nobody knows which of them belong together.
    if parts.len().is_multiple_of(2) {
        return escaped(&text);
    }
    let parts = parts.iter().enumerate().map(|(index, part)| if index % 2 == 1 { code(part) } else { escaped(part) });
    parts.collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' => escaped.extend(['\\', c]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Text as code. A pipe or a backtick has no spelling inside of backticks that is right in tables and out of them.
fn code(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() || text.contains(['`', '|']) || text.starts_with(' ') || text.ends_with([' ', '\\']) {
        let entities: String =
            text.chars().map(|c| if c.is_ascii_punctuation() { format!("&#{};", c as u32) } else { c.to_string() }).collect();
        return format!("<code>{entities}</code>");
    }
    format!("`{text}`")
}

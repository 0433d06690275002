//! SARIF 2.1.0, the form in which code scanning takes results.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>
//!
//! Paths are relative to `%SRCROOT%`, which readers take for the root of the repository: run the tool there.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::json::write_pretty;
use super::place::Place;
use super::{Report, RuleInfo};
use crate::finding::{Finding, Fix, FixEdit, Label, Severity};
use crate::source::SourceFile;

/// What stays as it is in a path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the log of one run.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_sarif(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let rules: BTreeMap<&str, usize> = report.rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    let reported = report.findings.iter().map(|finding| result(report.files, finding, &rules));
    let ignored = report.ignored.iter().map(|(finding, reason)| {
        let mut result = result(report.files, finding, &rules);
        result["suppressions"] = json!([suppression(reason.as_deref())]);
        result
    });
    let results: Vec<Value> = reported.chain(ignored).collect();
    let notifications: Vec<Value> = report
        .skipped
        .iter()
        .map(|skipped| {
            json!({
                "level": "warning",
                "message": { "text": format!("not analysed: {}", skipped.reason) },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(&skipped.path) } }],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "redis-lint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    });
    write_pretty(out, &log)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(rule: &RuleInfo) -> Value {
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.enabled },
        "properties": {
            "tags": [rule.category],
            // The words in which GitHub sorts what is not about security.
            "problem.severity": match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    });
    // It has to be absolute.
    if rule.url.contains("://") {
        descriptor["helpUri"] = json!(rule.url);
    }
    descriptor
}

fn result(files: &[SourceFile], finding: &Finding, rules: &BTreeMap<&str, usize>) -> Value {
    let message = match &finding.help {
        Some(help) => format!("{}\nHelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .enumerate()
        .map(|(id, label)| {
            let mut related = location(files, label);
            related["id"] = json!(id + 1);
            related
        })
        .collect();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": message },
        "locations": [location(files, &finding.primary)],
        "relatedLocations": related,
        "partialFingerprints": { "redisLint/v1": finding.fingerprint },
    });
    if let Some(index) = rules.get(finding.rule.as_str()) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([self::fix(files, fix)]);
    }
    result
}

/// A comment in the source that ignores a finding.
fn suppression(reason: Option<&str>) -> Value {
    let mut suppression = json!({ "kind": "inSource" });
    if let Some(reason) = reason {
        suppression["justification"] = json!(reason);
    }
    suppression
}

fn location(files: &[SourceFile], label: &Label) -> Value {
    let place = Place::of(files, label);
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(place.path), "region": Region::new(&place) } });
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

fn artifact(path: &str) -> Value {
    let uri = utf8_percent_encode(path, PATH).to_string();
    // An absolute path needs no base, and what begins with two slashes would name a host.
    if uri.starts_with('/') { json!({ "uri": format!("file://{uri}") }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) }
}

fn fix(files: &[SourceFile], fix: &Fix) -> Value {
    let changes: Vec<Value> = fix
        .edits
        .chunk_by(|one, next| one.file == next.file)
        .map(|edits| {
            let place = |edit: &FixEdit| Place::new(files, edit.file, edit.span);
            let path = edits.first().map_or("", |edit| place(edit).path);
            let replacements: Vec<Value> = edits
                .iter()
                .map(|edit| json!({ "deletedRegion": Region::new(&place(edit)), "insertedContent": { "text": edit.text } }))
                .collect();
            json!({ "artifactLocation": artifact(path), "replacements": replacements })
        })
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Region {
    fn new(place: &Place) -> Self {
        Self { start_line: place.line, start_column: place.column, end_line: place.end_line, end_column: place.end_column }
    }
}

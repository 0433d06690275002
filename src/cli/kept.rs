//! A result as it is kept between runs. It mirrors the plain data of a check field by field, so that a new field is a mistake of
//! the compiler's here, not a result without it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::Checked;
use crate::finding::{Finding, Fix, FixEdit, Label, Safety, Severity, Skipped};
use crate::output::Measures;
use crate::source::{FileId, Span};

/// The bytes of a result.
pub(super) fn write(checked: &Checked) -> Option<Vec<u8>> {
    let Checked { findings, skipped, partial, comments, measures } = checked;
    // Where the time went, and what was kept before, is of one run only.
    let Measures { read, bytes, parsed, parsed_bytes, rounds, kept: _, stages: _ } = measures;
    let kept = Kept {
        findings: findings.iter().map(KeptFinding::new).collect(),
        skipped: skipped.iter().map(|skipped| (skipped.path.clone(), skipped.reason.clone())).collect(),
        partial: partial.iter().map(|(file, reason)| (file.0, reason.clone())).collect(),
        comments: comments.iter().map(|(file, span)| (file.0, span.start, span.end)).collect(),
        measures: [*read, *bytes, *parsed, *parsed_bytes, *rounds],
    };
    serde_json::to_vec(&kept).ok()
}

/// The result that was kept; `None` when the bytes are none.
pub(super) fn read(bytes: &[u8]) -> Option<Checked> {
    let kept: Kept = serde_json::from_slice(bytes).ok()?;
    let [read, bytes, parsed, parsed_bytes, rounds] = kept.measures;
    Some(Checked {
        findings: kept.findings.into_iter().map(KeptFinding::finding).collect::<Option<_>>()?,
        skipped: kept.skipped.into_iter().map(|(path, reason)| Skipped { path, reason }).collect(),
        partial: kept.partial.into_iter().map(|(file, reason)| (FileId(file), reason)).collect(),
        comments: kept.comments.into_iter().map(|(file, start, end)| (FileId(file), Span::new(start, end))).collect(),
        measures: Measures { read, bytes, parsed, parsed_bytes, rounds, kept: parsed, stages: Vec::new() },
    })
}

/// A file and a span in it.
type Place = (u32, u32, u32);

/// A place with a text: a label, or an edit.
type Text = (Place, String);

#[derive(Serialize, Deserialize)]
struct Kept {
    findings: Vec<KeptFinding>,
    skipped: Vec<(String, String)>,
    partial: Vec<(u32, String)>,
    comments: Vec<Place>,
    measures: [usize; 5],
}

#[derive(Serialize, Deserialize)]
struct KeptFinding {
    rule: SmolStr,
    severity: String,
    message: String,
    help: Option<String>,
    url: String,
    primary: Text,
    extent: (u32, u32),
    related: Vec<Text>,
    /// Title, whether it is safe, edits.
    fix: Option<(String, bool, Vec<Text>)>,
    fingerprint: String,
    also: Vec<SmolStr>,
}

impl KeptFinding {
    fn new(finding: &Finding) -> Self {
        let Finding { rule, severity, message, help, url, primary, extent, related, fix, fingerprint, also } = finding;
        let place = |file: FileId, span: Span| (file.0, span.start, span.end);
        let label = |Label { file, span, text }: &Label| (place(*file, *span), text.clone());
        let edit = |FixEdit { file, span, text }: &FixEdit| (place(*file, *span), text.clone());
        Self {
            rule: rule.clone(),
            severity: severity.word().to_owned(),
            message: message.clone(),
            help: help.clone(),
            url: url.clone(),
            primary: label(primary),
            extent: (extent.start, extent.end),
            related: related.iter().map(label).collect(),
            fix: fix
                .as_ref()
                .map(|Fix { title, safety, edits }| (title.clone(), *safety == Safety::Safe, edits.iter().map(edit).collect())),
            fingerprint: fingerprint.clone(),
            also: also.clone(),
        }
    }

    fn finding(self) -> Option<Finding> {
        let place = |(file, start, end): Place| (FileId(file), Span::new(start, end));
        let label = |(at, text): Text| {
            let (file, span) = place(at);
            Label { file, span, text }
        };
        let edit = |(at, text): Text| {
            let (file, span) = place(at);
            FixEdit { file, span, text }
        };
        let fix = |(title, is_safe, edits): (String, bool, Vec<Text>)| Fix {
            title,
            safety: if is_safe { Safety::Safe } else { Safety::Unsafe },
            edits: edits.into_iter().map(edit).collect(),
        };
        Some(Finding {
            rule: self.rule,
            severity: Severity::of_word(&self.severity)?,
            message: self.message,
            help: self.help,
            url: self.url,
            primary: label(self.primary),
            extent: Span::new(self.extent.0, self.extent.1),
            related: self.related.into_iter().map(label).collect(),
            fix: self.fix.map(fix),
            fingerprint: self.fingerprint,
            also: self.also,
        })
    }
}

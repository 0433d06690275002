//! Comments that ignore findings: `redis-lint-ignore RULE[, RULE]: reason`, on the line or in the line above,
//! `redis-lint-ignore-file`, and `redis-lint-ignore-start` … `redis-lint-ignore-end`. The same in every language.
//!
//! Which parts of a text are comments, the front ends know; a string that looks like one ignores nothing.

mod directive;
mod own;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;

use crate::finding::Finding;
use crate::rule::{Rules, number};
use crate::source::{FileId, SourceFile, Span};

pub use directive::MARK;
use directive::{Directive, Reach, directives};
pub use own::{CHECKS, Check};

/// What comments are read with.
pub struct Scene<'a> {
    /// All files.
    pub files: &'a [SourceFile],
    /// The comments that may ignore something, by file and place.
    pub comments: &'a [(FileId, Span)],
    /// All rules.
    pub rules: &'a Rules,
    /// Whether a rule ran for a file. With `None`: whether every rule did that the project wants there.
    pub ran: &'a dyn Fn(FileId, Option<&str>) -> bool,
    /// Whether a reason must be given in a file.
    pub needs_reason: &'a dyn Fn(FileId) -> bool,
}

/// What is left of findings.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings that nothing ignores.
    pub kept: Vec<Finding>,
    /// Findings that a comment ignores, with the reason that it gives.
    pub ignored: Vec<(Finding, Option<String>)>,
    /// What is wrong with the comments.
    pub own: Vec<Finding>,
}

/// A directive with the lines that it is about, both included.
struct Active {
    directive: Directive,
    lines: std::ops::RangeInclusive<u32>,
    /// For each name, whether it ignored something.
    used: Vec<bool>,
}

/// Takes out the findings that comments ignore.
#[must_use]
pub fn apply(findings: Vec<Finding>, scene: &Scene<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut active = activate(scene, &mut outcome.own);
    for finding in findings {
        let mut reason = None;
        let file = &scene.files[finding.primary.file.0 as usize];
        let line = |offset: u32| file.line(offset);
        let ends = line(finding.extent.end.saturating_sub(1).max(finding.extent.start));
        let lines = [line(finding.extent.start), line(finding.primary.span.start), ends];
        let category = scene.rules.get(&finding.rule).map_or("", |rule| rule.category);
        let mut ignored = false;
        for one in active.iter_mut().filter(|one| one.directive.file == finding.primary.file) {
            // Of a comment above, what ends there is not meant: it may have begun long before.
            let own = is_own_line(&one.directive, file);
            let considered = if own && one.directive.reach == Reach::Line { &lines[..2] } else { &lines[..] };
            if !considered.iter().any(|line| one.lines.contains(line)) {
                continue;
            }
            for (at, (name, _)) in one.directive.names.iter().enumerate() {
                if *name == finding.rule || name == category || name == "all" {
                    one.used[at] = true;
                    ignored = true;
                    reason = reason.or_else(|| one.directive.reason.clone());
                }
            }
        }
        if ignored { outcome.ignored.push((finding, reason)) } else { outcome.kept.push(finding) }
    }
    for one in &active {
        own::unused(one, scene, &mut outcome.own);
    }
    outcome.own.sort_by(|one, other| one.place().cmp(&other.place()));
    number(outcome.own.iter_mut());
    outcome
}

/// Reads the comments and finds out which lines they are about.
fn activate(scene: &Scene<'_>, own: &mut Vec<Finding>) -> Vec<Active> {
    let mut active: Vec<Active> = Vec::new();
    let mut open: Vec<Directive> = Vec::new();
    let mut of_file = None;
    let all = scene.comments.iter().flat_map(|(id, comment)| {
        let file = scene.files.get(id.0 as usize);
        file.map(|file| directives(*id, file, *comment)).unwrap_or_default()
    });
    let finish = |directive: Directive, lines, active: &mut Vec<Active>| {
        let used = vec![false; directive.names.len()];
        active.push(Active { directive, lines, used });
    };
    for directive in all {
        if of_file != Some(directive.file) {
            close(&mut open, own, scene, &mut |directive, lines| finish(directive, lines, &mut active));
            of_file = Some(directive.file);
        }
        let file = &scene.files[directive.file.0 as usize];
        own::malformed(&directive, scene, own);
        let line = file.line(directive.mark.start);
        match directive.reach {
            Reach::File => finish(directive, 1..=u32::MAX, &mut active),
            Reach::Start => open.push(directive),
            Reach::End => {
                let names = |directive: &Directive| directive.names.iter().map(|(name, _)| name.clone()).collect::<Vec<SmolStr>>();
                let closes = |one: &Directive| directive.names.is_empty() || names(one) == names(&directive);
                let Some(at) = open.iter().rposition(closes) else {
                    own.push(own::never_begun(&directive, scene));
                    continue;
                };
                let start = open.remove(at);
                let first = file.line(start.mark.start);
                finish(start, first..=line, &mut active);
            }
            Reach::Line => {
                let target = if is_own_line(&directive, file) { next_code(&directive, file, scene) } else { line };
                finish(directive, target..=target, &mut active);
            }
        }
    }
    close(&mut open, own, scene, &mut |directive, lines| finish(directive, lines, &mut active));
    active
}

/// What is never ended holds to the end of its file, and is told.
fn close(
    open: &mut Vec<Directive>,
    own: &mut Vec<Finding>,
    scene: &Scene<'_>,
    finish: &mut dyn FnMut(Directive, std::ops::RangeInclusive<u32>),
) {
    for start in open.drain(..) {
        own.push(own::never_ended(&start, scene));
        let first = scene.files[start.file.0 as usize].line(start.mark.start);
        finish(start, first..=u32::MAX);
    }
}

/// Whether nothing but the comment stands on its lines; in JSX it stands in braces.
fn is_own_line(directive: &Directive, file: &SourceFile) -> bool {
    let text = &file.text;
    let before = text[..directive.comment.start as usize].rsplit('\n').next().unwrap_or_default();
    let after = text[directive.comment.end as usize..].split('\n').next().unwrap_or_default();
    let is_only = |text: &str, brace: &str| text.trim().is_empty() || text.trim() == brace;
    is_only(before.trim_start_matches('\u{FEFF}'), "{") && is_only(after, "}")
}

/// The next line that holds more than comments.
fn next_code(directive: &Directive, file: &SourceFile, scene: &Scene<'_>) -> u32 {
    let mut line = file.line(directive.comment.end.saturating_sub(1)) + 1;
    while let Some(span) = file.lines.line_span(&file.text, line) {
        let text = file.slice(span).trim();
        let begins = span.start + (file.slice(span).len() - file.slice(span).trim_start().len()) as u32;
        let comment = scene.comments.iter().find(|(id, comment)| *id == directive.file && comment.start == begins);
        match comment {
            _ if text.is_empty() => line += 1,
            Some((_, comment)) if file.text[comment.end as usize..].split('\n').next().unwrap_or_default().trim().is_empty() => {
                line = file.line(comment.end.saturating_sub(1)) + 1;
            }
            _ => return line,
        }
    }
    line
}

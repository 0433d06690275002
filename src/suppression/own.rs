//! What is wrong with comments that ignore findings.

use super::directive::{Directive, MARK, Reach};
use super::{Active, Scene, is_own_line};
use crate::finding::{Finding, Fix, FixEdit, Label, Safety, Severity};
use crate::rule::{CATEGORIES, nearest};
use crate::source::{FileId, Span};

/// A check of the tool's own, which has no rule page.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its id, which stands where those of rules stand.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// Whether it can offer a fix.
    pub fixable: bool,
    /// What it finds and why, as Markdown.
    pub page: &'static str,
}

/// The checks of comments that ignore findings.
pub const CHECKS: [Check; 2] = [
    Check {
        id: "invalid-suppression",
        title: "A comment that ignores findings is not right",
        severity: Severity::Warning,
        fixable: false,
        page: "# A comment that ignores findings is not right\n\nIt names no rule, a rule that there is not, gives no reason where the configuration asks for one, or does not end.\n\
               \n```text\n// redis-lint-ignore keys-command: a script that runs once, by hand\n```\n\
               \nSeveral rules are separated by commas; a category or `all` may stand for rules. It is about its own line, or, alone on its line, about\n\
               the next one. `redis-lint-ignore-file` is about the whole file, `redis-lint-ignore-start` about everything up to `redis-lint-ignore-end`.\n",
    },
    Check {
        id: "unused-suppression",
        title: "A comment ignores findings that there are not",
        severity: Severity::Warning,
        fixable: true,
        page: "# A comment ignores findings that there are not\n\nThe fault was put right, or has moved. A comment that stays would hide the next one. Only rules that ran are looked at.\n\
               \n`--fix` removes it.\n",
    },
];

const INVALID: usize = 0;
const UNUSED: usize = 1;

fn finding(check: usize, file: FileId, span: Span, message: String, help: Option<String>, scene: &Scene<'_>) -> Finding {
    let check = &CHECKS[check];
    let path = scene.files.get(file.0 as usize).map_or("", |file| file.from_top.as_str());
    let text = scene.files.get(file.0 as usize).map_or("", |file| file.slice(span));
    let fingerprint = crate::rule::fingerprint([check.id, path, text, &message]);
    Finding {
        rule: check.id.into(),
        severity: check.severity,
        message,
        help,
        url: "docs/suppressions.md".to_owned(),
        primary: Label { file, span, text: String::new() },
        extent: span,
        related: Vec::new(),
        fix: None,
        fingerprint,
        also: Vec::new(),
    }
}

/// Adds what can be said of a comment before any finding is looked at.
pub(super) fn malformed(directive: &Directive, scene: &Scene<'_>, own: &mut Vec<Finding>) {
    let mut add = |span, message: String, help: String| own.push(finding(INVALID, directive.file, span, message, Some(help), scene));
    if let Some(form) = &directive.unknown_form {
        let help = match nearest(form, ["file", "start", "end"]) {
            Some(near) => format!("did you mean `{MARK}-{near}`?"),
            None => format!("`{MARK}`, alone on its line, is about the next one; there are `-file`, `-start` and `-end`"),
        };
        add(directive.mark, format!("there is no `{MARK}-{form}`"), help);
    }
    if directive.names.is_empty() && directive.reach != Reach::End {
        add(directive.mark, "this names no rule, and ignores nothing".to_owned(), format!("name rules: `{MARK} RULE, RULE: reason`"));
    }
    for (name, span) in &directive.names {
        if !is_known(name, scene) {
            let candidates = scene.rules.iter().map(|rule| rule.id.as_str()).chain(CATEGORIES.iter().copied()).chain(["all"]);
            let help = match nearest(name, candidates) {
                Some(near) => format!("did you mean `{near}`? Behind the rules stands a colon, then the reason"),
                None => "`redis-lint rules` lists all of them; behind the rules stands a colon, then the reason".to_owned(),
            };
            add(*span, format!("there is no rule and no category `{name}`"), help);
        }
    }
    if directive.reason.is_none() && directive.reach != Reach::End && !directive.names.is_empty() && (scene.needs_reason)(directive.file) {
        add(directive.mark, "this gives no reason, and the configuration asks for one".to_owned(), format!("`{MARK} RULE: reason`"));
    }
}

fn is_known(name: &str, scene: &Scene<'_>) -> bool {
    name == "all" || CATEGORIES.contains(&name) || scene.rules.get(name).is_some() || CHECKS.iter().any(|check| check.id == name)
}

pub(super) fn never_begun(directive: &Directive, scene: &Scene<'_>) -> Finding {
    let help = format!("it ends what a `{MARK}-start` with the same rules begins");
    finding(INVALID, directive.file, directive.mark, "this ends nothing".to_owned(), Some(help), scene)
}

pub(super) fn never_ended(directive: &Directive, scene: &Scene<'_>) -> Finding {
    let help = format!("write `{MARK}-end` behind the code that is meant, or `{MARK}-file` for all of it");
    finding(INVALID, directive.file, directive.mark, "this is never ended".to_owned(), Some(help), scene)
}

/// Adds the names of a comment that ignored nothing, though their rules ran.
pub(super) fn unused(active: &Active, scene: &Scene<'_>, own: &mut Vec<Finding>) {
    let directive = &active.directive;
    let ran = |name: &str| {
        let group = name == "all" || CATEGORIES.contains(&name);
        (scene.ran)(directive.file, if group { None } else { Some(name) })
    };
    let is_unused: Vec<bool> =
        directive.names.iter().zip(&active.used).map(|((name, _), used)| !used && is_known(name, scene) && ran(name)).collect();
    if !is_unused.contains(&true) {
        return;
    }
    let names = |unused: bool| directive.names.iter().zip(&is_unused).filter(move |(_, is)| **is == unused).map(|((name, _), _)| name);
    let list: Vec<String> = names(true).map(|name| format!("`{name}`")).collect();
    let first = directive.names.iter().zip(&is_unused).find(|(_, is)| **is).map_or(directive.mark, |((_, span), _)| *span);
    let what = match directive.reach {
        Reach::Line => "on this line",
        Reach::File => "in this file",
        Reach::Start | Reach::End => "between these comments",
    };
    let message = format!("this ignores nothing: there is no {} {what}", list.join(" and no "));
    let mut found = finding(UNUSED, directive.file, first, message, Some("remove it".to_owned()), scene);
    found.fix = fix(directive, names(false).map(ToString::to_string).collect(), scene);
    own.push(found);
}

/// Takes the comment out, or only the names that are not needed.
fn fix(directive: &Directive, kept: Vec<String>, scene: &Scene<'_>) -> Option<Fix> {
    let file = scene.files.get(directive.file.0 as usize)?;
    let text = file.text.as_ref();
    let edit = if kept.is_empty() {
        let comment = file.slice(directive.comment);
        let line_start = text[..directive.comment.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let before = &text[line_start..directive.comment.start as usize];
        // A comment that says more, braces around it, or the other end of a region: a person decides.
        let says_more = comment.contains('\n') || before.trim() == "{" || directive.reach == Reach::Start;
        if says_more {
            return None;
        }
        let end = directive.comment.end as usize;
        let span = if is_own_line(directive, file) {
            let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
            Span::new(line_start as u32, line_end as u32)
        } else {
            let space = before.len() - before.trim_end().len();
            Span::new(directive.comment.start - space as u32, directive.comment.end)
        };
        FixEdit { file: directive.file, span, text: String::new() }
    } else {
        let (first, last) = (directive.names.first()?.1, directive.names.last()?.1);
        FixEdit { file: directive.file, span: first.to(last), text: kept.join(", ") }
    };
    Some(Fix { title: "Remove what is not needed".to_owned(), safety: Safety::Safe, edits: vec![edit] })
}

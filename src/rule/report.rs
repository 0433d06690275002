//! From a match to a finding.

use smol_str::SmolStr;

use super::event::EventId;
use super::model::VERSIONED;
use super::render::Scene;
use super::{Case, Predicate, Role, Rule, Shape, Slot};
use super::{Message, Piece, fingerprint};
use crate::finding::{Finding, Label, Severity};
use crate::operation::relation::Relation;
use crate::operation::{Analysis, Site};

/// A rule that holds at an event, or at a pair of operations.
#[derive(Clone, Debug)]
pub(super) struct Match<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Its case.
    pub case: &'r Case,
    /// The severity that the user set.
    pub severity: Option<Severity>,
    /// The first, or only, event.
    pub first: EventId,
    /// The second operation.
    pub then: Option<EventId>,
    /// How it follows the first.
    pub relation: Option<Relation>,
    /// Others that the same change puts right.
    pub beside: Vec<EventId>,
}

/// The finding of a match.
pub(super) fn finding(matched: &Match<'_>, also: Vec<SmolStr>, scene: &Scene<'_>) -> Option<Finding> {
    let analysis = scene.analysis;
    let anchor = matched.anchor();
    let site = anchor.site(analysis)?;
    let primary = Label { file: site.file, span: site.name, text: label(anchor, scene) };
    let whole = |site: &Site| site.statement.unwrap_or(site.call).to(site.name);
    let mut extent = whole(site);
    let mut related = Vec::new();
    let other = if anchor == matched.first { matched.then } else { Some(matched.first) };
    if let Some(other) = other
        && let Some(site) = other.site(analysis)
    {
        related.push(Label { file: site.file, span: site.name, text: label(other, scene) });
        if site.file == primary.file {
            extent = extent.to(whole(site));
        }
    }
    for beside in &matched.beside {
        related.extend(beside.site(analysis).map(|site| Label {
            file: site.file,
            span: site.name,
            text: format!("and {}", label(*beside, scene)),
        }));
    }
    related.extend(origin(anchor, analysis));
    let mut severity = matched.severity.unwrap_or(matched.case.severity);
    let mut message = scene.render(&matched.case.message);
    if rests_on_versions(matched, analysis) {
        severity = severity.lowered();
        if let Some((library, Some(major))) = anchor.library(analysis) {
            message.push_str(&format!(" ({library} {major}; older versions that the project allows may differ)"));
        }
    }
    Some(Finding {
        rule: matched.rule.id.clone(),
        severity,
        message,
        help: matched.case.help.as_ref().map(|help| scene.render(help)),
        url: matched.rule.url(),
        fingerprint: fingerprint::of(matched.rule, anchor, scene),
        extent,
        primary,
        related,
        fix: None,
        also,
    })
}

/// What a place is marked with: the command and its key.
fn label(event: EventId, scene: &Scene<'_>) -> String {
    let slot = |slot: Slot| Message(vec![Piece::Slot(Role::First, slot)]);
    let scene = Scene { first: event, then: None, ..*scene };
    match event {
        EventId::Operation(_) => match event.operation(scene.analysis) {
            Some(operation) if !operation.keys.is_empty() => {
                format!("{} `{}`", operation.command, scene.render(&slot(Slot::Key)))
            }
            Some(operation) => operation.command.to_string(),
            None => String::new(),
        },
        EventId::Run(_) | EventId::Family(_) => "the first of them".to_owned(),
        EventId::Client(_) => match event.library(scene.analysis) {
            Some((library, _)) => format!("{} {library} client is made here", article(library)),
            None => String::new(),
        },
        EventId::Queue(_) | EventId::Entry(_) => String::new(),
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// Where the client of an operation comes from.
fn origin(event: EventId, analysis: &Analysis) -> Option<Label> {
    let operation = match event {
        EventId::Operation(_) => event.operation(analysis)?,
        _ => EventId::Operation(*event.members(analysis).first()?).operation(analysis)?,
    };
    let link = operation.origin.last()?;
    Some(Label { file: link.file, span: link.span, text: link.text.clone() })
}

/// Whether the match rests on a verdict that differs between the allowed versions of a client.
fn rests_on_versions(matched: &Match<'_>, analysis: &Analysis) -> bool {
    let rests = |predicates: &[Predicate], event: EventId| {
        event.versions_differ(analysis) && predicates.iter().any(|predicate| VERSIONED.contains(&predicate.fact))
    };
    match &matched.case.shape {
        Shape::Single(pattern) => rests(&pattern.predicates, matched.first),
        Shape::Pair { first, then, .. } => {
            rests(&first.predicates, matched.first)
                || then.as_ref().zip(matched.then).is_some_and(|(tail, event)| rests(&tail.pattern.predicates, event))
        }
    }
}

//! Matching: which rules hold where.

use smol_str::SmolStr;

use super::evaluate::{Truth, all, holds};
use super::event::EventId;
use super::pair::{Pair, pairs};
use super::render::{Scene, Speller};
use super::report::{Match, finding};
use super::search::Index;
use super::{Action, Case, Example, FixSpec, OptionValue, Report, Role, Rule, Rules, Shape, Unless, UnlessOn, When, overlap};
use crate::finding::{Finding, Safety, Severity};
use crate::operation::relation::Between;
use crate::operation::{Analysis, OperationId, Value, fact};
use crate::source::SourceFile;

/// A rule that is to be checked, with what the user set.
#[derive(Clone, Debug)]
pub struct Selected<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The severity that the user set; it replaces that of the rule and of its cases.
    pub severity: Option<Severity>,
    /// The options that the user set.
    pub options: Vec<(SmolStr, OptionValue)>,
}

impl<'r> Selected<'r> {
    /// A rule as its page has it.
    #[must_use]
    pub fn plain(rule: &'r Rule) -> Self {
        Self { rule, severity: None, options: Vec::new() }
    }

    /// A rule as an example of its page sets its options.
    #[must_use]
    pub fn shown(rule: &'r Rule, example: &Example) -> Self {
        let value = |(name, text): &(SmolStr, SmolStr)| Some((name.clone(), rule.option(name)?.parse(text)?));
        Self { rule, severity: None, options: example.options.iter().filter_map(value).collect() }
    }

    /// The value of an option: the user's, or the default.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&OptionValue> {
        let set = self.options.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        set.or_else(|| self.rule.option(name).map(|option| &option.default))
    }
}

/// A finding with its fix, still as data: the finding's own `fix` is empty.
#[derive(Clone, Debug)]
pub struct Found<'r> {
    /// What was found.
    pub finding: Finding,
    /// How to put it right, where the rule says how and its conditions are met.
    pub fix: Option<FixRequest<'r>>,
}

/// A fix to be spelled.
#[derive(Clone, Debug)]
pub struct FixRequest<'r> {
    /// What is done.
    pub spec: &'r FixSpec,
    /// The first, or only, event.
    pub first: EventId,
    /// The second operation.
    pub then: Option<EventId>,
    /// Whether it may be applied unseen, as far as facts tell: spelling it may lower this.
    pub safety: Safety,
}

impl FixRequest<'_> {
    /// The event of a role.
    #[must_use]
    pub fn event(&self, role: Role) -> EventId {
        match role {
            Role::First => self.first,
            Role::Then => self.then.unwrap_or(self.first),
        }
    }
}

/// Checks the selected rules. The findings are sorted by file, place and rule; of overlapping ones, the one whose rule
/// supersedes the other's is kept.
#[must_use]
pub fn check<'r>(
    rules: &Rules,
    selected: &[Selected<'r>],
    analysis: &Analysis,
    files: &[SourceFile],
    speller: &dyn Speller,
) -> Vec<Found<'r>> {
    let index = Index::new(analysis);
    let mut matches: Vec<Match<'r>> = Vec::new();
    for one in selected {
        let start = matches.len();
        for case in &one.rule.cases {
            match_case(one, case, analysis, &index, &mut matches);
        }
        // Where several cases match at one event, the first one speaks.
        let mut seen = rustc_hash::FxHashSet::default();
        let mut own = matches.split_off(start);
        own.retain(|found| seen.insert(found.anchor()));
        matches.append(&mut overlap::fold_turns(own, analysis));
    }
    let matches = overlap::resolve(rules, matches, analysis);
    let mut found: Vec<Found<'r>> = matches
        .into_iter()
        .filter_map(|(matched, also)| {
            let scene = Scene { analysis, files, speller, first: matched.first, then: matched.then };
            let finding = finding(&matched, also, &scene)?;
            Some(Found { finding, fix: fix(&matched, analysis) })
        })
        .collect();
    found.sort_by(|a, b| a.finding.place().cmp(&b.finding.place()));
    super::fingerprint::number(found.iter_mut().map(|found| &mut found.finding));
    found
}

fn match_case<'r>(selected: &Selected<'r>, case: &'r Case, analysis: &Analysis, index: &Index<'_>, matches: &mut Vec<Match<'r>>) {
    match &case.shape {
        Shape::Single(pattern) => {
            for event in index.candidates(pattern) {
                if holds(&pattern.predicates, event, analysis, selected) && !cancelled(&case.unless, event, None, &[], analysis, selected) {
                    matches.push(Match::single(selected, case, event));
                }
            }
        }
        Shape::Pair { first, then, absent } => {
            for pair in pairs(first, then.as_deref(), absent.as_deref(), &case.unless, analysis, index, selected) {
                let Pair { first, then, relation, beside } = pair;
                matches.push(Match {
                    rule: selected.rule,
                    case,
                    severity: selected.severity,
                    first: EventId::Operation(first),
                    then: then.map(EventId::Operation),
                    relation,
                    beside: beside.into_iter().map(EventId::Operation).collect(),
                });
            }
        }
    }
}

/// Whether an `unless` holds, or may.
pub(super) fn cancelled(
    unless: &[Unless],
    first: EventId,
    then: Option<EventId>,
    passed: &[OperationId],
    analysis: &Analysis,
    selected: &Selected<'_>,
) -> bool {
    let may = |unless: &Unless, event: EventId| all(&unless.predicates, event, analysis, selected) != Truth::No;
    unless.iter().any(|unless| match unless.on {
        UnlessOn::First => may(unless, first),
        UnlessOn::Then => then.is_some_and(|then| may(unless, then)),
        UnlessOn::Between => passed.iter().any(|id| may(unless, EventId::Operation(*id))),
    })
}

/// The fix of a match, when its conditions are met, with its safety lowered where the facts ask for it.
fn fix<'r>(matched: &Match<'r>, analysis: &Analysis) -> Option<FixRequest<'r>> {
    let spec = matched.case.fix.as_ref()?;
    let plain = Selected::plain(matched.rule);
    let event = |role: Role| if role == Role::Then { matched.then.unwrap_or(matched.first) } else { matched.first };
    let met = spec.when.iter().all(|when| match when {
        When::Fact(role, predicate) => holds(std::slice::from_ref(predicate), event(*role), analysis, &plain),
        When::Between(most) => matched.relation.as_ref().is_some_and(|relation| relation.between <= *most),
        When::Path(path) => matched.relation.as_ref().is_some_and(|relation| relation.path == *path),
    });
    // A command that also runs where the first did not cannot be folded into it.
    let independent = matched.relation.as_ref().is_some_and(|relation| relation.independent);
    if !met || (independent && spec.actions.contains(&Action::Remove(Role::Then))) {
        return None;
    }
    let related = matched.relation.as_ref().is_some_and(|relation| !relation.by_value || relation.between > Between::Pure);
    let differ = [Some(matched.first), matched.then].into_iter().flatten().any(|event| event.versions_differ(analysis));
    // Another command has another reply, and a removed one has none.
    let replies = spec.actions.iter().any(|action| match action {
        Action::Change(role, _) | Action::Remove(role) => event(*role)
            .operation(analysis)
            .is_some_and(|operation| !matches!(operation.facts.get(fact::REPLY_USE), Some(Value::Words(uses)) if *uses == ["ignored"])),
        _ => false,
    });
    // A TTL that is not known may be zero or less: EXPIRE then deletes the key, and the command that takes its place fails.
    let ttl = spec.actions.iter().any(|action| match action {
        Action::Remove(role) => event(*role).operation(analysis).is_some_and(|operation| match operation.facts.word(fact::TTL) {
            Some("fixed") => !matches!(operation.facts.get(fact::TTL_SECONDS), Some(Value::Number(seconds)) if *seconds > 0.0),
            Some(_) => true,
            None => false,
        }),
        _ => false,
    });
    let safety = if related || differ || replies || ttl { Safety::Unsafe } else { spec.safety };
    Some(FixRequest { spec, first: matched.first, then: matched.then, safety })
}

impl<'r> Match<'r> {
    fn single(selected: &Selected<'r>, case: &'r Case, event: EventId) -> Self {
        Self { rule: selected.rule, case, severity: selected.severity, first: event, then: None, relation: None, beside: Vec::new() }
    }

    /// The event that carries the primary label.
    pub(super) fn anchor(&self) -> EventId {
        match (self.case.report, self.then) {
            (Report::Then, Some(then)) => then,
            _ => self.first,
        }
    }
}

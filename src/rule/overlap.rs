//! One problem, one finding.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::event::EventId;
use super::report::Match;
use super::{Rules, Shape};
use crate::operation::{Analysis, TreeId, fact};
use crate::source::{FileId, Span};

/// Drops every match that one of a superseding rule shares a participant with, in the same function. The kept ones come with the
/// ids of what they replace. A run is kept where two round trips or more are left when each of the others has saved one.
pub(super) fn resolve<'r>(rules: &Rules, matches: Vec<Match<'r>>, analysis: &Analysis) -> Vec<(Match<'r>, Vec<SmolStr>)> {
    let mut by_participant: FxHashMap<(EventId, Option<TreeId>), Vec<usize>> = FxHashMap::default();
    for (index, matched) in matches.iter().enumerate() {
        let tree = matched.anchor().tree(analysis);
        for participant in participants(matched, analysis) {
            by_participant.entry((participant, tree)).or_default().push(index);
        }
    }
    // For each match, those that replace it.
    let mut winners: Vec<Vec<usize>> = vec![Vec::new(); matches.len()];
    for together in by_participant.values().filter(|together| together.len() > 1) {
        for &winner in together {
            for &loser in together {
                if rules.supersedes(&matches[winner].rule.id, &matches[loser].rule.id) && !winners[loser].contains(&winner) {
                    winners[loser].push(winner);
                }
            }
        }
    }
    for loser in 0..matches.len() {
        if leaves_a_run(&matches, &winners, loser, analysis) {
            winners[loser].clear();
        }
    }
    let mut also: Vec<Vec<SmolStr>> = vec![Vec::new(); matches.len()];
    for loser in 0..matches.len() {
        let mut open = winners[loser].clone();
        let mut seen = Vec::new();
        while let Some(winner) = open.pop() {
            if seen.contains(&winner) {
                continue;
            }
            seen.push(winner);
            if winners[winner].is_empty() && !also[winner].contains(&matches[loser].rule.id) {
                also[winner].push(matches[loser].rule.id.clone());
            }
            open.extend(&winners[winner]);
        }
    }
    matches
        .into_iter()
        .zip(also)
        .zip(winners)
        .filter(|(_, winners)| winners.is_empty())
        .map(|((matched, mut also), _)| {
            also.sort_unstable();
            (matched, also)
        })
        .collect()
}

/// Folds the matches of one rule: commands of one turn of a loop, of which a case about loops holds, are one problem. The first of
/// them speaks, the others stand beside it.
pub(super) fn fold_turns<'r>(mut matches: Vec<Match<'r>>, analysis: &Analysis) -> Vec<Match<'r>> {
    let turn = |matched: &Match<'_>| {
        let Shape::Single(pattern) = &matched.case.shape else { return None };
        let operation =
            matched.first.operation(analysis).filter(|_| pattern.predicates.iter().any(|predicate| predicate.fact == fact::LOOP))?;
        Some((operation.site.file, operation.loop_at?, operation.site.name.start))
    };
    matches.sort_by_key(|matched| turn(matched).map(|(file, _, start)| (file, start)));
    let mut first_of: FxHashMap<(FileId, Span), usize> = FxHashMap::default();
    let mut folded: Vec<Match<'r>> = Vec::with_capacity(matches.len());
    for matched in matches {
        let place = turn(&matched).map(|(file, around, _)| (file, around));
        match place.and_then(|place| first_of.get(&place)) {
            Some(first) => folded[*first].beside.push(matched.first),
            None => {
                place.into_iter().for_each(|place| _ = first_of.insert(place, folded.len()));
                folded.push(matched);
            }
        }
    }
    folded
}

/// Whether a match is about a run of which two round trips or more are left when every match that replaces it has saved one.
fn leaves_a_run(matches: &[Match<'_>], winners: &[Vec<usize>], loser: usize, analysis: &Analysis) -> bool {
    let matched = &matches[loser];
    let members = matched.first.members(analysis).len();
    // A folded match stands for as many.
    let saved =
        |winner: &usize| if matches!(matches[*winner].case.shape, Shape::Single(_)) { 1 + matches[*winner].beside.len() } else { 1 };
    let is_run = std::matches!(matched.first, EventId::Run(_));
    is_run && !winners[loser].is_empty() && members >= winners[loser].iter().map(saved).sum::<usize>() + 2
}

/// The operations and clients that a match is about.
fn participants(matched: &Match<'_>, analysis: &Analysis) -> Vec<EventId> {
    let members = matched.first.members(analysis).iter().map(|id| EventId::Operation(*id));
    [Some(matched.first), matched.then].into_iter().flatten().chain(matched.beside.iter().copied()).chain(members).collect()
}

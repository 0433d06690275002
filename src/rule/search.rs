//! Finding the events that a pattern can match without looking at all of them.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::event::EventId;
use super::{Pattern, Subject, Test};
use crate::operation::relation::Timeline;
use crate::operation::{Analysis, EventKind, OperationId, TreeId, Value, fact};

/// The operations of an analysis by command and by deed, and the timelines of its trees, laid out when first asked for.
pub(super) struct Index<'a> {
    analysis: &'a Analysis,
    by_command: FxHashMap<&'a str, Vec<OperationId>>,
    by_deed: FxHashMap<&'static str, Vec<OperationId>>,
    timelines: Vec<OnceCell<Timeline<'a>>>,
}

impl<'a> Index<'a> {
    /// Goes over the operations once.
    pub fn new(analysis: &'a Analysis) -> Self {
        let mut by_command: FxHashMap<&str, Vec<OperationId>> = FxHashMap::default();
        let mut by_deed: FxHashMap<&'static str, Vec<OperationId>> = FxHashMap::default();
        for (index, operation) in analysis.operations.iter().enumerate() {
            let id = OperationId(index as u32);
            by_command.entry(&operation.command).or_default().push(id);
            if let Some(Value::Words(deeds)) = operation.facts.get(fact::DOES_) {
                for deed in deeds {
                    by_deed.entry(deed).or_default().push(id);
                }
            }
        }
        Self { analysis, by_command, by_deed, timelines: analysis.trees.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The events that may match a pattern, in order.
    pub fn candidates(&self, pattern: &Pattern) -> Vec<EventId> {
        if pattern.event != EventKind::Operation {
            return EventId::all(pattern.event, self.analysis);
        }
        for predicate in &pattern.predicates {
            let Test::AnyOf(words) = &predicate.test else { continue };
            let lists = match (predicate.subject, predicate.fact) {
                (Subject::Event, fact::COMMAND) => words.iter().filter_map(|word| self.by_command.get(word.as_str())).collect::<Vec<_>>(),
                (Subject::Event, fact::DOES_) => words.iter().filter_map(|word| self.by_deed.get(word.as_str())).collect(),
                _ => continue,
            };
            let mut ids: Vec<_> = lists.into_iter().flatten().copied().collect();
            ids.sort_unstable();
            ids.dedup();
            return ids.into_iter().map(EventId::Operation).collect();
        }
        EventId::all(EventKind::Operation, self.analysis)
    }

    /// The timeline of a tree.
    pub fn timeline(&self, tree: TreeId) -> Option<&Timeline<'a>> {
        let cell = self.timelines.get(tree.0 as usize)?;
        let tree = self.analysis.trees.get(tree.0 as usize)?;
        Some(cell.get_or_init(|| Timeline::new(tree)))
    }
}

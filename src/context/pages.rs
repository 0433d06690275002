//! Scans: whether their pages are taken for single items, whether an empty page goes where none may, and what their cursor is
//! compared with.

use super::arguments::through_casts;
use super::outcomes::asks_whether_empty;
use super::replies::{Use, all_uses};
use super::{Cx, Found};
use crate::client::{Iterates, ValueKind, ValueVerdict};
use crate::operation::{OperationId, fact};
use crate::program::{BinaryOp, BindingId, EntryKey, FunctionId, Kind, Literal, LoopKind, NodeId, Target};
use crate::resolve::Unit;

/// How far values are followed.
const DEPTH: usize = 12;

/// What strings have and arrays have not.
const OF_TEXT: &[&str] = &[
    "split",
    "replace",
    "replaceAll",
    "startsWith",
    "endsWith",
    "substring",
    "substr",
    "toLowerCase",
    "toUpperCase",
    "trim",
    "match",
    "padStart",
    "charAt",
];

/// Sets the facts `page_use`, `page_empty` and `cursor_test` of the operations of a file.
pub(crate) fn apply(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    let scans: Vec<(NodeId, OperationId)> = found
        .by_call
        .iter()
        .filter(|(_, id)| found.operations[id.0 as usize].facts.has(fact::DOES_, "scan"))
        .map(|(call, id)| (*call, *id))
        .collect();
    let mut pages: Vec<BindingId> = Vec::new();
    let takes_one: Vec<NodeId> = found
        .by_call
        .iter()
        .filter(|(_, id)| {
            let entry = cx.commands.get(&found.operations[id.0 as usize].command);
            entry.is_some_and(|entry| entry.slots.first().is_some_and(|slot| slot.name == "key" && !slot.repeats))
        })
        .map(|(call, _)| *call)
        .collect();
    for (call, id) in scans {
        let operation = &mut found.operations[id.0 as usize];
        let Some(library) = cx.catalog.named(&operation.library) else { continue };
        let (table, versions) = (cx.catalog.library(library), cx.project.allowed(unit.file, library).versions);
        let role = crate::client::Role::Connection;
        let iterates = table.spell(&operation.method, role, versions).map(|spelled| spelled.map(|spelled| spelled.iterates));
        // A raw command answers with a cursor.
        match iterates.map_or((None, true), |found| (found.newest, found.agree)) {
            (Some(Iterates::Pages), agree) => {
                let page = page_of(unit, call);
                if let Some(word) = page.and_then(|page| page_use(unit, page, &takes_one)) {
                    operation.facts.set_word(fact::PAGE_USE, word);
                    operation.versions_differ |= !agree;
                }
                pages.extend(page);
            }
            (None, _) => {
                if let Some(word) = cursor_test(cx, unit, call, operation.facts.word(fact::REPLY)) {
                    operation.facts.set_word(fact::CURSOR_TEST, word);
                }
                pages.extend(page_of_reply(unit, call));
            }
            _ => {}
        }
    }
    if pages.is_empty() {
        return;
    }
    let takers: Vec<(NodeId, OperationId)> = found.by_call.iter().map(|(call, id)| (*call, *id)).collect();
    for (call, id) in takers {
        let operation = &mut found.operations[id.0 as usize];
        let (Some(library), Some(entry)) = (cx.catalog.named(&operation.library), cx.commands.get(&operation.command)) else { continue };
        if !entry.slots.last().is_some_and(|slot| slot.repeats) {
            continue;
        }
        let Some(page) = only_page(unit, call, &pages) else { continue };
        let versions = cx.project.allowed(unit.file, library).versions;
        let takes_none = cx.catalog.library(library).value(ValueKind::Empty, &entry.name, versions);
        if takes_none.is_none_or(|said| said.newest != ValueVerdict::Rejected) {
            continue;
        }
        let asked = unit.mentions[page.0 as usize]
            .iter()
            .any(|mention| asks_whether_empty(unit, &Use { how: "", node: *mention, certain: true }) || asks_by_name(unit, *mention));
        operation.facts.set_word(fact::PAGE_EMPTY, if asked { "asked" } else { "possible" });
    }
}

/// The variable that holds each page of an iterator: that of `for await`, or the parameter of a listener for `data`.
fn page_of(unit: &Unit, call: NodeId) -> Option<BindingId> {
    let parent = unit.parents[call.0 as usize]?;
    match unit.module.kind(parent) {
        Kind::Loop { kind: LoopKind::EachAwait, source: Some(source), binding: Some(binding), .. } if *source == call => {
            plain(unit, *binding)
        }
        Kind::Assign { target, .. } => {
            let binding = plain(unit, *target)?;
            let mut found =
                unit.mentions[binding.0 as usize].iter().filter(|mention| *mention != target).filter_map(|mention| page_of(unit, *mention));
            let only = found.next()?;
            found.next().is_none().then_some(only)
        }
        Kind::Call(listens) => {
            let Target::Method { receiver, name } = &listens.target else { return None };
            let data = listens
                .args
                .first()
                .is_some_and(|argument| matches!(unit.module.kind(argument.value), Kind::Literal(Literal::Str(event)) if event == "data"));
            if *receiver != call || !matches!(name.as_str(), "on" | "addListener") {
                return None;
            }
            if !data {
                return page_of(unit, parent);
            }
            let Kind::Closure(listener) = unit.module.kind(listens.args.get(1)?.value) else { return None };
            parameter(unit, *listener)
        }
        _ => None,
    }
}

fn plain(unit: &Unit, target: NodeId) -> Option<BindingId> {
    match unit.module.kind(target) {
        Kind::Local(binding) => Some(*binding),
        Kind::Assign { target, .. } => plain(unit, *target),
        _ => None,
    }
}

fn parameter(unit: &Unit, function: FunctionId) -> Option<BindingId> {
    plain(unit, unit.module.function(function).params.first()?.target)
}

/// The word of the fact `page_use`: what all uses of a page take it for.
fn page_use(unit: &Unit, page: BindingId, takes_one: &[NodeId]) -> Option<&'static str> {
    let mut word = None;
    for mention in &unit.mentions[page.0 as usize] {
        // The parameter itself.
        let Some(parent) = unit.parents[mention.0 as usize] else { continue };
        let here = match unit.module.kind(parent) {
            Kind::Loop { binding: Some(binding), .. } if binding == mention => continue,
            Kind::Assign { target, .. } if target == mention => continue,
            Kind::Template(_) => "item",
            Kind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Add, .. } => "item",
            Kind::Call(call) => match &call.target {
                Target::Method { receiver, name } if receiver == mention && OF_TEXT.contains(&name.as_str()) => "item",
                // The key of a command that takes one.
                _ if takes_one.contains(&parent) && call.args.first().is_some_and(|first| first.value == *mention) => "item",
                _ => return None,
            },
            _ => return None,
        };
        word = Some(here);
    }
    word
}

/// The variable that holds the keys of a reply `[cursor, keys]` or `{ cursor, keys }`, where a pattern takes it apart.
fn page_of_reply(unit: &Unit, call: NodeId) -> Option<BindingId> {
    let entries = pattern_of(unit, call)?;
    let entry = entries.iter().find(|(key, _)| matches!(key.as_str(), "1" | "keys" | "members" | "entries"))?;
    plain(unit, entry.1)
}

/// The pattern that takes the reply of a call apart.
fn pattern_of(unit: &Unit, call: NodeId) -> Option<Vec<(String, NodeId)>> {
    let mut at = call;
    for _ in 0..DEPTH {
        let parent = unit.parents[at.0 as usize]?;
        match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } => at = parent,
            Kind::Assign { target, value, .. } if *value == at => {
                let Kind::Pattern(entries) = unit.module.kind(*target) else { return None };
                let named = |entry: &crate::program::PatternEntry| match &entry.key {
                    EntryKey::Name(name) => Some((name.to_string(), entry.target)),
                    _ => None,
                };
                return Some(entries.iter().filter_map(named).collect());
            }
            _ => return None,
        }
    }
    None
}

/// The page that is all that a call is given, spread or whole.
fn only_page(unit: &Unit, call: NodeId, pages: &[BindingId]) -> Option<BindingId> {
    let Kind::Call(call) = unit.module.kind(call) else { return None };
    let [argument] = call.args.as_slice() else { return None };
    let mut node = through_casts(unit, argument.value);
    if let Kind::Spread(inner) = unit.module.kind(node) {
        node = *inner;
    }
    match unit.module.kind(node) {
        Kind::Local(binding) if pages.contains(binding) => Some(*binding),
        _ => None,
    }
}

/// Whether a mention is in a condition: `next if keys.none?`, `if (keys.length)`.
fn asks_by_name(unit: &Unit, mention: NodeId) -> bool {
    let mut at = mention;
    for _ in 0..DEPTH {
        let Some(parent) = unit.parents[at.0 as usize] else { return false };
        match unit.module.kind(parent) {
            Kind::Branch { condition, .. } => return *condition == at,
            Kind::Logic { left, .. } if *left == at => return true,
            Kind::Block(_) | Kind::Assign { .. } => return false,
            _ => at = parent,
        }
    }
    false
}

/// The word of the fact `cursor_test`: whether the tests made of the cursor in a reply can come out both ways.
fn cursor_test(cx: Cx<'_>, unit: &Unit, call: NodeId, reply: Option<&str>) -> Option<&'static str> {
    if reply != Some("cursor-string") {
        return None;
    }
    let cursor = cursor_of(unit, call)?;
    // A cursor that is converted somewhere is no text any more.
    let converted = unit.assigned[cursor.0 as usize]
        .iter()
        .any(|value| !matches!(unit.module.kind(through_casts(unit, *value)), Kind::Literal(_) | Kind::Index { .. } | Kind::Member { .. }));
    if converted {
        return None;
    }
    let mut word = None;
    for mention in &unit.mentions[cursor.0 as usize] {
        match compared(cx, unit, *mention) {
            Some(true) => return Some("never"),
            Some(false) => word = Some("meaningful"),
            None => {}
        }
    }
    word
}

/// The variable that holds the cursor of a reply: by a pattern, or `cursor = reply[0]`.
fn cursor_of(unit: &Unit, call: NodeId) -> Option<BindingId> {
    if let Some(entries) = pattern_of(unit, call) {
        let (_, target) = entries.iter().find(|(key, _)| key == "0" || key == "cursor")?;
        return plain(unit, *target);
    }
    all_uses(unit, call).iter().filter(|used| used.how == "member-access").find_map(|used| {
        let taken = unit.parents[used.node.0 as usize]?;
        let first = match unit.module.kind(taken) {
            Kind::Index { object, index, .. } => *object == used.node && matches!(unit.module.kind(*index), Kind::Literal(Literal::Int(0))),
            Kind::Member { object, name, .. } => *object == used.node && name == "cursor",
            _ => false,
        };
        let Kind::Assign { target, value, .. } = unit.module.kind(unit.parents[taken.0 as usize]?) else { return None };
        (first && *value == taken).then(|| plain(unit, *target)).flatten()
    })
}

/// Whether a mention of a cursor is compared with a number, to which text is never equal; `None` when it is not compared.
fn compared(cx: Cx<'_>, unit: &Unit, mention: NodeId) -> Option<bool> {
    let parent = unit.parents[mention.0 as usize]?;
    match unit.module.kind(parent) {
        Kind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, left, right } => {
            let other = if *left == mention { *right } else { *left };
            match unit.module.kind(through_casts(unit, other)) {
                Kind::Literal(Literal::Int(_)) => {
                    let between = unit.module.span(*left).end as usize..unit.module.span(*right).start as usize;
                    let strict = |text: &str| text.contains("===") || text.contains("!==");
                    // JavaScript's `==` makes a number of the text.
                    Some(unit.module.semantics.shares_constants || cx.source(unit).get(between).is_some_and(strict))
                }
                Kind::Literal(Literal::Str(_)) => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

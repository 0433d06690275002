//! For how long a command waits, and whether its client waits as long.

use super::Cx;
use super::arguments::Arguments;
use super::configured::Options;
use super::operations::{allowed, construction};
use super::receiver::Reached;
use crate::command::Command;
use crate::operation::{Operation, fact};
use crate::program::{Call, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::Place;

/// Sets the facts `block_seconds` and `outlives_read_timeout`.
pub(crate) fn facts(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments, on: &Reached, operation: &mut Operation) {
    let Some(seconds) = seconds(cx, unit, entry, words) else { return };
    operation.facts.set_number(fact::BLOCK_SECONDS, seconds);
    let Some(client) = on.clients.first() else { return };
    let table = cx.catalog.library(client.library);
    let versions = allowed(cx, unit, client);
    let Some(read_timeout) = table.blocking(versions).and_then(|row| row.newest.read_timeout) else { return };
    let waits = table.raw(&on.method, versions).is_none_or(|raw| raw.newest.waits);
    if !waits && on.clients.iter().all(|client| sets_no_timeout(cx, client.place)) {
        operation.facts.set_bool(fact::OUTLIVES_READ_TIMEOUT, seconds == 0.0 || seconds >= read_timeout);
    }
}

/// The time-out of a command that waits: its last argument, or its option.
fn seconds(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments) -> Option<f64> {
    if words.open || !operation_waits(entry) {
        return None;
    }
    let option = |name: &str| words.options.iter().find(|option| option.name.eq_ignore_ascii_case(name)).and_then(|option| option.value);
    let number = |node: NodeId| cx.texts.number(unit, node);
    if matches!(entry.name.as_str(), "XREAD" | "XREADGROUP") {
        if let Some(node) = option("BLOCK") {
            return Some(number(node)? / 1000.0);
        }
        let at = words.words.iter().position(|word| word.text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case("BLOCK")))?;
        return Some(words.words.get(at + 1).and_then(|word| word.node).and_then(number)? / 1000.0);
    }
    if let Some(node) = option("timeout") {
        return number(node);
    }
    let last = entry.slots.last().filter(|slot| slot.name == "timeout");
    last.and_then(|_| words.words.last()).filter(|_| words.words.len() > 1).and_then(|word| word.node).and_then(number)
}

fn operation_waits(entry: &Command) -> bool {
    entry.does().words().any(|deed| deed == "block")
}

/// Whether a client is certainly made where all of its options are to be seen, and with no time-out among them.
fn sets_no_timeout(cx: Cx<'_>, place: Place) -> bool {
    let Some(unit) = cx.resolution.links.unit(place.file) else { return false };
    let is_made = |(id, call): &(NodeId, &Call)| call.name_span.start == place.offset && construction(cx, unit, *id).is_some();
    let mut at = unit.calls().find(is_made).map(|(id, _)| id);
    while let Some(node) = at {
        let Kind::Call(call) = unit.module.kind(node) else { return matches!(unit.module.kind(node), Kind::Constant { .. }) };
        let Target::Method { receiver, name } = &call.target else { return false };
        let options = Options::of_arguments(unit, &call.args);
        // The time-out of a pool is the time to wait for a connection of it.
        if name != "new_pool" && !(options.lack("timeout") && options.lack("read_timeout")) {
            return false;
        }
        at = Some(*receiver);
    }
    false
}

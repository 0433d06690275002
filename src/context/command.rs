//! What the command table says of a call, with its arguments: what it does, its keys, its value, its pattern.

use super::arguments::{self, Arguments};
use super::purpose::purpose;
use super::{Cx, lua};
use crate::client::FormShape;
use crate::command::{Command, Token};
use crate::key::KeyPart;
use crate::operation::{Operation, Value, fact};
use crate::program::NodeId;
use crate::resolve::Unit;

/// Sets the facts that command and arguments give.
pub(crate) fn command_facts(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments, operation: &mut Operation) {
    let facts = &mut operation.facts;
    let mut does: Vec<&'static str> = entry.does().words().collect();
    if reads_everything(cx, unit, entry, words) {
        does.push("full-read");
    }
    // These wait only when they are told to.
    if matches!(entry.name.as_str(), "XREAD" | "XREADGROUP") && !words.open && !words.options_hidden && !mentions(words, "BLOCK") {
        does.retain(|deed| *deed != "block");
    }
    facts.set_words(fact::DOES_, does);
    facts.set_word(fact::TYPE, entry.value_type.word());
    facts.set_word(fact::COST, entry.cost.word());
    if let Some(missing) = entry.reply_missing {
        facts.set_word(fact::REPLY_MISSING, missing.word());
    }
    facts.set_word(fact::REPLY, entry.reply.word());
    server_facts(cx, unit, entry, words, operation);
    service_facts(cx, unit, entry, operation);
    let facts = &mut operation.facts;
    if !words.open {
        facts.set_number(fact::ARGUMENTS, words.words.len() as f64);
        facts.set_number(fact::KEY_COUNT, operation.keys.len() as f64);
    }
    if let Some(key) = operation.keys.first() {
        facts.set(fact::KEY, Value::Template(key.template.clone()));
    }
    let value =
        entry.slots.iter().zip(&words.words).find(|(slot, _)| matches!(slot.name.as_str(), "value" | "element" | "member" | "message"));
    if let Some(node) = value.and_then(|(_, word)| word.node) {
        facts.set_words(fact::VALUE, arguments::value_kinds(cx, unit, node, 0));
        facts.set_bool(fact::VALUE_CREATED, super::values::is_created(unit, node, 0));
    }
    if matches!(entry.name.as_str(), "EVAL" | "EVAL_RO")
        && let Some(word) = script_text(cx, unit, words)
    {
        facts.set_word(fact::SCRIPT_TEXT, word);
    }
    if matches!(entry.name.as_str(), "EVAL" | "EVAL_RO" | "SCRIPT LOAD") {
        script_facts(cx, words, operation);
    }
    let facts = &mut operation.facts;
    if entry.name == "XGROUP CREATE" && !words.open && !words.options_hidden {
        facts.set_bool(fact::MAKES_STREAM, mentions(words, "MKSTREAM"));
    }
    if entry.name == "KEYS" {
        facts.set_word(fact::PATTERN, pattern(words.words.first().and_then(|word| word.text.as_deref())));
    } else if entry.name == "SCAN" && !words.open && !words.options_hidden {
        let matched = words.options.iter().find(|option| option.name.eq_ignore_ascii_case("match")).map(|option| option.value);
        let text = |node: Option<NodeId>| node.and_then(|node| cx.texts.known(unit, node));
        facts.set_word(fact::PATTERN, matched.map_or("none", |node| pattern(text(node).as_deref())));
    }
}

fn pattern(text: Option<&str>) -> &'static str {
    match text {
        Some("*") => "all",
        Some(text) if !text.contains(['*', '?', '[']) => "exact",
        _ => "glob",
    }
}

/// Sets the facts `script_keys` and `script_scans`, of a script whose whole text is known.
fn script_facts(cx: Cx<'_>, words: &Arguments, operation: &mut Operation) {
    let Some(text) = words.words.first().and_then(|word| word.text.as_deref()) else { return };
    let takes_key =
        |command: &str| cx.commands.get(command).is_some_and(|entry| entry.slots.first().is_some_and(|slot| slot.name == "key"));
    let script = lua::read(text, takes_key);
    if let Some(declared) = script.declared {
        operation.facts.set_word(fact::SCRIPT_KEYS, if declared { "declared" } else { "undeclared" });
    }
    operation.facts.set_bool(fact::SCRIPT_SCANS, script.scans);
}

/// What the text of a script is made of. Names in capitals are constants, wherever they come from.
fn script_text(cx: Cx<'_>, unit: &Unit, words: &Arguments) -> Option<&'static str> {
    let node = words.words.first()?.node?;
    let template = cx.texts.template(unit, node);
    let mut texts = template.texts().peekable();
    texts.peek()?;
    let written_in = |part: &KeyPart| match part {
        KeyPart::Hole(name) => name.chars().any(|c| c.is_ascii_lowercase()),
        KeyPart::Text(_) => false,
    };
    Some(if template.0.iter().any(written_in) { "interpolated" } else { "constant" })
}

/// `LRANGE k 0 -1` and its kin read a whole collection.
fn reads_everything(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments) -> bool {
    if entry.full_read {
        return !entry.name.ends_with("RANGE");
    }
    let number = |at: usize| words.words.get(at).and_then(|word| word.node).and_then(|node| cx.texts.number(unit, node));
    let text = |at: usize| words.words.get(at).and_then(|word| word.text.as_deref());
    let limited = words.open
        || words.options_hidden
        || mentions(words, "LIMIT")
        || mentions(words, "COUNT")
        || words.shape == Some(FormShape::Number);
    match entry.name.as_str() {
        "LRANGE" | "ZRANGE" | "ZREVRANGE" => number(1) == Some(0.0) && number(2) == Some(-1.0),
        "XRANGE" => text(1) == Some("-") && text(2) == Some("+") && !limited,
        "XREVRANGE" => text(1) == Some("+") && text(2) == Some("-") && !limited,
        "ZRANGEBYSCORE" => number(1) == Some(f64::NEG_INFINITY) && !limited,
        "ZREVRANGEBYSCORE" => number(2) == Some(f64::NEG_INFINITY) && !limited,
        _ => false,
    }
}

/// Sets the facts of the configured server: `server_verdict`, `server` and `replaced_by`.
fn server_facts(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments, operation: &mut Operation) {
    let Some(server) = cx.paths.servers.get(&unit.file) else { return };
    let names_option = |token: &&Token| words.options.iter().any(|option| option.name.eq_ignore_ascii_case(&token.name));
    let too_new = match server.has(&entry.since) {
        Some(has) => !has || entry.tokens.iter().filter(names_option).any(|token| server.reads(token) == Some(false)),
        None => return,
    };
    let verdict = match server.has_deprecated(entry) {
        _ if too_new => "too-new",
        true => "deprecated",
        false => "fine",
    };
    operation.facts.set_word(fact::SERVER_VERDICT, verdict);
    operation.facts.set_word(fact::SERVER, server.to_string());
    if verdict == "deprecated" && !entry.replaced_by.is_empty() {
        operation.facts.set_word(fact::REPLACED_BY, entry.replaced_by.join(", "));
    }
}

/// Sets the facts of the configured managed service: `service_verdict` and `service`.
fn service_facts(cx: Cx<'_>, unit: &Unit, entry: &Command, operation: &mut Operation) {
    let Some(service) = cx.paths.services.get(&unit.file) else { return };
    operation.facts.set_word(fact::SERVICE_VERDICT, if service.refuses(&entry.name) { "refused" } else { "fine" });
    operation.facts.set_word(fact::SERVICE, service.title.clone());
}

/// Whether an option is among the arguments, in any spelling, as a word or as an option.
fn mentions(words: &Arguments, option: &str) -> bool {
    words.options.iter().any(|setting| setting.name.eq_ignore_ascii_case(option))
        || words.words.iter().any(|word| word.text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(option)))
}

/// Sets the facts that the keys give: `key_purpose`, `key_parts` and `key_space`.
pub(crate) fn key_facts(cx: Cx<'_>, unit: &Unit, operation: &mut Operation) {
    let space = operation.keys.iter().any(|key| super::keys::has_space(&key.template));
    operation.facts.set_bool(fact::KEY_SPACE, space);
    operation.facts.set_bool(fact::KEY_SEEN, operation.keys.iter().any(|key| !key.template.is_opaque()));
    if let Some(parts) = super::keys::parts(cx, unit, operation) {
        operation.facts.set_words(fact::KEY_PARTS, parts);
    }
    let texts: Vec<&str> = operation.keys.iter().flat_map(|key| key.template.texts()).collect();
    // `#resumeLocked` is called with a lock held; it takes none.
    let function = operation.function.as_deref().filter(|name| !name.to_ascii_lowercase().ends_with("locked"));
    let names: Vec<&str> = operation
        .keys
        .iter()
        .filter_map(|key| key.template.0.first())
        .filter_map(|part| if let KeyPart::Hole(name) = part { Some(name.as_str()) } else { None })
        .chain(operation.keys.iter().filter_map(|key| cx.source(unit).get(key.span.range())).filter(|text| is_name(text)))
        .chain(function)
        .collect();
    let words = purpose(&texts, &names);
    operation.facts.set_word(fact::KEY_PURPOSE, words);
}

/// Whether an expression is a name, with members perhaps: `lockKey`, `KEYS.import.lock`.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '@' | ':' | '#'))
}

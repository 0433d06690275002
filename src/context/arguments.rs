//! The arguments of a call as Redis will see them: words, options, keys, times to live.

use smol_str::SmolStr;

use super::Cx;
use super::identity::{identity, is_pure, key_identity};
use super::time;
use crate::client::{FormShape, FormVerdict, Library, Meaning, Versions};
use crate::command::{Command, TtlEffect, TtlUnit};
use crate::key::Template;
use crate::operation::{Facts, Key, Slot, fact};
use crate::program::{Argument, ArgumentKind, BinaryOp, CallForm, EntryKey, Kind, Literal, NodeId, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::duration_unit;
use crate::source::Span;

/// One word of the command line.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The expression.
    pub node: Option<NodeId>,
    /// Its text, when known as a whole.
    pub text: Option<SmolStr>,
    /// Where it stands.
    pub span: Span,
}

/// An option: a member of an options object, a keyword, or a token with its value.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// Name as written.
    pub name: SmolStr,
    /// Its value.
    pub value: Option<NodeId>,
    /// Name and value.
    pub span: Span,
}

/// The arguments of a call, sorted out.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Words behind the command name.
    pub words: Vec<Word>,
    /// Whether a spread hides more words.
    pub open: bool,
    /// Options.
    pub options: Vec<Setting>,
    /// Whether a spread or an expression hides options.
    pub options_hidden: bool,
    /// How the options are written.
    pub shape: Option<FormShape>,
    /// Keys that are given apart from the words: `eval(script, { keys: […] })`.
    pub own_keys: Option<Vec<NodeId>>,
}

/// Commands whose object argument is a row of names and values, not options.
pub(crate) fn takes_pairs(command: &Command) -> bool {
    matches!(command.name.as_str(), "HSET" | "HMSET" | "MSET" | "MSETNX" | "XADD")
}

/// How many words stand before the names and values.
fn pairs_begin(command: &Command) -> usize {
    match command.name.as_str() {
        "MSET" | "MSETNX" => 0,
        "XADD" => 2,
        _ => 1,
    }
}

/// Whether the next word is a value, and the last one that the command takes.
fn takes_one_value(command: &Command, at: usize) -> bool {
    command.slots.iter().all(|slot| !slot.repeats) && command.slots.get(at).is_some_and(|slot| VALUES.contains(&slot.name.as_str()))
}

/// The name of the slot that a word stands in, by its position.
fn slot_name(command: &Command, index: usize) -> Option<&SmolStr> {
    let names = &command.slots;
    match names.get(index) {
        Some(slot) => Some(&slot.name),
        None => {
            let from = names.iter().position(|slot| slot.repeats)?;
            Some(&names[from + (index - from) % (names.len() - from)].name)
        }
    }
}

/// Slots that hold what is stored.
pub(crate) const VALUES: &[&str] = &["value", "element", "member", "message"];

/// Commands whose keys are counted, and that clients take as a list of their own.
fn takes_key_list(command: &Command) -> bool {
    matches!(command.name.as_str(), "EVAL" | "EVALSHA" | "EVAL_RO" | "EVALSHA_RO" | "FCALL" | "FCALL_RO")
}

pub(crate) fn through_casts(unit: &Unit, mut node: NodeId) -> NodeId {
    while let Kind::Cast { value, .. } | Kind::Await(value) = unit.module.kind(node) {
        node = *value;
    }
    node
}

/// Sorts out the arguments of a call of a command.
pub(crate) fn arguments(cx: Cx<'_>, unit: &Unit, args: &[Argument], command: &Command) -> Arguments {
    let mut found = Arguments::default();
    for argument in args {
        let node = through_casts(unit, argument.value);
        match &argument.kind {
            ArgumentKind::Positional => match unit.module.kind(node) {
                // An array where one value belongs is that value.
                Kind::Array(_) if takes_one_value(command, found.words.len()) => found.push(cx, unit, node),
                Kind::Array(members) => {
                    if takes_key_list(command) {
                        found.own_keys.get_or_insert_with(|| members.clone());
                    } else {
                        members.iter().for_each(|member| found.push(cx, unit, *member));
                    }
                }
                Kind::Object(entries) if takes_pairs(command) && found.words.len() == pairs_begin(command) => {
                    for entry in entries {
                        match &entry.key {
                            EntryKey::Name(name) | EntryKey::Symbol(name) => {
                                found.words.push(Word { node: None, text: Some(name.clone()), span: entry.span });
                                found.push(cx, unit, entry.value);
                            }
                            EntryKey::Computed(key) => {
                                found.push(cx, unit, *key);
                                found.push(cx, unit, entry.value);
                            }
                            EntryKey::Spread => found.open = true,
                        }
                    }
                }
                // An object where the value belongs is stored, not read as options.
                Kind::Object(_) if slot_name(command, found.words.len()).is_some_and(|name| VALUES.contains(&name.as_str())) => {
                    found.push(cx, unit, node);
                }
                Kind::Object(entries) => {
                    found.shape = Some(if unit.module.semantics.shares_constants { FormShape::Hash } else { FormShape::Options });
                    for entry in entries {
                        match entry.key.name() {
                            Some(name) => {
                                if takes_key_list(command)
                                    && name == "keys"
                                    && let Kind::Array(members) = unit.module.kind(through_casts(unit, entry.value))
                                {
                                    found.own_keys = Some(members.clone());
                                }
                                found.options.push(Setting { name: name.clone(), value: Some(entry.value), span: entry.span });
                            }
                            None => found.options_hidden = true,
                        }
                    }
                }
                // A callback of the old promise-less clients.
                Kind::Closure(_) => {}
                Kind::Spread(_) => found.open = true,
                _ => found.push(cx, unit, node),
            },
            ArgumentKind::Keyword(name) => {
                if takes_key_list(command)
                    && name == "keys"
                    && let Kind::Array(members) = unit.module.kind(node)
                {
                    found.own_keys = Some(members.clone());
                }
                found.shape = Some(FormShape::Keywords);
                found.options.push(Setting { name: name.clone(), value: Some(node), span: unit.module.span(node) });
            }
            ArgumentKind::Spread => {
                found.open = true;
                if let Kind::Array(members) = unit.module.kind(node) {
                    found.open = false;
                    members.iter().for_each(|member| found.push(cx, unit, *member));
                }
            }
            ArgumentKind::KeywordSpread => found.options_hidden = true,
            ArgumentKind::Block => {}
        }
    }
    found.take_tokens(cx, unit, command);
    // The time-out behind any number of keys.
    let timed = command.slots.len() > 1 && command.slots.last().is_some_and(|slot| slot.name == "timeout");
    if timed
        && found.shape.is_none()
        && found.words.len() > 1
        && found.words.last().and_then(|word| word.node).is_some_and(|node| cx.texts.number(unit, node).is_some())
    {
        found.shape = Some(FormShape::Number);
    }
    found
}

impl Arguments {
    fn push(&mut self, cx: Cx<'_>, unit: &Unit, node: NodeId) {
        if let Kind::Spread(_) = unit.module.kind(node) {
            self.open = true;
            return;
        }
        self.words.push(Word { node: Some(node), text: cx.texts.known(unit, node), span: unit.module.span(node) });
    }

    /// Words behind the fixed slots are option tokens: `'EX', 60, 'NX'`, or a bare number.
    fn take_tokens(&mut self, cx: Cx<'_>, unit: &Unit, command: &Command) {
        if command.slots.is_empty()
            || command.tokens.is_empty()
            || command.slots.iter().any(|slot| slot.repeats)
            || self.words.len() <= command.slots.len()
        {
            return;
        }
        let extra = self.words.split_off(command.slots.len());
        let mut words = extra.into_iter().peekable();
        let mut tokens = Vec::new();
        let mut number = None;
        while let Some(word) = words.next() {
            let literal =
                word.node.is_some_and(|node| matches!(unit.module.kind(node), Kind::Literal(Literal::Str(_) | Literal::Symbol(_))));
            let token = word.text.as_deref().filter(|_| literal || word.node.is_some()).and_then(|text| command.token(text));
            match token {
                Some(token) => {
                    let value = if token.slot.is_some() { words.next() } else { None };
                    let span = value.as_ref().map_or(word.span, |value| word.span.to(value.span));
                    tokens.push(Setting { name: token.name.clone(), value: value.and_then(|value| value.node), span });
                }
                None if word.node.is_some_and(|node| cx.texts.number(unit, node).is_some()) => number = Some(word),
                // An expression of unknown meaning: a variable holding an options object, perhaps.
                None => self.options_hidden = true,
            }
        }
        if let Some(word) = number.filter(|_| tokens.is_empty() && self.shape.is_none()) {
            self.shape = Some(FormShape::Number);
            self.options.push(Setting { name: word.text.clone().unwrap_or_default(), value: word.node, span: word.span });
        } else if !tokens.is_empty() && self.shape.is_none() {
            self.shape = Some(FormShape::Tokens);
            self.options.append(&mut tokens);
        }
    }

    /// The keys, by the command table's positions.
    pub fn keys(&self, cx: Cx<'_>, unit: &Unit, command: &Command) -> Vec<Key> {
        let key = |node: NodeId| key(cx, unit, node);
        if let Some(own) = &self.own_keys {
            return own.iter().map(|node| key(*node)).collect();
        }
        let texts: Vec<Option<&str>> = self.words.iter().map(|word| word.text.as_deref()).collect();
        let positions = if self.open { command.key_positions_open(&texts) } else { command.key_positions(&texts) };
        positions
            .known
            .iter()
            .filter_map(|at| self.words.get(*at))
            .map(|word| match (word.node, &word.text) {
                (Some(node), _) => key(node),
                (None, text) => {
                    Key { template: text.clone().map_or_else(Template::opaque, Template::text), identity: None, span: word.span }
                }
            })
            .collect()
    }

    /// The words with the names of their slots.
    pub fn named<'a>(&'a self, command: &'a Command) -> impl Iterator<Item = (&'a SmolStr, &'a Word)> {
        self.words.iter().enumerate().filter_map(|(index, word)| Some((slot_name(command, index)?, word)))
    }

    /// The words by the names of their slots.
    pub fn slots(&self, unit: &Unit, command: &Command, text: &str) -> Vec<Slot> {
        let slot = |(name, word): (&SmolStr, &Word)| {
            let node = word.node?;
            Some(Slot {
                name: name.clone(),
                span: word.span,
                identity: Some(identity(unit, node, text)),
                derives: Vec::new(),
                pure: is_pure(unit, node),
            })
        };
        self.named(command).filter_map(slot).collect()
    }
}

/// What the table says of the form of the arguments, and what follows for TTL and conditions.
pub(crate) struct Form {
    /// The verdict, if the table has one.
    pub verdict: Option<FormVerdict>,
    /// The option that the verdict is about.
    pub option: Option<SmolStr>,
    /// The TTL expression and its unit.
    pub ttl: Option<(NodeId, TtlUnit, Span)>,
    /// The TTL expression that was meant, where the client does not read it as one.
    pub meant: Option<NodeId>,
    /// Conditions.
    pub conditions: Vec<SmolStr>,
    /// Whether allowed versions differ.
    pub differs: bool,
    keeps: bool,
    clears: bool,
    /// Whether the client cuts off the fraction of a TTL.
    truncates: bool,
    /// Whether the client leaves out a TTL that is nil.
    drops_nil: bool,
}

/// Reads the form of a call. Without a library the words go to the server as they are.
pub(crate) fn form(cx: Cx<'_>, unit: &Unit, found: &Arguments, command: &Command, library: Option<&Library>, allowed: Versions) -> Form {
    let fraction = library.and_then(|library| library.form(&command.name, FormShape::Fraction, allowed));
    let mut form = Form {
        verdict: None,
        option: None,
        ttl: None,
        meant: None,
        conditions: Vec::new(),
        differs: false,
        keeps: false,
        clears: false,
        truncates: fraction.is_some_and(|row| row.newest.verdict == FormVerdict::Truncated),
        drops_nil: false,
    };
    for (slot, word) in command.slots.iter().zip(&found.words) {
        if let (Some(unit_), Some(node)) = (slot.ttl_unit(), word.node) {
            form.ttl = Some((node, unit_, word.span));
        }
    }
    if swapped(cx, unit, found, command) {
        form.verdict = Some(FormVerdict::Swapped);
    }
    let Some(shape) = found.shape else { return form };
    let Some(row) = library.and_then(|library| library.form(&command.name, shape, allowed)) else {
        // Without a row for the shape the meaning of tokens is the server's own.
        if shape == FormShape::Tokens || library.is_none() {
            for option in &found.options {
                if let Some(meaning) = Meaning::of_token(&option.name.to_ascii_uppercase()) {
                    form.take(cx, unit, &meaning, option);
                }
            }
        }
        return form;
    };
    form.differs = !row.agree;
    let row = row.newest;
    if row.verdict != FormVerdict::Accepted {
        form.verdict = Some(row.verdict);
        form.option = found.options.first().map(|option| option.name.clone());
        form.meant =
            found.options.iter().find(|option| shape == FormShape::Number || names_ttl(&option.name)).and_then(|option| option.value);
        return form;
    }
    form.verdict = Some(FormVerdict::Accepted);
    let nil = library.and_then(|library| library.form(&command.name, FormShape::Nil, allowed));
    form.drops_nil = nil.is_some_and(|row| row.newest.verdict == FormVerdict::Ignored);
    for option in &found.options {
        let meaning = match shape {
            FormShape::Tokens => row.keys.of_token(&option.name),
            FormShape::Number => row.keys.of("last"),
            _ => row.keys.of(&option.name),
        };
        match (meaning, row.others) {
            (Some(meaning), _) => form.take(cx, unit, meaning, option),
            (None, Some(others)) if others != FormVerdict::Accepted => {
                form.verdict = Some(others);
                form.option = Some(option.name.clone());
                form.meant = option.value.filter(|_| names_ttl(&option.name));
            }
            (None, _) => {}
        }
    }
    form
}

/// Whether the value of a SETEX stands where its TTL belongs: text that is no number.
fn swapped(cx: Cx<'_>, unit: &Unit, found: &Arguments, command: &Command) -> bool {
    let ([_, ttl, _], "SETEX" | "PSETEX") = (found.words.as_slice(), command.name.as_str()) else { return false };
    let Some(node) = ttl.node else { return false };
    let kinds = value_kinds(cx, unit, node, 0);
    let text = kinds.contains(&"json") || kinds.contains(&"object") || kinds.contains(&"marshal") || kinds.contains(&"string");
    text && cx.texts.number(unit, node).is_none() && ttl.text.as_deref().is_none_or(|text| text.parse::<f64>().is_err())
}

/// Whether an option name of any client is a TTL in seconds.
fn names_ttl(name: &str) -> bool {
    name.eq_ignore_ascii_case("EX")
}

impl Form {
    fn take(&mut self, cx: Cx<'_>, unit: &Unit, meaning: &Meaning, option: &Setting) {
        let switched_off =
            option.value.is_some_and(|value| matches!(unit.module.kind(value), Kind::Literal(Literal::Bool(false) | Literal::Nil)));
        match meaning {
            Meaning::Ttl(ttl_unit) => {
                if let Some(value) = option.value.filter(|_| !switched_off) {
                    self.ttl = Some((value, *ttl_unit, option.span));
                }
            }
            Meaning::KeepTtl => self.keeps |= !switched_off,
            Meaning::ClearTtl => self.clears |= !switched_off,
            Meaning::Condition(name) if !switched_off => self.conditions.push(name.clone()),
            Meaning::Get if !switched_off => self.conditions.push("GET".into()),
            Meaning::OneOf(_) => {
                if let Some(text) = option.value.and_then(|value| cx.texts.known(unit, value))
                    && let Some(meaning) = Meaning::of_token(&text)
                {
                    let inner = Setting { name: text, value: None, span: option.span };
                    self.take(cx, unit, &meaning, &inner);
                }
            }
            Meaning::Table(_) => self.take_table(cx, unit, option),
            _ => {}
        }
    }

    /// `expiration: { type: "EX", value: 60 }`.
    fn take_table(&mut self, cx: Cx<'_>, unit: &Unit, option: &Setting) {
        let Some(Kind::Object(entries)) = option.value.map(|value| unit.module.kind(through_casts(unit, value))) else { return };
        let member = |name: &str| entries.iter().find(|entry| entry.key.name().is_some_and(|key| key == name)).map(|entry| entry.value);
        let Some(kind) = member("type").and_then(|value| cx.texts.known(unit, value)) else { return };
        match Meaning::of_token(&kind) {
            Some(Meaning::Ttl(ttl_unit)) => self.ttl = member("value").map(|value| (value, ttl_unit, option.span)),
            Some(Meaning::KeepTtl) => self.keeps = true,
            _ => {}
        }
    }

    /// Writes the facts `ttl`, `ttl_unit`, `ttl_seconds`, `ttl_looks`, `condition` and `form_verdict`.
    pub fn facts(&self, cx: Cx<'_>, unit: &Unit, found: &Arguments, command: &Command, facts: &mut Facts) {
        if let Some(verdict) = self.verdict {
            facts.set_word(fact::FORM_VERDICT, verdict.word());
        }
        let hidden = found.open || found.options_hidden;
        if !hidden {
            let words: Vec<&'static str> =
                self.conditions.iter().filter_map(|name| CONDITIONS.iter().find(|word| **word == name.as_str()).copied()).collect();
            match (words.is_empty(), command.name.as_str()) {
                (_, "SETNX" | "HSETNX" | "MSETNX") => facts.set_words(fact::CONDITION, ["NX"]),
                (true, _) => facts.set_words(fact::CONDITION, ["none"]),
                (false, _) => facts.set_words(fact::CONDITION, words),
            }
        }
        if let Some((node, ttl_unit, _)) = self.ttl {
            facts.set_word(fact::TTL_UNIT, ttl_unit.word());
            if self.drops_nil {
                facts.set_bool(fact::TTL_MISSING, super::nilable::unset_environment(unit, node, 0));
            }
            let literal = matches!(unit.module.kind(through_casts(unit, node)), Kind::Literal(_));
            facts.set_word(fact::TTL_WRITTEN, if literal { "literal" } else { "expression" });
            let mut looks = time::looks(cx, unit, node);
            // A point in time before 2001 is meant as a duration.
            if matches!(ttl_unit, TtlUnit::SecondsAt | TtlUnit::MillisecondsAt)
                && cx.texts.number(unit, node).is_some_and(|number| number < 1e9)
            {
                looks.push("duration");
            }
            if let Some(number) = time::number(cx, unit, node) {
                facts.set_word(fact::TTL_NUMBER, if number == "fraction" && self.truncates { "truncated" } else { number });
            }
            if !looks.is_empty() {
                facts.set_words(fact::TTL_LOOKS, looks);
            }
            match cx.texts.number(unit, node) {
                Some(number) if matches!(ttl_unit, TtlUnit::Seconds | TtlUnit::Milliseconds) => {
                    let seconds = if ttl_unit == TtlUnit::Milliseconds { number / 1000.0 } else { number };
                    facts.set_word(fact::TTL, "fixed");
                    facts.set_number(fact::TTL_SECONDS, seconds);
                }
                _ => facts.set_word(fact::TTL, "dynamic"),
            }
        } else if self.keeps {
            facts.set_word(fact::TTL, "keeps");
        } else if self.clears {
            facts.set_word(fact::TTL, "clears");
        } else if !hidden && (command.creates || command.overwrites) {
            // What is only written where nothing was has no TTL to keep.
            let keeps = command.ttl_effect == TtlEffect::Keeps && !facts.has(fact::CONDITION, "NX");
            facts.set_word(fact::TTL, if keeps { "keeps" } else { "none" });
        }
    }
}

const CONDITIONS: &[&str] = &["NX", "XX", "GT", "LT", "IFEQ", "GET"];

/// What kind of expression a stored value is, as the words of the fact `value`.
pub(crate) fn value_kinds(cx: Cx<'_>, unit: &Unit, node: NodeId, depth: usize) -> Vec<&'static str> {
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Literal(Literal::Str(_) | Literal::Symbol(_)) => vec!["literal", "string"],
        Kind::Literal(Literal::Int(_) | Literal::Float(_)) => vec!["literal", "number"],
        Kind::Literal(Literal::Bool(_)) => vec!["literal", "boolean"],
        Kind::Literal(Literal::Nil) => vec!["nil"],
        Kind::Literal(Literal::Regex(_)) => vec!["object"],
        Kind::Object(_) => vec!["object"],
        Kind::Array(_) => vec!["array"],
        Kind::Template(_) => vec!["string"],
        Kind::Unary { op: UnaryOp::Not, .. } => vec!["boolean"],
        Kind::Binary {
            op: BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual,
            ..
        } => {
            vec!["boolean"]
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => {
                let on = match unit.module.kind(*receiver) {
                    Kind::Free(name) => name.as_str(),
                    Kind::Constant { path, .. } => path.last().map_or("", SmolStr::as_str),
                    _ => "",
                };
                match (on, name.as_str()) {
                    ("JSON", "stringify" | "generate" | "dump") if call.args.len() == 1 => {
                        json_of(cx, unit, call.args.first().map(|argument| argument.value), depth)
                    }
                    (_, "to_json") => json_of(cx, unit, Some(*receiver), depth),
                    ("JSON" | "superjson" | "SuperJSON", "stringify" | "generate" | "dump") => vec!["json"],
                    ("Marshal", "dump") => vec!["marshal"],
                    ("Date", "now") | ("Time", "now" | "current") | (_, "getTime" | "current" | "now" | "from_now" | "ago") => vec!["time"],
                    (_, name) if call.args.is_empty() && unit.module.semantics.shares_constants && duration_unit(name).is_some() => {
                        vec!["duration"]
                    }
                    (_, "to_h" | "attributes" | "serializable_hash" | "to_hash" | "symbolize_keys" | "stringify_keys") => vec!["object"],
                    ("Object", "keys" | "values" | "entries") => vec!["array"],
                    ("Object", "assign" | "fromEntries") => vec!["object"],
                    (_, "to_a" | "split") => vec!["array"],
                    (_, "to_s" | "toString" | "toISOString" | "iso8601") => match value_kinds(cx, unit, *receiver, depth + 1).as_slice() {
                        ["time"] => vec!["time"],
                        _ => vec!["string"],
                    },
                    (_, "to_i" | "to_f") => match value_kinds(cx, unit, *receiver, depth + 1).as_slice() {
                        ["time"] => vec!["time"],
                        _ => vec!["number"],
                    },
                    _ => vec!["dynamic"],
                }
            }
            Target::Function(callee) => match unit.module.kind(*callee) {
                Kind::Free(name) if name == "String" => {
                    call.args.first().map_or(vec!["string"], |argument| match value_kinds(cx, unit, argument.value, depth + 1).as_slice() {
                        ["time"] => vec!["time"],
                        _ => vec!["string"],
                    })
                }
                Kind::Free(name) if name == "Date" => vec!["time"],
                Kind::Free(name) if call.form == CallForm::New && matches!(name.as_str(), "Map" | "Set" | "WeakMap" | "WeakSet") => {
                    vec!["map", "object"]
                }
                Kind::Free(name) if call.form == CallForm::New && matches!(name.as_str(), "Object" | "URLSearchParams") => {
                    vec!["object"]
                }
                Kind::Free(name) if name == "Boolean" => vec!["boolean"],
                Kind::Free(name) if name == "Number" => vec!["number"],
                _ => vec!["dynamic"],
            },
            _ => vec!["dynamic"],
        },
        Kind::Local(_) | Kind::Constant { .. } | Kind::Member { .. } if depth < 6 => match cx.texts.definition(unit, node, 0) {
            Some((file, defined)) => {
                cx.resolution.links.unit(file).map_or(vec!["dynamic"], |there| value_kinds(cx, there, defined, depth + 1))
            }
            None => vec!["dynamic"],
        },
        _ => vec!["dynamic"],
    }
}

/// What the JSON of an expression is.
fn json_of(cx: Cx<'_>, unit: &Unit, of: Option<NodeId>, depth: usize) -> Vec<&'static str> {
    let Some(of) = of.filter(|_| depth < 6) else { return vec!["json"] };
    let kinds = |node: NodeId| value_kinds(cx, unit, node, depth + 1);
    let inside = match unit.module.kind(through_casts(unit, of)) {
        Kind::Object(entries) => entries.iter().any(|entry| !matches!(entry.key, EntryKey::Spread) && kinds(entry.value).contains(&"map")),
        _ => false,
    };
    let own = kinds(of);
    match () {
        () if own.contains(&"json") => vec!["json", "json-of-json"],
        () if inside || own.contains(&"map") => vec!["json", "json-of-map"],
        () => vec!["json"],
    }
}

/// An argument as a key.
pub(crate) fn key(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Key {
    Key { template: cx.texts.template(unit, node), identity: Some(key_identity(cx, unit, node)), span: unit.module.span(node) }
}

//! Message templates: text with slots that are filled from the events of a finding.

use std::ops::Range;

use smol_str::SmolStr;

use super::near::nearest;
use crate::operation::{EventKind, FACTS, FactId, fact_named};

/// A parsed template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message(pub Vec<Piece>);

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// `{first.key}`
    Slot(Role, Slot),
    /// `{spell: SET {key} {value} EX {ttl}}`: the command as the client of the first event writes it.
    Spell(Message),
}

/// An event of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The single event, or the first operation of a pair.
    First,
    /// The second operation of a pair.
    Then,
}

/// What a slot shows of its event.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// The Redis command.
    Command,
    /// The template of the first key.
    Key,
    /// The templates of all keys.
    Keys,
    /// The method as written.
    Method,
    /// The client library.
    Library,
    /// The name of the function around it.
    Function,
    /// The source text of an argument, by its name in the command table.
    Argument(SmolStr),
    /// The commands of a run, each once.
    Commands,
    /// The name of the option that a verdict is about.
    Option,
    /// The literal address of a client.
    Address,
    /// The value of a fact.
    Fact(FactId),
}

/// Names of argument slots that messages may use.
const ARGUMENTS: &[&str] = &["value", "ttl", "field", "member", "arguments", "pattern", "options"];

/// What is wrong with a template, and where in it.
#[derive(Debug, PartialEq)]
pub struct MessageError {
    /// Byte range in the template.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// The events that a template may name.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Kind of the first, or only, event.
    pub first: EventKind,
    /// Whether the match is a pair, so that slots must say whose they are.
    pub pair: bool,
    /// Whether there is a second operation.
    pub then: bool,
}

impl Message {
    /// Parses a template for matches with these events.
    pub(super) fn parse(text: &str, roles: Roles) -> Result<Self, MessageError> {
        parse(text, 0, roles, true)
    }
}

fn parse(text: &str, offset: usize, roles: Roles, spell: bool) -> Result<Message, MessageError> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(open) = text[rest..].find(['{', '}']).map(|at| at + rest) {
        if open > rest {
            pieces.push(Piece::Text(text[rest..open].to_owned()));
        }
        let close = matching(text, open).ok_or_else(|| MessageError {
            range: offset + open..offset + text.len(),
            message: "this brace has no partner".to_owned(),
            help: Some("write a slot as {key} or {first.key}".to_owned()),
        })?;
        let inner = &text[open + 1..close];
        let at = offset + open + 1;
        let piece = match inner.strip_prefix("spell:") {
            Some(command) if spell => {
                Piece::Spell(parse(command.trim_start(), at + inner.len() - command.trim_start().len(), roles, false)?)
            }
            _ => slot(inner, at, roles)?,
        };
        pieces.push(piece);
        rest = close + 1;
    }
    if rest < text.len() {
        pieces.push(Piece::Text(text[rest..].to_owned()));
    }
    Ok(Message(pieces))
}

/// The closing brace that belongs to the opening one at `open`.
fn matching(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn slot(inner: &str, offset: usize, roles: Roles) -> Result<Piece, MessageError> {
    let error = |message: String, help: Option<String>| MessageError { range: offset..offset + inner.len(), message, help };
    let (role, name) = match inner.split_once('.') {
        Some(("first", name)) if roles.pair => (Role::First, name),
        Some(("then", name)) if roles.then => (Role::Then, name),
        Some(("event", name)) if !roles.pair => (Role::First, name),
        Some((role, _)) => {
            let known = match (roles.pair, roles.then) {
                (true, true) => "`first` and `then`",
                (true, false) => "`first`",
                (false, _) => "`event`, which may be left out",
            };
            return Err(error(format!("this rule has no event `{role}`"), Some(format!("its events are {known}"))));
        }
        None if roles.pair => {
            return Err(error(
                format!("`{inner}` of which event?"),
                Some(format!("write {{first.{inner}}}{}", if roles.then { format!(" or {{then.{inner}}}") } else { String::new() })),
            ));
        }
        None => (Role::First, inner),
    };
    let event = if role == Role::Then { EventKind::Operation } else { roles.first };
    let slot = slot_named(name, event).ok_or_else(|| {
        let names = slot_names(event);
        let help = nearest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        error(format!("{} {} has no slot `{name}`", article(event), event.word()), help)
    })?;
    Ok(Piece::Slot(role, slot))
}

fn article(event: EventKind) -> &'static str {
    if matches!(event, EventKind::Operation | EventKind::Entry) { "an" } else { "a" }
}

fn slot_named(name: &str, event: EventKind) -> Option<Slot> {
    let slot = match (name, event) {
        ("command", EventKind::Operation) => Slot::Command,
        ("key", EventKind::Operation) => Slot::Key,
        ("keys", EventKind::Operation) => Slot::Keys,
        ("method", EventKind::Operation) => Slot::Method,
        ("library", EventKind::Operation | EventKind::Client) => Slot::Library,
        ("function", EventKind::Operation | EventKind::Client) => Slot::Function,
        ("commands", EventKind::Run | EventKind::Family) => Slot::Commands,
        ("option", EventKind::Client | EventKind::Operation) => Slot::Option,
        ("address", EventKind::Client) => Slot::Address,
        (name, EventKind::Operation) if ARGUMENTS.contains(&name) => Slot::Argument(name.into()),
        _ => Slot::Fact(fact_named(name, event)?),
    };
    Some(slot)
}

fn slot_names(event: EventKind) -> Vec<&'static str> {
    let fixed = ["command", "key", "keys", "method", "library", "function", "commands", "option", "address"];
    fixed
        .into_iter()
        .chain(ARGUMENTS.iter().copied())
        .chain(FACTS.iter().map(|fact| fact.name))
        .filter(|name| slot_named(name, event).is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE: Roles = Roles { first: EventKind::Operation, pair: false, then: false };
    const PAIR: Roles = Roles { first: EventKind::Operation, pair: true, then: true };

    #[test]
    fn slots_are_text_between_braces() {
        let message = Message::parse("use {spell: SET {key} {value} EX 60} here", SINGLE).unwrap();
        let Piece::Spell(command) = &message.0[1] else { panic!("{message:?}") };
        assert_eq!(command.0[1], Piece::Slot(Role::First, Slot::Key));
        assert_eq!(message.0[2], Piece::Text(" here".into()));
    }

    #[test]
    fn mistakes_are_told_apart() {
        for (text, roles, message, help) in [
            ("a {kye}", SINGLE, "an operation has no slot `kye`", Some("did you mean `key`?")),
            ("a {key}", PAIR, "`key` of which event?", Some("write {first.key} or {then.key}")),
            ("a {then.key}", SINGLE, "this rule has no event `then`", Some("its events are `event`, which may be left out")),
            ("a {key", SINGLE, "this brace has no partner", Some("write a slot as {key} or {first.key}")),
            ("a }", SINGLE, "this brace has no partner", Some("write a slot as {key} or {first.key}")),
        ] {
            let error = Message::parse(text, roles).unwrap_err();
            assert_eq!((error.message.as_str(), error.help.as_deref()), (message, help), "{text}");
        }
        assert_eq!(Message::parse("ä {spell: GET {kex}}", SINGLE).unwrap_err().range, 16..19);
    }
}

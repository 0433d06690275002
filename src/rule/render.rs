//! Filling the slots of messages.

use super::event::{EventId, Seen};
use super::{Message, Piece, Role, Slot, Subject};
use crate::operation::{Analysis, Operation, Slot as OperationSlot, fact};
use crate::source::{FileId, SourceFile, Span};

/// An argument of an operation by the name that rules use: `ttl` is the argument that says how long or until when, whatever the
/// command table calls it for its unit.
#[must_use]
pub fn argument<'a>(operation: &'a Operation, name: &str) -> Option<&'a OperationSlot> {
    operation.slots.iter().find(|slot| rule_name(&slot.name) == name)
}

/// The name that rules have for a slot of the command table.
pub(super) fn rule_name(slot: &str) -> &str {
    match slot {
        "seconds" | "milliseconds" | "unix-seconds" | "unix-milliseconds" => "ttl",
        name => name,
    }
}

/// Longest text of a slot that shows source code, in characters.
const WIDTH: usize = 40;

/// Writes Redis commands as a client library writes them.
pub trait Speller {
    /// The call of `command` on the client of an operation, with the operation's receiver. `None` when the library has no such form.
    fn spell(&self, operation: &Operation, command: &[Term], files: &[SourceFile]) -> Option<String>;
}

/// Writes nothing: commands appear as Redis writes them.
#[derive(Clone, Copy, Debug)]
pub struct NoSpeller;

impl Speller for NoSpeller {
    fn spell(&self, _: &Operation, _: &[Term], _: &[SourceFile]) -> Option<String> {
        None
    }
}

/// A word of a command to be spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A word of Redis: `SET`, `EX`.
    Word(String),
    /// An expression of the source, as written there.
    Source(String),
}

/// The events of a match and what is needed to show them.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What was found in the files.
    pub analysis: &'a Analysis,
    /// The files, by [`FileId`].
    pub files: &'a [SourceFile],
    /// Writes commands.
    pub speller: &'a dyn Speller,
    /// The first, or only, event.
    pub first: EventId,
    /// The second operation.
    pub then: Option<EventId>,
}

impl Scene<'_> {
    /// The event of a role.
    #[must_use]
    pub fn event(&self, role: Role) -> EventId {
        match role {
            Role::First => self.first,
            Role::Then => self.then.unwrap_or(self.first),
        }
    }

    /// The source text of a span.
    #[must_use]
    pub fn source(&self, file: FileId, span: Span) -> &str {
        self.files.get(file.0 as usize).map_or("", |file| file.slice(span))
    }

    /// A message with its slots filled.
    #[must_use]
    pub fn render(&self, message: &Message) -> String {
        let mut text = String::new();
        for piece in &message.0 {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Slot(role, slot) => text.push_str(&self.slot(*role, slot)),
                Piece::Spell(command) => text.push_str(&self.spell(command)),
            }
        }
        text
    }

    /// The words of a command, each slot as the source text of its argument. A TTL brings the option word for its unit.
    #[must_use]
    pub fn terms(&self, command: &Message) -> Option<Vec<Term>> {
        let mut terms: Vec<Term> = Vec::new();
        for piece in &command.0 {
            match piece {
                Piece::Text(text) => terms.extend(text.split_whitespace().map(|word| Term::Word(word.to_owned()))),
                Piece::Slot(role, slot) => {
                    let operation = self.event(*role).operation(self.analysis)?;
                    let span = match slot {
                        Slot::Key => operation.keys.first()?.span,
                        Slot::Argument(name) => argument(operation, name)?.span,
                        _ => return None,
                    };
                    if *slot == Slot::Argument("ttl".into())
                        && !matches!(terms.last(), Some(Term::Word(word)) if TTL_WORDS.iter().any(|(_, known)| known == word))
                    {
                        let unit = operation.facts.word(fact::TTL_UNIT)?;
                        let (_, word) = TTL_WORDS.iter().find(|(known, _)| *known == unit)?;
                        terms.push(Term::Word((*word).to_owned()));
                    }
                    let source = self.source(operation.site.file, span);
                    if source.is_empty() {
                        return None;
                    }
                    terms.push(Term::Source(source.to_owned()));
                }
                Piece::Spell(_) => return None,
            }
        }
        Some(terms)
    }

    fn spell(&self, command: &Message) -> String {
        let spelled = self.terms(command).and_then(|terms| self.speller.spell(self.first.operation(self.analysis)?, &terms, self.files));
        spelled.unwrap_or_else(|| self.render(command))
    }

    fn slot(&self, role: Role, slot: &Slot) -> String {
        let event = self.event(role);
        self.known(event, slot).unwrap_or_else(|| {
            // What can always be done.
            if *slot == Slot::Fact(fact::BATCH) {
                return "a pipeline".to_owned();
            }
            let site = event.site(self.analysis);
            shortened(site.map_or("", |site| self.source(site.file, site.call)))
        })
    }

    fn known(&self, event: EventId, slot: &Slot) -> Option<String> {
        let operation = event.operation(self.analysis);
        Some(match slot {
            Slot::Command => operation?.command.to_string(),
            Slot::Method => operation?.method.to_string(),
            Slot::Key => self.key(operation?, 0)?,
            Slot::Keys => {
                let operation = operation?;
                (0..operation.keys.len()).filter_map(|index| self.key(operation, index)).collect::<Vec<_>>().join(", ")
            }
            Slot::Library => event.library(self.analysis)?.0.to_string(),
            Slot::Function => match event {
                EventId::Client(_) => event.client(self.analysis)?.function.as_ref()?.to_string(),
                _ => operation?.function.as_ref()?.to_string(),
            },
            Slot::Argument(name) => {
                let operation = operation?;
                shortened(self.source(operation.site.file, argument(operation, name)?.span))
            }
            Slot::Commands => self.commands(event),
            Slot::Option => match event {
                EventId::Client(_) => event.client(self.analysis)?.option.as_ref()?.to_string(),
                _ => operation?.option.as_ref()?.to_string(),
            },
            Slot::Address => without_secret(event.client(self.analysis)?.address.as_ref()?),
            Slot::Fact(fact) => match event.see(self.analysis, Subject::Event, *fact)? {
                Seen::Word(word) => word.to_owned(),
                Seen::Words(words) => words.join(", "),
                Seen::Bool(truth) => truth.to_string(),
                Seen::Number(number) => number.to_string(),
                Seen::Template(template) => template.named(),
            },
        })
    }

    /// A key as a person reads it: its template with named holes, or its source text when nothing of it is known.
    fn key(&self, operation: &Operation, index: usize) -> Option<String> {
        let key = operation.keys.get(index)?;
        let unnamed = key.template.0.iter().any(|part| matches!(part, crate::operation::KeyPart::Hole(name) if name.is_empty()));
        let source = self.source(operation.site.file, key.span);
        if (key.template.is_opaque() || unnamed) && !source.is_empty() {
            return Some(shortened(source));
        }
        Some(shortened(&key.template.named()))
    }

    /// The commands of a run in order, each once.
    fn commands(&self, event: EventId) -> String {
        let mut commands: Vec<&str> = Vec::new();
        for member in event.members(self.analysis) {
            if let Some(operation) = EventId::Operation(*member).operation(self.analysis)
                && !commands.contains(&operation.command.as_str())
            {
                commands.push(&operation.command);
            }
        }
        commands.join(", ")
    }
}

/// Option words of SET by the unit of the TTL.
const TTL_WORDS: &[(&str, &str)] = &[("s", "EX"), ("ms", "PX"), ("s-at", "EXAT"), ("ms-at", "PXAT")];

/// An address without the user and password that it may carry.
fn without_secret(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => format!("{}…{}", &address[..scheme + 3], &address[at..]),
        _ => address.to_owned(),
    }
}

/// Source text in one line, without backticks, cut at [`WIDTH`] characters.
fn shortened(source: &str) -> String {
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    if line.chars().count() <= WIDTH {
        return line;
    }
    let mut cut: String = line.chars().take(WIDTH - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_passwords() {
        assert_eq!(without_secret("redis://user:s3cret@10.0.0.1:6379"), "redis://…@10.0.0.1:6379");
        assert_eq!(without_secret("redis://10.0.0.1:6379"), "redis://10.0.0.1:6379");
        assert_eq!(without_secret("10.0.0.1"), "10.0.0.1");
    }

    #[test]
    fn long_source_is_cut_and_put_on_one_line() {
        assert_eq!(shortened("a(\n  `b`,\n)"), "a( 'b', )");
        assert_eq!(shortened(&"ü".repeat(50)).chars().count(), WIDTH);
    }
}

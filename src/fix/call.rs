//! Calls as a client library writes them.

use super::Change;
use super::arguments::leftover;
use super::listener::quoted_as_in;
use crate::client::{Form, FormShape, FormVerdict, Libraries, Library, Meaning, RawWords, Version, VersionRange, Versions};
use crate::command::CommandTable;
use crate::finding::FixEdit;
use crate::language::writer;
use crate::operation::{Operation, fact};
use crate::rule::{Speller, Term, argument};
use crate::source::{SourceFile, Span};

/// Spells commands with the client tables, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Spelling<'a> {
    /// The tables.
    pub libraries: &'a Libraries,
}

impl Speller for Spelling<'_> {
    fn spell(&self, operation: &Operation, command: &[Term], files: &[SourceFile]) -> Option<String> {
        let file = files.get(operation.site.file.0 as usize)?;
        let library = self.libraries.get(self.libraries.named(&operation.library)?);
        let Some((Term::Word(name), rest)) = command.split_first() else { return None };
        let method = if *name == operation.command { operation.method.to_string() } else { method_of(name, operation, library)? };
        let receiver = file.slice(operation.site.receiver);
        let dot = if receiver.is_empty() { "" } else { "." };
        let arguments = arguments(name, rest, operation, file, library)?.join(", ");
        Some(format!("{receiver}{dot}{method}({arguments})"))
    }
}

/// Option tokens whose value follows them.
const WITH_VALUE: &[&str] = &["EX", "PX", "EXAT", "PXAT"];

/// Words of the old option forms that a new one makes superfluous.
const TTL_WORDS: &[&str] = &["EX", "PX", "EXAT", "PXAT", "ttl", "expiration", "type", "value"];

/// The call of a client with other arguments: those that were there and are still the first ones stay as they are.
pub(super) fn change(operation: &Operation, terms: &[Term], files: &[SourceFile], libraries: &Libraries) -> Option<Change> {
    let file = files.get(operation.site.file.0 as usize)?;
    let library = libraries.get(libraries.named(&operation.library)?);
    let (Term::Word(name), rest) = terms.split_first()? else { return None };
    if *name != operation.command || operation.arguments_hidden {
        return None;
    }
    // The old arguments must be exactly the first ones of the new call.
    let kept = rest.iter().take_while(|term| matches!(term, Term::Source(_))).count();
    let spans = positional(operation);
    let sources: Vec<&str> = spans.iter().map(|span| file.slice(*span)).collect();
    if sources.len() != kept || !rest.iter().zip(&sources).all(|(term, source)| *term == Term::Source((*source).to_owned())) {
        return None;
    }
    let raw = is_raw(operation, library);
    let left = leftover(operation, &spans, file)?;
    if left.comment || left.words.iter().any(|word| !(raw && word == name)) {
        return None;
    }
    let last = spans.last()?;
    let added = arguments(name, rest, operation, file, library)?.split_off(kept + usize::from(raw));
    let text: String = added.iter().map(|argument| format!(", {argument}")).collect();
    Some(Change::edit(FixEdit { file: operation.site.file, span: Span::new(last.end, last.end), text }))
}

/// The same command with the same key, value and TTL in the form that the client reads.
pub(super) fn reshape(operation: &Operation, files: &[SourceFile], libraries: &Libraries) -> Option<Change> {
    let file = files.get(operation.site.file.0 as usize)?;
    let library = libraries.get(libraries.named(&operation.library)?);
    if operation.arguments_hidden || is_raw(operation, library) {
        return None;
    }
    let ttl = argument(operation, "ttl")?;
    let spans = positional(operation);
    let mut used = spans.clone();
    used.push(ttl.span);
    let left = leftover(operation, &used, file)?;
    if left.words.iter().any(|word| !TTL_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))) {
        return None;
    }
    let unit = unit(operation, &left.words)?;
    let source = |span: Span| Term::Source(file.slice(span).to_owned());
    let mut terms: Vec<Term> = spans.iter().copied().map(source).collect();
    terms.extend([Term::Word(unit.to_owned()), source(ttl.span)]);
    let added = arguments(&operation.command, &terms, operation, file, library)?.split_off(spans.len());
    let last = spans.last()?;
    // Up to the closing parenthesis, or to the end of arguments without parentheses.
    let close =
        if file.slice(operation.site.arguments).ends_with(')') { operation.site.arguments.end - 1 } else { operation.site.arguments.end };
    let tail = file.text.get(last.end as usize..close as usize)?;
    let space = tail.len() - tail.trim_end().len();
    let text: String = added.iter().map(|argument| format!(", {argument}")).collect();
    let edit = FixEdit { file: operation.site.file, span: Span::new(last.end, close - space as u32), text };
    Some(Change { edits: vec![edit], comment_lost: left.comment })
}

/// The option word for the unit of the TTL: what the arguments say by name, else what the command table reads it as.
fn unit<'a>(operation: &Operation, words: &[String]) -> Option<&'a str> {
    let said = WITH_VALUE.iter().find(|known| words.iter().any(|word| known.eq_ignore_ascii_case(word)));
    said.copied().or_else(|| match operation.facts.word(fact::TTL_UNIT)? {
        "s" => Some("EX"),
        "ms" => Some("PX"),
        "s-at" => Some("EXAT"),
        "ms-at" => Some("PXAT"),
        _ => None,
    })
}

/// Key and value of a command that has just these, in order.
fn positional(operation: &Operation) -> Vec<Span> {
    let keys = operation.keys.iter().map(|key| key.span);
    let value = operation.slots.iter().filter(|slot| slot.name == "value").map(|slot| slot.span);
    let mut spans: Vec<Span> = keys.chain(value).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// The arguments of a call that sends a command; options in the form that all allowed versions accept.
fn arguments(name: &str, terms: &[Term], operation: &Operation, file: &SourceFile, library: &Library) -> Option<Vec<String>> {
    let writer = writer(file.language);
    let literal = |word: &str| quoted_as_in(file, &writer.string(word));
    let mut arguments = Vec::new();
    let raw = library.raw(&operation.method, allowed(operation, library));
    if let Some(raw) = &raw {
        if raw.newest.words != RawWords::Arguments {
            return None;
        }
        arguments.extend(name.split(' ').map(literal));
    }
    let mut terms = terms.iter().peekable();
    while let Some(Term::Source(source)) = terms.next_if(|term| matches!(term, Term::Source(_))) {
        arguments.push(source.clone());
    }
    let mut options: Vec<(&str, Option<&str>)> = Vec::new();
    while let Some(term) = terms.next() {
        let Term::Word(word) = term else { return None };
        let value = terms.next_if(|term| match term {
            Term::Source(_) => true,
            Term::Word(word) => word.bytes().all(|byte| byte.is_ascii_digit()),
        });
        let value = value.map(|term| match term {
            Term::Source(text) | Term::Word(text) => text.as_str(),
        });
        options.push((word, value));
    }
    if options.is_empty() {
        return Some(arguments);
    }
    if raw.is_some() {
        for (word, value) in options {
            arguments.push(literal(word));
            arguments.extend(value.map(str::to_owned));
        }
        return Some(arguments);
    }
    for shape in [FormShape::Keywords, FormShape::Options, FormShape::Tokens] {
        let Some(form) = library.form(name, shape, allowed(operation, library)) else { continue };
        if form.newest.verdict != FormVerdict::Accepted || !form.agree && !accepts_all(library, name, shape, operation, &options) {
            continue;
        }
        if shape == FormShape::Tokens {
            for (word, value) in &options {
                arguments.push(literal(word));
                arguments.extend(value.map(str::to_owned));
            }
            return Some(arguments);
        }
        let entries: Option<Vec<(String, String)>> = options
            .iter()
            .map(|(word, value)| Some((option_name(form.newest, word)?, value.map_or_else(|| "true".to_owned(), str::to_owned))))
            .collect();
        if let Some(entries) = entries {
            arguments.push(writer.options(&entries));
            return Some(arguments);
        }
    }
    None
}

/// Whether every allowed version by itself accepts these options in this shape under the same names.
fn accepts_all(library: &Library, name: &str, shape: FormShape, operation: &Operation, options: &[(&str, Option<&str>)]) -> bool {
    !operation.majors.is_empty()
        && operation.majors.iter().all(|major| {
            library.form(name, shape, library.versions(&[major_range(*major)])).is_some_and(|form| {
                form.newest.verdict == FormVerdict::Accepted && options.iter().all(|(word, _)| option_name(form.newest, word).is_some())
            })
        })
}

/// The name under which a form takes an option.
fn option_name(form: &Form, word: &str) -> Option<String> {
    let wanted = Meaning::of_token(word)?;
    form.keys.0.iter().find(|(_, meaning)| *meaning == wanted).map(|(name, _)| name.to_string())
}

fn is_raw(operation: &Operation, library: &Library) -> bool {
    library.raw(&operation.method, allowed(operation, library)).is_some()
}

/// The versions of its library that the project of an operation allows.
fn allowed(operation: &Operation, library: &Library) -> Versions {
    if operation.majors.is_empty() {
        return library.all_versions();
    }
    let ranges: Vec<VersionRange> = operation.majors.iter().map(|major| major_range(*major)).collect();
    library.versions(&ranges)
}

fn major_range(major: u32) -> VersionRange {
    let major = u16::try_from(major).unwrap_or(u16::MAX - 1);
    VersionRange::new(Version::new(major, 0), Some(Version::new(major + 1, 0)))
}

/// The method of another command in the same library; `None` where the table lets names be read but not written.
fn method_of(command: &str, operation: &Operation, library: &Library) -> Option<String> {
    let known = CommandTable::builtin().get(command)?;
    let lower = command.to_ascii_lowercase().replace([' ', '-'], "");
    let role = crate::client::Role::Connection;
    let spelled = library.spell(&lower, role, allowed(operation, library))?;
    (spelled.agree
        && spelled.newest.verdict == crate::client::MethodVerdict::Exists
        && spelled.newest.command.is_some_and(|found| found.name == known.name))
    .then_some(lower)
}

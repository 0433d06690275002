//! What stands in a call's parentheses besides the arguments that a fix understands.

use crate::operation::Operation;
use crate::source::{SourceFile, Span};

/// The arguments of a call after some of them were taken out.
pub(super) struct Leftover {
    /// Words that remain: names, numbers, the contents of string literals.
    pub words: Vec<String>,
    /// Whether a comment is among them.
    pub comment: bool,
}

/// What remains of an operation's arguments without these spans: punctuation is dropped.
pub(super) fn leftover(operation: &Operation, used: &[Span], file: &SourceFile) -> Option<Leftover> {
    let all = operation.site.arguments;
    let mut used: Vec<Span> = used.iter().copied().filter(|span| all.contains(*span)).collect();
    used.sort_unstable();
    let mut text = String::new();
    let mut at = all.start;
    for span in used {
        text.push_str(file.text.get(at as usize..(span.start as usize).max(at as usize))?);
        text.push(' ');
        at = at.max(span.end);
    }
    text.push_str(file.text.get(at as usize..all.end as usize)?);
    let comment = if file.language.tag() == "ruby" { text.contains('#') } else { text.contains("//") || text.contains("/*") };
    let words = text
        .split(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '@')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    Some(Leftover { words, comment })
}

//! Appending an error listener to a new client.

use super::Change;
use crate::client::Libraries;
use crate::finding::FixEdit;
use crate::language::writer;
use crate::operation::Client;
use crate::source::{LineEnding, SourceFile, Span};

/// A line behind the statement that binds the client, in the way of the client table. Libraries that have such listeners are
/// JavaScript libraries.
pub(super) fn append(client: &Client, event: &str, files: &[SourceFile], libraries: &Libraries) -> Option<Change> {
    let file = files.get(client.site.file.0 as usize).filter(|file| file.language.tag() == "ts")?;
    let listener = libraries.get(libraries.named(&client.library)?).listener().filter(|listener| listener.event == event)?;
    let binding = client.binding.as_ref()?;
    let text = file.text.as_ref();
    let end = binding.statement.end as usize;
    let statement = file.slice(binding.statement);
    let line_start = text[..binding.statement.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = text[line_start..].chars().take_while(|char| matches!(char, ' ' | '\t')).collect();
    // The semicolon may or may not be counted to the statement.
    let behind = !statement.ends_with(';') && text[end..].starts_with(';');
    let semicolon = if statement.ends_with(';') || behind { ";" } else { "" };
    let line_end = if file.line_ending() == LineEnding::Crlf { "\r\n" } else { "\n" };
    let writer = writer(file.language);
    let method = listener.methods().first()?;
    let call = format!(
        "{}.{method}({}, (error) => console.error({}, error)){semicolon}",
        binding.target,
        quoted_as_in(file, &writer.string(event)),
        quoted_as_in(file, &writer.string("Redis connection error")),
    );
    let at = (end + usize::from(behind)) as u32;
    Some(Change::edit(FixEdit { file: client.site.file, span: Span::new(at, at), text: format!("{line_end}{indent}{call}") }))
}

/// A double-quoted literal in the quotes that the file prefers.
pub(super) fn quoted_as_in(file: &SourceFile, literal: &str) -> String {
    let count = |quote: u8| memchr::memchr_iter(quote, file.text.as_bytes()).count();
    let inner = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.contains(['\'', '\\', '"']) && count(b'\'') > count(b'"') => format!("'{inner}'"),
        _ => literal.to_owned(),
    }
}

//! Comments that are written into a file.

use crate::finding::FixEdit;
use crate::language::writer;
use crate::source::{FileId, LineEnding, SourceFile, Span};

/// A comment that is to be written, with where it then stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The edit.
    pub edit: FixEdit,
    /// Where in the new text the comment begins, when no other edit is made.
    pub at: u32,
}

/// The ways to put a comment above a line, or behind another one, best first. Which of them is a comment there, only the parser knows:
/// the line may lie in a text or among markup.
#[must_use]
pub fn comments(id: FileId, file: &SourceFile, above: u32, behind: u32, text: &str) -> Vec<Written> {
    let forms = writer(file.language).comments(text);
    let mut ways = Vec::new();
    let edit = |at: u32, text: String| FixEdit { file: id, span: Span::new(at, at), text };
    if let Some(line) = file.lines.line_span(&file.text, above) {
        let body = file.slice(line);
        let body = body.strip_prefix('\u{FEFF}').unwrap_or(body);
        let start = line.end - body.len() as u32;
        let indent = &body[..body.len() - body.trim_start().len()];
        let line_end = if file.line_ending() == LineEnding::Crlf { "\r\n" } else { "\n" };
        for form in &forms {
            ways.push(Written {
                edit: edit(start, format!("{indent}{form}{line_end}")),
                at: start + indent.len() as u32 + mark_offset(form),
            });
        }
    }
    if let Some(line) = file.lines.line_span(&file.text, behind) {
        for form in &forms {
            ways.push(Written { edit: edit(line.end, format!(" {form}")), at: line.end + 1 + mark_offset(form) });
        }
    }
    ways
}

/// Where in a spelled comment the comment itself begins: among markup it stands in braces.
fn mark_offset(form: &str) -> u32 {
    u32::from(form.starts_with('{'))
}

//! Removing a statement: whole lines where it stands alone on them.

use super::Change;
use crate::finding::FixEdit;
use crate::source::{FileId, SourceFile, Span};

/// Removes a statement with its semicolon, and with its lines when nothing else stands on them.
pub(super) fn remove(file: &SourceFile, id: FileId, statement: Span) -> Option<Change> {
    let text = file.text.as_ref();
    let body = text.get(statement.range())?;
    let mut end = statement.end as usize;
    if !body.ends_with(';') {
        let rest = &text[end..];
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[space..].starts_with(';') {
            end += space + 1;
        }
    }
    let start = statement.start as usize;
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let before = &text[line_start..start];
    let after = text[end..line_end].trim();
    let comment_behind = is_comment(after, file);
    let comment_lost = comment_behind || body.lines().any(|line| is_comment(line.trim(), file));
    let span = if before.trim().is_empty() && (after.is_empty() || comment_behind) {
        let with_line_end = if line_end < text.len() { line_end + 1 } else { line_end };
        Span::new(line_start as u32, with_line_end as u32)
    } else {
        // Something else stands on the line: the space before goes with the statement.
        let space = before.len() - before.trim_end().len();
        Span::new((start - space) as u32, end as u32)
    };
    Some(Change { edits: vec![FixEdit { file: id, span, text: String::new() }], comment_lost })
}

fn is_comment(text: &str, file: &SourceFile) -> bool {
    let marks: &[&str] = if file.language.tag() == "ruby" { &["#"] } else { &["//", "/*"] };
    marks.iter().any(|mark| text.starts_with(mark))
}

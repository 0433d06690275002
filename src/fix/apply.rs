//! Applying edits to a text.

use crate::finding::FixEdit;

/// The text with all edits made. They belong to one file, are in order of place, and do not overlap; an edit that does not fit
/// into the text is left out.
#[must_use]
pub fn apply(text: &str, edits: &[FixEdit]) -> String {
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(kept) = text.get(at..range.start).filter(|_| text.get(range.clone()).is_some()) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

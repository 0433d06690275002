//! A fix as the lines that it changes.

use std::ops::Range;

use crate::finding::FixEdit;
use crate::source::{FileId, SourceFile};

/// Lines that a fix changes, in one place.
#[derive(Debug)]
pub(super) struct Hunk<'a> {
    pub(super) file: &'a SourceFile,
    /// 1-based number of the first line.
    pub(super) line: u32,
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

/// The hunks of edits that are in order of place and do not overlap. Edits whose lines touch are one hunk.
pub(super) fn hunks<'a>(files: &'a [SourceFile], edits: &[FixEdit]) -> Vec<Hunk<'a>> {
    let mut hunks = Vec::new();
    let lines = |edit: &FixEdit| files.get(edit.file.0 as usize).map(|file| (file.line(edit.span.start), file.line(edit.span.end)));
    for group in edits.chunk_by(|one, next| {
        one.file == next.file && matches!((lines(one), lines(next)), (Some((_, end)), Some((start, _))) if start <= end + 1)
    }) {
        if let (Some(first), Some(last)) = (group.first(), group.last()) {
            hunks.extend(hunk(files, first.file, first.span.start..last.span.end, group));
        }
    }
    hunks
}

fn hunk<'a>(files: &'a [SourceFile], file: FileId, changed: Range<u32>, edits: &[FixEdit]) -> Option<Hunk<'a>> {
    let file = files.get(file.0 as usize)?;
    let (first, last) = (file.line(changed.start), file.line(changed.end));
    let start = file.lines.line_span(&file.text, first)?.start;
    let end = file.lines.line_span(&file.text, last)?.end;
    let mut new = String::new();
    let mut at = start;
    for edit in edits {
        new.push_str(file.text.get(at as usize..edit.span.start as usize)?);
        new.push_str(&edit.text);
        at = edit.span.end;
    }
    new.push_str(file.text.get(at as usize..end.max(at) as usize)?);
    let old = file.text.get(start as usize..end as usize)?;
    let mut old: Vec<String> = old.lines().map(str::to_owned).collect();
    let mut new: Vec<String> = new.lines().map(str::to_owned).collect();
    let mut line = first;
    // What both begin and end with is not part of the change.
    while !old.is_empty() && old.first() == new.first() {
        old.remove(0);
        new.remove(0);
        line += 1;
    }
    while !old.is_empty() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    Some(Hunk { file, line, old, new })
}

//! The lines around marked places, as a source that miette can draw: of one or several files, cleaned, cut to width, with
//! true line numbers and columns.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::clean::{clean, shown};
use crate::finding::Label;
use crate::source::{Position, SourceFile, Span};

/// Marked places of one finding. All excerpts share one row of offsets, one behind the other, so that a label of any file has a
/// span of its own.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    excerpts: Vec<Excerpt>,
    /// Labels in the shared offsets.
    pub(super) labels: Vec<LabeledSpan>,
}

/// Neighbouring lines of one file.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// Offset of its first byte in the shared offsets.
    start: usize,
    /// 0-based number of its first line in the file.
    first_line: usize,
    /// Where the labels are in the file, by their start in the shared offsets.
    places: Vec<(usize, Position)>,
}

/// Lines shown before and behind a marked one.
pub(super) const CONTEXT: u32 = 1;

impl Excerpts {
    /// The excerpts for a finding's labels, the primary one first, in a report `width` columns wide.
    pub(super) fn new(files: &[SourceFile], primary: &Label, related: &[Label], width: usize) -> Self {
        let mut excerpts = Self::default();
        let mut open: Vec<&Label> = std::iter::once(primary).chain(related).collect();
        while let Some(first) = open.first().copied() {
            let Some(file) = files.get(first.file.0 as usize) else {
                open.remove(0);
                continue;
            };
            let (mut here, elsewhere): (Vec<_>, Vec<_>) = open.into_iter().partition(|label| label.file == first.file);
            open = elsewhere;
            here.sort_by_key(|label| label.span);
            here.dedup_by(|later, former| later.span == former.span && later.text == former.text);
            let near = |one: &&Label, next: &&Label| file.line(next.span.start) <= file.line(one.span.start) + 2 * CONTEXT + 1;
            let mut groups: Vec<&[&Label]> = here.chunk_by(near).collect();
            // What is at fault comes before what explains it.
            groups.sort_by_key(|group| !group.iter().any(|label| std::ptr::eq(*label, primary)));
            for group in groups {
                excerpts.add(file, group, primary, width);
            }
        }
        excerpts
    }

    fn add(&mut self, file: &SourceFile, labels: &[&Label], primary: &Label, width: usize) {
        let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return };
        let first_line = file.line(first.span.start).saturating_sub(CONTEXT).max(1);
        let last_line = file.line(last.span.start) + CONTEXT;
        let start = self.excerpts.last().map_or(0, |excerpt| excerpt.start + excerpt.text.len() + 1);
        let mut excerpt = Excerpt {
            name: clean(&file.path).into_owned(),
            text: String::new(),
            start,
            first_line: first_line as usize - 1,
            places: Vec::new(),
        };
        // Line numbers and frame take their part.
        let room = width.saturating_sub(last_line.to_string().len() + 6).max(20);
        for line in first_line..=last_line {
            let Some(span) = file.lines.line_span(&file.text, line) else { break };
            // Behind the last line break there is no line.
            if span.start as usize == file.text.len() && line > file.line(last.span.start) {
                break;
            }
            let here: Vec<&Label> = labels.iter().copied().filter(|label| file.line(label.span.start) == line).collect();
            let shown = ShownLine::new(file.slice(span), span, &here, room);
            for (label, marked) in here.iter().zip(shown.marked) {
                let at = excerpt.start + excerpt.text.len() + marked.start;
                let column = shown.text[..marked.start].chars().count();
                let text = (!label.text.is_empty()).then(|| wrapped(&clean(&label.text), room.saturating_sub(column + 6).max(30)));
                excerpt.places.push((at, file.position(label.span.start)));
                let is_primary = std::ptr::eq(*label, primary);
                self.labels.push(match is_primary {
                    true => LabeledSpan::new_primary_with_span(text, (at, marked.len())),
                    false => LabeledSpan::new_with_span(text, (at, marked.len())),
                });
            }
            excerpt.text.push_str(&shown.text);
            excerpt.text.push('\n');
        }
        self.excerpts.push(excerpt);
    }
}

impl SourceCode for Excerpts {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, behind: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let index = self.excerpts.partition_point(|excerpt| excerpt.start <= span.offset());
        let excerpt = self.excerpts[..index].last().ok_or(MietteError::OutOfBounds)?;
        let local = SourceSpan::from((span.offset() - excerpt.start, span.len()));
        let contents = excerpt.text.as_str().read_span(&local, before, behind)?;
        let (mut line, mut column) = (excerpt.first_line + contents.line(), contents.column());
        // The heading of a snippet asks for a label alone, and means its place in the file.
        if before == 0
            && behind == 0
            && let Some((_, place)) = excerpt.places.iter().find(|(at, _)| *at == span.offset())
        {
            (line, column) = (place.line as usize - 1, place.column as usize - 1);
        }
        let at = SourceSpan::from((contents.span().offset() + excerpt.start, contents.span().len()));
        let contents = MietteSpanContents::new_named(excerpt.name.clone(), contents.data(), at, line, column, contents.line_count());
        Ok(Box::new(contents))
    }
}

/// A line as it is shown, and where its labels are in it.
struct ShownLine {
    text: String,
    marked: Vec<std::ops::Range<usize>>,
}

impl ShownLine {
    /// The line at `span`, at most `room` characters of it, around its first label. Labels end with their first line.
    fn new(line: &str, span: Span, labels: &[&Label], room: usize) -> Self {
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        let index = |offset: u32| chars.partition_point(|(at, _)| *at < (offset.saturating_sub(span.start)) as usize);
        let marks: Vec<(usize, usize)> = labels.iter().map(|label| (index(label.span.start), index(label.span.end))).collect();
        let (from, to) = window(chars.len(), marks.first().copied().unwrap_or_default(), room);

        let mut text = String::with_capacity(line.len());
        if from > 0 {
            text.push('…');
        }
        // Where each character of the window begins in the shown text, and where the last one ends.
        let mut places = Vec::with_capacity(to - from + 1);
        for (_, c) in &chars[from..to] {
            places.push(text.len());
            text.extend(shown(*c));
        }
        places.push(text.len());
        if to < chars.len() {
            text.push('…');
        }
        let place = |index: usize| places[index.clamp(from, to) - from];
        let marked = marks.into_iter().map(|(start, end)| place(start)..place(end.max(start))).collect();
        Self { text, marked }
    }
}

/// The part of a line of `length` characters that is shown: its beginning when the mark fits, or what is around the mark.
fn window(length: usize, (start, end): (usize, usize), room: usize) -> (usize, usize) {
    if length <= room || end < room {
        return (0, length.min(if length <= room { room } else { room - 1 }));
    }
    let from = start.saturating_sub(room / 4);
    (from, length.min(from + room - 2))
}

/// Text broken between words into lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

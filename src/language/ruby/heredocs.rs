//! Heredocs: the opener stands in the expression, the body behind the line.

use tree_sitter::Node;

use super::context::{Lowering, span_of};
use super::escapes;
use super::strings::Parts;
use super::syntax::Syntax;
use crate::program::{Literal, NodeId, Part};

/// A piece of a heredoc's body.
enum Piece<'t> {
    /// Text as written, whose indentation may be taken away.
    Written(&'t str),
    /// What an escape sequence stands for; nothing for one that joins two lines, of which the second is indented as well.
    Escaped(String),
    /// An interpolated expression.
    Hole(NodeId),
}

impl<'t> Lowering<'t> {
    /// The text of a heredoc; the node's span is that of the opener.
    pub(super) fn heredoc(&mut self, opener: Node<'t>) -> NodeId {
        let span = span_of(opener);
        let sign = self.slice(opener);
        let Some(body) = self.heredocs.get(&opener.id()).copied() else { return self.opaque(span, Vec::new()) };
        let raw = sign.contains('\'');
        let mut pieces = Vec::new();
        for child in self.children(body).named() {
            match child.syntax {
                Syntax::HeredocContent => pieces.push(Piece::Written(self.slice(child.node))),
                Syntax::EscapeSequence if raw => pieces.push(Piece::Written(self.slice(child.node))),
                Syntax::EscapeSequence => {
                    let mut text = String::new();
                    escapes::unescape(self.slice(child.node), &mut text);
                    pieces.push(Piece::Escaped(text));
                }
                Syntax::Interpolation => {
                    let hole = self.interpolation(child.node);
                    pieces.push(Piece::Hole(hole));
                }
                _ => {}
            }
        }
        trim_ends(&mut pieces);
        let indentation = if sign.starts_with("<<~") { common_indentation(&pieces) } else { 0 };
        let mut parts = Parts::default();
        let mut at_start = true;
        for piece in pieces {
            match piece {
                Piece::Written(text) => push_dedented(text, indentation, &mut at_start, &mut parts),
                Piece::Escaped(text) => {
                    parts.text().push_str(&text);
                    at_start = text.is_empty();
                }
                Piece::Hole(hole) => {
                    parts.hole(hole);
                    at_start = false;
                }
            }
        }
        // A shell command has no value that is known.
        if sign.contains('`') {
            let holes = parts.finish().iter().filter_map(|part| if let Part::Hole(hole) = part { Some(*hole) } else { None }).collect();
            return self.opaque(span, holes);
        }
        self.text_node(span, parts, Literal::Str)
    }
}

/// Takes away the end of the opener's line and the indentation of the terminator, which the grammar counts to the body.
fn trim_ends(pieces: &mut [Piece<'_>]) {
    if let Some(Piece::Written(first)) = pieces.first_mut() {
        *first = first.strip_prefix("\r\n").or_else(|| first.strip_prefix('\n')).unwrap_or(first);
    }
    if let Some(Piece::Written(last)) = pieces.last_mut() {
        *last = last.trim_end_matches([' ', '\t']);
    }
}

/// The width of the smallest indentation of the lines that are not blank; a tab goes on to the next multiple of eight.
fn common_indentation(pieces: &[Piece<'_>]) -> usize {
    let mut smallest: Option<usize> = None;
    // The width so far of the line's indentation, while nothing else was met in it.
    let mut width = Some(0);
    let found = |width: &mut Option<usize>, smallest: &mut Option<usize>| {
        if let Some(width) = width.take() {
            *smallest = Some(smallest.map_or(width, |smallest| smallest.min(width)));
        }
    };
    for piece in pieces {
        let text = match piece {
            Piece::Written(text) => text,
            Piece::Escaped(text) if text.is_empty() => {
                width = Some(0);
                continue;
            }
            _ => {
                found(&mut width, &mut smallest);
                continue;
            }
        };
        for char in text.chars() {
            match char {
                '\n' => width = Some(0),
                ' ' => width = width.map(|width| width + 1),
                '\t' => width = width.map(|width| (width / 8 + 1) * 8),
                '\r' => {}
                _ => found(&mut width, &mut smallest),
            }
        }
    }
    smallest.unwrap_or(0)
}

/// Adds written text without the indentation of its lines.
fn push_dedented(text: &str, indentation: usize, at_start: &mut bool, parts: &mut Parts) {
    for line in text.split_inclusive('\n') {
        let line_text = if *at_start { without_indentation(line, indentation) } else { line };
        escapes::plain(line_text, parts.text());
        *at_start = line.ends_with('\n');
    }
}

fn without_indentation(line: &str, indentation: usize) -> &str {
    let mut width = 0;
    for (at, char) in line.char_indices() {
        let next = match char {
            ' ' => width + 1,
            '\t' => (width / 8 + 1) * 8,
            _ => return &line[at..],
        };
        if next > indentation {
            return &line[at..];
        }
        width = next;
    }
    ""
}

//! Strings, symbols, numbers and regular expressions.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::context::{Lowering, span_of};
use super::escapes;
use super::syntax::Syntax;
use crate::program::{Kind, Literal, NodeId, Part};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// A string of any notation, or a word of `%w[]`.
    pub(super) fn string(&mut self, node: Node<'t>) -> NodeId {
        let mut parts = Parts::default();
        self.string_parts(node, &mut parts);
        self.text_node(span_of(node), parts, Literal::Str)
    }

    /// `:"…"` and `%s()`, or a word of `%i[]`.
    pub(super) fn delimited_symbol(&mut self, node: Node<'t>) -> NodeId {
        let mut parts = Parts::default();
        self.string_parts(node, &mut parts);
        self.text_node(span_of(node), parts, Literal::Symbol)
    }

    /// Literals side by side are one.
    pub(super) fn chained_string(&mut self, node: Node<'t>) -> NodeId {
        let mut parts = Parts::default();
        for child in self.children(node).named() {
            match child.syntax {
                Syntax::String => self.string_parts(child.node, &mut parts),
                _ => {
                    let hole = self.node(child.node);
                    parts.hole(hole);
                }
            }
        }
        self.text_node(span_of(node), parts, Literal::Str)
    }

    /// Adds the parts of one literal.
    fn string_parts(&mut self, node: Node<'t>, parts: &mut Parts) {
        let written = self.slice(node);
        let words = matches!(Syntax::of(node), Syntax::BareString | Syntax::BareSymbol);
        let raw = match words {
            true => true,
            false => written.starts_with('\'') || written.starts_with(":'") || written.starts_with("%q") || written.starts_with("%s"),
        };
        // The delimiter stands behind `:` or behind `%q`, and closes as it opens or with its partner.
        let open = written.trim_start_matches(':').trim_start_matches(['%', 'q', 's']).chars().next();
        let escapes = |char: char| match words {
            true => char.is_whitespace() || "()[]{}<>|!/".contains(char),
            false => {
                Some(char) == open || matches!((open, char), (Some('('), ')') | (Some('['), ']') | (Some('{'), '}') | (Some('<'), '>'))
            }
        };
        for child in self.children(node).named() {
            match child.syntax {
                Syntax::Interpolation => {
                    let hole = self.interpolation(child.node);
                    parts.hole(hole);
                }
                Syntax::EscapeSequence | Syntax::StringContent => {
                    let text = parts.text();
                    let written = self.slice(child.node);
                    match (raw, child.syntax) {
                        // Word lists that know escapes (`%W`) have nodes for them, those that do not (`%w`) have none.
                        (true, Syntax::EscapeSequence) if words => escapes::unescape(written, text),
                        (true, _) => escapes::unescape_raw(written, escapes, text),
                        (false, Syntax::EscapeSequence) => escapes::unescape(written, text),
                        (false, _) => escapes::plain(written, text),
                    }
                }
                _ => {
                    let hole = self.node(child.node);
                    parts.hole(hole);
                }
            }
        }
    }

    /// The expression of `#{…}`.
    pub(super) fn interpolation(&mut self, node: Node<'t>) -> NodeId {
        let mut inner = self.children(node);
        inner.0.retain(|child| child.syntax != Syntax::EmptyStatement);
        match inner.0.as_slice() {
            [] => self.push_at(node, Kind::Literal(Literal::Str(SmolStr::default()))),
            [only] => self.node(only.node),
            _ => self.statements(node),
        }
    }

    /// A literal when there is no hole, else a template.
    pub(super) fn text_node(&mut self, span: Span, parts: Parts, literal: fn(SmolStr) -> Literal) -> NodeId {
        let mut parts = parts.finish();
        match parts.as_mut_slice() {
            [] => self.push(span, Kind::Literal(literal(SmolStr::default()))),
            [Part::Text(text)] => {
                let text = std::mem::take(text);
                self.push(span, Kind::Literal(literal(text)))
            }
            _ => self.push(span, Kind::Template(parts)),
        }
    }

    /// `?a`.
    pub(super) fn character(&mut self, node: Node<'t>) -> NodeId {
        let written = self.slice(node).trim_start_matches('?');
        let mut text = String::new();
        match written.starts_with('\\') {
            true => escapes::unescape(written, &mut text),
            false => text.push_str(if written.is_empty() { "?" } else { written }),
        }
        self.push_at(node, Kind::Literal(Literal::Str(text.into())))
    }

    /// A regular expression as written; one with holes, and a shell command, keep these alone.
    pub(super) fn regex(&mut self, node: Node<'t>) -> NodeId {
        let holes: Vec<Node<'t>> =
            self.children(node).named().filter(|child| child.syntax == Syntax::Interpolation).map(|child| child.node).collect();
        if holes.is_empty() && Syntax::of(node) == Syntax::Regex {
            let written = SmolStr::new(self.slice(node));
            return self.push_at(node, Kind::Literal(Literal::Regex(written)));
        }
        let holes = holes.into_iter().map(|hole| self.interpolation(hole)).collect();
        self.opaque(span_of(node), holes)
    }

    /// A whole number; one that does not fit is as good as a number with a fraction.
    pub(super) fn integer(&mut self, node: Node<'t>) -> NodeId {
        let written = self.slice(node).replace('_', "").to_ascii_lowercase();
        let (digits, radix) = match written.as_bytes() {
            [b'0', b'x', ..] => (&written[2..], 16),
            [b'0', b'b', ..] => (&written[2..], 2),
            [b'0', b'o', ..] => (&written[2..], 8),
            [b'0', b'd', ..] => (&written[2..], 10),
            [b'0', _, ..] => (&written[1..], 8),
            _ => (written.as_str(), 10),
        };
        let literal = match i64::from_str_radix(digits, radix) {
            Ok(value) => Literal::Int(value),
            Err(_) => match digits.parse::<f64>() {
                Ok(value) if radix == 10 => Literal::Float(value),
                _ => return self.opaque(span_of(node), Vec::new()),
            },
        };
        self.push_at(node, Kind::Literal(literal))
    }

    /// A number with a fraction.
    pub(super) fn float(&mut self, node: Node<'t>) -> NodeId {
        match self.slice(node).replace('_', "").parse() {
            Ok(value) => self.push_at(node, Kind::Literal(Literal::Float(value))),
            Err(_) => self.opaque(span_of(node), Vec::new()),
        }
    }
}

/// Parts of a string in the making. Text side by side becomes one part.
#[derive(Default)]
pub(super) struct Parts {
    done: Vec<Part>,
    text: String,
}

impl Parts {
    /// The text so far behind the last hole; what is added to it is literal text.
    pub(super) fn text(&mut self) -> &mut String {
        &mut self.text
    }

    /// Adds a hole.
    pub(super) fn hole(&mut self, hole: NodeId) {
        self.end_text();
        self.done.push(Part::Hole(hole));
    }

    /// All parts.
    pub(super) fn finish(mut self) -> Vec<Part> {
        self.end_text();
        self.done
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Part::Text(SmolStr::new(&self.text)));
            self.text.clear();
        }
    }
}

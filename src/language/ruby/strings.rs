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
        let mut parts = Vec::new();
        self.string_parts(node, &mut parts);
        self.text_node(span_of(node), parts, Literal::Str)
    }

    /// `:"…"` and `%s()`, or a word of `%i[]`.
    pub(super) fn delimited_symbol(&mut self, node: Node<'t>) -> NodeId {
        let mut parts = Vec::new();
        self.string_parts(node, &mut parts);
        self.text_node(span_of(node), parts, Literal::Symbol)
    }

    /// Literals side by side are one.
    pub(super) fn chained_string(&mut self, node: Node<'t>) -> NodeId {
        let mut parts = Vec::new();
        for child in self.children(node).named() {
            match child.syntax {
                Syntax::String => self.string_parts(child.node, &mut parts),
                _ => {
                    let hole = self.node(child.node);
                    parts.push(Part::Hole(hole));
                }
            }
        }
        self.text_node(span_of(node), parts, Literal::Str)
    }

    /// Adds the parts of one literal.
    fn string_parts(&mut self, node: Node<'t>, parts: &mut Vec<Part>) {
        let written = self.slice(node);
        let raw = match Syntax::of(node) {
            Syntax::BareString | Syntax::BareSymbol => true,
            _ => written.starts_with('\'') || written.starts_with(":'") || written.starts_with("%q") || written.starts_with("%s"),
        };
        for child in self.children(node).named() {
            match child.syntax {
                Syntax::Interpolation => {
                    let hole = self.interpolation(child.node);
                    parts.push(Part::Hole(hole));
                }
                Syntax::EscapeSequence | Syntax::StringContent => {
                    let mut text = String::new();
                    let written = self.slice(child.node);
                    match (raw, child.syntax) {
                        (true, _) => escapes::unescape_raw(written, &mut text),
                        (false, Syntax::EscapeSequence) => escapes::unescape(written, &mut text),
                        (false, _) => escapes::plain(written, &mut text),
                    }
                    push_text(parts, &text);
                }
                _ => {
                    let hole = self.node(child.node);
                    parts.push(Part::Hole(hole));
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
    pub(super) fn text_node(&mut self, span: Span, mut parts: Vec<Part>, literal: fn(SmolStr) -> Literal) -> NodeId {
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

    /// A regular expression as written; one with holes keeps these alone.
    pub(super) fn regex(&mut self, node: Node<'t>) -> NodeId {
        let holes: Vec<Node<'t>> =
            self.children(node).named().filter(|child| child.syntax == Syntax::Interpolation).map(|child| child.node).collect();
        if holes.is_empty() {
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

/// Adds text to the parts, joined to text that stands before it.
pub(super) fn push_text(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Part::Text(last)) = parts.last_mut() {
        *last = smol_str::format_smolstr!("{last}{text}");
        return;
    }
    parts.push(Part::Text(SmolStr::new(text)));
}

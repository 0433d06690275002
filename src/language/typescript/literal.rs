//! Literals with parts: templates, arrays, objects, and JSX.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::function::FunctionHead;
use super::lowering::{Hint, Lowering, This};
use super::strings;
use super::syntax::{Field, Syntax};
use crate::program::{Entry, EntryKey, FunctionKind, Kind, Literal, NodeId, Part};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// A template literal; one without holes is a string.
    pub(super) fn template(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let mut parts = Vec::new();
        let mut start = node.start_byte() + 1;
        for child in self.children(node) {
            if self.syntax(child) != Syntax::TemplateSubstitution {
                continue;
            }
            self.template_text(start, child.start_byte(), &mut parts);
            start = child.end_byte();
            if let Some(hole) = self.first_child(child) {
                let hole = self.expression(hole);
                parts.push(Part::Hole(hole));
            }
        }
        let end = if self.text(node).ends_with('`') { node.end_byte() - 1 } else { node.end_byte() };
        self.template_text(start, end, &mut parts);
        match parts.as_slice() {
            [] => self.push(span, Kind::Literal(Literal::Str(SmolStr::default()))),
            [Part::Text(text)] => {
                let text = text.clone();
                self.push(span, Kind::Literal(Literal::Str(text)))
            }
            _ => self.push(span, Kind::Template(parts)),
        }
    }

    fn template_text(&mut self, start: usize, end: usize, parts: &mut Vec<Part>) {
        let text = strings::unescape(self.slice(start, end));
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
    }

    /// An array literal.
    pub(super) fn array(&mut self, node: Node<'t>) -> NodeId {
        let mut members = Vec::new();
        let mut filled = false;
        for child in self.tokens(node) {
            if self.syntax(child) == Syntax::TokenComma {
                // `[, a]`: a hole reads as nil and keeps its index.
                if !filled {
                    members.push(self.push(Span::new(child.start_byte() as u32, child.start_byte() as u32), Kind::Literal(Literal::Nil)));
                }
                filled = false;
            } else if child.is_named() && self.syntax(child) != Syntax::Error {
                members.push(self.expression(child));
                filled = true;
            }
        }
        self.push(self.span(node), Kind::Array(members))
    }

    /// An object literal.
    pub(super) fn object(&mut self, node: Node<'t>) -> NodeId {
        let mut entries = Vec::new();
        for child in self.children(node) {
            entries.extend(self.entry(child));
        }
        self.push(self.span(node), Kind::Object(entries))
    }

    fn entry(&mut self, node: Node<'t>) -> Option<Entry> {
        let span = self.span(node);
        match self.syntax(node) {
            Syntax::Pair => {
                self.strays(node);
                let key_node = self.field(node, Field::Key)?;
                let value = self.field(node, Field::Value)?;
                let key = self.property_key(key_node);
                if let EntryKey::Name(name) = &key {
                    self.hint = Some(Hint { name: name.clone(), span: self.span(key_node), class: None });
                }
                let value = self.expression(value);
                Some(Entry { key, value, span })
            }
            Syntax::ShorthandProperty => {
                let value = self.name(node);
                Some(Entry { key: EntryKey::Name(self.text(node).into()), value, span })
            }
            Syntax::SpreadElement => {
                let value = self.first_child(node)?;
                let value = self.expression(value);
                Some(Entry { key: EntryKey::Spread, value, span })
            }
            Syntax::MethodDefinition => {
                let name = self.field(node, Field::Name)?;
                let key = self.property_key(name);
                let kind = match self.accessor(node) {
                    Some(Syntax::TokenGet) => FunctionKind::Getter,
                    Some(Syntax::TokenSet) => FunctionKind::Setter,
                    _ => FunctionKind::Method,
                };
                let name = key.name().map(|text| (text.clone(), self.span(name)));
                let head = FunctionHead { kind, name, this: This::default(), decorators: Vec::new() };
                let value = self.nested_function(node, head);
                Some(Entry { key, value, span })
            }
            _ => None,
        }
    }

    /// `get` or `set` in front of a method's name.
    pub(super) fn accessor(&mut self, node: Node<'t>) -> Option<Syntax> {
        let tokens = self.tokens(node);
        tokens.into_iter().map(|token| self.grammar.syntax(token)).find(|token| matches!(token, Syntax::TokenGet | Syntax::TokenSet))
    }

    /// The key of a property, member or pattern.
    pub(super) fn property_key(&mut self, node: Node<'t>) -> EntryKey {
        match self.syntax(node) {
            Syntax::String => EntryKey::Name(self.string_value(node)),
            Syntax::Number => match strings::number(self.text(node)) {
                Some(Literal::Int(value)) => EntryKey::Name(value.to_string().into()),
                _ => EntryKey::Name(self.text(node).into()),
            },
            Syntax::ComputedPropertyName => match self.first_child(node) {
                Some(value) => {
                    let value = self.expression(value);
                    match self.kind(value) {
                        Kind::Literal(Literal::Str(name)) => EntryKey::Name(name.clone()),
                        _ => EntryKey::Computed(value),
                    }
                }
                None => EntryKey::Name(self.text(node).into()),
            },
            _ => EntryKey::Name(self.text(node).into()),
        }
    }

    /// JSX is a value that nobody here reads; what it evaluates is kept.
    pub(super) fn jsx(&mut self, node: Node<'t>) -> NodeId {
        let mut values = Vec::new();
        let opening = self.field(node, Field::OpenTag).unwrap_or(node);
        if let Some(name) = self.field(opening, Field::Name) {
            // A small letter is an element of the page, not a name of the program.
            let is_component = self.syntax(name) == Syntax::MemberExpression
                || (self.syntax(name) == Syntax::Identifier && !self.text(name).starts_with(|char: char| char.is_ascii_lowercase()));
            if is_component {
                values.push(self.expression(name));
            }
        }
        let mut children = self.children(opening);
        if opening.id() != node.id() {
            self.strays(opening);
            children.extend(self.children(node));
        }
        for child in children {
            let value = match self.syntax(child) {
                Syntax::JsxAttribute => self.children(child).into_iter().nth(1),
                Syntax::JsxExpression | Syntax::JsxElement | Syntax::JsxSelfClosingElement => Some(child),
                _ => None,
            };
            let value = match value {
                Some(value) if self.syntax(value) == Syntax::JsxExpression => {
                    self.strays(value);
                    self.first_child(value)
                }
                Some(value) if self.syntax(value) == Syntax::String => None,
                value => value,
            };
            if let Some(value) = value.filter(|value| self.syntax(*value) != Syntax::Error) {
                values.push(self.expression(value));
            }
        }
        self.push(self.span(node), Kind::Opaque(values))
    }
}

//! Reading TOML values with their places.

use std::ops::Range;

use smol_str::SmolStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::rule::near::nearest;
use crate::rule::page::Reporter;

/// A TOML value with its place in the rule block.
pub(super) type Node<'a> = Spanned<DeValue<'a>>;

/// One entry of a table.
pub(super) struct Entry<'a, 'i> {
    /// Key.
    pub key: &'a str,
    /// Place of the key in the page.
    pub span: Range<usize>,
    /// Value.
    pub value: &'a Node<'i>,
}

/// Turns TOML into parts of a rule and collects what is wrong.
pub(super) struct Reader<'r, 'p> {
    /// Where errors go.
    pub reporter: &'r mut Reporter<'p>,
    /// Offset of the rule block in the page.
    pub offset: usize,
}

impl Reader<'_, '_> {
    /// Adds an error at a place in the page.
    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.reporter.add(span, message, "", help);
    }

    /// The place of a value in the page.
    pub fn place(&self, node: &Node<'_>) -> Range<usize> {
        let span = node.span();
        span.start + self.offset..span.end + self.offset
    }

    /// The entries of a table in the order of the page.
    pub fn entries<'a, 'i>(&self, table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let span = key.span();
                Entry { key: key.get_ref().as_ref(), span: span.start + self.offset..span.end + self.offset, value }
            })
            .collect();
        entries.sort_by_key(|entry| entry.span.start);
        entries
    }

    /// A key that nobody knows.
    pub fn unknown_key(&mut self, entry: &Entry<'_, '_>, known: &[&str], what: &str) {
        let help = match nearest(entry.key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys: {}", known.join(", ")),
        };
        self.error(entry.span.clone(), format!("unknown key `{}` {what}", entry.key), Some(help));
    }

    /// A value of the wrong type.
    pub fn expected(&mut self, node: &Node<'_>, what: &str) {
        let place = self.place(node);
        self.error(place, format!("expected {what}, found {}", kind(node.get_ref())), None);
    }

    /// Text.
    pub fn text<'a>(&mut self, node: &'a Node<'_>) -> Option<&'a str> {
        let text = node.get_ref().as_str();
        if text.is_none() {
            self.expected(node, "text");
        }
        text
    }

    /// A truth value.
    pub fn truth(&mut self, node: &Node<'_>) -> Option<bool> {
        let truth = node.get_ref().as_bool();
        if truth.is_none() {
            self.expected(node, "true or false");
        }
        truth
    }

    /// A table.
    pub fn table<'a, 'i>(&mut self, node: &'a Node<'i>) -> Option<&'a DeTable<'i>> {
        let table = node.get_ref().as_table();
        if table.is_none() {
            self.expected(node, "a table");
        }
        table
    }

    /// A list that is not empty.
    pub fn list<'a, 'i>(&mut self, node: &'a Node<'i>) -> Option<Vec<&'a Node<'i>>> {
        let Some(list) = node.get_ref().as_array() else {
            self.expected(node, "a list");
            return None;
        };
        if list.is_empty() {
            let place = self.place(node);
            self.error(place, "this list is empty", Some("write what it should contain, or leave the key out".to_owned()));
            return None;
        }
        Some(list.iter().collect())
    }

    /// A list of texts that is not empty.
    pub fn texts<'a>(&mut self, node: &'a Node<'_>) -> Option<Vec<(&'a str, Range<usize>)>> {
        let list = self.list(node)?;
        Some(list.into_iter().filter_map(|item| Some((self.text(item)?, self.place(item)))).collect())
    }

    /// One of a set of words.
    pub fn word<'w>(&mut self, node: &Node<'_>, words: &[&'w str], what: &str) -> Option<&'w str> {
        let text = self.text(node)?;
        let place = self.place(node);
        self.word_at(text, place, words, what)
    }

    /// One of a set of words, at a place.
    pub fn word_at<'w>(&mut self, text: &str, place: Range<usize>, words: &[&'w str], what: &str) -> Option<&'w str> {
        let word = words.iter().copied().find(|word| *word == text);
        if word.is_none() {
            let help = match nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of {}", words.join(", ")),
            };
            self.error(place, format!("`{text}` is no value of {what}"), Some(help));
        }
        word
    }

    /// A number.
    pub fn number(&mut self, node: &Node<'_>) -> Option<f64> {
        let number = number(node.get_ref());
        if number.is_none() {
            self.expected(node, "a number");
        }
        number
    }

    /// One scalar, or a list of scalars that is not empty: the words of a positive value.
    pub fn scalars<'a, 'i>(&mut self, node: &'a Node<'i>) -> Option<Vec<&'a Node<'i>>> {
        if node.get_ref().is_array() { self.list(node) } else { Some(vec![node]) }
    }
}

/// The number that a TOML value is.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    if let Some(integer) = value.as_integer() {
        return i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number as f64);
    }
    value.as_float()?.as_str().parse().ok()
}

/// What a TOML value is, for a person.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Words as the model keeps them.
pub(super) fn smol(words: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<SmolStr> {
    words.into_iter().map(|word| SmolStr::new(word.as_ref())).collect()
}

//! Code that TypeScript knows and the grammar does not.
//!
//! Each gap is type syntax, or text of a page, that no stage reads. It is covered with blanks of the same length, so that
//! the rest of the file parses and every offset stays what it was.

use memchr::memmem;
use tree_sitter::{Node, Tree};

use super::errors::{comments, outermost_errors};
use super::syntax::Grammar;

/// How far back the start of type arguments is looked for, in bytes.
const MAX_TYPE_ARGUMENTS: usize = 4_000;

/// The text with the gaps covered, or `None` when it shows none. The walk reads names and values from the text as it is.
pub(super) fn covered(text: &str, grammar: &Grammar, tree: &Tree) -> Option<String> {
    let mut gaps = Gaps { bytes: text.as_bytes().to_vec(), found: false };
    let root = tree.root_node();
    generic_tagged_templates(text, grammar, root, &mut gaps);
    if root.has_error() {
        typeof_imports(text, &mut gaps);
        type_only_stars(text, &mut gaps);
        names_like_keywords(text, &mut gaps);
        // The lexer takes a NUL in a string for the end of the file.
        for at in memchr::memchr_iter(0, text.as_bytes()) {
            gaps.replace(at, b' ');
        }
        for error in outermost_errors(root) {
            // `a & b` as text of a page, or in the address of a link.
            if text.as_bytes().get(error.start_byte()) == Some(&b'&') {
                gaps.replace(error.start_byte(), b' ');
            }
        }
    }
    // Only whole ASCII signs were replaced.
    if gaps.found { String::from_utf8(gaps.bytes).ok() } else { None }
}

/// A copy of the text with the gaps found so far covered.
struct Gaps {
    bytes: Vec<u8>,
    found: bool,
}

impl Gaps {
    /// Covers a range that begins and ends at ASCII signs. Line ends stay, for what they mean to the parser.
    fn cover(&mut self, start: usize, end: usize) {
        for byte in &mut self.bytes[start..end] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        self.found = true;
    }

    /// Puts an ASCII sign in the place of another.
    fn replace(&mut self, at: usize, sign: u8) {
        self.bytes[at] = sign;
        self.found = true;
    }
}

/// ``sql<Row>`…` ``: the grammar takes it for two comparisons, or loses its way.
fn generic_tagged_templates(text: &str, grammar: &Grammar, root: Node, gaps: &mut Gaps) {
    let mut without_comments: Option<Vec<u8>> = None;
    for at in memmem::find_iter(text.as_bytes(), b">`") {
        let quote = at + 1;
        let Some(node) = root.descendant_for_byte_range(quote, quote + 1) else { continue };
        let closes = node.parent().is_some_and(|parent| parent.kind() == "template_string" && parent.start_byte() != quote);
        // Text of a template or string that ends with `>`.
        if closes || node.start_byte() != quote {
            continue;
        }
        // Apostrophes in comments are no quotes.
        let bytes = without_comments.get_or_insert_with(|| {
            let mut bytes = text.as_bytes().to_vec();
            for comment in comments(grammar, root, text) {
                bytes[comment.range()].fill(b' ');
            }
            bytes
        });
        if let Some(start) = type_arguments_start(&bytes[..=at]) {
            gaps.cover(start, quote);
        }
    }
}

/// Where the type arguments begin that end at the end of `bytes`, when a name stands in front of them.
fn type_arguments_start(bytes: &[u8]) -> Option<usize> {
    let mut open = 0usize;
    let mut braces = 0usize;
    let mut quote = None;
    for at in (bytes.len().saturating_sub(MAX_TYPE_ARGUMENTS)..bytes.len()).rev() {
        let byte = bytes[at];
        if let Some(expected) = quote {
            if byte == expected {
                quote = None;
            }
            continue;
        }
        match byte {
            b'"' | b'\'' => quote = Some(byte),
            b'`' => return None,
            b'>' if at > 0 && bytes[at - 1] == b'=' => {}
            b'>' => open += 1,
            b'<' => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    let before = *bytes[..at].last()?;
                    let is_name = before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$' | b')' | b']') || before >= 0x80;
                    // ``a<b&&c>`d` `` compares.
                    let is_type = memmem::find(&bytes[at..], b"&&").is_none();
                    return (is_name && is_type && braces == 0).then_some(at);
                }
            }
            b'}' => braces += 1,
            b'{' => braces = braces.checked_sub(1)?,
            b';' if braces == 0 => return None,
            _ => {}
        }
    }
    None
}

/// `f<typeof import("x")>()`.
fn typeof_imports(text: &str, gaps: &mut Gaps) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"typeof import(") {
        let before = bytes[..at].trim_ascii_end();
        let Some(end) = memchr::memchr(b')', &bytes[at..]).map(|length| at + length + 1) else { continue };
        let after = bytes[end..].trim_ascii_start();
        if before.last() == Some(&b'<') && matches!(after.first(), Some(b'>')) {
            // Brackets and all: without type arguments the call is a plain one.
            gaps.cover(before.len() - 1, bytes.len() - after.len() + 1);
        }
    }
}

/// `export type * from "x"`.
fn type_only_stars(text: &str, gaps: &mut Gaps) {
    const START: &str = "export type *";
    for at in memmem::find_iter(text.as_bytes(), START.as_bytes()) {
        gaps.cover(at + "export ".len(), at + START.len() - 1);
    }
}

/// `i < unique.length; i += step`: the lexer expects the type `unique symbol` behind `<`.
fn names_like_keywords(text: &str, gaps: &mut Gaps) {
    const NAME: &[u8] = b"unique";
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, NAME) {
        let before = bytes[..at].trim_ascii_end();
        if before.last() == Some(&b'<') && bytes.get(at + NAME.len()) == Some(&b'.') {
            gaps.replace(at, b'_');
        }
    }
}

//! Comments, and what the parser could not follow.

use tree_sitter::{Node, TreeCursor};

use super::lowering::Lowering;
use super::syntax::{Grammar, Syntax};
use crate::program::NodeId;
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// Records every ERROR and MISSING node, and lowers the code in those that the walk did not come by.
    pub(super) fn scattered_errors(&mut self, root: Node<'t>, out: &mut Vec<NodeId>) {
        if !root.has_error() {
            return;
        }
        let mut seen = std::mem::take(&mut self.seen_errors);
        seen.sort_unstable();
        for error in outermost_errors(root) {
            self.module.errors.push(self.span(error));
            // Where the nesting was too deep, code was left out on purpose.
            if !error.is_missing() && !self.module.truncated && seen.binary_search(&error.id()).is_err() {
                out.push(self.error(error));
            }
        }
    }
}

/// The ERROR and MISSING nodes that do not lie in another one.
pub(super) fn outermost_errors(root: Node) -> Vec<Node> {
    let mut errors = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let is_error = node.is_error() || node.is_missing();
        if is_error {
            errors.push(node);
        }
        if !is_error && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return errors;
            }
        }
    }
}

/// The spans of all comments. Only the places that look like one are visited in the tree.
pub(super) fn comments(grammar: &Grammar, root: Node, text: &str) -> Vec<Span> {
    let mut comments: Vec<Span> = Vec::new();
    let mut cursor: TreeCursor = root.walk();
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'/', bytes) {
        if !matches!(bytes.get(at + 1), Some(b'/' | b'*')) || comments.last().is_some_and(|last| at < last.end as usize) {
            continue;
        }
        seek(&mut cursor, at);
        let node = cursor.node();
        if node.start_byte() == at && grammar.syntax(node) == Syntax::Comment {
            comments.push(Span::new(at as u32, node.end_byte() as u32));
        }
    }
    comments
}

/// Moves a cursor forward to the smallest node that holds an offset, or near it when no leaf does. Offsets must not decrease,
/// so that all moves together pass every node once at most.
fn seek(cursor: &mut TreeCursor, at: usize) {
    loop {
        let node = cursor.node();
        if node.end_byte() > at {
            if node.start_byte() > at || !cursor.goto_first_child() {
                return;
            }
        } else if !cursor.goto_next_sibling() && (!cursor.goto_parent() || cursor.node().end_byte() > at) {
            return;
        }
    }
}

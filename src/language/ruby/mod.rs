//! The Ruby front end.
//!
//! One file per part of the language; `context` holds the state of a lowering, `expressions` the dispatch on the kind of a
//! syntax node. What a reader of the program model should know of Ruby in it:
//!
//! - A call without receiver is [`Target::Own`](crate::program::Target::Own), with or without arguments, unless a local variable
//!   of that name exists at that place. `self.name` is a method of [`Kind::This`](crate::program::Kind::This).
//! - `@name` is member `name` of `This`, so that it is one field with what `attr_reader :name` reads; `@@name` is member `@@name`,
//!   and so are the accessors of `cattr_accessor`, `mattr_accessor` and `class_attribute`, on the class and on its instances.
//! - Accessors, aliases and delegations are methods like others, made up where they are declared.
//! - A `def` is a [`Kind::Closure`](crate::program::Kind::Closure) at its place; outside of any class it is a function without class.
//! - `retry` and `redo` are [`ExitKind::Next`](crate::program::ExitKind::Next): they go on with another turn.
//! - `raise` is [`ExitKind::Throw`](crate::program::ExitKind::Throw), and so is `throw`; several arguments are one opaque value.
//! - `require` is an import without name besides being a call; one of `require_relative` begins with a dot.
//! - The statements of `included do … end` and `class_methods do … end` are statements of the body of the module around them.
//!
//! Statements and expressions are lowered by recursion that stops at a fixed depth; chains of calls and operators are lowered in a
//! loop. A thread needs 8 MiB of stack.

mod calls;
mod context;
mod declarations;
mod definitions;
mod escapes;
mod expressions;
mod format;
mod functions;
mod guard;
mod heredocs;
mod patterns;
mod runs;
mod scopes;
mod statements;
mod strings;
mod syntax;
#[cfg(test)]
mod tests;
mod writer;

pub use writer::RubyWriter;

use std::cell::RefCell;

use tree_sitter::{Parser, Tree};

use self::context::Lowering;
use crate::program::Module;

thread_local! {
    /// Making a parser costs more than parsing a small file.
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Lowers a Ruby text.
#[must_use]
pub fn lower(text: &str) -> Module {
    match parse(text) {
        Some(tree) => Lowering::new(text, tree.walk()).file(tree.root_node()),
        None => Lowering::unreadable(text),
    }
}

/// Parses a text; `None` only when the grammar and the parser were built for different versions of each other.
fn parse(text: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| {
        if parser.is_none() {
            let mut made = Parser::new();
            made.set_language(&tree_sitter_ruby::LANGUAGE.into()).ok()?;
            *parser = Some(made);
        }
        let parser = parser.as_mut()?;
        let guarded = guard::without_fatal_heredocs(text);
        let text = guarded.as_deref().unwrap_or(text);
        // The grammar does not see the end of a heredoc at the very end of the text.
        if text.ends_with('\n') || !text.contains("<<") {
            return parser.parse(text, None);
        }
        parser.parse(format!("{text}\n"), None)
    })
}

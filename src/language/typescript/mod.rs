//! The TypeScript and JavaScript front end.
//!
//! One walk over the syntax tree builds the program model. Names are resolved on the way: a scope is filled when it is
//! entered. The walk recurses only so deep as `lowering` allows; long chains are followed in a loop.

mod assignment;
mod call;
mod class;
mod errors;
mod expression;
mod function;
mod gaps;
mod hoist;
mod literal;
mod lowering;
mod modules;
mod pattern;
mod prototype;
mod runs;
mod scope;
mod statement;
mod strings;
mod syntax;
#[cfg(test)]
mod tests;
mod types;
mod writer;

pub use writer::TypeScriptWriter;

use std::cell::RefCell;

use tree_sitter::{Parser, Tree};

use crate::program::Module;
use crate::source::Language;
use lowering::Lowering;
use syntax::Grammar;

/// How often a text is parsed anew to cover gaps of the grammar.
const MAX_COVERINGS: usize = 3;

/// Lowers a TypeScript or JavaScript text. Nodes may lie up to 4,000 deep (chains), so that a thread which recurses over them
/// wants a stack of 8 MiB.
#[must_use]
pub fn lower(language: Language, text: &str) -> Module {
    let (grammar, tree) = match language {
        Language::Tsx => parse_javascript(text),
        _ => (Grammar::typescript(), parse_patiently(Grammar::typescript(), text)),
    };
    // Without a time limit or cancellation a parser with a language always gives a tree; an empty text stands for none.
    let Some(tree) = tree.or_else(|| parse(grammar, "")) else { unreachable!("the parser has a language") };
    let root = tree.root_node();
    let lowering = Lowering::new(language, grammar, text, root);
    let comments = errors::comments(grammar, root, text);
    let mut module = lowering.program(root);
    module.comments = comments;
    module
}

/// Parses what may hold JSX. Angle bracket casts and some generics are only understood without JSX, so a text with errors
/// gets a second try.
fn parse_javascript(text: &str) -> (&'static Grammar, Option<Tree>) {
    let tsx = parse_patiently(Grammar::tsx(), text);
    let broken = tsx.as_ref().map_or(0, broken_bytes);
    if broken > 0 {
        let typescript = parse_patiently(Grammar::typescript(), text);
        if typescript.as_ref().is_some_and(|tree| broken_bytes(tree) < broken) {
            return (Grammar::typescript(), typescript);
        }
    }
    (Grammar::tsx(), tsx)
}

/// Parses a text, and again with the known gaps of the grammar covered when it has any. A gap may hide another one.
fn parse_patiently(grammar: &'static Grammar, text: &str) -> Option<Tree> {
    let mut tree = parse(grammar, text)?;
    let mut covered: Option<String> = None;
    for _ in 0..MAX_COVERINGS {
        let Some(next) = gaps::covered(covered.as_deref().unwrap_or(text), grammar, &tree) else { break };
        let again = parse(grammar, &next)?;
        if broken_bytes(&again) > broken_bytes(&tree) {
            break;
        }
        (tree, covered) = (again, Some(next));
    }
    Some(tree)
}

/// How much of a text the parser could not follow; a missing token counts as one byte.
fn broken_bytes(tree: &Tree) -> usize {
    if !tree.root_node().has_error() {
        return 0;
    }
    errors::outermost_errors(tree.root_node()).iter().map(|error| error.byte_range().len() + 1).sum()
}

fn parse(grammar: &'static Grammar, text: &str) -> Option<Tree> {
    thread_local! {
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(&grammar.language).ok()?;
        parser.parse(text, None)
    })
}

//! Front ends: the only code that knows a grammar.
//!
//! A front end owes four things: lowering to the program model, the values its language takes for false
//! ([`crate::program::Semantics`]), its module and constant look-up, and a [`Writer`] that spells edits.
//! Lowering is a pure function of the text: parallel, cacheable, without global state.

pub mod ruby;
pub mod typescript;
mod writer;

pub use writer::{Edit, Writer};

use crate::program::Module;
use crate::source::Language;

/// Lowers one file to the program model. Never fails: what the parser cannot follow is listed in [`Module::errors`].
#[must_use]
pub fn lower(language: Language, text: &str) -> Module {
    match language {
        Language::TypeScript | Language::Tsx => typescript::lower(language, text),
        Language::Ruby => ruby::lower(text),
    }
}

/// The writer of a language.
#[must_use]
pub fn writer(language: Language) -> &'static dyn Writer {
    match language {
        Language::TypeScript | Language::Tsx => &typescript::TypeScriptWriter,
        Language::Ruby => &ruby::RubyWriter,
    }
}

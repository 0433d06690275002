//! The TypeScript and JavaScript front end.

use super::Writer;
use crate::program::Module;
use crate::source::Language;

/// Lowers a TypeScript or JavaScript text.
#[must_use]
pub fn lower(language: Language, text: &str) -> Module {
    let _ = (language, text);
    unimplemented!()
}

/// Spells edits in TypeScript and JavaScript.
pub struct TypeScriptWriter;

impl Writer for TypeScriptWriter {
    fn string(&self, _: &str) -> String {
        unimplemented!()
    }
    fn options(&self, _: &[(String, String)]) -> String {
        unimplemented!()
    }
    fn nil(&self) -> &'static str {
        "undefined"
    }
    fn convert(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn when_not_empty(&self, _: &str, _: &str) -> String {
        unimplemented!()
    }
}

//! The Ruby front end.

use super::Writer;
use crate::program::Module;

/// Lowers a Ruby text.
#[must_use]
pub fn lower(text: &str) -> Module {
    let _ = text;
    unimplemented!()
}

/// Spells edits in Ruby.
pub struct RubyWriter;

impl Writer for RubyWriter {
    fn string(&self, _: &str) -> String {
        unimplemented!()
    }
    fn options(&self, _: &[(String, String)]) -> String {
        unimplemented!()
    }
    fn nil(&self) -> &'static str {
        "nil"
    }
    fn convert(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn when_not_empty(&self, _: &str, _: &str) -> String {
        unimplemented!()
    }
}

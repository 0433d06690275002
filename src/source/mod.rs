//! Source text: files, spans and positions. Everything else points into this module and nothing here points out.

mod file;
mod position;

pub use file::{FileId, Language, LineEnding, SourceFile};
pub use position::{LineIndex, Position, Span};

//! Documents of XML 1.0, as JUnit and Checkstyle reports are.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use super::clean::clean;

/// Writes a document: declaration, content, line break.
pub(super) fn write_document(out: &mut dyn Write, content: impl FnOnce(&mut Writer<&mut dyn Write>) -> io::Result<()>) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    content(&mut writer)?;
    writeln!(writer.into_inner())
}

/// A line of text of others, without the characters that XML has no way to write.
pub(super) fn text(text: &str) -> String {
    clean(text).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}

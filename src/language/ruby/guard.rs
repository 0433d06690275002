//! What must be kept from the grammar's scanner.
//!
//! The external scanner of tree-sitter-ruby 0.23 writes its state into a buffer of 1,024 bytes, the length of a heredoc's name
//! into one byte of it. A name of 256 characters or more (`x <<"a long string"` without a space is one to it) fails an assertion
//! when the state is read back, and so does a state that fills the buffer to the brim: the process would abort. Such openers are
//! hidden from it: `<<` becomes `>>`, an operator of the same width and precedence, so that no offset changes.

/// The longest name that the scanner is shown.
const MAX_NAME: usize = 250;

/// How many bytes of state all heredocs that wait for their end may take; strings that are open take some of the buffer, too.
const MAX_STATE: usize = 700;

/// The bytes of state of a heredoc besides its name.
const STATE_OF_ONE: usize = 4;

/// The text without the heredoc openers that the scanner does not survive; `None` when there are none.
pub(super) fn without_fatal_heredocs(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut waiting = Waiting { names: Vec::new(), state: 0, read_to: 0 };
    let mut hidden = Vec::new();
    for at in memchr::memmem::find_iter(bytes, "<<") {
        let name = name_behind(&bytes[at + 2..]);
        let size = name.map_or(usize::MAX, <[u8]>::len);
        if size == 0 {
            continue;
        }
        waiting.read(bytes, at);
        match name {
            Some(name) if size <= MAX_NAME && waiting.state + STATE_OF_ONE + size <= MAX_STATE => waiting.add(name),
            _ => hidden.push(at),
        }
    }
    if hidden.is_empty() {
        return None;
    }
    let mut copy = String::with_capacity(text.len());
    let mut copied = 0;
    for at in hidden {
        copy.push_str(&text[copied..at]);
        copy.push_str(">>");
        copied = at + 2;
    }
    copy.push_str(&text[copied..]);
    Some(copy)
}

/// The name that the scanner would read behind `<<`: empty when it would not take it for a heredoc, `None` when it does not end soon.
fn name_behind(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b"-").or_else(|| bytes.strip_prefix(b"~")).unwrap_or(bytes);
    let window = &bytes[..bytes.len().min(MAX_NAME + 2)];
    match window.first() {
        Some(quote @ (b'\'' | b'"' | b'`')) => {
            let end = memchr::memchr(*quote, &window[1..])?;
            Some(&window[1..=end])
        }
        _ => {
            let in_name = |byte: &u8| *byte == b'_' || *byte >= 0x80 || byte.is_ascii_alphanumeric();
            let end = window.iter().position(|byte| !in_name(byte)).unwrap_or(window.len());
            Some(&window[..end])
        }
    }
}

/// The heredocs that were opened and whose end was not met.
struct Waiting<'t> {
    names: Vec<&'t [u8]>,
    state: usize,
    read_to: usize,
}

impl<'t> Waiting<'t> {
    fn add(&mut self, name: &'t [u8]) {
        self.names.push(name);
        self.state += STATE_OF_ONE + name.len();
    }

    /// Looks for ends in the lines that begin before `to`.
    fn read(&mut self, bytes: &[u8], to: usize) {
        while !self.names.is_empty() && self.read_to < to {
            let rest = &bytes[self.read_to..];
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let line = rest[..length].trim_ascii();
            if let Some(index) = self.names.iter().position(|name| *name == line) {
                let name = self.names.remove(index);
                self.state -= STATE_OF_ONE + name.len();
            }
            self.read_to += length;
        }
        if self.names.is_empty() {
            self.read_to = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fatal_openers_are_hidden() {
        let long = "a".repeat(300);
        let short = "a".repeat(200);
        let cases = [
            (format!("x <<\"{long}\"\ny << z"), Some(format!("x >>\"{long}\"\ny << z"))),
            (format!("x <<~{long}"), Some(format!("x >>~{long}"))),
            (format!("x <<~{short}"), None),
            ("f(<<~A, <<'B')\nA\nB\n".repeat(1000), None),
            ("x << y; class << self; 1 << 2; end".repeat(1000), None),
        ];
        for (text, expected) in cases {
            assert_eq!(without_fatal_heredocs(&text), expected);
        }
        let many = without_fatal_heredocs(&format!("f({})", "<<A, ".repeat(1000))).unwrap_or_default();
        assert_eq!(many.matches("<<A").count(), MAX_STATE / (STATE_OF_ONE + 1));
    }

    #[test]
    fn the_scanner_survives_what_is_left() {
        let long = "é".repeat(255);
        let texts = [
            format!("x <<\"{long}\""),
            format!("x <<\"{}\"", "a".repeat(300)),
            format!("f({})", "<<A, ".repeat(1000)),
            "f(<<~A)\n#{".repeat(1000),
            format!("f(<<'{}', <<B)\n", "a".repeat(249)).repeat(9),
            "x <<'".to_owned() + &"b\n".repeat(1000),
        ];
        for text in texts {
            let _ = crate::language::ruby::lower(&text);
        }
    }
}

//! Text of others, made safe to print. A source file or a file name may hold bytes that a terminal obeys: they are shown and
//! never sent.

use std::borrow::Cow;

/// What is printed for a character; `None` for one that has no width and no meaning.
pub(super) fn shown(c: char) -> Option<char> {
    match c {
        '\t' => Some(c),
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32),
        '\u{7F}' => Some('\u{2421}'),
        // Terminals obey these too: C1 controls.
        '\u{80}'..='\u{9F}' => Some('\u{FFFD}'),
        // They reorder what stands around them, so that code reads as what it is not.
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some('\u{FFFD}'),
        '\u{2028}' | '\u{2029}' => Some('\u{2424}'),
        '\u{FEFF}' => None,
        _ => Some(c),
    }
}

/// One line of text of others. Line breaks and tabs become visible too, or a name could pretend to be a line of its own.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let fine = |c: char| c != '\t' && shown(c) == Some(c);
    if text.chars().all(fine) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(|c| if c == '\t' { Some('\u{2409}') } else { shown(c) }).collect())
}

/// As [`clean`], for text of several lines.
pub(super) fn clean_lines(text: &str) -> String {
    text.lines().map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_made_visible() {
        for (text, expected) in [
            ("plain Ünïcode ✓", "plain Ünïcode ✓"),
            ("a\x1b[31mb", "a␛[31mb"),
            ("a\nb\tc\r\0", "a␊b␉c␍␀"),
            ("\u{9b}31m\x7f", "\u{FFFD}31m␡"),
            ("x\u{202E}y\u{2069}", "x\u{FFFD}y\u{FFFD}"),
            ("\u{FEFF}a", "a"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }
}

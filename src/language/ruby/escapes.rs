//! Escape sequences.

/// Adds text without escapes; a line ends with `\n` whatever the file ends its lines with, as in Ruby.
pub(super) fn plain(text: &str, out: &mut String) {
    match text.contains('\r') {
        true => out.push_str(&text.replace("\r\n", "\n")),
        false => out.push_str(text),
    }
}

/// Adds the text of a literal that knows only the escapes of the backslash and of what `escapes` says: its own delimiters and, in
/// word lists, space.
pub(super) fn unescape_raw(text: &str, escapes: impl Fn(char) -> bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain(&rest[..at], out);
        rest = &rest[at + 1..];
        match rest.chars().next() {
            Some(next) if next == '\\' || escapes(next) => {
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
            _ => out.push('\\'),
        }
    }
    plain(rest, out);
}

/// Adds what an escape sequence stands for. Bytes that are no character become U+FFFD.
pub(super) fn unescape(sequence: &str, out: &mut String) {
    let Some(body) = sequence.strip_prefix('\\') else { return out.push_str(sequence) };
    let mut chars = body.chars();
    match chars.next() {
        None => out.push('\\'),
        Some('\n' | '\r') => {}
        Some('n') => out.push('\n'),
        Some('t') => out.push('\t'),
        Some('r') => out.push('\r'),
        Some('s') => out.push(' '),
        Some('e') => out.push('\u{1b}'),
        Some('a') => out.push('\u{7}'),
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('v') => out.push('\u{b}'),
        Some('u') => unicode(chars.as_str(), out),
        Some('x') => code(chars.as_str(), 16, out),
        Some('0'..='7') => code(body, 8, out),
        // Control and meta characters: never part of a key that a person wrote.
        Some('c' | 'C' | 'M') if body.len() > 1 => out.push('\u{fffd}'),
        Some(other) => {
            out.push(other);
            out.push_str(chars.as_str());
        }
    }
}

fn unicode(digits: &str, out: &mut String) {
    for code_point in digits.trim_matches(['{', '}']).split_whitespace() {
        code(code_point, 16, out);
    }
}

fn code(digits: &str, radix: u32, out: &mut String) {
    let value = u32::from_str_radix(digits, radix).ok();
    out.push(value.and_then(char::from_u32).unwrap_or('\u{fffd}'));
}

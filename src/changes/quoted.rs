//! File names as git writes them.

use std::borrow::Cow;

/// A name without its quotes. With `core.quotePath` off, git quotes names with control characters, quotes and backslashes; behind a
/// name with a space it puts a tab.
pub(super) fn unquoted(name: &str) -> Cow<'_, str> {
    let name = name.strip_suffix('\t').unwrap_or(name);
    let Some(inside) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else { return Cow::Borrowed(name) };
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b't') => bytes.push(b'\t'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'v') => bytes.push(11),
            Some(b'f') => bytes.push(12),
            Some(b'r') => bytes.push(b'\r'),
            Some(first @ b'0'..=b'3') => {
                let digits = [Some(first), rest.next(), rest.next()];
                bytes.push(digits.into_iter().flatten().fold(0_u8, |value, digit| (value << 3) | (digit & 7)));
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_quotes() {
        for (name, expected) in
            [("b/a b.ts\t", "b/a b.ts"), ("b/ä.ts", "b/ä.ts"), (r#""b/\303\244\t\"\\\033""#, "b/ä\t\"\\\u{1b}"), ("\"", "\"")]
        {
            assert_eq!(unquoted(name), expected, "{name}");
        }
    }
}

//! The values of string and number literals.

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::program::Literal;

/// The value of the inside of a string literal: escapes are resolved, unknown ones stand for their character.
pub(super) fn unescape(raw: &str) -> SmolStr {
    if memchr::memchr2(b'\\', b'\r', raw.as_bytes()).is_none() {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            // A line end inside a template is `\n` in its value, whatever the file has.
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\\' => escape(&mut chars, &mut out),
            char => out.push(char),
        }
    }
    out.into()
}

fn escape(chars: &mut std::iter::Peekable<std::str::Chars>, out: &mut String) {
    let Some(char) = chars.next() else { return };
    match char {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        '\r' => {
            chars.next_if_eq(&'\n');
        }
        'x' => out.extend(code(hex(chars, 2))),
        'u' if chars.next_if_eq(&'{').is_some() => {
            let value = hex(chars, 8);
            chars.next_if_eq(&'}');
            out.extend(code(value));
        }
        'u' => {
            let high = hex(chars, 4);
            out.extend(code(surrogate_pair(high, chars)));
        }
        '0'..='7' => {
            let mut value = char as u32 - '0' as u32;
            while value < 0o40
                && let Some(digit) = chars.next_if(|next| ('0'..='7').contains(next))
            {
                value = value * 8 + (digit as u32 - '0' as u32);
            }
            out.extend(code(value));
        }
        char => out.push(char),
    }
}

/// `\ud83d\ude00` is one character written as two halves.
fn surrogate_pair(high: u32, chars: &mut std::iter::Peekable<std::str::Chars>) -> u32 {
    if !(0xD800..0xDC00).contains(&high) {
        return high;
    }
    let mut ahead = chars.clone();
    if ahead.next() != Some('\\') || ahead.next() != Some('u') {
        return high;
    }
    let low = hex(&mut ahead, 4);
    if !(0xDC00..0xE000).contains(&low) {
        return high;
    }
    *chars = ahead;
    0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
}

fn hex(chars: &mut std::iter::Peekable<std::str::Chars>, digits: usize) -> u32 {
    let mut value: u32 = 0;
    for _ in 0..digits {
        let Some(digit) = chars.peek().and_then(|char| char.to_digit(16)) else { break };
        value = value.saturating_mul(16).saturating_add(digit);
        chars.next();
    }
    value
}

fn code(value: u32) -> Option<char> {
    Some(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// The value of a number literal: separators, other bases, legacy octal and big integers included. `None` when the text is
/// no number after all.
pub(super) fn number(raw: &str) -> Option<Literal> {
    let digits: Cow<str> = if raw.contains('_') { raw.replace('_', "").into() } else { raw.into() };
    let digits = digits.strip_suffix('n').unwrap_or(&digits);
    let (radix, rest) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', rest @ ..] if !rest.is_empty() && rest.iter().all(|digit| (b'0'..=b'7').contains(digit)) => (8, &digits[1..]),
        _ => (10, digits),
    };
    if let Ok(value) = i64::from_str_radix(rest, radix) {
        return Some(Literal::Int(value));
    }
    let value = if radix == 10 {
        rest.parse::<f64>().ok()?
    } else {
        rest.chars().try_fold(0.0, |value, digit| Some(value * f64::from(radix) + f64::from(digit.to_digit(radix)?)))?
    };
    // Beyond 2^53 a float has no exact whole value to speak of.
    Some(if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 { Literal::Int(value as i64) } else { Literal::Float(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_characters() {
        let table = [
            ("plain", "plain"),
            (r"a\nb\t\\\'\`\$", "a\nb\t\\'`$"),
            (r"\x41\u0042\u{1F600}\ud83d\ude00", "AB\u{1F600}\u{1F600}"),
            (r"\0\101\8", "\0A8"),
            ("a\\\nb\\\r\nc", "abc"),
            ("a\r\nb", "a\nb"),
            (r"\ud83d!", "\u{FFFD}!"),
            ("\\", ""),
            (r"\xg", "\0g"),
        ];
        for (raw, value) in table {
            assert_eq!(unescape(raw), value, "{raw}");
        }
    }

    #[test]
    fn numbers_have_values() {
        let table = [
            ("0", Some(Literal::Int(0))),
            ("1_000", Some(Literal::Int(1000))),
            ("0xFF", Some(Literal::Int(255))),
            ("0b101", Some(Literal::Int(5))),
            ("0o17", Some(Literal::Int(15))),
            ("017", Some(Literal::Int(15))),
            ("089", Some(Literal::Int(89))),
            ("1e3", Some(Literal::Int(1000))),
            ("1.0", Some(Literal::Int(1))),
            (".5", Some(Literal::Float(0.5))),
            ("10n", Some(Literal::Int(10))),
            ("99999999999999999999", Some(Literal::Float(1e20))),
            ("0xFFFFFFFFFFFFFFFFFF", Some(Literal::Float(4722366482869645213695.0))),
            ("1x", None),
        ];
        for (raw, value) in table {
            assert_eq!(number(raw), value, "{raw}");
        }
    }
}

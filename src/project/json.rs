//! JSON as people write it in configurations: with comments, trailing commas and a byte order mark.

use serde_json::Value;

/// Parses JSON with comments and trailing commas. The error names line and column.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(value),
        Err(_) => serde_json::from_slice(&plain(bytes)).map_err(|error| error.to_string()),
    }
}

/// The text with comments and trailing commas made blank, so that places stay.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut plain = bytes.to_vec();
    let mut comma = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'"' => end_of_string(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
                blank(&mut plain[at..end]);
                at = end;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(bytes.len(), |length| at + length + 4);
                blank(&mut plain[at..end]);
                at = end;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b',' => {
                comma = Some(at);
                at += 1;
                continue;
            }
            byte => {
                if matches!(byte, b'}' | b']')
                    && let Some(comma) = comma
                {
                    plain[comma] = b' ';
                }
                at + 1
            }
        };
        comma = None;
        at = end;
    }
    plain
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_read_over() {
        for (text, expected) in [
            ("{\"a\": 1,}", "{\"a\":1}"),
            ("{ // one\n \"a//b\": [1, /* two */ 2, // three\n ], }", "{\"a//b\":[1,2]}"),
            ("\u{FEFF}{\"@/*\": [\"./*\"]}", "{\"@/*\":[\"./*\"]}"),
            ("{\"a\": \"x\\\",}\", /* open", ""),
            ("{\"a\": \"\\\\\",}", "{\"a\":\"\\\\\"}"),
            ("  \n", "null"),
        ] {
            assert_eq!(parse(text.as_bytes()).map_or(String::new(), |value| value.to_string()), expected, "{text}");
        }
    }

    #[test]
    fn an_error_names_its_place() {
        let error = parse(b"// one\n{\"a\": }").unwrap_err();
        assert!(error.contains("line 2 column 7"), "{error}");
    }
}

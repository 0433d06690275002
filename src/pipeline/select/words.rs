//! What the text of a file says before it is parsed: whether it names Redis, its words, the constants it defines.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::source::Language;

/// The words of a text, as sorted hashes. Two words may share a hash: a file is then parsed for nothing.
pub(super) struct Words {
    hashes: Vec<u32>,
}

impl Words {
    /// Reads a text once.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut hashes = Vec::with_capacity(bytes.len() / 24);
        let mut start = None;
        for (at, byte) in bytes.iter().enumerate() {
            if is_word(*byte) {
                start.get_or_insert(at);
            } else if let Some(from) = start.take() {
                hashes.push(hash_bytes(&bytes[from..at]));
            }
        }
        hashes.extend(start.map(|from| hash_bytes(&bytes[from..])));
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        Self { hashes }
    }

    /// Whether a word is there.
    pub fn has(&self, hash: u32) -> bool {
        self.hashes.binary_search(&hash).is_ok()
    }
}

/// The hash under which a word is kept.
pub(super) fn hash(word: &str) -> u32 {
    hash_bytes(word.as_bytes())
}

fn hash_bytes(word: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    let wide = hasher.finish();
    (wide ^ (wide >> 32)) as u32
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether the code of a text names Redis or Valkey, in any case, in any word. Lines that are comments do not count.
pub(super) fn mentions_redis(text: &str, language: Language) -> bool {
    let bytes = text.as_bytes();
    let is_code = |at: usize| {
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let start = text[line..at].trim_start();
        match language {
            Language::Ruby => !start.starts_with('#') || start.starts_with("#{"),
            _ => !["//", "/*", "* "].iter().any(|comment| start.starts_with(comment)),
        }
    };
    // `d` and `y` are the rarest letters of the two names in source text.
    memchr::memchr3_iter(b'd', b'D', b'k', bytes).any(|at| match bytes[at] {
        b'd' | b'D' => at >= 2 && bytes.get(at - 2..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"redis")) && is_code(at - 2),
        _ => at >= 3 && bytes.get(at - 3..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"valkey")) && is_code(at - 3),
    }) || memchr::memmem::find_iter(bytes, b"VALKEY").any(is_code)
}

/// Whether a Ruby text defines a constant: `class Name`, `module A::Name`, `Name = …`.
pub(super) fn defines(text: &str, name: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), name).any(|at| {
        let behind = text[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let line = &text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
        let line = line.trim_start();
        let declared = (line.starts_with("class ") || line.starts_with("module "))
            && line[6..].trim().chars().all(|c| c.is_alphanumeric() || c == ':' || c == '_' || c == ' ');
        let assigned = line.is_empty() && text[at + name.len()..].trim_start().starts_with('=');
        behind && (declared || assigned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        let words = Words::of("const cacheStore = open(); // REDIS_URL");
        assert!(words.has(hash("cacheStore")) && !words.has(hash("cache")));
    }

    #[test]
    fn redis_is_found_in_any_case_but_not_in_comments() {
        for (text, expected) in [
            ("Redis", true),
            ("ioREDIS", true),
            ("@valkey/x", true),
            ("VALKEY_URL", true),
            ("Valkey", true),
            ("redi s", false),
            ("", false),
            ("monkey dis", false),
            ("  // in redis", false),
            ("/**\n * kept in Redis\n */", false),
            ("open(); // REDIS_URL", true),
            ("#redis = 1", true),
        ] {
            assert_eq!(mentions_redis(text, Language::TypeScript), expected, "{text}");
        }
        assert!(!mentions_redis("  # redis", Language::Ruby) && mentions_redis("#{redis}", Language::Ruby));
    }

    #[test]
    fn definitions_are_declarations_and_assignments() {
        for (text, expected) in [
            ("class RedisKey\nend", true),
            ("  module App::RedisKey", true),
            ("RedisKey = 1", true),
            ("x = RedisKey.a", false),
            ("class RedisKeyed", false),
            ("class Foo < RedisKey", false),
        ] {
            assert_eq!(defines(text, "RedisKey"), expected, "{text}");
        }
    }
}

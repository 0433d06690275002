//! What the text of a file says before it is parsed: its words, its module specifiers, the constants it defines.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// The words of a text, as sorted hashes, and a few marks. Two words may share a hash: a file is then parsed for nothing.
pub(super) struct Words {
    hashes: Vec<u32>,
    redis: bool,
    passes_on: bool,
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
        let passes_on = memchr::memmem::find(bytes, b"export *").is_some() || has_passing_export(text);
        Self { hashes, redis: mentions(bytes), passes_on }
    }

    /// Whether a word is there.
    pub fn has(&self, hash: u32) -> bool {
        self.hashes.binary_search(&hash).is_ok()
    }

    /// Whether the text names Redis or Valkey, in any case, in any word.
    pub fn mentions_redis(&self) -> bool {
        self.redis
    }

    /// Whether the file exports what another one exports.
    pub fn passes_on(&self) -> bool {
        self.passes_on
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

fn mentions(bytes: &[u8]) -> bool {
    // `d` and `y` are the rarest letters of the two names in source text.
    memchr::memchr3_iter(b'd', b'D', b'k', bytes).any(|at| match bytes[at] {
        b'd' | b'D' => at >= 2 && bytes.get(at - 2..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"redis")),
        _ => at >= 3 && bytes.get(at - 3..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"valkey")),
    }) || memchr::memmem::find(bytes, b"VALKEY").is_some()
}

fn has_passing_export(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"export {").any(|at| {
        let rest = &text[at..];
        rest.find('}').is_some_and(|end| rest[end + 1..].trim_start().starts_with("from"))
    })
}

/// The module specifiers of a text: string literals behind `from`, `require(`, `import(` and `import`.
pub(super) fn specifiers(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for word in ["from", "require", "import"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), word) {
            let rest = text[at + word.len()..].trim_start_matches([' ', '\t', '(', '\n', '\r']);
            let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else { continue };
            if let Some(end) = rest[1..].find(quote).filter(|end| *end < 300) {
                found.push(&rest[1..=end]);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
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
    fn words_are_whole_and_redis_is_found_in_any_case() {
        let words = Words::of("const cacheStore = open(); // REDIS_URL");
        assert!(words.has(hash("cacheStore")) && !words.has(hash("cache")));
        for (text, expected) in [
            ("Redis", true),
            ("ioREDIS", true),
            ("@valkey/x", true),
            ("VALKEY_URL", true),
            ("Valkey", true),
            ("redi s", false),
            ("", false),
            ("monkey dis", false),
        ] {
            assert_eq!(Words::of(text).mentions_redis(), expected, "{text}");
        }
    }

    #[test]
    fn specifiers_follow_their_words() {
        let text = "import a from './a'\nimport \"b\"\nconst c = require('c'); await import(`./d`); export * from \"e\"; // from here";
        assert_eq!(specifiers(text), ["./a", "./d", "b", "c", "e"]);
        assert!(Words::of("export { a,\n b } from './x'").passes_on());
        assert!(!Words::of("export { a }").passes_on());
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

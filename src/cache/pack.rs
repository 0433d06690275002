//! Many small pieces in one entry, so that a run opens one file for all of them.

use rustc_hash::FxHashMap;

use super::Key;

/// The pieces of an entry, by name.
#[derive(Debug, Default)]
pub struct Pack<'b>(FxHashMap<[u8; blake3::OUT_LEN], &'b [u8]>);

impl<'b> Pack<'b> {
    /// The pieces in the bytes of an entry; none when the bytes are something else.
    #[must_use]
    pub fn read(bytes: &'b [u8]) -> Self {
        let pieces: Vec<([u8; blake3::OUT_LEN], &[u8])> = postcard::from_bytes(bytes).unwrap_or_default();
        Self(pieces.into_iter().collect())
    }

    /// A piece.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&'b [u8]> {
        self.0.get(key.bytes()).copied()
    }

    /// The bytes of an entry with these pieces.
    #[must_use]
    pub fn write<'p>(pieces: impl IntoIterator<Item = (&'p Key, &'p [u8])>) -> Vec<u8> {
        let pieces: Vec<(&[u8; blake3::OUT_LEN], &[u8])> = pieces.into_iter().map(|(key, bytes)| (key.bytes(), bytes)).collect();
        // Bytes in memory always have a form.
        postcard::to_allocvec(&pieces).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::KeyHasher;

    #[test]
    fn pieces_are_found_by_their_names() {
        let key = |text: &str| {
            let mut hasher = KeyHasher::default();
            hasher.part(text.as_bytes());
            hasher.finish()
        };
        let bytes = Pack::write([(&key("a"), &b"one"[..]), (&key("b"), b"")]);
        let pack = Pack::read(&bytes);
        assert_eq!((pack.get(&key("a")), pack.get(&key("b")), pack.get(&key("c"))), (Some(&b"one"[..]), Some(&b""[..]), None));
        for damaged in [&bytes[..bytes.len() - 2], b"", &[255; 40]] {
            assert_eq!(Pack::read(damaged).get(&key("a")), None);
        }
    }
}

//! Lowered files of former runs, by their texts.

use std::sync::Mutex;

use super::Input;
use super::cached::{WORTH_KEEPING, tool};
use crate::cache::{Cache, Key, KeyHasher, Kind, Pack};
use crate::pipeline::Lowered;
use crate::source::Language;

/// Which share of what a run needed must be new for it to be kept: a run with two changed files lowers them, and does not write
/// the others again for their sake. One in so many bytes.
const SHARE: usize = 20;

/// Where the lowered files of a project are kept.
#[derive(Debug)]
pub(super) struct Store<'c> {
    cache: &'c Cache,
    name: Key,
    bytes: Vec<u8>,
}

/// What a run takes of them, and adds.
pub(super) struct Modules<'s> {
    pack: Pack<'s>,
    used: Mutex<Vec<(Key, Piece<'s>, usize)>>,
}

enum Piece<'s> {
    Kept(&'s [u8]),
    New(Vec<u8>),
}

impl<'c> Store<'c> {
    /// The store of the project of a run, if it is large enough for one.
    pub fn open(cache: Option<&'c Cache>, input: &Input) -> Option<Self> {
        let cache = cache.filter(|_| input.files().len() >= WORTH_KEEPING && !input.parse_all)?;
        let mut name = KeyHasher::default();
        name.part(tool()?.as_bytes());
        for top in &input.walked.tops {
            name.part(top.to_string_lossy().as_bytes());
        }
        let name = name.finish();
        let bytes = cache.get(Kind::Modules, &name).unwrap_or_default();
        Some(Self { cache, name, bytes })
    }

    /// What is in it.
    pub fn modules(&self) -> Modules<'_> {
        Modules { pack: Pack::read(&self.bytes), used: Mutex::default() }
    }

    /// Keeps what a run needed, when enough of it is new.
    pub fn close(&self, modules: Modules<'_>) {
        let Ok(mut used) = modules.used.into_inner() else { return };
        let all: usize = used.iter().map(|(.., size)| size).sum();
        let new: usize = used.iter().filter(|(_, piece, _)| matches!(piece, Piece::New(_))).map(|(.., size)| size).sum();
        if new == 0 || new * SHARE < all {
            return;
        }
        used.sort_unstable_by_key(|(key, ..)| *key.bytes());
        let pieces = used.iter().map(|(key, piece, _)| {
            let bytes = match piece {
                Piece::Kept(bytes) => *bytes,
                Piece::New(bytes) => bytes,
            };
            (key, bytes)
        });
        // A run that cannot keep anything is a run like any other.
        drop(self.cache.put(Kind::Modules, &self.name, &Pack::write(pieces)));
    }
}

impl Lowered for Modules<'_> {
    fn get(&self, language: Language, text: &str) -> Option<&[u8]> {
        let key = key(language, text);
        let bytes = self.pack.get(&key)?;
        self.used.lock().ok()?.push((key, Piece::Kept(bytes), text.len()));
        Some(bytes)
    }

    fn put(&self, language: Language, text: &str, module: Vec<u8>) {
        if let Ok(mut used) = self.used.lock() {
            used.push((key(language, text), Piece::New(module), text.len()));
        }
    }
}

/// A lowered file depends on nothing else.
fn key(language: Language, text: &str) -> Key {
    let mut key = KeyHasher::default();
    key.part(format!("{language:?}").as_bytes());
    key.part(text.as_bytes());
    key.finish()
}

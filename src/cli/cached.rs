//! The analyses, with the results of former runs.

use std::fmt::Write;
use std::time::Instant;

use rayon::prelude::*;

use super::profile::Profiles;
use super::{Checked, Engine, Error, Input, kept};
use crate::cache::{Cache, Key, KeyHasher, Kind};
use crate::finding::Skipped;
use crate::operation::Analysis;
use crate::pipeline::Ask;

/// Number of source files from which on a result is kept: smaller projects are checked as quickly as a result is looked up.
pub(super) const WORTH_KEEPING: usize = 100;

/// An engine that remembers what it found in the same files, with the same rules, tables and configuration.
#[derive(Debug)]
pub struct Cached<E> {
    engine: E,
    cache: Option<Cache>,
}

impl<E: Engine> Cached<E> {
    /// An engine with a cache, or without.
    pub fn new(engine: E, cache: Option<Cache>) -> Self {
        Self { engine, cache }
    }
}

impl<E: Engine> Engine for Cached<E> {
    fn analyze(&self, input: &Input, ask: Ask) -> Result<(Analysis, Vec<Skipped>), Error> {
        self.engine.analyze(input, ask)
    }

    fn check(&self, input: &Input, profiles: &Profiles) -> Result<Checked, Error> {
        let clock = Instant::now();
        let cache = self.cache.as_ref().filter(|_| input.files().len() >= WORTH_KEEPING && !input.parse_all);
        let Some((cache, key)) = cache.and_then(|cache| Some((cache, key(input, profiles)?))) else {
            return self.engine.check(input, profiles);
        };
        if let Some(mut checked) = cache.get(Kind::Result, &key).and_then(|bytes| kept::read(&bytes)) {
            checked.measures.stages = vec![("cache", clock.elapsed())];
            return Ok(checked);
        }
        let checked = self.engine.check(input, profiles)?;
        if let Some(bytes) = kept::write(&checked) {
            // A run whose result cannot be kept is a run like any other.
            drop(cache.put(Kind::Result, &key, &bytes));
        }
        Ok(checked)
    }
}

/// What tells this build of the tool from others: the version alone would not. `None` when the binary cannot be looked at.
pub(super) fn tool() -> Option<String> {
    let binary = std::env::current_exe().and_then(|path| path.metadata()).ok()?;
    let built = binary.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), binary.len(), built.as_nanos()))
}

/// The key of a check: the binary, and all that it reads. `None` when the binary cannot be told from others.
fn key(input: &Input, profiles: &Profiles) -> Option<Key> {
    let mut key = KeyHasher::default();
    key.part(tool()?.as_bytes());
    // Everything below is plain data, which `Debug` shows in full.
    write!(key, "{profiles:?}{:?}{:?}{:?}", input.setup.libraries, input.paths, input.walked.skipped_elsewhere).ok()?;
    let texts: Vec<blake3::Hash> = input.files().par_iter().map(|file| blake3::hash(file.text.as_bytes())).collect();
    for ((file, real), text) in input.files().iter().zip(&input.walked.real).zip(&texts) {
        for part in [&*file.path, &file.in_project, &file.from_top, &real.to_string_lossy(), file.language.tag()] {
            key.part(part.as_bytes());
        }
        write!(key, "{:?}{}", file.language, file.repaired).ok()?;
        key.part(text.as_bytes());
    }
    key.part(input.walked.directory.as_bytes());
    for manifest in &input.walked.manifests {
        key.part(manifest.path.as_bytes());
        key.part(&manifest.bytes);
    }
    Some(key.finish())
}

//! Which files are parsed: those that mention Redis, and those that may reach a client without saying so.
//!
//! Parsing costs a hundred times more than searching. The first files are those that mention `redis` or `valkey`. Once they
//! are resolved it is known under which names clients are handed on: exports, accessors, fields, globals, classes and
//! functions that hold or give one, and the functions that use one. A file that mentions such a name, and can mean it, is
//! parsed too, and so are files that define what keys and ancestors are made of; until nothing is added.

mod carriers;
mod words;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Input;
use crate::project::Lookup;
use crate::resolve::{Modules, Resolution};
use crate::source::{FileId, Language, SourceFile};

use carriers::Carriers;
use words::Words;

/// How often files are added before the rest is left: longer chains than real programs have.
const ROUNDS: usize = 8;

/// The files selected so far.
pub(super) struct Selection {
    files: FxHashSet<FileId>,
    words: Vec<Words>,
    /// Files that each file imports, found when first asked.
    imports: FxHashMap<FileId, Vec<FileId>>,
    rounds: usize,
}

/// Whether a text names a package or constant of the user's own client tables.
fn names_own(input: Input<'_>, source: &SourceFile) -> bool {
    input.libraries.own_names().iter().any(|name| memchr::memmem::find(source.text.as_bytes(), name.as_bytes()).is_some())
}

impl Selection {
    /// The files that mention Redis, or all of them.
    pub fn new(input: Input<'_>) -> Self {
        let all = |index: usize| FileId(index as u32);
        if input.parse_all {
            return Self {
                files: (0..input.sources.len()).map(all).collect(),
                words: Vec::new(),
                imports: FxHashMap::default(),
                rounds: ROUNDS,
            };
        }
        let words: Vec<Words> = input.sources.par_iter().map(|source| Words::of(&source.text)).collect();
        let shared = shared_accessors(input, &words);
        let may_mean = |words: &Words| shared.iter().any(|(constant, method)| words.has(*constant) && words.has(*method));
        let files = words
            .iter()
            .zip(input.sources)
            .enumerate()
            .filter(|(_, (words, source))| words.mentions_redis() || may_mean(words) || names_own(input, source))
            .map(|(index, _)| all(index))
            .collect();
        Self { files, words, imports: FxHashMap::default(), rounds: 0 }
    }

    /// The selected files, in no order.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.files.iter().copied()
    }

    /// Adds the files that matter for what was resolved; false when there are none.
    pub fn grow(&mut self, input: Input<'_>, resolution: &Resolution, modules: &dyn Modules) -> bool {
        if self.rounds >= ROUNDS {
            return false;
        }
        self.rounds += 1;
        let carriers = Carriers::new(input, resolution, modules);
        let mut fresh: Vec<FileId> = carriers.wanted.iter().copied().filter(|file| !self.files.contains(file)).collect();
        let left: Vec<FileId> = (0..input.sources.len() as u32).map(FileId).filter(|file| !self.files.contains(file)).collect();
        fresh.extend(self.rubies(input, &left, &carriers));
        fresh.extend(self.importers(input, &left, &carriers));
        let before = self.files.len();
        self.files.extend(fresh);
        self.files.len() > before
    }

    /// Ruby files that mention a carrier, or define a constant that is asked for.
    fn rubies(&self, input: Input<'_>, left: &[FileId], carriers: &Carriers) -> Vec<FileId> {
        left.par_iter()
            .copied()
            .filter(|file| input.sources[file.0 as usize].language == Language::Ruby)
            .filter(|file| {
                let words = &self.words[file.0 as usize];
                carriers.ruby.iter().any(|carrier| carrier.is_in(words))
                    || carriers
                        .constants
                        .iter()
                        .any(|(hash, name)| words.has(*hash) && words::defines(&input.sources[file.0 as usize].text, name))
            })
            .collect()
    }

    /// TypeScript files that import a carrier by name, or pass on a module that has one.
    fn importers(&mut self, input: Input<'_>, left: &[FileId], carriers: &Carriers) -> Vec<FileId> {
        if carriers.modules.is_empty() {
            return Vec::new();
        }
        let candidates: Vec<FileId> = left
            .iter()
            .copied()
            .filter(|file| input.sources[file.0 as usize].language != Language::Ruby)
            .filter(|file| {
                let words = &self.words[file.0 as usize];
                words.passes_on() || carriers.has_default || carriers.names.iter().any(|name| words.has(*name))
            })
            .collect();
        let unknown: Vec<FileId> = candidates.iter().copied().filter(|file| !self.imports.contains_key(file)).collect();
        let found: Vec<(FileId, Vec<FileId>)> = unknown.par_iter().map(|file| (*file, imported(input, *file))).collect();
        self.imports.extend(found);
        candidates
            .into_iter()
            .filter(|file| {
                let words = &self.words[file.0 as usize];
                self.imports[file].iter().any(|target| {
                    carriers
                        .modules
                        .get(target)
                        .is_some_and(|exports| words.passes_on() || exports.default || exports.names.iter().any(|name| words.has(*name)))
                })
            })
            .collect()
    }
}

/// The words of accessors that lead to Redis since the project says so somewhere: `Rails.cache` and `:redis_cache_store`.
fn shared_accessors(input: Input<'_>, words: &[Words]) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for (_, table) in input.libraries.iter() {
        let Some(configured) = table.configured() else { continue };
        let symbol = words::hash(&configured.symbol);
        if words.iter().any(|words| words.has(symbol)) {
            found.extend(table.constant_accessors().map(|(constant, method)| (words::hash(constant), words::hash(method))));
        }
    }
    found
}

/// The project files that a file imports, by the specifiers in its text.
fn imported(input: Input<'_>, file: FileId) -> Vec<FileId> {
    let source = &input.sources[file.0 as usize];
    let mut targets: Vec<FileId> = words::specifiers(&source.text)
        .into_iter()
        .filter_map(|specifier| match input.project.look_up(&source.path, specifier) {
            Lookup::File(target) => Some(target),
            _ => None,
        })
        .collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

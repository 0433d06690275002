//! Which files are parsed: those that mention Redis, and those that may reach a client without saying so.
//!
//! Parsing costs a hundred times more than searching. The first files are those that mention `redis` or `valkey`. Once they
//! are resolved it is known under which names clients are handed on: exports, accessors, fields, globals, classes and
//! functions that hold or give one, and the functions that use one. A file that mentions such a name, and can mean it, is
//! parsed too, and so are files that define what keys and ancestors are made of; until nothing is added.

mod carriers;
mod holders;
mod imports;
mod users;
mod words;

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Input;
use crate::project::Lookup;
use crate::resolve::{Modules, Resolution};
use crate::source::{FileId, Language, SourceFile};

use carriers::Carriers;
use imports::{Import, Names, imports};
use words::{Words, hash, mentions_redis};

/// How often files are added before the rest is left: longer chains than real programs have.
const ROUNDS: usize = 16;

/// The files selected so far.
pub(super) struct Selection<'a> {
    files: FxHashSet<FileId>,
    /// The words of the files whose language names things without importing them.
    words: FxHashMap<FileId, Words>,
    /// What the files of the other languages import, read when first asked.
    imports: FxHashMap<FileId, Vec<Sought<'a>>>,
    rounds: usize,
}

/// An import, and where it leads once that was looked up.
struct Sought<'a> {
    import: Import<'a>,
    target: OnceLock<Option<FileId>>,
}

/// Whether a text names a package or constant of the user's own client tables.
fn names_own(input: Input<'_>, source: &SourceFile) -> bool {
    input.libraries.own_names().iter().any(|name| memchr::memmem::find(source.text.as_bytes(), name.as_bytes()).is_some())
}

impl<'a> Selection<'a> {
    /// The files that mention Redis, or all of them.
    pub fn new(input: Input<'a>) -> Self {
        let all = |index: usize| FileId(index as u32);
        if input.parse_all {
            return Self {
                files: (0..input.sources.len()).map(all).collect(),
                words: FxHashMap::default(),
                imports: FxHashMap::default(),
                rounds: ROUNDS,
            };
        }
        let found: Vec<(Option<Words>, bool)> = input
            .sources
            .par_iter()
            .map(|source| {
                let words = (source.language == Language::Ruby).then(|| Words::of(&source.text));
                (words, mentions_redis(&source.text, source.language) || names_own(input, source))
            })
            .collect();
        let mut files: FxHashSet<FileId> = (0..found.len()).filter(|index| found[*index].1).map(all).collect();
        let words: FxHashMap<FileId, Words> =
            found.into_iter().enumerate().filter_map(|(index, (words, _))| Some((all(index), words?))).collect();
        let shared = shared_accessors(input, &words);
        let may_mean = |words: &Words| shared.iter().any(|(constant, method)| words.has(*constant) && words.has(*method));
        files.extend(words.iter().filter(|(_, words)| may_mean(words)).map(|(file, _)| *file));
        Self { files, words, imports: FxHashMap::default(), rounds: 0 }
    }

    /// The selected files, in no order.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.files.iter().copied()
    }

    /// Adds the files that matter for what was resolved; false when there are none.
    pub fn grow(&mut self, input: Input<'a>, resolution: &Resolution, modules: &dyn Modules) -> bool {
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
            .filter(|file| {
                let Some(words) = self.words.get(file) else { return false };
                carriers.ruby.iter().any(|carrier| carrier.is_in(words))
                    || carriers
                        .constants
                        .iter()
                        .any(|(hash, name)| words.has(*hash) && words::defines(&input.sources[file.0 as usize].text, name))
            })
            .collect()
    }

    /// TypeScript files that import a carrier by name, or pass on a module that has one.
    fn importers(&mut self, input: Input<'a>, left: &[FileId], carriers: &Carriers) -> Vec<FileId> {
        if carriers.modules.is_empty() {
            return Vec::new();
        }
        let source = |file: FileId| &input.sources[file.0 as usize];
        let files = left.iter().filter(|file| source(**file).language != Language::Ruby);
        let known: Vec<(FileId, Option<Vec<Sought<'a>>>)> = files.map(|file| (*file, self.imports.remove(file))).collect();
        let read =
            |file: FileId| imports(&source(file).text).into_iter().map(|import| Sought { import, target: OnceLock::new() }).collect();
        let looked: Vec<(FileId, Vec<Sought<'a>>, bool)> = known
            .into_par_iter()
            .map(|(file, known)| {
                let imports = known.unwrap_or_else(|| read(file));
                let takes = imports.iter().any(|import| takes_carrier(input, source(file), import, carriers));
                (file, imports, takes)
            })
            .collect();
        let found = looked.iter().filter_map(|(file, _, takes)| takes.then_some(*file)).collect();
        self.imports.extend(looked.into_iter().map(|(file, imports, _)| (file, imports)));
        found
    }
}

/// Whether an import takes a carrier of the module that it names.
fn takes_carrier(input: Input<'_>, source: &SourceFile, sought: &Sought<'_>, carriers: &Carriers) -> bool {
    let Import { specifier, names, passes_on } = &sought.import;
    // Looking up where a specifier leads costs more than looking at names.
    if let Names::Only(names) = names
        && !carriers.has_whole
        && !names.iter().any(|name| carriers.names.contains(name))
    {
        return false;
    }
    let target = *sought.target.get_or_init(|| match input.project.look_up(&source.path, specifier) {
        Lookup::File(target) => Some(target),
        _ => None,
    });
    let Some(exports) = target.and_then(|target| carriers.modules.get(&target)) else { return false };
    match names {
        Names::Only(names) => exports.whole || names.iter().any(|name| exports.names.contains(name)),
        Names::Whole if *passes_on || exports.whole => true,
        Names::Whole => {
            let words = Words::of(&source.text);
            exports.names.contains(&hash("default")) || exports.names.iter().any(|name| words.has(*name))
        }
    }
}

/// The words of accessors that lead to Redis since the project says so somewhere: `Rails.cache` and `:redis_cache_store`.
fn shared_accessors(input: Input<'_>, words: &FxHashMap<FileId, Words>) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for (_, table) in input.libraries.iter() {
        let Some(configured) = table.configured() else { continue };
        let symbol = words::hash(&configured.symbol);
        if words.values().any(|words| words.has(symbol)) {
            found.extend(table.constant_accessors().map(|(constant, method)| (words::hash(constant), words::hash(method))));
        }
    }
    found
}

//! Where exported names come from: found once, because a barrel may pass on hundreds of modules.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Links, Modules, Target};
use crate::client::LibraryId;
use crate::program::Export;
use crate::source::FileId;

/// The exported names of all files.
#[derive(Debug, Default)]
pub struct Barrels {
    names: FxHashMap<FileId, FxHashSet<SmolStr>>,
    behind: FxHashMap<FileId, Behind>,
}

/// What a file passes on with `export *`, directly and through others.
#[derive(Debug, Default)]
struct Behind {
    origins: FxHashMap<SmolStr, Vec<FileId>>,
    /// Modules whose exports are the members of one value (CommonJS).
    whole: Vec<FileId>,
    libraries: Vec<LibraryId>,
}

impl Barrels {
    /// Reads the exports of all files.
    #[must_use]
    pub fn new(links: &Links, modules: &dyn Modules) -> Self {
        let names: FxHashMap<FileId, FxHashSet<SmolStr>> =
            links.units.iter().map(|unit| (unit.file, unit.module.exports.iter().filter_map(name).cloned().collect())).collect();
        let passing: Vec<FileId> = links
            .units
            .iter()
            .filter(|unit| unit.module.exports.iter().any(|export| matches!(export, Export::All { .. })))
            .map(|unit| unit.file)
            .collect();
        let behind = passing.into_par_iter().map(|file| (file, Behind::of(file, links, modules, &names))).collect();
        Self { names, behind }
    }

    /// Whether a file exports a name itself.
    #[must_use]
    pub fn declares(&self, file: FileId, name: &str) -> bool {
        self.names.get(&file).is_some_and(|names| names.contains(name))
    }

    /// The files that export a name which `file` passes on.
    #[must_use]
    pub fn origins(&self, file: FileId, name: &str) -> &[FileId] {
        self.behind.get(&file).and_then(|behind| behind.origins.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The CommonJS modules that a file passes on, itself included when it is one.
    pub fn whole(&self, file: FileId) -> impl Iterator<Item = FileId> + '_ {
        let own = self.declares(file, "=").then_some(file);
        own.into_iter().chain(self.behind.get(&file).into_iter().flat_map(|behind| behind.whole.iter().copied()))
    }

    /// The client libraries that a file passes on.
    #[must_use]
    pub fn libraries(&self, file: FileId) -> &[LibraryId] {
        self.behind.get(&file).map_or(&[], |behind| behind.libraries.as_slice())
    }
}

impl Behind {
    fn of(file: FileId, links: &Links, modules: &dyn Modules, names: &FxHashMap<FileId, FxHashSet<SmolStr>>) -> Self {
        let mut behind = Self::default();
        let mut order = vec![file];
        let mut seen: FxHashSet<FileId> = order.iter().copied().collect();
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            let Some(unit) = links.unit(at) else { continue };
            if at != file {
                // `default` is not passed on.
                for name in names.get(&at).into_iter().flatten().filter(|name| *name != "default" && *name != "=") {
                    behind.origins.entry(name.clone()).or_default().push(at);
                }
                if names.get(&at).is_some_and(|names| names.contains("=")) {
                    behind.whole.push(at);
                }
            }
            for export in &unit.module.exports {
                let Export::All { module } = export else { continue };
                match modules.find(at, module) {
                    Target::File(inner) if seen.insert(inner) => order.push(inner),
                    Target::Library(library) => behind.libraries.push(library),
                    _ => {}
                }
            }
        }
        behind
    }
}

fn name(export: &Export) -> Option<&SmolStr> {
    match export {
        Export::Binding { name, .. } | Export::Value { name, .. } | Export::From { name, .. } => Some(name),
        Export::All { .. } => None,
    }
}

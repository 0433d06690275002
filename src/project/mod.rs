//! What the manifests of a project say: where a module specifier leads, and which versions of a package are allowed.
//!
//! Pure data: nothing here looks at a disk. Callers use the paths that files and manifests are printed with; inside, all are
//! made absolute, so that going upwards from the working directory has a name for every folder.

mod gems;
mod json;
mod lock;
mod lookup;
mod manifest;
mod package;
mod path;
mod tsconfig;
mod version;
mod versions;

#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::finding::Skipped;
use crate::source::FileId;
use lock::Lock;
use package::Package;
use tsconfig::PathMap;

pub use lookup::Lookup;
pub use manifest::{Manifest, is_manifest};
pub use version::{Range, Version};
pub use versions::{Allowed, Ecosystem};

/// What a project's manifests say about its files.
#[derive(Debug)]
pub struct Project {
    /// The working directory.
    directory: String,
    files: FxHashMap<String, FileId>,
    packages: Vec<Package>,
    packages_by_folder: FxHashMap<String, usize>,
    packages_by_name: FxHashMap<String, Vec<usize>>,
    path_maps: FxHashMap<String, Vec<PathMap>>,
    /// Lock files by folder.
    locks: FxHashMap<String, Vec<Lock>>,
    /// Gems that the Gemfiles and gemspecs of a folder ask for.
    gems: FxHashMap<String, gems::Requirements>,
    problems: Vec<Skipped>,
}

impl Project {
    /// Reads the manifests. `directory` is the working directory, which paths are relative to; `files` are the paths of the
    /// source files, in the order of their [`FileId`]s.
    #[must_use]
    pub fn new<'a>(directory: &str, files: impl IntoIterator<Item = &'a str>, manifests: &[Manifest]) -> Self {
        let mut project = Self {
            directory: directory.to_owned(),
            files: files.into_iter().enumerate().map(|(index, path)| (path::join(directory, path), FileId(index as u32))).collect(),
            packages: Vec::new(),
            packages_by_folder: FxHashMap::default(),
            packages_by_name: FxHashMap::default(),
            path_maps: FxHashMap::default(),
            locks: FxHashMap::default(),
            gems: FxHashMap::default(),
            problems: Vec::new(),
        };
        let mut configs = FxHashMap::default();
        let mut manifests: Vec<&Manifest> = manifests.iter().collect();
        manifests.sort_by(|one, other| one.path.cmp(&other.path));
        for manifest in manifests {
            project.add(manifest, &mut configs);
        }
        for (index, package) in project.packages.iter().enumerate() {
            project.packages_by_folder.insert(package.folder.clone(), index);
            if let Some(name) = &package.name {
                project.packages_by_name.entry(name.clone()).or_default().push(index);
            }
        }
        let package_folder = |name: &str| match project.packages_by_name.get(name)?.as_slice() {
            [index] => Some(project.packages[*index].folder.clone()),
            _ => None,
        };
        project.path_maps = tsconfig::settle(&configs, &package_folder);
        project
    }

    fn add(&mut self, manifest: &Manifest, configs: &mut FxHashMap<String, Value>) {
        let path = path::join(&self.directory, &manifest.path);
        let (folder, name) = (path::folder(&path), path::name(&path));
        if name == "package.json" {
            if let Some(json) = self.json(manifest) {
                self.packages.push(Package::new(folder, &json));
            }
        } else if name.starts_with("tsconfig") || name == "jsconfig.json" {
            if let Some(json) = self.json(manifest) {
                configs.insert(path, json);
            }
        } else if name == "Gemfile" || name.ends_with(".gemspec") {
            let text = String::from_utf8_lossy(&manifest.bytes);
            self.gems.entry(folder.to_owned()).or_default().read(&text);
        } else if let Some(lock) = Lock::new(name, manifest) {
            self.locks.entry(folder.to_owned()).or_default().push(lock);
        }
    }

    fn json(&mut self, manifest: &Manifest) -> Option<Value> {
        match json::parse(&manifest.bytes) {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = format!("it is not valid JSON, so imports and versions may be unknown: {error}");
                self.problems.push(Skipped { path: manifest.path.clone(), reason });
                None
            }
        }
    }

    /// Manifests that could not be read, as sorted by path.
    #[must_use]
    pub fn problems(&self) -> &[Skipped] {
        &self.problems
    }

    /// The folder of a file, absolute.
    fn folder(&self, path: &str) -> String {
        path::join(&self.directory, path::folder(path))
    }

    /// The file at a path.
    fn id(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }
}

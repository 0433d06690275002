//! Client tables: how each library is imported, constructed, pooled, pipelined and closed, how it spells commands and options
//! and shapes replies, by version.
//!
//! A table is one file of `clients/`, embedded as a folder; a user's own tables have the same form. The format is described in
//! CONTRIBUTING.md. Nothing outside this module knows the name of a library.

mod allowed;
mod error;
mod library;
mod list;
mod load;
mod meaning;
mod reverse;
mod row;
mod spelling;
#[cfg(test)]
mod tests;
mod version;
mod words;

use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use error::ClientTableError;
pub use library::{ConstructionOption, Library, Queue, Subscription};
pub use meaning::{Meaning, Meanings};
pub use reverse::{LineOption, LineSlot, MethodName, NamesShape, Written, WrittenCall, WrittenName, WrittenValue};
pub use row::{
    Accessor, Blocking, CallForm, Close, Configured, Consumer, Environment, ErrorClass, Errors, Form, Keyspace, LibraryCall, Listener,
    Make, Method, Raw, ReplyRow, Run, View, Wraps,
};
pub use spelling::Spelled;
pub use version::{Collapsed, Version, VersionRange, Versions};
pub use words::*;

use crate::command::CommandTable;

static CLIENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/clients");

/// A library's place among all libraries: by name, so stable for one set of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LibraryId(pub u16);

/// All client libraries.
#[derive(Debug)]
pub struct Libraries {
    libraries: Vec<Library>,
    packages: FxHashMap<(Ecosystem, SmolStr), LibraryId>,
    constants: FxHashMap<SmolStr, Vec<LibraryId>>,
    /// Names of packages, and last names of constants, of the user's own tables.
    own_names: Vec<SmolStr>,
}

impl Libraries {
    /// The tables that are part of the program.
    ///
    /// # Errors
    /// When one of them does not load, which a test rules out.
    pub fn builtin() -> Result<&'static Self, &'static ClientTableError> {
        static LIBRARIES: OnceLock<Result<Libraries, Box<ClientTableError>>> = OnceLock::new();
        LIBRARIES.get_or_init(|| Self::load(std::iter::empty())).as_ref().map_err(|error| &**error)
    }

    /// The tables of the program and a user's own, given as paths with their text. A table of the same name takes the place of
    /// the program's.
    ///
    /// # Errors
    /// For the first thing that is wrong in a table, with its place.
    pub fn load<'t>(user: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, Box<ClientTableError>> {
        let builtin = CLIENTS.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
        let user: Vec<(&str, &str)> = user.into_iter().collect();
        let mut all = Self::of_files(builtin.filter(|(path, _)| path.ends_with(".toml")).chain(user.iter().copied()))?;
        for (path, text) in user {
            let table = load::parse(&load::Source { path, text })?;
            let Some(library) = all.named(&table.name).map(|id| all.get(id)) else { continue };
            let constants = library.constants().filter_map(|name| name.rsplit("::").next()).map(SmolStr::from);
            let names: Vec<SmolStr> = library.packages.iter().cloned().chain(constants).collect();
            all.own_names.extend(names);
        }
        all.own_names.sort_unstable();
        all.own_names.dedup();
        Ok(all)
    }

    /// Names of packages, and last names of constants, of the user's own tables: they may say nothing of Redis.
    #[must_use]
    pub fn own_names(&self) -> &[SmolStr] {
        &self.own_names
    }

    fn of_files<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, Box<ClientTableError>> {
        let mut tables: Vec<(load::Source<'t>, load::TableFile)> = Vec::new();
        for (path, text) in files {
            let source = load::Source { path, text };
            let table = load::parse(&source)?;
            tables.retain(|(_, other)| other.name != table.name);
            tables.push((source, table));
        }
        tables.sort_by(|(_, one), (_, two)| one.name.cmp(&two.name));
        let mut done: Vec<Library> = Vec::with_capacity(tables.len());
        // A table that is like another waits for it; a round in which none can go on means that the other does not exist, or
        // waits itself.
        while !tables.is_empty() {
            let before = tables.len();
            let mut waiting = Vec::new();
            for (source, table) in tables {
                let parent = table.like.as_ref().map(|like| like.get_ref().split('@').next().unwrap_or_default());
                match parent {
                    Some(name) if !done.iter().any(|library| library.name == name) => waiting.push((source, table)),
                    _ => {
                        let parent = parent.and_then(|name| done.iter().find(|library| library.name == name));
                        let library = load::library(&source, table.clone(), parent, CommandTable::builtin())?;
                        done.push(library);
                    }
                }
            }
            if let Some((source, table)) = waiting.first().filter(|_| waiting.len() == before) {
                return Err(load::no_parent(source, table, done.iter().map(|library| library.name.as_str())));
            }
            tables = waiting;
        }
        done.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(Self::index(done))
    }

    fn index(libraries: Vec<Library>) -> Self {
        let mut packages = FxHashMap::default();
        let mut constants: FxHashMap<SmolStr, Vec<LibraryId>> = FxHashMap::default();
        for (library, id) in libraries.iter().zip((0..).map(LibraryId)) {
            for package in &library.packages {
                packages.entry((library.ecosystem, package.clone())).or_insert(id);
            }
            for constant in library.constants() {
                let ids = constants.entry(constant.into()).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Self { libraries, packages, constants, own_names: Vec::new() }
    }

    /// A library.
    #[must_use]
    pub fn get(&self, id: LibraryId) -> &Library {
        &self.libraries[id.0 as usize]
    }

    /// The library that a module specifier names: a package, or a subpath that its table lists.
    #[must_use]
    pub fn npm(&self, specifier: &str) -> Option<LibraryId> {
        self.packages.get(&(Ecosystem::Npm, SmolStr::new(specifier))).copied()
    }

    /// The library of a gem.
    #[must_use]
    pub fn gem(&self, name: &str) -> Option<LibraryId> {
        self.packages.get(&(Ecosystem::Gem, SmolStr::new(name))).copied()
    }

    /// The library of a table's name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<LibraryId> {
        self.iter().find(|(_, library)| library.name == name).map(|(id, _)| id)
    }

    /// The libraries whose rows begin with a constant, written in full: `Redis`, `Redis::Namespace`.
    #[must_use]
    pub fn by_constant(&self, constant: &str) -> &[LibraryId] {
        self.constants.get(constant).map_or(&[], Vec::as_slice)
    }

    /// Every constant that rows begin with, with the libraries that do; in no order.
    pub fn constants(&self) -> impl Iterator<Item = (&str, &[LibraryId])> {
        self.constants.iter().map(|(constant, ids)| (constant.as_str(), ids.as_slice()))
    }

    /// Every package and subpath that an import may name, in no order.
    pub fn specifiers(&self) -> impl Iterator<Item = &str> {
        self.packages.keys().filter(|(ecosystem, _)| *ecosystem == Ecosystem::Npm).map(|(_, package)| package.as_str())
    }

    /// All libraries, by name.
    pub fn iter(&self) -> impl Iterator<Item = (LibraryId, &Library)> {
        (0..).map(LibraryId).zip(&self.libraries)
    }
}

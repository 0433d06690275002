//! `redis-lint.toml`: what a project says of its rules, its paths and its clients.
//!
//! The file nearest to a source file holds for it, whole; with `extends` it builds on others. What may be written is declared once,
//! in `file`; reading, the JSON Schema and the reference are made of that. A file is checked in two steps, since what rules and
//! clients there are may be said by the files themselves.

mod check;
mod clients;
mod error;
mod file;
mod layer;
mod schema;
mod settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

pub use check::Known;
pub use error::{Error, Mistake};
pub use file::{Call, ClientEntry, File, Level, Override, RuleEntry};
pub use layer::Layer;
pub use schema::schema;
pub use settings::{Overrides, RuleSetting, Settings};

/// What a configuration is called.
pub const NAME: &str = "redis-lint.toml";

/// The configurations of a run.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The settings of each folder that has a configuration.
    folders: BTreeMap<PathBuf, Settings>,
    /// One that holds everywhere, whatever lies in folders.
    everywhere: Option<Settings>,
    /// What holds where nothing is said.
    nothing: Settings,
}

/// Which configurations count.
#[derive(Clone, Copy, Debug, Default)]
pub enum Which<'a> {
    /// The one nearest to each file.
    #[default]
    Nearest,
    /// None.
    None,
    /// This one, for all files.
    Only(&'a Path),
}

impl Configuration {
    /// The configurations that lie above the working directory and the given paths. Both are without links.
    ///
    /// # Errors
    /// When one cannot be read, or is wrong.
    pub fn above<'p>(directory: &'p Path, given: impl IntoIterator<Item = &'p Path>, which: Which<'_>) -> Result<Self, Error> {
        let mut configuration = Self::default();
        match which {
            Which::None => {}
            Which::Only(path) => {
                let path = if directory.join(path).is_dir() { path.join(NAME) } else { path.to_owned() };
                let real = directory
                    .join(&path)
                    .canonicalize()
                    .map_err(|error| Error::Unreadable { path: path.to_string_lossy().into_owned(), reason: error.to_string() })?;
                configuration.everywhere = Some(load(&real, directory)?);
            }
            Which::Nearest => {
                for start in std::iter::once(directory).chain(given) {
                    let nearest = start.ancestors().map(|folder| folder.join(NAME)).find(|path| path.exists());
                    if let Some(path) = nearest {
                        configuration.add(&path, directory)?;
                    }
                }
            }
        }
        Ok(configuration)
    }

    /// Adds a configuration that was found on the way. Where one holds everywhere, others do not count.
    ///
    /// # Errors
    /// When it cannot be read, or is wrong.
    pub fn add(&mut self, real: &Path, directory: &Path) -> Result<(), Error> {
        let folder = real.parent().unwrap_or(real);
        if self.everywhere.is_none() && !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), load(real, directory)?);
        }
        Ok(())
    }

    /// What holds for a file or folder, given without links.
    #[must_use]
    pub fn of(&self, real: &Path) -> &Settings {
        let nearest = || real.ancestors().find_map(|folder| self.folders.get(folder));
        self.everywhere.as_ref().or_else(nearest).unwrap_or(&self.nothing)
    }

    /// All settings of the run.
    pub fn all(&self) -> impl Iterator<Item = &Settings> {
        self.everywhere.iter().chain(self.folders.values())
    }

    /// All files of the run, each once.
    fn layers(&self) -> impl Iterator<Item = &Layer> {
        let mut seen = FxHashSet::default();
        self.all().flat_map(|settings| &settings.layers).filter(move |layer| seen.insert(layer.path.as_str()))
    }

    /// Folders of the user's own rule pages.
    #[must_use]
    pub fn rule_pages(&self) -> Vec<PathBuf> {
        self.named_folders(|file| &file.rule_pages)
    }

    /// Folders of the user's own client tables.
    #[must_use]
    pub fn client_tables(&self) -> Vec<PathBuf> {
        self.named_folders(|file| &file.client_tables)
    }

    fn named_folders(&self, list: impl Fn(&File) -> &file::Texts) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> =
            self.layers().flat_map(|layer| list(&layer.file).iter().map(|folder| layer.folder.join(folder.get_ref()))).collect();
        folders.sort();
        folders.dedup();
        // What is no folder is told with its place, by `check`.
        folders.retain(|folder| folder.is_dir());
        folders
    }

    /// Client tables made of declared clients: where each is declared, and its text. `package` tells the package of a library.
    #[must_use]
    pub fn declared_clients(&self, package: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
        clients::tables(self.layers(), package)
    }

    /// npm packages that declarations are about.
    #[must_use]
    pub fn declared_packages(&self) -> Vec<&str> {
        let entries = self.layers().flat_map(|layer| &layer.file.clients);
        entries.filter_map(|entry| entry.get_ref().package.as_ref()).map(|package| package.get_ref().as_str()).collect()
    }

    /// Looks whether what the files name exists.
    ///
    /// # Errors
    /// All that does not.
    pub fn check(&self, known: &Known<'_>) -> Result<(), Error> {
        let mistakes: Vec<Mistake> = self.layers().flat_map(|layer| check::check(layer, known)).collect();
        if mistakes.is_empty() { Ok(()) } else { Err(Error::Wrong { mistakes }) }
    }
}

/// Reads a file and those that it builds on.
fn load(real: &Path, directory: &Path) -> Result<Settings, Error> {
    let mut layers = Vec::new();
    collect(Layer::read(real, directory)?, directory, &mut vec![real.to_owned()], &mut layers)?;
    let (settings, mistakes) = Settings::new(layers);
    if mistakes.is_empty() { Ok(settings) } else { Err(Error::Wrong { mistakes }) }
}

/// Adds the layers that a layer builds on, and then the layer.
fn collect(layer: Layer, directory: &Path, open: &mut Vec<PathBuf>, layers: &mut Vec<Layer>) -> Result<(), Error> {
    for named in &layer.file.extends {
        let wrong = |message: String, help: &str| Error::Wrong { mistakes: vec![layer.mistake(named.span(), message, help.to_owned())] };
        let path = layer.folder.join(named.get_ref());
        let path = if path.is_dir() { path.join(NAME) } else { path };
        let base = match path.canonicalize() {
            Ok(base) => base,
            Err(error) => return Err(wrong(format!("`{}` cannot be read: {error}", named.get_ref()), "paths are relative to this file")),
        };
        if open.contains(&base) {
            return Err(wrong(format!("`{}` builds on this file", named.get_ref()), "let only one of them extend the other"));
        }
        open.push(base.clone());
        collect(Layer::read(&base, directory)?, directory, open, layers)?;
        open.pop();
    }
    if !layers.iter().any(|other| other.path == layer.path) {
        layers.push(layer);
    }
    Ok(())
}

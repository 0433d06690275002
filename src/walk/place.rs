//! Given paths, the project around them, and how paths are printed.

use std::path::{Component, Path, PathBuf};

use super::Error;

/// A given path.
pub(super) struct Place {
    /// As it was given, made absolute.
    written: PathBuf,
    /// Without links and `..`.
    pub(super) real: PathBuf,
    /// Whether it was given as an absolute path that leads out of the working directory, so that it is printed so.
    absolute: bool,
}

impl Place {
    pub(super) fn new(path: &Path, directory: &Path) -> Result<Self, Error> {
        let real = canonical(path, directory)?;
        let absolute = path.is_absolute() && !real.starts_with(directory);
        Ok(Self { written: directory.join(path), real, absolute })
    }

    /// The place of a text that need not be on the disk yet, nor the folders it is to lie in.
    pub(super) fn of_buffer(path: &Path, directory: &Path) -> Self {
        let (written, real) = (directory.join(path), real_path(path, directory));
        Self { absolute: path.is_absolute() && !real.starts_with(directory), written, real }
    }
}

/// A folder that is walked: the project around one or more given paths.
#[derive(Debug)]
pub(super) struct Root {
    /// Without links and `..`.
    pub(super) real: PathBuf,
    /// The git repository that it is, or lies in.
    pub(super) repository: Option<PathBuf>,
    /// What its paths are printed with.
    style: Style,
}

#[derive(Debug)]
enum Style {
    /// Relative to this folder.
    Relative(PathBuf),
    /// Behind this spelling of the root.
    Behind(PathBuf),
}

impl Root {
    /// The projects around the given paths, without those that lie in another one.
    pub(super) fn outermost(places: &[Place], directory: &Path) -> Vec<Self> {
        let mut folders: Vec<PathBuf> = places.iter().map(|place| project_root(&place.real)).collect();
        folders.sort();
        folders.dedup();
        let mut roots: Vec<Self> = Vec::new();
        // Sorted, so a folder comes behind every folder that holds it.
        for folder in folders {
            if roots.iter().any(|root| folder.starts_with(&root.real)) {
                continue;
            }
            let inside: Vec<&Place> = places.iter().filter(|place| place.real.starts_with(&folder)).collect();
            let style = match inside.first() {
                Some(first) if inside.iter().all(|place| place.absolute) => Style::Behind(first.spelling_of(&folder)),
                _ => Style::Relative(directory.to_owned()),
            };
            let repository = folder.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_owned);
            roots.push(Self { real: folder, repository, style });
        }
        roots
    }

    /// The repository, or else the project.
    pub(super) fn top(&self) -> &Path {
        self.repository.as_deref().unwrap_or(&self.real)
    }

    /// How a file of this root is printed.
    pub(super) fn printed(&self, real: &Path) -> String {
        match &self.style {
            Style::Relative(directory) => print(&relative(real, directory)),
            Style::Behind(spelling) => print(&spelling.join(real.strip_prefix(&self.real).unwrap_or(real))),
        }
    }
}

impl Place {
    /// How the one who gave this path would have written a folder above it.
    fn spelling_of(&self, folder: &Path) -> PathBuf {
        let Ok(below) = self.real.strip_prefix(folder) else { return folder.to_owned() };
        let mut spelling = self.written.clone();
        for _ in below.components() {
            spelling.pop();
        }
        match spelling.canonicalize() {
            Ok(real) if real == folder => spelling,
            _ => folder.to_owned(),
        }
    }
}

/// A path without links, also when it, or the folders it is to lie in, are not there yet.
#[must_use]
pub fn real_path(path: &Path, directory: &Path) -> PathBuf {
    let written = directory.join(path);
    let there = written.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let real = match there {
        Some((above, real)) => written.strip_prefix(above).map_or_else(|_| written.clone(), |below| real.join(below)),
        None => written.clone(),
    };
    // Joining nothing leaves a `/` behind the name of a file.
    real.components().collect()
}

/// The path of something that exists, without links and `..`.
pub(super) fn canonical(path: &Path, directory: &Path) -> Result<PathBuf, Error> {
    directory.join(path).canonicalize().map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::Missing { path: print(path), directory: print(directory) },
        _ => Error::Inaccessible { path: print(path), source },
    })
}

/// A path with `/`. Names that are not Unicode are printed as well as can be.
pub(super) fn print(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// The project that a path belongs to: the nearest folder at or above it that is a repository or a workspace, or else that
/// has a manifest, or else the path's own folder. The home directory and what is above it are nobody's project.
fn project_root(real: &Path) -> PathBuf {
    let own = if real.is_dir() { real } else { real.parent().unwrap_or(real) };
    let home = std::env::home_dir().and_then(|home| home.canonicalize().ok());
    let above = || {
        own.ancestors().take_while(|folder| {
            *folder == own || (folder.parent().is_some() && home.as_ref().is_none_or(|home| !home.starts_with(folder)))
        })
    };
    above().find(|folder| is_whole(folder)).or_else(|| above().find(|folder| has_manifest(folder))).unwrap_or(own).to_owned()
}

/// Whether a folder is the top of a project: a repository or a workspace.
fn is_whole(folder: &Path) -> bool {
    folder.join(".git").exists()
        || folder.join("pnpm-workspace.yaml").is_file()
        || std::fs::read_to_string(folder.join("package.json")).is_ok_and(|text| text.contains("\"workspaces\""))
}

/// Whether a folder is a package.
pub(super) fn has_manifest(folder: &Path) -> bool {
    ["package.json", "Gemfile"].iter().any(|name| folder.join(name).is_file())
}

/// The way from a folder to a path, both canonical.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let shared = path.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return path.to_owned();
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

//! Finding and reading the files of a run: in parallel, each file once, the same list whatever the number of threads.
//!
//! A run *reports* on the paths it was given, but it *reads* the whole project around them, because a client that is used in
//! one file is made in another. [`Walked::requested`] tells the two apart.
//!
//! `.gitignore` and `.ignore` are respected, also outside of a git repository; what only one machine knows (a global
//! ignore file, `.git/info/exclude`) is not, so that a result is the same everywhere. A path that is given is always read.

mod globs;
mod place;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use smol_str::SmolStr;

use crate::finding::Skipped;
use crate::project::Manifest;
use crate::source::SourceFile;
pub use globs::Globs;
pub use place::real_path;
use place::{Place, Root};
use read::Outcome;

/// Largest source file that is read unless it is itself a given path: 1 MiB. What is larger was not written by hand.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

/// Largest manifest that is read: lock files of large projects take a few MiB.
pub(crate) const MAX_MANIFEST_BYTES: u64 = 64 << 20;

/// Names of folders that hold code of others, or code made by a tool.
const LEFT_OUT: [&str; 3] = ["node_modules", "vendor", "dist"];

/// What a run may change about the walk.
#[derive(Clone, Debug)]
pub struct Options {
    /// The working directory: paths are printed relative to it.
    pub directory: PathBuf,
    /// Further files to leave out: globs as in a `.gitignore` file at the project's root.
    pub exclude: Vec<String>,
    /// Files and folders that the project itself leaves out, also when they are given.
    pub left_out: Globs,
    /// A text that takes the place of a file's, whether or not the file exists: its path, and the bytes.
    pub buffer: Option<(PathBuf, Vec<u8>)>,
    /// Name of files whose paths are listed in [`Walked::configurations`]; none when it is empty.
    pub configuration: &'static str,
    /// Largest source file that is read, in bytes.
    pub max_file_bytes: u64,
    /// Number of threads; 0 for as many as the machine has.
    pub threads: usize,
}

impl Options {
    /// The defaults, for a working directory.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            exclude: Vec::new(),
            left_out: Globs::default(),
            buffer: None,
            configuration: "",
            max_file_bytes: MAX_FILE_BYTES,
            threads: 0,
        }
    }
}

/// What a walk found. All lists are sorted by path.
#[derive(Debug, Default)]
pub struct Walked {
    /// The working directory, without links.
    pub directory: String,
    /// Tops of the repositories, or else projects, that were read, without links: one, unless paths in several were given.
    pub tops: Vec<PathBuf>,
    /// The given paths, each from its top; empty for the top itself.
    pub given: Vec<SmolStr>,
    /// Source files; the index of a file is its [`crate::source::FileId`].
    pub files: Vec<SourceFile>,
    /// For each of `files`: its path without links.
    pub real: Vec<PathBuf>,
    /// For each of `files`: whether it lies in a given path, so that findings in it are reported.
    pub requested: Vec<bool>,
    /// Manifests, lock files and configurations, for [`crate::project::Project`].
    pub manifests: Vec<Manifest>,
    /// Configurations met on the way, without links.
    pub configurations: Vec<PathBuf>,
    /// What in the given paths was not read, or not in full.
    pub skipped: Vec<Skipped>,
    /// The same for the rest of the project. It is not reported, but nobody may conclude from what is absent there.
    pub skipped_elsewhere: Vec<Skipped>,
}

/// Why a walk could not begin. Whatever goes wrong later is listed in [`Walked::skipped`].
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Error {
    /// A given path is not there.
    #[error("there is no file or folder `{path}`")]
    #[diagnostic(help("check the spelling; paths are relative to `{directory}`"))]
    Missing {
        /// As it was given.
        path: String,
        /// What it is relative to.
        directory: String,
    },
    /// A given path, or the working directory, cannot be looked at.
    #[error("`{path}` cannot be opened: {source}")]
    #[diagnostic(help("check its permissions and those of the folders above it"))]
    Inaccessible {
        /// As it was given.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// An `exclude` glob does not parse.
    #[error("`{glob}` is not a glob: {reason}")]
    #[diagnostic(help("write it as in a .gitignore file, for example `generated/**`"))]
    Glob {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads the project around `paths`. Without paths, the working directory is meant.
///
/// # Errors
/// When a path does not exist or a glob does not parse.
pub fn walk(paths: &[PathBuf], options: &Options) -> Result<Walked, Error> {
    let directory = place::canonical(&options.directory, &options.directory)?;
    let own = [options.directory.clone()];
    let given = if paths.is_empty() { &own[..] } else { paths };
    let places = match &options.buffer {
        Some((path, _)) => vec![Place::of_buffer(path, &directory)],
        None => given.iter().map(|path| Place::new(path, &directory)).collect::<Result<Vec<_>, _>>()?,
    };
    let roots = Root::outermost(&places, &directory);

    let walker = Walker { options, given: places.iter().map(|place| place.real.clone()).collect(), found: Mutex::new(Found::default()) };
    for root in &roots {
        walker.folder(&root.real, root.repository.is_some())?;
    }
    // What is ignored was not reached from its root; a given path is read nevertheless, and on its own terms.
    for path in &walker.given {
        if options.left_out.contains(path, path.is_dir()) {
            let reason = "the configuration leaves it out".to_owned();
            walker.keep([(path.clone(), Outcome::Skipped(reason))]);
        } else if let Some((_, bytes)) = &options.buffer {
            walker.keep([(path.clone(), read::buffer(path, bytes.clone()))]);
        } else if !walker.reached(path) {
            if path.is_dir() { walker.folder(path, false)? } else { walker.file(path) }
        }
    }
    Ok(Walked { directory: place::print(&directory), ..walker.finish(&roots) })
}

/// What the threads of a walk share.
struct Walker<'a> {
    options: &'a Options,
    /// Given paths, canonical.
    given: BTreeSet<PathBuf>,
    found: Mutex<Found>,
}

/// Results by canonical path: each file once, whoever came first.
#[derive(Default)]
struct Found {
    outcomes: BTreeMap<PathBuf, Outcome>,
}

impl Walker<'_> {
    /// Walks a folder. When it is `in_git`, the ignore files above it count too, up to the repository's root.
    fn folder(&self, folder: &Path, in_git: bool) -> Result<(), Error> {
        let excluded = self.excluded(folder)?;
        let (given, left_out) = (self.given.clone(), self.options.left_out.clone());
        let wanted = move |entry: &DirEntry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !left_out.contains(entry.path(), is_folder) && (given.contains(entry.path()) || !is_left_out(entry))
        };
        let walk = WalkBuilder::new(folder)
            .standard_filters(false)
            .hidden(true)
            .ignore(true)
            .git_ignore(true)
            .require_git(in_git)
            .parents(in_git)
            .overrides(excluded)
            .threads(self.options.threads)
            .filter_entry(move |entry| entry.depth() == 0 || wanted(entry))
            .build_parallel();
        walk.run(|| {
            let mut batch = Batch { walker: self, folder, outcomes: Vec::new() };
            Box::new(move |entry| {
                batch.visit(entry);
                WalkState::Continue
            })
        });
        Ok(())
    }

    /// Reads a given file.
    fn file(&self, path: &Path) {
        let outcome = read::read(path, true, self.options.max_file_bytes);
        self.keep([(path.to_owned(), outcome)]);
    }

    fn excluded(&self, folder: &Path) -> Result<Override, Error> {
        let mut builder = OverrideBuilder::new(folder);
        for glob in &self.options.exclude {
            let bad = |error: ignore::Error| Error::Glob { glob: glob.clone(), reason: error.to_string() };
            builder.add(&format!("!{}", glob.strip_prefix("./").unwrap_or(glob))).map_err(bad)?;
        }
        builder.build().map_err(|error| Error::Glob { glob: self.options.exclude.join(", "), reason: error.to_string() })
    }

    /// Whether something was found at or below a path.
    fn reached(&self, path: &Path) -> bool {
        let found = self.lock();
        found.outcomes.range(path.to_owned()..).next().is_some_and(|(first, _)| first.starts_with(path))
    }

    fn keep(&self, outcomes: impl IntoIterator<Item = (PathBuf, Outcome)>) {
        let mut found = self.lock();
        for (path, outcome) in outcomes {
            if !matches!(outcome, Outcome::Nothing) {
                found.outcomes.insert(path, outcome);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Gives every result its printed path, and sorts.
    fn finish(self, roots: &[Root]) -> Walked {
        let mut walked = Walked::default();
        let mut files = Vec::new();
        let top = |real: &Path| roots.iter().find(|root| real.starts_with(&root.real)).map(Root::top);
        let from_top = |real: &Path| place::print(top(real).and_then(|top| real.strip_prefix(top).ok()).unwrap_or(real)).into();
        walked.given = self.given.iter().map(|given| from_top(given)).collect();
        walked.tops = roots.iter().map(|root| root.top().to_owned()).collect();
        walked.tops.dedup();
        // A given folder with a manifest is a project of its own, although it is read together with the one around it.
        let packages = self.given.iter().filter(|given| place::has_manifest(given)).map(PathBuf::as_path);
        let mut projects: Vec<&Path> = roots.iter().map(|root| root.real.as_path()).chain(packages).collect();
        // Sorted, so the nearest project is the last that fits.
        projects.sort();
        let found = self.found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (real, outcome) in found.outcomes {
            let requested = real.ancestors().any(|ancestor| self.given.contains(ancestor));
            let path =
                roots.iter().find(|root| real.starts_with(&root.real)).map_or_else(|| place::print(&real), |root| root.printed(&real));
            let project = projects.iter().rev().find(|project| real.starts_with(project));
            let in_project = || project.and_then(|project| real.strip_prefix(project).ok()).map(|inside| place::print(inside).into());
            if matches!(outcome, Outcome::Configuration) {
                walked.configurations.push(real);
                continue;
            }
            let skipped = if requested { &mut walked.skipped } else { &mut walked.skipped_elsewhere };
            match outcome {
                Outcome::Source(mut file) => {
                    file.from_top = from_top(&real);
                    if file.repaired {
                        let reason = "in part: bytes that are not UTF-8 were read as U+FFFD".to_owned();
                        skipped.push(Skipped { path: path.clone(), reason });
                    }
                    file.path = path.into();
                    file.in_project = in_project().unwrap_or_else(|| file.path.clone());
                    files.push((file, (requested, real)));
                }
                Outcome::Manifest(bytes) => walked.manifests.push(Manifest { path, bytes }),
                Outcome::Both(mut file, bytes) => {
                    walked.manifests.push(Manifest { path: path.clone(), bytes });
                    file.from_top = from_top(&real);
                    file.path = path.into();
                    file.in_project = in_project().unwrap_or_else(|| file.path.clone());
                    files.push((file, (requested, real)));
                }
                Outcome::Skipped(reason) => skipped.push(Skipped { path, reason }),
                Outcome::Configuration | Outcome::Nothing => {}
            }
        }
        files.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
        let places: Vec<(bool, PathBuf)>;
        (walked.files, places) = files.into_iter().unzip();
        (walked.requested, walked.real) = places.into_iter().unzip();
        walked.manifests.sort_by(|one, other| one.path.cmp(&other.path));
        walked.skipped.sort();
        walked.skipped_elsewhere.sort();
        walked
    }
}

/// Results of one thread, handed over when it ends.
struct Batch<'a, 'b> {
    walker: &'a Walker<'b>,
    /// The folder that is walked.
    folder: &'a Path,
    outcomes: Vec<(PathBuf, Outcome)>,
}

impl Batch<'_, '_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.failed(error),
        };
        let path = entry.path();
        let given = self.walker.given.contains(path);
        let outcome = match entry.file_type() {
            Some(kind) if kind.is_dir() => return,
            Some(kind) if kind.is_file() && entry.file_name() == self.walker.options.configuration => Outcome::Configuration,
            Some(kind) if kind.is_file() => read::read(path, given, self.walker.options.max_file_bytes),
            Some(kind) if kind.is_symlink() => read::link(path, self.folder),
            _ => read::special(path, given),
        };
        self.outcomes.push((entry.into_path(), outcome));
    }

    /// A folder that cannot be listed. Errors that name no path are about ignore files and change nothing that is read.
    fn failed(&mut self, error: ignore::Error) {
        let mut path = None;
        let mut inner = &error;
        loop {
            inner = match inner {
                ignore::Error::WithPath { path: at, err } => {
                    path = Some(at.clone());
                    err
                }
                ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
                _ => break,
            };
        }
        if let Some(path) = path {
            let reason = match inner {
                ignore::Error::Io(error) => read::refused(error),
                other => other.to_string(),
            };
            self.outcomes.push((path, Outcome::Skipped(reason)));
        }
    }
}

impl Drop for Batch<'_, '_> {
    fn drop(&mut self) {
        self.walker.keep(self.outcomes.drain(..));
    }
}

fn is_left_out(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir()) && entry.file_name().to_str().is_some_and(|name| LEFT_OUT.contains(&name))
}

//! What the commands hand to the analyses, and what they want back.

use super::Error;
use super::arguments::FileArguments;
use super::terminal::Terminal;
use crate::finding::{Finding, Skipped};
use crate::operation::Analysis;
use crate::project::Project;
use crate::rule::{Rules, Selected};
use crate::source::{FileId, SourceFile};
use crate::walk::{self, Walked};

/// The files of a run, read.
#[derive(Debug)]
pub struct Input {
    /// Files and manifests.
    pub walked: Walked,
    /// What the manifests say.
    pub project: Project,
}

/// What a check found. Findings may lie in any file: the caller keeps those that were asked for.
#[derive(Debug, Default)]
pub struct Checked {
    /// Findings, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// Files that were analysed in part or not at all.
    pub skipped: Vec<Skipped>,
}

/// The analyses, as the commands call them.
pub trait Engine: Sync {
    /// Finds all Redis operations, and what could not be analysed.
    ///
    /// # Errors
    /// When the analyses cannot run at all.
    fn analyze(&self, input: &Input) -> Result<(Analysis, Vec<Skipped>), Error>;

    /// Checks rules.
    ///
    /// # Errors
    /// When the analyses cannot run at all.
    fn check(&self, input: &Input, rules: &Rules, selected: &[Selected]) -> Result<Checked, Error>;
}

impl Input {
    /// Reads the project around the files asked for.
    pub(super) fn read(arguments: &FileArguments, threads: usize, terminal: &Terminal) -> Result<Self, Error> {
        let options = walk::Options {
            exclude: arguments.exclude.clone(),
            threads,
            ..walk::Options::new(terminal.directory().map_err(Error::Directory)?)
        };
        let walked = walk::walk(&arguments.paths, &options)?;
        let project = Project::new(&walked.directory, walked.files.iter().map(|file| file.path.as_str()), &walked.manifests);
        Ok(Self { walked, project })
    }

    /// The files.
    pub(super) fn files(&self) -> &[SourceFile] {
        &self.walked.files
    }

    /// Number of files asked for.
    pub(super) fn requested_count(&self) -> usize {
        self.walked.requested.iter().filter(|requested| **requested).count()
    }

    /// Whether a file was asked for.
    pub(super) fn is_requested(&self, file: FileId) -> bool {
        self.walked.requested.get(file.0 as usize).copied().unwrap_or(false)
    }

    /// All that was asked for and not analysed: by the walk, by the reading of manifests, and by the analyses.
    pub(super) fn skipped(&self, analysed: Vec<Skipped>) -> Vec<Skipped> {
        let paths = self.files().iter().zip(&self.walked.requested).filter(|(_, requested)| !**requested);
        let unasked: rustc_hash::FxHashSet<&str> = paths.map(|(file, _)| file.path.as_str()).collect();
        let mut skipped = self.walked.skipped.clone();
        skipped.extend_from_slice(self.project.problems());
        skipped.extend(analysed.into_iter().filter(|skipped| !unasked.contains(skipped.path.as_str())));
        skipped.sort();
        skipped.dedup();
        skipped
    }
}

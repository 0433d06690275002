//! What the commands hand to the analyses, and what they want back.

use std::path::PathBuf;
use std::sync::Arc;

use super::arguments::FileArguments;
use super::profile::Profiles;
use super::terminal::Terminal;
use super::{Cli, Error, Setup, setup};
use crate::config::{self, Configuration};
use crate::context::PathRules;
use crate::finding::{Finding, Skipped};
use crate::operation::Analysis;
use crate::output::Measures;
use crate::pipeline::Ask;
use crate::project::Project;
use crate::source::{FileId, SourceFile, Span};
use crate::walk::{self, Globs, Walked};

/// The files of a run, read.
#[derive(Debug)]
pub struct Input {
    /// Files and manifests.
    pub walked: Walked,
    /// What the manifests say.
    pub project: Project,
    /// The configuration, with the rules and tables that it names.
    pub setup: Arc<Setup>,
    /// What paths say of the code in them.
    pub paths: PathRules,
    /// Whether every file is parsed.
    pub parse_all: bool,
}

/// What a check found. Findings may lie in any file: the caller keeps those that were asked for.
#[derive(Debug, Default)]
pub struct Checked {
    /// Findings, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// Files that were analysed in part or not at all.
    pub skipped: Vec<Skipped>,
    /// The files that were parsed in part, with the reason.
    pub partial: Vec<(FileId, String)>,
    /// The comments of files in which one may ignore a finding, by file and place.
    pub comments: Vec<(FileId, Span)>,
    /// What it cost.
    pub measures: Measures,
}

/// The analyses, as the commands call them.
pub trait Engine: Sync {
    /// Finds all Redis operations, and what could not be analysed, and answers a question beside it.
    ///
    /// # Errors
    /// When the analyses cannot run at all.
    fn analyze(&self, input: &Input, ask: Ask) -> Result<(Analysis, Vec<Skipped>), Error>;

    /// Checks rules.
    ///
    /// # Errors
    /// When the analyses cannot run at all.
    fn check(&self, input: &Input, profiles: &Profiles) -> Result<Checked, Error>;
}

impl Input {
    /// Reads the project around the files asked for, and what its configuration names.
    pub(super) fn read(arguments: &FileArguments, cli: &Cli, terminal: &mut Terminal) -> Result<Self, Error> {
        let directory = setup::directory(terminal)?;
        let buffer = match &arguments.stdin_filename {
            Some(path) if arguments.stdin => Some((path.clone(), terminal.read_all().map_err(Error::Stdin)?)),
            _ => None,
        };
        let given: Vec<PathBuf> = arguments.paths.iter().chain(buffer.iter().map(|(path, _)| path)).cloned().collect();
        let mut configuration = setup::configuration(cli, &directory, &given)?;
        let mut left_out = Globs::default();
        configuration.all().for_each(|settings| left_out.extend(&settings.exclude));
        let options = walk::Options {
            exclude: arguments.exclude.clone(),
            left_out,
            buffer,
            configuration: if cli.configuration.no_config { "" } else { config::NAME },
            threads: cli.threads,
            ..walk::Options::new(directory.clone())
        };
        let mut walked = walk::walk(&arguments.paths, &options)?;
        for path in &walked.configurations {
            configuration.add(path, &directory)?;
        }
        let setup = Setup::load(configuration, cli, &directory)?;
        let paths = settle(&mut walked, &setup.configuration);
        let project = Project::new(&walked.directory, walked.files.iter().map(|file| file.path.as_str()), &walked.manifests);
        Ok(Self { walked, project, setup: Arc::new(setup), paths, parse_all: arguments.parse_all })
    }

    /// The files.
    pub(super) fn files(&self) -> &[SourceFile] {
        &self.walked.files
    }

    /// The texts of the files asked for.
    pub(super) fn requested_texts(&self) -> impl Iterator<Item = &str> {
        self.walked.files.iter().zip(&self.walked.requested).filter(|(_, requested)| **requested).map(|(file, _)| file.text.as_ref())
    }

    /// Number of files asked for.
    pub(super) fn requested_count(&self) -> usize {
        self.walked.requested.iter().filter(|requested| **requested).count()
    }

    /// The only file asked for.
    pub(super) fn requested(&self) -> Option<FileId> {
        let mut requested = self.walked.requested.iter().enumerate().filter(|(_, requested)| **requested);
        let (index, _) = requested.next()?;
        requested.next().is_none().then_some(FileId(index as u32))
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

/// Takes out the files that their configurations leave out, and says which are reported on and which hold tests.
fn settle(walked: &mut Walked, configuration: &Configuration) -> PathRules {
    let mut paths = PathRules::default();
    let mut kept = Walked { directory: std::mem::take(&mut walked.directory), ..Walked::default() };
    let files = std::mem::take(&mut walked.files).into_iter();
    for ((file, real), requested) in files.zip(std::mem::take(&mut walked.real)).zip(std::mem::take(&mut walked.requested)) {
        let settings = configuration.of(&real);
        if settings.excludes(&real) {
            continue;
        }
        if let Some(is_test) = settings.tests.says(&real, false) {
            paths.said.insert(FileId(kept.files.len() as u32), is_test);
        }
        if let Some((server, _)) = settings.target() {
            paths.servers.insert(FileId(kept.files.len() as u32), server);
        }
        if let Some((_, service, _)) = settings.service() {
            paths.services.insert(FileId(kept.files.len() as u32), service);
        }
        kept.requested.push(requested && settings.includes(&real));
        kept.files.push(file);
        kept.real.push(real);
    }
    walked.directory = kept.directory;
    (walked.files, walked.real, walked.requested) = (kept.files, kept.real, kept.requested);
    paths
}

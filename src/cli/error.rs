//! Why the tool could not do its work. Exit code 2.

use std::io;

use crate::baseline::BaselineError;
use crate::client::ClientTableError;
use crate::config;
use crate::rule::RuleError;
use crate::walk;

/// Why the tool could not do its work. Each says what to do.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Error {
    /// A path or glob is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Walk(#[from] walk::Error),

    /// The configuration is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Configuration(#[from] config::Error),

    /// `init` where there is a configuration.
    #[error("there is a redis-lint.toml here already")]
    #[diagnostic(help("`redis-lint config` shows what it says; move it away to begin anew"))]
    AlreadyConfigured,

    /// No rule and no category has this name.
    #[error("there is no rule and no category `{name}`")]
    UnknownRule {
        /// As it was written.
        name: String,
        /// What may have been meant.
        #[help]
        help: String,
    },

    /// Rule pages are wrong.
    #[error("{} in the rule pages", count(errors))]
    #[diagnostic(help("correct what is marked; CONTRIBUTING.md describes rule pages"))]
    RulePages {
        /// What is wrong, each at its place.
        #[related]
        errors: Vec<RuleError>,
    },

    /// A folder or file of the user's own rules or tables cannot be read.
    #[error("`{path}` cannot be read: {reason}")]
    #[diagnostic(help("`--rules` takes a folder of rule pages (.md), `--clients` one of client tables (.toml), as UTF-8"))]
    Own {
        /// As it was given.
        path: String,
        /// The system's answer.
        reason: String,
    },

    /// A folder of the user's own rules or tables holds none.
    #[error("there is no `*{ending}` file in `{path}`")]
    #[diagnostic(help("`--rules` takes a folder of rule pages (.md), `--clients` one of client tables (.toml)"))]
    NothingOwn {
        /// As it was given.
        path: String,
        /// What the files should be called.
        ending: String,
    },

    /// Options of `check` before the name of another command.
    #[error("paths and options stand before the name of the command")]
    #[diagnostic(help("write them behind it: `redis-lint operations src`; a folder called like a command is `./operations`"))]
    MisplacedOption,

    /// A command does not write this form.
    #[error("`{command}` does not write the form `{format}`")]
    Format {
        /// The form that was asked for.
        format: String,
        /// The command.
        command: &'static str,
        /// Which ones it has.
        #[help]
        help: String,
    },

    /// A report cannot be written to a file.
    #[error("cannot write to `{path}`: {reason}")]
    #[diagnostic(help("check the folder, its permissions and the space on the disk"))]
    OutputFile {
        /// As it was given.
        path: String,
        /// The system's answer.
        reason: String,
    },

    /// The file given as baseline is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Baseline(#[from] BaselineError),

    /// There is no baseline where one should be.
    #[error("there is no baseline `{path}`")]
    #[diagnostic(help("`redis-lint baseline --file {path}` writes one"))]
    NoBaseline {
        /// As it was given.
        path: String,
    },

    /// A baseline cannot be opened.
    #[error("the baseline `{path}` cannot be read: {reason}")]
    #[diagnostic(help("check its permissions; it is a JSON file in UTF-8"))]
    BaselineFile {
        /// As it was given.
        path: String,
        /// The system's answer.
        reason: String,
    },

    /// `--fail-on-stale` without a baseline.
    #[error("`--fail-on-stale` is about a baseline, and there is none")]
    #[diagnostic(help("add `--baseline FILE`"))]
    StaleOfNothing,

    /// git cannot be run.
    #[error("`--since` needs git, and it cannot be run: {reason}")]
    #[diagnostic(help("install git, or leave out `--since`"))]
    NoGit {
        /// The system's answer.
        reason: String,
    },

    /// git refuses.
    #[error("git cannot tell what changed: {reason}")]
    #[diagnostic(help("`git status` in the same folder should work"))]
    Git {
        /// What it said.
        reason: String,
    },

    /// The project is in no git repository.
    #[error("`--since` needs a git repository, and `{path}` is in none")]
    #[diagnostic(help("leave out `--since`, or compare with a baseline: `redis-lint baseline`"))]
    NoRepository {
        /// The project.
        path: String,
    },

    /// The given paths lie in several repositories.
    #[error("`--since` asks one repository, and the given paths lie in several")]
    #[diagnostic(help("check them one after the other"))]
    SeveralRepositories,

    /// No such revision.
    #[error("git knows no revision `{revision}`")]
    #[diagnostic(help("name a branch, a tag or a commit; in CI it may have to be fetched first (`fetch-depth: 0`)"))]
    UnknownRevision {
        /// As it was given.
        revision: String,
    },

    /// The revision and the branch have no commit in common.
    #[error("`{revision}` and HEAD have no commit in common")]
    #[diagnostic(help("the clone may be shallow: fetch the history (`git fetch --unshallow`, `fetch-depth: 0`)"))]
    NoCommonCommit {
        /// As it was given.
        revision: String,
    },

    /// A client table is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    ClientTable(Box<ClientTableError>),

    /// Standard input cannot be read.
    #[error("cannot read standard input: {0}")]
    #[diagnostic(help("send the text of the file: `redis-lint check --stdin --stdin-filename src/a.ts < src/a.ts`"))]
    Stdin(#[source] io::Error),

    /// A fixed file cannot be written.
    #[error("`{path}` was not changed: {reason}")]
    #[diagnostic(help("put that right and run again; files that were changed before this one are whole"))]
    Rewrite {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },

    /// `--add-ignores` without a reason where the project asks for one.
    #[error("the configuration asks for a reason in every comment")]
    #[diagnostic(help("give it: `--add-ignores --reason \"known since the audit\"`"))]
    NoReason,

    /// Threads cannot be started.
    #[error("cannot start the threads: {0}")]
    #[diagnostic(help("ask for fewer: `--threads 1`"))]
    Threads(#[source] rayon::ThreadPoolBuildError),

    /// The working directory cannot be found.
    #[error("cannot find the working directory: {0}")]
    #[diagnostic(help("change into a folder that exists"))]
    Directory(#[source] io::Error),

    /// Output cannot be written.
    #[error("cannot write: {0}")]
    #[diagnostic(help("check what the output is sent to"))]
    Write(#[from] io::Error),
}

fn count(errors: &[RuleError]) -> String {
    if errors.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", errors.len()) }
}

//! Why the tool could not do its work. Exit code 2.

use std::io;

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

    /// A client table is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    ClientTable(Box<ClientTableError>),

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

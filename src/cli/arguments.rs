//! Commands and options.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Error;
use crate::finding::Severity;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds what is wrong with Redis and Valkey calls in TypeScript, JavaScript and Ruby.
#[derive(Debug, Parser)]
#[command(name = "redis-lint", version, styles = STYLES, max_term_width = 100)]
#[command(after_help = "Exit code: 0 nothing to report, 1 findings, 2 the tool could not do its work.")]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    check: CheckArguments,

    /// What to write: for people or for programs
    #[arg(long, value_enum, default_value_t, global = true, value_name = "FORMAT")]
    pub format: Format,

    /// When to use colours; `auto` looks at the terminal and at NO_COLOR
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub color: Color,

    /// Write results only: no summary, no list of what was not analysed
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Number of threads; 0 for one per core. The output is the same for any number
    #[arg(long, default_value_t = 0, global = true, value_name = "N")]
    pub threads: usize,

    /// Experimental: a folder of rule pages of your own, `*.md`; one with the name of a rule takes its place
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub rules: Option<PathBuf>,

    /// Experimental: a folder of client tables of your own, `*.toml`; one with the name of a table takes its place
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub clients: Option<PathBuf>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Check files; what is done when no command is given
    Check(CheckArguments),
    /// List every Redis operation: where, which command, on which key, for how long
    Operations(OperationsArguments),
    /// List the rules
    Rules,
    /// Show the page of a rule: what it finds, why that is wrong, what to write instead
    Explain {
        /// Id of the rule
        rule: String,
    },
}

/// Options of `check`.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckArguments {
    #[command(flatten)]
    pub(super) files: FileArguments,

    /// Check these rules only: ids, categories or `all`, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) select: Vec<String>,

    /// Do not check these rules: ids, categories or `all`, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,

    /// Exit with 1 for findings of this severity or worse [default: info]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,

    /// Count findings by rule instead of writing them
    #[arg(long)]
    pub(super) statistics: bool,
}

/// Options of `operations`.
#[derive(Args, Clone, Debug, Default)]
pub struct OperationsArguments {
    #[command(flatten)]
    pub(super) files: FileArguments,

    /// Which layers to list, separated by commas
    #[arg(long, value_enum, value_name = "LAYERS", value_delimiter = ',', default_values_t = [Layer::Call])]
    pub(super) layer: Vec<Layer>,
}

/// Which files to look at.
#[derive(Args, Clone, Debug, Default)]
pub struct FileArguments {
    /// Files and folders to report on; the working directory when there are none
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,

    /// Leave out files: a glob as in a .gitignore file, may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawings in the source
    #[default]
    Human,
    /// A stable, versioned JSON document
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// In a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What makes the run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// Nothing
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

/// Layers of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Layer {
    /// Written on a client
    #[default]
    Call,
    /// Restated at the caller of a function of the project
    Wrapper,
}

impl Layer {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Wrapper => "wrapper",
        }
    }
}

impl Cli {
    /// What to do: `check` when nothing else is said.
    pub(super) fn command(&self) -> Result<Command, Error> {
        match &self.command {
            None => Ok(Command::Check(self.check.clone())),
            Some(Command::Check(own)) => Ok(Command::Check(self.check.clone().with(own))),
            Some(command) if self.check.is_default() => Ok(command.clone()),
            Some(_) => Err(Error::MisplacedOption),
        }
    }
}

impl CheckArguments {
    /// Options before the command's name count like those behind it.
    fn with(mut self, behind: &Self) -> Self {
        self.files.paths.extend_from_slice(&behind.files.paths);
        self.files.exclude.extend_from_slice(&behind.files.exclude);
        self.select.extend_from_slice(&behind.select);
        self.ignore.extend_from_slice(&behind.ignore);
        self.fail_on = behind.fail_on.or(self.fail_on);
        self.statistics |= behind.statistics;
        self
    }

    fn is_default(&self) -> bool {
        let Self { files: FileArguments { paths, exclude }, select, ignore, fail_on, statistics } = self;
        paths.is_empty() && exclude.is_empty() && select.is_empty() && ignore.is_empty() && fail_on.is_none() && !statistics
    }
}

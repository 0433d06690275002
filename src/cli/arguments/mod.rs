//! Commands and options: a file for each concern, put together here.

mod cache;
mod compare;
mod configuration;
mod files;
mod fixes;
mod format;
mod operations;
mod report;
mod rules;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use cache::CacheArguments;
pub use compare::{BaselineArguments, CompareArguments};
pub use configuration::{ConfigArguments, ConfigurationArguments};
pub use files::FileArguments;
pub use fixes::FixArguments;
pub use format::{Format, OutputFile};
pub use operations::OperationsArguments;
pub use report::ReportArguments;
pub(super) use report::{Color, FailOn};
pub use rules::RuleArguments;

use super::Error;

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

    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,

    /// What to write: for people or for programs
    #[arg(long, value_enum, default_value_t, global = true, value_name = "FORMAT")]
    pub format: Format,

    /// The cache.
    #[command(flatten)]
    pub cache: CacheArguments,

    /// When to use colours; `auto` looks at the terminal and at NO_COLOR
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub color: Color,

    /// Write results only: no summary, no list of what was not analysed
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Number of threads; 0 for one per core. The output is the same for any number
    #[arg(long, default_value_t = 0, global = true, value_name = "N")]
    pub threads: usize,

    /// A folder of rule pages of your own, `*.md`; one with the name of a rule takes its place
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub rules: Option<PathBuf>,

    /// A folder of client tables of your own, `*.toml`; one with the name of a table takes its place
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    pub clients: Option<PathBuf>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Check files; what is done when no command is given
    Check(CheckArguments),
    /// Record the findings of today, so that `check --baseline` reports only new ones
    Baseline(BaselineArguments),
    /// List every Redis operation: where, which command, on which key, for how long
    Operations(OperationsArguments),
    /// Look at the project and write a commented redis-lint.toml into the working directory
    Init,
    /// Show the configuration that holds for a path, and where each value comes from
    Config(ConfigArguments),
    /// List the rules
    Rules,
    /// Show the page of a rule: what it finds, why that is wrong, what to write instead
    Explain {
        /// Id of the rule
        rule: String,
    },
    /// Write the completions for a shell to standard output
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write the manual page to standard output
    Man,
}

/// Options of `check`, by concern.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct CheckArguments {
    #[command(flatten)]
    pub(super) files: FileArguments,

    #[command(flatten)]
    pub(super) rules: RuleArguments,

    #[command(flatten)]
    pub(super) compare: CompareArguments,

    #[command(flatten)]
    pub(super) fixes: FixArguments,

    #[command(flatten)]
    pub(super) report: ReportArguments,
}

impl Cli {
    /// What to do: `check` when nothing else is said.
    pub(super) fn command(&self) -> Result<Command, Error> {
        match &self.command {
            None => Ok(Command::Check(self.check.clone())),
            Some(Command::Check(own)) => Ok(Command::Check(self.check.clone().with(own))),
            Some(command) if self.check == CheckArguments::default() => Ok(command.clone()),
            Some(_) => Err(Error::MisplacedOption),
        }
    }
}

impl CheckArguments {
    /// Options before the command's name count like those behind it.
    fn with(self, behind: &Self) -> Self {
        Self {
            files: self.files.with(&behind.files),
            rules: self.rules.with(&behind.rules),
            compare: self.compare.with(&behind.compare),
            fixes: self.fixes.with(&behind.fixes),
            report: self.report.with(&behind.report),
        }
    }
}

//! What is written of findings, how, and what makes the run fail.

use clap::{Args, ValueEnum};

use super::OutputFile;
use crate::finding::Severity;

/// What is made of findings.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ReportArguments {
    /// Exit with 1 for findings of this severity or worse [default: info]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(in crate::cli) fail_on: Option<FailOn>,

    /// Write to a file as well, in a form of its own: `--output sarif=redis-lint.sarif`; may be repeated
    #[arg(long, short, value_name = "FORMAT=FILE", value_parser = OutputFile::parse)]
    pub(in crate::cli) output: Vec<OutputFile>,

    /// Instead of findings, write how many each rule has, how many files were read, and where the time went
    #[arg(long)]
    pub(in crate::cli) statistics: bool,
}

impl ReportArguments {
    /// What stands before the command's name, and then what stands behind it.
    pub(super) fn with(mut self, behind: &Self) -> Self {
        self.fail_on = behind.fail_on.or(self.fail_on);
        self.output.extend_from_slice(&behind.output);
        self.statistics |= behind.statistics;
        self
    }
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
pub(in crate::cli) enum FailOn {
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
    pub(in crate::cli) fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

//! What findings are compared with, so that only new ones are reported.

use std::path::PathBuf;

use clap::Args;

use super::{FileArguments, RuleArguments};

/// What findings are compared with.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct CompareArguments {
    /// Report only what is not in this baseline; `redis-lint baseline` writes one
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,

    /// Exit with 1 when the baseline holds entries that nothing is found for any more
    #[arg(long)]
    pub(in crate::cli) fail_on_stale: bool,

    /// Report only what touches lines changed since the branch left this git revision
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) since: Option<String>,
}

impl CompareArguments {
    /// What stands before the command's name, and then what stands behind it.
    pub(super) fn with(mut self, behind: &Self) -> Self {
        self.baseline = behind.baseline.clone().or(self.baseline);
        self.fail_on_stale |= behind.fail_on_stale;
        self.since = behind.since.clone().or(self.since);
        self
    }
}

/// Options of `baseline`.
#[derive(Args, Clone, Debug)]
pub struct BaselineArguments {
    #[command(flatten)]
    pub(in crate::cli) files: FileArguments,

    #[command(flatten)]
    pub(in crate::cli) rules: RuleArguments,

    /// The file; entries about other paths or rules than those looked at stay in it
    #[arg(long, value_name = "FILE", default_value = "redis-lint-baseline.json")]
    pub(in crate::cli) file: PathBuf,
}

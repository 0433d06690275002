//! Which rules.

use clap::Args;

/// Which rules run.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct RuleArguments {
    /// Check these rules only: ids, categories or `all`, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(in crate::cli) select: Vec<String>,

    /// Do not check these rules: ids, categories or `all`, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(in crate::cli) ignore: Vec<String>,
}

impl RuleArguments {
    /// What stands before the command's name, and then what stands behind it.
    pub(super) fn with(mut self, behind: &Self) -> Self {
        self.select.extend_from_slice(&behind.select);
        self.ignore.extend_from_slice(&behind.ignore);
        self
    }
}

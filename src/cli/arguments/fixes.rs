//! What is changed in the files.

use clap::Args;

use crate::finding::Safety;

/// What is changed in the files.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct FixArguments {
    /// Make the fixes that are safe, and report what is left
    #[arg(long)]
    pub(in crate::cli) fix: bool,

    /// Make the fixes that need a look, too
    #[arg(long)]
    pub(in crate::cli) unsafe_fixes: bool,

    /// Show what --fix, --unsafe-fixes or --add-ignores would change, as a patch, and change nothing
    #[arg(long)]
    pub(in crate::cli) diff: bool,

    /// Write a comment that ignores it at every finding
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes"])]
    pub(in crate::cli) add_ignores: bool,

    /// The reason in the comments of --add-ignores
    #[arg(long, value_name = "TEXT", requires = "add_ignores")]
    pub(in crate::cli) reason: Option<String>,
}

impl FixArguments {
    /// What stands before the command's name, and then what stands behind it.
    pub(super) fn with(mut self, behind: &Self) -> Self {
        self.fix |= behind.fix;
        self.unsafe_fixes |= behind.unsafe_fixes;
        self.diff |= behind.diff;
        self.add_ignores |= behind.add_ignores;
        self.reason = behind.reason.clone().or(self.reason);
        self
    }

    /// Whether anything is to be changed, or shown changed.
    pub(in crate::cli) fn is_asked(&self) -> bool {
        self.fix || self.unsafe_fixes || self.add_ignores || self.diff
    }

    /// Whether files are changed.
    pub(in crate::cli) fn changes(&self) -> bool {
        self.fix || self.unsafe_fixes || self.add_ignores
    }

    /// The least safety of fixes that are made, if any are.
    pub(in crate::cli) fn least(&self) -> Option<Safety> {
        if self.unsafe_fixes { Some(Safety::Unsafe) } else { (self.fix || self.diff && !self.add_ignores).then_some(Safety::Safe) }
    }
}

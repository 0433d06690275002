//! Which files.

use std::path::PathBuf;

use clap::Args;

/// Which files to look at.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct FileArguments {
    /// Files and folders to report on; the working directory when there are none
    #[arg(value_name = "PATHS")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    /// Leave out files: a glob as in a .gitignore file, may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) exclude: Vec<String>,

    /// Read the text of one file from standard input, and report on that file only; the rest of its project is read from disk
    #[arg(long, requires = "stdin_filename", conflicts_with = "paths")]
    pub(in crate::cli) stdin: bool,

    /// The path of the text on standard input; the file need not exist
    #[arg(long, value_name = "PATH", requires = "stdin")]
    pub(in crate::cli) stdin_filename: Option<PathBuf>,

    /// Parse every file, also those that cannot matter: what the selection of files is compared with
    #[arg(long, hide = true)]
    pub(in crate::cli) parse_all: bool,
}

impl FileArguments {
    /// What stands before the command's name, and then what stands behind it.
    pub(super) fn with(mut self, behind: &Self) -> Self {
        self.paths.extend_from_slice(&behind.paths);
        self.exclude.extend_from_slice(&behind.exclude);
        self.stdin |= behind.stdin;
        self.stdin_filename = behind.stdin_filename.clone().or(self.stdin_filename);
        self.parse_all |= behind.parse_all;
        self
    }
}

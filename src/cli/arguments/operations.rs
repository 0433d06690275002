//! Options of `operations`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::FileArguments;

/// Options of `operations`.
#[derive(Args, Clone, Debug, Default)]
pub struct OperationsArguments {
    #[command(flatten)]
    pub(in crate::cli) files: FileArguments,

    /// Which layers to list, separated by commas
    #[arg(long, value_enum, value_name = "LAYERS", value_delimiter = ',', default_values_t = [Layer::Call])]
    pub(in crate::cli) layer: Vec<Layer>,

    /// Show every step from the calls on a line to where their client was made
    #[arg(long, value_name = "PATH:LINE", conflicts_with = "paths")]
    pub(in crate::cli) explain: Option<SourceLine>,

    /// List the calls named like a Redis command whose receiver is not known, and why it is not
    #[arg(long, conflicts_with = "explain")]
    pub(in crate::cli) unresolved: bool,
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct SourceLine {
    /// The file.
    pub path: PathBuf,
    /// 1-based.
    pub line: u32,
}

impl FromStr for SourceLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let path = parts.next().filter(|path| !path.is_empty());
        let line = parts.next().and_then(|line| line.parse().ok()).filter(|line| *line > 0);
        match (path, line) {
            (Some(path), Some(line)) => Ok(Self { path: path.into(), line }),
            _ => Err("write a path and a line: `src/cache.ts:12`".to_owned()),
        }
    }
}

/// Layers of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Layer {
    /// Written on a client
    #[default]
    Call,
    /// Made by a library above the client: `Rails.cache.read`
    Library,
    /// Restated at the caller of a function of the project
    Wrapper,
}

impl Layer {
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Library => "library",
            Self::Wrapper => "wrapper",
        }
    }
}

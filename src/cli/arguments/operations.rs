//! Options of `operations`.

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
}

/// Layers of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Layer {
    /// Written on a client
    #[default]
    Call,
    /// Restated at the caller of a function of the project
    Wrapper,
}

impl Layer {
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Wrapper => "wrapper",
        }
    }
}

//! Which configuration.

use std::path::PathBuf;

use clap::Args;

/// Which configuration counts.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ConfigurationArguments {
    /// Use this configuration for all files, and no other
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long, global = true)]
    pub(in crate::cli) no_config: bool,
}

/// Options of `config`.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ConfigArguments {
    /// The file or folder to show the configuration of; the working directory when there is none
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,

    /// Write the JSON Schema of configurations, with your own rules in it
    #[arg(long)]
    pub(in crate::cli) schema: bool,
}

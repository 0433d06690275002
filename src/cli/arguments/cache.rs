//! Whether results of former runs count, and where they are.

use std::path::PathBuf;

use clap::Args;

use crate::cache::Cache;

/// The cache.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct CacheArguments {
    /// Do not use results of former runs, and keep none
    #[arg(long, global = true)]
    no_cache: bool,

    /// Keep results in this folder [default: `redis-lint` in the platform's cache folder]
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true, conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,
}

impl CacheArguments {
    /// The cache of the run, if there is one.
    #[must_use]
    pub fn cache(&self) -> Option<Cache> {
        match &self.cache_dir {
            _ if self.no_cache => None,
            Some(folder) => Some(Cache::new(folder.clone())),
            None => Cache::of_platform(),
        }
    }
}

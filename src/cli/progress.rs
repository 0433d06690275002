//! A sign of life while a long run goes on: on a terminal only, never in a pipe or in CI.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Cli, Terminal};

/// What stands on standard error while the tool works. It is gone when this is dropped.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Shows nothing yet.
    pub(super) fn new(cli: &Cli, terminal: &Terminal) -> Self {
        let says = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false");
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if cli.quiet || !terminal.err_is_terminal() || is_dumb || says("CI") {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        Self(Some(bar))
    }

    /// Says what goes on now.
    pub(super) fn stage(&self, what: impl Into<String>) {
        if let Some(bar) = &self.0 {
            bar.set_message(what.into());
            bar.enable_steady_tick(Duration::from_millis(100));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

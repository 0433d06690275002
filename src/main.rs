//! The `redis-lint` command.

use std::process::ExitCode;

use clap::Parser;
use redis_lint::cli::{self, Analyses, Cli, Terminal};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut terminal = Terminal::standard(&cli);
    let outcome = Analyses::new(&cli, &terminal).and_then(|analyses| cli::run(&cli, &analyses, &mut terminal));
    terminal.finish(outcome)
}

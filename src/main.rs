//! The `redis-lint` command.

use std::process::ExitCode;

use clap::Parser;
use redis_lint::cli::{self, Analyses, Cached, Cli, Terminal};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut terminal = Terminal::standard(&cli);
    let engine = Cached::new(Analyses::new(cli.cache.cache()), cli.cache.cache());
    let outcome = cli::run(&cli, &engine, &mut terminal);
    terminal.finish(outcome)
}

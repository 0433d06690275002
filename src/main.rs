//! The `redis-lint` command.

use std::process::ExitCode;

use clap::Parser;
use redis_lint::cli::{self, Analyses, Cli, Terminal};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut terminal = Terminal::standard(&cli);
    let outcome = cli::run(&cli, &Analyses, &mut terminal);
    terminal.finish(outcome)
}

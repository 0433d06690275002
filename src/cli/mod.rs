//! The command line: what may be asked, and how the answer gets to the terminal.

mod arguments;
mod baseline;
mod cached;
mod check;
mod config;
mod engine;
mod error;
mod examine;
mod fixing;
mod ignoring;
mod init;
mod input;
mod kept;
mod modules;
mod operations;
mod own;
mod profile;
mod progress;
mod reports;
mod rewrite;
mod rules;
mod save;
mod select;
mod setup;
mod shell;
mod since;
mod terminal;
#[cfg(test)]
mod tests;

pub use arguments::{BaselineArguments, CheckArguments, Cli, Command, OperationsArguments};
pub use baseline::baseline;
pub use cached::Cached;
pub use check::check;
pub use config::config;
pub use engine::Analyses;
pub use error::Error;
pub use init::init;
pub use input::{Checked, Engine, Input};
pub use operations::operations;
pub use profile::Profiles;
pub use rules::{explain, rules};
pub use setup::Setup;
pub use shell::{completions, man};
pub use terminal::Terminal;

/// Stack of a worker thread, in bytes. Lowering goes as deep as its bound lets code nest, which the default of 2 MiB may
/// not hold in a build without optimisation.
const STACK: usize = 8 << 20;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to report: 0.
    Clean,
    /// Findings at or above the failing severity: 1.
    Findings,
}

/// Runs what was asked, on as many threads as were asked for.
///
/// # Errors
/// When the tool cannot do its work.
pub fn run(cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cli.threads).stack_size(STACK).build().map_err(Error::Threads)?;
    pool.install(|| match cli.command()? {
        Command::Check(arguments) => check(&arguments, cli, engine, terminal),
        Command::Baseline(arguments) => baseline(&arguments, cli, engine, terminal),
        Command::Operations(arguments) => operations(&arguments, cli, engine, terminal),
        Command::Init => init(cli, engine, terminal),
        Command::Config(arguments) => config(&arguments, cli, terminal),
        Command::Rules => rules(cli, terminal),
        Command::Completions { shell } => completions(shell, terminal),
        Command::Man => man(terminal),
        Command::Explain { rule } => explain(&rule, cli, terminal),
    })
}

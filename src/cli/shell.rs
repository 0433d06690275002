//! `redis-lint completions` and `redis-lint man`: made of the same table as the command line itself.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Error, Outcome, Terminal};

/// Writes the completions for a shell.
///
/// # Errors
/// When they cannot be written.
pub fn completions(shell: Shell, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let mut command = <Cli as CommandFactory>::command();
    // It writes to memory: what it writes to directly must never fail, and a pipe may.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "redis-lint", &mut script);
    terminal.write(|out| out.write_all(&script))?;
    Ok(Outcome::Clean)
}

/// Writes the manual page: the command, then each of its commands.
///
/// # Errors
/// When it cannot be written.
pub fn man(terminal: &mut Terminal) -> Result<Outcome, Error> {
    let mut command = <Cli as CommandFactory>::command().mut_args(|argument| argument.hide_short_help(false));
    command.build();
    terminal.write(|out| {
        let page = clap_mangen::Man::new(command.clone());
        page.render_title(out)?;
        page.render_name_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_options_section(out)?;
        for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
            write_command(out, subcommand)?;
        }
        page.render_extra_section(out)?;
        page.render_version_section(out)
    })?;
    Ok(Outcome::Clean)
}

/// The section of a command: what it is for, and the options that are not those of all commands. Those of `check` stand at the
/// top already.
fn write_command(out: &mut dyn io::Write, command: &clap::Command) -> io::Result<()> {
    let name = command.get_name().to_owned();
    let own = command.clone().mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument });
    let page = clap_mangen::Man::new(own.disable_help_flag(true));
    let mut text = Vec::new();
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    if name != "check" {
        page.render_options_section(&mut text)?;
    }
    let text = String::from_utf8_lossy(&text).replace(".SH SYNOPSIS", &format!(".SH REDIS\\-LINT {}", name.to_uppercase()));
    let text = text.replace(".SH DESCRIPTION\n", ".PP\n").replace(".SH OPTIONS\n", "");
    out.write_all(text.as_bytes())
}

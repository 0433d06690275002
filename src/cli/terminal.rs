//! Where answers and errors go, and how they look there.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::{Cli, Color};
use super::{Error, Outcome};
use crate::output::{Style, clean};

/// Columns used where nobody tells how many there are.
const WIDTH: usize = 80;

/// Standard output and standard error, or what stands for them in a test.
pub struct Terminal {
    input: Box<dyn Read + Send>,
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    out_style: Style,
    err_style: Style,
    err_is_terminal: bool,
    /// The working directory, when it is not that of the process.
    directory: Option<PathBuf>,
}

impl Terminal {
    /// The terminal of the process.
    #[must_use]
    pub fn standard(cli: &Cli) -> Self {
        let style = |is_terminal: bool| Style { color: wants_color(cli.color, is_terminal), width: width(is_terminal), quiet: false };
        Self {
            input: Box::new(io::stdin()),
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            out_style: style(io::stdout().is_terminal()),
            err_style: style(io::stderr().is_terminal()),
            err_is_terminal: io::stderr().is_terminal(),
            directory: None,
        }
    }

    /// A terminal that writes elsewhere and stands in another folder.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>, directory: PathBuf) -> Self {
        Self {
            input: Box::new(io::empty()),
            out,
            err,
            out_style: Style::default(),
            err_style: Style::default(),
            err_is_terminal: false,
            directory: Some(directory),
        }
    }

    /// The same with something to read.
    #[must_use]
    pub fn with_input(self, input: Box<dyn Read + Send>) -> Self {
        Self { input, ..self }
    }

    /// All of standard input.
    pub(super) fn read_all(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.input.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The working directory.
    pub(super) fn directory(&self) -> io::Result<PathBuf> {
        self.directory.clone().map_or_else(std::env::current_dir, Ok)
    }

    /// Whether somebody watches standard error.
    pub(super) fn err_is_terminal(&self) -> bool {
        self.err_is_terminal
    }

    /// How a report looks here.
    pub(super) fn style(&self, quiet: bool) -> Style {
        Style { quiet, ..self.out_style }
    }

    /// Writes an answer. When the reader has gone away (`| head`), nobody misses the rest.
    pub(super) fn write(&mut self, answer: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let mut out = BufWriter::with_capacity(1 << 16, &mut self.out);
        let written = answer(&mut out).and_then(|()| out.flush());
        // What is left in the buffer of a closed pipe must not be tried again.
        let _ = out.into_parts();
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    /// Writes a remark that is no part of the answer. Where remarks cannot be written, nobody reads them.
    pub(super) fn note(&mut self, remark: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let _ = remark(&mut self.err);
    }

    /// Writes the error of a run, if it had one, and says how the process ends.
    pub fn finish(&mut self, outcome: Result<Outcome, Error>) -> ExitCode {
        match outcome {
            Ok(Outcome::Clean) => ExitCode::SUCCESS,
            Ok(Outcome::Findings) => ExitCode::from(1),
            Err(error) => {
                let mut text = String::new();
                let drawn = self.err_style.handler().render_report(&mut text, &error);
                if drawn.is_err() {
                    text = format!("{error}\n");
                }
                // Where even errors cannot be written, the exit code has to do.
                let _ = self.err.write_all(tame(&text).as_bytes());
                ExitCode::from(2)
            }
        }
    }
}

/// A drawing without what paths and files in it may hold for a terminal to obey. Colours stay.
fn tame(drawn: &str) -> String {
    let mut tamed = String::with_capacity(drawn.len());
    for line in drawn.split_inclusive('\n') {
        let (mut rest, end) = line.strip_suffix('\n').map_or((line, ""), |rest| (rest, "\n"));
        while let Some(at) = rest.find('\x1b') {
            let (before, from) = rest.split_at(at);
            let length = from.strip_prefix("\x1b[").and_then(|code| code.find(|c: char| !c.is_ascii_digit() && c != ';'));
            let is_color = length.is_some_and(|length| from[2 + length..].starts_with('m'));
            let taken = if is_color { 3 + length.unwrap_or_default() } else { 1 };
            tamed.push_str(&clean(before));
            tamed.push_str(&if is_color { from[..taken].into() } else { clean(&from[..taken]) });
            rest = &from[taken..];
        }
        tamed.push_str(&clean(rest));
        tamed.push_str(end);
    }
    tamed
}

/// Whether to use colours. NO_COLOR counts when it is not empty: https://no-color.org.
fn wants_color(color: Color, is_terminal: bool) -> bool {
    let says = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !says("NO_COLOR") && !is_dumb(),
    }
}

/// Columns of the terminal, within what reads well.
fn width(is_terminal: bool) -> usize {
    let columns = if is_terminal { terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0)) } else { None };
    columns.map_or(WIDTH, |columns| columns.clamp(60, 120))
}

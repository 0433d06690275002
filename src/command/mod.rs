//! The command table: what Redis says of each of its commands.
//!
//! `commands.json` is generated from a running server by `tools/command-table`; `commands-overlay.toml` is kept by hand
//! and holds what the server does not say. Tests compare both with a server.

mod deeds;
mod keys;
mod load;
mod model;
mod server;
mod service;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use deeds::{Deed, Deeds};
pub use keys::{Begin, Find, KeyPositions, KeySpec};
pub use model::{Batch, Command, Cost, Equivalent, PerProduct, Reply, ReplyMissing, Slot, Token, TtlEffect, TtlUnit, ValueType, Varies};
pub use server::{Product, Server};
pub use service::Service;

/// All commands, by canonical name.
#[derive(Debug)]
pub struct CommandTable {
    commands: Vec<Command>,
    by_name: FxHashMap<SmolStr, u32>,
}

/// The command table could not be read. The table is part of the program: this is a mistake of its makers.
#[derive(Debug, thiserror::Error)]
pub enum CommandTableError {
    /// The generated part.
    #[error("commands.json cannot be read; write it anew with tools/command-table/generate.py: {0}")]
    Generated(#[source] serde_json::Error),
    /// The overlay.
    #[error("commands-overlay.toml cannot be read: {0}")]
    Overlay(#[source] Box<toml::de::Error>),
    /// The overlay names a command that commands.json does not have.
    #[error("commands-overlay.toml describes `{0}`, which commands.json does not have; correct the name or remove the row")]
    UnknownCommand(SmolStr),
    /// The overlay has a batch for something that cannot vary.
    #[error("commands-overlay.toml: batch of `{command}` says `{varies}`; write `key`, `field` or `member`")]
    UnknownBatch {
        /// Whose row.
        command: SmolStr,
        /// What it says.
        varies: SmolStr,
    },
}

impl CommandTable {
    /// The table that is part of the program.
    ///
    /// # Panics
    /// When the embedded files do not load, which a test rules out.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static TABLE: OnceLock<CommandTable> = OnceLock::new();
        TABLE.get_or_init(|| match Self::load(include_str!("../../commands.json"), include_str!("../../commands-overlay.toml")) {
            Ok(table) => table,
            Err(error) => panic!("{error}"),
        })
    }

    /// A table from the text of its two files.
    ///
    /// # Errors
    /// When a file is not of the form, or the overlay names what the generated part does not have.
    pub fn load(generated: &str, overlay: &str) -> Result<Self, CommandTableError> {
        let commands = load::load(generated, overlay)?;
        let by_name = commands.iter().zip(0..).map(|(command, index)| (command.name.clone(), index)).collect();
        Ok(Self { commands, by_name })
    }

    /// A command by its canonical name, upper case, subcommand after a space: `XGROUP CREATE`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Command> {
        self.by_name.get(name).map(|index| &self.commands[*index as usize])
    }

    /// The command that a raw command line names, in any case, and how many of its words are the name.
    /// A container whose subcommand is not known (`None`, or a word it does not have) is answered as the container, one word.
    #[must_use]
    pub fn of_words(&self, words: &[Option<&str>]) -> Option<(&Command, usize)> {
        let first = words.first().copied().flatten()?;
        // Ruby code writes the whole name as one word now and then: `call("CONFIG GET", …)` is an error of the server.
        let command = self.get(&first.to_ascii_uppercase())?;
        let Some(second) = words.get(1).copied().flatten().filter(|_| command.is_container) else { return Some((command, 1)) };
        match self.subcommand(&command.name, second) {
            Some(subcommand) => Some((subcommand, 2)),
            None => Some((command, 1)),
        }
    }

    /// The subcommand of a container, in any case: `XGROUP`, `create`.
    #[must_use]
    pub fn subcommand(&self, container: &str, word: &str) -> Option<&Command> {
        self.get(&format!("{container} {}", word.to_ascii_uppercase()))
    }

    /// All commands, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter()
    }
}

impl Command {
    /// Where its keys stand among the words after its name (after the subcommand, for `XGROUP CREATE`); `None` for a word whose
    /// text is not known.
    #[must_use]
    pub fn key_positions(&self, words: &[Option<&str>]) -> KeyPositions {
        self.keys_among(words, false)
    }

    /// The same for a list that a spread leaves open at its end.
    #[must_use]
    pub fn key_positions_open(&self, words: &[Option<&str>]) -> KeyPositions {
        self.keys_among(words, true)
    }

    fn keys_among(&self, words: &[Option<&str>], open: bool) -> KeyPositions {
        keys::key_positions(&self.keys, if self.name.contains(' ') { 2 } else { 1 }, words, open)
    }
}

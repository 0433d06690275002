//! redis-lint reads TypeScript, JavaScript and Ruby, finds every call on a Redis client and says what is wrong with it.
//!
//! The way the data flows, and the walls between the rooms, are described in ARCHITECTURE.md.

pub mod baseline;
pub mod cache;
pub mod changes;
pub mod cli;
pub mod client;
pub mod command;
pub mod config;
pub mod context;
pub mod finding;
pub mod fix;
pub mod key;
pub mod language;
pub mod operation;
pub mod output;
pub mod pipeline;
pub mod program;
pub mod project;
pub mod resolve;
pub mod rule;
pub mod source;
pub mod suppression;
pub mod walk;

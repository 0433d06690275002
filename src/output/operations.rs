//! The list of Redis operations: the view that both of its outputs share, and the table for a person.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::clean::clean;
use super::{counted, write_skipped};
use crate::finding::Skipped;

/// One operation of the list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OperationRow {
    /// Path relative to the working directory.
    pub path: String,
    /// Line of the method's name, 1-based.
    pub line: u32,
    /// Column of the method's name, 1-based, in characters.
    pub column: u32,
    /// Line where the call ends.
    pub end_line: u32,
    /// Column behind the call's last character.
    pub end_column: u32,
    /// Canonical Redis command, or `CONNECT`, `PIPELINE`, `MULTI`, `EXEC`, `QUIT`.
    pub command: String,
    /// Method as written.
    pub method: String,
    /// Client library.
    pub library: String,
    /// Highest major version of it that the project allows, when known.
    pub major: Option<u32>,
    /// `connection`, `pipeline`, `transaction` …
    pub role: Option<String>,
    /// How it is known to be a client: `constructed`, `declared`, `imported`, `named`.
    pub evidence: String,
    /// `call`, `library`, `wrapper` or `script`.
    pub layer: String,
    /// Key templates with `{}` for holes, joined with `|`.
    pub key: Option<String>,
    /// What the client puts in front of every key, with `{}` for holes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_prefix: Option<String>,
    /// Time to live that it sets: a number of seconds, `none`, `dynamic` when it is known at run time only, or null.
    #[cfg_attr(test, schemars(schema_with = "super::schemas::ttl"))]
    pub ttl: Option<Ttl>,
    /// The innermost loop around it, or `none`.
    #[serde(rename = "loop")]
    pub in_loop: String,
    /// Where the code runs.
    pub runs_in: Vec<String>,
    /// The function it stands in.
    pub function: Option<String>,
    /// The steps from the call to where its client was made, when they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepRow>,
}

/// A place with what it says of a client.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StepRow {
    /// Path relative to the working directory.
    pub path: String,
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based, in characters.
    pub column: u32,
    /// What is there.
    pub message: String,
}

impl StepRow {
    pub(super) fn shown(&self) -> String {
        format!("{}:{}:{}: {}", clean(&self.path), self.line, self.column, clean(&self.message))
    }
}

/// The time to live that an operation sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ttl {
    /// None: the key stays.
    None,
    /// So many seconds.
    Seconds(f64),
    /// Known at run time only.
    Dynamic,
}

impl Serialize for Ttl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str("none"),
            Self::Dynamic => serializer.serialize_str("dynamic"),
            // Whole numbers without a decimal point.
            Self::Seconds(seconds) if seconds.fract() == 0.0 && seconds.abs() < 9e15 => serializer.serialize_i64(*seconds as i64),
            Self::Seconds(seconds) => serializer.serialize_f64(*seconds),
        }
    }
}

/// Writes the operations as a table, and what was not analysed.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_operations_human(out: &mut dyn Write, operations: &[OperationRow], skipped: &[Skipped], quiet: bool) -> io::Result<()> {
    let place = |row: &OperationRow| format!("{}:{}:{}", clean(&row.path), row.line, row.column);
    // One long path must not push all other rows out of sight.
    let width = operations.iter().map(|row| place(row).chars().count()).max().unwrap_or(0).min(48);
    for row in operations {
        write!(out, "{:width$}  {:<12} {}", place(row), clean(&row.command), clean(row.key.as_deref().unwrap_or("-")))?;
        if let Some(prefix) = &row.key_prefix {
            write!(out, "  behind {}", clean(prefix))?;
        }
        match row.ttl {
            Some(Ttl::Seconds(seconds)) => write!(out, "  ttl {seconds} s")?,
            Some(Ttl::Dynamic) => write!(out, "  ttl dynamic")?,
            Some(Ttl::None) => write!(out, "  no ttl")?,
            None => {}
        }
        if row.in_loop != "none" {
            write!(out, "  in a loop ({})", clean(&row.in_loop))?;
        }
        writeln!(out, "  [{} {}, {}]", clean(&row.library), clean(row.role.as_deref().unwrap_or("client")), clean(&row.evidence))?;
        for (index, step) in row.steps.iter().enumerate() {
            writeln!(out, "{:>4}. {}", index + 1, step.shown())?;
        }
    }
    if quiet {
        return Ok(());
    }
    write_skipped(out, skipped)?;
    writeln!(out, "{}.", counted(operations.len(), "operation"))
}

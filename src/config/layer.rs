//! One configuration file, read.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::error::{Error, Mistake};
use super::file::File;
use crate::rule::nearest;

/// A file that was read, and what is wrong with it besides what rules and clients there are.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The file as it is printed: relative to the working directory, or absolute when it lies outside of it.
    pub path: String,
    /// The folder it lies in, without links: what its paths and globs are relative to.
    pub folder: PathBuf,
    /// What it says.
    pub file: File,
    text: String,
}

impl Layer {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is not what a configuration may be.
    pub(super) fn read(real: &Path, directory: &Path) -> Result<Self, Error> {
        let path = printed(real, directory);
        let text = match std::fs::read_to_string(real) {
            Ok(text) => text,
            Err(error) => return Err(Error::Unreadable { path, reason: error.to_string() }),
        };
        // Notepad puts a byte order mark in front, and TOML allows none.
        let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
        let folder = real.parent().unwrap_or(real).to_owned();
        match toml::from_str::<File>(&text) {
            Ok(file) => Ok(Self { path, folder, file, text }),
            Err(error) => {
                let message = error.message();
                let help = nearest_expected(message).map(|word| format!("did you mean `{word}`?"));
                let mistake = Mistake::new(&path, &text, error.span().unwrap_or(0..0), message, help);
                Err(Error::Wrong { mistakes: vec![mistake] })
            }
        }
    }

    /// A mistake at a place in it.
    pub(super) fn mistake(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<Option<String>>) -> Mistake {
        Mistake::new(&self.path, &self.text, span, message, help.into())
    }

    /// Where something stands: `redis-lint.toml:12`.
    #[must_use]
    pub fn origin<T>(&self, value: &Spanned<T>) -> String {
        let before = self.text.as_bytes().iter().take(value.span().start);
        format!("{}:{}", self.path, 1 + before.filter(|byte| **byte == b'\n').count())
    }
}

/// A path as it is printed.
pub(super) fn printed(real: &Path, directory: &Path) -> String {
    let path = real.strip_prefix(directory).unwrap_or(real).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// serde words it "unknown field `x`, expected one of `a`, `b`": the nearest of a and b.
fn nearest_expected(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let written = quoted.next()?;
    message.starts_with("unknown ").then_some(())?;
    nearest(written, quoted)
}

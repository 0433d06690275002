//! Files whose text was changed, and how that gets to the disk.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use similar::TextDiff;

use super::save::save;
use super::{Error, Input};
use crate::output::{Style, clean};
use crate::source::{FileId, SourceFile};

/// Changed files, each with the text that it had.
#[derive(Debug, Default)]
pub(super) struct Rewrite {
    before: BTreeMap<FileId, Arc<str>>,
}

impl Rewrite {
    /// Gives a file of the input another text.
    pub fn change(&mut self, input: &mut Input, file: FileId, text: String) {
        let source = &mut input.walked.files[file.0 as usize];
        self.before.entry(file).or_insert_with(|| Arc::clone(&source.text));
        set(source, &text);
    }

    /// Gives the files the texts that they had.
    pub fn undo(self, input: &mut Input) {
        for (file, text) in self.before {
            set(&mut input.walked.files[file.0 as usize], &text);
        }
    }

    /// What was changed first, and then again.
    pub fn follow(&mut self, next: Self) {
        for (file, text) in next.before {
            self.before.entry(file).or_insert(text);
        }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty()
    }

    /// Number of files that are different.
    pub fn len(&self) -> usize {
        self.before.len()
    }

    /// Writes the changed files, each in one step. A file that is no longer what was read is left alone.
    ///
    /// # Errors
    /// For the first file that cannot be written. Those before it are written, the others are as they were.
    pub fn write(&self, input: &Input) -> Result<(), Error> {
        for (file, before) in &self.before {
            let (source, real) = (&input.walked.files[file.0 as usize], &input.walked.real[file.0 as usize]);
            let refused = |reason: String| Error::Rewrite { path: source.path.to_string(), reason };
            let now = std::fs::read(real).map_err(|error| refused(error.to_string()))?;
            if now != before.as_bytes() {
                return Err(refused("it was changed while it was looked at".to_owned()));
            }
            if std::fs::metadata(real).is_ok_and(|file| file.permissions().readonly()) {
                return Err(refused("it is read-only".to_owned()));
            }
            save(real, source.text.as_bytes()).map_err(|error| refused(error.to_string()))?;
        }
        Ok(())
    }

    /// Writes what is different, as a patch.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_diff(&self, out: &mut dyn Write, input: &Input, style: Style) -> io::Result<()> {
        for (file, before) in &self.before {
            let source = &input.walked.files[file.0 as usize];
            let diff = TextDiff::from_lines(before.as_ref(), source.text.as_ref());
            let path = clean(&source.path);
            let text = diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
            for line in text.split_inclusive('\n') {
                let color = match line.as_bytes().first() {
                    Some(b'+') => "\x1b[32m",
                    Some(b'-') => "\x1b[31m",
                    Some(b'@') => "\x1b[36m",
                    _ => "",
                };
                if style.color {
                    writeln!(out, "{color}{}\x1b[0m", clean(line.trim_end_matches(['\n', '\r'])))?;
                } else {
                    // A patch is for programs.
                    out.write_all(line.as_bytes())?;
                }
            }
        }
        Ok(())
    }
}

fn set(source: &mut SourceFile, text: &str) {
    let new = SourceFile::new(source.path.clone(), source.language, text.as_bytes().to_vec());
    *source = SourceFile { in_project: source.in_project.clone(), from_top: source.from_top.clone(), ..new };
}

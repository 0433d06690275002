//! Which files are parsed: those that mention a client library, and those that mention a name which carries a client.

use rustc_hash::FxHashSet;

use super::Input;
use crate::resolve::{Modules, Resolution};
use crate::source::FileId;

/// The files selected so far.
pub(super) struct Selection {
    files: FxHashSet<FileId>,
}

impl Selection {
    pub fn new(input: Input<'_>) -> Self {
        Self { files: (0..input.sources.len() as u32).map(FileId).collect() }
    }

    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.files.iter().copied()
    }

    pub fn grow(&mut self, _input: Input<'_>, _resolution: &Resolution, _modules: &dyn Modules) -> bool {
        false
    }
}

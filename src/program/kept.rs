//! A module as bytes, for those who keep it: compact, quick to read, and the same for one build of the tool only.

use super::Module;

impl Module {
    /// The module as bytes; `None` when it has no such form.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(self).ok()
    }

    /// The module that [`Self::to_bytes`] wrote; `None` when the bytes are something else. That they were written by this build,
    /// the caller knows.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

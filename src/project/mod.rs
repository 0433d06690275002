//! What the manifests of a project say.

mod manifest;

pub use manifest::{Manifest, is_manifest};

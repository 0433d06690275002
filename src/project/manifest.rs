//! Which files describe a project rather than being part of it.

/// A manifest, lock file or configuration, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Path as printed, like the paths of source files.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Whether a file name is one of a manifest, lock file or configuration that tells about a project.
#[must_use]
pub fn is_manifest(name: &str) -> bool {
    let between = |start: &str, ends: &[&str]| name.starts_with(start) && ends.iter().any(|end| name.ends_with(end));
    matches!(
        name,
        "package.json"
            | "package-lock.json"
            | "npm-shrinkwrap.json"
            | "pnpm-lock.yaml"
            | "pnpm-workspace.yaml"
            | "yarn.lock"
            | "bun.lock"
            | "jsconfig.json"
            | "Gemfile"
            | "Gemfile.lock"
    ) || between("tsconfig", &[".json"])
        || between("docker-compose", &[".yml", ".yaml"])
        || between("compose", &[".yml", ".yaml"])
        || name.ends_with(".gemspec")
}

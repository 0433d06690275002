//! Lock files: which version of a package was installed where.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use super::{Ecosystem, Manifest, Version, json};

/// A lock file. It is read when the first question comes, since few projects' locks are asked.
#[derive(Debug)]
pub(super) struct Lock {
    kind: Kind,
    bytes: Vec<u8>,
    installed: OnceLock<Installed>,
}

/// Formats of lock files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Npm,
    Pnpm,
    Yarn,
    Bun,
    Bundler,
}

/// What a lock file holds.
#[derive(Debug, Default)]
struct Installed {
    /// By the format's own name for an installation, see [`Lock::version`].
    places: FxHashMap<String, Version>,
    /// All versions of a package, in order of the file.
    all: FxHashMap<String, Vec<Version>>,
}

/// Who asks for a package: the folder of its `package.json` seen from the lock file's, its name, and what it wrote.
pub(super) struct Dependent<'a> {
    pub(super) folder: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) specifier: &'a str,
}

impl Lock {
    pub(super) fn new(name: &str, manifest: &Manifest) -> Option<Self> {
        let kind = match name {
            "package-lock.json" | "npm-shrinkwrap.json" => Kind::Npm,
            "pnpm-lock.yaml" => Kind::Pnpm,
            "yarn.lock" => Kind::Yarn,
            "bun.lock" => Kind::Bun,
            "Gemfile.lock" => Kind::Bundler,
            _ => return None,
        };
        Some(Self { kind, bytes: manifest.bytes.clone(), installed: OnceLock::new() })
    }

    pub(super) fn ecosystem(&self) -> Ecosystem {
        if self.kind == Kind::Bundler { Ecosystem::Gem } else { Ecosystem::Npm }
    }

    /// The version that a dependent gets.
    pub(super) fn version(&self, package: &str, dependent: &Dependent) -> Option<Version> {
        let places = &self.installed().places;
        match self.kind {
            // Where Node would find it: in the dependent's own folder, or further up.
            Kind::Npm => super::path::upwards(dependent.folder).find_map(|folder| {
                let at = if folder.is_empty() { format!("node_modules/{package}") } else { format!("{folder}/node_modules/{package}") };
                places.get(&at).copied()
            }),
            Kind::Pnpm => {
                let importer = if dependent.folder.is_empty() { "." } else { dependent.folder };
                places.get(&format!("{importer} {package}")).copied()
            }
            Kind::Yarn => places.get(&format!("{package}@{}", dependent.specifier.trim_start_matches("npm:"))).copied(),
            Kind::Bun => {
                let own = dependent.name.and_then(|name| places.get(&format!("{name}/{package}")));
                own.or_else(|| places.get(package)).copied()
            }
            Kind::Bundler => places.get(package).copied(),
        }
    }

    /// All versions of a package that are installed, for whomever.
    pub(super) fn all(&self, package: &str) -> &[Version] {
        self.installed().all.get(package).map(Vec::as_slice).unwrap_or_default()
    }

    fn installed(&self) -> &Installed {
        self.installed.get_or_init(|| {
            let mut installed = match self.kind {
                Kind::Npm => npm(&self.bytes),
                Kind::Pnpm => pnpm(&String::from_utf8_lossy(&self.bytes)),
                Kind::Yarn => yarn(&String::from_utf8_lossy(&self.bytes)),
                Kind::Bun => bun(&self.bytes),
                Kind::Bundler => bundler(&String::from_utf8_lossy(&self.bytes)),
            };
            installed.all.values_mut().for_each(|versions| {
                versions.sort_unstable();
                versions.dedup();
            });
            installed
        })
    }
}

impl Installed {
    fn add(&mut self, place: String, package: &str, version: Version) {
        self.places.insert(place, version);
        self.also(package, version);
    }

    fn also(&mut self, package: &str, version: Version) {
        self.all.entry(package.to_owned()).or_default().push(version);
    }
}

/// `package-lock.json`. Versions 2 and 3 list folders, version 1 a tree of names whose top is the project's own folder.
fn npm(bytes: &[u8]) -> Installed {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        packages: FxHashMap<String, Entry>,
        #[serde(default)]
        dependencies: FxHashMap<String, Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        version: Option<String>,
    }
    let mut installed = Installed::default();
    let Ok(file) = serde_json::from_slice::<File>(bytes) else { return installed };
    let version = |entry: &Entry| entry.version.as_deref().and_then(Version::parse);
    for (place, entry) in &file.packages {
        if let (Some((_, package)), Some(version)) = (place.rsplit_once("node_modules/"), version(entry)) {
            installed.add(place.clone(), package, version);
        }
    }
    if file.packages.is_empty() {
        for (package, entry) in &file.dependencies {
            if let Some(version) = version(entry) {
                installed.add(format!("node_modules/{package}"), package, version);
            }
        }
    }
    installed
}

/// `pnpm-lock.yaml`, written by a machine: two spaces a level, one key a line. Versions 5 to 9 differ in how deep a version
/// stands (`redis: 4.6.7`, or `redis:` with `version: 4.6.7` below) and in how they spell the keys of `packages`.
fn pnpm(text: &str) -> Installed {
    let mut installed = Installed::default();
    let mut keys: Vec<&str> = Vec::new();
    for line in text.lines() {
        let content = line.trim_start();
        let level = (line.len() - content.len()) / 2;
        let Some((key, value)) = yaml_entry(content) else { continue };
        keys.truncate(level);
        if keys.len() < level {
            continue;
        }
        keys.push(key);
        let is_section = |key: &str| matches!(key, "dependencies" | "devDependencies" | "optionalDependencies");
        let (importer, package) = match keys.as_slice() {
            ["importers", importer, section, package, "version"] if is_section(section) => (*importer, *package),
            ["importers", importer, section, package] if is_section(section) => (*importer, *package),
            [section, package, "version"] | [section, package] if is_section(section) => (".", *package),
            ["packages", key] => {
                let key = key.trim_start_matches('/');
                let key = key.split('(').next().unwrap_or(key);
                let split = key.rfind('@').filter(|at| *at > 0).or_else(|| key.rfind('/'));
                if let Some(at) = split
                    && let Some(version) = Version::parse(key[at + 1..].split('_').next().unwrap_or_default())
                {
                    installed.also(&key[..at], version);
                }
                continue;
            }
            _ => continue,
        };
        if let Some(version) = pnpm_version(value) {
            installed.add(format!("{importer} {package}"), package, version);
        }
    }
    installed
}

/// `4.6.7`, `4.6.7(peer@1.0.0)`, `4.6.7_peer@1.0.0`, or with the name of what an alias stands for: `/redis/3.1.2`, `redis@3.1.2`.
fn pnpm_version(value: &str) -> Option<Version> {
    let value = value.split(['(', '_']).next()?;
    if value.is_empty() || value.contains(':') {
        return None;
    }
    let start = value.rfind(['@', '/']).map_or(0, |at| at + 1);
    Version::parse(&value[start..])
}

/// The key and value of a line of YAML, without quotes.
fn yaml_entry(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = match line.chars().next()? {
        quote @ ('\'' | '"') => {
            let end = line[1..].find(quote)? + 1;
            (&line[1..end], line[end + 1..].strip_prefix(':')?)
        }
        '#' | '-' => return None,
        _ => match line.find(": ") {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line.strip_suffix(':')?, ""),
        },
    };
    Some((key, rest.trim().trim_matches(['\'', '"'])))
}

/// `yarn.lock`, classic and berry: what was asked for, several separated by commas, and below it the version.
fn yarn(text: &str) -> Installed {
    let mut installed = Installed::default();
    let mut asked: Vec<String> = Vec::new();
    for line in text.lines() {
        if !line.starts_with([' ', '#']) {
            let line = line.trim_end_matches(':').replace('"', "");
            asked = line.split(", ").map(|asked| asked.replacen("@npm:", "@", 1)).collect();
        } else if let Some(version) = line.strip_prefix("  version")
            && let Some(version) = Version::parse(version.trim_start_matches([':', ' ']).trim_matches('"'))
        {
            for asked in asked.drain(..) {
                let Some(at) = asked.get(1..).and_then(|rest| rest.find('@')) else { continue };
                let package = asked[..=at].to_owned();
                if !asked[at + 2..].starts_with("workspace:") {
                    installed.add(asked, &package, version);
                }
            }
        }
    }
    installed
}

/// `bun.lock`: JSON with trailing commas; a package's value begins with `name@version`.
fn bun(bytes: &[u8]) -> Installed {
    let mut installed = Installed::default();
    let Ok(file) = json::parse(bytes) else { return installed };
    for (place, value) in file.get("packages").and_then(Value::as_object).into_iter().flatten() {
        let resolved = value.get(0).and_then(Value::as_str).unwrap_or_default();
        if let Some((package, version)) = resolved.rsplit_once('@')
            && let Some(version) = Version::parse(version)
        {
            installed.add(place.clone(), package, version);
        }
    }
    installed
}

/// `Gemfile.lock`: four spaces before what is installed, six before what that asks for.
fn bundler(text: &str) -> Installed {
    let mut installed = Installed::default();
    for line in text.lines() {
        if let Some(entry) = line.strip_prefix("    ").filter(|entry| !entry.starts_with(' '))
            && let Some((name, version)) = entry.trim_end().trim_end_matches(')').split_once(" (")
            && let Some(version) = Version::parse(version)
        {
            installed.add(name.to_owned(), name, version);
        }
    }
    installed
}

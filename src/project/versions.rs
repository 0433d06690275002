//! Which versions of a package a file may meet.

use super::lock::Dependent;
use super::path::{below, upwards};
use super::{Project, Range, Version};

/// A registry, with its own manifests and its own idea of ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ecosystem {
    /// npm: package.json and the lock files of npm, pnpm, yarn and bun.
    Npm,
    /// RubyGems: Gemfile, gemspecs and Gemfile.lock.
    Gem,
}

/// The versions of a package that a file may meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The one that the lock file names.
    pub exact: Option<Version>,
    /// Those that the manifests allow, when no lock file decides. Without either, every version is.
    pub range: Option<Range>,
}

impl Allowed {
    /// Whether some patch version of `major.minor` is allowed.
    #[must_use]
    pub fn allows(&self, major: u32, minor: u32) -> bool {
        match (&self.exact, &self.range) {
            (Some(exact), _) => (exact.major, exact.minor) == (major, minor),
            (None, Some(range)) => range.allows(major, minor),
            (None, None) => true,
        }
    }

    fn exactly(version: Version) -> Self {
        Self { exact: Some(version), range: None }
    }

    fn within(range: Range) -> Self {
        Self { exact: None, range: Some(range) }
    }

    fn one_of(versions: &[Version]) -> Option<Self> {
        match versions {
            [] => None,
            [version] => Some(Self::exactly(*version)),
            several => Some(Self::within(Range::of(several.iter().copied()))),
        }
    }
}

impl Project {
    /// The versions of `package` that the manifests nearest the file at `path` allow: what the lock file says, or else the
    /// manifest's range, or else what the lock file holds for anyone, or else all.
    #[must_use]
    pub fn allowed(&self, path: &str, ecosystem: Ecosystem, package: &str) -> Allowed {
        match ecosystem {
            Ecosystem::Npm => self.allowed_npm(&self.folder(path), package),
            Ecosystem::Gem => self.allowed_gem(&self.folder(path), package),
        }
    }

    /// The folder of the nearest `package.json` or Gemfile above the file at `path`, absolute; empty when there is none.
    #[must_use]
    pub fn package_folder(&self, path: &str) -> String {
        let own = self.folder(path);
        let holds = |folder: &&str| self.packages_by_folder.contains_key(*folder) || self.gems.contains_key(*folder);
        upwards(&own).find(holds).unwrap_or_default().to_owned()
    }

    /// Whether the manifests or lock files at or above the file at `path` name a package.
    #[must_use]
    pub fn depends_on(&self, path: &str, ecosystem: Ecosystem, package: &str) -> bool {
        let own = &self.folder(path);
        let asked = match ecosystem {
            Ecosystem::Npm => self.dependency(own, package).is_some(),
            Ecosystem::Gem => upwards(own).any(|folder| self.gems.get(folder).is_some_and(|gems| gems.get(package).is_some())),
        };
        asked || !self.installed(own, ecosystem, package).is_empty()
    }

    /// Whether the Gemfiles and gemspecs around a path ask for a gem whose name holds a word.
    #[must_use]
    pub fn depends_on_gem_like(&self, path: &str, word: &str) -> bool {
        upwards(&self.folder(path)).any(|folder| self.gems.get(folder).is_some_and(|gems| gems.names().any(|name| name.contains(word))))
    }

    fn allowed_npm(&self, own: &str, package: &str) -> Allowed {
        let Some((dependent, name, specifier)) = self.npm_dependency(own, package) else {
            // It came with another package.
            return Allowed::one_of(self.installed(own, Ecosystem::Npm, package)).unwrap_or_default();
        };
        for at in upwards(&dependent.folder) {
            for lock in self.locks.get(at).into_iter().flatten().filter(|lock| lock.ecosystem() == Ecosystem::Npm) {
                let Some(below) = below(&dependent.folder, at) else { continue };
                let asker = Dependent { folder: below, name: dependent.name.as_deref(), specifier };
                if let Some(version) = lock.version(name, &asker) {
                    return Allowed::exactly(version);
                }
            }
        }
        let wanted = specifier.rsplit_once('@').filter(|_| specifier.starts_with("npm:")).map_or(specifier, |(_, range)| range);
        let range = Range::npm(wanted);
        let installed = self.installed(&dependent.folder, Ecosystem::Npm, package);
        let fitting: Vec<Version> =
            installed.iter().copied().filter(|version| range.as_ref().is_none_or(|range| range.contains(*version))).collect();
        Allowed::one_of(&fitting).unwrap_or(Allowed { exact: None, range })
    }

    /// The nearest dependency on a published package, by its name or by an alias (`"old": "npm:redis@3"`): who asks for it,
    /// under which name, and with which specifier.
    fn npm_dependency<'a>(&'a self, own: &str, package: &'a str) -> Option<(&'a super::Package, &'a str, &'a str)> {
        if let Some((dependent, specifier)) = self.dependency(own, package) {
            return Some((dependent, package, specifier));
        }
        upwards(own).filter_map(|folder| self.packages_by_folder.get(folder)).find_map(|index| {
            let dependent = &self.packages[*index];
            let is_alias = |specifier: &str| {
                specifier
                    .strip_prefix("npm:")
                    .and_then(|rest| rest.strip_prefix(package))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
            };
            let mut aliases: Vec<_> = dependent.dependencies.iter().filter(|(_, specifier)| is_alias(specifier)).collect();
            aliases.sort();
            aliases.first().map(|(name, specifier)| (dependent, name.as_str(), specifier.as_str()))
        })
    }

    fn allowed_gem(&self, own: &str, package: &str) -> Allowed {
        for at in upwards(own) {
            for lock in self.locks.get(at).into_iter().flatten().filter(|lock| lock.ecosystem() == Ecosystem::Gem) {
                if let Some(version) = lock.all(package).last() {
                    return Allowed::exactly(*version);
                }
            }
            if let Some(range) = self.gems.get(at).and_then(|gems| gems.get(package)) {
                return Allowed::within(range.clone());
            }
        }
        Allowed::default()
    }

    /// All versions of a package in the nearest lock file that holds any.
    fn installed(&self, own: &str, ecosystem: Ecosystem, package: &str) -> &[Version] {
        upwards(own)
            .filter_map(|folder| self.locks.get(folder))
            .flatten()
            .filter(|lock| lock.ecosystem() == ecosystem)
            .map(|lock| lock.all(package))
            .find(|versions| !versions.is_empty())
            .unwrap_or_default()
    }
}

//! The versions of a library that a package manager's range allows.

use super::library::Library;
use super::version::{Version, VersionRange, Versions};

impl Library {
    /// The versions of which a test holds, asked with major and minor. One that is older than all that the table knows is
    /// taken for the oldest: a project on node-redis 2 uses callbacks like version 3, and nothing of version 4.
    #[must_use]
    pub fn versions_that(&self, allows: impl Fn(u16, u16) -> bool) -> Versions {
        // Every minor up to this one is asked; a released client has fewer.
        const MINORS: u16 = 100;
        const LATER_MAJORS: u16 = 10;
        let last = self.stretches.cuts().last().map_or(0, |cut| cut.major);
        let asked = (0..=last + LATER_MAJORS).flat_map(|major| (0..MINORS).map(move |minor| (major, minor)));
        let allowed = asked.filter(|(major, minor)| allows(*major, *minor));
        let known = allowed.map(|(major, minor)| Version::new(major, minor).max(self.first()));
        known.fold(Versions::NONE, |all, version| all.union(self.versions(&[VersionRange::exactly(version)])))
    }

    /// The known majors of which a test holds for some minor, lowest first; all known ones when it holds for none, since a
    /// version that the table does not know says nothing. What is older than all of them is taken for the oldest.
    #[must_use]
    pub fn majors_that(&self, allows: impl Fn(u16, u16) -> bool) -> Vec<u32> {
        let mut known: Vec<u16> = self.stretches.cuts().map(|cut| cut.major).collect();
        known.dedup();
        let oldest = self.first().major;
        let holds = |major: u16| (0..100).any(|minor| allows(major, minor));
        let allowed: Vec<u32> = known
            .iter()
            .filter(|major| holds(**major) || **major == oldest && (0..oldest).any(holds))
            .map(|major| u32::from(*major))
            .collect();
        if allowed.is_empty() { known.into_iter().map(u32::from).collect() } else { allowed }
    }

    /// The first version that the table knows.
    fn first(&self) -> Version {
        self.stretches.cuts().next().unwrap_or(Version::new(0, 0))
    }
}

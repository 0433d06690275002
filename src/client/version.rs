//! Versions of client libraries, and sets of them.

use serde::Deserialize;
use smol_str::SmolStr;

/// A version as far as client tables tell them apart: `4.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// Major.
    pub major: u16,
    /// Minor.
    pub minor: u16,
}

impl Version {
    /// `major.minor`.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Reads `4`, `4.3`, `4.3.1`, `v4.3.0-rc.1`; what follows the minor is not looked at.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_parts(text).map(|(version, _)| version)
    }

    /// The version, and whether a minor was written.
    fn parse_parts(text: &str) -> Option<(Self, bool)> {
        let text = text.trim().trim_start_matches(['v', '=']);
        let mut parts = text.split(['.', '-', '+']);
        let major = parts.next()?.parse().ok()?;
        match parts.next() {
            None => Some((Self::new(major, 0), false)),
            Some(minor) if minor.chars().all(|sign| sign.is_ascii_digit()) => Some((Self::new(major, minor.parse().ok()?), true)),
            Some(_) => Some((Self::new(major, 0), false)),
        }
    }

    const fn next_major(self) -> Self {
        Self::new(self.major + 1, 0)
    }

    const fn next_minor(self) -> Self {
        Self::new(self.major, self.minor + 1)
    }
}

/// A row of versions without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// The first.
    pub from: Version,
    /// The first that is not; `None`: no end.
    pub until: Option<Version>,
}

impl VersionRange {
    /// Every version.
    pub const ALL: Self = Self { from: Version::new(0, 0), until: None };

    /// From one version on, before another.
    #[must_use]
    pub const fn new(from: Version, until: Option<Version>) -> Self {
        Self { from, until }
    }

    /// One version and its patches.
    #[must_use]
    pub const fn exactly(version: Version) -> Self {
        Self { from: version, until: Some(version.next_minor()) }
    }

    /// Reads the form of client tables: `3`, `4.3`, `>=4.3`, `>4`, `<=4`, `<4.3`, `4..5` (both included), and these joined by commas.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').try_fold(Self::ALL, |all, part| Some(all.both(Self::parse_one(part.trim())?)))
    }

    fn parse_one(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            return Some(Self::new(Version::parse(from)?, Self::parse_one(to.trim())?.until));
        }
        let start = text.find(|sign: char| sign.is_ascii_digit())?;
        let (version, minor) = Version::parse_parts(&text[start..])?;
        let after = if minor { version.next_minor() } else { version.next_major() };
        match text[..start].trim() {
            "" | "=" => Some(Self::new(version, Some(after))),
            ">=" => Some(Self::new(version, None)),
            ">" => Some(Self::new(after, None)),
            "<=" => Some(Self::new(Version::new(0, 0), Some(after))),
            "<" => Some(Self::new(Version::new(0, 0), Some(version))),
            _ => None,
        }
    }

    /// What both hold; may be empty.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { from: self.from.max(other.from), until }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// Whether it holds a version.
    #[must_use]
    pub fn contains(self, version: Version) -> bool {
        self.from <= version && self.until.is_none_or(|until| version < until)
    }
}

impl<'de> Deserialize<'de> for VersionRange {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = SmolStr::deserialize(from)?;
        let range = Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("`{text}` is not a range of versions; write `3`, `4.3`, `>=4.3`, `<=4`, `<4.3` or `4..5`"))
        })?;
        if range.is_empty() {
            return Err(serde::de::Error::custom(format!("the range `{text}` holds no version")));
        }
        Ok(range)
    }
}

/// The stretches of versions that the rows of one library tell apart, oldest first. Within one of them everything
/// the table says is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretches(Vec<Version>);

impl Stretches {
    /// Cuts at every border named; versions before the first known major are not known.
    pub fn new(majors: &[u16], ranges: impl Iterator<Item = VersionRange>) -> Self {
        let first = Version::new(majors.iter().copied().min().unwrap_or_default(), 0);
        let borders = ranges.flat_map(|range| [Some(range.from), range.until]).flatten();
        let mut cuts: Vec<Version> =
            majors.iter().map(|major| Version::new(*major, 0)).chain(borders).filter(|cut| *cut >= first).collect();
        cuts.push(first);
        cuts.sort_unstable();
        cuts.dedup();
        Self(cuts)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Where each begins.
    pub fn cuts(&self) -> impl Iterator<Item = Version> + '_ {
        self.0.iter().copied()
    }

    /// The ranges of a set of them.
    pub fn ranges_of(&self, versions: Versions) -> impl Iterator<Item = VersionRange> + '_ {
        let ends = self.0.iter().skip(1).copied().map(Some).chain([None]);
        let stretches = self.0.iter().zip(ends).enumerate();
        stretches.filter(move |(bit, _)| versions.0 & (1 << bit) != 0).map(|(_, (from, until))| VersionRange::new(*from, until))
    }

    /// Those that a range touches.
    pub fn touched(&self, range: VersionRange) -> Versions {
        if range.is_empty() {
            return Versions::NONE;
        }
        let ends = self.0.iter().skip(1).copied().map(Some).chain([None]);
        let bits =
            self.0.iter().zip(ends).enumerate().filter(|(_, (from, until))| !range.both(VersionRange::new(**from, *until)).is_empty());
        Versions(bits.fold(0, |mask, (bit, _)| mask | (1 << bit)))
    }
}

/// The versions of one library that a place in the code may run with: which of the stretches its table tells apart. Made by
/// [`super::Library::versions`]; says nothing about another library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions(pub(super) u64);

impl Versions {
    pub(super) const NONE: Self = Self(0);

    /// Whether none is left.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those only in this one.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the newest of these is in another set.
    pub(super) const fn newest_in(self, other: Self) -> bool {
        self.0 != 0 && other.0 & (1 << (63 - self.0.leading_zeros())) != 0
    }

    /// Whether all of these are in another set.
    pub(super) const fn all_in(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// What a table says over a set of versions: the newest counts, and whether the others say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Collapsed<T> {
    /// What holds for the newest version.
    pub newest: T,
    /// Whether it holds for every one. A version of which the table says nothing does not agree.
    pub agree: bool,
}

impl<T> Collapsed<T> {
    /// Says something else of the same versions.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Collapsed<U> {
        Collapsed { newest: change(self.newest), agree: self.agree }
    }
}

/// A row and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Versioned<T> {
    pub versions: Versions,
    pub row: T,
}

/// The one place where rows of several versions become one answer. `None`: the newest version has no row, so nothing is known
/// of it.
pub(super) fn collapse<'t, T: 't, U: PartialEq>(
    rows: impl IntoIterator<Item = &'t Versioned<T>>,
    allowed: Versions,
    what: impl Fn(&'t T) -> Option<U>,
) -> Option<Collapsed<U>> {
    let (said, covered) = gather(rows, allowed, what);
    newest_of(said, allowed, allowed.all_in(covered))
}

/// The same for questions of existence, where no row means that the version does not have the thing: the newest version that has
/// it counts.
pub(super) fn collapse_existing<'t, T: 't, U: PartialEq>(
    rows: impl IntoIterator<Item = &'t Versioned<T>>,
    allowed: Versions,
    what: impl Fn(&'t T) -> Option<U>,
) -> Option<Collapsed<U>> {
    let (said, covered) = gather(rows, allowed, what);
    newest_of(said, covered, allowed.all_in(covered))
}

/// What each row that holds says, and of which versions they speak together. The first row counts where two hold.
fn gather<'t, T: 't, U>(
    rows: impl IntoIterator<Item = &'t Versioned<T>>,
    allowed: Versions,
    what: impl Fn(&'t T) -> Option<U>,
) -> (Vec<(Versions, U)>, Versions) {
    let mut said = Vec::new();
    let mut covered = Versions::NONE;
    for row in rows {
        let here = row.versions.intersection(allowed).without(covered);
        if here.is_empty() {
            continue;
        }
        if let Some(value) = what(&row.row) {
            covered = covered.union(here);
            said.push((here, value));
        }
    }
    (said, covered)
}

/// What is said of the newest of some versions.
fn newest_of<U: PartialEq>(mut said: Vec<(Versions, U)>, of: Versions, covered: bool) -> Option<Collapsed<U>> {
    let place = said.iter().position(|(versions, _)| of.newest_in(*versions))?;
    let (_, newest) = said.swap_remove(place);
    let agree = covered && said.iter().all(|(_, value)| *value == newest);
    Some(Collapsed { newest, agree })
}

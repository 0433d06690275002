//! Versions and ranges of versions, as npm and RubyGems write them.

/// A released version. Pre-release marks are left away: `5.0.0-beta.1` behaves like 5.0.0 as far as clients tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number.
    pub patch: u32,
}

impl Version {
    const ZERO: Self = Self::new(0, 0, 0);
    const MAX: Self = Self::new(u32::MAX, u32::MAX, u32::MAX);

    /// A version of three numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `4.6.7`, `v4.6.7-rc.1`, `5.0`; numbers that are missing are 0.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Partial::parse(text).map(Partial::lowest)
    }
}

/// A set of versions: half-open stretches, in order as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    stretches: Vec<(Version, Version)>,
}

impl Range {
    /// Every version.
    #[must_use]
    pub fn any() -> Self {
        Self { stretches: vec![(Version::ZERO, Version::MAX)] }
    }

    /// The versions given, and no others.
    #[must_use]
    pub fn of(versions: impl IntoIterator<Item = Version>) -> Self {
        Self { stretches: versions.into_iter().map(|version| (version, after(version))).collect() }
    }

    /// A range as in package.json: `^4.6`, `~1.2`, `>=4 <6`, `1.x || 2`, `1.2 - 2.3`, `*`. `None` for what is no range: tags,
    /// addresses, `workspace:*`.
    #[must_use]
    pub fn npm(text: &str) -> Option<Self> {
        let stretches = text.split("||").map(npm_stretch).collect::<Option<Vec<_>>>()?;
        Some(Self { stretches: stretches.into_iter().flatten().collect() })
    }

    /// Requirements as in a Gemfile, which all hold: `~> 4.2`, `>= 4`, `< 6`, `4.8.0`. `!=` leaves a single version out, which
    /// no fact depends on, and is read over.
    #[must_use]
    pub fn gem<'a>(requirements: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut whole = Some((Version::ZERO, Version::MAX));
        for requirement in requirements.into_iter().flat_map(|requirements| requirements.split(',')) {
            whole = meet(whole, gem_stretch(requirement.trim())?);
        }
        Some(Self { stretches: whole.into_iter().collect() })
    }

    /// Whether the range holds some patch version of `major.minor`.
    #[must_use]
    pub fn allows(&self, major: u32, minor: u32) -> bool {
        let (low, high) = (Version::new(major, minor, 0), next_minor(major, minor));
        self.stretches.iter().any(|(start, end)| *start < high && low < *end)
    }

    /// Whether the range holds a version.
    #[must_use]
    pub fn contains(&self, version: Version) -> bool {
        self.stretches.iter().any(|(start, end)| *start <= version && version < *end)
    }

    /// The versions of either range.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.stretches.extend(other.stretches);
        self
    }
}

/// A version with its last numbers left out: `4`, `4.x`, `4.6`.
#[derive(Clone, Copy)]
struct Partial {
    major: Option<u32>,
    minor: Option<u32>,
    patch: Option<u32>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']).trim();
        let numbers = text.split(['-', '+']).next().unwrap_or_default();
        let mut segments = numbers.split('.');
        let mut open = false;
        let mut next = || -> Option<Option<u32>> {
            match segments.next() {
                None => Some(None),
                Some("x" | "X" | "*") => {
                    open = true;
                    Some(None)
                }
                Some(_) if open => Some(None),
                Some(number) => number.parse().ok().map(Some),
            }
        };
        Some(Self { major: next()?, minor: next()?, patch: next()? })
    }

    fn lowest(self) -> Version {
        Version::new(self.major.unwrap_or(0), self.minor.unwrap_or(0), self.patch.unwrap_or(0))
    }

    /// The first version behind all that it stands for.
    fn end(self) -> Version {
        match (self.major, self.minor, self.patch) {
            (None, ..) => Version::MAX,
            (Some(major), None, _) => next_major(major),
            (Some(major), Some(minor), None) => next_minor(major, minor),
            (Some(_), Some(_), Some(_)) => after(self.lowest()),
        }
    }
}

type Stretch = Option<(Version, Version)>;

fn next_major(major: u32) -> Version {
    Version::new(major.saturating_add(1), 0, 0)
}

fn next_minor(major: u32, minor: u32) -> Version {
    Version::new(major, minor.saturating_add(1), 0)
}

fn after(version: Version) -> Version {
    Version { patch: version.patch.saturating_add(1), ..version }
}

/// What two stretches share.
fn meet(one: Stretch, (start, end): (Version, Version)) -> Stretch {
    let (low, high) = one?;
    let shared = (low.max(start), high.min(end));
    (shared.0 < shared.1).then_some(shared)
}

/// One alternative of an npm range. The outer `None` says that it is no range, the inner that it holds nothing.
fn npm_stretch(text: &str) -> Option<Stretch> {
    let text = text.trim();
    if let Some((low, high)) = text.split_once(" - ") {
        return Some(Some((Partial::parse(low)?.lowest(), Partial::parse(high)?.end())));
    }
    let mut whole = Some((Version::ZERO, Version::MAX));
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let split = word.find(|c: char| !"<>=^~".contains(c)).unwrap_or(word.len());
        let (operator, version) = word.split_at(split);
        // An operator may stand apart: `>= 4`.
        let version = if version.is_empty() { words.next()? } else { version };
        let partial = Partial::parse(version)?;
        whole = meet(whole, npm_comparator(operator, partial)?);
    }
    Some(whole)
}

fn npm_comparator(operator: &str, partial: Partial) -> Option<(Version, Version)> {
    let low = partial.lowest();
    Some(match operator {
        "" | "=" => (low, partial.end()),
        ">=" => (low, Version::MAX),
        ">" => (partial.end(), Version::MAX),
        "<" => (Version::ZERO, low),
        "<=" => (Version::ZERO, partial.end()),
        "~" | "~>" => (low, if partial.minor.is_some() { next_minor(low.major, low.minor) } else { partial.end() }),
        "^" => (low, end_of_caret(partial)),
        _ => return None,
    })
}

/// `^` lets everything change to the right of the first number that is not 0.
fn end_of_caret(partial: Partial) -> Version {
    match (partial.major, partial.minor, partial.patch) {
        (Some(0), Some(0), Some(_)) | (Some(0), None, _) | (None, ..) => partial.end(),
        (Some(0), Some(minor), _) => next_minor(0, minor),
        (Some(major), ..) => next_major(major),
    }
}

fn gem_stretch(text: &str) -> Option<(Version, Version)> {
    let split = text.find(|c: char| !"<>=~!".contains(c)).unwrap_or(text.len());
    let (operator, version) = text.split_at(split);
    let version = version.trim();
    if !version.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Gems write pre-releases as one more segment: `5.0.0.beta1`.
    let numbers: Vec<u32> = version.split('.').map_while(|segment| segment.parse().ok()).take(3).collect();
    let number = |at: usize| numbers.get(at).copied();
    let low = Version::new(number(0)?, number(1).unwrap_or(0), number(2).unwrap_or(0));
    Some(match operator {
        "" | "=" => (low, after(low)),
        ">=" => (low, Version::MAX),
        ">" => (after(low), Version::MAX),
        "<" => (Version::ZERO, low),
        "<=" => (Version::ZERO, after(low)),
        "~>" => (low, if numbers.len() > 2 { next_minor(low.major, low.minor) } else { next_major(low.major) }),
        "!=" => (Version::ZERO, Version::MAX),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `major.minor` pairs that a range allows, out of a fixed list.
    fn allowed(range: Option<Range>) -> String {
        const ALL: [(u32, u32); 9] = [(0, 3), (0, 4), (3, 9), (4, 0), (4, 6), (4, 7), (5, 0), (5, 8), (6, 0)];
        let Some(range) = range else { return "no range".to_owned() };
        let names = ALL.iter().filter(|(major, minor)| range.allows(*major, *minor)).map(|(major, minor)| format!("{major}.{minor}"));
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn npm_ranges() {
        for (range, expected) in [
            ("^4.6.0", "4.6 4.7"),
            ("^4", "4.0 4.6 4.7"),
            ("~4.6.3", "4.6"),
            ("~4", "4.0 4.6 4.7"),
            ("^0.3.1", "0.3"),
            ("^0", "0.3 0.4"),
            ("4.6.7", "4.6"),
            ("=4.6.7", "4.6"),
            ("v4.6", "4.6"),
            ("4.x", "4.0 4.6 4.7"),
            ("4.6.x", "4.6"),
            (">=4.7 <6", "4.7 5.0 5.8"),
            (">= 4.7 < 6", "4.7 5.0 5.8"),
            (">4", "5.0 5.8 6.0"),
            ("<=4.6", "0.3 0.4 3.9 4.0 4.6"),
            ("^3.0.0 || ^5", "3.9 5.0 5.8"),
            ("4.0 - 5.0", "4.0 4.6 4.7 5.0"),
            ("5.0.0-beta.1", "5.0"),
            ("^6.0.0-rc.1", "6.0"),
            ("", "0.3 0.4 3.9 4.0 4.6 4.7 5.0 5.8 6.0"),
            ("*", "0.3 0.4 3.9 4.0 4.6 4.7 5.0 5.8 6.0"),
            (">5 <4", ""),
            ("latest", "no range"),
            ("workspace:*", "no range"),
            ("github:redis/node-redis", "no range"),
        ] {
            assert_eq!(allowed(Range::npm(range)), expected, "{range}");
        }
    }

    #[test]
    fn gem_requirements() {
        for (requirements, expected) in [
            (&["~> 4.6"][..], "4.6 4.7"),
            (&["~> 4.6.0"], "4.6"),
            (&["~> 5"], "5.0 5.8"),
            (&[">= 4.6", "< 6"], "4.6 4.7 5.0 5.8"),
            (&[">= 4.6, < 5"], "4.6 4.7"),
            (&["4.6.1"], "4.6"),
            (&["!= 4.6.1", "~> 4.6.0"], "4.6"),
            (&["> 4.7.9"], "4.7 5.0 5.8 6.0"),
            (&["5.0.0.beta1"], "5.0"),
            (&[], "0.3 0.4 3.9 4.0 4.6 4.7 5.0 5.8 6.0"),
            (&["nonsense"], "no range"),
        ] {
            assert_eq!(allowed(Range::gem(requirements.iter().copied())), expected, "{requirements:?}");
        }
    }
}

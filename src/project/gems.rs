//! What Gemfiles and gemspecs ask for. They are Ruby programs, read here for their plain lines: `gem "redis", "~> 5.0"`.

use rustc_hash::FxHashMap;

use super::Range;

/// Gems asked for, with the versions allowed.
#[derive(Debug, Default)]
pub(super) struct Requirements {
    gems: FxHashMap<String, Range>,
}

impl Requirements {
    /// Adds what a Gemfile or gemspec asks for. A gem asked for twice is allowed what either line allows.
    pub(super) fn read(&mut self, text: &str) {
        for line in text.lines() {
            if let Some((name, range)) = requirement(line) {
                let known = self.gems.remove(&name);
                self.gems.insert(name, known.map_or(range.clone(), |known| known.or(range)));
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Range> {
        self.gems.get(name)
    }

    /// The names of all gems that are asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.gems.keys().map(String::as_str)
    }
}

/// The gem that a line asks for.
fn requirement(line: &str) -> Option<(String, Range)> {
    const WORDS: [&str; 4] = ["gem", "add_dependency", "add_runtime_dependency", "add_development_dependency"];
    let line = line.trim_start();
    let start = line.find(['(', ' ', '"', '\''])?;
    let word = line[..start].rsplit('.').next()?;
    if !WORDS.contains(&word) {
        return None;
    }
    let mut rest = line[start..].trim_start_matches(['(', ' ']);
    let name = quoted(&mut rest)?;
    let mut versions = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '[']);
        match quoted(&mut rest) {
            // A hash with string keys (`"require" => false`) is no version.
            Some(text) if !rest.trim_start().starts_with("=>") => versions.push(text),
            _ => break,
        }
    }
    // What is not a version (a variable, an interpolation) allows all of them.
    let range = Range::gem(versions.iter().copied()).unwrap_or_else(Range::any);
    Some((name.to_owned(), range))
}

/// Takes a string literal off the front.
fn quoted<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let end = rest[1..].find(quote)? + 1;
    let text = &rest[1..end];
    *rest = rest[end + 1..].strip_prefix(".freeze").unwrap_or(&rest[end + 1..]);
    Some(text)
}

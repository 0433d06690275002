//! Findings that a project lives with for now. They are known by their fingerprints, so that a finding which only moved is not
//! taken for a new one. A baseline is a JSON file; its text is all that this room sees.

mod error;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use error::BaselineError;

use crate::finding::Finding;
use crate::source::SourceFile;

/// Name and version of the file's shape. It grows when fingerprints are made in another way.
const SCHEMA: &str = "redis-lint/baseline/1";

/// The findings of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Name and version of this shape.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA)))]
    schema: String,
    /// The findings, sorted by path, rule and fingerprint.
    entries: BTreeSet<Entry>,
}

/// One finding of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path of its file from the top of the repository, with `/`.
    pub path: String,
    /// Id of its rule.
    pub rule: String,
    /// Stable name of the finding: by it alone it is known again.
    pub fingerprint: String,
    /// What it said, for those who read the file.
    pub message: String,
}

/// What a run looked at. Of the rest of a baseline it can say nothing.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Paths of files and folders from the top; empty for the top itself.
    pub paths: Vec<SmolStr>,
    /// Ids of the rules that were checked.
    pub checked: FxHashSet<SmolStr>,
    /// Ids of all rules.
    pub all: FxHashSet<SmolStr>,
    /// Paths of entries, from the top, under which there is no file any more.
    pub gone: FxHashSet<String>,
}

/// Findings as a baseline sees them.
#[derive(Debug)]
pub struct Compared<'b> {
    /// Those that are not in it.
    pub new: Vec<Finding>,
    /// How many are in it.
    pub known: usize,
    /// Entries that nothing was found for, although the run looked there: they can go.
    pub stale: Vec<&'b Entry>,
}

impl Baseline {
    /// The baseline of these findings.
    #[must_use]
    pub fn of(findings: &[Finding], files: &[SourceFile]) -> Self {
        let entry = |finding: &Finding| Entry {
            path: files.get(finding.primary.file.0 as usize).map_or_else(String::new, |file| file.from_top.to_string()),
            rule: finding.rule.to_string(),
            fingerprint: finding.fingerprint.clone(),
            message: finding.message.clone(),
        };
        Self { schema: SCHEMA.to_owned(), entries: findings.iter().map(entry).collect() }
    }

    /// Reads a baseline's text; `path` is what errors call it.
    ///
    /// # Errors
    /// When it is no baseline, or one of another version.
    pub fn read(path: &str, text: &str) -> Result<Self, BaselineError> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| BaselineError::malformed(path, text, &error))?;
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) => serde_json::from_str(text).map_err(|error| BaselineError::malformed(path, text, &error)),
            Some(other) if other.starts_with("redis-lint/baseline/") => {
                Err(BaselineError::Version { path: path.to_owned(), found: other.to_owned(), known: SCHEMA })
            }
            _ => Err(BaselineError::Other { path: path.to_owned() }),
        }
    }

    /// The text of the file, the same for the same findings.
    #[must_use]
    pub fn text(&self) -> String {
        // Plain structs of strings always have a text.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the findings of a run apart. A file that was moved keeps what is known of it: a path is a part of every fingerprint, so
    /// that an entry whose file is gone stands for one finding of the same rule that says the same, in a file without entries.
    #[must_use]
    pub fn compare(&self, findings: Vec<Finding>, files: &[SourceFile], scope: &Scope) -> Compared<'_> {
        let known: FxHashSet<&str> = self.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let paths: FxHashSet<&str> = self.entries.iter().map(|entry| entry.path.as_str()).collect();
        let mut moved: FxHashMap<(String, String), Vec<&Entry>> = FxHashMap::default();
        for entry in self.entries.iter().rev().filter(|entry| scope.gone.contains(&entry.path)) {
            moved.entry((entry.rule.clone(), entry.message.clone())).or_default().push(entry);
        }
        let mut found: FxHashSet<String> = findings.iter().map(|finding| finding.fingerprint.clone()).collect();
        let all = findings.len();
        let is_new = |finding: &Finding| {
            if known.contains(finding.fingerprint.as_str()) {
                return false;
            }
            let has_entries = |file: &SourceFile| paths.contains(file.from_top.as_str());
            if files.get(finding.primary.file.0 as usize).is_none_or(has_entries) {
                return true;
            }
            let former = moved.get_mut(&(finding.rule.to_string(), finding.message.clone())).and_then(Vec::pop);
            former.is_none_or(|entry| !found.insert(entry.fingerprint.clone()))
        };
        let new: Vec<Finding> = findings.into_iter().filter(is_new).collect();
        let stale = self.entries.iter().filter(|entry| scope.covers(entry) && !found.contains(&entry.fingerprint)).collect();
        Compared { known: all - new.len(), new, stale }
    }

    /// The paths of the entries.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.path.as_str())
    }

    /// This baseline brought up to date with the baseline of a run: what the run looked at is replaced, the rest stays.
    #[must_use]
    pub fn updated(&self, with: &Self, scope: &Scope) -> Self {
        let kept = self.entries.iter().filter(|entry| !scope.covers(entry));
        Self { schema: SCHEMA.to_owned(), entries: kept.chain(&with.entries).cloned().collect() }
    }

    /// How many entries the other one does not have.
    #[must_use]
    pub fn missing_in(&self, other: &Self) -> usize {
        let there: FxHashSet<&str> = other.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        self.entries.iter().filter(|entry| !there.contains(entry.fingerprint.as_str())).count()
    }
}

impl Scope {
    /// Whether the run would have found what an entry is about. A rule that is gone finds nothing any more.
    fn covers(&self, entry: &Entry) -> bool {
        let path = &entry.path;
        let inside = |given: &SmolStr| {
            given.is_empty() || path == given || path.strip_prefix(given.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        (self.checked.contains(entry.rule.as_str()) || !self.all.contains(entry.rule.as_str())) && self.paths.iter().any(inside)
    }
}

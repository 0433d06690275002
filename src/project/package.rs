//! `package.json`: its names, dependencies, and the files that its entry points stand for.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::Version;

/// A `package.json`.
#[derive(Debug)]
pub(super) struct Package {
    /// The folder it stands in.
    pub(super) folder: String,
    /// Its name, when it has one.
    pub(super) name: Option<String>,
    /// Its version, when it is published or pretends to be.
    pub(super) version: Option<Version>,
    /// What it depends on: name and specifier, of all kinds of dependency.
    pub(super) dependencies: FxHashMap<String, String>,
    exports: Option<Value>,
    imports: Option<Value>,
    /// Entry files of the time before `exports`, those closest to the source first.
    mains: Vec<String>,
}

impl Package {
    pub(super) fn new(folder: &str, json: &Value) -> Self {
        let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
        // The first section that names a dependency counts.
        let mut dependencies = FxHashMap::default();
        for section in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] {
            for (name, specifier) in json.get(section).and_then(Value::as_object).into_iter().flatten() {
                if let Some(specifier) = specifier.as_str() {
                    dependencies.entry(name.clone()).or_insert_with(|| specifier.to_owned());
                }
            }
        }
        Self {
            folder: folder.to_owned(),
            name: text("name"),
            version: text("version").and_then(|version| Version::parse(&version)),
            dependencies,
            exports: json.get("exports").cloned(),
            imports: json.get("imports").cloned(),
            mains: ["source", "module", "main", "types", "typings"].into_iter().filter_map(text).collect(),
        }
    }

    /// What `subpath` (empty for the package itself) may stand for, seen from the package's folder, the likeliest first.
    pub(super) fn targets(&self, subpath: &str) -> Vec<String> {
        if let Some(exports) = &self.exports {
            let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
            let is_map = exports.as_object().is_some_and(|entries| entries.keys().any(|key| key.starts_with('.')));
            return if is_map {
                mapped(exports, &key)
            } else if subpath.is_empty() {
                leaves(exports, "")
            } else {
                Vec::new()
            };
        }
        if subpath.is_empty() { self.mains.clone() } else { vec![subpath.to_owned()] }
    }

    /// What an `imports` name, `#` included, may stand for.
    pub(super) fn imported(&self, name: &str) -> Vec<String> {
        self.imports.as_ref().map(|imports| mapped(imports, name)).unwrap_or_default()
    }
}

/// The targets of a key in a map whose keys may hold one `*`: the exact key, or else the longest that matches.
fn mapped(map: &Value, key: &str) -> Vec<String> {
    let Some(entries) = map.as_object() else { return Vec::new() };
    if let Some(value) = entries.get(key) {
        return leaves(value, "");
    }
    let matches = entries.iter().filter_map(|(pattern, value)| Some((pattern, value, star(pattern, key)?)));
    matches.max_by_key(|(pattern, ..)| pattern.find('*')).map(|(_, value, star)| leaves(value, star)).unwrap_or_default()
}

/// What `*` stands for when a pattern matches a text.
pub(super) fn star<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    let (before, behind) = pattern.split_once('*')?;
    text.strip_prefix(before)?.strip_suffix(behind)
}

/// All strings in a tree of conditions, in order, with `*` filled in; those for browsers last, since a Redis client does not
/// run there.
fn leaves(value: &Value, star: &str) -> Vec<String> {
    fn collect(value: &Value, foreign: bool, depth: u8, found: &mut Vec<(bool, String)>) {
        match value {
            Value::String(target) => found.push((foreign, target.clone())),
            Value::Array(members) if depth < 8 => members.iter().for_each(|member| collect(member, foreign, depth + 1, found)),
            Value::Object(conditions) if depth < 8 => {
                for (condition, value) in conditions {
                    let foreign = foreign || matches!(condition.as_str(), "browser" | "react-native" | "worker" | "workerd" | "edge-light");
                    collect(value, foreign, depth + 1, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(value, false, 0, &mut found);
    found.sort_by_key(|(foreign, _)| *foreign);
    found.into_iter().map(|(_, target)| target.replace('*', star)).collect()
}

/// Splits a specifier into package name and subpath: `@a/b/c/d` is `@a/b` and `c/d`. `None` when it names no package.
pub(super) fn split(specifier: &str) -> Option<(&str, &str)> {
    let end = match specifier.strip_prefix('@') {
        Some(scoped) => {
            let slash = scoped.find('/').filter(|at| *at > 0)? + 2;
            specifier[slash..].find('/').map_or(specifier.len(), |at| slash + at)
        }
        None => specifier.find('/').unwrap_or(specifier.len()),
    };
    let name = &specifier[..end];
    let is_name = !name.is_empty() && !name.starts_with(['.', '~', '$', '#']);
    is_name.then(|| (name, specifier[end..].trim_start_matches('/')))
}

//! `tsconfig.json` and `jsconfig.json`: what they say about where modules are.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::package::star;
use super::path::{folder, join, name};

/// How one configuration maps module specifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PathMap {
    /// Patterns with at most one `*`, and what they stand for, as paths.
    paths: Vec<(String, Vec<String>)>,
    /// The folder that specifiers without a dot are looked up in.
    base_url: Option<String>,
}

impl PathMap {
    /// The paths that a specifier may stand for, the likeliest first.
    pub(super) fn targets(&self, specifier: &str) -> Vec<String> {
        let exact = self.paths.iter().find(|(pattern, _)| pattern == specifier).map(|(_, targets)| (targets, ""));
        let longest = || {
            let matches = self.paths.iter().filter_map(|(pattern, targets)| Some((pattern, targets, star(pattern, specifier)?)));
            matches.max_by_key(|(pattern, ..)| pattern.find('*')).map(|(_, targets, star)| (targets, star))
        };
        let mut found: Vec<String> = match exact.or_else(longest) {
            Some((targets, star)) => targets.iter().map(|target| target.replacen('*', star, 1)).collect(),
            None => Vec::new(),
        };
        found.extend(self.base_url.iter().map(|base| join(base, specifier)));
        found
    }

    fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.base_url.is_none()
    }
}

/// The maps of each folder that has a `tsconfig.json` or `jsconfig.json` with a word to say. A configuration without paths that
/// refers to others, as is usual where one folder holds several, has theirs.
pub(super) fn settle(
    configs: &FxHashMap<String, Value>,
    package_folder: &dyn Fn(&str) -> Option<String>,
) -> FxHashMap<String, Vec<PathMap>> {
    let reader = Reader { configs, package_folder };
    let mut maps = FxHashMap::default();
    for (path, json) in configs {
        let is_main =
            name(path) == "tsconfig.json" || (name(path) == "jsconfig.json" && !configs.contains_key(&join(folder(path), "tsconfig.json")));
        if !is_main {
            continue;
        }
        let mut found = vec![reader.read(path, folder(path), 0)];
        for reference in json.get("references").and_then(Value::as_array).into_iter().flatten() {
            if let Some(target) = reference.get("path").and_then(Value::as_str) {
                let target = join(folder(path), target);
                // Other folders speak for themselves.
                if folder(&target) == folder(path) && configs.contains_key(&target) {
                    found.push(reader.read(&target, folder(path), 0));
                }
            }
        }
        found.retain(|map| !map.is_empty());
        if !found.is_empty() {
            maps.insert(folder(path).to_owned(), found);
        }
    }
    maps
}

struct Reader<'a> {
    configs: &'a FxHashMap<String, Value>,
    package_folder: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    /// A configuration laid over those it extends. `${configDir}` is the folder of the first one.
    fn read(&self, path: &str, first: &str, depth: u8) -> PathMap {
        let mut map = PathMap::default();
        let Some(json) = self.configs.get(path) else { return map };
        let extended = match json.get("extends") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        // A chain longer than this is a circle.
        if depth < 16 {
            for target in extended.iter().filter_map(|target| self.extended(folder(path), target)) {
                let base = self.read(&target, first, depth + 1);
                map.base_url = base.base_url.or(map.base_url);
                if !base.paths.is_empty() {
                    map.paths = base.paths;
                }
            }
        }
        let options = json.get("compilerOptions");
        let place = |target: &str| match target.strip_prefix("${configDir}") {
            Some(rest) => join(first, rest.trim_start_matches('/')),
            None => join(folder(path), target),
        };
        if let Some(base) = options.and_then(|options| options.get("baseUrl")).and_then(Value::as_str) {
            map.base_url = Some(place(base));
        }
        if let Some(paths) = options.and_then(|options| options.get("paths")).and_then(Value::as_object) {
            let place = |target: &str| match &map.base_url {
                Some(base) if !target.starts_with("${configDir}") => join(base, target),
                _ => place(target),
            };
            let targets = |value: &Value| value.as_array().into_iter().flatten().filter_map(Value::as_str).map(place).collect();
            map.paths = paths.iter().map(|(pattern, value)| (pattern.clone(), targets(value))).collect();
        }
        map
    }

    /// The path of an extended configuration, when it is part of the project.
    fn extended(&self, from: &str, target: &str) -> Option<String> {
        let path = if target.starts_with('.') || target.starts_with('/') {
            join(from, target)
        } else {
            let (package, rest) = super::package::split(target)?;
            let folder = (self.package_folder)(package)?;
            join(&folder, if rest.is_empty() { "tsconfig.json" } else { rest })
        };
        let spellings = [format!("{path}.json"), join(&path, "tsconfig.json")];
        std::iter::once(path).chain(spellings).find(|path| self.configs.contains_key(path))
    }
}

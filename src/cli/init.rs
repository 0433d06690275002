//! `redis-lint init`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::arguments::{FileArguments, RuleArguments};
use super::examine::examine;
use super::save::save;
use super::{Cli, Engine, Error, Input, Outcome, Profiles, Terminal, setup};
use crate::command::{Product, Server};
use crate::config;
use crate::key::KeyPart;
use crate::operation::{Analysis, fact};
use crate::output::clean;
use crate::pipeline::Ask;

/// How many prefixes and rules are listed, most frequent first.
const LISTED: usize = 12;

/// Looks at the project and writes a configuration with what was found, all of it in comments but what is certain.
///
/// # Errors
/// When there is a configuration already, or when the tool cannot do its work.
pub fn init(cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let directory = setup::directory(terminal)?;
    let path = directory.join(config::NAME);
    if path.exists() {
        return Err(Error::AlreadyConfigured);
    }
    let input = Input::read(&FileArguments::default(), cli, terminal)?;
    let (analysis, _) = engine.analyze(&input, Ask::Nothing)?;
    let profiles = Profiles::new(&input.setup, &input.walked.real, &RuleArguments::default())?;
    let examined = examine(&input, &profiles, engine)?;
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &examined.findings {
        *rules.entry(&finding.rule).or_default() += 1;
    }
    let text = text(&clients(&analysis, &input), &prefixes(&analysis, &input), &ranked(rules), servers(&directory).iter());
    save(&path, text.as_bytes()).map_err(|error| Error::OutputFile { path: config::NAME.to_owned(), reason: error.to_string() })?;
    let found = text.lines().skip_while(|line| !line.starts_with("# Found")).take_while(|line| line.starts_with('#'));
    let found: Vec<String> = found.map(|line| clean(line.trim_start_matches(['#', ' '])).into_owned()).collect();
    terminal.write(|out| {
        writeln!(out, "Wrote {}.", config::NAME)?;
        found.iter().try_for_each(|line| writeln!(out, "{line}"))
    })?;
    Ok(Outcome::Clean)
}

/// The client libraries that are called, with their major and how often.
fn clients(analysis: &Analysis, input: &Input) -> Vec<(String, usize)> {
    let mut clients: BTreeMap<String, usize> = BTreeMap::new();
    let calls = analysis.operations.iter().filter(|operation| operation.facts.word(fact::LAYER) == Some("call"));
    for operation in calls.filter(|operation| input.is_requested(operation.site.file)) {
        let major = operation.major.map(|major| format!(" {major}")).unwrap_or_default();
        *clients.entry(format!("{}{major}", operation.library)).or_default() += 1;
    }
    ranked(clients)
}

/// The first parts of keys, up to their first separator.
fn prefixes(analysis: &Analysis, input: &Input) -> Vec<(String, usize)> {
    let mut keys: BTreeSet<&crate::key::Template> = BTreeSet::new();
    for operation in analysis.operations.iter().filter(|operation| input.is_requested(operation.site.file)) {
        keys.extend(operation.keys.iter().map(|key| &key.template));
    }
    let mut prefixes: BTreeMap<String, usize> = BTreeMap::new();
    for key in keys {
        let Some(KeyPart::Text(text)) = key.0.first() else { continue };
        if let Some(at) = text.find([':', '/', '|']).filter(|at| *at > 0) {
            *prefixes.entry(text[..=at].to_owned()).or_default() += 1;
        }
    }
    ranked(prefixes)
}

/// Most frequent first.
fn ranked<T: ToString>(counts: BTreeMap<T, usize>) -> Vec<(String, usize)> {
    let mut rows: Vec<(String, usize)> = counts.into_iter().map(|(name, count)| (name.to_string(), count)).collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows
}

/// The servers that container and CI files in a folder name, each with the file.
fn servers(folder: &Path) -> Vec<(Server, String)> {
    let mut found: Vec<(Server, String)> = Vec::new();
    for place in ["", ".github/workflows", ".circleci", ".devcontainer"] {
        let Ok(entries) = fs::read_dir(folder.join(place)) else { continue };
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        let is_asked = |name: &&String| {
            let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
            stem.is_some_and(|stem| !place.is_empty() || stem.contains("compose") || stem == ".gitlab-ci")
        };
        for name in names.iter().filter(is_asked) {
            let path = if place.is_empty() { name.clone() } else { format!("{place}/{name}") };
            let Ok(text) = fs::read_to_string(folder.join(&path)) else { continue };
            let images = text.lines().filter_map(|line| line.split_once("image:").map(|(_, image)| image));
            let names = images.map(|image| image.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
            found.extend(names.filter_map(server_of_image).map(|server| (server, path.clone())));
        }
    }
    found.dedup();
    found
}

/// The server in a container image: `redis:7.2-alpine`, `valkey/valkey:8.0`, `docker.io/bitnami/redis:7.0.5`.
fn server_of_image(image: &str) -> Option<Server> {
    let (name, tag) = image.split('@').next()?.rsplit_once(':')?;
    let product = match name.rsplit('/').next()? {
        "redis" | "redis-stack" | "redis-stack-server" => Product::Redis,
        "valkey" => Product::Valkey,
        _ => return None,
    };
    let version = tag.split(|c: char| !(c.is_ascii_digit() || c == '.')).next()?.trim_end_matches('.');
    Server::parse(&format!("{} {version}", product.word()))
}

/// The file.
fn text<'s>(
    clients: &[(String, usize)],
    prefixes: &[(String, usize)],
    rules: &[(String, usize)],
    mut servers: impl Iterator<Item = &'s (Server, String)>,
) -> String {
    let list = |rows: &[(String, usize)], what: &str| {
        let rows: Vec<String> = rows.iter().take(LISTED).map(|(name, count)| format!("{} ({count})", clean(name))).collect();
        if rows.is_empty() { format!("no {what}") } else { rows.join(", ") }
    };
    let mut text = String::from(
        "# What redis-lint does otherwise here than by itself. docs/configuration.md has every key;\n# `redis-lint config PATH` shows what holds for a path.\n#\n",
    );
    let _ = writeln!(text, "# Found when this was written:\n#   calls    {}", list(clients, "client"));
    let _ = writeln!(text, "#   keys     {}", list(prefixes, "prefix"));
    let _ = writeln!(text, "#   reports  {}\n", list(rules, "finding"));
    match servers.next() {
        Some((server, path)) => {
            let _ = writeln!(text, "# The server that the code talks to, as {} has it.\ntarget = \"{server}\"", clean(path));
            for (other, path) in servers.filter(|(other, _)| other != server) {
                let _ = writeln!(text, "# {} has another one: {other}", clean(path));
            }
        }
        None => text.push_str("# The server that the code talks to.\n# target = \"redis 7.2\"\n"),
    }
    text.push_str("\n# The managed service that runs it.\n# service = \"elasticache\"\n");
    text.push_str("\n# Files to leave out, and test code with unusual names: globs as in a .gitignore file.\n# exclude = [\"generated/**\"]\n# tests = [\"qa/**\"]\n");
    text.push_str("\n# Whether `redis-lint-ignore RULE: reason` must give its reason.\n# require-reasons = true\n");
    text.push_str("\n[rules]\n# A rule, a category or `all`: \"off\", \"on\", \"info\", \"warning\", \"error\".\n");
    for (rule, count) in rules.iter().take(LISTED) {
        let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
        let _ = writeln!(text, "# {rule} = \"off\"  # reported {times}");
    }
    if !prefixes.is_empty() {
        let known: Vec<String> = prefixes.iter().take(LISTED).map(|(prefix, _)| serde_json::json!(clean(prefix)).to_string()).collect();
        let _ = writeln!(text, "# undeclared-key-prefix.prefixes = [{}]  # report keys that begin otherwise", known.join(", "));
    }
    text.push_str("\n# Other rules for some paths.\n# [[overrides]]\n# paths = [\"scripts/**\"]\n# rules.keys-command = \"off\"\n");
    text.push_str("\n# A package of yours, compiled, that hands out a client.\n# [[clients]]\n# package = \"@acme/kv\"\n# export = [\"kv\"]\n# gives = \"ioredis\"\n");
    text
}

#[cfg(test)]
mod tests {
    use super::server_of_image;

    #[test]
    fn images_name_servers() {
        for (image, expected) in [
            ("redis:7.2-alpine", "redis 7.2"),
            ("valkey/valkey:8.0", "valkey 8.0"),
            ("docker.io/bitnami/redis:7.0.5", "redis 7.0"),
            ("registry:5000/redis:6@sha256:00", "redis 6.0"),
            ("redis/redis-stack:7.2.0-v6", "redis 7.2"),
            ("redis:latest", ""),
            ("redis", ""),
            ("oliver006/redis_exporter:v1.5", ""),
            ("redis:${VERSION}", ""),
        ] {
            assert_eq!(server_of_image(image).map(|server| server.to_string()).unwrap_or_default(), expected, "{image}");
        }
    }
}

//! `redis-lint.toml` as it is written. What a key means is said here, once: the JSON Schema takes its sentences from these comments.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::{Spanned, Value};

/// Configuration of redis-lint. The file nearest to a source file holds for it; globs and paths are relative to the file they stand in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "redis-lint.toml")]
pub struct File {
    /// Configuration files that this one builds on. Lists add up; of everything else, this file's word counts.
    #[schemars(with = "Vec<String>")]
    pub extends: Texts,
    /// The server that the code talks to: `redis 7.2`, `valkey 8`.
    #[schemars(with = "Option<String>")]
    pub target: Option<Spanned<String>>,
    /// The managed service that runs the server: `elasticache`, `memorydb`, `memorystore`, `aiven` or `oci-cache`.
    #[schemars(with = "Option<String>")]
    pub service: Option<Spanned<String>>,
    /// Globs, as in a .gitignore file, of the files to report on; all when there are none. The others are still read, because a
    /// client used in one file is made in another.
    #[schemars(with = "Vec<String>")]
    pub include: Texts,
    /// Globs, as in a .gitignore file, of files to leave out altogether; `!` in front takes files back in.
    #[schemars(with = "Vec<String>")]
    pub exclude: Texts,
    /// Globs, as in a .gitignore file, of test code besides what is known by its name; `!` in front says that files are none.
    #[schemars(with = "Vec<String>")]
    pub tests: Texts,
    /// Whether a comment that ignores a finding must give a reason: `redis-lint-ignore RULE: reason`.
    #[schemars(with = "Option<bool>")]
    pub require_reasons: Option<Spanned<bool>>,
    /// Folders with rule pages of your own (`*.md`).
    #[schemars(with = "Vec<String>")]
    pub rule_pages: Texts,
    /// Folders with client tables of your own (`*.toml`).
    #[schemars(with = "Vec<String>")]
    pub client_tables: Texts,
    /// What is done about a rule, a category of rules, or `all`: `"off"`, `"on"`, `"info"`, `"warning"`, `"error"`, or a table with
    /// `severity` and the options of the rule. A rule's own entry counts more than its category's, and that more than `all`.
    #[schemars(with = "BTreeMap<String, RuleEntry>")]
    pub rules: BTreeMap<Spanned<String>, Spanned<RuleEntry>>,
    /// Rules that are different for some paths; the last one that matches counts.
    pub overrides: Vec<Override>,
    /// Where clients come from that redis-lint cannot see: packages and constants of your own that hand them out.
    #[schemars(with = "Vec<ClientEntry>")]
    pub clients: Vec<Spanned<ClientEntry>>,
}

/// Texts with their places.
pub type Texts = Vec<Spanned<String>>;

/// Rules for some paths.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs, as in a .gitignore file, of the files that are meant.
    #[schemars(with = "Vec<String>")]
    pub paths: Texts,
    /// As `rules` of the whole file.
    #[schemars(with = "BTreeMap<String, RuleEntry>")]
    pub rules: BTreeMap<Spanned<String>, Spanned<RuleEntry>>,
}

/// Something that hands out a client of a library that redis-lint knows. Either `package` and `export`, or `constant`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientEntry {
    /// npm package, or subpath of one, as it is imported: `@acme/kv`.
    #[schemars(with = "Option<String>")]
    pub package: Option<Spanned<String>>,
    /// Names of its exports; `default` is the default export.
    #[schemars(with = "Vec<String>")]
    #[serde(default)]
    pub export: Texts,
    /// What is done with the export: nothing, it is a client; it is called; or it is called with `new`.
    #[serde(default)]
    pub call: Option<Call>,
    /// Ruby constant, written in full: `Acme::Redis`.
    #[schemars(with = "Option<String>")]
    pub constant: Option<Spanned<String>>,
    /// Methods of the constant that hand out a client.
    #[schemars(with = "Vec<String>")]
    #[serde(default)]
    pub method: Texts,
    /// Whether the method gives the client to its block, instead of answering with it.
    #[serde(default)]
    pub block: bool,
    /// The library of the client, with its version when the manifests do not say: `ioredis`, `redis-rb@5`.
    #[schemars(with = "String")]
    pub gives: Spanned<String>,
}

/// What is done with an export to get a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// `createClient()`
    Function,
    /// `new Client()`
    New,
}

/// Whether rules run, and how bad their findings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not at all.
    Off,
    /// With the severity of its page.
    On,
    /// Worth knowing.
    Info,
    /// Worth changing.
    Warning,
    /// Wrong.
    Error,
}

/// What is said of a rule.
#[derive(Clone, Debug, Default)]
pub struct RuleEntry {
    /// Whether it runs, and how bad its findings are.
    pub level: Option<Level>,
    /// Values of its options.
    pub options: Vec<(Spanned<String>, Spanned<Value>)>,
}

impl<'de> Deserialize<'de> for RuleEntry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = RuleEntry;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("\"off\", \"on\", \"info\", \"warning\", \"error\", or a table with `severity` and options")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<RuleEntry, E> {
                let level = Level::deserialize(serde::de::value::StrDeserializer::<E>::new(word))?;
                Ok(RuleEntry { level: Some(level), options: Vec::new() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleEntry, A::Error> {
                let mut entry = RuleEntry::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    if key.get_ref() == "severity" {
                        entry.level = Some(map.next_value()?);
                    } else {
                        entry.options.push((key, map.next_value()?));
                    }
                }
                Ok(entry)
            }
        }
        from.deserialize_any(Entry)
    }
}

impl JsonSchema for RuleEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RuleEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Level>();
        schemars::json_schema!({
            "description": "Whether a rule runs and how bad its findings are, or a table with `severity` and the rule's options.",
            "anyOf": [level, { "type": "object", "properties": { "severity": level } }]
        })
    }
}

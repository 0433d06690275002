//! Reads `commands.json` and `commands-overlay.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use smol_str::SmolStr;

use super::deeds::{Evidence, deeds};
use super::keys::{Begin, Find};
use super::model::{Command, Cost, Equivalent, PerProduct, Reply, ReplyMissing, Slot, Token, TtlEffect, ValueType, Varies};
use super::{CommandTableError, KeySpec};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generated {
    #[serde(rename = "generated_from")]
    _from: String,
    commands: Vec<GeneratedRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeneratedRow {
    name: SmolStr,
    group: SmolStr,
    arity: i32,
    flags: Vec<SmolStr>,
    acl: Vec<SmolStr>,
    keys: Vec<GeneratedKeys>,
    tokens: BTreeMap<SmolStr, (SmolStr, Option<SmolStr>)>,
    since: PerProduct,
    #[serde(default)]
    deprecated: PerProduct,
    #[serde(default)]
    replaced_by: Vec<SmolStr>,
    #[serde(default)]
    container: bool,
    #[serde(default, rename = "module")]
    _module: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeneratedKeys {
    access: Vec<SmolStr>,
    index: Option<u32>,
    keyword: Option<(SmolStr, i32)>,
    range: Option<(i32, u32, u32)>,
    keynum: Option<(u32, u32, u32)>,
}

/// What the overlay says of one command; what it leaves out follows from the group and the flags.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct OverlayRow {
    slots: Option<SmolStr>,
    r#type: Option<ValueType>,
    creates: bool,
    overwrites: bool,
    full_read: bool,
    ttl_effect: Option<TtlEffect>,
    reply: Option<Reply>,
    reply_missing: Option<ReplyMissing>,
    cost: Option<Cost>,
    batch: BTreeMap<SmolStr, SmolStr>,
    equivalent: Vec<OverlayEquivalent>,
    distinctive: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayEquivalent {
    #[serde(default)]
    with: SmolStr,
    becomes: SmolStr,
    since: PerProduct,
}

/// Names that are common words: a method of that name says nothing about Redis.
const COMMON: &[&str] = &[
    "append",
    "auth",
    "client",
    "cluster",
    "command",
    "config",
    "copy",
    "debug",
    "decr",
    "digest",
    "del",
    "discard",
    "dump",
    "echo",
    "eval",
    "exec",
    "exists",
    "expire",
    "function",
    "get",
    "incr",
    "info",
    "keys",
    "migrate",
    "module",
    "monitor",
    "move",
    "multi",
    "object",
    "persist",
    "ping",
    "publish",
    "quit",
    "rename",
    "replicaof",
    "reset",
    "restore",
    "role",
    "save",
    "scan",
    "script",
    "select",
    "set",
    "shutdown",
    "sort",
    "subscribe",
    "substr",
    "sync",
    "time",
    "touch",
    "ttl",
    "type",
    "unlink",
    "unsubscribe",
    "unwatch",
    "wait",
    "watch",
    "acl",
    "memory",
    "latency",
];

pub(super) fn load(generated: &str, overlay: &str) -> Result<Vec<Command>, CommandTableError> {
    let generated: Generated = serde_json::from_str(generated).map_err(CommandTableError::Generated)?;
    let mut overlay: BTreeMap<SmolStr, OverlayRow> =
        toml::from_str(overlay).map_err(|error| CommandTableError::Overlay(Box::new(error)))?;
    let mut commands = Vec::with_capacity(generated.commands.len());
    for row in generated.commands {
        let more = overlay.remove(&row.name).unwrap_or_default();
        commands.push(command(row, more)?);
    }
    match overlay.into_keys().next() {
        Some(unknown) => Err(CommandTableError::UnknownCommand(unknown)),
        None => Ok(commands),
    }
}

fn command(row: GeneratedRow, more: OverlayRow) -> Result<Command, CommandTableError> {
    let keys: Vec<KeySpec> = row.keys.into_iter().map(key_spec).collect();
    let ttl_effect = more.ttl_effect.unwrap_or(TtlEffect::Keeps);
    let deeds = deeds(&Evidence {
        name: &row.name,
        group: &row.group,
        flags: &row.flags,
        acl: &row.acl,
        ttl_effect,
        creates: more.creates,
        overwrites: more.overwrites,
        full_read: more.full_read,
    });
    let batch = more
        .batch
        .into_iter()
        .map(|(varies, how)| match Varies::of_word(&varies) {
            Some(varies) => Ok((varies, how)),
            None => Err(CommandTableError::UnknownBatch { command: row.name.clone(), varies }),
        })
        .collect::<Result<_, _>>()?;
    let lower = row.name.to_ascii_lowercase();
    Ok(Command {
        is_container: row.container,
        arity: row.arity,
        keys,
        tokens: row.tokens.into_iter().map(|(name, (since, slot))| Token { name, since, slot }).collect(),
        since: row.since,
        deprecated: row.deprecated,
        replaced_by: row.replaced_by,
        slots: more.slots.as_deref().map(slots).unwrap_or_default(),
        value_type: more.r#type.unwrap_or_else(|| type_of_group(&row.group)),
        creates: more.creates,
        overwrites: more.overwrites,
        full_read: more.full_read,
        ttl_effect,
        reply: more.reply.unwrap_or(Reply::Nothing),
        reply_missing: more.reply_missing,
        cost: more.cost.unwrap_or(Cost::Const),
        equivalent: more.equivalent.into_iter().map(|e| Equivalent { with: e.with, becomes: e.becomes, since: e.since }).collect(),
        batch,
        deeds,
        distinctive: more.distinctive.unwrap_or_else(|| !COMMON.contains(&lower.split(' ').next().unwrap_or_default())),
        name: row.name,
        group: row.group,
        flags: row.flags,
        acl: row.acl,
    })
}

fn key_spec(raw: GeneratedKeys) -> KeySpec {
    let begin = raw.index.map(Begin::Index).or_else(|| raw.keyword.map(|(word, from)| Begin::Keyword { word, from }));
    let find = raw
        .range
        .map(|(last, step, limit)| Find::Range { last, step, limit })
        .or_else(|| raw.keynum.map(|(index, first, step)| Find::Number { index, first, step }));
    KeySpec { access: raw.access, begin, find }
}

/// `key element...`: the last may come again; `key (field value)...`: both may; `key count?`: the last may be left out.
fn slots(text: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut inside = false;
    for word in text.split_whitespace() {
        inside |= word.starts_with('(');
        let repeats = inside || word.ends_with("...");
        let optional = word.ends_with('?');
        let name = word.trim_start_matches('(').trim_end_matches("...").trim_end_matches([')', '?']);
        slots.push(Slot { name: name.into(), repeats, optional });
        inside &= !word.contains(')');
    }
    slots
}

fn type_of_group(group: &str) -> ValueType {
    match group {
        "string" | "bitmap" | "hyperloglog" => ValueType::String,
        "hash" => ValueType::Hash,
        "list" => ValueType::List,
        "set" => ValueType::Set,
        "sorted-set" | "sorted_set" | "geo" => ValueType::Zset,
        "stream" => ValueType::Stream,
        "module" => ValueType::Other,
        _ => ValueType::Any,
    }
}

//! `redis-lint config`.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::arguments::{ConfigArguments, Format};
use super::{Cli, Error, Outcome, Setup, Terminal, setup};
use crate::config::{self, Settings};
use crate::output::clean;
use crate::rule::{OptionValue, Rules};
use crate::suppression::CHECKS;
use crate::walk::real_path;

/// Shows what holds for a path, and where each value comes from; or the JSON Schema of configurations.
///
/// # Errors
/// When the configuration is wrong, or the answer cannot be written.
pub fn config(arguments: &ConfigArguments, cli: &Cli, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let directory = setup::directory(terminal)?;
    let given: Vec<_> = arguments.path.iter().cloned().collect();
    let setup = Setup::load(setup::configuration(cli, &directory, &given)?, cli, &directory)?;
    if arguments.schema {
        let schema = config::schema(&setup.rules, &CHECKS.map(|check| (check.id, check.title)));
        terminal.write(|out| writeln!(out, "{schema:#}"))?;
        return Ok(Outcome::Clean);
    }
    let path = arguments.path.as_deref().unwrap_or(Path::new("."));
    let real = real_path(path, &directory);
    let settings = setup.configuration.of(&real);
    let rows = rows(settings, &setup.rules, &real);
    let files: Vec<&str> = settings.layers.iter().map(|layer| layer.path.as_str()).collect();
    match cli.format {
        Format::Human => terminal.write(|out| write_toml(out, &files, &rows))?,
        Format::Json => terminal.write(|out| write_json(out, &files, &rows))?,
        other => return Err(other.unknown_to("config", &[Format::Human, Format::Json])),
    }
    Ok(Outcome::Clean)
}

/// A value and where it comes from.
struct Row {
    /// The table it stands in; empty at the top.
    table: &'static str,
    key: String,
    /// The option of the rule that `key` is.
    option: Option<String>,
    value: Value,
    /// `redis-lint.toml:3`, or `default`.
    origin: String,
}

fn rows(settings: &Settings, rules: &Rules, real: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |table: &'static str, key: &str, value: Value, origin: Option<String>| {
        let (key, option) = match key.split_once('.').filter(|_| table == "rules") {
            Some((rule, option)) => (rule.to_owned(), Some(option.to_owned())),
            None => (key.to_owned(), None),
        };
        rows.push(Row { table, key, option, value, origin: origin.unwrap_or_else(|| "default".to_owned()) });
    };
    if let Some((server, origin)) = settings.target() {
        add("", "target", json!(server.to_string()), Some(origin));
    }
    if let Some((name, _, origin)) = settings.service() {
        add("", "service", json!(name), Some(origin));
    }
    let (needed, origin) = settings.require_reasons().map_or((false, None), |(needed, origin)| (needed, Some(origin)));
    add("", "require-reasons", json!(needed), origin);
    for layer in &settings.layers {
        let file = &layer.file;
        let lists = [
            ("include", &file.include),
            ("exclude", &file.exclude),
            ("tests", &file.tests),
            ("rule-pages", &file.rule_pages),
            ("client-tables", &file.client_tables),
        ];
        for (key, list) in lists {
            if let Some(first) = list.first() {
                let values: Vec<&str> = list.iter().map(|value| value.get_ref().as_str()).collect();
                add("", key, json!(values), Some(layer.origin(first)));
            }
        }
        for client in &file.clients {
            let (entry, origin) = (client.get_ref(), layer.origin(client));
            let name = entry.package.as_ref().or(entry.constant.as_ref()).map_or("", |name| name.get_ref());
            add("clients", name, json!(entry.gives.get_ref()), Some(origin));
        }
    }
    let overrides = settings.overrides(real);
    for rule in rules.iter() {
        let setting = settings.rule(rule, &overrides);
        let level = match (setting.enabled, setting.severity) {
            (false, _) => "off",
            (true, severity) => severity.unwrap_or(rule.severity).word(),
        };
        if rule.options.is_empty() {
            add("rules", &rule.id, json!(level), setting.origin);
            continue;
        }
        add("rules", &format!("{}.severity", rule.id), json!(level), setting.origin);
        for option in &rule.options {
            let set = setting.options.iter().find(|(name, _)| *name == option.name).map_or(&option.default, |(_, value)| value);
            let value = match set {
                OptionValue::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(*number as i64),
                OptionValue::Number(number) => json!(number),
                OptionValue::Text(text) => json!(text),
                OptionValue::List(list) => json!(list),
            };
            let origin = setting.option_origins.iter().find(|(name, _)| *name == option.name).map(|(_, origin)| origin.clone());
            add("rules", &format!("{}.{}", rule.id, option.name), value, origin);
        }
    }
    for check in CHECKS {
        let setting = settings.named(check.id, true, &overrides);
        let level = if setting.enabled { setting.severity.unwrap_or(check.severity).word() } else { "off" };
        add("rules", check.id, json!(level), setting.origin);
    }
    rows
}

/// As a configuration that says all of this, with origins in comments.
fn write_toml(out: &mut dyn Write, files: &[&str], rows: &[Row]) -> io::Result<()> {
    match files {
        [] => writeln!(out, "# There is no {} here.", config::NAME)?,
        files => writeln!(out, "# {}", clean(&files.join(", ")))?,
    }
    let mut table = "";
    for row in rows {
        if row.table != table {
            table = row.table;
            writeln!(out, "\n[{table}]")?;
        }
        let plain = row.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let key = if plain { row.key.clone() } else { json!(row.key).to_string() };
        let option = row.option.as_ref().map(|option| format!(".{option}")).unwrap_or_default();
        // JSON and TOML write texts, numbers, truth values and lists alike.
        let line = format!("{key}{option} = {}", row.value);
        writeln!(out, "{:<44} # {}", clean(&line), clean(&row.origin))?;
    }
    Ok(())
}

fn write_json(out: &mut dyn Write, files: &[&str], rows: &[Row]) -> io::Result<()> {
    let values: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "table": row.table, "key": row.key, "option": row.option, "value": row.value, "origin": row.origin }))
        .collect();
    let document = json!({ "schema": "redis-lint/configuration/1", "files": files, "values": values });
    writeln!(out, "{document:#}")
}

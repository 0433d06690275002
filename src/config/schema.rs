//! The JSON Schema of `redis-lint.toml`, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::File;
use crate::rule::{OptionValue, Rule, Rules};

/// The schema: what `File` declares, and an entry for each rule with its title and options.
#[must_use]
pub fn schema(rules: &Rules, own: &[(&str, &str)]) -> Value {
    let settings = SchemaSettings::draft07();
    let mut schema = settings.into_generator().into_root_schema_for::<File>().to_value();
    let mut entries = serde_json::Map::new();
    entries.insert("all".to_owned(), entry("All rules", None));
    for (id, title) in own {
        entries.insert((*id).to_owned(), entry(title, None));
    }
    for category in crate::rule::CATEGORIES {
        entries.insert((*category).to_owned(), entry(&format!("All rules of the category {category}"), None));
    }
    for rule in rules.iter() {
        let title = format!("{} ({}{})", rule.title, rule.severity.word(), if rule.enabled { "" } else { ", off by default" });
        entries.insert(rule.id.to_string(), entry(&title, Some(rule)));
    }
    for place in ["/properties/rules", "/definitions/Override/properties/rules"] {
        if let Some(Value::Object(rules)) = schema.pointer_mut(place) {
            rules.insert("properties".to_owned(), Value::Object(entries.clone()));
        }
    }
    tidy(&mut schema);
    schema
}

/// TOML has no null, and a sentence no line ends.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(table) => {
            if table.get("default").is_some_and(Value::is_null) {
                table.remove("default");
            }
            if let Some(Value::Array(types)) = table.get_mut("type") {
                types.retain(|one| one != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    table.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(any)) = table.get_mut("anyOf") {
                any.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
            }
            if let Some(Value::String(text)) = table.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            table.values_mut().for_each(tidy);
        }
        Value::Array(list) => list.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn entry(title: &str, rule: Option<&Rule>) -> Value {
    let mut properties = serde_json::Map::new();
    properties.insert("severity".to_owned(), json!({ "$ref": "#/definitions/Level" }));
    for option in rule.iter().flat_map(|rule| &rule.options) {
        let text = match option.values.as_slice() {
            [] => json!({ "type": "string" }),
            values => json!({ "enum": values }),
        };
        let (kind, default) = match &option.default {
            OptionValue::Number(number) => (json!({ "type": "number" }), json!(number)),
            OptionValue::Text(value) => (text, json!(value)),
            OptionValue::List(list) => (json!({ "type": "array", "items": text }), json!(list)),
        };
        let mut kind = kind;
        kind["description"] = json!(option.about);
        kind["default"] = default;
        properties.insert(option.name.to_string(), kind);
    }
    json!({
        "description": title,
        "anyOf": [{ "$ref": "#/definitions/Level" }, { "type": "object", "properties": properties, "additionalProperties": false }]
    })
}

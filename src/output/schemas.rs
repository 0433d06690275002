//! The JSON Schemas in `schemas/`, made from the views. `UPDATE=1 cargo test --lib schemas` writes them.

use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::gitlab::Issue;
use super::json::{OperationsView, ReportView, UnresolvedView};
use super::json_lines::Line;
use super::rules::RulesView;
use super::statistics::StatisticsView;
use crate::baseline::Baseline;

/// The schema of a time to live.
pub(super) fn ttl(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [{ "enum": ["none", "dynamic", null] }, { "type": "number", "minimum": 0 }] })
}

#[test]
fn schemas_are_those_of_the_views() {
    is_current::<ReportView>("report-1");
    is_current::<Line>("line-1");
    is_current::<OperationsView>("operations-1");
    is_current::<RulesView>("rules-1");
    is_current::<UnresolvedView>("unresolved-1");
    is_current::<Vec<Issue>>("gitlab-code-quality");
    is_current::<StatisticsView>("statistics-1");
    is_current::<Baseline>("baseline-1");
}

fn is_current<View: JsonSchema>(name: &str) {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<View>();
    schema.insert("title".to_owned(), format!("redis-lint {name}").into());
    let expected = format!("{:#}\n", schema.as_value());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.json"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).expect("the folder is there");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "schemas/{name}.json is stale: run `UPDATE=1 cargo test --lib schemas`");
}

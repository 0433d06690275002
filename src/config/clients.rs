//! Declared clients: what a configuration says of packages and constants that hand out clients, as client tables.

use std::collections::BTreeMap;

use toml::{Spanned, Table, Value};

use super::error::Mistake;
use super::file::{Call, ClientEntry};
use super::layer::Layer;
use crate::rule::nearest;

/// Adds what is wrong with a declaration.
pub(super) fn check(layer: &Layer, entry: &Spanned<ClientEntry>, libraries: &[(String, Vec<u32>)], mistakes: &mut Vec<Mistake>) {
    let (span, entry) = (entry.span(), entry.get_ref());
    let mut wrong = |span, message: &str, help: &str| mistakes.push(layer.mistake(span, message, help.to_owned()));
    match (&entry.package, &entry.constant) {
        (None, None) => {
            wrong(span, "this names nothing that hands out a client", "write `package` and `export`, or `constant` and `method`")
        }
        (Some(_), Some(constant)) => {
            wrong(constant.span(), "a package exports names and a constant has methods: this has both", "write two entries");
        }
        (Some(package), None) if entry.export.is_empty() => {
            wrong(package.span(), "which export of the package is the client?", "write its name: export = [\"redis\"], or [\"default\"]");
        }
        (None, Some(constant)) if entry.method.is_empty() => {
            wrong(constant.span(), "which method of the constant hands out the client?", "write its name: method = [\"with\"]");
        }
        (Some(_), None) if !entry.method.is_empty() || entry.block => {
            wrong(span, "`method` and `block` are for constants", "a package has `export` and `call`");
        }
        (None, Some(_)) if !entry.export.is_empty() || entry.call.is_some() => {
            wrong(span, "`export` and `call` are for packages", "a constant has `method` and `block`");
        }
        _ => {}
    }
    let (name, version) = entry.gives();
    match libraries.iter().find(|(known, _)| known == name) {
        None => {
            let names = || libraries.iter().map(|(name, _)| name.as_str());
            let help = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", names().collect::<Vec<_>>().join(", ")),
            };
            mistakes.push(layer.mistake(entry.gives.span(), format!("there is no client library `{name}`"), help));
        }
        Some((_, majors)) => {
            let known =
                |version: &str| version.split('.').next().and_then(|major| major.parse().ok()).is_some_and(|major| majors.contains(&major));
            if version.is_some_and(|version| !known(version)) {
                let list: Vec<String> = majors.iter().map(ToString::to_string).collect();
                let help = format!("known are the majors {}", list.join(", "));
                mistakes.push(layer.mistake(
                    entry.gives.span(),
                    format!("`{name}` has no version `{}`", version.unwrap_or_default()),
                    help,
                ));
            }
        }
    }
}

impl ClientEntry {
    fn gives(&self) -> (&str, Option<&str>) {
        match self.gives.get_ref().split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (self.gives.get_ref(), None),
        }
    }
}

/// The client tables that say what the declarations of all layers say: a path for messages, and the text of each.
///
/// `packages` tells the package of a library, which is what its version is looked up by.
pub(super) fn tables<'l>(layers: impl Iterator<Item = &'l Layer>, packages: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let mut tables: BTreeMap<String, (String, Table)> = BTreeMap::new();
    for layer in layers {
        for entry in &layer.file.clients {
            let origin = layer.origin(entry);
            add(&mut tables, entry.get_ref(), &origin, &packages);
        }
    }
    tables.into_values().map(|(origin, table)| (origin, table.to_string())).collect()
}

fn add(tables: &mut BTreeMap<String, (String, Table)>, entry: &ClientEntry, origin: &str, packages: &impl Fn(&str) -> Option<String>) {
    let (library, version) = entry.gives();
    let ecosystem = if entry.constant.is_some() { "gem" } else { "npm" };
    let named = |name: &str, packages: Vec<Value>| {
        let mut table = Table::new();
        table.insert("name".to_owned(), name.into());
        table.insert("ecosystem".to_owned(), ecosystem.into());
        table.insert("packages".to_owned(), Value::Array(packages));
        table.insert("majors".to_owned(), Value::Array(vec![1.into()]));
        table
    };
    // A library in one version is a table of its own, which nothing but declarations leads to.
    let given = entry.gives.get_ref().clone();
    if version.is_some() {
        let mut table = named(&given, Vec::new());
        table.insert("like".to_owned(), given.clone().into());
        tables.entry(given.clone()).or_insert((origin.to_owned(), table));
    }
    let texts = |texts: &super::file::Texts| Value::Array(texts.iter().map(|text| text.get_ref().clone().into()).collect());
    let mut row = Table::new();
    let (name, array) = match (&entry.package, &entry.constant) {
        (Some(package), _) => {
            row.insert("export".to_owned(), texts(&entry.export));
            row.insert("role".to_owned(), "connection".into());
            match entry.call {
                None => (package.get_ref(), "accessor"),
                Some(call) => {
                    let call = if call == Call::New { "new" } else { "function" };
                    row.insert("call".to_owned(), call.into());
                    row.insert("arguments".to_owned(), Value::Array(vec!["none".into(), "options".into(), "url".into()]));
                    (package.get_ref(), "make")
                }
            }
        }
        (None, Some(constant)) => {
            row.insert("constant".to_owned(), constant.get_ref().clone().into());
            row.insert("method".to_owned(), texts(&entry.method));
            row.insert(if entry.block { "block" } else { "role" }.to_owned(), if entry.block { "lease" } else { "connection" }.into());
            (constant.get_ref(), "accessor")
        }
        (None, None) => return,
    };
    let of_package = entry.package.as_ref().map(|package| package.get_ref().clone().into());
    let (_, table) = tables.entry(name.clone()).or_insert_with(|| (origin.to_owned(), named(name, of_package.into_iter().collect())));
    if array == "accessor" {
        row.insert("evidence".to_owned(), "imported".into());
        row.insert("library".to_owned(), given.into());
    } else {
        // What the package makes is a client of its own table, so this one is like the library.
        table.insert("like".to_owned(), given.into());
        if version.is_none()
            && let Some(package) = packages(library)
        {
            table.insert("version_of".to_owned(), package.into());
        }
    }
    let rows = table.entry(array).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(rows) = rows {
        rows.push(row.into());
    }
}

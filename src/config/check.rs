//! Whether what a configuration names exists.

use super::clients;
use super::error::Mistake;
use super::file::RuleEntry;
use super::layer::Layer;
use super::settings::option_value;
use crate::command::{Server, Service};
use crate::rule::{CATEGORIES, OptionValue, Rules, nearest};
use toml::Spanned;

/// What there is to be named.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Ids of checks of the tool's own, which have no page.
    pub own: &'a [&'a str],
    /// The client libraries, by name, with the majors that each table knows.
    pub libraries: &'a [(String, Vec<u32>)],
}

/// All mistakes of a file that need to know what there is.
pub(super) fn check(layer: &Layer, known: &Known<'_>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if let Some(target) = &layer.file.target
        && Server::parse(target.get_ref()).is_none()
    {
        let help = "write a product and a version: \"redis 7.2\" or \"valkey 8\"".to_owned();
        mistakes.push(layer.mistake(target.span(), format!("`{}` is no server", target.get_ref()), help));
    }
    if let Some(service) = &layer.file.service
        && Service::named(service.get_ref()).is_none()
    {
        let names = || Service::all().keys().map(String::as_str);
        let help = match nearest(service.get_ref(), names()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("write one of {}", names().collect::<Vec<_>>().join(", ")),
        };
        mistakes.push(layer.mistake(service.span(), format!("`{}` is no service that is known", service.get_ref()), help));
    }
    let overrides = layer.file.overrides.iter().map(|entry| &entry.rules);
    for (name, entry) in std::iter::once(&layer.file.rules).chain(overrides).flatten() {
        rule(layer, known, name, entry.get_ref(), &mut mistakes);
    }
    for entry in layer.file.overrides.iter().filter(|entry| entry.paths.is_empty()) {
        let span = entry.rules.keys().next().map_or(0..0, Spanned::span);
        let help = "name the files: paths = [\"scripts/**\"]".to_owned();
        mistakes.push(layer.mistake(span, "this override holds for no file: its `paths` are empty", help));
    }
    for entry in &layer.file.clients {
        clients::check(layer, entry, known.libraries, &mut mistakes);
    }
    for folder in layer.file.rule_pages.iter().chain(&layer.file.client_tables) {
        if !layer.folder.join(folder.get_ref()).is_dir() {
            let help = "name a folder, relative to this file".to_owned();
            mistakes.push(layer.mistake(folder.span(), format!("there is no folder `{}`", folder.get_ref()), help));
        }
    }
    mistakes
}

fn rule(layer: &Layer, known: &Known<'_>, name: &Spanned<String>, entry: &RuleEntry, mistakes: &mut Vec<Mistake>) {
    let id = name.get_ref().as_str();
    let Some(rule) = known.rules.get(id) else {
        let group =
            id == "all" || CATEGORIES.contains(&id) || known.own.contains(&id) || known.rules.iter().any(|rule| rule.category == id);
        if !group {
            let candidates =
                known.rules.iter().map(|rule| rule.id.as_str()).chain(CATEGORIES.iter().copied()).chain(known.own.iter().copied());
            let help = match nearest(id, candidates.chain(["all"])) {
                Some(near) => format!("did you mean `{near}`? `redis-lint rules` lists all of them"),
                None => "`redis-lint rules` lists all of them".to_owned(),
            };
            mistakes.push(layer.mistake(name.span(), format!("there is no rule and no category `{id}`"), help));
        } else if let Some((option, _)) = entry.options.first() {
            let help = "set options at the rule that has them".to_owned();
            mistakes.push(layer.mistake(option.span(), format!("`{id}` has no options"), help));
        }
        return;
    };
    for (option, value) in &entry.options {
        let written = option.get_ref().as_str();
        let Some(declared) = rule.option(written) else {
            let names = || rule.options.iter().map(|option| option.name.as_str()).chain(["severity"]);
            let help = match nearest(written, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has: {}", names().collect::<Vec<_>>().join(", ")),
            };
            mistakes.push(layer.mistake(option.span(), format!("`{id}` has no option `{written}`"), help));
            continue;
        };
        if option_value(declared, value).is_none() {
            let wanted = match declared.default {
                OptionValue::Number(_) => "a number",
                OptionValue::Text(_) => "text",
                OptionValue::List(_) => "a list of texts",
            };
            let found = value.get_ref().type_str();
            let is_of_type = matches!(
                (&declared.default, value.get_ref()),
                (OptionValue::Text(_), toml::Value::String(_)) | (OptionValue::List(_), toml::Value::Array(_))
            );
            let message = match is_of_type && !declared.values.is_empty() {
                true => format!("`{written}` is one of {}", declared.values.join(" ")),
                false => format!("`{written}` is {wanted}, not {found}"),
            };
            mistakes.push(layer.mistake(value.span(), message, declared.about.clone()));
        }
    }
}

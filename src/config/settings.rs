//! What holds for a file: its nearest configuration, and what that one builds on.

use std::path::Path;

use smol_str::SmolStr;
use toml::Spanned;

use super::file::{Level, RuleEntry, Texts};
use super::layer::Layer;
use crate::command::{Server, Service};
use crate::finding::Severity;
use crate::rule::{OptionValue, Rule, RuleOption};
use crate::walk::Globs;

/// A configuration with all that it builds on.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The files, each before those that build on it.
    pub layers: Vec<Layer>,
    /// Files to report on; all when it is empty.
    pub include: Globs,
    /// Files to leave out.
    pub exclude: Globs,
    /// Test code.
    pub tests: Globs,
    /// The paths of each override, layer by layer.
    overrides: Vec<(usize, usize, Globs)>,
}

/// What the configuration makes of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSetting {
    /// Whether it runs.
    pub enabled: bool,
    /// The severity that takes the place of its own.
    pub severity: Option<Severity>,
    /// Values of its options.
    pub options: Vec<(SmolStr, OptionValue)>,
    /// Where the last word on it was said; `None`: by its page.
    pub origin: Option<String>,
    /// Where the options that are set were set.
    pub option_origins: Vec<(SmolStr, String)>,
}

/// The overrides that hold for a file. Files with the same ones are checked together.
pub type Overrides = Vec<bool>;

impl Settings {
    /// The settings of a chain of files, and the globs that are none.
    pub(super) fn new(layers: Vec<Layer>) -> (Self, Vec<super::Mistake>) {
        let mut settings = Self::default();
        let mut mistakes = Vec::new();
        for (at, layer) in layers.iter().enumerate() {
            let mut add = |globs: &mut Globs, texts: &Texts| {
                for text in texts {
                    if let Err(reason) = globs.add(&layer.folder, text.get_ref()) {
                        let help = "write it as in a .gitignore file, for example `generated/**`".to_owned();
                        mistakes.push(layer.mistake(text.span(), format!("this is not a glob: {reason}"), help));
                    }
                }
            };
            add(&mut settings.include, &layer.file.include);
            add(&mut settings.exclude, &layer.file.exclude);
            add(&mut settings.tests, &layer.file.tests);
            for (number, entry) in layer.file.overrides.iter().enumerate() {
                let mut globs = Globs::default();
                add(&mut globs, &entry.paths);
                settings.overrides.push((at, number, globs));
            }
        }
        settings.layers = layers;
        (settings, mistakes)
    }

    /// Whether a file is left out.
    #[must_use]
    pub fn excludes(&self, real: &Path) -> bool {
        self.exclude.contains(real, false)
    }

    /// Whether findings in a file are reported.
    #[must_use]
    pub fn includes(&self, real: &Path) -> bool {
        self.include.is_empty() || self.include.contains(real, false)
    }

    /// The overrides that hold for a file.
    #[must_use]
    pub fn overrides(&self, real: &Path) -> Overrides {
        self.overrides.iter().map(|(.., paths)| paths.contains(real, false)).collect()
    }

    /// What is made of a rule where these overrides hold.
    #[must_use]
    pub fn rule(&self, rule: &Rule, overrides: &[bool]) -> RuleSetting {
        let mut setting = RuleSetting::new(rule.enabled);
        self.apply(&mut setting, &["all", rule.category, &rule.id], Some(rule), overrides);
        setting
    }

    /// What is made of something that is named like a rule and has no page: a check of the tool's own.
    #[must_use]
    pub fn named(&self, id: &str, enabled: bool, overrides: &[bool]) -> RuleSetting {
        let mut setting = RuleSetting::new(enabled);
        self.apply(&mut setting, &["all", id], None, overrides);
        setting
    }

    fn apply(&self, setting: &mut RuleSetting, names: &[&str], rule: Option<&Rule>, overrides: &[bool]) {
        for (at, layer) in self.layers.iter().enumerate() {
            let matching = self.overrides.iter().zip(overrides).filter(|((of, ..), holds)| *of == at && **holds);
            let special = matching.filter_map(|((_, number, _), _)| layer.file.overrides.get(*number)).map(|entry| &entry.rules);
            for rules in std::iter::once(&layer.file.rules).chain(special) {
                for name in names {
                    if let Some((key, entry)) = rules.get_key_value(*name) {
                        let entry = entry.get_ref();
                        setting.apply(entry, rule);
                        if entry.level.is_some() {
                            setting.origin = Some(layer.origin(key));
                        }
                        for (name, value) in &entry.options {
                            setting.option_origins.retain(|(other, _)| other != name.get_ref());
                            setting.option_origins.push((name.get_ref().into(), layer.origin(value)));
                        }
                    }
                }
            }
        }
    }

    /// The server that the code talks to, and where that is said.
    #[must_use]
    pub fn target(&self) -> Option<(Server, String)> {
        let said = self.layers.iter().rev().find_map(|layer| Some((layer, layer.file.target.as_ref()?)))?;
        Some((Server::parse(said.1.get_ref())?, said.0.origin(said.1)))
    }

    /// The managed service that runs the server: its name, itself, and where that is said.
    #[must_use]
    pub fn service(&self) -> Option<(&str, &'static Service, String)> {
        let said = self.layers.iter().rev().find_map(|layer| Some((layer, layer.file.service.as_ref()?)))?;
        let name = said.1.get_ref();
        Some((name, Service::named(name)?, said.0.origin(said.1)))
    }

    /// Whether an ignored finding needs a reason, and where that is said.
    #[must_use]
    pub fn require_reasons(&self) -> Option<(bool, String)> {
        let said = self.layers.iter().rev().find_map(|layer| Some((layer, layer.file.require_reasons.as_ref()?)))?;
        Some((*said.1.get_ref(), said.0.origin(said.1)))
    }
}

impl RuleSetting {
    fn new(enabled: bool) -> Self {
        Self { enabled, severity: None, options: Vec::new(), origin: None, option_origins: Vec::new() }
    }

    fn apply(&mut self, entry: &RuleEntry, rule: Option<&Rule>) {
        match entry.level {
            None => {}
            Some(Level::Off) => self.enabled = false,
            Some(Level::On) => (self.enabled, self.severity) = (true, None),
            Some(level) => (self.enabled, self.severity) = (true, level.severity()),
        }
        for (name, value) in &entry.options {
            let option = rule.and_then(|rule| rule.option(name.get_ref()));
            if let Some(value) = option.and_then(|option| option_value(option, value)) {
                self.options.retain(|(other, _)| other != name.get_ref());
                self.options.push((name.get_ref().into(), value));
            }
        }
    }
}

impl Level {
    /// The severity that it is.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off | Self::On => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// The value of an option, when it is one that the option may have.
pub(super) fn option_value(option: &RuleOption, value: &Spanned<toml::Value>) -> Option<OptionValue> {
    let value = value.get_ref();
    let value = match option.default {
        OptionValue::Number(_) => value.as_float().or_else(|| Some(value.as_integer()? as f64)).map(OptionValue::Number),
        OptionValue::Text(_) => value.as_str().map(|text| OptionValue::Text(text.to_owned())),
        OptionValue::List(_) => {
            let texts = value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<_>>();
            texts.map(OptionValue::List)
        }
    };
    value.filter(|value| option.takes(value))
}

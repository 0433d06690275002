//! Files for which the same rules run in the same way.

use rustc_hash::FxHashMap;

use super::arguments::RuleArguments;
use super::select::{Asked, known};
use super::{Error, Input};
use crate::rule::{Rule, Rules, Selected};
use crate::source::FileId;

/// The rules that run, by file.
#[derive(Debug)]
pub struct Profiles<'r> {
    /// All rules.
    pub rules: &'r Rules,
    /// What runs: each profile holds for some files.
    pub profiles: Vec<Vec<Selected<'r>>>,
    /// The profile of each file.
    of_file: Vec<u32>,
}

impl<'r> Profiles<'r> {
    /// What the configuration and the command line make of the rules, for every file. The command line wins.
    ///
    /// # Errors
    /// When the command line names a rule that there is not.
    pub(super) fn new(input: &'r Input, arguments: &RuleArguments) -> Result<Self, Error> {
        let rules = &input.setup.rules;
        known(rules, arguments)?;
        let asked = Asked { arguments };
        let mut profiles = Vec::new();
        let mut numbers: FxHashMap<(*const crate::config::Settings, Vec<bool>), u32> = FxHashMap::default();
        let mut of_file = Vec::with_capacity(input.walked.real.len());
        for real in &input.walked.real {
            let settings = input.setup.configuration.of(real);
            let overrides = settings.overrides(real);
            let next = profiles.len() as u32;
            let number = *numbers.entry((std::ptr::from_ref(settings), overrides)).or_insert_with_key(|(_, overrides)| {
                profiles.push(asked.selected(rules, settings, overrides));
                next
            });
            of_file.push(number);
        }
        Ok(Self { rules, profiles, of_file })
    }

    /// The rules that run for some file, by id.
    pub fn running(&self) -> impl Iterator<Item = &'r Rule> {
        self.rules.iter().filter(|rule| self.profiles.iter().flatten().any(|selected| selected.rule.id == rule.id))
    }

    /// The number of a file's profile.
    #[must_use]
    pub fn of(&self, file: FileId) -> usize {
        self.of_file.get(file.0 as usize).copied().unwrap_or_default() as usize
    }
}

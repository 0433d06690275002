//! Files for which the same rules run in the same way.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::arguments::RuleArguments;
use super::select::{Asked, known};
use super::{Error, Setup};
use crate::finding::Severity;
use crate::rule::{Rule, Rules, Selected};
use crate::source::FileId;
use crate::suppression::CHECKS;

/// The rules that run, by file.
#[derive(Debug)]
pub struct Profiles<'r> {
    /// All rules.
    pub rules: &'r Rules,
    /// What runs: each profile holds for some files.
    pub profiles: Vec<Vec<Selected<'r>>>,
    /// The checks of the tool's own that run in each profile, with the severity that the user set.
    own: Vec<Vec<(&'static str, Option<Severity>)>>,
    /// Whether the command line leaves the choice of rules to the configuration.
    complete: bool,
    /// The profile of each file.
    of_file: Vec<u32>,
}

impl<'r> Profiles<'r> {
    /// What the configuration and the command line make of the rules, for every file. The command line wins.
    ///
    /// # Errors
    /// When the command line names a rule that there is not.
    pub(super) fn new(setup: &'r Setup, real: &[PathBuf], arguments: &RuleArguments) -> Result<Self, Error> {
        let rules = &setup.rules;
        known(rules, arguments)?;
        let asked = Asked { arguments };
        let (mut profiles, mut own) = (Vec::new(), Vec::new());
        let mut numbers: FxHashMap<(*const crate::config::Settings, Vec<bool>), u32> = FxHashMap::default();
        let mut of_file = Vec::with_capacity(real.len());
        for real in real {
            let settings = setup.configuration.of(real);
            let overrides = settings.overrides(real);
            let next = profiles.len() as u32;
            let number = *numbers.entry((std::ptr::from_ref(settings), overrides)).or_insert_with_key(|(_, overrides)| {
                profiles.push(asked.selected(rules, settings, overrides));
                own.push(asked.own(settings, overrides));
                next
            });
            of_file.push(number);
        }
        Ok(Self { rules, profiles, own, complete: arguments.select.is_empty() && arguments.ignore.is_empty(), of_file })
    }

    /// The rules that run for some file, by id.
    pub fn running(&self) -> impl Iterator<Item = &'r Rule> {
        self.rules.iter().filter(|rule| self.profiles.iter().flatten().any(|selected| selected.rule.id == rule.id))
    }

    /// The checks of the tool's own that run for some file.
    pub(super) fn own_running(&self) -> impl Iterator<Item = &'static str> {
        CHECKS.iter().map(|check| check.id).filter(|id| self.own.iter().flatten().any(|(own, _)| own == id))
    }

    /// Whether a rule runs for a file; without one, whether all do that the configuration wants.
    pub(super) fn ran(&self, file: FileId, rule: Option<&str>) -> bool {
        match rule {
            None => self.complete,
            Some(id) => self.profiles.get(self.of(file)).is_some_and(|selected| selected.iter().any(|one| one.rule.id == id)),
        }
    }

    /// Whether a check of the tool's own runs for a file, and the severity that the user set.
    pub(super) fn own(&self, file: FileId, id: &str) -> Option<Option<Severity>> {
        self.own.get(self.of(file))?.iter().find(|(own, _)| *own == id).map(|(_, severity)| *severity)
    }

    /// The number of a file's profile.
    #[must_use]
    pub fn of(&self, file: FileId) -> usize {
        self.of_file.get(file.0 as usize).copied().unwrap_or_default() as usize
    }
}

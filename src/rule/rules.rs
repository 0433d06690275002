//! All rules of a run.

use include_dir::{Dir, include_dir};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::near::nearest;
use super::page::Reporter;
use super::{Rule, RuleError, read};
use crate::finding::Severity;

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The rules that came with the binary and those of the user, sorted by id.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// For each rule, the indices of all rules that it supersedes, also through others.
    superseded: Vec<FxHashSet<usize>>,
}

/// A line of the list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    /// Its name.
    pub id: &'a str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub category: &'a str,
    /// Whether it runs without being asked for.
    pub enabled: bool,
    /// Whether it can offer a fix.
    pub fixable: bool,
    /// What happens.
    pub title: &'a str,
}

impl Rules {
    /// The rules that came with the binary.
    ///
    /// # Errors
    ///
    /// What is wrong with their pages.
    pub fn embedded() -> Result<Self, Vec<RuleError>> {
        Self::load([])
    }

    /// The rules that came with the binary, and the user's own pages: path and text of each. A page of the user's with the
    /// id of an embedded rule takes its place.
    ///
    /// # Errors
    ///
    /// What is wrong with the pages, in the order of their paths.
    pub fn load<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<RuleError>> {
        let embedded = PAGES.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
        let pages =
            embedded.filter(|(path, _)| path.ends_with(".md") && !path.ends_with("README.md")).map(|(path, text)| (path, text, true));
        Self::of_pages(pages.chain(own.into_iter().map(|(path, text)| (path, text, false))))
    }

    /// Rules of these pages only: path, text, and whether unknown ids in `supersedes` are errors.
    ///
    /// # Errors
    ///
    /// What is wrong with the pages, in the order of their paths.
    pub fn of_pages<'a>(pages: impl IntoIterator<Item = (&'a str, &'a str, bool)>) -> Result<Self, Vec<RuleError>> {
        let mut pages: Vec<_> = pages.into_iter().collect();
        pages.sort_by_key(|(path, _, embedded)| (!embedded, *path));
        let mut rules: Vec<Rule> = Vec::new();
        let mut errors = Vec::new();
        for (path, text, embedded) in pages {
            match read::page(path, text, embedded) {
                Err(mistakes) => errors.extend(mistakes),
                Ok(rule) => match rules.iter_mut().find(|other| other.id == rule.id) {
                    None => rules.push(rule),
                    Some(other) if other.embedded && !embedded => *other = rule,
                    Some(other) => {
                        let message = format!("two pages are named `{}`", rule.id);
                        let help = Some(format!("the other one is {}", other.path));
                        errors.push(at(&rule, &rule.id, message, help));
                    }
                },
            }
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        if errors.is_empty() { link(rules) } else { Err(errors) }
    }

    /// All rules, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The rule of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|index| &self.rules[index])
    }

    /// The id most like a misspelt one.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.rules.iter().map(|rule| rule.id.as_str()))
    }

    /// Whether a finding of `winner` replaces one of `loser`.
    #[must_use]
    pub fn supersedes(&self, winner: &str, loser: &str) -> bool {
        let index = |id: &str| self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok();
        matches!((index(winner), index(loser)), (Some(winner), Some(loser)) if self.superseded[winner].contains(&loser))
    }

    /// The list of rules, for `rules`.
    pub fn listing(&self) -> impl Iterator<Item = Listing<'_>> {
        self.rules.iter().map(|rule| Listing {
            id: &rule.id,
            severity: rule.severity,
            category: rule.category,
            enabled: rule.enabled,
            fixable: rule.fixable(),
            title: &rule.title,
        })
    }
}

/// Resolves `supersedes`: every id is known, nothing goes in circles, and what is superseded by the superseded is too.
fn link(rules: Vec<Rule>) -> Result<Rules, Vec<RuleError>> {
    let index: FxHashMap<&str, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    let mut errors = Vec::new();
    let mut direct: Vec<Vec<usize>> = Vec::with_capacity(rules.len());
    for rule in &rules {
        let mut own = Vec::new();
        for id in &rule.supersedes {
            match index.get(id.as_str()) {
                Some(other) => own.push(*other),
                None if rule.embedded => {
                    let help = nearest(id, index.keys().copied()).map(|near| format!("did you mean `{near}`?"));
                    errors.push(at(rule, id, format!("there is no rule `{id}` to supersede"), help));
                }
                None => {}
            }
        }
        direct.push(own);
    }
    let mut superseded = Vec::with_capacity(rules.len());
    for start in 0..rules.len() {
        let mut reached = FxHashSet::default();
        let mut open = direct[start].clone();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(&direct[next]);
            }
        }
        if reached.contains(&start) {
            let rule = &rules[start];
            let through = direct[start].iter().find(|next| **next == start || reaches(&direct, **next, start));
            let id = through.map_or(&rule.id, |next| &rules[*next].id);
            let message = format!("`{}` and `{id}` supersede each other", rule.id);
            errors.push(at(rule, id, message, Some("let one of them win".to_owned())));
        }
        superseded.push(reached);
    }
    if errors.is_empty() { Ok(Rules { rules, superseded }) } else { Err(errors) }
}

fn reaches(direct: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = FxHashSet::default();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(&direct[next]);
        }
    }
    false
}

/// An error at the place where a rule's block names an id, or at the block.
fn at(rule: &Rule, id: &SmolStr, message: String, help: Option<String>) -> RuleError {
    let quoted = format!("\"{id}\"");
    let span = rule.page[rule.block.clone()]
        .find(&quoted)
        .map_or(rule.block.clone(), |found| rule.block.start + found..rule.block.start + found + quoted.len());
    let mut reporter = Reporter { path: &rule.path, text: &rule.page, errors: Vec::new() };
    reporter.add(span, message, "", help);
    reporter.errors.remove(0)
}

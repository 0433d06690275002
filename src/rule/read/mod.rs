//! From the text of a page to a [`Rule`], strictly: nothing is guessed and nothing is passed over.

mod case;
mod fix;
mod predicate;
mod table;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;
use toml::de::DeTable;

use self::table::{Node, Reader, number};
use super::model::CATEGORIES;
use super::page::{Page, Reporter};
use super::{OptionValue, Rule, RuleError, RuleOption};
use crate::finding::Severity;

/// What the cases of a rule inherit from it.
struct Defaults<'a, 'n, 'i> {
    severity: Severity,
    message: Option<&'n Node<'i>>,
    help: Option<&'n Node<'i>>,
    fix: Option<&'n Node<'i>>,
    options: &'a [RuleOption],
    /// Lowest rung of evidence, as a place on its ladder.
    evidence: usize,
    /// Whether test code is looked at.
    tests: bool,
}

const EVIDENCE: &[&str] = &["named", "imported", "declared", "constructed"];
const KEYS: &[&str] =
    &["category", "severity", "enabled", "evidence", "message", "help", "sources", "supersedes", "tests", "options", "match", "fix"];

/// Reads a page.
pub(super) fn page(path: &str, text: &str, embedded: bool) -> Result<Rule, Vec<RuleError>> {
    let mut reporter = Reporter { path, text, errors: Vec::new() };
    let rule = read(path, text, embedded, &mut reporter);
    match rule {
        Some(rule) if reporter.errors.is_empty() => Ok(rule),
        _ => Err(reporter.errors),
    }
}

fn read(path: &str, text: &str, embedded: bool, reporter: &mut Reporter<'_>) -> Option<Rule> {
    let page = Page::read(text, reporter)?;
    let id = id(path, &page, reporter)?;
    let source = &text[page.rule.clone()];
    let root = match DeTable::parse(source) {
        Ok(root) => root,
        Err(error) => {
            let span = error.span().map_or(page.rule.clone(), |span| span.start + page.rule.start..span.end + page.rule.start);
            reporter.add(span, error.message().to_owned(), "", None);
            return None;
        }
    };
    let offset = page.rule.start;
    let mut reader = Reader { reporter, offset };
    let entries = reader.entries(root.get_ref());
    for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key)) {
        reader.unknown_key(entry, KEYS, "in the rule");
    }
    let find = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.value);
    for key in ["category", "severity", "sources", "match"] {
        if find(key).is_none() {
            reader.error(page.block.clone(), format!("the rule has no `{key}`"), Some(format!("add `{key}`")));
        }
    }
    let category = find("category").and_then(|node| reader.word(node, CATEGORIES, "`category`"));
    let severity = find("severity").and_then(|node| reader.severity(node));
    let sources = find("sources").map(|node| reader.sources(node)).unwrap_or_default();
    let enabled = find("enabled").map_or(Some(true), |node| reader.truth(node));
    let tests = find("tests").map_or(Some(false), |node| reader.truth(node));
    let evidence = find("evidence").map_or(Some("imported"), |node| reader.word(node, EVIDENCE, "`evidence`"));
    let supersedes = find("supersedes").map(|node| reader.supersedes(node, &id)).unwrap_or_default();
    let options = find("options").map(|node| reader.options(node)).unwrap_or_default();
    let (category, severity, enabled, tests, evidence) = (category?, severity?, enabled?, tests?, evidence?);
    let defaults = Defaults {
        severity,
        message: find("message"),
        help: find("help"),
        fix: find("fix"),
        options: &options,
        evidence: EVIDENCE.iter().position(|rung| *rung == evidence)?,
        tests,
    };
    let cases = reader.cases(find("match")?, &defaults);
    let mut wrong = Vec::new();
    for example in &page.examples {
        let is_taken = |name: &SmolStr, text: &str| options.iter().any(|option| option.name == *name && option.parse(text).is_some());
        wrong.extend(example.options.iter().filter(|(name, text)| !is_taken(name, text)).map(|(name, _)| (example.line, name)));
    }
    for (line, name) in wrong {
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        reader.error(start..start, format!("this example sets `{name}`, which is no option of the rule, or not to such a value"), None);
    }
    Some(Rule {
        id,
        title: page.title,
        category,
        severity,
        enabled,
        tests,
        sources,
        supersedes,
        options,
        cases,
        examples: page.examples,
        page: text.to_owned(),
        block: page.block,
        path: path.to_owned(),
        embedded,
    })
}

/// The id of a page: the stem of its file name.
fn id(path: &str, page: &Page, reporter: &mut Reporter<'_>) -> Option<SmolStr> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let fits = stem.starts_with(|c: char| c.is_ascii_lowercase())
        && stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits {
        let help = "name it with small letters, digits and hyphens, beginning with a letter".to_owned();
        reporter.add(page.block.clone(), format!("`{stem}` is no rule id: the file name gives the id"), "", Some(help));
        return None;
    }
    Some(stem.into())
}

impl Reader<'_, '_> {
    fn sources(&mut self, node: &Node<'_>) -> Vec<String> {
        let texts = self.texts(node).unwrap_or_default();
        let mut sources = Vec::new();
        for (text, place) in texts {
            if text.starts_with("https://") {
                sources.push(text.to_owned());
            } else {
                self.error(place, "a source is a URL that begins with https://", None);
            }
        }
        sources
    }

    fn supersedes(&mut self, node: &Node<'_>, id: &str) -> Vec<SmolStr> {
        let texts = self.texts(node).unwrap_or_default();
        let mut list = Vec::new();
        for (text, place) in texts {
            if text == id {
                self.error(place, "a rule cannot supersede itself", None);
            } else {
                list.push(text.into());
            }
        }
        list
    }

    fn options(&mut self, node: &Node<'_>) -> Vec<RuleOption> {
        let Some(table) = self.table(node) else { return Vec::new() };
        let entries = self.entries(table);
        entries.iter().filter_map(|entry| self.option(entry.key, entry.value)).collect()
    }

    fn option(&mut self, name: &str, node: &Node<'_>) -> Option<RuleOption> {
        let table = self.table(node)?;
        let (mut kind, mut default, mut about, mut values) = (None, None, None, Vec::new());
        for entry in self.entries(table) {
            match entry.key {
                "type" => kind = Some(self.word(entry.value, &["number", "text", "list"], "`type`")?),
                "default" => default = Some(entry.value),
                "about" => about = Some(self.text(entry.value)?.to_owned()),
                "values" => values = self.texts(entry.value)?.into_iter().map(|(text, _)| text.to_owned()).collect(),
                _ => self.unknown_key(&entry, &["type", "default", "about", "values"], "in an option"),
            }
        }
        let (Some(kind), Some(default), Some(about)) = (kind, default, about) else {
            let place = self.place(node);
            self.error(place, "an option needs `type`, `default` and `about`", None);
            return None;
        };
        let default = match kind {
            "number" => match number(default.get_ref()) {
                Some(number) => OptionValue::Number(number),
                None => {
                    self.expected(default, "a number");
                    return None;
                }
            },
            "text" => OptionValue::Text(self.text(default)?.to_owned()),
            _ if default.get_ref().as_array().is_some_and(|list| list.is_empty()) => OptionValue::List(Vec::new()),
            _ => OptionValue::List(self.texts(default)?.into_iter().map(|(text, _)| text.to_owned()).collect()),
        };
        Some(RuleOption { name: name.into(), default, about, values })
    }
}

//! Cases: what a rule matches, and what it then says.

use std::ops::Range;

use toml::de::DeTable;

use super::Defaults;
use super::table::{Entry, Node, Reader, smol};
use crate::finding::Severity;
use crate::operation::relation::{Between, Path, Same, Trips};
use crate::operation::{EventKind, fact};
use crate::rule::message::Roles;
use crate::rule::model::{Absent, World};
use crate::rule::{Case, Message, Pattern, Predicate, Relations, Report, Role, Shape, Subject, Tail, Test, Unless, UnlessOn};

/// Words of the relations.
const PATHS: &[(&str, Path)] = &[("always", Path::Always), ("sometimes", Path::Sometimes)];
const BETWEEN: &[(&str, Between)] = &[("nothing", Between::Nothing), ("pure", Between::Pure), ("calls", Between::Calls)];
const TRIPS: &[(&str, Trips)] =
    &[("alone", Trips::Alone), ("pipeline", Trips::Pipeline), ("transaction", Trips::Transaction), ("concurrent", Trips::Concurrent)];
const GUARDS: &[&str] = &["none", "missing", "present", "created", "compared", "below", "own-slot", "other"];
const TAKES: &[&str] = &["nothing", "key", "value", "field", "ttl"];
const CHANGES: &[&str] = &["same", "increment", "append", "edit", "replaced"];
const RELATIONS: &[&str] = &["same", "path", "guard", "takes", "change", "between", "trips", "within"];
const EVENTS: &[EventKind] =
    &[EventKind::Operation, EventKind::Client, EventKind::Queue, EventKind::Run, EventKind::Family, EventKind::Entry];
const CASE_KEYS: &[&str] = &["event", "first", "then", "absent", "unless", "message", "severity", "help", "report", "fix"];

impl Reader<'_, '_> {
    /// All cases of `match`: one table, or a list of tables.
    pub fn cases(&mut self, node: &Node<'_>, defaults: &Defaults<'_, '_, '_>) -> Vec<Case> {
        let nodes = if node.get_ref().is_array() { self.list(node).unwrap_or_default() } else { vec![node] };
        let mut cases: Vec<Case> = Vec::new();
        for node in nodes {
            let Some(table) = self.table(node) else { continue };
            let Some(case) = self.case(table, node, defaults) else { continue };
            if cases.iter().any(|other| other.shape == case.shape && other.unless == case.unless) {
                let place = self.place(node);
                self.error(place, "this case matches what an earlier one matches", Some("remove one of them".to_owned()));
            }
            cases.push(case);
        }
        cases
    }

    fn case(&mut self, table: &DeTable<'_>, node: &Node<'_>, defaults: &Defaults<'_, '_, '_>) -> Option<Case> {
        let entries = self.entries(table);
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        let before = self.reporter.errors.len();
        let shape = match find("first") {
            Some(first) => self.pair(first, find("then"), find("absent"), &entries, defaults)?,
            None => {
                for key in ["then", "absent"] {
                    if let Some(entry) = find(key) {
                        self.error(entry.span.clone(), format!("`{key}` without `first`"), Some("add [match.first]".to_owned()));
                        return None;
                    }
                }
                Shape::Single(self.pattern(&entries, CASE_KEYS, &["call"], defaults, node)?)
            }
        };
        let (event, pair, then) = match &shape {
            Shape::Single(pattern) => (pattern.event, false, false),
            Shape::Pair { first, then, .. } => (first.event, true, then.is_some()),
        };
        let roles = Roles { first: event, pair, then };
        let unless = find("unless").map(|entry| self.unless(entry, roles, defaults)).unwrap_or_default();
        let severity = match find("severity") {
            Some(entry) => self.severity(entry.value)?,
            None => defaults.severity,
        };
        let message = match find("message").map(|entry| entry.value).or(defaults.message) {
            Some(node) => self.message(node, roles)?,
            None => {
                let place = self.place(node);
                self.error(place, "this case has no message", Some("add `message` to the case or to the rule".to_owned()));
                return None;
            }
        };
        let help = match find("help").map(|entry| entry.value).or(defaults.help) {
            Some(node) => Some(self.message(node, roles)?),
            None => None,
        };
        let report = match find("report") {
            Some(entry) if !then => {
                self.error(entry.span.clone(), "`report` chooses between `first` and `then`: this case has one event", None);
                return None;
            }
            Some(entry) if self.word(entry.value, &["first", "then"], "`report`")? == "then" => Report::Then,
            _ => Report::First,
        };
        let fix = match find("fix").map(|entry| entry.value).or(defaults.fix) {
            Some(node) => Some(self.fix(node, roles, defaults)?),
            None => None,
        };
        (self.reporter.errors.len() == before).then_some(Case { shape, unless, message, help, severity, report, fix })
    }

    /// A severity.
    pub fn severity(&mut self, node: &Node<'_>) -> Option<Severity> {
        Severity::of_word(self.word(node, &["error", "warning", "info"], "`severity`")?)
    }

    /// A message for a case with these events.
    pub fn message(&mut self, node: &Node<'_>, roles: Roles) -> Option<Message> {
        let text = self.text(node)?;
        if text.trim().is_empty() || text.contains('\n') {
            let place = self.place(node);
            self.error(place, "a message is one line of text", None);
            return None;
        }
        match Message::parse(text, roles) {
            Ok(message) => Some(message),
            Err(error) => {
                let place = self.place(node);
                // A plain string has its text right behind the quote; one with escapes is marked as a whole.
                let plain = place.len() == text.len() + 2;
                let span = if plain { place.start + 1 + error.range.start..place.start + 1 + error.range.end } else { place };
                self.error(span, error.message, error.help);
                None
            }
        }
    }

    fn pair(
        &mut self,
        first: &Entry<'_, '_>,
        then: Option<&Entry<'_, '_>>,
        absent: Option<&Entry<'_, '_>>,
        entries: &[Entry<'_, '_>],
        defaults: &Defaults<'_, '_, '_>,
    ) -> Option<Shape> {
        for entry in entries.iter().filter(|entry| !CASE_KEYS.contains(&entry.key) || entry.key == "event") {
            let help = "a predicate belongs to [match.first], [match.then] or [match.absent]".to_owned();
            self.error(entry.span.clone(), format!("`{}` stands outside the events of this pair", entry.key), Some(help));
        }
        if then.is_none() && absent.is_none() {
            let help = "add [match.then] or [match.absent]; without either, write the predicates in [match]".to_owned();
            self.error(first.span.clone(), "`first` alone is no pair", Some(help));
            return None;
        }
        let (tail, layers) = match then {
            None => (None, &["call"][..]),
            Some(entry) => {
                let (tail, layers) = self.tail(entry, defaults)?;
                (Some(Box::new(tail)), layers)
            }
        };
        let table = self.table(first.value)?;
        let own = self.entries(table);
        if let Some(entry) = own.iter().find(|entry| RELATIONS.contains(&entry.key)) {
            self.error(
                entry.span.clone(),
                format!("relation `{}` in `first`", entry.key),
                Some("relations belong to [match.then]".to_owned()),
            );
            return None;
        }
        let head = self.pattern(&own, &["event"], layers, defaults, first.value)?;
        if head.event != EventKind::Operation {
            self.error(first.span.clone(), "only operations form pairs", None);
            return None;
        }
        let absent = match absent {
            None => None,
            Some(entry) => Some(Box::new(self.absent(entry, then.is_some(), defaults)?)),
        };
        Some(Shape::Pair { first: head, then: tail, absent })
    }

    fn tail(&mut self, then: &Entry<'_, '_>, defaults: &Defaults<'_, '_, '_>) -> Option<(Tail, &'static [&'static str])> {
        let table = self.table(then.value)?;
        let entries = self.entries(table);
        let mut relations = Relations::default();
        let mut layers: &'static [&'static str] = &["call"];
        for entry in &entries {
            match entry.key {
                "same" => relations.same = self.same(entry.value)?,
                "path" => relations.path = self.choices(entry.value, PATHS, "`path`")?,
                "trips" => relations.trips = self.choices(entry.value, TRIPS, "`trips`")?,
                "between" => relations.between = *self.choices(entry.value, BETWEEN, "`between`")?.first()?,
                "guard" => relations.guard = Some(self.choice_test(entry.value, GUARDS, "`guard`")?),
                "takes" => relations.takes = Some(self.choice_test(entry.value, TAKES, "`takes`")?),
                "change" => relations.change = Some(self.choice_test(entry.value, CHANGES, "`change`")?),
                "within" if self.word(entry.value, &["function", "callers"], "`within`")? == "callers" => layers = &["call", "wrapper"],
                _ => {}
            }
        }
        let mut known = vec!["event"];
        known.extend(RELATIONS);
        let pattern = self.pattern(&entries, &known, layers, defaults, then.value)?;
        Some((Tail { pattern, relations }, layers))
    }

    fn absent(&mut self, entry: &Entry<'_, '_>, then: bool, defaults: &Defaults<'_, '_, '_>) -> Option<Absent> {
        let table = self.table(entry.value)?;
        let entries = self.entries(table);
        let mut within = None;
        let mut same = Same::CLIENT | Same::KEY;
        for entry in &entries {
            match entry.key {
                "within" => {
                    within = Some(match self.word(entry.value, &["after", "between", "before"], "`within`")? {
                        "after" => World::After,
                        "between" if then => World::Between,
                        "between" => {
                            self.error(entry.span.clone(), "between what? the case has no `then`", None);
                            return None;
                        }
                        _ => World::Before,
                    });
                }
                "same" => same = self.same(entry.value)?,
                _ => {}
            }
        }
        let Some(within) = within else {
            self.error(
                entry.span.clone(),
                "`absent` needs `within`",
                Some("say where it is looked for: after, between or before".to_owned()),
            );
            return None;
        };
        let mut pattern = self.bare_pattern(&entries, &["within", "same"], defaults)?;
        order(&mut pattern.predicates);
        Some(Absent { pattern, within, same })
    }

    fn same(&mut self, node: &Node<'_>) -> Option<Same> {
        let chosen = self.choices(node, Same::NAMES, "`same`")?;
        Some(chosen.into_iter().fold(Same::NOTHING, |all, one| all | one))
    }

    fn choices<T: Copy>(&mut self, node: &Node<'_>, table: &[(&str, T)], what: &str) -> Option<Vec<T>> {
        let names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
        let list = self.scalars(node)?;
        let words: Option<Vec<_>> = list.into_iter().map(|item| self.word(item, &names, what)).collect();
        Some(words?.into_iter().filter_map(|word| table.iter().find(|(name, _)| *name == word)).map(|(_, value)| *value).collect())
    }

    fn choice_test(&mut self, node: &Node<'_>, names: &[&str], what: &str) -> Option<Test> {
        let (node, negative) = match node.get_ref().as_table().map(|table| self.entries(table)).as_deref() {
            Some([entry]) if entry.key == "not" => (entry.value, true),
            Some(_) => {
                let place = self.place(node);
                self.error(place, format!("no such test of {what}"), Some("write a word, a list of words or { not = [...] }".to_owned()));
                return None;
            }
            None => (node, false),
        };
        let list = self.scalars(node)?;
        let words: Option<Vec<_>> = list.into_iter().map(|item| self.word(item, names, what)).collect();
        let words = smol(words?);
        Some(if negative { Test::NoneOf(words) } else { Test::AnyOf(words) })
    }

    /// Predicates over one event, with those that every case has without writing them.
    fn pattern(
        &mut self,
        entries: &[Entry<'_, '_>],
        skip: &[&str],
        layers: &[&str],
        defaults: &Defaults<'_, '_, '_>,
        node: &Node<'_>,
    ) -> Option<Pattern> {
        let written = entries.iter().any(|entry| !skip.contains(&entry.key) && entry.key != "event");
        let mut pattern = self.bare_pattern(entries, skip, defaults)?;
        if !written {
            let place = self.place(node);
            self.error(place, "no predicate: this would match everything", None);
            return None;
        }
        let event = pattern.event;
        let mut add = |id: crate::operation::FactId, test: Test| {
            if id.row().events.contains(&event) {
                pattern.predicates.push(Predicate { subject: Subject::Event, fact: id, test });
            }
        };
        if !entries.iter().any(|entry| entry.key == "layer") {
            add(fact::LAYER, Test::AnyOf(smol(layers)));
        }
        if !defaults.tests {
            add(fact::RUNS_IN_, Test::NoneOf(smol(["test"])));
        }
        add(fact::EVIDENCE_, Test::Rungs(defaults.evidence, usize::MAX));
        order(&mut pattern.predicates);
        Some(pattern)
    }

    fn bare_pattern(&mut self, entries: &[Entry<'_, '_>], skip: &[&str], defaults: &Defaults<'_, '_, '_>) -> Option<Pattern> {
        let event = match entries.iter().find(|entry| entry.key == "event") {
            None => EventKind::Operation,
            Some(entry) => {
                let words: Vec<_> = EVENTS.iter().map(|event| event.word()).collect();
                let word = self.word(entry.value, &words, "`event`")?;
                EVENTS.iter().copied().find(|event| event.word() == word)?
            }
        };
        let mut predicates = Vec::new();
        for entry in entries.iter().filter(|entry| !skip.contains(&entry.key) && entry.key != "event") {
            predicates.extend(self.predicate(entry, event, defaults.options));
        }
        Some(Pattern { event, predicates })
    }

    fn unless(&mut self, entry: &Entry<'_, '_>, roles: Roles, defaults: &Defaults<'_, '_, '_>) -> Vec<Unless> {
        let nodes = if entry.value.get_ref().is_array() { self.list(entry.value).unwrap_or_default() } else { vec![entry.value] };
        nodes.into_iter().filter_map(|node| self.one_unless(node, roles, defaults)).collect()
    }

    fn one_unless(&mut self, node: &Node<'_>, roles: Roles, defaults: &Defaults<'_, '_, '_>) -> Option<Unless> {
        let table = self.table(node)?;
        let entries = self.entries(table);
        let on = match entries.iter().find(|entry| entry.key == "on") {
            None if roles.pair => {
                let place = self.place(node);
                self.error(place, "`unless` of which event?", Some("add on = \"first\", \"then\" or \"between\"".to_owned()));
                return None;
            }
            None => UnlessOn::First,
            Some(entry) => match self.word(entry.value, &["first", "then", "between"], "`on`")? {
                "first" if roles.pair => UnlessOn::First,
                "then" if roles.then => UnlessOn::Then,
                "between" if roles.then => UnlessOn::Between,
                word => {
                    self.error(entry.span.clone(), format!("this case has no `{word}`"), None);
                    return None;
                }
            },
        };
        let event = if on == UnlessOn::First { roles.first } else { EventKind::Operation };
        let predicates: Vec<_> =
            entries.iter().filter(|entry| entry.key != "on").filter_map(|entry| self.predicate(entry, event, defaults.options)).collect();
        if predicates.is_empty() {
            let place = self.place(node);
            self.error(place, "no predicate: this would cancel everything", None);
            return None;
        }
        Some(Unless { on, predicates })
    }

    /// The role that a key names, for fixes.
    pub fn role(&mut self, word: &str, place: Range<usize>, roles: Roles) -> Option<Role> {
        let words: &[&str] = match (roles.pair, roles.then) {
            (true, true) => &["first", "then"],
            (true, false) => &["first"],
            _ => &["event"],
        };
        Some(if self.word_at(word, place, words, "the events of this case")? == "then" { Role::Then } else { Role::First })
    }

    /// The words of `between` and `path`, for the conditions of fixes.
    pub fn between(&mut self, node: &Node<'_>) -> Option<Between> {
        self.choices(node, BETWEEN, "`between`")?.first().copied()
    }

    /// See [`Reader::between`].
    pub fn path(&mut self, node: &Node<'_>) -> Option<Path> {
        self.choices(node, PATHS, "`path`")?.first().copied()
    }
}

/// The command decides most often and is cheapest to test; the rest keeps its order.
fn order(predicates: &mut [Predicate]) {
    predicates.sort_by_key(|predicate| match predicate.fact {
        fact::COMMAND => 0,
        fact::DOES_ => 1,
        _ => 2,
    });
}

//! Predicates: `FACT = VALUE`.

use smol_str::SmolStr;

use super::table::{Entry, Node, Reader, number, smol};
use crate::operation::{EventKind, FACTS, Fact, FactId, Shape, fact_named};
use crate::rule::near::nearest;
use crate::rule::{Bound, Glob, OptionValue, Predicate, RuleOption, Subject, Test};

impl Reader<'_, '_> {
    /// A predicate on an event of a kind.
    pub fn predicate(&mut self, entry: &Entry<'_, '_>, event: EventKind, options: &[RuleOption]) -> Option<Predicate> {
        let Some((subject, fact)) = find(entry.key, event) else {
            self.unknown_fact(entry, event);
            return None;
        };
        let test = self.test(entry.value, fact.row(), options)?;
        Some(Predicate { subject, fact, test })
    }

    /// `FACT = "option.NAME"`, `FACT = { not = "option.NAME" }`.
    fn option_test(&mut self, node: &Node<'_>, fact: &'static Fact, options: &[RuleOption]) -> Option<Option<Test>> {
        if !matches!(fact.shape, Shape::Word(_) | Shape::Words(_) | Shape::Template) {
            return None;
        }
        let not = node.get_ref().as_table().and_then(|table| table.get("not"));
        let name = not.unwrap_or(node).get_ref().as_str()?.strip_prefix("option.")?;
        let place = self.place(not.unwrap_or(node));
        let Some(option) = self.option_named(name, place.clone(), options) else { return Some(None) };
        if matches!(option.default, OptionValue::Number(_)) {
            self.error(place, format!("option `{name}` is a number, and `{}` is none", fact.name), None);
            return Some(None);
        }
        // What a user may write must be a word that the fact can have.
        if let Shape::Word(words) | Shape::Words(words) = fact.shape
            && (option.values.is_empty() || option.values.iter().any(|value| !words.contains(&value.as_str())))
        {
            let help = format!("give the option `values` among {}", words.join(", "));
            self.error(place, format!("option `{name}` may be what `{}` never is", fact.name), Some(help));
            return Some(None);
        }
        Some(Some(Test::Option { name: name.into(), negated: not.is_some() }))
    }

    fn option_named<'o>(&mut self, name: &str, place: std::ops::Range<usize>, options: &'o [RuleOption]) -> Option<&'o RuleOption> {
        let found = options.iter().find(|option| option.name == name);
        if found.is_none() {
            let help = nearest(name, options.iter().map(|option| option.name.as_str())).map(|near| format!("did you mean `{near}`?"));
            self.error(place, format!("the rule has no option `{name}`"), help);
        }
        found
    }

    fn unknown_fact(&mut self, entry: &Entry<'_, '_>, event: EventKind) {
        let elsewhere: Vec<_> =
            FACTS.iter().filter(|fact| fact.name == entry.key).flat_map(|fact| fact.events).map(|event| event.word()).collect();
        let help = if elsewhere.is_empty() {
            let names = FACTS.iter().filter(|fact| fact.events.contains(&event)).map(|fact| fact.name);
            nearest(entry.key, names).map(|near| format!("did you mean `{near}`?"))
        } else {
            Some(format!("it is a fact of: {}", elsewhere.join(", ")))
        };
        self.error(entry.span.clone(), format!("`{}` is no fact of event `{}`", entry.key, event.word()), help);
    }

    fn test(&mut self, node: &Node<'_>, fact: &'static Fact, options: &[RuleOption]) -> Option<Test> {
        if let Some(test) = self.option_test(node, fact, options) {
            return test;
        }
        if let Some(table) = node.get_ref().as_table() {
            let entries = self.entries(table);
            let keys: Vec<_> = entries.iter().map(|entry| entry.key).collect();
            return match keys.as_slice() {
                ["not"] => self.words(entries[0].value, fact).map(Test::NoneOf),
                ["only"] if matches!(fact.shape, Shape::Words(_)) => self.words(entries[0].value, fact).map(Test::Only),
                ["min"] | ["max"] | ["min", "max"] | ["max", "min"] => self.bounds(&entries, fact, options),
                _ => {
                    let place = self.place(node);
                    let help = match fact.shape {
                        Shape::Words(_) => "write { not = [...] } or { only = [...] }",
                        Shape::Number | Shape::Ladder(_) => "write { min = N }, { max = N } or both",
                        _ => "write { not = [...] }",
                    };
                    self.error(place, format!("no such test of `{}`", fact.name), Some(help.to_owned()));
                    None
                }
            };
        }
        match fact.shape {
            Shape::Bool => self.truth(node).map(Test::Is),
            Shape::Number => {
                let list = self.scalars(node)?;
                Some(Test::Numbers(list.into_iter().filter_map(|item| self.number(item)).collect()))
            }
            Shape::Template => {
                let list = self.scalars(node)?;
                Some(Test::Templates(list.into_iter().filter_map(|item| self.text(item)).map(Glob::new).collect()))
            }
            _ => self.words(node, fact).map(Test::AnyOf),
        }
    }

    /// The words of a value, each checked against the fact's declared set.
    fn words(&mut self, node: &Node<'_>, fact: &'static Fact) -> Option<Vec<SmolStr>> {
        if !matches!(fact.shape, Shape::Word(_) | Shape::Ladder(_) | Shape::Words(_) | Shape::Command | Shape::Text) {
            let place = self.place(node);
            self.error(place, format!("`{}` has no words to choose from", fact.name), None);
            return None;
        }
        let list = self.scalars(node)?;
        let mut words = Vec::with_capacity(list.len());
        for item in list {
            let text = self.text(item)?;
            let place = self.place(item);
            let known = match fact.shape {
                Shape::Word(set) | Shape::Ladder(set) | Shape::Words(set) => {
                    self.word_at(text, place, set, &format!("`{}`", fact.name)).is_some()
                }
                Shape::Command if !is_command(text) => {
                    let help = "write the canonical name: upper case, subcommand after a space, as in XGROUP CREATE".to_owned();
                    self.error(place, format!("`{text}` is no command name"), Some(help));
                    false
                }
                _ => true,
            };
            if known {
                words.push(text);
            }
        }
        Some(smol(words))
    }

    fn bounds(&mut self, entries: &[Entry<'_, '_>], fact: &'static Fact, options: &[RuleOption]) -> Option<Test> {
        let side = |name: &str| entries.iter().find(|entry| entry.key == name).map(|entry| entry.value);
        match fact.shape {
            Shape::Ladder(rungs) => {
                let what = format!("`{}`", fact.name);
                let mut rung = |node: Option<&Node<'_>>, default: usize| match node {
                    None => Some(default),
                    Some(node) => {
                        let word = self.word(node, rungs, &what)?;
                        rungs.iter().position(|rung| *rung == word)
                    }
                };
                Some(Test::Rungs(rung(side("min"), 0)?, rung(side("max"), rungs.len() - 1)?))
            }
            Shape::Number => {
                let mut bound = |node: Option<&Node<'_>>| match node {
                    None => Some(None),
                    Some(node) => self.bound(node, options).map(Some),
                };
                Some(Test::Range(bound(side("min"))?, bound(side("max"))?))
            }
            _ => {
                self.error(entries[0].span.clone(), format!("`{}` has no order", fact.name), Some("use a list of values".to_owned()));
                None
            }
        }
    }

    fn bound(&mut self, node: &Node<'_>, options: &[RuleOption]) -> Option<Bound> {
        if let Some(number) = number(node.get_ref()) {
            return Some(Bound::Number(number));
        }
        let place = self.place(node);
        let Some(name) = node.get_ref().as_str().and_then(|text| text.strip_prefix("option.")) else {
            self.error(place, "expected a number or \"option.NAME\"", None);
            return None;
        };
        let option = self.option_named(name, place.clone(), options)?;
        if !matches!(option.default, OptionValue::Number(_)) {
            self.error(place, format!("option `{name}` is no number"), None);
            return None;
        }
        Some(Bound::Option(name.into()))
    }
}

/// The fact of a name, of the event or, written `client_…`, of the operation's client.
fn find(name: &str, event: EventKind) -> Option<(Subject, FactId)> {
    if let Some(fact) = fact_named(name, event) {
        return Some((Subject::Event, fact));
    }
    let name = name.strip_prefix("client_").filter(|_| event == EventKind::Operation)?;
    Some((Subject::Client, fact_named(name, EventKind::Client)?))
}

fn is_command(text: &str) -> bool {
    let mut words = text.split(' ');
    let named = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.'))
    };
    words.clone().count() <= 2 && words.all(named)
}

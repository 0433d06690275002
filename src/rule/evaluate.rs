//! Predicates are yes, no or unknown, and only *yes* matches.

use super::event::{EventId, Seen};
use super::{Bound, Glob, OptionValue, Predicate, Selected, Test};
use crate::operation::{Analysis, FactId, KeyPart, Shape, Template};

/// The outcome of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// The fact is not known.
    Unknown,
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// All of several predicates.
pub(super) fn all(predicates: &[Predicate], event: EventId, analysis: &Analysis, selected: &Selected<'_>) -> Truth {
    let mut result = Truth::Yes;
    for predicate in predicates {
        match one(predicate, event, analysis, selected) {
            Truth::Yes => {}
            Truth::No => return Truth::No,
            Truth::Unknown => result = Truth::Unknown,
        }
    }
    result
}

/// Whether all predicates certainly hold: stops at the first that does not.
pub(super) fn holds(predicates: &[Predicate], event: EventId, analysis: &Analysis, selected: &Selected<'_>) -> bool {
    predicates.iter().all(|predicate| one(predicate, event, analysis, selected) == Truth::Yes)
}

fn one(predicate: &Predicate, event: EventId, analysis: &Analysis, selected: &Selected<'_>) -> Truth {
    match event.see(analysis, predicate.subject, predicate.fact) {
        None => Truth::Unknown,
        Some(seen) => test(&predicate.test, seen, predicate.fact, selected),
    }
}

fn test(test: &Test, seen: Seen<'_>, fact: FactId, selected: &Selected<'_>) -> Truth {
    let holds = match (test, seen) {
        (Test::AnyOf(words), Seen::Word(word)) => words.iter().any(|wanted| wanted == word),
        (Test::AnyOf(words), Seen::Words(have)) => words.iter().any(|wanted| have.contains(&wanted.as_str())),
        (Test::NoneOf(words), Seen::Word(word)) => words.iter().all(|unwanted| unwanted != word),
        (Test::NoneOf(words), Seen::Words(have)) => words.iter().all(|unwanted| !have.contains(&unwanted.as_str())),
        (Test::Only(words), Seen::Words(have)) => !have.is_empty() && have.iter().all(|word| words.iter().any(|wanted| wanted == word)),
        (Test::Is(wanted), Seen::Bool(truth)) => *wanted == truth,
        (Test::Numbers(wanted), Seen::Number(number)) => wanted.contains(&number),
        (Test::Range(low, high), Seen::Number(number)) => {
            let (low, high) = (bound(low.as_ref(), selected), bound(high.as_ref(), selected));
            low.is_none_or(|low| low <= number) && high.is_none_or(|high| number <= high)
        }
        (Test::Rungs(low, high), Seen::Word(word)) => {
            let Shape::Ladder(rungs) = fact.row().shape else { return Truth::Unknown };
            let Some(rung) = rungs.iter().position(|rung| *rung == word) else { return Truth::Unknown };
            (*low..=*high).contains(&rung)
        }
        (Test::Templates(globs), Seen::Template(template)) => {
            if globs.iter().any(|glob| glob_matches(glob, template)) {
                return Truth::Yes;
            }
            // A hole may hold the text that is missing.
            return if template.known().is_some() { Truth::No } else { Truth::Unknown };
        }
        // The loader gives every fact a test of its shape.
        _ => return Truth::Unknown,
    };
    holds.into()
}

fn bound(bound: Option<&Bound>, selected: &Selected<'_>) -> Option<f64> {
    match bound? {
        Bound::Number(number) => Some(*number),
        Bound::Option(name) => match selected.option(name)? {
            OptionValue::Number(number) => Some(*number),
            OptionValue::Text(_) | OptionValue::List(_) => None,
        },
    }
}

/// Whether a glob describes a template certainly: only `*` matches a hole.
fn glob_matches(glob: &Glob, template: &Template) -> bool {
    // A hole stands as a character that no key in source text has.
    let text = template.0.iter().fold(String::new(), |mut text, part| {
        match part {
            KeyPart::Text(part) => text.push_str(part),
            KeyPart::Hole(_) => text.push('\0'),
        }
        text
    });
    let Some((first, rest)) = glob.0.split_first() else { return text.is_empty() };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    for part in middle {
        match text.find(part.as_str()) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last.as_str())
}

/// The outcome of a test of a relation's word.
pub(super) fn word(test: Option<&Test>, word: &str) -> bool {
    match test {
        None => true,
        Some(Test::AnyOf(words)) => words.iter().any(|wanted| wanted == word),
        Some(Test::NoneOf(words)) => words.iter().all(|unwanted| unwanted != word),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_needs_its_literal_text_in_the_template() {
        let mut template = Template::text("cache:");
        template.0.push(KeyPart::Hole("id".into()));
        for (glob, expected) in
            [("cache:*", true), ("*", true), ("cache:*:x", false), ("c*e:*", true), ("cache:", false), ("session:*", false)]
        {
            assert_eq!(glob_matches(&Glob::new(glob), &template), expected, "{glob}");
        }
        assert!(glob_matches(&Glob::new("cache:"), &Template::text("cache:")));
    }
}

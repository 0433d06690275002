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

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
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
        Some(seen) => match &predicate.test {
            Test::Option { name, negated } => {
                // What the client puts in front of every key is a part of it.
                let prefix = event.operation(analysis).and_then(|operation| operation.key_prefix.as_ref());
                let truth = of_option(selected.option(name), seen, prefix);
                if *negated { truth.not() } else { truth }
            }
            other => test(other, seen, predicate.fact, selected),
        },
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

/// Whether a value is one of the texts of an option; a key is one when it begins like one.
fn of_option(option: Option<&OptionValue>, seen: Seen<'_>, prefix: Option<&Template>) -> Truth {
    let texts: &[String] = match option {
        Some(OptionValue::List(texts)) => texts,
        Some(OptionValue::Text(text)) => std::slice::from_ref(text),
        Some(OptionValue::Number(_)) | None => return Truth::Unknown,
    };
    match seen {
        Seen::Word(word) => texts.iter().any(|text| text == word).into(),
        Seen::Words(have) => texts.iter().any(|text| have.contains(&text.as_str())).into(),
        Seen::Template(template) => {
            let mut whole = prefix.cloned().unwrap_or_default();
            whole.push(template);
            let globs: Vec<Glob> = texts.iter().map(|text| Glob::new(&format!("{text}*"))).collect();
            if globs.iter().any(|glob| glob_matches(glob, &whole)) {
                Truth::Yes
            } else if globs.iter().any(|glob| may_match(glob, &whole)) {
                Truth::Unknown
            } else {
                Truth::No
            }
        }
        Seen::Bool(_) | Seen::Number(_) => Truth::Unknown,
    }
}

/// Whether some text for the holes of a template makes it one that a glob describes.
fn may_match(glob: &Glob, template: &Template) -> bool {
    // Both are texts with gaps, written as `None`, that any text may fill.
    let glob: Vec<Option<char>> =
        glob.0.iter().enumerate().flat_map(|(at, part)| (at > 0).then_some(None).into_iter().chain(part.chars().map(Some))).collect();
    let text: Vec<Option<char>> = template
        .0
        .iter()
        .flat_map(|part| match part {
            KeyPart::Text(text) => text.chars().map(Some).collect(),
            KeyPart::Hole(_) => vec![None],
        })
        .collect();
    // For each place in the text, whether what follows it meets what follows the place in the glob; from the last one on.
    let mut meets = vec![false; text.len() + 1];
    for at in (0..=glob.len()).rev() {
        let below = std::mem::replace(&mut meets, vec![false; text.len() + 1]);
        for place in (0..=text.len()).rev() {
            let (wanted, found) = (glob.get(at), text.get(place));
            meets[place] = match (wanted, found) {
                (None, None) => true,
                (Some(None), _) if below[place] => true,
                (Some(None), Some(_)) => meets[place + 1],
                (_, Some(None)) => meets[place + 1] || (wanted.is_some() && below[place]),
                (Some(Some(wanted)), Some(Some(found))) => wanted == found && below[place + 1],
                _ => false,
            };
        }
    }
    meets[0]
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

    #[test]
    fn a_hole_may_hold_what_a_glob_asks_for_where_the_text_around_it_allows() {
        let hole = || KeyPart::Hole("id".into());
        let text = |text: &str| KeyPart::Text(text.into());
        for (glob, parts, expected) in [
            ("user:*", vec![text("user:"), hole()], true),
            ("user:*", vec![hole(), text(":x")], true),
            ("user:*", vec![text("us"), hole()], true),
            ("user:*", vec![text("cart:"), hole()], false),
            ("user:*", vec![text("users")], false),
            ("a:*:z*", vec![text("a:"), hole()], true),
            ("a:*:z*", vec![text("a:"), hole(), text("y")], true),
            ("a:*:z", vec![text("a:"), hole(), text("y")], false),
            ("*", vec![], true),
            ("a*", vec![], false),
            ("ab", vec![hole(), text("b"), hole()], true),
            ("ab", vec![hole(), text("c"), hole()], false),
        ] {
            assert_eq!(may_match(&Glob::new(glob), &Template(parts.clone())), expected, "{glob} {parts:?}");
        }
    }

    #[test]
    fn texts_of_an_option_are_beginnings_of_keys() {
        let mut template = Template::text("user:");
        template.0.push(KeyPart::Hole("id".into()));
        let list = |texts: &[&str]| OptionValue::List(texts.iter().map(|text| (*text).to_owned()).collect());
        for (texts, prefix, expected) in [
            (&["user:"][..], "", Truth::Yes),
            (&["cart:", "user:"], "", Truth::Yes),
            (&["user:*:x"], "", Truth::Unknown),
            (&["cart:"], "", Truth::No),
            (&["app:user:"], "app:", Truth::Yes),
            (&["user:"], "app:", Truth::No),
            (&[""], "", Truth::Yes),
        ] {
            let prefix = Template::text(prefix);
            assert_eq!(of_option(Some(&list(texts)), Seen::Template(&template), Some(&prefix)), expected, "{texts:?} {prefix}");
        }
        assert_eq!(of_option(None, Seen::Word("a"), None), Truth::Unknown);
    }
}

//! The key convention of a project: whether its keys begin with a prefix, by clear majority.

use rustc_hash::FxHashSet;

use crate::key::{KeyPart, Template};
use crate::operation::{Analysis, fact};

/// How many different prefixed keys make a convention.
const ENOUGH: usize = 4;
/// And which share of the keys whose beginning is known.
const SHARE: f64 = 0.75;

/// Sets the facts `key_text` and `key_separator` of all operations with keys.
pub(crate) fn apply(analysis: &mut Analysis) {
    let mut seen: FxHashSet<&Template> = FxHashSet::default();
    let (mut prefixed, mut bare) = (0_usize, 0_usize);
    for operation in analysis.operations.iter().filter(|operation| operation.facts.word(fact::LAYER) == Some("call")) {
        for key in &operation.keys {
            if !key.template.is_opaque() && seen.insert(&key.template) {
                match has_prefix(&key.template) {
                    Some(true) => prefixed += 1,
                    Some(false) => bare += 1,
                    None => {}
                }
            }
        }
    }
    let convention = prefixed >= ENOUGH && prefixed as f64 >= SHARE * (prefixed + bare) as f64;
    for operation in &mut analysis.operations {
        let word = operation.keys.first().and_then(|key| match has_prefix(&key.template) {
            Some(true) => Some("prefixed"),
            Some(false) => convention.then_some("unprefixed"),
            None => Some("opaque"),
        });
        if let Some(separator) = operation.keys.first().and_then(|key| separator(&key.template)) {
            operation.facts.set_word(fact::KEY_SEPARATOR, separator);
        }
        if let Some(word) = word {
            operation.facts.set_word(fact::KEY_TEXT, word);
        }
    }
}

/// Whether a key begins with a name and a separator; `None` when its beginning is not known.
fn has_prefix(template: &Template) -> Option<bool> {
    let Some(KeyPart::Text(text)) = template.0.first() else { return None };
    let name = text.trim_start_matches('{');
    match name.find([':', '/', '|', '#']) {
        Some(at) => Some(at > 0),
        // `user_{id}` and `user.{id}` keep their kinds apart as well.
        None if template.0.len() > 1 && text.ends_with(['_', '.', '-']) => Some(true),
        None => Some(false),
    }
}

/// What divides a key into its parts: a sign that has no other use in names, else one in front of a hole.
fn separator(template: &Template) -> Option<&'static str> {
    let signs: [(char, &'static str); 4] = [(':', ":"), ('/', "/"), ('|', "|"), ('#', "#")];
    let first = |text: &str| text.chars().find_map(|c| signs.iter().find(|(sign, _)| *sign == c));
    if let Some((_, word)) = template.texts().find_map(first) {
        return Some(word);
    }
    let before_hole = template.0.windows(2).find_map(|pair| match pair {
        [KeyPart::Text(text), KeyPart::Hole(_)] => text.chars().last(),
        _ => None,
    });
    match before_hole? {
        '_' => Some("_"),
        '.' => Some("."),
        '-' => Some("-"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{has_prefix, separator};
    use crate::key::{KeyPart, Template};

    #[test]
    fn a_separator_stands_between_parts() {
        let hole = || KeyPart::Hole("id".into());
        let text = |text: &str| KeyPart::Text(text.into());
        for (parts, expected) in [
            (vec![text("user:"), hole()], Some(":")),
            (vec![text("user_profile:"), hole()], Some(":")),
            (vec![text("user_"), hole()], Some("_")),
            (vec![hole(), text("/x:y")], Some("/")),
            (vec![text("feature_flags")], None),
            (vec![text("user"), hole()], None),
            (vec![hole()], None),
        ] {
            assert_eq!(separator(&Template(parts.clone())), expected, "{parts:?}");
        }
    }

    #[test]
    fn a_prefix_is_a_name_before_a_separator() {
        let hole = || KeyPart::Hole("id".into());
        let text = |text: &str| KeyPart::Text(text.into());
        for (parts, expected) in [
            (vec![text("user:"), hole()], Some(true)),
            (vec![text("{user:"), hole(), text("}")], Some(true)),
            (vec![text("visits")], Some(false)),
            (vec![text("user_"), hole()], Some(true)),
            (vec![text("feature_flags")], Some(false)),
            (vec![text(":x")], Some(false)),
            (vec![hole(), text(":x")], None),
        ] {
            assert_eq!(has_prefix(&Template(parts.clone())), expected, "{parts:?}");
        }
    }
}

//! What the keys of a call show: parts that make no key, stray white space, hash slots.

use super::Cx;
use super::arguments::{through_casts, value_kinds};
use crate::key::{KeyPart, Template};
use crate::operation::Operation;
use crate::program::{Kind, NodeId, Part};
use crate::resolve::Unit;

/// Whether the literal text has white space at an end of the key or beside a separator, or a line break or tab.
pub(super) fn has_space(template: &Template) -> bool {
    let last = template.0.len().saturating_sub(1);
    template.0.iter().enumerate().any(|(index, part)| {
        let KeyPart::Text(text) = part else { return false };
        let beside = |c: char| matches!(c, ':' | '/' | '|');
        text.contains(['\n', '\r', '\t'])
            || index == 0 && text.starts_with(' ')
            || index == last && text.ends_with(' ')
            || text.split(beside).skip(1).any(|piece| piece.starts_with(' '))
            || text.rsplit(beside).skip(1).any(|piece| piece.ends_with(' '))
    })
}

/// The words of the fact `key_parts`; `None` when the operation has no keys.
pub(super) fn parts(cx: Cx<'_>, unit: &Unit, operation: &Operation) -> Option<Vec<&'static str>> {
    if operation.keys.is_empty() {
        return None;
    }
    let mut words = Vec::new();
    for key in &operation.keys {
        if let Some(node) = unit.node_at(key.span) {
            holes(cx, unit, node, &mut words, 0);
        }
    }
    if words.is_empty() {
        words.push("plain");
    }
    Some(words)
}

/// Collects what certainly stands in the holes of a key: through names, in the same file.
fn holes(cx: Cx<'_>, unit: &Unit, node: NodeId, words: &mut Vec<&'static str>, depth: usize) {
    let node = through_casts(unit, node);
    match unit.module.kind(node) {
        Kind::Template(pieces) => {
            for piece in pieces {
                let Part::Hole(hole) = piece else { continue };
                let hole = through_casts(unit, *hole);
                match value_kinds(cx, unit, hole, 0).as_slice() {
                    ["object"] | ["map", "object"] => words.push("object"),
                    ["array"] => words.push("array"),
                    // What a member holds at first it need not hold later.
                    ["nil"] if !matches!(unit.module.kind(hole), Kind::Member { .. }) => words.push("nil"),
                    _ => {}
                }
            }
        }
        Kind::Local(_) if depth < 4 => {
            if let Some((file, defined)) = cx.texts.definition(unit, node, 0)
                && file == unit.file
            {
                holes(cx, unit, defined, words, depth + 1);
            }
        }
        _ => {}
    }
}

/// The word of the fact `slots`, for two and more keys.
pub(super) fn slots(operation: &Operation) -> Option<&'static str> {
    let (first, rest) = operation.keys.split_first()?;
    if rest.is_empty() || operation.arguments_hidden {
        return None;
    }
    let tag = hashed(&first.template);
    let mut word = "same";
    for key in rest {
        let other = hashed(&key.template);
        match (tag.known(), other.known()) {
            (Some(one), Some(two)) if slot(&one) == slot(&two) => {}
            (Some(_), Some(_)) => return Some("different"),
            // The same holes by their names are the same values, as far as a warning goes.
            _ if tag == other && !tag.is_opaque() => {}
            _ => word = "may-differ",
        }
    }
    Some(word)
}

/// The part of a key that decides its slot: what stands between the first brace and the next one, if anything does.
fn hashed(template: &Template) -> Template {
    let mut inside: Vec<KeyPart> = Vec::new();
    let mut open = false;
    for part in &template.0 {
        match part {
            KeyPart::Hole(_) if open => inside.push(part.clone()),
            KeyPart::Hole(_) => {}
            KeyPart::Text(text) => {
                let mut text = text.as_str();
                if !open {
                    match text.split_once('{') {
                        Some((_, rest)) => (open, text) = (true, rest),
                        None => continue,
                    }
                }
                if let Some((tag, _)) = text.split_once('}') {
                    if !tag.is_empty() {
                        inside.push(KeyPart::Text(tag.into()));
                    }
                    if inside.is_empty() {
                        return template.clone();
                    }
                    return Template(inside);
                }
                if !text.is_empty() {
                    inside.push(KeyPart::Text(text.into()));
                }
            }
        }
    }
    template.clone()
}

/// The hash slot of a key, or of its tag: CRC16 (XMODEM) modulo 16384.
fn slot(text: &str) -> u16 {
    let crc = text.bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    });
    crc % 16384
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_a_cluster() {
        // As `CLUSTER KEYSLOT` answers.
        for (key, expected) in [("foo", 12182), ("bar", 5061), ("123456789", 12739), ("", 0)] {
            assert_eq!(slot(key), expected, "{key}");
        }
    }

    #[test]
    fn the_first_braces_decide() {
        let hole = || KeyPart::Hole("id".into());
        let text = |text: &str| KeyPart::Text(text.into());
        for (parts, expected) in [
            (vec![text("a:{user:"), hole(), text("}:b")], vec![text("user:"), hole()]),
            (vec![text("a{b}c{d}")], vec![text("b")]),
            (vec![text("a{}b")], vec![text("a{}b")]),
            (vec![text("a{b")], vec![text("a{b")]),
            (vec![text("user:"), hole()], vec![text("user:"), hole()]),
        ] {
            assert_eq!(hashed(&Template(parts.clone())), Template(expected), "{parts:?}");
        }
    }

    #[test]
    fn space_counts_at_ends_and_beside_separators() {
        for (text, expected) in [
            ("user: 1", true),
            ("user :1", true),
            (" user", true),
            ("user\n", true),
            ("user 1", false),
            ("user:1", false),
            ("Daily report:2", false),
        ] {
            assert_eq!(has_space(&Template::text(text)), expected, "{text:?}");
        }
    }
}

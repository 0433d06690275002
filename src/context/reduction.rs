//! Replies of which one thing is taken: their length, one member, whether something is among them.

use crate::program::{Kind, Literal, NodeId, Target};
use crate::resolve::Unit;

const DEPTH: usize = 8;

/// The words of the fact `reply_reduced`; `none` when anything else is done with the reply, or nothing.
pub(crate) fn of(unit: &Unit, call: NodeId) -> Vec<&'static str> {
    let mut taken: Vec<(&'static str, &str)> = Vec::new();
    let reduced = follow(unit, call, &mut taken, 0) && !taken.is_empty();
    let mut fields: Vec<&str> = taken.iter().filter(|(word, _)| *word == "one-field").map(|(_, name)| *name).collect();
    fields.sort_unstable();
    fields.dedup();
    // Several fields are no longer one.
    if reduced && fields.len() <= 1 { taken.into_iter().map(|(word, _)| word).collect() } else { vec!["none"] }
}

/// Whether all uses of an expression reduce it.
fn follow<'u>(unit: &'u Unit, node: NodeId, words: &mut Vec<(&'static str, &'u str)>, depth: usize) -> bool {
    let Some(parent) = unit.parents[node.0 as usize].filter(|_| depth <= DEPTH) else { return false };
    let module = &unit.module;
    match module.kind(parent) {
        Kind::Await(_) | Kind::Cast { .. } => follow(unit, parent, words, depth + 1),
        Kind::Assign { target, value, .. } if *value == node => match module.kind(*target) {
            Kind::Local(binding) => {
                let mentions = &unit.mentions[binding.0 as usize];
                unit.assigned[binding.0 as usize].len() == 1
                    && !unit.edited[binding.0 as usize]
                    && mentions.iter().any(|mention| mention != target)
                    && mentions.iter().all(|mention| mention == target || follow(unit, *mention, words, depth + 1))
            }
            _ => false,
        },
        Kind::Member { object, name, .. } if *object == node => {
            words.push(match name.as_str() {
                "length" | "size" => ("length", ""),
                name => ("one-field", name),
            });
            true
        }
        Kind::Index { object, index, .. } if *object == node => match module.kind(*index) {
            Kind::Literal(Literal::Int(0)) => push(words, "first-item"),
            Kind::Literal(Literal::Int(-1)) => push(words, "last-item"),
            Kind::Literal(Literal::Str(name)) => push_field(words, name),
            _ => false,
        },
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if *receiver == node => {
                let plain = call.block.is_none() && call.args.len() <= 1;
                match (name.as_str(), call.args.len()) {
                    ("includes" | "include?" | "member?", 1) => push(words, "membership"),
                    ("size" | "length" | "count", 0) if plain => push(words, "length"),
                    ("first", 0) => push(words, "first-item"),
                    ("last", 0) => push(words, "last-item"),
                    ("fetch", 1) if plain => {
                        matches!(module.kind(call.args[0].value), Kind::Literal(Literal::Str(name)) if push_field(words, name))
                    }
                    _ => false,
                }
            }
            _ => false,
        },
        _ => false,
    }
}

fn push(words: &mut Vec<(&'static str, &str)>, word: &'static str) -> bool {
    words.push((word, ""));
    true
}

fn push_field<'u>(words: &mut Vec<(&'static str, &'u str)>, name: &'u str) -> bool {
    words.push(("one-field", name));
    true
}

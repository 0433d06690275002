//! In which encoding the writers of a key store what its readers read.

use rustc_hash::FxHashMap;

use crate::operation::{Analysis, Operation, Value, fact};

/// Commands that store one value as text.
const WRITERS: &[&str] = &["SET", "SETEX", "PSETEX", "SETNX", "GETSET"];
const READERS: &[&str] = &["GET", "GETEX", "GETDEL"];

/// Encodings that a reader can tell apart.
const ENCODINGS: &[&str] = &["json", "marshal"];

/// Sets the fact `stored_as` of commands that read a value: the encodings of all writers of the same key template, where each
/// writer shows its own. A template without text of its own is nobody's.
pub(crate) fn apply(analysis: &mut Analysis) {
    let mut written: FxHashMap<String, Option<Vec<&'static str>>> = FxHashMap::default();
    for operation in &analysis.operations {
        let (Some(template), true) = (template(operation), WRITERS.contains(&operation.command.as_str())) else { continue };
        let encodings = written.entry(template).or_insert_with(|| Some(Vec::new()));
        let Some(own) = own(operation) else {
            *encodings = None;
            continue;
        };
        encodings.iter_mut().for_each(|all| all.push(own));
    }
    for operation in &mut analysis.operations {
        if !READERS.contains(&operation.command.as_str()) {
            continue;
        }
        let Some(Some(encodings)) = template(operation).and_then(|template| written.get(&template)) else { continue };
        operation.facts.set_words(fact::STORED_AS, encodings.iter().copied());
    }
}

/// The template of the one key of a command, with whatever its holes are called.
fn template(operation: &Operation) -> Option<String> {
    let [key] = operation.keys.as_slice() else { return None };
    let tells = key.template.texts().any(|text| text.chars().filter(|c| c.is_alphanumeric()).count() > 2);
    // Tests write what no other code reads.
    (tells && !operation.facts.has(fact::RUNS_IN_, "test")).then(|| {
        let prefix = operation.key_prefix.as_ref().map(ToString::to_string).unwrap_or_default();
        let parts = key.template.0.iter().map(|part| match part {
            crate::key::KeyPart::Text(text) => text.to_string(),
            crate::key::KeyPart::Hole(_) => "{}".to_owned(),
        });
        prefix + &parts.collect::<String>()
    })
}

/// The encoding that a writer shows.
fn own(operation: &Operation) -> Option<&'static str> {
    let Some(Value::Words(kinds)) = operation.facts.get(fact::VALUE) else { return None };
    ENCODINGS.iter().find(|encoding| kinds.contains(encoding)).copied()
}

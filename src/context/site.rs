//! Where a call stands in its function: the statement it is, the try, lock or `Promise.all` around it.

use super::Cx;
use super::entries::caller;
use crate::client::Evidence;
use crate::operation::{Link, Site};
use crate::program::{Call, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{ClientValue, Place};
use crate::source::Span;

/// Where a call stands.
pub(crate) fn site(unit: &Unit, id: NodeId, call: &Call) -> Site {
    let receiver = match &call.target {
        Target::Method { receiver, .. } => unit.module.span(*receiver),
        _ => Span::new(call.name_span.start, call.name_span.start),
    };
    Site {
        file: unit.file,
        name: call.name_span,
        call: unit.module.span(id),
        arguments: call.args_span,
        receiver,
        statement: statement(unit, id),
    }
}

/// The statement that a call is, with its `await`, when nothing uses its value.
fn statement(unit: &Unit, id: NodeId) -> Option<Span> {
    let mut at = id;
    loop {
        let parent = unit.parents[at.0 as usize]?;
        match unit.module.kind(parent) {
            Kind::Await(_) => at = parent,
            Kind::Block(statements) => {
                let last = statements.last() == Some(&at);
                let valued = last
                    && (unit.module.semantics.shares_constants
                        || unit.module.function(unit.holder[at.0 as usize]).returns_body
                            && unit.module.function(unit.holder[at.0 as usize]).body == parent);
                return (!valued).then(|| unit.module.span(at));
            }
            _ => return None,
        }
    }
}

/// Whether a call is a member of a `Promise.all`, directly or through the closure that maps its argument.
pub(crate) fn concurrent(unit: &Unit, id: NodeId) -> bool {
    let mut at = id;
    while let Some(parent) = unit.parents[at.0 as usize] {
        match unit.module.kind(parent) {
            Kind::Array(_) | Kind::Cast { .. } => at = parent,
            Kind::Call(call) => return call.runs == crate::program::Runs::Together,
            _ => return false,
        }
    }
    false
}

pub(crate) fn placed(unit: &Unit, id: NodeId) -> &'static str {
    let mut at = id;
    while let Some(parent) = unit.parents[at.0 as usize] {
        if let Kind::Try { rescues, cleanup, .. } = unit.module.kind(parent) {
            if *cleanup == Some(at) {
                return "cleanup";
            }
            if rescues.iter().any(|rescue| rescue.body == at) {
                return "rescue";
            }
        }
        at = parent;
    }
    "body"
}

/// Whether a call stands in a closure given to a call whose name speaks of a lock: `withLock`, `redlock.using`.
pub(crate) fn in_lock(unit: &Unit, id: NodeId) -> bool {
    let mut function = unit.holder[id.0 as usize];
    for _ in 0..16 {
        if let Some((_, call)) = caller(unit, function) {
            let text = match &call.target {
                Target::Method { receiver, name } => format!("{}.{name}", crate::resolve::text::name_of(unit, *receiver)),
                Target::Own(name) => name.to_string(),
                Target::Function(callee) => crate::resolve::text::name_of(unit, *callee).to_string(),
                Target::Super => String::new(),
            };
            let lower = text.to_ascii_lowercase();
            if lower.contains("lock") && !lower.contains("block") && !lower.contains("clock")
                || lower.contains("mutex")
                || lower.contains("synchronize")
            {
                return true;
            }
        }
        match unit.module.function(function).parent {
            Some(parent) => function = parent,
            None => return false,
        }
    }
    false
}

/// How the client is known: where it is made, declared or handed out.
pub(crate) fn origin(cx: Cx<'_>, client: &ClientValue) -> Vec<Link> {
    let Place { file, offset } = client.place;
    let Some(there) = cx.resolution.links.unit(file) else { return Vec::new() };
    if offset == u32::MAX {
        return Vec::new();
    }
    let library = &cx.catalog.library(client.library).name;
    let text = match client.evidence {
        Evidence::Constructed => format!("{} {library} client is made here", article(library)),
        Evidence::Declared => format!("declared as {} {library} client here", article(library)),
        Evidence::Imported => format!("{} {library} client is handed out here", article(library)),
        Evidence::Named => return Vec::new(),
    };
    let span = cx.word_at(there, offset);
    vec![link(there, span, text)]
}

pub(crate) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A step of the evidence, for the second label.
pub(crate) fn link(unit: &Unit, span: Span, text: String) -> Link {
    Link { file: unit.file, span, text }
}

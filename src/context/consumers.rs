//! Libraries that are given a client: what for, and whether they take one that is made so.

use smol_str::SmolStr;

use super::construction::option_value;
use super::{Cx, Found};
use crate::client::{Consumer, Wraps};
use crate::program::{ArgumentKind, Call, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue, Place};

/// That a library was given a client.
#[derive(Clone, Debug)]
pub(crate) struct Consumed {
    /// Which.
    pub client: Place,
    /// As in the fact `used_for`.
    pub purpose: &'static str,
    /// What the library says of the options of the client: `accepted`, `rejected`; `None` where the code does not show them.
    pub verdict: Option<&'static str>,
    /// The option that the verdict is about.
    pub option: Option<SmolStr>,
}

/// Notes the clients that a call gives to a library.
pub(crate) fn note(cx: Cx<'_>, unit: &Unit, call: &Call, found: &mut Found) {
    let Some((consumer, agree)) = consumer(cx, unit, call) else { return };
    let Some(given) = given(unit, call, &consumer.takes) else { return };
    let clients = cx.texts.values(unit, given).clients();
    // Of several that may be meant, as behind a function that gives back what it is given, one is as good as another.
    let is_sure = agree && clients.len() == 1;
    for client in clients {
        let (verdict, option) = if is_sure { verdict(cx, &client, consumer) } else { (None, None) };
        found.consumed.push(Consumed { client: client.place, purpose: consumer.purpose.word(), verdict, option });
    }
}

/// What is called, when it takes clients, and whether all allowed versions agree on how.
fn consumer<'a>(cx: Cx<'a>, unit: &Unit, call: &Call) -> Option<(&'a Consumer, bool)> {
    let Target::Function(callee) = &call.target else { return None };
    cx.texts.values(unit, *callee).iter().find_map(|atom| {
        let Atom::Export(library, path) = atom else { return None };
        let versions = cx.project.allowed(unit.file, *library).versions;
        let path = path.strip_prefix("default.").unwrap_or(path);
        cx.catalog.library(*library).consumer(path, versions).map(|found| (found.newest, found.agree))
    })
}

/// The argument that is the client.
fn given(unit: &Unit, call: &Call, takes: &Wraps) -> Option<NodeId> {
    let positional = || call.args.iter().filter(|argument| argument.kind == ArgumentKind::Positional);
    match takes {
        Wraps::Argument(at) => positional().nth(usize::from(*at)).map(|argument| argument.value),
        Wraps::Keyword(wanted) => positional().find_map(|argument| {
            let Kind::Object(entries) = unit.module.kind(argument.value) else { return None };
            entries.iter().find(|entry| entry.key.name() == Some(wanted)).map(|entry| entry.value)
        }),
        Wraps::Block => None,
    }
}

/// What a library says of the options that a client was made with.
fn verdict(cx: Cx<'_>, client: &ClientValue, consumer: &Consumer) -> (Option<&'static str>, Option<SmolStr>) {
    let mut said = None;
    for (name, wanted) in consumer.requires.iter().flatten() {
        match option_value(cx, client, name) {
            None => return (None, None),
            Some(given) if wanted.as_str() == given.as_deref() => said = Some("accepted"),
            Some(_) => return (Some("rejected"), Some(name.into())),
        }
    }
    for name in consumer.forbids() {
        match option_value(cx, client, name) {
            None => return (None, None),
            Some(None) => said = said.or(Some("accepted")),
            Some(Some(_)) => return (Some("rejected"), Some(name.clone())),
        }
    }
    (said, None)
}

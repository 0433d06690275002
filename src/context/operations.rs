//! Finds the operations of a file: every call on a client, with its arguments and where it runs.

use smol_str::SmolStr;

use super::arguments::{self, Arguments};
use super::command::{command_facts, key_facts};
use super::entries::runs_in;
use super::identity::identity;
use super::loops::loop_facts;
use super::receiver::{Reached, reached};
use super::replies::{self, ByCall};
use super::site::{in_lock, origin, placed, site};
use super::{Allowed, Cx, Found};
use crate::client::{Evidence, MethodShape, MethodVerdict, QueueKind, RawWords, Role};
use crate::command::Command;
use crate::operation::{Operation, OperationId, Queue, fact};
use crate::program::{Argument, Call, CallForm, Kind, NodeId};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue};

/// Everything found in a file, trees and runs apart.
pub(crate) fn find(cx: Cx<'_>, unit: &Unit) -> Found {
    let mut found = Found::default();
    let mut by_call = ByCall::default();
    for (index, node) in unit.module.nodes.iter().enumerate() {
        let Kind::Call(call) = &node.kind else { continue };
        let id = NodeId(index as u32);
        let before = found.operations.len();
        if let Some(made) = construction(cx, unit, id, call) {
            if !cx.catalog.is_wrapper(&made) {
                super::clients::found(cx, unit, id, call, &made, &mut found);
            }
            connect(cx, unit, id, call, &made, &mut found);
        } else if let Some(reached) = reached(cx, unit, id, call) {
            operation(cx, unit, id, call, &reached, &mut found);
        }
        if found.operations.len() > before {
            by_call.insert(id, OperationId(before as u32));
        }
        super::clients::note_escapes(cx, unit, call, &mut found);
    }
    for (call, operation) in &by_call {
        let operation = &mut found.operations[operation.0 as usize];
        operation.facts.set_words(fact::REPLY_USE, replies::uses(unit, *call));
    }
    found.by_call = by_call;
    found
}

/// Tells which replies the arguments of the operations are made of.
pub(crate) fn derive_slots(unit: &Unit, found: &mut Found) {
    let by_call = &found.by_call;
    for operation in &mut found.operations {
        for slot in &mut operation.slots {
            let node = unit.node_at(slot.span);
            if let Some(node) = node {
                slot.derives = replies::derive(unit, by_call, node);
            }
        }
    }
}

/// The client that a call constructs, if it does.
fn construction(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call) -> Option<ClientValue> {
    let place = unit.place(id);
    let made = cx.texts.values(unit, id).iter().find_map(|atom| match atom {
        Atom::Client(client) if client.place == place && client.evidence == Evidence::Constructed => Some(*client),
        _ => None,
    })?;
    let _ = call;
    (!matches!(made.role, Role::Config | Role::Store)).then_some(made)
}

fn blank(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, client: &ClientValue, command: &str, method: &SmolStr) -> Operation {
    let allowed = cx.project.allowed(unit.file, client.library);
    let holder = unit.holder[id.0 as usize];
    let mut operation = Operation {
        site: site(unit, id, call),
        command: command.into(),
        method: method.clone(),
        library: cx.catalog.library(client.library).name.clone(),
        major: allowed.majors.last().copied(),
        majors: allowed.majors,
        versions_differ: false,
        clients: Vec::new(),
        receiver: None,
        queue: None,
        keys: Vec::new(),
        slots: Vec::new(),
        arguments_hidden: false,
        option: None,
        origin: Vec::new(),
        tree: None,
        function: unit.module.function(unit.module_method(holder)).name.clone(),
        facts: crate::operation::Facts::default(),
    };
    let facts = &mut operation.facts;
    facts.set_word(fact::COMMAND, command);
    facts.set_word(fact::LAYER, "call");
    facts.set_word(fact::EVIDENCE_, client.evidence.word());
    facts.set_words(fact::DOES_, []);
    facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, holder));
    facts.set_word(fact::KEY_PURPOSE, "none");
    facts.set_bool(fact::IN_LOCK, in_lock(unit, id));
    facts.set_bool(fact::WATCHED, false);
    facts.set_bool(fact::TTL_CHECKED, false);
    facts.set_word(fact::PLACED, placed(unit, id));
    facts.set_word(fact::LOOP, "none");
    facts.set_word(fact::TRIP_COST, if cx.catalog.library(client.library).is_http() { "http" } else { "socket" });
    operation
}

fn connect(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, made: &ClientValue, found: &mut Found) {
    let mut operation = blank(cx, unit, id, call, made, "CONNECT", &"new".into());
    operation.facts.set_words(fact::DOES_, ["connect"]);
    operation.facts.set_word(fact::ROLE, made.role.word());
    found.operations.push(operation);
    found.reached.push((vec![made.place], None));
}

/// The command of a call, with the arguments that follow its name.
struct Sent<'a> {
    command: &'a str,
    entry: Option<&'static Command>,
    args: &'a [Argument],
    does: Option<&'static str>,
    verdict: Option<MethodVerdict>,
    differs: bool,
}

fn operation(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, on: &Reached, found: &mut Found) {
    let Some(client) = on.clients.first().copied() else { return };
    if call.form == CallForm::New {
        return;
    }
    let allowed = cx.project.allowed(unit.file, client.library);
    let table = cx.catalog.library(client.library);
    let role = match on.queue {
        Some(queue) if queue.transaction => Role::Transaction,
        Some(_) => Role::Pipeline,
        None => client.role,
    };
    if (on.queue.is_none() || call.block.is_some())
        && let Some(transaction) = cx.catalog.queue(&client, &on.method)
    {
        return open_queue(cx, unit, id, call, on, &client, transaction, found);
    }
    let words;
    let raw = table.raw(&on.method, allowed.versions);
    let mut args: Vec<Argument> = Vec::new();
    let sent = if on.queue.is_some() && table.sends_queue(&on.method) {
        Some(Sent { command: "EXEC", entry: None, args: &[], does: Some("transaction"), verdict: None, differs: false })
    } else if on.queue.is_some() && table.drops_queue(&on.method) {
        Some(Sent { command: "DISCARD", entry: None, args: &[], does: Some("transaction"), verdict: None, differs: false })
    } else if on.queue.is_none() && table.close(&on.method, allowed.versions).is_some() {
        Some(Sent { command: "QUIT", entry: None, args: &[], does: Some("close"), verdict: None, differs: false })
    } else if let Some(raw) = raw {
        let skip = usize::from(raw.newest.skip);
        match raw.newest.words {
            RawWords::Arguments => args.extend(call.args.iter().skip(skip).cloned()),
            RawWords::Array | RawWords::NameAndArray => {
                let mut rest = call.args.iter().skip(skip);
                if raw.newest.words == RawWords::NameAndArray {
                    args.extend(rest.next().cloned());
                }
                if let Some(list) = rest.next()
                    && let Kind::Array(members) = unit.module.kind(arguments::through_casts(unit, list.value))
                {
                    args.extend(members.iter().map(|member| Argument { value: *member, kind: crate::program::ArgumentKind::Positional }));
                }
            }
            RawWords::Object => {}
        }
        let texts: Vec<Option<SmolStr>> = args.iter().take(2).map(|argument| cx.texts.known(unit, argument.value)).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        match cx.commands.of_words(&texts) {
            Some((entry, used)) => {
                args.drain(..used.min(args.len()));
                words = args;
                Some(Sent { command: &entry.name, entry: Some(entry), args: &words, does: None, verdict: None, differs: false })
            }
            None => Some(Sent { command: "UNKNOWN", entry: None, args: &[], does: None, verdict: None, differs: false }),
        }
    } else {
        let spelled = table.spell(&on.method, role, allowed.versions).or_else(|| table.spell(&on.method, role, table.all_versions()));
        match spelled {
            Some(spelled) => {
                let differs = !spelled.agree;
                let spelled = spelled.newest;
                // What only registers a script with the client sends nothing.
                if spelled.shape == Some(MethodShape::DefinesMethod) {
                    return;
                }
                match spelled.command {
                    // `redis.client` is an accessor, `redis.client(:list)` a command.
                    Some(entry) if entry.is_container && call.args.is_empty() => None,
                    Some(entry) => {
                        let (entry, used) = subcommand(cx, unit, entry, &call.args);
                        Some(Sent {
                            command: &entry.name,
                            entry: Some(entry),
                            args: &call.args[used..],
                            does: None,
                            verdict: Some(spelled.verdict),
                            differs,
                        })
                    }
                    None => None,
                }
            }
            None => None,
        }
    };
    let Some(sent) = sent else { return };
    // A method of another library's spelling on a receiver known by name only says that the name misleads.
    if sent.verdict == Some(MethodVerdict::Missing) && client.evidence == Evidence::Named {
        return;
    }
    describe(cx, unit, id, call, on, &client, role, &sent, &allowed, found);
}

/// The subcommand, where a container is one method: `xgroup("CREATE", …)`.
fn subcommand(cx: Cx<'_>, unit: &Unit, entry: &'static Command, args: &[Argument]) -> (&'static Command, usize) {
    if !entry.is_container {
        return (entry, 0);
    }
    let word = args.first().and_then(|argument| cx.texts.known(unit, argument.value));
    match word.and_then(|word| cx.commands.subcommand(&entry.name, &word)) {
        Some(subcommand) => (subcommand, 1),
        None => (entry, 0),
    }
}

#[allow(clippy::too_many_arguments)]
fn open_queue(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, on: &Reached, client: &ClientValue, transaction: bool, found: &mut Found) {
    let mut operation = blank(cx, unit, id, call, client, if transaction { "MULTI" } else { "PIPELINE" }, &on.method);
    operation.facts.set_words(fact::DOES_, ["transaction"]);
    operation.facts.set_word(fact::ROLE, client.role.word());
    operation.origin = origin(cx, client);
    let mut facts = crate::operation::Facts::default();
    facts.set_word(fact::KIND, if transaction { QueueKind::Transaction.word() } else { QueueKind::Pipeline.word() });
    facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, unit.holder[id.0 as usize]));
    facts.set_bool(fact::WATCHED, false);
    found.queues.push(Queue { site: operation.site, opened_by: Some(OperationId(found.operations.len() as u32)), tree: None, facts });
    found.queue_places.push(unit.place(id));
    found.reached.push((on.clients.iter().map(|client| client.place).collect(), None));
    found.operations.push(operation);
}

#[allow(clippy::too_many_arguments)]
fn describe(
    cx: Cx<'_>,
    unit: &Unit,
    id: NodeId,
    call: &Call,
    on: &Reached,
    client: &ClientValue,
    role: Role,
    sent: &Sent<'_>,
    allowed: &Allowed,
    found: &mut Found,
) {
    let text = cx.source(unit);
    let table = cx.catalog.library(client.library);
    let mut operation = blank(cx, unit, id, call, client, sent.command, &on.method);
    operation.receiver = on.receiver.map(|receiver| identity(unit, receiver, text));
    operation.origin = origin(cx, client);
    operation.versions_differ = sent.differs;
    operation.facts.set_word(fact::ROLE, role.word());
    if let Some(verdict) = sent.verdict {
        operation.facts.set_word(fact::METHOD_VERDICT, verdict.word());
    }
    let trip = match on.queue {
        Some(queue) if queue.transaction => "transaction",
        Some(_) => "pipeline",
        None => "alone",
    };
    operation.facts.set_word(fact::TRIP, trip);
    if let Some(does) = sent.does {
        operation.facts.set_words(fact::DOES_, [does]);
    }
    let mut words = Arguments::default();
    if let Some(entry) = sent.entry {
        words = arguments::arguments(cx, unit, sent.args, entry);
        operation.arguments_hidden = words.open || words.options_hidden;
        operation.keys = words.keys(cx, unit, entry);
        operation.slots = words.slots(unit, entry, text);
        let form = arguments::form(cx, unit, &words, entry, sent.verdict.map(|_| table), allowed.versions);
        operation.versions_differ |= form.differs;
        form.facts(cx, unit, &words, entry, &mut operation.facts);
        operation.option = form.option.clone();
        if let Some(node) = form.ttl.map(|(node, ..)| node).or(form.meant) {
            operation.slots.push(crate::operation::Slot {
                name: "ttl".into(),
                span: unit.module.span(node),
                identity: Some(identity(unit, node, text)),
                derives: Vec::new(),
                pure: super::identity::is_pure(unit, node),
            });
        }
        command_facts(cx, unit, entry, &words, &mut operation);
    }
    key_facts(&mut operation);
    loop_facts(cx, unit, id, sent.entry, &words, &mut operation);
    found.reached.push((on.clients.iter().map(|client| client.place).collect(), on.queue.map(|queue| queue.place)));
    found.operations.push(operation);
}

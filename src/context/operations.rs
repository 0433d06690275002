//! Finds the operations of a file: every call on a client, with its arguments and where it runs.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::arguments::{self, Arguments};
use super::command::{command_facts, key_facts};
use super::construction::is_copy;
use super::entries::{in_tests, only_in_tests, runs_in};
use super::identity::{identity, is_pure};
use super::loops::loop_facts;
use super::purpose::meant;
use super::receiver::{Reached, reached};
use super::replies::{self, ByCall};
use super::sent::{Sent, Way, sent};
use super::site::{in_lock, origin, placed, site};
use super::{Cx, Found, batches, blocking, executed, failures, keyspace, outcomes, pages, promises, queues, spelled, values};
use crate::client::{Evidence, MethodVerdict, QueueKind, Role, Versions};
use crate::command::Command;
use crate::operation::{FactId, Facts, Operation, OperationId, Queue, Slot, fact};
use crate::program::{Argument, BindingKind, Call, CallForm, FunctionId, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue, Place};

/// Everything found in a file, trees and runs apart.
pub(crate) fn find(cx: Cx<'_>, unit: &Unit) -> Found {
    let mut found = Found::default();
    let mut by_call = ByCall::default();
    for (id, call) in unit.calls() {
        let before = found.operations.len();
        if let Some(made) = construction(cx, unit, id) {
            if !cx.catalog.is_wrapper(&made) {
                super::clients::found(cx, unit, id, call, &made, &mut found);
            }
            if !super::construction::is_shared(cx, unit, call, &made) {
                connect(cx, unit, id, call, &made, &mut found);
            }
        } else if let Some(reached) = reached(cx, unit, id, call) {
            on_client(cx, unit, id, call, &reached, &mut found);
        }
        if found.operations.len() > before {
            by_call.insert(id, OperationId(before as u32));
        }
        super::clients::note_escapes(cx, unit, call, &mut found);
        super::leases::note(cx, unit, id, call, &mut found);
    }
    for (call, operation) in &by_call {
        let operation = &mut found.operations[operation.0 as usize];
        let is_queued = matches!(operation.facts.word(fact::TRIP), Some("pipeline" | "transaction"));
        let called_back = matches!(unit.module.kind(*call), Kind::Call(written) if promises::callback(unit, written).is_some());
        let uses = match (is_queued, called_back) {
            (false, _) => replies::uses(unit, *call),
            (true, false) => replies::queued_uses(unit, *call),
            // A callback is called when the queue has run.
            (true, true) => vec!["passed-on"],
        };
        operation.facts.set_words(fact::REPLY_USE, uses);
        batches::by_use(unit, *call, &mut operation.facts);
        outcomes::use_facts(cx, unit, *call, &mut operation.facts);
        operation.facts.set_words(fact::REPLY_REDUCED, super::reduction::of(unit, *call));
    }
    outcomes::known_before(unit, &by_call, &mut found.operations);
    let reached = &found.reached;
    let older = spelled::doubt(&mut found.operations, |index| {
        !reached[index].0.is_empty() && reached[index].0.iter().all(|place| made_in(cx, unit, *place))
    });
    let older: FxHashSet<Place> = older.into_iter().flat_map(|index| reached[index].0.iter().copied()).collect();
    doubt_contracts(unit, &mut found, &older);
    mark_set_up(unit, &by_call, &mut found);
    found.by_call = by_call;
    failures::mark(cx, unit, &mut found);
    queues::bypass(cx, unit, &mut found);
    executed::apply(cx, unit, &mut found);
    pages::apply(cx, unit, &mut found);
    found
}

/// Sets the fact `sets_up`.
fn mark_set_up(unit: &Unit, by_call: &ByCall, found: &mut Found) {
    let function = |node: NodeId| unit.module_method(unit.holder[node.0 as usize]);
    // What a module does when it is loaded is another fact.
    let in_function = |made: &&NodeId| unit.module.function(function(**made)).parent.is_some();
    let made: FxHashSet<(Place, FunctionId)> =
        found.made_at.iter().filter(in_function).map(|made| (unit.place(*made), function(*made))).collect();
    for (call, id) in by_call {
        let (places, _) = &found.reached[id.0 as usize];
        let sets_up = !places.is_empty() && places.iter().all(|place| made.contains(&(*place, function(*call))));
        found.operations[id.0 as usize].facts.set_bool(fact::SETS_UP, sets_up);
    }
}

/// Takes back what the newest version makes of clients that the code uses in the way of an older one.
fn doubt_contracts(unit: &Unit, found: &mut Found, older: &FxHashSet<Place>) {
    for (operation, (places, _)) in found.operations.iter_mut().zip(&found.reached) {
        if places.iter().any(|place| older.contains(place)) {
            CONTRACT.iter().for_each(|fact| operation.facts.unset(*fact));
        }
    }
    for (client, made) in found.clients.iter_mut().zip(&found.made_at) {
        if older.contains(&unit.place(*made)) {
            let contract = [fact::API_VERDICT, fact::ARGUMENTS_VERDICT, fact::OPTION_VERDICT, fact::CONNECT_NEED];
            contract.into_iter().for_each(|fact| client.facts.unset(fact));
        }
    }
}

/// Whether a client is made in a file, and not as a copy of one that came from elsewhere.
fn made_in(cx: Cx<'_>, unit: &Unit, place: Place) -> bool {
    let made = |(_, call): (NodeId, &Call)| call.name_span.start == place.offset && !is_copy(cx, unit, call);
    place.file == unit.file && unit.calls().any(made)
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
pub(crate) fn construction(cx: Cx<'_>, unit: &Unit, id: NodeId) -> Option<ClientValue> {
    let place = unit.place(id);
    let made = cx.texts.values(unit, id).iter().find_map(|atom| match atom {
        Atom::Client(client) if client.place == place && client.evidence == Evidence::Constructed => Some(*client),
        _ => None,
    })?;
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
        key_prefix: None,
        slots: Vec::new(),
        arguments_hidden: false,
        option: None,
        origin: Vec::new(),
        loop_at: None,
        tree: None,
        function: unit.module.function(unit.module_method(holder)).name.clone(),
        facts: crate::operation::Facts::default(),
    };
    let facts = &mut operation.facts;
    facts.set_word(fact::COMMAND, command);
    facts.set_word(fact::LAYER, "call");
    facts.set_word(fact::EVIDENCE_, client.evidence.word());
    facts.set_words(fact::DOES_, []);
    let mut runs = runs_in(cx, unit, holder);
    if only_in_tests(cx, unit, id) {
        runs.push("test");
    }
    facts.set_words(fact::RUNS_IN_, runs);
    facts.set_word(fact::KEY_PURPOSE, "none");
    facts.set_word(fact::MEANT, meant(named_around(unit, holder)));
    facts.set_bool(fact::IN_LOCK, in_lock(unit, id));
    facts.set_bool(fact::WATCHED, false);
    facts.set_bool(fact::TTL_CHECKED, false);
    facts.set_bool(fact::KEY_SPACE, false);
    facts.set_bool(fact::KEY_SEEN, false);
    facts.set_bool(fact::ADAPTS, false);
    facts.set_bool(fact::SETS_UP, false);
    facts.set_bool(fact::CLUSTERED, client.role == Role::Cluster);
    facts.set_bool(fact::VALUE_CREATED, false);
    // Whether it is so also depends on who holds the client. A thread that sends several commands holds the connection meanwhile.
    facts.set_bool(fact::INTERLEAVED, !unit.module.semantics.shares_constants && !cx.catalog.library(client.library).is_http());
    facts.set_words(fact::REPLY_REDUCED, ["none"]);
    facts.set_word(fact::PLACED, placed(unit, id));
    facts.set_word(fact::LOOP, "none");
    facts.set_word(fact::TRIP_COST, if cx.catalog.library(client.library).is_http() { "http" } else { "socket" });
    operation
}

/// Whether a call stands in a function of its own name and is given nothing but what that is given.
fn adapts(unit: &Unit, id: NodeId, call: &Call, method: &str) -> bool {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>();
    let holder = unit.holder[id.0 as usize];
    let parameter = |argument: &Argument| matches!(unit.module.kind(argument.value), Kind::Local(binding) if unit.module.binding(*binding).kind == BindingKind::Param);
    plain(named_around(unit, holder)) == plain(method) && call.args.iter().all(parameter)
}

/// The name of the innermost function around that has one.
fn named_around(unit: &Unit, function: FunctionId) -> &str {
    let named = std::iter::successors(Some(function), |function| unit.module.function(*function).parent);
    named.take(16).find_map(|function| unit.module.function(function).name.as_deref()).unwrap_or_default()
}

fn connect(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, made: &ClientValue, found: &mut Found) {
    let mut operation = blank(cx, unit, id, call, made, "CONNECT", &"new".into());
    operation.facts.set_words(fact::DOES_, ["connect"]);
    operation.facts.set_word(fact::ROLE, made.role.word());
    found.operations.push(operation);
    found.reached.push((vec![made.place], None));
}

/// A call on a client: an operation, or the opening of a queue.
fn on_client(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, on: &Reached, found: &mut Found) {
    let Some(client) = on.clients.first().copied() else { return };
    if call.form == CallForm::New {
        return;
    }
    let places = on.clients.iter().map(|client| client.place).collect();
    if (on.queue.is_none() || call.block.is_some())
        && let Some(transaction) = cx.catalog.queue(&client, &on.method)
    {
        let opened = opening(cx, unit, id, call, on, transaction);
        let mut facts = Facts::default();
        facts.set_word(fact::KIND, if transaction { QueueKind::Transaction.word() } else { QueueKind::Pipeline.word() });
        facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, unit.holder[id.0 as usize]));
        facts.set_bool(fact::WATCHED, false);
        found.queues.push(Queue { site: opened.site, opened_by: Some(OperationId(found.operations.len() as u32)), tree: None, facts });
        found.queue_places.push(unit.place(id));
        found.reached.push((places, None));
        found.operations.push(opened);
        return;
    }
    let Some(sent) = sent(cx, unit, call, on, &client) else { return };
    // A method of another library's spelling on a receiver known by name only says that the name misleads.
    if matches!(sent.way, Way::Method(MethodVerdict::Missing)) && client.evidence == Evidence::Named {
        return;
    }
    found.operations.push(described(cx, unit, id, call, on, &sent));
    found.reached.push((places, on.queue.map(|queue| queue.place)));
}

fn opening(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, on: &Reached, transaction: bool) -> Operation {
    let client = &on.clients[0];
    let mut operation = blank(cx, unit, id, call, client, if transaction { "MULTI" } else { "PIPELINE" }, &on.method);
    operation.facts.set_words(fact::DOES_, ["transaction"]);
    operation.facts.set_word(fact::ROLE, client.role.word());
    operation.origin = origin(cx, client);
    if transaction {
        abort(cx, unit, client, &mut operation);
    }
    operation
}

/// Sets the fact `abort_shown` of what runs a transaction.
fn abort(cx: Cx<'_>, unit: &Unit, client: &ClientValue, operation: &mut Operation) {
    if let Some(abort) = cx.catalog.library(client.library).abort(allowed(cx, unit, client)) {
        operation.facts.set_word(fact::ABORT_SHOWN, abort.newest.word());
        operation.versions_differ |= !abort.agree;
    }
}

fn described(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, on: &Reached, sent: &Sent) -> Operation {
    let client = &on.clients[0];
    let mut operation = blank(cx, unit, id, call, client, &sent.command, &on.method);
    operation.receiver = on.receiver.map(|receiver| identity(unit, receiver, cx.source(unit)));
    operation.origin = origin(cx, client);
    operation.versions_differ = sent.differs;
    operation.facts.set_word(fact::ROLE, role(on).word());
    let trip = match on.queue {
        Some(queue) if queue.transaction => "transaction",
        Some(_) => "pipeline",
        None if matches!(sent.way, Way::Kept) => "pipeline",
        None => "alone",
    };
    operation.facts.set_word(fact::TRIP, trip);
    operation.facts.set_bool(fact::ADAPTS, adapts(unit, id, call, &on.method));
    match sent.way {
        // What may be a pool or a connection is no pool.
        // A method that calls the one it replaces is written for a version that has it.
        Way::Method(MethodVerdict::Missing) if matches!(call.target, Target::Super) => {}
        Way::Method(MethodVerdict::Pool) if on.clients.iter().any(|client| client.role != Role::Pool) => {}
        Way::Method(verdict) => operation.facts.set_word(fact::METHOD_VERDICT, verdict.word()),
        Way::LifeCycle(does) => {
            operation.facts.set_words(fact::DOES_, [does]);
            if sent.command == "EXEC" && on.queue.is_some_and(|queue| queue.transaction) {
                abort(cx, unit, client, &mut operation);
            }
        }
        Way::Library => {
            operation.facts.set_word(fact::LAYER, "library");
            // What its configuration says is more than the name of an accessor.
            operation.facts.set_word(fact::EVIDENCE_, client.evidence.max(Evidence::Declared).word());
        }
        Way::Raw | Way::Kept => {
            if let Some(word) = super::requests::command_from(cx, unit, call) {
                operation.facts.set_word(fact::COMMAND_FROM, word);
            }
        }
        Way::Script => {}
    }
    let mut words = Arguments::default();
    if let (Way::Script, Some(entry)) = (sent.way, sent.entry) {
        words.open = true;
        let keys = cx.scripts.keys(cx, unit, &on.method, &sent.args);
        operation.keys = keys.into_iter().map(|node| arguments::key(cx, unit, node)).collect();
        operation.arguments_hidden = true;
        command_facts(cx, unit, entry, &words, &mut operation);
    } else if let Some(entry) = sent.entry {
        words = arguments::arguments(cx, unit, &sent.args, entry);
        let ttl = arguments_facts(cx, unit, client, sent, entry, &words, &mut operation);
        command_facts(cx, unit, entry, &words, &mut operation);
        outcomes::answer_facts(cx, client, entry, sent, allowed(cx, unit, client), &mut operation);
        super::requests::facts(cx, unit, client, entry, &words, &mut operation);
        if !matches!(sent.way, Way::Method(MethodVerdict::Missing)) {
            values::verdict(cx, unit, client, entry, &words, ttl, &mut operation);
        }
        keyspace::facts(cx, unit, entry, &words, on, &mut operation);
        blocking::facts(cx, unit, entry, &words, on, &mut operation);
    }
    if !operation.keys.is_empty() && !matches!(sent.way, Way::Method(MethodVerdict::Unprefixed)) {
        operation.key_prefix = cx.prefixes.of(&on.clients).cloned();
    }
    key_facts(cx, unit, &mut operation);
    if !cx.prefixes.may_hold_tag(&on.clients)
        && let Some(slots) = super::keys::slots(&operation)
    {
        operation.facts.set_word(fact::SLOTS, slots);
    }
    operation.facts.set_bool(fact::CLUSTERED, on.clients.iter().any(|client| client.role == Role::Cluster));
    loop_facts(cx, unit, id, sent.entry, &words, &mut operation);
    promises::facts(unit, id, call, &mut operation.facts);
    operation.facts.set_bool(fact::WAITED, promises::waits(unit, id, call));
    if on.is_mixed || given_by_tests_alone(cx, unit, &on.clients) {
        CONTRACT.iter().for_each(|fact| operation.facts.unset(*fact));
    }
    operation
}

/// Whether only tests are seen to give these clients to code that is none: a library whose users bring their own client.
fn given_by_tests_alone(cx: Cx<'_>, unit: &Unit, clients: &[ClientValue]) -> bool {
    let by_test = |client: &ClientValue| client.place != Place::ANY && in_tests(cx, client.place.file);
    clients.iter().all(by_test) && !in_tests(cx, unit.file)
}

/// What libraries differ in: nothing is known of it where clients of several come, or which one comes is not seen.
const CONTRACT: &[FactId] =
    &[fact::METHOD_VERDICT, fact::FORM_VERDICT, fact::VALUE_VERDICT, fact::REPLY, fact::REPLY_MISSING, fact::PROMISE];

/// The keys, slots and form of an operation; answers with the TTL.
fn arguments_facts(
    cx: Cx<'_>,
    unit: &Unit,
    client: &ClientValue,
    sent: &Sent,
    entry: &Command,
    words: &Arguments,
    operation: &mut Operation,
) -> Option<NodeId> {
    let text = cx.source(unit);
    operation.arguments_hidden = words.open || words.options_hidden;
    operation.keys = words.keys(cx, unit, entry);
    operation.slots = words.slots(unit, entry, text);
    // Raw words mean what the server says, whatever the client makes of them in a method of its own.
    let (table, versions) = (cx.catalog.library(client.library), allowed(cx, unit, client));
    let form = arguments::form(cx, unit, words, entry, matches!(sent.way, Way::Method(_) | Way::Library).then_some(table), versions);
    operation.versions_differ |= form.differs;
    form.facts(cx, unit, words, entry, &mut operation.facts);
    operation.option = form.option.clone();
    if let Some(node) = form.ttl.map(|(node, ..)| node).or(form.meant) {
        operation.slots.push(Slot {
            name: "ttl".into(),
            span: unit.module.span(node),
            identity: Some(identity(unit, node, text)),
            derives: Vec::new(),
            pure: is_pure(unit, node),
        });
    }
    form.ttl.map(|(node, ..)| node)
}

/// What the receiver of a call is.
pub(crate) fn role(on: &Reached) -> Role {
    match on.queue {
        Some(queue) if queue.transaction => Role::Transaction,
        Some(_) => Role::Pipeline,
        // What may be a cluster or one server is asked no more of than one server.
        None if on.clients.iter().any(|client| client.role == Role::Connection) => Role::Connection,
        None => on.clients.first().map_or(Role::Connection, |client| client.role),
    }
}

/// The versions of a client's library that a file may run with.
pub(crate) fn allowed(cx: Cx<'_>, unit: &Unit, client: &ClientValue) -> Versions {
    cx.project.allowed(unit.file, client.library).versions
}

//! Finds the operations of a file: every call on a client, with its arguments and where it runs.

use smol_str::SmolStr;

use super::arguments::{self, Arguments};
use super::identity::identity;
use super::place::{self, link, loop_around, runs_in, varies_in};
use super::purpose::purpose;
use super::receiver::{Reached, reached};
use super::replies::{self, ByCall};
use super::{Allowed, Cx, Found};
use crate::client::{Evidence, MethodShape, MethodVerdict, QueueKind, RawWords, Role};
use crate::command::{Batch, Command, Varies};
use crate::operation::{Operation, OperationId, Queue, Site, Value, fact};
use crate::program::{Argument, Call, CallForm, Kind, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue, Place};
use crate::source::Span;

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
    if on.queue.is_none() || call.block.is_some() {
        if let Some(transaction) = cx.catalog.queue(&client, &on.method) {
            return open_queue(cx, unit, id, call, on, &client, transaction, found);
        }
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
                if let Some(list) = rest.next() {
                    if let Kind::Array(members) = unit.module.kind(arguments::through_casts(unit, list.value)) {
                        args.extend(
                            members.iter().map(|member| Argument { value: *member, kind: crate::program::ArgumentKind::Positional }),
                        );
                    }
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
    operation.origin = origin(cx, unit, client);
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
    operation.origin = origin(cx, unit, client);
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
    key_facts(unit, &mut operation);
    loop_facts(cx, unit, id, sent.entry, &words, &mut operation);
    found.reached.push((on.clients.iter().map(|client| client.place).collect(), on.queue.map(|queue| queue.place)));
    found.operations.push(operation);
}

fn command_facts(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments, operation: &mut Operation) {
    let facts = &mut operation.facts;
    let mut does: Vec<&'static str> = entry.does().words().collect();
    if reads_everything(cx, unit, entry, words) {
        does.push("full-read");
    }
    facts.set_words(fact::DOES_, does);
    facts.set_word(fact::TYPE, entry.value_type.word());
    facts.set_word(fact::COST, entry.cost.word());
    if let Some(missing) = entry.reply_missing {
        facts.set_word(fact::REPLY_MISSING, missing.word());
    }
    facts.set_word(fact::REPLY, entry.reply.word());
    if !words.open {
        facts.set_number(fact::ARGUMENTS, words.words.len() as f64);
        facts.set_number(fact::KEY_COUNT, operation.keys.len() as f64);
    }
    if let Some(key) = operation.keys.first() {
        facts.set(fact::KEY, Value::Template(key.template.clone()));
    }
    let value =
        entry.slots.iter().zip(&words.words).find(|(slot, _)| matches!(slot.name.as_str(), "value" | "element" | "member" | "message"));
    if let Some(node) = value.and_then(|(_, word)| word.node) {
        facts.set_words(fact::VALUE, arguments::value_kinds(cx, unit, node, 0));
    }
    if entry.name == "KEYS" {
        facts.set_word(fact::PATTERN, pattern(words.words.first().and_then(|word| word.text.as_deref())));
    }
}

fn pattern(text: Option<&str>) -> &'static str {
    match text {
        Some("*") => "all",
        Some(text) if !text.contains(['*', '?', '[']) => "exact",
        _ => "glob",
    }
}

/// `LRANGE k 0 -1` and its kin read a whole collection.
fn reads_everything(cx: Cx<'_>, unit: &Unit, entry: &Command, words: &Arguments) -> bool {
    if entry.full_read {
        return !entry.name.ends_with("RANGE");
    }
    let number = |at: usize| words.words.get(at).and_then(|word| word.node).and_then(|node| cx.texts.number(unit, node));
    matches!(entry.name.as_str(), "LRANGE" | "ZRANGE" | "ZREVRANGE") && number(1) == Some(0.0) && number(2) == Some(-1.0)
}

fn key_facts(unit: &Unit, operation: &mut Operation) {
    let texts: Vec<&str> = operation.keys.iter().flat_map(|key| key.template.texts()).collect();
    let names: Vec<&str> = operation
        .keys
        .iter()
        .filter_map(|key| key.template.0.first())
        .filter_map(|part| if let crate::key::KeyPart::Hole(name) = part { Some(name.as_str()) } else { None })
        .chain(operation.function.as_deref())
        .collect();
    let words = purpose(&texts, &names);
    operation.facts.set_word(fact::KEY_PURPOSE, words);
    let _ = unit;
}

fn loop_facts(cx: Cx<'_>, unit: &Unit, id: NodeId, entry: Option<&'static Command>, words: &Arguments, operation: &mut Operation) {
    if concurrent(unit, id) && operation.facts.word(fact::TRIP) == Some("alone") {
        operation.facts.set_word(fact::TRIP, "concurrent");
    }
    let Some(around) = loop_around(cx, unit, id) else { return };
    operation.facts.set_word(fact::LOOP, around.kind);
    if around.concurrent && operation.facts.word(fact::TRIP) == Some("alone") {
        operation.facts.set_word(fact::TRIP, "concurrent");
    }
    let mut varies = Vec::new();
    let key_spans: Vec<Span> = operation.keys.iter().map(|key| key.span).collect();
    let outer = place::outermost_loop(cx, unit, id);
    for word in &words.words {
        let Some(node) = word.node else { continue };
        if varies_in(unit, node, outer.as_ref().unwrap_or(&around)) {
            let is_key = key_spans.contains(&word.span);
            let slot = operation.slots.iter().find(|slot| slot.span == word.span).map_or("value", |slot| slot.name.as_str());
            varies.push(match slot {
                _ if is_key => "key",
                "field" => "field",
                "member" | "element" => "member",
                _ => "value",
            });
        }
    }
    let batch = if varies.contains(&"key") {
        entry.map(|entry| entry.batch(Varies::Key))
    } else if varies.contains(&"field") {
        entry.map(|entry| entry.batch(Varies::Field))
    } else {
        entry.map(|entry| entry.batch(Varies::Member))
    };
    if let Some(batch) = batch {
        let text = match batch {
            // MSET knows no options.
            Batch::Command(_) if !words.options.is_empty() => SmolStr::new_static("a pipeline"),
            Batch::Command(name) => SmolStr::from(name),
            Batch::Variadic => format!("one {} with all of them", operation.command).into(),
            Batch::Pipeline => SmolStr::new_static("a pipeline"),
        };
        operation.facts.set_word(fact::BATCH, text);
    }
    if !words.open {
        if varies.is_empty() {
            varies.push("nothing");
        }
        operation.facts.set_words(fact::LOOP_VARIES, varies);
    }
    operation.facts.set_bool(fact::LOOP_CARRIED, stops_early(unit, &around) || carried(unit, id, &around));
}

/// Whether the loop is a search that ends with the first answer: `any?`, `find`, `some`.
fn stops_early(unit: &Unit, around: &place::LoopAround) -> bool {
    match unit.module.kind(around.at) {
        Kind::Call(call) => match &call.target {
            Target::Method { name, .. } => {
                matches!(name.as_str(), "any?" | "all?" | "none?" | "find" | "detect" | "some" | "every" | "find_index" | "take_while")
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether the loop goes on, or the next turn asks, by what this reply says.
pub(crate) fn carried(unit: &Unit, id: NodeId, around: &place::LoopAround) -> bool {
    let mut by_call = ByCall::default();
    by_call.insert(id, OperationId(0));
    let inside = |node: NodeId| around.span.contains(unit.module.span(node));
    unit.module.nodes.iter().enumerate().any(|(index, node)| {
        let at = NodeId(index as u32);
        match &node.kind {
            Kind::Branch { condition, then, otherwise } if inside(at) => {
                let leaves = |node: NodeId| exits_loop(unit, node);
                (leaves(*then) || otherwise.is_some_and(leaves))
                    && !super::replies::derive(unit, &by_call, *condition).is_empty() | mentions_reply(unit, &by_call, *condition)
            }
            Kind::Loop { condition: Some(condition), .. } if unit.module.span(at) == around.span => {
                mentions_reply(unit, &by_call, *condition)
            }
            _ => false,
        }
    })
}

fn exits_loop(unit: &Unit, node: NodeId) -> bool {
    use crate::program::ExitKind;
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        match unit.module.kind(node) {
            Kind::Exit { kind: ExitKind::Break | ExitKind::Return, .. } => return true,
            Kind::Loop { .. } => {}
            _ => unit.module.each_child(node, &mut |child| stack.push(child)),
        }
    }
    false
}

fn mentions_reply(unit: &Unit, by_call: &ByCall, node: NodeId) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if by_call.contains_key(&node)
            || matches!(unit.module.kind(node), Kind::Local(_)) && !replies::derive(unit, by_call, node).is_empty()
        {
            return true;
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    false
}

/// Whether a call is a member of a `Promise.all`, directly or through the closure that maps its argument.
fn concurrent(unit: &Unit, id: NodeId) -> bool {
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
        if let Some((_, call)) = place::caller(unit, function) {
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
fn origin(cx: Cx<'_>, unit: &Unit, client: &ClientValue) -> Vec<crate::operation::Link> {
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
    let _ = unit;
    let span = cx.word_at(there, offset);
    vec![link(there, span, text)]
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

//! Constructions of clients: where they are kept, whether somebody listens to their errors, where their address comes from.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::arguments::through_casts;
use super::entries::runs_in;
use super::identity::binding_name;
use super::loops::loop_around;
use super::site::site;
use super::{Cx, Found};
use crate::client::OptionMeans;
use crate::operation::{Analysis, Client, ClientBinding, Facts, fact};
use crate::program::{AssignOp, Call, EntryKey, ExitKind, FunctionKind, Kind, Literal, LogicOp, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue};

/// Records a construction.
pub(crate) fn found(cx: Cx<'_>, unit: &Unit, id: NodeId, call: &Call, made: &ClientValue, found: &mut Found) {
    let allowed = cx.project.allowed(unit.file, made.library);
    let table = cx.catalog.library(made.library);
    let holder = unit.holder[id.0 as usize];
    let mut facts = Facts::default();
    facts.set_word(fact::LAYER, "call");
    facts.set_word(fact::EVIDENCE_, made.evidence.word());
    facts.set_word(fact::ROLE, made.role.word());
    facts.set_words(fact::RUNS_IN_, runs_in(cx, unit, holder));
    facts.set_word(fact::LOOP, loop_around(cx, unit, id).map_or("none", |around| around.kind));
    facts.set_word(fact::TRIP_COST, if table.is_http() { "http" } else { "socket" });
    facts.set_word(fact::LISTENER_NEED, table.listener().map_or("none", |listener| listener.need.word()));
    if let Some(held) = held(unit, id) {
        facts.set_word(fact::HELD, held);
    }
    let address = address(cx, unit, call, made);
    if let Some((word, _)) = &address {
        facts.set_word(fact::ADDRESS, *word);
    }
    let mut client = Client {
        site: site(unit, id, call),
        library: table.name.clone(),
        major: allowed.majors.last().copied(),
        majors: allowed.majors,
        versions_differ: false,
        binding: binding(cx, unit, id),
        tree: None,
        function: unit.module.function(unit.module_method(holder)).name.clone(),
        option: None,
        address: address.and_then(|(_, text)| text),
        target: super::targets::target(cx, unit, call, made),
        facts,
    };
    if let Some(lingers) = super::lingering::lingers(cx, unit, id, made) {
        client.facts.set_bool(fact::LINGERS, lingers);
    }
    // Behind a loader of several libraries it is not known whose options these are.
    let made_here = cx.texts.values(unit, id).clients();
    if made_here.iter().all(|other| other.place != made.place || other.library == made.library) {
        super::construction::facts(cx, unit, call, made, &mut client);
    }
    if kept_out_of_sight(cx, unit, id) {
        found.escaped.push(made.place);
    }
    found.clients.push(client);
    found.client_places.push(made.place);
    found.made_at.push(id);
}

/// Notes what a call does to clients it is made on, or is given: attaches a listener, closes, takes out of sight.
pub(crate) fn note_escapes(cx: Cx<'_>, unit: &Unit, call: &Call, found: &mut Found) {
    if let Target::Method { receiver, name } = &call.target {
        for client in cx.texts.values(unit, *receiver).clients() {
            let table = cx.catalog.library(client.library);
            let listens = table.listener().is_some_and(|listener| {
                listener.methods().iter().any(|method| method == name)
                    && call
                        .args
                        .first()
                        .is_some_and(|argument| cx.texts.known(unit, argument.value).is_none_or(|event| event == listener.event))
            });
            if listens {
                found.listened.push(client.place);
            }
            if name == "connect" {
                found.connected.push(client.place);
            }
            if table.close(name, table.all_versions()).is_some() {
                found.closed.push(client.place);
            }
        }
    }
    super::consumers::note(cx, unit, call, found);
    let own = matches!(&call.target, Target::Method { receiver, .. } if !cx.texts.values(unit, *receiver).is_empty());
    let known = own
        || matches!(&call.target, Target::Function(callee) if cx.texts.values(unit, *callee).iter().any(|atom| matches!(atom, Atom::Function(_) | Atom::Class(_))));
    if known {
        return;
    }
    for argument in &call.args {
        escape(cx, unit, argument.value, found, 0);
    }
}

fn escape(cx: Cx<'_>, unit: &Unit, node: NodeId, found: &mut Found, depth: usize) {
    found.escaped.extend(cx.texts.values(unit, node).clients().iter().map(|client| client.place));
    if depth > 4 {
        return;
    }
    match unit.module.kind(through_casts(unit, node)) {
        Kind::Object(entries) => entries.iter().for_each(|entry| escape(cx, unit, entry.value, found, depth + 1)),
        Kind::Array(members) => members.iter().for_each(|member| escape(cx, unit, *member, found, depth + 1)),
        _ => {}
    }
}

/// The facts that need every file: listeners and closing.
pub(crate) fn complete(analysis: &mut Analysis, places: &[crate::resolve::value::Place], notes: &Notes) {
    for (client, place) in analysis.clients.iter_mut().zip(places) {
        if notes.listened.contains(place) {
            client.facts.set_word(fact::LISTENER, "present");
        } else if !notes.escaped.contains(place) {
            client.facts.set_word(fact::LISTENER, "absent");
        }
        if notes.connected.contains(place) {
            client.facts.set_bool(fact::CONNECTED, true);
        } else if !notes.escaped.contains(place) {
            client.facts.set_bool(fact::CONNECTED, false);
        }
        let verdicts = notes.consumed.iter().filter(|consumed| consumed.client == *place);
        if let Some(consumed) = verdicts.filter(|consumed| consumed.verdict.is_some()).max_by_key(|consumed| consumed.verdict) {
            client.facts.set_word(fact::CONSUMER_VERDICT, consumed.verdict.unwrap_or_default());
            client.option = consumed.option.clone().or(client.option.take());
        }
        let closed = notes.closed.contains(place);
        if closed {
            client.facts.set_word(fact::CLOSED, "sometimes");
        } else if !notes.escaped.contains(place) {
            client.facts.set_word(fact::CLOSED, "never");
        }
    }
}

/// What all files note of clients.
#[derive(Default)]
pub(crate) struct Notes {
    pub listened: FxHashSet<crate::resolve::value::Place>,
    pub closed: FxHashSet<crate::resolve::value::Place>,
    pub escaped: FxHashSet<crate::resolve::value::Place>,
    pub connected: FxHashSet<crate::resolve::value::Place>,
    pub consumed: Vec<super::consumers::Consumed>,
}

/// The expression that carries a new client on: through `await`, casts and chained calls that give it back.
pub(super) fn carried(unit: &Unit, mut node: NodeId) -> NodeId {
    while let Some(parent) = unit.parents[node.0 as usize] {
        let same = match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } => true,
            Kind::Call(call) => {
                matches!(&call.target, Target::Method { receiver, name } if *receiver == node && matches!(name.as_str(), "on" | "once" | "connect" | "addListener" | "tap" | "freeze" | "then"))
            }
            _ => false,
        };
        if !same {
            break;
        }
        node = parent;
    }
    node
}

/// The word of the fact `held`.
fn held(unit: &Unit, id: NodeId) -> Option<&'static str> {
    let mut node = carried(unit, id);
    let mut memoised = false;
    for _ in 0..24 {
        let Some(parent) = unit.parents[node.0 as usize] else {
            let holder = unit.holder[node.0 as usize];
            let function = unit.module.function(holder);
            let is_body = function.body == node;
            return Some(match function.kind {
                _ if memoised => "memoised",
                _ if !is_body => "instance",
                FunctionKind::Module | FunctionKind::ClassBody => "module",
                // The value of a block: a pool's, mostly.
                FunctionKind::Block => "passed-on",
                _ if function.returns_body => "returned",
                _ => "local",
            });
        };
        match unit.module.kind(parent) {
            Kind::Logic { op: LogicOp::OrNil | LogicOp::Or, right, .. } if *right == node => memoised = true,
            Kind::Branch { condition, .. } if *condition != node => {}
            Kind::Logic { .. } | Kind::Await(_) | Kind::Cast { .. } | Kind::Switch { .. } | Kind::Try { .. } => {}
            Kind::Block(statements) => {
                let function = unit.module.function(unit.holder[node.0 as usize]);
                let last = statements.last() == Some(&node);
                if !last || !unit.module.semantics.shares_constants && function.body == parent && !function.returns_body {
                    return Some(if memoised { "memoised" } else { "local" });
                }
            }
            Kind::Assign { target, op, .. } => {
                if memoised || *op != AssignOp::Plain {
                    return Some("memoised");
                }
                return Some(kept(unit, *target, parent));
            }
            Kind::Exit { kind: ExitKind::Return, .. } => return Some(if memoised { "memoised" } else { "returned" }),
            Kind::Call(_) | Kind::Object(_) | Kind::Array(_) => return Some("passed-on"),
            _ => return None,
        }
        node = parent;
    }
    None
}

/// Whether a new client becomes a member of an object that nothing is known of: others get at it there.
fn kept_out_of_sight(cx: Cx<'_>, unit: &Unit, id: NodeId) -> bool {
    let mut node = carried(unit, id);
    while let Some(parent) = unit.parents[node.0 as usize] {
        match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } | Kind::Logic { .. } | Kind::Branch { .. } => node = parent,
            Kind::Assign { target, .. } => {
                let Kind::Member { object, .. } = unit.module.kind(*target) else { return false };
                let is_local = matches!(unit.module.kind(*object), Kind::Local(_) | Kind::Member { .. } | Kind::Call(_));
                return is_local && cx.texts.values(unit, *object).is_empty();
            }
            _ => return false,
        }
    }
    false
}

/// Where an assignment keeps a new client.
fn kept(unit: &Unit, target: NodeId, assignment: NodeId) -> &'static str {
    if guarded_by(unit, target, assignment) {
        return "memoised";
    }
    match unit.module.kind(target) {
        Kind::Global(_) | Kind::Constant { .. } => "module",
        Kind::Member { object, .. } => match unit.module.kind(*object) {
            Kind::This => {
                let function = unit.module.function(unit.holder[target.0 as usize]);
                if function.is_static { "class" } else { "instance" }
            }
            _ => "passed-on",
        },
        Kind::Local(binding) => {
            let bound = unit.module.binding(*binding);
            let outer = unit.module.function(bound.function).kind;
            if matches!(outer, FunctionKind::Module | FunctionKind::ClassBody) {
                // A variable of the module that a function fills is kept, and filled once if it was asked before.
                return if bound.function == unit.holder[target.0 as usize] { "module" } else { "memoised" };
            }
            // `const client = createClient(); this.client = client`.
            if let Some(kept) = unit.mentions[binding.0 as usize].iter().find_map(|mention| put_into_member(unit, *mention)) {
                return kept;
            }
            let uses = super::replies::uses(unit, assignment_value(unit, assignment));
            if uses.contains(&"returned") {
                "returned"
            } else if uses.contains(&"passed-on") {
                "passed-on"
            } else {
                "local"
            }
        }
        _ => "passed-on",
    }
}

/// Where a variable goes that is assigned to a member.
fn put_into_member(unit: &Unit, mention: NodeId) -> Option<&'static str> {
    let mut node = mention;
    loop {
        let parent = unit.parents[node.0 as usize]?;
        match unit.module.kind(parent) {
            Kind::Cast { .. } | Kind::Await(_) => node = parent,
            Kind::Assign { target, value, .. } if *value == node && matches!(unit.module.kind(*target), Kind::Member { .. }) => {
                return Some(kept(unit, *target, parent));
            }
            _ => return None,
        }
    }
}

fn assignment_value(unit: &Unit, assignment: NodeId) -> NodeId {
    match unit.module.kind(assignment) {
        Kind::Assign { value, .. } => *value,
        _ => assignment,
    }
}

/// Whether the assignment stands in a branch that asked for its own target: `if (!client) client = …`, `return client if client`.
fn guarded_by(unit: &Unit, target: NodeId, assignment: NodeId) -> bool {
    let Some(name) = binding_name(unit, target) else { return false };
    let mut at = assignment;
    while let Some(parent) = unit.parents[at.0 as usize] {
        match unit.module.kind(parent) {
            Kind::Branch { condition, .. } if *condition != at && tests(unit, *condition, &name) => return true,
            Kind::Logic { left, .. } if *left != at && tests(unit, *left, &name) => return true,
            // An earlier `if (client) return client`.
            Kind::Block(statements) => {
                let before = statements.iter().take_while(|statement| **statement != at);
                for statement in before {
                    if let Kind::Branch { condition, then, .. } = unit.module.kind(*statement)
                        && tests(unit, *condition, &name)
                        && leaves(unit, *then)
                    {
                        return true;
                    }
                }
            }
            _ => {}
        }
        at = parent;
    }
    false
}

fn leaves(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(node) {
        Kind::Exit { .. } => true,
        Kind::Block(statements) => statements.last().is_some_and(|last| leaves(unit, *last)),
        _ => false,
    }
}

fn tests(unit: &Unit, condition: NodeId, name: &SmolStr) -> bool {
    let mut stack = vec![condition];
    while let Some(node) = stack.pop() {
        if binding_name(unit, node).as_ref() == Some(name) {
            return true;
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    false
}

/// The statement that names a new client.
fn binding(cx: Cx<'_>, unit: &Unit, id: NodeId) -> Option<ClientBinding> {
    let node = carried(unit, id);
    let parent = unit.parents[node.0 as usize]?;
    let Kind::Assign { target, op: AssignOp::Plain, .. } = unit.module.kind(parent) else { return None };
    let above = unit.parents[parent.0 as usize]?;
    if !matches!(unit.module.kind(above), Kind::Block(_)) || node != id {
        return None;
    }
    let target = cx.source(unit).get(unit.module.span(*target).range())?;
    let simple = target.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | '$' | '#'));
    simple.then(|| ClientBinding { target: target.into(), statement: unit.module.span(parent) })
}

/// The word of the fact `address`, and the literal address.
fn address(cx: Cx<'_>, unit: &Unit, call: &Call, made: &ClientValue) -> Option<(&'static str, Option<SmolStr>)> {
    if call.args.is_empty() {
        return Some(("default", None));
    }
    let table = cx.catalog.library(made.library);
    let allowed = cx.project.allowed(unit.file, made.library).versions;
    let mut addresses = Vec::new();
    for (index, argument) in call.args.iter().enumerate() {
        match &argument.kind {
            crate::program::ArgumentKind::Keyword(name) => {
                if is_address(table, name, allowed) {
                    addresses.push(argument.value);
                }
            }
            crate::program::ArgumentKind::Positional => match unit.module.kind(through_casts(unit, argument.value)) {
                Kind::Object(entries) => object_addresses(unit, table, allowed, entries, &mut addresses),
                Kind::Literal(Literal::Int(_)) => {}
                _ if index < 2 => addresses.push(argument.value),
                _ => {}
            },
            _ => return None,
        }
    }
    let words: Vec<(&'static str, Option<SmolStr>)> = addresses.iter().filter_map(|node| source(cx, unit, *node)).collect();
    for wanted in ["literal", "environment", "environment-default", "configured", "local"] {
        if let Some(found) = words.iter().find(|(word, _)| *word == wanted) {
            return Some(found.clone());
        }
    }
    if addresses.is_empty() { Some(("default", None)) } else { None }
}

fn is_address(table: &crate::client::Library, name: &str, allowed: crate::client::Versions) -> bool {
    matches!(name, "url" | "host")
        || ["default", "createClient", "Redis"].iter().any(|of| {
            table.option(of, name, allowed).is_some_and(|option| matches!(option.newest.means, Some(OptionMeans::Url | OptionMeans::Host)))
        })
}

fn object_addresses(
    unit: &Unit,
    table: &crate::client::Library,
    allowed: crate::client::Versions,
    entries: &[crate::program::Entry],
    found: &mut Vec<NodeId>,
) {
    for entry in entries {
        let EntryKey::Name(name) = &entry.key else { continue };
        if is_address(table, name, allowed) {
            found.push(entry.value);
        } else if name == "socket"
            && let Kind::Object(inner) = unit.module.kind(through_casts(unit, entry.value))
        {
            object_addresses(unit, table, allowed, inner, found);
        }
    }
}

/// Where an address comes from.
fn source(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<(&'static str, Option<SmolStr>)> {
    if let Some(text) = cx.texts.known(unit, node) {
        let local = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].iter().any(|host| text.contains(host))
            || text.starts_with('/')
            || text.starts_with("unix:");
        return Some((if local { "local" } else { "literal" }, Some(text)));
    }
    let mut stack = vec![node];
    let (mut environment, mut default) = (false, false);
    while let Some(at) = stack.pop() {
        match unit.module.kind(at) {
            Kind::Member { name, .. } if name == "env" => environment = true,
            Kind::Constant { path, .. } if path.len() == 1 && path[0] == "ENV" => environment = true,
            Kind::Logic { .. } => default = true,
            Kind::Call(call) if matches!(&call.target, Target::Method { name, .. } if name == "fetch") && call.args.len() > 1 => {
                default = true
            }
            _ => {}
        }
        unit.module.each_child(at, &mut |child| stack.push(child));
    }
    match (environment, default) {
        (true, true) => Some(("environment-default", None)),
        (true, false) => Some(("environment", None)),
        (false, _) => Some(("configured", None)),
    }
}

/// Sets the fact `used_for`: what the operations of the project send on each client, where no other client may be meant, and
/// what libraries are given it for.
pub(crate) fn uses(analysis: &mut Analysis, places: &[crate::resolve::value::Place], notes: &Notes) {
    let mut used: Vec<Vec<&'static str>> = vec![Vec::new(); analysis.clients.len()];
    for operation in &analysis.operations {
        let ([client], Some("call")) = (operation.clients.as_slice(), operation.facts.word(fact::LAYER)) else { continue };
        let does = |word: &str| operation.facts.has(fact::DOES_, word);
        let Some(words) = used.get_mut(client.0 as usize) else { continue };
        match operation.command.as_str() {
            "CONNECT" | "QUIT" | "EXEC" | "DISCARD" | "PIPELINE" | "PING" | "UNSUBSCRIBE" | "PUNSUBSCRIBE" | "SUNSUBSCRIBE" | "UNKNOWN" => {
            }
            _ if does("subscribe") => words.push("subscribe"),
            _ if does("block") => words.push("blocking"),
            _ if does("watch") => words.push("watch"),
            "SELECT" => words.push("select"),
            _ => words.push("commands"),
        }
    }
    for consumed in &notes.consumed {
        for (words, _) in used.iter_mut().zip(places).filter(|(_, place)| **place == consumed.client) {
            words.push(consumed.purpose);
        }
    }
    for (client, words) in analysis.clients.iter_mut().zip(used) {
        client.facts.set_words(fact::USED_FOR, words);
    }
}

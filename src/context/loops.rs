//! The loops around a call: their kind, what varies in them, whether one turn needs the reply of the one before.

use super::Cx;
use super::arguments::{Arguments, through_casts};
use super::batches::{self, Alike};
use super::entries::caller;
use super::replies::{self, ByCall};
use super::site::concurrent;
use crate::command::{Batch, Command, Varies};
use crate::operation::{Operation, OperationId, Value, fact};
use crate::program::{BinaryOp, Call, ExitKind, FunctionId, Kind, Literal, LoopKind, NodeId, Runs, Target};
use crate::resolve::Unit;
use crate::resolve::text::{called_name, name_of};
use crate::source::Span;

/// Sets the facts `loop`, `loop_varies`, `loop_carried` and `batch`, and `trip` where turns run at the same time.
pub(crate) fn loop_facts(
    cx: Cx<'_>,
    unit: &Unit,
    id: NodeId,
    entry: Option<&'static Command>,
    words: &Arguments,
    operation: &mut Operation,
) {
    if concurrent(unit, id) && operation.facts.word(fact::TRIP) == Some("alone") {
        operation.facts.set_word(fact::TRIP, "concurrent");
    }
    let Some(around) = loop_around(cx, unit, id) else { return };
    operation.facts.set_word(fact::LOOP, around.kind);
    operation.loop_at = Some(around.span);
    if around.concurrent && operation.facts.word(fact::TRIP) == Some("alone") {
        operation.facts.set_word(fact::TRIP, "concurrent");
    }
    let mut varies = Vec::new();
    let key_spans: Vec<Span> = operation.keys.iter().map(|key| key.span).collect();
    let outer = outermost_loop(cx, unit, id);
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
        let scattered = varies.contains(&"key") && operation.facts.get(fact::CLUSTERED) == Some(&Value::Bool(true));
        let plain = words.options.is_empty() || batch == Batch::Variadic;
        let alike = Alike { command: &operation.command, plain, scattered };
        let text = batches::text(unit, Some(batch), &alike);
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
fn stops_early(unit: &Unit, around: &LoopAround) -> bool {
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
pub(crate) fn carried(unit: &Unit, id: NodeId, around: &LoopAround) -> bool {
    let mut by_call = ByCall::default();
    by_call.insert(id, OperationId(0));
    let inside = |node: NodeId| around.span.contains(unit.module.span(node));
    let behind = |node: NodeId| unit.module.span(node).start >= unit.module.span(id).end;
    unit.module.nodes.iter().enumerate().any(|(index, node)| {
        let at = NodeId(index as u32);
        match &node.kind {
            Kind::Branch { condition, then, otherwise } if inside(at) => {
                let leaves = |node: NodeId| exits_loop(unit, node);
                (leaves(*then) || otherwise.is_some_and(leaves))
                    && !super::replies::derive(unit, &by_call, *condition).is_empty() | mentions_reply(unit, &by_call, *condition)
            }
            Kind::Exit { kind: ExitKind::Break | ExitKind::Return, .. } => inside(at) && behind(at) && ends(unit, at, around),
            Kind::Loop { condition: Some(condition), .. } if unit.module.span(at) == around.span => {
                mentions_reply(unit, &by_call, *condition)
            }
            _ => false,
        }
    })
}

/// Whether a `break` or `return` ends this loop, and not one inside of it or a closure.
fn ends(unit: &Unit, exit: NodeId, around: &LoopAround) -> bool {
    let returns = matches!(unit.module.kind(exit), Kind::Exit { kind: ExitKind::Return, .. });
    let mut at = exit;
    for _ in 0..256 {
        let Some(parent) = unit.parents[at.0 as usize] else {
            let function = unit.holder[at.0 as usize];
            let Some((call, _)) = caller(unit, function) else { return false };
            // A block of Ruby is left by `break`, the method around it by `return`; a closure of JavaScript by `return`.
            let through = unit.module.semantics.shares_constants && (call == around.at || returns);
            if call == around.at || !through {
                return through;
            }
            at = call;
            continue;
        };
        if parent == around.at {
            return true;
        }
        if matches!(unit.module.kind(parent), Kind::Loop { .. }) && !returns {
            return false;
        }
        at = parent;
    }
    false
}

fn exits_loop(unit: &Unit, node: NodeId) -> bool {
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

/// Whether an expression has one of these replies in it, or a variable made of one.
pub(crate) fn mentions_reply(unit: &Unit, by_call: &ByCall, node: NodeId) -> bool {
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

/// The loop around a node.
pub(crate) struct LoopAround {
    /// As the fact `loop`.
    pub kind: &'static str,
    /// The whole loop.
    pub span: Span,
    /// The loop, or the call that runs it.
    pub at: NodeId,
    /// Whether the turns run at the same time.
    pub concurrent: bool,
}

/// The outermost loop around a node that runs its turns one after another with the loops inside it.
pub(crate) fn outermost_loop(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<LoopAround> {
    let mut found = loop_around(cx, unit, node)?;
    for _ in 0..8 {
        match loop_around(cx, unit, found.at) {
            Some(outer) => found = outer,
            None => break,
        }
    }
    Some(found)
}

/// The innermost loop around a node, through closures that run in place. A loop that the node's own path leaves at once, by
/// a `break` or `return` behind it, is none.
pub(crate) fn loop_around(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<LoopAround> {
    let mut at = node;
    let mut leaves = false;
    loop {
        let Some(parent) = unit.parents[at.0 as usize] else {
            // The root of a function: go on at the call that runs it.
            let function = unit.holder[at.0 as usize];
            let (call_node, call) = caller(unit, function)?;
            match call.runs {
                Runs::Each | Runs::Repeat if leaves => {
                    leaves = false;
                    at = call_node;
                    continue;
                }
                Runs::Each | Runs::Repeat => {
                    return Some(LoopAround {
                        kind: call_loop_kind(cx, unit, call, function),
                        span: unit.module.span(call_node),
                        at: call_node,
                        concurrent: !unit.module.semantics.shares_constants,
                    });
                }
                Runs::Once | Runs::Together => {
                    at = call_node;
                    continue;
                }
                // A block of Ruby mostly runs where it stands.
                Runs::Unknown if call.block == Some(function) => {
                    at = call_node;
                    continue;
                }
                Runs::Unknown | Runs::Later => return None,
            }
        };
        if let Kind::Block(statements) = unit.module.kind(parent) {
            leaves |= statements.iter().skip_while(|statement| **statement != at).skip(1).any(|statement| leaves_loop(unit, *statement));
        } else if matches!(unit.module.kind(parent), Kind::Exit { kind: ExitKind::Return | ExitKind::Break | ExitKind::Throw, .. }) {
            leaves = true;
        }
        if let Kind::Loop { kind, source, condition, body, update, binding } = unit.module.kind(parent)
            && *source != Some(at)
            && *binding != Some(at)
        {
            if std::mem::take(&mut leaves) {
                at = parent;
                continue;
            }
            let form = Form { kind: *kind, source: *source, condition: *condition, body: *body, update: *update };
            return Some(LoopAround { kind: loop_kind(cx, unit, &form), span: unit.module.span(parent), at: parent, concurrent: false });
        }
        at = parent;
    }
}

/// Whether a statement certainly leaves the loop around it.
fn leaves_loop(unit: &Unit, statement: NodeId) -> bool {
    matches!(unit.module.kind(statement), Kind::Exit { kind: ExitKind::Return | ExitKind::Break | ExitKind::Throw, .. })
}

struct Form {
    kind: LoopKind,
    source: Option<NodeId>,
    condition: Option<NodeId>,
    body: NodeId,
    update: Option<NodeId>,
}

fn loop_kind(cx: Cx<'_>, unit: &Unit, form: &Form) -> &'static str {
    let body = mentions(unit, form.body);
    match form.kind {
        LoopKind::Each | LoopKind::EachAwait | LoopKind::Keys => match form.source {
            Some(source) => source_kind(cx, unit, source).unwrap_or(if form.kind == LoopKind::EachAwait { "cursor" } else { "collection" }),
            None => "collection",
        },
        LoopKind::Count => {
            if form.update.is_some_and(|update| steps_by_more(unit, update)) {
                return "chunk";
            }
            if form.condition.is_some_and(|condition| counts_chunks(unit, condition)) {
                return "chunk";
            }
            if let Some(Kind::Binary { right, .. }) = form.condition.map(|condition| unit.module.kind(condition))
                && cx.texts.number(unit, *right).is_some_and(|bound| bound <= 3.0)
            {
                return "fixed";
            }
            if body.sleeps || body.retries {
                return "retry";
            }
            let by_length = form.condition.is_some_and(|condition| mentions(unit, condition).length);
            if by_length {
                "collection"
            } else if body.exits {
                "retry"
            } else {
                "collection"
            }
        }
        LoopKind::While | LoopKind::DoWhile => while_kind(&body, form.condition.map(|condition| mentions(unit, condition))),
    }
}

fn while_kind(body: &Mentions, condition: Option<Mentions>) -> &'static str {
    if body.scans || condition.is_some_and(|condition| condition.scans) {
        "cursor"
    } else if body.blocks {
        "consumer"
    } else {
        "polling"
    }
}

fn call_loop_kind(cx: Cx<'_>, unit: &Unit, call: &Call, function: FunctionId) -> &'static str {
    let name = match &call.target {
        Target::Method { name, .. } | Target::Own(name) => name.as_str(),
        _ => "",
    };
    if matches!(name, "each_slice" | "in_groups_of" | "in_batches" | "find_in_batches" | "each_cons") {
        return "chunk";
    }
    if call.runs == Runs::Repeat {
        if let ("times", Target::Method { receiver, .. }) = (name, &call.target) {
            return if cx.texts.number(unit, *receiver).is_some_and(|count| count <= 3.0) { "fixed" } else { "collection" };
        }
        return while_kind(&mentions(unit, unit.module.function(function).body), None);
    }
    match &call.target {
        Target::Method { receiver, .. } => source_kind(cx, unit, *receiver).unwrap_or("collection"),
        _ => "collection",
    }
}

/// What the thing that is iterated says: a short literal, a row of chunks, a scan.
fn source_kind(cx: Cx<'_>, unit: &Unit, source: NodeId) -> Option<&'static str> {
    let source = through_casts(unit, source);
    if is_short(cx, unit, source) || lists_classes(unit, source) {
        return Some("fixed");
    }
    match unit.module.kind(source) {
        Kind::Call(call) => {
            let name = called_name(unit, call);
            let lower = name.to_ascii_lowercase();
            if lower.contains("chunk") || lower.contains("batch") || lower == "each_slice" {
                Some("chunk")
            } else if lower.contains("scan") {
                Some("cursor")
            } else {
                None
            }
        }
        Kind::Local(binding) => {
            let name = unit.module.binding(*binding).name.to_ascii_lowercase();
            (name.contains("chunk") || name.contains("batches")).then_some("chunk")
        }
        _ => None,
    }
}

/// Whether a list is one of classes, by its name: there are as many as somebody wrote.
fn lists_classes(unit: &Unit, source: NodeId) -> bool {
    let name = match unit.module.kind(source) {
        Kind::Call(call) => called_name(unit, call),
        _ => name_of(unit, source),
    };
    matches!(name.as_str(), "subclasses" | "descendants") || name.ends_with("_classes")
}

/// Whether a list has at most three members, and all of them are written in the source: where it stands, or as a constant.
fn is_short(cx: Cx<'_>, unit: &Unit, source: NodeId) -> bool {
    let short = |unit: &Unit, list: NodeId| match unit.module.kind(list) {
        Kind::Array(members) => members.len() <= 3 && !members.iter().any(|member| matches!(unit.module.kind(*member), Kind::Spread(_))),
        _ => false,
    };
    if short(unit, source) {
        return true;
    }
    // What is pushed to later is no constant.
    if matches!(unit.module.kind(source), Kind::Local(binding) if unit.edited[binding.0 as usize]) {
        return false;
    }
    let Some((file, value)) = cx.texts.definition(unit, source, 0) else { return false };
    let Some(there) = cx.resolution.links.unit(file) else { return false };
    let value = through_casts(there, value);
    let value = match there.module.kind(value) {
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if name == "freeze" && call.args.is_empty() => *receiver,
            _ => value,
        },
        _ => value,
    };
    short(there, value) && !matches!(there.module.kind(value), Kind::Array(members) if members.is_empty())
}

/// What a piece of code mentions, as far as it tells loops apart.
#[derive(Default)]
struct Mentions {
    sleeps: bool,
    scans: bool,
    blocks: bool,
    retries: bool,
    exits: bool,
    length: bool,
}

fn mentions(unit: &Unit, root: NodeId) -> Mentions {
    let mut found = Mentions::default();
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        match unit.module.kind(node) {
            Kind::Call(call) => {
                let name = called_name(unit, call);
                let lower = name.to_ascii_lowercase();
                found.sleeps |= matches!(lower.as_str(), "sleep" | "settimeout" | "delay" | "wait" | "wait_for" | "waitfor")
                    || lower.contains("backoff");
                found.scans |= lower.contains("scan");
                found.blocks |= matches!(
                    lower.as_str(),
                    "blpop" | "brpop" | "blmove" | "brpoplpush" | "bzpopmin" | "bzpopmax" | "xread" | "xreadgroup" | "blocking_call"
                );
            }
            Kind::Local(binding) => {
                let name = unit.module.binding(*binding).name.to_ascii_lowercase();
                found.retries |= name.contains("retr") || name.contains("attempt");
            }
            Kind::Member { name, .. } => found.length |= name == "length" || name == "size",
            Kind::Exit { .. } => found.exits = true,
            _ => {}
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    found
}

/// Whether a loop counts to the number of chunks: `i < numChunks`.
fn counts_chunks(unit: &Unit, condition: NodeId) -> bool {
    let Kind::Binary { right, .. } = unit.module.kind(condition) else { return false };
    let name = name_of(unit, *right).to_ascii_lowercase();
    name.contains("chunks") || name.contains("batches")
}

fn steps_by_more(unit: &Unit, update: NodeId) -> bool {
    match unit.module.kind(update) {
        Kind::Assign { value, .. } => match unit.module.kind(*value) {
            Kind::Literal(Literal::Int(step)) => *step > 1,
            Kind::Binary { op: BinaryOp::Add, right, .. } => !matches!(unit.module.kind(*right), Kind::Literal(Literal::Int(1))),
            _ => true,
        },
        _ => false,
    }
}

/// Whether an expression differs between the turns of a loop: it mentions a name that the loop or its body declares.
pub(crate) fn varies_in(unit: &Unit, node: NodeId, around: &LoopAround) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if let Kind::Local(binding) = unit.module.kind(node) {
            let declared = unit.module.binding(*binding).span;
            if around.span.contains(declared) {
                return true;
            }
        }
        unit.module.each_child(node, &mut |child| stack.push(child));
    }
    false
}

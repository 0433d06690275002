//! Queues of commands: whether they are sent, and whether the errors that stand among their replies are looked at.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Cx, Found};
use crate::client::{QueueErrors, Role};
use crate::operation::{Facts, fact};
use crate::program::{BinaryOp, BindingId, Call, EntryKey, FunctionId, Kind, Literal, LogicOp, NodeId, Runs, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::value::Place;

/// How far values are followed.
const DEPTH: usize = 16;

/// Sets the facts `executed` and `commands` of the queues of a file, and `queue_errors` of what sends them.
pub(crate) fn apply(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    if found.queues.is_empty() && found.reached.iter().all(|(_, queue)| queue.is_none()) {
        return;
    }
    let mut queued: FxHashMap<Place, f64> = FxHashMap::default();
    let mut answered: FxHashSet<Place> = FxHashSet::default();
    for (call, id) in &found.by_call {
        let (operation, Some(place)) = (&found.operations[id.0 as usize], found.reached[id.0 as usize].1) else { continue };
        if !operation.facts.has(fact::DOES_, "transaction") {
            *queued.entry(place).or_default() += 1.0;
        }
        if let Kind::Call(written) = unit.module.kind(*call)
            && written.args.iter().any(|argument| matches!(unit.module.kind(argument.value), Kind::Closure(_)))
        {
            answered.insert(place);
        }
    }
    for (call, id) in &found.by_call {
        let Some(place) = found.reached[id.0 as usize].1 else { continue };
        let operation = &mut found.operations[id.0 as usize];
        let Some(library) = cx.catalog.named(&operation.library).filter(|_| operation.command == "EXEC") else { continue };
        let versions = cx.project.allowed(unit.file, library).versions;
        let transaction = operation.facts.word(fact::ROLE) == Some("transaction");
        let Some(errors) = cx.catalog.library(library).run_errors(&operation.method, transaction, versions) else { continue };
        // A callback, of the queue or of a command, gets the errors.
        let called_back = answered.contains(&place) || matches!(unit.module.kind(*call), Kind::Call(written) if !written.args.is_empty());
        operation.versions_differ |= !errors.agree;
        if errors.newest == QueueErrors::InReply && !called_back {
            errors_read(unit, *call, &mut operation.facts);
        }
    }
    let opened: Vec<(usize, NodeId)> = found
        .by_call
        .keys()
        .filter_map(|call| Some((found.queue_places.iter().position(|place| *place == unit.place(*call))?, *call)))
        .collect();
    for (at, call) in opened {
        if matches!(unit.module.kind(call), Kind::Call(written) if written.block.is_some() || !written.args.is_empty()) {
            continue;
        }
        let mut way = Way { cx, unit, sent: false, lost: false, seen: FxHashSet::default() };
        way.follow(call, 0);
        let facts = &mut found.queues[at].facts;
        if !way.lost {
            facts.set_word(fact::EXECUTED, if way.sent { "sometimes" } else { "never" });
            facts.set_number(fact::COMMANDS, queued.get(&found.queue_places[at]).copied().unwrap_or_default());
        }
    }
}

/// The way of a queue through the function that opens it.
struct Way<'a> {
    cx: Cx<'a>,
    unit: &'a Unit,
    /// Whether something sends it, or drops it on purpose.
    sent: bool,
    /// Whether it goes where it cannot be seen any more.
    lost: bool,
    /// Variables that were followed: `queue = queue.set(…)` makes one of itself.
    seen: FxHashSet<BindingId>,
}

impl Way<'_> {
    fn follow(&mut self, node: NodeId, depth: usize) {
        let unit = self.unit;
        let Some(parent) = unit.parents[node.0 as usize].filter(|_| depth < 4 * DEPTH) else {
            let function = unit.module.function(unit.holder[node.0 as usize]);
            self.lost |= depth >= 4 * DEPTH || function.body != node || function.returns_body;
            return;
        };
        match unit.module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } => self.follow(parent, depth + 1),
            Kind::Block(statements) => {
                let function = unit.module.function(unit.holder[parent.0 as usize]);
                self.lost |= statements.last() == Some(&node) && function.body == parent && function.returns_body;
            }
            Kind::Branch { condition, .. } if *condition == node => {}
            Kind::Branch { .. } | Kind::Logic { .. } => self.follow(parent, depth + 1),
            Kind::Loop { body, .. } if *body == node => {}
            Kind::Assign { target, value, .. } if *value == node => match unit.module.kind(*target) {
                Kind::Local(binding) if unit.module.binding(*binding).function == unit.holder[node.0 as usize] => {
                    if !self.seen.insert(*binding) {
                        return;
                    }
                    for mention in &unit.mentions[binding.0 as usize] {
                        if mention != target && !is_assigned(unit, *mention) {
                            self.follow(*mention, depth + 1);
                        }
                    }
                }
                _ => self.lost = true,
            },
            Kind::Call(call) => match &call.target {
                Target::Method { receiver, name } if *receiver == node => self.called(parent, call, name, depth),
                _ => self.lost = true,
            },
            // `queue.exec`, handed on; `queue.length`.
            Kind::Member { name, .. } => self.lost |= name != "length",
            _ => self.lost = true,
        }
    }

    fn called(&mut self, node: NodeId, call: &Call, name: &str, depth: usize) {
        let values = self.cx.texts.values(
            self.unit,
            match &call.target {
                Target::Method { receiver, .. } => *receiver,
                _ => node,
            },
        );
        let Some(queue) = values.queues().first().copied() else {
            self.lost = true;
            return;
        };
        let table = self.cx.catalog.library(queue.client.library);
        if table.sends_queue(name) || table.drops_queue(name) {
            self.sent = true;
        } else if table.spell(name, if queue.transaction { Role::Transaction } else { Role::Pipeline }, table.all_versions()).is_some() {
            self.follow(node, depth + 1);
        } else {
            // Something else may send it, such as a command that the project defined.
            self.lost = true;
        }
    }
}

fn is_assigned(unit: &Unit, node: NodeId) -> bool {
    unit.parents[node.0 as usize].is_some_and(|parent| matches!(unit.module.kind(parent), Kind::Assign { target, .. } if *target == node))
}

/// Sets the fact `queue_errors` for a call that answers with pairs of an error and a value.
fn errors_read(unit: &Unit, call: NodeId, facts: &mut Facts) {
    let mut reading = Reading { unit, values: false, errors: false, unclear: false, tested: false, seen: FxHashSet::default() };
    reading.replies(call, 0);
    let word = match reading {
        Reading { unclear: true, .. } => return,
        Reading { errors: true, .. } => "read",
        Reading { values: true, .. } => "skipped",
        Reading { tested: true, .. } => return,
        _ => "ignored",
    };
    facts.set_word(fact::QUEUE_ERRORS, word);
}

/// What is read of the replies of a queue, each a pair of an error and a value.
struct Reading<'a> {
    unit: &'a Unit,
    /// A value.
    values: bool,
    /// An error.
    errors: bool,
    /// Anything else may be.
    unclear: bool,
    /// Whether there is an answer at all.
    tested: bool,
    /// Variables that were followed, as a list of pairs or as one of them.
    seen: FxHashSet<(BindingId, bool)>,
}

impl Reading<'_> {
    /// Follows the list of all pairs.
    fn replies(&mut self, node: NodeId, depth: usize) {
        self.through(node, depth, true);
    }

    /// Follows one pair.
    fn pair(&mut self, node: NodeId, depth: usize) {
        self.through(node, depth, false);
    }

    fn through(&mut self, node: NodeId, depth: usize, list: bool) {
        let unit = self.unit;
        let Some(parent) = unit.parents[node.0 as usize].filter(|_| depth < DEPTH) else {
            let function = unit.module.function(unit.holder[node.0 as usize]);
            self.unclear |= depth >= DEPTH || function.body != node || function.returns_body;
            return;
        };
        let module = &unit.module;
        match module.kind(parent) {
            Kind::Await(_) | Kind::Cast { .. } => self.through(parent, depth + 1, list),
            Kind::Block(statements) => {
                let function = module.function(unit.holder[parent.0 as usize]);
                self.unclear |= statements.last() == Some(&node) && function.body == parent && function.returns_body;
            }
            Kind::Try { .. } => {}
            Kind::Branch { condition, .. } if *condition == node => self.tested = true,
            Kind::Unary { op: UnaryOp::Not, .. } => self.tested = true,
            Kind::Unary { op: UnaryOp::Void, .. } => {}
            Kind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, left, right }
                if [left, right].iter().any(|side| matches!(module.kind(**side), Kind::Literal(Literal::Nil))) =>
            {
                self.tested = true;
            }
            Kind::Logic { op: LogicOp::And, left, .. } if *left == node => self.tested = true,
            Kind::Logic { .. } => self.through(parent, depth + 1, list),
            Kind::Assign { target, value, .. } if *value == node => self.target(*target, depth, list),
            Kind::Index { object, index, .. } if *object == node => match module.kind(*index) {
                _ if list => self.pair(parent, depth + 1),
                Kind::Literal(Literal::Int(0)) => self.errors = true,
                Kind::Literal(Literal::Int(1)) if is_asked_its_type(unit, parent) => self.errors = true,
                Kind::Literal(Literal::Int(1)) => self.values = true,
                _ => self.unclear = true,
            },
            Kind::Member { object, name, .. } if *object == node && name == "length" => self.tested = true,
            Kind::Loop { source: Some(source), binding: Some(binding), .. } if *source == node && list => {
                self.target(*binding, depth, false)
            }
            Kind::Call(call) => match &call.target {
                Target::Method { receiver, name } if *receiver == node => match name.as_str() {
                    "catch" | "finally" => self.through(parent, depth + 1, list),
                    "at" if list => self.pair(parent, depth + 1),
                    _ if list && call.runs == Runs::Each && name != "reduce" => self.each(call, depth),
                    _ => self.unclear = true,
                },
                _ => self.unclear = true,
            },
            _ => self.unclear = true,
        }
    }

    /// Follows a list, or a pair, into a variable or a pattern.
    fn target(&mut self, target: NodeId, depth: usize, list: bool) {
        let unit = self.unit;
        match unit.module.kind(target) {
            Kind::Assign { target, .. } => self.target(*target, depth + 1, list),
            Kind::Local(binding) if self.seen.insert((*binding, list)) => {
                for mention in &unit.mentions[binding.0 as usize] {
                    if *mention != target && !is_assigned(unit, *mention) {
                        self.through(*mention, depth + 1, list);
                    }
                }
            }
            Kind::Pattern(entries) => {
                for entry in entries {
                    match &entry.key {
                        EntryKey::Spread => self.unclear = true,
                        _ if list => self.target(entry.target, depth + 1, false),
                        EntryKey::Name(name) if name == "0" => self.errors |= is_read(unit, entry.target),
                        EntryKey::Name(name) if name == "1" => self.values = true,
                        _ => self.unclear = true,
                    }
                }
            }
            Kind::Local(_) => {}
            _ => self.unclear = true,
        }
    }

    /// Follows the members of a list into the function that gets each.
    fn each(&mut self, call: &Call, depth: usize) {
        let closure = call.args.first().and_then(|argument| match self.unit.module.kind(argument.value) {
            Kind::Closure(function) => Some(*function),
            _ => None,
        });
        match closure.and_then(|function| first_parameter(self.unit, function)) {
            Some(target) => self.target(target, depth + 1, false),
            None => self.unclear = true,
        }
    }
}

/// Whether a value's type is asked for, which tells an error from a value as well: `typeof results[0][1] === 'number'`.
fn is_asked_its_type(unit: &Unit, node: NodeId) -> bool {
    unit.parents[node.0 as usize].is_some_and(|parent| matches!(unit.module.kind(parent), Kind::Unary { op: UnaryOp::TypeOf, .. }))
}

fn first_parameter(unit: &Unit, function: FunctionId) -> Option<NodeId> {
    unit.module.function(function).params.first().map(|param| param.target)
}

/// Whether a variable that a pattern declares is used.
fn is_read(unit: &Unit, target: NodeId) -> bool {
    match unit.module.kind(target) {
        Kind::Local(binding) => unit.mentions[binding.0 as usize].len() > 1,
        _ => true,
    }
}

//! What becomes of replies: their uses, and the values made of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::promises::callback;
use crate::operation::{Derivation, OperationId};
use crate::program::{AssignOp, BinaryOp, BindingId, BindingKind, ExitKind, Kind, Literal, LogicOp, NodeId, Runs, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::{called_name, name_of};

/// The operations of a file by their call nodes.
pub(crate) type ByCall = FxHashMap<NodeId, OperationId>;

const DEPTH: usize = 12;

/// Which replies an expression is made of, and how.
pub(crate) fn derive(unit: &Unit, by_call: &ByCall, node: NodeId) -> Vec<Derivation> {
    let mut walk = Walk { unit, by_call, found: Vec::new(), seen: Vec::new() };
    walk.walk(node, "same", 0);
    let mut found = walk.found;
    found.sort_by_key(|derivation: &Derivation| (derivation.operation, derivation.change));
    found.dedup();
    found
}

struct Walk<'a> {
    unit: &'a Unit,
    by_call: &'a ByCall,
    found: Vec<Derivation>,
    seen: Vec<(BindingId, &'static str)>,
}

impl Walk<'_> {
    fn walk(&mut self, node: NodeId, change: &'static str, depth: usize) {
        let (unit, by_call) = (self.unit, self.by_call);
        if depth > DEPTH {
            return;
        }
        if let Some(operation) = by_call.get(&node) {
            self.found.push(Derivation { operation: *operation, change });
            return;
        }
        // The outermost change is what happened to the reply; a conversion of its type is none.
        let then = |next: &'static str| if change == "same" { next } else { change };
        match unit.module.kind(node) {
            Kind::Await(value) | Kind::Cast { value, .. } => self.walk(*value, change, depth + 1),
            Kind::Local(binding) => {
                // Variables may be made of one another, in loops of any length.
                if self.seen.contains(&(*binding, change)) {
                    return;
                }
                self.seen.push((*binding, change));
                // `const [first] = await redis.lrange(…)`.
                if let Some(value) = destructured(unit, *binding) {
                    self.walk(value, then("replaced"), depth + 1);
                }
                for value in &unit.assigned[binding.0 as usize] {
                    // A variable that is changed after it was read holds an edited reply.
                    let change = if unit.edited[binding.0 as usize] { then("edit") } else { change };
                    self.walk(*value, change, depth + 1);
                }
            }
            Kind::Logic { left, right, .. } => {
                self.walk(*left, change, depth + 1);
                self.walk(*right, change, depth + 1);
            }
            Kind::Branch { then: one, otherwise, .. } => {
                self.walk(*one, change, depth + 1);
                otherwise.iter().for_each(|other| self.walk(*other, change, depth + 1));
            }
            Kind::Binary { op: BinaryOp::Add | BinaryOp::Subtract, left, right } => {
                let number = is_number(unit, *left) || is_number(unit, *right);
                let next = then(if number { "increment" } else { "append" });
                self.walk(*left, next, depth + 1);
                self.walk(*right, next, depth + 1);
            }
            Kind::Binary { left, right, .. } => {
                self.walk(*left, then("edit"), depth + 1);
                self.walk(*right, then("edit"), depth + 1);
            }
            Kind::Template(_) => unit.module.each_child(node, &mut |child| self.walk(child, then("append"), depth + 1)),
            Kind::Object(_) | Kind::Array(_) | Kind::Spread(_) => {
                unit.module.each_child(node, &mut |child| self.walk(child, then("edit"), depth + 1))
            }
            Kind::Call(call) => {
                let name = called_name(unit, call);
                // Conversions keep what the reply says.
                let keeps = matches!(
                    name.as_str(),
                    "parse"
                        | "stringify"
                        | "to_json"
                        | "generate"
                        | "dump"
                        | "load"
                        | "to_i"
                        | "to_f"
                        | "to_s"
                        | "toString"
                        | "Number"
                        | "parseInt"
                        | "parseFloat"
                        | "String"
                        | "Integer"
                        | "Float"
                        | "then"
                        | "presence"
                );
                let next = if keeps { change } else { then("replaced") };
                if let Target::Method { receiver, .. } = &call.target {
                    let next =
                        if keeps || !matches!(name.as_str(), "merge" | "push" | "concat" | "map" | "filter" | "+" | "reject" | "select") {
                            next
                        } else {
                            then("edit")
                        };
                    self.walk(*receiver, next, depth + 1);
                }
                if keeps {
                    call.args.iter().for_each(|argument| self.walk(argument.value, change, depth + 1));
                }
            }
            Kind::Member { object, .. } | Kind::Index { object, .. } => self.walk(*object, then("replaced"), depth + 1),
            Kind::Assign { value, .. } => self.walk(*value, change, depth + 1),
            Kind::Block(statements) => statements.last().into_iter().for_each(|last| self.walk(*last, change, depth + 1)),
            _ => {}
        }
    }
}

/// What a variable is taken out of, where a pattern declares it.
fn destructured(unit: &Unit, binding: BindingId) -> Option<NodeId> {
    if !unit.assigned[binding.0 as usize].is_empty() {
        return None;
    }
    unit.mentions[binding.0 as usize].iter().find_map(|mention| {
        let mut target = *mention;
        for _ in 0..DEPTH {
            let parent = unit.parents[target.0 as usize]?;
            match unit.module.kind(parent) {
                Kind::Pattern(_) => target = parent,
                Kind::Assign { target: whole, value, .. } if *whole == target && target != *mention => return Some(*value),
                _ => return None,
            }
        }
        None
    })
}

fn is_number(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(node) {
        Kind::Literal(Literal::Int(_) | Literal::Float(_)) => true,
        Kind::Call(call) => match &call.target {
            Target::Method { name, .. } | Target::Own(name) => matches!(name.as_str(), "to_i" | "to_f" | "Integer" | "Float"),
            Target::Function(callee) => {
                matches!(unit.module.kind(*callee), Kind::Free(name) if matches!(name.as_str(), "Number" | "parseInt" | "parseFloat"))
            }
            Target::Super => false,
        },
        _ => false,
    }
}

/// The words of the fact `reply_use` for a call.
pub(crate) fn uses(unit: &Unit, node: NodeId) -> Vec<&'static str> {
    let all = all_uses(unit, node);
    let symbols = |uses: &[Use]| uses.iter().any(|used| used.how == "symbol-index" && used.certain);
    let parsed = || all.iter().filter(|used| used.how == "parsed" && used.certain).filter_map(|used| parsed_to_text_keys(unit, used.node));
    let by_symbol = symbols(&all) || parsed().any(|parsed| symbols(&all_uses(unit, parsed)));
    let mut words: Vec<&'static str> = all.iter().map(|used| used.how).filter(|how| *how != "symbol-index").collect();
    words.extend(by_symbol.then_some("symbol-index"));
    in_order(words)
}

/// The words of the fact `reply_use` for a queued call: what a variable is used for that is given something else later, such
/// as the value of the future it held, is no use of the queued reply.
pub(crate) fn queued_uses(unit: &Unit, node: NodeId) -> Vec<&'static str> {
    let is_nil = |value: &&NodeId| matches!(unit.module.kind(**value), Kind::Literal(Literal::Nil));
    let is_one = |binding: BindingId| unit.assigned[binding.0 as usize].iter().filter(|value| !is_nil(value)).count() <= 1;
    let holds = |used: &Use| !matches!(unit.module.kind(used.node), Kind::Local(binding) if !is_one(*binding));
    in_order(all_uses(unit, node).into_iter().filter(holds).map(|used| used.how).collect())
}

fn in_order(mut words: Vec<&'static str>) -> Vec<&'static str> {
    words.sort_unstable();
    words.dedup();
    words
}

/// The call that parses a value as JSON whose keys stay text.
fn parsed_to_text_keys(unit: &Unit, node: NodeId) -> Option<NodeId> {
    let parent = unit.parents[node.0 as usize]?;
    let Kind::Call(call) = unit.module.kind(parent) else { return None };
    let plain = call.args.len() == 1 && matches!(&call.target, Target::Method { name, .. } if name == "parse" || name == "parse!");
    plain.then_some(parent)
}

/// One use of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    /// The word of the fact `reply_use`.
    pub how: &'static str,
    /// The expression that is used: the call, or a variable that holds what it answered.
    pub node: NodeId,
    /// Whether the value is that of the call and no other: no variable on the way is assigned twice, no default stands for it.
    pub certain: bool,
}

/// All uses of the value of a call, through the variables that hold it.
pub(crate) fn all_uses(unit: &Unit, node: NodeId) -> Vec<Use> {
    let mut found = Uses { all: Vec::new(), node, certain: true, seen: FxHashSet::default() };
    let callback = match unit.module.kind(node) {
        Kind::Call(call) => callback(unit, call),
        _ => None,
    };
    match callback {
        Some(callback) => follow_into(unit, callback, &mut found),
        None => follow(unit, node, &mut found, 0),
    }
    found.all
}

/// Follows a reply into the function that gets it behind the error: `(error, reply) => …`.
fn follow_into(unit: &Unit, callback: NodeId, found: &mut Uses) {
    let Kind::Closure(function) = unit.module.kind(callback) else { return found.push("passed-on") };
    match unit.module.function(*function).params.get(1).map(|param| param.target) {
        Some(reply) => {
            follow_target(unit, reply, found, 0);
            // A parameter alone is no use.
            found.all.retain(|used| used.how != "stored");
            if found.all.is_empty() {
                found.push("ignored");
            }
        }
        None => found.push("ignored"),
    }
}

/// Collects uses; `node` is the expression that is being followed.
struct Uses {
    all: Vec<Use>,
    node: NodeId,
    certain: bool,
    /// What was followed, with how certain it was: variables may be made of themselves.
    seen: FxHashSet<(NodeId, bool)>,
}

impl Uses {
    fn push(&mut self, how: &'static str) {
        self.all.push(Use { how, node: self.node, certain: self.certain });
    }

    fn extend(&mut self, words: impl IntoIterator<Item = &'static str>) {
        words.into_iter().for_each(|how| self.push(how));
    }
}

/// Follows a value to what uses it.
fn follow(unit: &Unit, node: NodeId, found: &mut Uses, depth: usize) {
    found.node = node;
    if !found.seen.insert((node, found.certain)) {
        return;
    }
    if depth > DEPTH {
        found.push("passed-on");
        return;
    }
    let module = &unit.module;
    let Some(parent) = unit.parents[node.0 as usize] else {
        let function = module.function(unit.holder[node.0 as usize]);
        let is_body = function.body == node;
        found.push(if is_body && function.returns_body {
            "returned"
        } else if is_body {
            "ignored"
        } else {
            "passed-on"
        });
        return;
    };
    match module.kind(parent) {
        Kind::Await(_) | Kind::Cast { .. } => follow(unit, parent, found, depth + 1),
        Kind::Block(statements) => {
            if statements.last() == Some(&node) {
                follow_block(unit, parent, found, depth);
            } else {
                found.push("ignored");
            }
        }
        Kind::Branch { condition, .. } if *condition == node => found.push("truthiness"),
        Kind::Branch { .. } => follow(unit, parent, found, depth + 1),
        Kind::Switch { subject, .. } if *subject == Some(node) => found.push("equals"),
        Kind::Switch { .. } => follow(unit, parent, found, depth + 1),
        Kind::Loop { source, .. } if *source == Some(node) => found.push("iterated"),
        Kind::Loop { condition, .. } if *condition == Some(node) => found.push("truthiness"),
        Kind::Loop { .. } => found.push("ignored"),
        Kind::Try { cleanup, .. } if *cleanup == Some(node) => found.push("ignored"),
        Kind::Try { .. } => follow(unit, parent, found, depth + 1),
        Kind::Unary { op: UnaryOp::Not, .. } => found.push("truthiness"),
        Kind::Unary { op: UnaryOp::Void, .. } => found.push("ignored"),
        Kind::Unary { op: UnaryOp::TypeOf, .. } => found.push("type-test"),
        Kind::Unary { .. } => found.push("arithmetic"),
        Kind::Logic { op, left, right } => {
            if *left == node {
                // `redis.scard(key) || 0` in Ruby stands for nil alone.
                let default = module.semantics.shares_constants && *op == LogicOp::Or && matches!(module.kind(*right), Kind::Literal(_));
                found.push(if *op == LogicOp::OrNil || default { "nil-test" } else { "truthiness" });
            }
            let statement = unit.parents[parent.0 as usize]
                .is_some_and(|above| matches!(module.kind(above), Kind::Block(statements) if statements.last() != Some(&parent)));
            if (*right == node || *op != LogicOp::And) && !statement {
                let certain = found.certain;
                found.certain &= *right == node;
                follow(unit, parent, found, depth + 1);
                found.certain = certain;
            } else if *right == node {
                found.push("ignored");
            }
        }
        Kind::Binary { op, left, right } => {
            let other = if *left == node { *right } else { *left };
            found.push(match op {
                BinaryOp::Equal | BinaryOp::NotEqual if matches!(module.kind(other), Kind::Literal(Literal::Nil)) => "nil-test",
                BinaryOp::Equal | BinaryOp::NotEqual => "equals",
                BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => "ordered",
                BinaryOp::Other => "passed-on",
                _ => "arithmetic",
            });
        }
        Kind::Assign { target, value, .. } if *value == node => follow_target(unit, *target, found, depth),
        Kind::Call(call) => {
            if let Target::Method { receiver, name } = &call.target
                && *receiver == node
            {
                follow_method(unit, parent, name, call.runs, found, depth);
                return;
            }
            if matches!(call.target, Target::Function(callee) if callee == node) {
                found.push("passed-on");
                return;
            }
            let name = called_name(unit, call);
            found.push(match name.as_str() {
                "parse" | "load" | "parse!" if parses_text(unit, call) => "parsed",
                "Number" | "parseInt" | "parseFloat" | "Integer" | "Float" => "number-cast",
                "Boolean" => "truthiness",
                _ => "passed-on",
            });
            if makes_objects(unit, call, &name) {
                found.push("deserialized");
            }
        }
        Kind::Index { object, index, .. } if *object == node => {
            found.push("member-access");
            let is_set = unit.parents[parent.0 as usize]
                .is_some_and(|above| matches!(module.kind(above), Kind::Assign { target, op: AssignOp::Plain, .. } if *target == parent));
            if matches!(module.kind(*index), Kind::Literal(Literal::Symbol(_))) && !is_set {
                found.push("symbol-index");
            }
        }
        Kind::Member { .. } => found.push("member-access"),
        Kind::Exit { kind: ExitKind::Return, .. } => found.push("returned"),
        _ => found.push("passed-on"),
    }
}

/// Whether what a method is called on parses text: a schema's `parse` only checks what is there.
fn parses_text(unit: &Unit, call: &crate::program::Call) -> bool {
    const PARSERS: &[&str] = &["JSON", "JSON5", "superjson", "SuperJSON", "devalue", "YAML", "Psych", "Marshal", "Oj", "MultiJson"];
    match &call.target {
        Target::Method { receiver, .. } => PARSERS.contains(&name_of(unit, *receiver).as_str()),
        // A function of the file that is called so may do anything.
        Target::Function(callee) => {
            !matches!(unit.module.kind(*callee), Kind::Local(binding) if matches!(unit.module.binding(*binding).kind, BindingKind::Function(_)))
        }
        Target::Own(_) => true,
        Target::Super => false,
    }
}

/// Whether a call makes objects or code of any kind out of what it is given: `Marshal.load`, `eval`, `new Function`.
fn makes_objects(unit: &Unit, call: &crate::program::Call, name: &str) -> bool {
    match &call.target {
        Target::Method { receiver, .. } => match super::outcomes::parser(unit, *receiver) {
            "Marshal" => name == "load",
            "YAML" | "Psych" => name == "unsafe_load",
            "Oj" => name == "object_load",
            _ => false,
        },
        Target::Function(callee) => matches!(unit.module.kind(*callee), Kind::Free(name) if name == "eval" || name == "Function"),
        Target::Own(name) => matches!(name.as_str(), "eval" | "instance_eval" | "class_eval"),
        Target::Super => false,
    }
}

fn follow_block(unit: &Unit, block: NodeId, found: &mut Uses, depth: usize) {
    let function = unit.module.function(unit.holder[block.0 as usize]);
    if function.body == block {
        found.push(if function.returns_body { "returned" } else { "ignored" });
        return;
    }
    // A block of statements has a value in Ruby alone.
    if unit.module.semantics.shares_constants { follow(unit, block, found, depth + 1) } else { found.push("ignored") }
}

fn follow_target(unit: &Unit, target: NodeId, found: &mut Uses, depth: usize) {
    match unit.module.kind(target) {
        Kind::Local(binding) => {
            found.push("stored");
            let certain = found.certain;
            found.certain &= unit.assigned[binding.0 as usize].len() == 1;
            for id in &unit.mentions[binding.0 as usize] {
                if *id == target {
                    continue;
                }
                let parent = unit.parents[id.0 as usize];
                let assigned = parent.is_some_and(|parent| matches!(unit.module.kind(parent), Kind::Assign { target, .. } if target == id));
                if !assigned {
                    follow(unit, *id, found, depth + 2);
                }
            }
            found.certain = certain;
        }
        Kind::Pattern(_) => found.extend(["stored", "member-access"]),
        _ => found.push("stored"),
    }
}

fn follow_method(unit: &Unit, call: NodeId, name: &str, runs: Runs, found: &mut Uses, depth: usize) {
    match name {
        "nil?" | "blank?" | "present?" => found.push("nil-test"),
        "presence" => {
            found.push("emptiness-test");
            follow(unit, call, found, depth + 1);
        }
        "then" | "catch" | "finally" | "compact" => follow(unit, call, found, depth + 1),
        "empty?" | "any?" | "none?" | "zero?" | "positive?" => found.push("emptiness-test"),
        "to_i" | "to_f" => {
            found.push("number-cast");
            // `reply&.to_i || 10` has a default for what is missing.
            if matches!(unit.module.kind(call), Kind::Call(call) if call.optional) {
                found.push("nil-test");
            }
        }
        "!" => found.push("truthiness"),
        // What a `Redis::Future` holds when its queue has run.
        "to_s" | "to_sym" | "value" => found.push("passed-on"),
        _ if runs == Runs::Each => found.push("iterated"),
        _ => found.push("member-access"),
    }
}

//! What a client answers, whether tests of the answer can come out both ways, and what happens where there is none.

use smol_str::SmolStr;

use super::Cx;
use super::arguments::through_casts;
use super::replies::{ByCall, Use, all_uses};
use super::sent::Sent;
use crate::client::{MethodShape, Versions};
use crate::command::{Command, Reply};
use crate::operation::{Facts, Operation, OperationId, Value, fact};
use crate::program::{BinaryOp, Call, Kind, Literal, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::text::name_of;
use crate::resolve::value::ClientValue;

/// Commands that answer with a list when they are given a count, and with one member when they are not.
const COUNTED: &[&str] = &["LPOP", "RPOP", "SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER"];

/// Sets the facts `reply` and `reply_missing`, as this client answers.
pub(crate) fn answer_facts(cx: Cx<'_>, client: &ClientValue, entry: &Command, sent: &Sent, versions: Versions, operation: &mut Operation) {
    let conditions: Vec<SmolStr> = match operation.facts.get(fact::CONDITION) {
        Some(Value::Words(words)) => words.iter().map(|word| SmolStr::new_static(word)).collect(),
        _ => Vec::new(),
    };
    let table = cx.catalog.library(client.library);
    let answer = table.answer(&entry.name, &conditions, (entry.reply, entry.reply_missing), versions);
    let (reply, missing) = answer.newest;
    let counted = COUNTED.contains(&entry.name.as_str()) && operation.facts.get(fact::ARGUMENTS) != Some(&Value::Number(1.0));
    operation.facts.unset(fact::REPLY_MISSING);
    operation.facts.unset(fact::REPLY);
    match sent.shape {
        _ if sent.promised => {}
        Some(MethodShape::Boolean) => operation.facts.set_word(fact::REPLY, Reply::Boolean.word()),
        // A hash of all that was asked for, or a queue of commands.
        Some(_) => {}
        None if counted || entry.name == "SET" && operation.facts.get(fact::CONDITION).is_none() => {}
        None => {
            operation.versions_differ |= !answer.agree;
            operation.facts.set_word(fact::REPLY, reply.word());
            // Of several keys or fields it is the members that are missing, and not the list.
            let of_members = reply == Reply::Array && entry.slots.last().is_some_and(|slot| slot.repeats);
            if let Some(missing) = missing.filter(|_| !of_members) {
                operation.facts.set_word(fact::REPLY_MISSING, missing.word());
            }
        }
    }
}

/// Sets the facts `reply_test` and `nil_fails` from all uses of the reply of a call.
pub(crate) fn use_facts(cx: Cx<'_>, unit: &Unit, call: NodeId, facts: &mut Facts) {
    if !matches!(facts.word(fact::TRIP), Some("alone" | "concurrent")) {
        return;
    }
    let uses = all_uses(unit, call);
    let empty_asked = uses.iter().any(|used| asks_whether_empty(unit, used));
    // Who compares with several answers has several versions in mind.
    let compared = uses.iter().filter(|used| used.how == "equals").count();
    let tests: Vec<&'static str> = uses
        .iter()
        .filter(|used| compared < 2 || used.how != "equals")
        .filter(|used| used.certain && !(empty_asked && used.how != "equals") && !beside_contents(unit, used, &uses))
        .filter_map(|used| outcome(cx, unit, used, facts))
        .collect();
    if let Some(word) = ["always-true", "always-false", "meaningful"].into_iter().find(|word| tests.contains(word)) {
        facts.set_word(fact::REPLY_TEST, word);
    }
    if facts.word(fact::REPLY_MISSING) == Some("nil") {
        facts.set_bool(fact::NIL_FAILS, nil_fails(cx, unit, &uses, 0));
    }
}

/// A key that the same function asked for or wrote before is not missing as far as its author knows.
pub(crate) fn known_before(unit: &Unit, by_call: &ByCall, operations: &mut [Operation]) {
    let mut calls: Vec<(NodeId, OperationId)> = by_call.iter().map(|(call, operation)| (*call, *operation)).collect();
    calls.sort_unstable_by_key(|(_, operation)| *operation);
    let home = |call: NodeId| unit.module_method(unit.holder[call.0 as usize]);
    let key = |operation: &Operation| Some(operation.keys.first()?.identity.as_ref()?.canonical.clone());
    for (at, (call, id)) in calls.iter().enumerate() {
        let operation = &operations[id.0 as usize];
        if operation.facts.get(fact::NIL_FAILS) != Some(&Value::Bool(true)) {
            continue;
        }
        let known = calls[..at].iter().any(|(other, before)| {
            let before = &operations[before.0 as usize];
            home(*other) == home(*call)
                && before.site.name.start < operation.site.name.start
                && key(operation).is_some()
                && key(before) == key(operation)
        });
        if known {
            operations[id.0 as usize].facts.set_bool(fact::NIL_FAILS, false);
        }
    }
}

/// Whether a use asks whether a collection is empty.
pub(crate) fn asks_whether_empty(unit: &Unit, used: &Use) -> bool {
    if used.how == "emptiness-test" {
        return true;
    }
    let Some(parent) = unit.parents[used.node.0 as usize] else { return false };
    match unit.module.kind(parent) {
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if *receiver == used.node => {
                matches!(name.as_str(), "blank?" | "present?" | "size" | "length" | "count" | "keys" | "values")
            }
            Target::Method { receiver, name } => parser(unit, *receiver) == "Object" || asks_for_size(name),
            Target::Function(callee) => asks_for_size(&name_of(unit, *callee)),
            Target::Own(name) => asks_for_size(name),
            Target::Super => false,
        },
        Kind::Member { name, .. } => name == "length",
        _ => false,
    }
}

/// Whether a function is one that asks for the size of what it is given, by its name: `isEmpty(h)`, `size(h)`.
fn asks_for_size(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("empty") || name.contains("blank") || matches!(name.as_str(), "size" | "keys")
}

/// Whether the condition that a test stands in, or the alternative it chooses, also says something of the contents: a field that
/// is tested, an empty default, zero, false.
fn beside_contents(unit: &Unit, used: &Use, uses: &[Use]) -> bool {
    let mut condition = used.node;
    while let Some(parent) = unit.parents[condition.0 as usize] {
        match unit.module.kind(parent) {
            Kind::Logic { left, right, .. } => {
                if *left == condition && is_default(unit, *right) {
                    return true;
                }
            }
            Kind::Unary { .. } | Kind::Binary { .. } | Kind::Await(_) | Kind::Cast { .. } => {}
            _ => break,
        }
        condition = parent;
    }
    let within = unit.module.span(condition);
    uses.iter().any(|other| other.how == "member-access" && within.contains(unit.module.span(other.node)))
}

fn is_default(unit: &Unit, node: NodeId) -> bool {
    match unit.module.kind(node) {
        Kind::Object(entries) => entries.is_empty(),
        Kind::Array(members) => members.is_empty(),
        Kind::Literal(Literal::Int(0) | Literal::Bool(false)) => true,
        Kind::Cast { value, .. } => is_default(unit, *value),
        _ => false,
    }
}

fn is_test(how: &str) -> bool {
    matches!(how, "truthiness" | "nil-test" | "emptiness-test" | "type-test" | "equals" | "ordered")
}

/// How a test of a reply can come out, in the words of the fact `reply_test`.
fn outcome(cx: Cx<'_>, unit: &Unit, used: &Use, facts: &Facts) -> Option<&'static str> {
    let reply = facts.word(fact::REPLY)?;
    let missing = facts.word(fact::REPLY_MISSING);
    let semantics = &unit.module.semantics;
    let conditional = matches!(facts.get(fact::CONDITION), Some(Value::Words(words)) if words.as_slice() != ["none"]);
    match used.how {
        "truthiness" => match (reply, missing) {
            ("boolean", _) | (_, Some("nil")) => Some("meaningful"),
            ("integer", Some("negative")) => Some("always-true"),
            ("integer", _) => Some(if semantics.zero_is_falsy { "meaningful" } else { "always-true" }),
            ("map" | "array", Some("empty-map" | "empty-array")) => Some("always-true"),
            _ => None,
        },
        "nil-test" => {
            if asks_for_blank(unit, used) {
                return None;
            }
            match (reply, missing) {
                (_, Some("nil")) => Some("meaningful"),
                ("integer" | "boolean", _) if conditional => None,
                ("integer" | "boolean", _) | ("map" | "array", Some("empty-map" | "empty-array")) => Some("always-false"),
                _ => None,
            }
        }
        "equals" => equality(cx, unit, used, reply, missing),
        _ => None,
    }
}

/// Whether a test for nil is one for emptiness, too: `blank?`.
fn asks_for_blank(unit: &Unit, used: &Use) -> bool {
    let parent = unit.parents[used.node.0 as usize];
    parent.is_some_and(|parent| match unit.module.kind(parent) {
        Kind::Call(call) => matches!(&call.target, Target::Method { name, .. } if name != "nil?"),
        _ => false,
    })
}

/// How a comparison with a literal can come out.
fn equality(cx: Cx<'_>, unit: &Unit, used: &Use, reply: &str, missing: Option<&str>) -> Option<&'static str> {
    let parent = unit.parents[used.node.0 as usize]?;
    let Kind::Binary { op: op @ (BinaryOp::Equal | BinaryOp::NotEqual), left, right } = unit.module.kind(parent) else { return None };
    let other = if *left == used.node { *right } else { *left };
    let Kind::Literal(literal) = unit.module.kind(through_casts(unit, other)) else { return None };
    // Of JavaScript's `==` nobody needs to know more than that it converts.
    let between = unit.module.span(*left).end as usize..unit.module.span(*right).start as usize;
    let strict = !semantics_convert(unit) || cx.source(unit).get(between).is_some_and(|text| text.contains("===") || text.contains("!=="));
    let possible = match (reply, literal) {
        ("integer" | "number" | "cursor-number", Literal::Int(number)) => {
            !(matches!(reply, "integer") && missing == Some("zero") && *number < 0)
        }
        ("integer" | "number" | "cursor-number", Literal::Bool(_) | Literal::Str(_)) => !strict,
        ("boolean", Literal::Bool(_)) => true,
        ("boolean", Literal::Int(_)) => !strict,
        ("boolean", Literal::Str(_)) => false,
        ("status", Literal::Bool(_) | Literal::Int(_)) => false,
        ("string", Literal::Int(_) | Literal::Float(_)) => !strict,
        ("string", Literal::Bool(_)) => false,
        ("string" | "status", Literal::Str(_)) => true,
        ("cursor-string", Literal::Int(_)) => !strict,
        ("cursor-string", Literal::Str(_)) => true,
        _ => return None,
    };
    Some(match (possible, op) {
        (true, _) => "meaningful",
        (false, BinaryOp::Equal) => "always-false",
        (false, _) => "always-true",
    })
}

/// Whether a comparison may convert what it compares, as JavaScript's does.
fn semantics_convert(unit: &Unit) -> bool {
    unit.module.semantics.zero_is_falsy
}

/// Methods of Ruby that nil has, too.
const NIL_HAS: &[&str] = &[
    "nil?",
    "to_s",
    "to_i",
    "to_f",
    "to_a",
    "to_h",
    "inspect",
    "blank?",
    "present?",
    "presence",
    "try",
    "try!",
    "is_a?",
    "kind_of?",
    "instance_of?",
    "then",
    "tap",
    "==",
    "!=",
    "!",
    "&",
    "|",
    "class",
    "dup",
    "clone",
    "freeze",
    "frozen?",
    "hash",
    "eql?",
    "equal?",
    "respond_to?",
    "send",
    "public_send",
    "to_json",
    "as_json",
    "to_param",
    "to_query",
    "in?",
    "yield_self",
    "itself",
    "object_id",
    "method",
    "instance_variable_get",
    "=~",
    "html_safe?",
    "duplicable?",
    "deep_dup",
    "not_nil!",
];

/// Whether some use of a reply that may be nil raises an error then, with no test, default or handler before it.
fn nil_fails(cx: Cx<'_>, unit: &Unit, uses: &[Use], depth: usize) -> bool {
    let guarded = uses.iter().any(|used| is_test(used.how) || is_optional(unit, used) || used.how == "number-cast");
    !guarded && uses.iter().any(|used| used.certain && fails(cx, unit, used, depth) && !handled(unit, used.node))
}

fn is_optional(unit: &Unit, used: &Use) -> bool {
    let parent = unit.parents[used.node.0 as usize];
    parent.is_some_and(|parent| match unit.module.kind(parent) {
        Kind::Member { optional, .. } | Kind::Index { optional, .. } => *optional,
        Kind::Call(call) => call.optional && matches!(&call.target, Target::Method { receiver, .. } if *receiver == used.node),
        _ => false,
    })
}

/// Whether a use raises an error when the value is nil.
fn fails(cx: Cx<'_>, unit: &Unit, used: &Use, depth: usize) -> bool {
    let Some(parent) = unit.parents[used.node.0 as usize] else { return false };
    let nil_has_methods = unit.module.semantics.shares_constants;
    match unit.module.kind(parent) {
        Kind::Member { object, .. } => *object == used.node,
        Kind::Index { object, .. } => *object == used.node,
        Kind::Assign { target, value, .. } => {
            !nil_has_methods && *value == used.node && matches!(unit.module.kind(*target), Kind::Pattern(entries) if !entries.is_empty())
        }
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if *receiver == used.node => {
                if nil_has_methods {
                    !NIL_HAS.contains(&name.as_str())
                } else {
                    !matches!(name.as_str(), "then" | "catch" | "finally")
                }
            }
            _ if used.how == "parsed" => parse_fails(cx, unit, parent, call, depth),
            _ => false,
        },
        _ => false,
    }
}

/// Whether parsing nil fails: at once, or when something is read from what came out.
fn parse_fails(cx: Cx<'_>, unit: &Unit, node: NodeId, call: &Call, depth: usize) -> bool {
    let Target::Method { receiver, name } = &call.target else { return false };
    match (parser(unit, *receiver), name.as_str()) {
        ("JSON", "parse" | "parse!") if unit.module.semantics.shares_constants => true,
        ("Marshal", "load") => true,
        // JSON.parse(null) is null in JavaScript.
        ("JSON", "parse") if depth == 0 => nil_fails(cx, unit, &all_uses(unit, node), 1),
        _ => false,
    }
}

/// The name of what a method is called on, when it is one of the language's own.
pub(crate) fn parser(unit: &Unit, receiver: NodeId) -> &str {
    match unit.module.kind(receiver) {
        Kind::Free(name) => name.as_str(),
        Kind::Constant { path, .. } if path.len() == 1 => path[0].as_str(),
        _ => "",
    }
}

/// Whether a handler around a node takes the error of a missing value: one for all errors, for the standard ones, or for errors
/// of types and names. In a closure, one around the call that runs it counts.
fn handled(unit: &Unit, node: NodeId) -> bool {
    let mut at = node;
    for _ in 0..256 {
        let Some(parent) = unit.around(at) else { return false };
        if let Kind::Try { body, rescues, .. } = unit.module.kind(parent)
            && *body == at
            && rescues.iter().any(|rescue| rescue.classes.is_empty() || rescue.classes.iter().any(|class| takes_type_errors(unit, *class)))
        {
            return true;
        }
        at = parent;
    }
    true
}

fn takes_type_errors(unit: &Unit, class: NodeId) -> bool {
    match unit.module.kind(class) {
        Kind::Constant { path, .. } => {
            path.len() == 1 && matches!(path[0].as_str(), "StandardError" | "Exception" | "TypeError" | "NoMethodError" | "NameError")
        }
        // A list of classes that the code keeps somewhere.
        _ => true,
    }
}

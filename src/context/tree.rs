//! Builds the event trees of a file.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::arguments::through_casts;
use super::identity::{binding_name, identity, is_pure, is_pure_call};
use super::loops::loop_around;
use super::replies::derive;
use super::{Base, Cx, Found};
use crate::operation::{Arm, ClientId, Guard, GuardOf, Operation, OperationId, QueueId, Step, Tree, TreeId, fact};
use crate::program::{AssignOp, BinaryOp, Call, ExitKind, FunctionId, FunctionKind, Kind, Literal, LogicOp, NodeId, Runs, Target, UnaryOp};
use crate::resolve::Unit;
use crate::resolve::text::functions;
use crate::resolve::value::FunctionKey;
use crate::source::Span;

/// Builds a tree for every function that has an event, and tells operations, clients and queues which one is theirs.
pub(crate) fn build(cx: Cx<'_>, unit: &Unit, found: &mut Found) {
    let clients: FxHashMap<NodeId, ClientId> =
        found.made_at.iter().enumerate().map(|(index, node)| (*node, ClientId(index as u32))).collect();
    let queues: FxHashMap<u32, QueueId> =
        found.queue_places.iter().enumerate().map(|(index, place)| (place.offset, QueueId(index as u32))).collect();
    let inlined = inlined(unit);
    let mut trees = Vec::new();
    let mut of_operation: Vec<Option<TreeId>> = vec![None; found.operations.len()];
    let mut of_client: Vec<Option<TreeId>> = vec![None; found.clients.len()];
    for id in functions(unit) {
        if inlined.get(id.0 as usize).copied().unwrap_or_default() {
            continue;
        }
        let builder = Builder { cx, unit, found, clients: &clients, queues: &queues, inlined: &inlined };
        let function = unit.module.function(id);
        let mut steps = Vec::new();
        for param in &function.params {
            param.default.into_iter().for_each(|default| builder.walk(default, &mut steps));
        }
        builder.walk(function.body, &mut steps);
        let mut events = Events::default();
        events.collect(&steps);
        if events.operations.is_empty() && events.clients.is_empty() {
            continue;
        }
        let tree = TreeId(trees.len() as u32);
        events.operations.iter().for_each(|operation| of_operation[operation.0 as usize] = Some(tree));
        events.clients.iter().for_each(|client| of_client[client.0 as usize] = Some(tree));
        trees.push(Tree { file: unit.file, span: function.span, name: function.name.clone(), steps });
    }
    for (operation, tree) in found.operations.iter_mut().zip(&of_operation) {
        operation.tree = *tree;
    }
    for (client, tree) in found.clients.iter_mut().zip(of_client) {
        client.tree = tree;
    }
    for queue in &mut found.queues {
        queue.tree = queue.opened_by.and_then(|operation| of_operation[operation.0 as usize]);
    }
    found.trees = trees;
    mark_watched(found);
    mark_checked(found);
}

/// Operations on a key whose TTL is asked for in the same function; of what only one may make also those whose value is read as a
/// number, as of a lock that holds the time at which it ends.
fn mark_checked(found: &mut Found) {
    let asks_ttl = |operation: &Operation| matches!(operation.command.as_str(), "TTL" | "PTTL" | "EXPIRETIME");
    let reads_number = |operation: &Operation| {
        let uses = ["number-cast", "ordered", "arithmetic"];
        matches!(operation.command.as_str(), "GET" | "GETSET") && uses.iter().any(|word| operation.facts.has(fact::REPLY_USE, word))
    };
    let is_first = |operation: &Operation| operation.command == "SETNX" || operation.facts.has(fact::CONDITION, "NX");
    let key = |operation: &Operation| operation.keys.first()?.identity.as_ref().map(|identity| identity.canonical.clone());
    let trees = &found.trees;
    let span = |operation: &Operation| operation.tree.and_then(|tree| trees.get(tree.0 as usize)).map(|tree| tree.span);
    let asked: Vec<(Span, SmolStr, bool)> = found
        .operations
        .iter()
        .filter(|operation| asks_ttl(operation) || reads_number(operation))
        .filter_map(|operation| Some((span(operation)?, key(operation)?, asks_ttl(operation))))
        .collect();
    for operation in &mut found.operations {
        let (Some(own), Some(around)) = (key(operation), span(operation)) else { continue };
        let counts = |asks: bool| asks || is_first(operation);
        // Also in a callback of the function.
        if asked.iter().any(|(span, canonical, asks)| around.contains(*span) && own == *canonical && counts(*asks)) {
            operation.facts.set_bool(fact::TTL_CHECKED, true);
        }
    }
}

/// Operations that WATCH precedes in their function.
fn mark_watched(found: &mut Found) {
    let watches: Vec<(TreeId, u32)> = found
        .operations
        .iter()
        .filter(|operation| operation.command == "WATCH")
        .filter_map(|operation| Some((operation.tree?, operation.site.name.start)))
        .collect();
    for operation in &mut found.operations {
        let watched = watches.iter().any(|(tree, start)| operation.tree == Some(*tree) && *start < operation.site.name.start);
        if watched {
            operation.facts.set_bool(fact::WATCHED, true);
        }
    }
}

/// Which functions are part of the tree of the function around them: closures that run in place.
fn inlined(unit: &Unit) -> Vec<bool> {
    functions(unit)
        .map(|id| {
            let function = unit.module.function(id);
            let closure = matches!(function.kind, FunctionKind::Block | FunctionKind::Arrow | FunctionKind::Function);
            closure
                && super::entries::caller(unit, id).is_some_and(|(_, call)| match call.runs {
                    // `(async () => { … })()` goes its own way: nobody has to wait for it.
                    Runs::Once | Runs::Each | Runs::Repeat => !is_called_itself(unit, call, id),
                    // The blocks of queues and leases run in place as well.
                    Runs::Unknown => call.block == Some(id),
                    Runs::Later | Runs::Together => false,
                })
        })
        .collect()
}

/// Whether a function is not an argument of a call, but what is called: it is written where it runs.
fn is_called_itself(unit: &Unit, call: &Call, function: FunctionId) -> bool {
    let (Target::Function(called) | Target::Method { receiver: called, .. }) = &call.target else { return false };
    matches!(unit.module.kind(through_casts(unit, *called)), Kind::Closure(closure) if *closure == function)
}

struct Builder<'a> {
    cx: Cx<'a>,
    unit: &'a Unit,
    found: &'a Found,
    clients: &'a FxHashMap<NodeId, ClientId>,
    queues: &'a FxHashMap<u32, QueueId>,
    inlined: &'a [bool],
}

impl Builder<'_> {
    fn walk(&self, node: NodeId, out: &mut Vec<Step>) {
        let module = &self.unit.module;
        match module.kind(node) {
            Kind::Call(call) => self.call(node, call, out),
            Kind::Branch { condition, then, otherwise } => {
                self.walk(*condition, out);
                let (held, failed) = self.guards(*condition);
                let mut first = Arm { guards: held, steps: Vec::new() };
                self.walk(*then, &mut first.steps);
                let mut second = Arm { guards: failed, steps: Vec::new() };
                otherwise.iter().for_each(|node| self.walk(*node, &mut second.steps));
                out.push(Step::Branch(vec![first, second]));
            }
            Kind::Logic { op, left, right } => {
                self.walk(*left, out);
                let mut steps = Vec::new();
                self.walk(*right, &mut steps);
                if steps.is_empty() {
                    return;
                }
                let (held, failed) = match op {
                    LogicOp::OrNil => self.presence(*left),
                    _ => self.guards(*left),
                };
                let (taken, other) = if *op == LogicOp::And { (held, failed) } else { (failed, held) };
                out.push(Step::Branch(vec![Arm { guards: taken, steps }, Arm { guards: other, steps: Vec::new() }]));
            }
            Kind::Switch { subject, arms, otherwise } => {
                subject.iter().for_each(|node| self.walk(*node, out));
                let mut all: Vec<Arm> = Vec::new();
                for arm in arms {
                    arm.tests.iter().for_each(|test| self.walk(*test, out));
                    let mut steps = Vec::new();
                    self.walk(arm.body, &mut steps);
                    all.push(Arm { guards: Vec::new(), steps });
                }
                let mut last = Arm::default();
                otherwise.iter().for_each(|node| self.walk(*node, &mut last.steps));
                all.push(last);
                out.push(Step::Branch(all));
            }
            Kind::Loop { source, binding, condition, update, body, .. } => {
                source.iter().for_each(|node| self.walk(*node, out));
                let mut steps = Vec::new();
                binding.iter().for_each(|node| self.assigned(*node, &mut steps));
                condition.iter().for_each(|node| self.walk(*node, &mut steps));
                self.walk(*body, &mut steps);
                update.iter().for_each(|node| self.walk(*node, &mut steps));
                let kind = loop_around(self.cx, self.unit, *body).map_or("collection", |around| around.kind);
                out.push(Step::Loop { kind, body: steps });
            }
            Kind::Try { body, rescues, otherwise, cleanup } => {
                let mut inner = Vec::new();
                self.walk(*body, &mut inner);
                otherwise.iter().for_each(|node| self.walk(*node, &mut inner));
                let rescues = rescues
                    .iter()
                    .map(|rescue| {
                        let mut steps = Vec::new();
                        self.walk(rescue.body, &mut steps);
                        steps
                    })
                    .collect();
                let mut last = Vec::new();
                cleanup.iter().for_each(|node| self.walk(*node, &mut last));
                out.push(Step::Try { body: inner, rescues, cleanup: last });
            }
            Kind::Exit { kind, value } => {
                value.iter().for_each(|node| self.walk(*node, out));
                out.push(Step::Exit(*kind));
            }
            Kind::Assign { target, value, op, .. } => {
                if *op == AssignOp::Plain || *op == AssignOp::Combine {
                    self.walk(*value, out);
                    self.walk(*target, out);
                    self.assigned(*target, out);
                } else {
                    // `a ||= b`: b is evaluated, and a assigned, only sometimes.
                    let mut steps = Vec::new();
                    self.walk(*value, &mut steps);
                    self.assigned(*target, &mut steps);
                    out.push(Step::Branch(vec![Arm { guards: Vec::new(), steps }, Arm::default()]));
                }
            }
            Kind::Closure(_) | Kind::Class(_) => {}
            Kind::Array(members) if self.goes_together(members) => out.push(self.together(members)),
            Kind::Yield(args) => {
                args.iter().for_each(|argument| self.walk(argument.value, out));
                out.push(Step::Call { span: module.span(node), pure: false, may_touch_redis: false });
            }
            _ => module.each_child(node, &mut |child| self.walk(child, out)),
        }
    }

    fn assigned(&self, target: NodeId, out: &mut Vec<Step>) {
        match self.unit.module.kind(target) {
            Kind::Pattern(entries) => entries.iter().for_each(|entry| self.assigned(entry.target, out)),
            _ => out.extend(binding_name(self.unit, target).map(Step::Assign)),
        }
    }

    fn call(&self, node: NodeId, call: &Call, out: &mut Vec<Step>) {
        let module = &self.unit.module;
        if let (Runs::Together, Some(argument)) = (call.runs, call.args.first()) {
            if let Kind::Array(members) = module.kind(through_casts(self.unit, argument.value)) {
                out.push(self.together(members));
                return;
            }
            let mut steps = Vec::new();
            self.walk(argument.value, &mut steps);
            out.push(Step::Together(vec![steps]));
            return;
        }
        match &call.target {
            Target::Method { receiver, .. } => self.walk(*receiver, out),
            Target::Function(callee) => self.walk(*callee, out),
            Target::Own(_) | Target::Super => {}
        }
        call.args.iter().for_each(|argument| self.walk(argument.value, out));
        let operation = self.found.by_call.get(&node).copied();
        let opens = self.queues.get(&call.name_span.start).copied();
        // The event of the call stands before a block that it opens, and behind a closure that computes for it.
        if let (Some(queue), Some(block)) = (opens, call.block) {
            out.extend(operation.map(Step::Operation));
            let mut body = Vec::new();
            self.walk(module.function(block).body, &mut body);
            out.push(Step::Queue { queue, body });
            return;
        }
        // So does WATCH, whose block runs once.
        if let (Some(id), Some(block)) = (operation, call.block)
            && self.found.operations[id.0 as usize].command == "WATCH"
        {
            out.push(Step::Operation(id));
            let mut body = Vec::new();
            self.walk(module.function(block).body, &mut body);
            out.append(&mut without_own_exits(body));
            return;
        }
        let closures = call.block.into_iter().chain(
            call.args
                .iter()
                .filter_map(|argument| if let Kind::Closure(function) = module.kind(argument.value) { Some(*function) } else { None }),
        );
        for closure in closures {
            self.closure(call, closure, out);
        }
        if let Some(client) = self.clients.get(&node) {
            out.push(Step::Client(*client));
        }
        match operation {
            Some(operation) => out.push(Step::Operation(operation)),
            None => {
                let callees = self.cx.texts.callees(self.unit, call, node);
                let pure = if callees.is_empty() { is_pure_call(self.unit, call) } else { self.is_getter(node, &callees) };
                out.push(Step::Call { span: module.span(node), pure, may_touch_redis: !callees.is_empty() && !pure });
            }
        }
    }

    fn together(&self, members: &[NodeId]) -> Step {
        let walked = members.iter().map(|member| {
            let mut steps = Vec::new();
            self.walk(*member, &mut steps);
            steps
        });
        Step::Together(walked.collect())
    }

    /// Whether the members of an array are promises that all run before anything waits for one: `[redis.sadd(…), redis.expire(…)]`.
    fn goes_together(&self, members: &[NodeId]) -> bool {
        let is_sent = |member: &NodeId| {
            let operation = self.found.by_call.get(&through_casts(self.unit, *member));
            operation.is_some_and(|operation| self.found.operations[operation.0 as usize].facts.get(fact::PROMISE).is_some())
        };
        members.len() > 1 && members.iter().all(is_sent)
    }

    /// Whether a call of project functions only hands out a client, or builds a text or number: `getRedis()`, `Keys.session(id)`.
    fn is_getter(&self, node: NodeId, callees: &[FunctionKey]) -> bool {
        if !self.cx.texts.values(self.unit, node).clients().is_empty() {
            return true;
        }
        callees.iter().all(|callee| {
            let returned = self.cx.texts.returned(*callee).and_then(|(file, value)| Some((self.cx.resolution.links.unit(file)?, value)));
            returned.is_some_and(|(unit, value)| is_pure(unit, single(unit, value)))
        })
    }

    fn closure(&self, call: &Call, closure: FunctionId, out: &mut Vec<Step>) {
        if !self.inlined.get(closure.0 as usize).copied().unwrap_or_default() {
            return;
        }
        let function = self.unit.module.function(closure);
        let mut body = Vec::new();
        self.walk(function.body, &mut body);
        match call.runs {
            Runs::Each | Runs::Repeat => {
                let kind = loop_around(self.cx, self.unit, function.body).map_or("collection", |around| around.kind);
                out.push(Step::Loop { kind, body });
            }
            // A block that may not run is a branch; its own exits leave only itself.
            Runs::Unknown => out.push(Step::Branch(vec![Arm { guards: Vec::new(), steps: body }, Arm::default()])),
            _ => out.append(&mut without_own_exits(body)),
        }
    }

    // ---- conditions ----

    /// What holds when a condition holds, and when it does not.
    fn guards(&self, condition: NodeId) -> (Vec<Guard>, Vec<Guard>) {
        let module = &self.unit.module;
        match module.kind(condition) {
            Kind::Unary { op: UnaryOp::Not, operand } => {
                let (held, failed) = self.guards(*operand);
                (failed, held)
            }
            Kind::Logic { op: LogicOp::And, left, right } => {
                let (mut held, failed) = self.guards(*left);
                let (more, others) = self.guards(*right);
                held.extend(more);
                (held, either(failed, others))
            }
            Kind::Logic { op: LogicOp::Or, left, right } => {
                let (held, mut failed) = self.guards(*left);
                let (more, others) = self.guards(*right);
                failed.extend(others);
                (either(held, more), failed)
            }
            Kind::Await(value) | Kind::Cast { value, .. } => self.guards(*value),
            Kind::Binary { op, left, right } => self.comparison(*op, *left, *right),
            Kind::Call(call) if !self.found.by_call.contains_key(&condition) => match &call.target {
                Target::Method { receiver, name } => match name.as_str() {
                    "nil?" | "blank?" | "empty?" | "zero?" | "none?" => {
                        let (present, missing) = self.presence(*receiver);
                        (missing, present)
                    }
                    "present?" | "any?" | "positive?" => self.presence(*receiver),
                    _ => self.mention(condition),
                },
                Target::Function(callee) if matches!(module.kind(*callee), Kind::Free(name) if name == "Boolean") => {
                    match call.args.first() {
                        Some(argument) => self.guards(argument.value),
                        None => (Vec::new(), Vec::new()),
                    }
                }
                _ => self.mention(condition),
            },
            _ => self.presence(condition),
        }
    }

    fn comparison(&self, op: BinaryOp, left: NodeId, right: NodeId) -> (Vec<Guard>, Vec<Guard>) {
        let module = &self.unit.module;
        let (value, against) = if matches!(module.kind(left), Kind::Literal(_)) { (right, left) } else { (left, right) };
        let flip = |(held, failed): (Vec<Guard>, Vec<Guard>)| (failed, held);
        let literal = module.kind(against);
        let zero = matches!(literal, Kind::Literal(Literal::Int(0)));
        let nothing = matches!(literal, Kind::Literal(Literal::Nil)) || zero;
        match op {
            BinaryOp::Equal if nothing => flip(self.presence(value)),
            BinaryOp::NotEqual if nothing => self.presence(value),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                // INCR answers 1, and SET NX `OK` or true, to the one who made the key.
                let made = match literal {
                    Kind::Literal(Literal::Int(1) | Literal::Bool(true)) => true,
                    Kind::Literal(Literal::Str(text)) => text == "OK",
                    _ => false,
                };
                let word = if made { "created" } else { "compared" };
                let held = self
                    .of(value, word)
                    .into_iter()
                    .chain(if matches!(literal, Kind::Literal(_)) { Vec::new() } else { self.of(against, word) })
                    .collect();
                let pair = (held, self.of(value, "other"));
                if op == BinaryOp::Equal { pair } else { flip(pair) }
            }
            BinaryOp::Greater if zero && value == left => self.presence(value),
            _ => {
                // Which side is the smaller one when the comparison holds.
                let less = matches!(op, BinaryOp::Less | BinaryOp::LessEqual);
                let more = matches!(op, BinaryOp::Greater | BinaryOp::GreaterEqual);
                let sides = |left_word: &'static str, right_word: &'static str| {
                    let mut all = self.of(left, left_word);
                    all.extend(self.of(right, right_word));
                    all
                };
                let word = |is: bool| if is { "below" } else { "other" };
                (sides(word(less), word(more)), sides(word(more), word(less)))
            }
        }
    }

    /// A test of truth: the value is there, or is missing.
    fn presence(&self, node: NodeId) -> (Vec<Guard>, Vec<Guard>) {
        let node = through_casts(self.unit, node);
        let node = match self.unit.module.kind(node) {
            Kind::Member { object, name, .. } if matches!(name.as_str(), "length" | "size") => *object,
            _ => node,
        };
        let creates = |operation: OperationId| {
            let operation = &self.found.operations[operation.0 as usize];
            operation.facts.has(fact::CONDITION, "NX")
        };
        let mut held = self.of(node, "present");
        let mut failed = self.of(node, "missing");
        for guard in held.iter_mut() {
            if matches!(guard.of, GuardOf::Reply(operation) if creates(operation)) {
                guard.how = "created";
            }
        }
        for guard in failed.iter_mut() {
            if matches!(guard.of, GuardOf::Reply(operation) if creates(operation)) {
                guard.how = "other";
            }
        }
        (held, failed)
    }

    /// A test that says nothing known of what it mentions: `isExpired(entry)`.
    fn mention(&self, node: NodeId) -> (Vec<Guard>, Vec<Guard>) {
        let mut all = self.of(node, "other");
        if all.is_empty() {
            all.push(Guard { of: GuardOf::Value(identity(self.unit, node, self.cx.source(self.unit))), how: "other" });
        }
        (all.clone(), all)
    }

    fn of(&self, node: NodeId, how: &'static str) -> Vec<Guard> {
        let node = through_casts(self.unit, node);
        let replies = derive(self.unit, &self.found.by_call, node);
        if replies.is_empty() {
            return match self.unit.module.kind(node) {
                Kind::Local(_) | Kind::Member { .. } | Kind::Global(_) => {
                    vec![Guard { of: GuardOf::Value(identity(self.unit, node, self.cx.source(self.unit))), how }]
                }
                _ => Vec::new(),
            };
        }
        replies.into_iter().map(|derivation| Guard { of: GuardOf::Reply(derivation.operation), how }).collect()
    }
}

/// The only statement of a body.
fn single(unit: &Unit, node: NodeId) -> NodeId {
    match unit.module.kind(node) {
        Kind::Block(statements) if statements.len() == 1 => statements[0],
        _ => node,
    }
}

/// One of two tests came out so, and it is not known which. Where only one of them is about replies, the other one is a wish
/// (`if (cached && !refresh)`), and what the first one says is mostly so.
fn either(one: Vec<Guard>, two: Vec<Guard>) -> Vec<Guard> {
    let about_replies = |guards: &[Guard]| guards.iter().any(|guard| matches!(guard.of, GuardOf::Reply(_)));
    let (first, second) = (about_replies(&one), about_replies(&two));
    let keep = |guards: Vec<Guard>, keep: bool| if keep { guards } else { other(guards) };
    let mut guards = keep(one, first && !second);
    guards.extend(keep(two, second && !first));
    guards
}

fn other(mut guards: Vec<Guard>) -> Vec<Guard> {
    guards.iter_mut().for_each(|guard| guard.how = "other");
    guards
}

/// The steps of a closure that runs in place: its `return` and `next` leave the closure only, so they end nothing around it.
fn without_own_exits(steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().filter(|step| !matches!(step, Step::Exit(ExitKind::Return | ExitKind::Next))).collect()
}

#[derive(Default)]
struct Events {
    operations: Vec<OperationId>,
    clients: Vec<ClientId>,
}

impl Events {
    fn collect(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Operation(operation) => self.operations.push(*operation),
                Step::Client(client) => self.clients.push(*client),
                Step::Branch(arms) => arms.iter().for_each(|arm| self.collect(&arm.steps)),
                Step::Loop { body, .. } | Step::Queue { body, .. } => self.collect(body),
                Step::Try { body, rescues, cleanup } => {
                    self.collect(body);
                    rescues.iter().for_each(|rescue| self.collect(rescue));
                    self.collect(cleanup);
                }
                Step::Together(members) => members.iter().for_each(|member| self.collect(member)),
                Step::Call { .. } | Step::Assign(_) | Step::Exit(_) => {}
            }
        }
    }
}

/// Moves the ids in a tree to where the ids of its file begin.
pub(crate) fn shift(steps: &mut [Step], base: &Base) {
    for step in steps {
        match step {
            Step::Operation(operation) => operation.0 += base.operation,
            Step::Client(client) => client.0 += base.client,
            Step::Branch(arms) => {
                for arm in arms {
                    for guard in &mut arm.guards {
                        if let GuardOf::Reply(operation) = &mut guard.of {
                            operation.0 += base.operation;
                        }
                    }
                    shift(&mut arm.steps, base);
                }
            }
            Step::Loop { body, .. } => shift(body, base),
            Step::Queue { queue, body } => {
                queue.0 += base.queue;
                shift(body, base);
            }
            Step::Try { body, rescues, cleanup } => {
                shift(body, base);
                rescues.iter_mut().for_each(|rescue| shift(rescue, base));
                shift(cleanup, base);
            }
            Step::Together(members) => members.iter_mut().for_each(|member| shift(member, base)),
            Step::Call { .. } | Step::Assign(_) | Step::Exit(_) => {}
        }
    }
}

//! Where code runs: by its path, by the function it stands in, and by the loops around it.

use smol_str::SmolStr;

use super::Cx;
use super::arguments::through_casts;
use crate::operation::Link;
use crate::program::{BinaryOp, Call, ExitKind, FunctionId, FunctionKind, Kind, Literal, LoopKind, NodeId, Runs, Target};
use crate::resolve::value::Atom;
use crate::resolve::{Ancestor, Unit};
use crate::source::Span;

/// What the path of a file says of the code in it.
#[derive(Clone, Debug)]
pub struct PathRules {
    /// Folder names that hold tests and other code that is not the product.
    pub tests: Vec<String>,
}

impl Default for PathRules {
    fn default() -> Self {
        let tests = "test tests __tests__ __mocks__ spec specs e2e cypress playwright fixtures benchmark benchmarks bench example examples testing __e2e__ testcontainers test-utils \
                     test_utils testutils test-helpers test_helpers test-support test_support spec_support";
        Self { tests: tests.split(' ').map(str::to_owned).collect() }
    }
}

impl PathRules {
    /// Whether a file holds tests.
    #[must_use]
    pub fn is_test(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        folders.split('/').any(|folder| self.tests.iter().any(|test| test == folder))
            || name.contains(".test.")
            || name.contains(".spec.")
            || name.contains(".bench.")
            || name.split('.').count() > 2 && name.rsplit('.').nth(1).is_some_and(|kind| kind.ends_with("test"))
            || name.ends_with("_test.rb")
            || name.ends_with("_spec.rb")
            || name.starts_with("test_")
    }

    fn is_migration(path: &str) -> bool {
        path.split('/').any(|folder| matches!(folder, "migrations" | "migrate"))
    }

    fn is_script(unit: &Unit) -> bool {
        let path = unit.path.as_str();
        path.ends_with(".rake")
            || path.ends_with("Rakefile")
            || path
                .split('/')
                .rev()
                .skip(1)
                .any(|folder| matches!(folder, "scripts" | "script" | "bin" | "tasks" | "onetime" | "one-time" | "seeds" | "oneoff"))
            || path.rsplit('/').next().is_some_and(|name| name.starts_with("seed"))
    }
}

/// The words of the fact `runs_in` for a function.
pub(crate) fn runs_in(cx: Cx<'_>, unit: &Unit, function: FunctionId) -> Vec<&'static str> {
    let mut words = Vec::new();
    if cx.paths.is_test(&unit.path) {
        words.push("test");
    }
    if PathRules::is_migration(&unit.path) {
        words.push("migration");
    }
    if PathRules::is_script(unit) {
        words.push("script");
    }
    let mut at = Some(function);
    let mut load = true;
    while let Some(id) = at {
        let function = unit.module.function(id);
        if let Some(word) = entry(cx, unit, id) {
            words.push(word);
        }
        if !matches!(function.kind, FunctionKind::Module | FunctionKind::ClassBody) && !runs_in_place(unit, id) {
            load = false;
        }
        at = function.parent;
    }
    if load {
        words.push("module-load");
    }
    if words.is_empty() {
        words.push("function");
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a closure certainly runs once where it stands.
fn runs_in_place(unit: &Unit, function: FunctionId) -> bool {
    caller(unit, function).is_some_and(|(_, call)| matches!(call.runs, Runs::Once | Runs::Each | Runs::Repeat | Runs::Together))
}

/// The call that a closure or block is given to.
pub(crate) fn caller(unit: &Unit, function: FunctionId) -> Option<(NodeId, &Call)> {
    let node = *unit.callers.get(&function)?;
    match unit.module.kind(node) {
        Kind::Call(call) => Some((node, call)),
        _ => None,
    }
}

const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "all", "use", "head", "options", "route"];
const ROUTE_EXPORTS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "loader", "action", "getServerSideProps"];
const HANDLER_DECORATORS: &[&str] = &[
    "Get",
    "Post",
    "Put",
    "Patch",
    "Delete",
    "All",
    "Query",
    "Mutation",
    "Subscription",
    "ResolveField",
    "MessagePattern",
    "EventPattern",
    "SubscribeMessage",
    "GrpcMethod",
];
const JOB_DECORATORS: &[&str] = &["Process", "Processor", "Cron", "Interval", "OnQueueActive", "OnWorkerEvent"];

/// What begins at a function: a request handler or a job.
fn entry(cx: Cx<'_>, unit: &Unit, id: FunctionId) -> Option<&'static str> {
    let function = unit.module.function(id);
    let decorated = |names: &[&str]| function.decorators.iter().any(|node| names.contains(&decorator_name(unit, *node).as_str()));
    if decorated(HANDLER_DECORATORS) {
        return Some("handler");
    }
    if decorated(JOB_DECORATORS) {
        return Some("job");
    }
    if unit.module.semantics.shares_constants {
        return ruby_entry(cx, unit, id);
    }
    let path = unit.path.as_str();
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = function.name.as_deref().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or(file);
    if stem == "route" && ROUTE_EXPORTS.contains(&name)
        || path.contains("pages/api/") && function.parent == Some(FunctionId(0)) && name == "handler"
    {
        return Some("handler");
    }
    let params: Vec<&str> = function
        .params
        .iter()
        .filter_map(|param| {
            if let Kind::Local(binding) = unit.module.kind(param.target) { Some(unit.module.binding(*binding).name.as_str()) } else { None }
        })
        .collect();
    if matches!(
        params.as_slice(),
        ["req" | "request" | "_req", "res" | "response" | "reply" | "_res", ..] | ["ctx", "next"] | ["err", "req", "res", ..]
    ) {
        return Some("handler");
    }
    let (_, call) = caller(unit, id)?;
    match &call.target {
        Target::Method { name, .. } => {
            let routed = VERBS.contains(&name.as_str())
                && call.args.first().is_some_and(
                    |argument| matches!(unit.module.kind(argument.value), Kind::Literal(Literal::Str(text)) if text.starts_with('/')),
                );
            let procedure = matches!(name.as_str(), "query" | "mutation") && call.args.len() == 1;
            if routed || procedure {
                return Some("handler");
            }
            (name == "process").then_some("job")
        }
        Target::Function(callee) => {
            let worker = matches!(unit.module.kind(*callee), Kind::Local(binding) if unit.module.binding(*binding).name == "Worker");
            worker.then_some("job")
        }
        _ => None,
    }
}

fn decorator_name(unit: &Unit, node: NodeId) -> SmolStr {
    match unit.module.kind(node) {
        Kind::Call(call) => match &call.target {
            Target::Function(callee) => crate::resolve::text::name_of(unit, *callee),
            Target::Method { name, .. } | Target::Own(name) => name.clone(),
            Target::Super => SmolStr::default(),
        },
        _ => crate::resolve::text::name_of(unit, node),
    }
}

fn ruby_entry(cx: Cx<'_>, unit: &Unit, id: FunctionId) -> Option<&'static str> {
    let function = unit.module.function(id);
    if function.kind == FunctionKind::Block {
        // Sinatra and Grape: `get "/path" do`.
        let (_, call) = caller(unit, id)?;
        let Target::Own(name) = &call.target else { return None };
        let routed = VERBS.contains(&name.as_str())
            && call.args.first().is_some_and(
                |argument| matches!(unit.module.kind(argument.value), Kind::Literal(Literal::Str(text)) if text.starts_with('/')),
            );
        return routed.then_some("handler");
    }
    if function.kind != FunctionKind::Method || function.is_static {
        return None;
    }
    let class = function.class?;
    let key = unit.classes[class.0 as usize];
    let outside: Vec<&str> = cx
        .resolution
        .hierarchy
        .outside(key, false)
        .filter_map(|atom| if let Atom::Constant(name) = atom { Some(name.as_str()) } else { None })
        .collect();
    let above = cx.resolution.hierarchy.line(key, false).iter().filter_map(|ancestor| match ancestor {
        Ancestor::Project(class, _) => Some(cx.resolution.links.class(*class).name.as_str()),
        Ancestor::Outside(_) => None,
    });
    let mut lines = above.chain(outside.iter().copied());
    if unit.path.contains("controllers/")
        || lines.clone().any(|name| name.ends_with("Controller") || name.starts_with("ActionController") || name.starts_with("ActionCable"))
    {
        return Some("handler");
    }
    if function.name.as_deref() == Some("perform")
        && lines.any(|name| {
            matches!(name, "Sidekiq::Job" | "Sidekiq::Worker" | "ActiveJob::Base") || name.ends_with("Job") || name.ends_with("Worker")
        })
    {
        return Some("job");
    }
    None
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
        if let Kind::Loop { kind, source, condition, body, update, binding } = unit.module.kind(parent) {
            if *source != Some(at) && *binding != Some(at) {
                if std::mem::take(&mut leaves) {
                    at = parent;
                    continue;
                }
                let form = Form { kind: *kind, source: *source, condition: *condition, body: *body, update: *update };
                return Some(LoopAround {
                    kind: loop_kind(cx, unit, &form),
                    span: unit.module.span(parent),
                    at: parent,
                    concurrent: false,
                });
            }
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
            Some(source) => source_kind(unit, source).unwrap_or(if form.kind == LoopKind::EachAwait { "cursor" } else { "collection" }),
            None => "collection",
        },
        LoopKind::Count => {
            if form.update.is_some_and(|update| steps_by_more(unit, update)) {
                return "chunk";
            }
            if let Some(Kind::Binary { right, .. }) = form.condition.map(|condition| unit.module.kind(condition)) {
                if cx.texts.number(unit, *right).is_some_and(|bound| bound <= 3.0) {
                    return "fixed";
                }
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
        Target::Method { receiver, .. } => source_kind(unit, *receiver).unwrap_or("collection"),
        _ => "collection",
    }
}

/// What the thing that is iterated says: a short literal, a row of chunks, a scan.
fn source_kind(unit: &Unit, source: NodeId) -> Option<&'static str> {
    match unit.module.kind(through_casts(unit, source)) {
        Kind::Array(members)
            if members.len() <= 3 && !members.iter().any(|member| matches!(unit.module.kind(*member), Kind::Spread(_))) =>
        {
            Some("fixed")
        }
        Kind::Call(call) => {
            let name = match &call.target {
                Target::Method { name, .. } | Target::Own(name) => name.clone(),
                Target::Function(callee) => crate::resolve::text::name_of(unit, *callee),
                Target::Super => SmolStr::default(),
            };
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
                let name = match &call.target {
                    Target::Method { name, .. } | Target::Own(name) => name.clone(),
                    Target::Function(callee) => crate::resolve::text::name_of(unit, *callee),
                    Target::Super => SmolStr::default(),
                };
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

/// A step of the evidence, for the second label.
pub(crate) fn link(unit: &Unit, span: Span, text: String) -> Link {
    Link { file: unit.file, span, text }
}

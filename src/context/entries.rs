//! Where code runs: by its path, by the function it stands in, and by the loops around it.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Cx;
use crate::command::{Server, Service};
use crate::program::{Call, FunctionId, FunctionKind, Kind, Literal, NodeId, Runs, Target};
use crate::resolve::text::{called_name, name_of};
use crate::resolve::value::Atom;
use crate::resolve::{Ancestor, Unit};
use crate::source::FileId;

/// What the path of a file says of the code in it, and what the project says of files.
#[derive(Clone, Debug)]
pub struct PathRules {
    /// Folder names that hold tests and other code that is not the product.
    pub tests: Vec<String>,
    /// What the project itself says of files: whether they hold tests.
    pub said: FxHashMap<FileId, bool>,
    /// The server that the code of a file talks to, where the project says so.
    pub servers: FxHashMap<FileId, Server>,
    /// The managed service that runs it, where the project says so.
    pub services: FxHashMap<FileId, &'static Service>,
}

impl Default for PathRules {
    fn default() -> Self {
        let tests = "test tests __tests__ __mocks__ mocks fakes spec specs e2e cypress playwright fixtures benchmark benchmarks bench example examples demo demos testing __e2e__ testcontainers test-utils \
                     test_utils testutils test-helpers test_helpers test-support test_support spec_support step_definitions";
        Self {
            tests: tests.split(' ').map(str::to_owned).collect(),
            said: FxHashMap::default(),
            servers: FxHashMap::default(),
            services: FxHashMap::default(),
        }
    }
}

impl PathRules {
    /// Whether a file holds tests, by its path from the root of its project.
    #[must_use]
    pub fn is_test(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        folders.split('/').any(|folder| self.tests.iter().any(|test| test == folder))
            || ["features/step_definitions/", "features/support/"].iter().any(|cucumber| path.contains(cucumber))
            || name.contains(".test.")
            || name.contains(".spec.")
            || name.contains(".bench.")
            || name.split('.').count() > 2 && name.rsplit('.').nth(1).is_some_and(|kind| kind.ends_with("test"))
            || name.ends_with("_test.rb")
            || name.ends_with("_spec.rb")
            || name.starts_with("test_")
            || matches!(name.split('.').next(), Some("demo" | "sample"))
    }

    fn is_migration(path: &str) -> bool {
        path.split('/').any(|folder| matches!(folder, "migrations" | "migrate" | "upgrades"))
            || first_word(path).is_some_and(|word| matches!(word, "migrate" | "backfill"))
    }

    fn is_script(path: &str) -> bool {
        let mut folders = path.split('/').rev().skip(1).peekable();
        path.ends_with(".rake")
            || path.ends_with("Rakefile")
            || first_word(path).is_some_and(|word| word.starts_with("seed"))
            || std::iter::from_fn(|| folders.next().map(|folder| (folder, folders.peek().copied()))).any(|(folder, above)| match folder {
                "scripts" | "script" | "bin" | "tasks" | "onetime" | "one-time" | "seeds" | "oneoff" | "one-off" | "one_off" => true,
                // What an administrator calls once and nobody deletes.
                "temp" | "tmp" => above == Some("admin"),
                _ => false,
            })
    }
}

/// The first word of a file's name: `migrate` of `migrate-hidden-images.ts` and of `migrateImages.ts`.
fn first_word(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let end = name.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(name.len());
    Some(&name[..end])
}

/// Whether a file holds tests, as the configuration or its path says.
pub(crate) fn in_tests(cx: Cx<'_>, file: FileId) -> bool {
    cx.paths.said.get(&file).copied().unwrap_or_else(|| cx.paths.is_test(cx.project.path(file)))
}

/// Whether a function is for tests by its name: `cleanupTestRedis`, `reset_for_tests`. `testConnection` tests something itself.
fn is_for_tests(name: &str) -> bool {
    let at = |word: &str| {
        let rest = |found: usize| name[found + word.len()..].chars().next();
        name.match_indices(word).any(|(found, _)| found > 0 && rest(found).is_none_or(|next| !next.is_ascii_lowercase()))
    };
    ["Test", "Tests", "Testing", "_test", "_tests", "_testing"].into_iter().any(at)
}

/// Whether a function moves data to a new form, by its name: `migrate_old_jobs`, `runMigration`, `backfillUsers`, `upgrade_v8_to_v9`.
fn is_for_migration(name: &str) -> bool {
    let begins_word = |at: usize| {
        let before = name[..at].chars().next_back();
        before.is_none_or(|before| !before.is_ascii_alphanumeric()) || name[at..].starts_with(|c: char| c.is_ascii_uppercase())
    };
    let lower = name.to_ascii_lowercase();
    ["migrat", "backfill"].iter().any(|word| lower.match_indices(word).any(|(at, _)| begins_word(at)))
        || lower.match_indices("to").any(|(at, to)| {
            let (before, after) = (lower[..at].trim_end_matches('_'), lower[at + to.len()..].trim_start_matches('_'));
            let version = before.trim_end_matches(|c: char| c.is_ascii_digit());
            version.len() < before.len()
                && version.ends_with('v')
                && after.starts_with('v')
                && after[1..].starts_with(|c: char| c.is_ascii_digit())
        })
}

/// The words of the fact `runs_in` for a function.
pub(crate) fn runs_in(cx: Cx<'_>, unit: &Unit, function: FunctionId) -> Vec<&'static str> {
    let mut words = Vec::new();
    let path = cx.project.path(unit.file);
    if in_tests(cx, unit.file) {
        words.push("test");
    }
    if PathRules::is_migration(path) {
        words.push("migration");
    }
    if PathRules::is_script(path) || cx.source(unit).starts_with("#!") {
        words.push("script");
    }
    let mut at = Some(function);
    let mut load = true;
    while let Some(id) = at {
        let function = unit.module.function(id);
        if function.name.as_deref().is_some_and(is_for_tests) {
            words.push("test");
        }
        if function.name.as_deref().is_some_and(is_for_migration) {
            words.push("migration");
        }
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

/// Whether a call stands behind a test of the environment that only holds in tests: `client.flushdb if Rails.env.test?`.
pub(crate) fn only_in_tests(cx: Cx<'_>, unit: &Unit, id: NodeId) -> bool {
    let around = std::iter::successors(Some((id, id)), |(_, at)| unit.around(*at).map(|parent| (*at, parent)));
    around.take(64).any(|(inner, node)| match unit.module.kind(node) {
        Kind::Branch { condition, then, .. } if *then == inner => {
            let text = cx.source(unit).get(unit.module.span(*condition).range()).unwrap_or_default();
            let asks = text.contains("env.test?") || text.contains("NODE_ENV") && (text.contains("'test'") || text.contains("\"test\""));
            asks && !text.contains(['!', '|']) && !matches!(unit.module.kind(*condition), Kind::Unary { .. })
        }
        _ => false,
    })
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

/// What begins at a function: a request handler, a job or a script.
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
    let path = cx.project.path(unit.file);
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
        Kind::Call(call) => called_name(unit, call),
        _ => name_of(unit, node),
    }
}

fn ruby_entry(cx: Cx<'_>, unit: &Unit, id: FunctionId) -> Option<&'static str> {
    let function = unit.module.function(id);
    if function.kind == FunctionKind::Block {
        // Sinatra and Grape: `get "/path" do`.
        let (_, call) = caller(unit, id)?;
        let Target::Own(name) = &call.target else { return None };
        // Rake, wherever the file lies: `task :clean do`, `task clean: :environment do`.
        if name == "task"
            && call.args.first().is_some_and(|argument| matches!(unit.module.kind(argument.value), Kind::Literal(_) | Kind::Object(_)))
        {
            return Some("script");
        }
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
    if cx.project.path(unit.file).contains("controllers/")
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

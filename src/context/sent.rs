//! Which command a call on a client sends.

use smol_str::SmolStr;

use super::Cx;
use super::arguments::through_casts;
use super::configured::Options;
use super::construction::made_by;
use super::operations::{allowed, role};
use super::receiver::Reached;
use crate::client::{Evidence, Library, LibraryCall, MethodShape, MethodVerdict, Raw, RawWords, Spelled};
use crate::command::Command;
use crate::program::{Argument, ArgumentKind, Call, Kind};
use crate::resolve::Unit;
use crate::resolve::value::ClientValue;

/// The command of a call, with the arguments that follow its name.
pub(crate) struct Sent {
    /// Canonical name, or that of a life-cycle call: `EXEC`, `DISCARD`, `QUIT`.
    pub command: SmolStr,
    /// Its row in the command table.
    pub entry: Option<&'static Command>,
    /// The arguments behind the name.
    pub args: Vec<Argument>,
    /// How it is sent.
    pub way: Way,
    /// What else is special in the method's arguments or reply.
    pub shape: Option<MethodShape>,
    /// Whether the method is one that was made to give a promise: `getAsync`.
    pub promised: bool,
    /// Whether the allowed versions differ in this.
    pub differs: bool,
}

impl Sent {
    /// A command that nothing special is known of.
    fn plain(command: SmolStr, entry: Option<&'static Command>, args: Vec<Argument>, way: Way) -> Self {
        Self { command, entry, args, way, shape: None, promised: false, differs: false }
    }
}

/// How a command is sent.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// By a method of its own.
    Method(MethodVerdict),
    /// Word by word: `call("GET", k)`.
    Raw,
    /// Word by word, kept until another call sends it.
    Kept,
    /// As a script that the project has named.
    Script,
    /// By a library above the client, which makes the command: `Rails.cache.read`.
    Library,
    /// It belongs to the life of a client or queue; what it does.
    LifeCycle(&'static str),
}

/// Reads a call; `None` when its method sends no command.
pub(crate) fn sent(cx: Cx<'_>, unit: &Unit, call: &Call, on: &Reached, client: &ClientValue) -> Option<Sent> {
    let table = cx.catalog.library(client.library);
    let versions = allowed(cx, unit, client);
    if let Some((command, does)) = life_cycle(table, on, versions) {
        return Some(Sent::plain(command.into(), None, Vec::new(), Way::LifeCycle(does)));
    }
    if let Some(raw) = table.raw(&on.method, versions) {
        return Some(sent_raw(cx, unit, call, raw.newest));
    }
    if cx.scripts.has(&on.method) {
        return Some(Sent::plain("EVALSHA".into(), cx.commands.get("EVALSHA"), call.args.clone(), Way::Script));
    }
    if let Some(made) = table.library_call_on(role(on), &on.method, versions) {
        return sent_by_library(cx, call, client, made.newest, !made.agree);
    }
    // What another version has says which command it is, and not whether this one has it.
    let elsewhere = || {
        let spelled = table.spell(&on.method, role(on), table.all_versions())?;
        Some(spelled.map(|spelled| Spelled { verdict: MethodVerdict::Exists, ..spelled }))
    };
    let spelled = table.spell(&on.method, role(on), versions).or_else(elsewhere)?;
    let entry = spelled.newest.command?;
    // What only registers a script with the client sends nothing; `redis.client` is an accessor, `redis.client(:list)` a command.
    if spelled.newest.shape == Some(MethodShape::DefinesMethod) || entry.is_container && call.args.is_empty() {
        return None;
    }
    let (entry, used) = subcommand(cx, unit, entry, &call.args);
    let way = Way::Method(spelled.newest.verdict);
    let shape = spelled.newest.shape;
    let promised = on.promised || spelled.newest.suffix == Some("Async");
    let plain = Sent::plain(entry.name.clone(), Some(entry), call.args[used..].to_vec(), way);
    Some(Sent { shape, promised, differs: !spelled.agree, ..plain })
}

fn life_cycle(table: &Library, on: &Reached, versions: crate::client::Versions) -> Option<(&'static str, &'static str)> {
    match on.queue {
        Some(_) if table.sends_queue(&on.method) => Some(("EXEC", "transaction")),
        Some(_) if table.drops_queue(&on.method) => Some(("DISCARD", "transaction")),
        None if table.close(&on.method, versions).is_some() => Some(("QUIT", "close")),
        _ => None,
    }
}

/// The command that a library makes of a call, if the project is known to use the library with Redis.
fn sent_by_library(cx: Cx<'_>, call: &Call, client: &ClientValue, made: &LibraryCall, differs: bool) -> Option<Sent> {
    let shared = client.evidence == Evidence::Named;
    if shared && !cx.configured.has(client.library) {
        return None;
    }
    if let Some(option) = &made.unless_option {
        let lacks = if shared { cx.configured.lacks(client.library, option) } else { made_without(cx, client, option) };
        if !lacks {
            return None;
        }
    }
    if let Some(option) = &made.needs
        && !holds_redis(cx, client, option, 0)
    {
        return None;
    }
    let entry = cx.commands.get(&made.command)?;
    Some(Sent { differs, ..Sent::plain(entry.name.clone(), Some(entry), call.args.clone(), Way::Library) })
}

/// Whether a client was certainly made without an option.
fn made_without(cx: Cx<'_>, client: &ClientValue, option: &str) -> bool {
    made_by(cx, client).is_some_and(|(unit, call)| Options::of_arguments(unit, &call.args).lack(option))
}

/// Whether an option of a store's construction, or a member of the list that it is, is a store of Redis.
fn holds_redis(cx: Cx<'_>, client: &ClientValue, option: &str, depth: usize) -> bool {
    let Some((unit, call)) = made_by(cx, client).filter(|_| depth < 4 && client.evidence == Evidence::Constructed) else { return false };
    let options = call.args.iter().filter_map(|argument| match unit.module.kind(through_casts(unit, argument.value)) {
        Kind::Object(entries) => Some(entries),
        _ => None,
    });
    options.flatten().filter(|entry| entry.key.name().is_some_and(|name| name == option)).any(|entry| {
        let members = match unit.module.kind(through_casts(unit, entry.value)) {
            Kind::Array(members) => members.clone(),
            _ => vec![entry.value],
        };
        members.into_iter().flat_map(|member| cx.texts.values(unit, member).clients()).any(|inner| {
            let needs = cx.catalog.library(inner.library).store_needs();
            inner.evidence == Evidence::Constructed && needs.is_none_or(|needs| holds_redis(cx, &inner, needs, depth + 1))
        })
    })
}

fn sent_raw(cx: Cx<'_>, unit: &Unit, call: &Call, raw: &Raw) -> Sent {
    let mut given = call.args.iter().skip(usize::from(raw.skip));
    let mut args: Vec<Argument> = Vec::new();
    match raw.words {
        // Arrays among the words are words in a row.
        RawWords::Arguments => {
            for argument in given {
                match unit.module.kind(through_casts(unit, argument.value)) {
                    Kind::Array(members) if argument.kind == ArgumentKind::Positional => {
                        args.extend(members.iter().map(|member| Argument { value: *member, kind: ArgumentKind::Positional }));
                    }
                    _ => args.push(argument.clone()),
                }
            }
        }
        RawWords::Array | RawWords::NameAndArray => {
            if raw.words == RawWords::NameAndArray {
                args.extend(given.next().cloned());
            }
            if let Some(list) = given.next()
                && let Kind::Array(members) = unit.module.kind(through_casts(unit, list.value))
            {
                args.extend(members.iter().map(|member| Argument { value: *member, kind: ArgumentKind::Positional }));
            }
        }
        RawWords::Object => {}
    }
    let way = if raw.kept { Way::Kept } else { Way::Raw };
    let texts: Vec<Option<SmolStr>> = args.iter().take(2).map(|argument| cx.texts.known(unit, argument.value)).collect();
    let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
    match cx.commands.of_words(&texts) {
        Some((entry, used)) => {
            args.drain(..used.min(args.len()));
            Sent::plain(entry.name.clone(), Some(entry), args, way)
        }
        None => Sent::plain("UNKNOWN".into(), None, Vec::new(), way),
    }
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

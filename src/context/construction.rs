//! What the library makes of the way a client is constructed: of the call itself, of its arguments, of its options.

use smol_str::SmolStr;

use super::Cx;
use super::arguments::through_casts;
use super::nilable::is_environment;
use super::operations::allowed;
use crate::client::{
    ApiVerdict, CallForm as MakeForm, Collapsed, Connect, Library, Make, OptionMeans, OptionVerdict, SubscriberMode, Versions,
};
use crate::client::{ArgumentShape, ConstructionOption};
use crate::operation::{Client, Facts, fact};
use crate::program::{ArgumentKind, Call, CallForm, Entry, EntryKey, Kind, Literal, NodeId, Target};
use crate::resolve::Unit;
use crate::resolve::value::{Atom, ClientValue};

/// Verdicts on options, from the one that breaks most.
const WORST_FIRST: &[OptionVerdict] = &[OptionVerdict::Rejected, OptionVerdict::Removed, OptionVerdict::Misnamed, OptionVerdict::Ignored];

/// What places a password that nobody is meant to keep secret.
const PLACEHOLDERS: &[&str] =
    &["password", "passwd", "pass", "secret", "changeme", "redis", "test", "example", "root", "admin", "token", "default"];

/// One option of a construction, with the file its value stands in.
struct Given<'u> {
    name: SmolStr,
    unit: &'u Unit,
    value: NodeId,
}

/// The options of a construction.
#[derive(Default)]
struct Options<'u> {
    all: Vec<Given<'u>>,
    /// Whether there may be others.
    open: bool,
}

impl Given<'_> {
    /// The text of the value; `nil` for null.
    fn text(&self, cx: Cx<'_>) -> Option<SmolStr> {
        match self.unit.module.kind(through_casts(self.unit, self.value)) {
            Kind::Literal(Literal::Nil) => Some(SmolStr::new_static("nil")),
            _ => cx.texts.known(self.unit, self.value),
        }
    }
}

/// Sets the facts that a construction's call, arguments and options give.
pub(crate) fn facts(cx: Cx<'_>, unit: &Unit, call: &Call, made: &ClientValue, client: &mut Client) {
    let table = cx.catalog.library(made.library);
    let versions = allowed(cx, unit, made);
    let names = names(cx, unit, call);
    if let Some(found) = names.iter().find_map(|name| name.make(table, versions)).or_else(|| from_client(cx, unit, call, table, versions)) {
        client.versions_differ |= !found.agree;
        if !asked_first(unit, call) && cx.project.allowed(unit.file, made.library).named {
            client.facts.set_word(fact::API_VERDICT, found.newest.verdict.unwrap_or(ApiVerdict::Fine).word());
        }
        client.facts.set_word(fact::CONNECT_NEED, found.newest.connect.map_or("none", Connect::word));
        if let Some(safe) = found.newest.thread_safe {
            client.facts.set_bool(fact::THREAD_SAFE, safe);
        }
        if let (Some(verdict), Some(shape)) = (found.newest.other_arguments, shape(cx, unit, call)) {
            let accepted = found.newest.arguments().contains(&shape);
            client.facts.set_word(fact::ARGUMENTS_VERDICT, if accepted { "accepted" } else { verdict.word() });
        }
    }
    if let Some(subscriber) = table.subscriber(versions) {
        client.versions_differ |= !subscriber.agree;
        let refuses = subscriber.newest.mode == SubscriberMode::Refuses;
        client.facts.set_word(fact::SUBSCRIBER_MODE, if refuses { "refuses-others" } else { "allows-others" });
    }
    let options = options(cx, unit, call);
    let of: Vec<&str> = names.iter().flat_map(Name::spellings).collect();
    option_facts(table, &of, versions, &options, client);
    if let Some(word) = decodes(table, &of, versions, &options) {
        client.facts.set_bool(fact::DECODES, word);
    }
    if let Some(word) = command_timeout(table, &of, versions, &options) {
        client.facts.set_word(fact::COMMAND_TIMEOUT, word);
    }
    if let Some(word) = retries(cx, table, &of, versions, &options) {
        client.facts.set_word(fact::RETRIES, word);
    }
    secret_facts(cx, table, &of, versions, &options, unit, call, &mut client.facts);
}

/// The call that made a client.
pub(crate) fn made_by<'a>(cx: Cx<'a>, client: &ClientValue) -> Option<(&'a Unit, &'a Call)> {
    let unit = cx.resolution.links.unit(client.place.file)?;
    let mut calls = unit.calls();
    calls.find(|(_, call)| call.name_span.start == client.place.offset).map(|(_, call)| (unit, call))
}

/// Whether a call makes a client of another one: `client.duplicate()`.
pub(crate) fn is_copy(cx: Cx<'_>, unit: &Unit, call: &Call) -> bool {
    matches!(&call.target, Target::Method { receiver, .. } if !cx.texts.values(unit, *receiver).clients().is_empty())
}

/// The value that a client was made with for an option: its text, `nil` for null, or `None` when the option is not given. The
/// outer `None` is unknown.
#[allow(clippy::option_option, reason = "unknown, not given, given")]
pub(crate) fn option_value(cx: Cx<'_>, client: &ClientValue, name: &str) -> Option<Option<SmolStr>> {
    let (unit, call) = made_by(cx, client)?;
    // What it takes over from another client is written elsewhere.
    if is_copy(cx, unit, call) {
        return None;
    }
    let options = options(cx, unit, call);
    match options.all.iter().rev().find(|option| option.name == name) {
        Some(option) => option.text(cx).map(Some),
        None => (!options.open).then_some(None),
    }
}

/// Whether a construction hands out a client that others were handed, too: `Redis.current`.
pub(crate) fn is_shared(cx: Cx<'_>, unit: &Unit, call: &Call, made: &ClientValue) -> bool {
    let (table, versions) = (cx.catalog.library(made.library), allowed(cx, unit, made));
    names(cx, unit, call).iter().find_map(|name| name.make(table, versions)).is_some_and(|found| found.newest.shared)
}

/// Whether a condition around a call asks for the method: `Redis.respond_to?(:current) ? Redis.current : Redis.new`.
fn asked_first(unit: &Unit, call: &Call) -> bool {
    let Target::Method { receiver, .. } = &call.target else { return false };
    let mut at = *receiver;
    while let Some(parent) = unit.parents[at.0 as usize] {
        if let Kind::Branch { condition, .. } = unit.module.kind(parent)
            && *condition != at
            && matches!(unit.module.kind(*condition), Kind::Call(asks) if matches!(&asks.target, Target::Method { name, .. } if name == "respond_to?"))
        {
            return true;
        }
        at = parent;
    }
    false
}

/// The row of a construction by a method of a client or of a configuration.
fn from_client<'t>(cx: Cx<'_>, unit: &Unit, call: &Call, table: &'t Library, versions: Versions) -> Option<Collapsed<&'t Make>> {
    let Target::Method { receiver, name } = &call.target else { return None };
    cx.texts.values(unit, *receiver).clients().iter().find_map(|client| table.make_on(client.role, name, versions))
}

/// How a construction is named in the tables.
struct Name {
    path: SmolStr,
    form: MakeForm,
    constant: bool,
}

impl Name {
    fn make<'t>(&self, table: &'t Library, versions: Versions) -> Option<Collapsed<&'t Make>> {
        self.spellings().find_map(|path| {
            if self.constant { table.make_constant(path, &self.form, versions) } else { table.make_export(path, &self.form, versions) }
        })
    }

    fn spellings(&self) -> impl Iterator<Item = &str> {
        let path = if self.path == "*" { "default" } else { self.path.as_str() };
        [Some(path), path.strip_prefix("default."), path.strip_prefix("*.")].into_iter().flatten()
    }
}

/// The names under which a table may list what is called.
fn names(cx: Cx<'_>, unit: &Unit, call: &Call) -> Vec<Name> {
    let mut all = Vec::new();
    let exports = |node: NodeId| {
        cx.texts.values(unit, node).iter().filter_map(|atom| if let Atom::Export(_, path) = atom { Some(path.clone()) } else { None })
    };
    match &call.target {
        Target::Function(callee) => {
            let form = if call.form == CallForm::New { MakeForm::New } else { MakeForm::Function };
            all.extend(exports(*callee).map(|path| Name { path, form: form.clone(), constant: false }));
        }
        Target::Method { receiver, name } => {
            for path in exports(*receiver) {
                all.push(Name { path: format!("{path}.{name}").into(), form: MakeForm::Function, constant: false });
                all.push(Name { path, form: MakeForm::Method(name.clone()), constant: false });
            }
            if let Kind::Constant { path, .. } = unit.module.kind(*receiver) {
                let form = if name == "new" { MakeForm::New } else { MakeForm::Method(name.clone()) };
                all.push(Name { path: path.join("::").into(), form, constant: true });
            }
        }
        Target::Own(_) | Target::Super => {}
    }
    all
}

/// The shape of the positional arguments, where the code shows it.
fn shape(cx: Cx<'_>, unit: &Unit, call: &Call) -> Option<ArgumentShape> {
    if call.args.iter().any(|argument| argument.kind != ArgumentKind::Positional) {
        return None;
    }
    let kinds: Option<Vec<ArgumentShape>> = call.args.iter().map(|argument| kind(cx, unit, through_casts(unit, argument.value))).collect();
    Some(match kinds?.as_slice() {
        [] => ArgumentShape::None,
        [one] => *one,
        [ArgumentShape::Url, ArgumentShape::Options] => ArgumentShape::UrlOptions,
        [ArgumentShape::Port, ArgumentShape::Url] => ArgumentShape::PortHost,
        [ArgumentShape::Port, ArgumentShape::Url, ArgumentShape::Options] => ArgumentShape::PortHostOptions,
        _ => return None,
    })
}

/// What an argument is; a host counts as a URL.
fn kind(cx: Cx<'_>, unit: &Unit, node: NodeId) -> Option<ArgumentShape> {
    if let Some(text) = cx.texts.known(unit, node) {
        let number = matches!(unit.module.kind(node), Kind::Literal(Literal::Int(_)));
        return Some(match text.as_str() {
            _ if number => ArgumentShape::Port,
            text if text.starts_with('/') => ArgumentShape::Path,
            _ => ArgumentShape::Url,
        });
    }
    match unit.module.kind(node) {
        Kind::Object(_) => Some(ArgumentShape::Options),
        Kind::Template(_) => Some(ArgumentShape::Url),
        Kind::Member { object, .. } if is_environment(unit, *object) => Some(ArgumentShape::Url),
        Kind::Logic { left, right, .. } => kind(cx, unit, *left).or_else(|| kind(cx, unit, *right)),
        _ => None,
    }
}

fn options<'u>(cx: Cx<'u>, unit: &'u Unit, call: &Call) -> Options<'u> {
    let mut found = Options::default();
    for argument in &call.args {
        match &argument.kind {
            ArgumentKind::Keyword(name) => found.take(cx, unit, name.clone(), argument.value),
            ArgumentKind::Positional => {
                if let Some((there, entries)) = object(cx, unit, argument.value) {
                    found.entries(cx, there, "", entries, 0);
                } else {
                    found.open |= kind(cx, unit, through_casts(unit, argument.value)).is_none();
                }
            }
            ArgumentKind::Block => {}
            ArgumentKind::Spread | ArgumentKind::KeywordSpread => found.open = true,
        }
    }
    found
}

/// The entries of an object literal, or of the one that a constant holds.
fn object<'u>(cx: Cx<'u>, unit: &'u Unit, node: NodeId) -> Option<(&'u Unit, &'u [Entry])> {
    let node = through_casts(unit, node);
    if let Kind::Object(entries) = unit.module.kind(node) {
        return Some((unit, entries));
    }
    let (file, defined) = cx.texts.definition(unit, node, 0)?;
    let there = cx.resolution.links.unit(file)?;
    match there.module.kind(through_casts(there, defined)) {
        Kind::Object(entries) => Some((there, entries)),
        _ => None,
    }
}

impl<'u> Options<'u> {
    fn entries(&mut self, cx: Cx<'u>, unit: &'u Unit, prefix: &str, entries: &'u [Entry], depth: usize) {
        for entry in entries {
            let (EntryKey::Name(name) | EntryKey::Symbol(name)) = &entry.key else {
                match object(cx, unit, entry.value).filter(|_| matches!(entry.key, EntryKey::Spread) && depth < 2) {
                    Some((there, inner)) => self.entries(cx, there, prefix, inner, depth + 1),
                    None => self.open |= depth == 0,
                }
                continue;
            };
            let name: SmolStr = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}").into() };
            self.all.push(Given { name: name.clone(), unit, value: entry.value });
            if depth < 2
                && let Some((there, inner)) = object(cx, unit, entry.value)
            {
                self.entries(cx, there, &name, inner, depth + 1);
            }
        }
    }

    fn take(&mut self, cx: Cx<'u>, unit: &'u Unit, name: SmolStr, value: NodeId) {
        self.all.push(Given { name: name.clone(), unit, value });
        if let Some((there, inner)) = object(cx, unit, value) {
            self.entries(cx, there, &name, inner, 1);
        }
    }
}

fn of_table<'t>(table: &'t Library, of: &[&str], name: &str, versions: Versions) -> Option<Collapsed<ConstructionOption<'t>>> {
    of.iter().find_map(|of| table.option(of, name, versions))
}

fn option_facts(table: &Library, of: &[&str], versions: Versions, options: &Options<'_>, client: &mut Client) {
    let mut verdicts: Vec<&'static str> = Vec::new();
    let mut worst: Option<(usize, &Given<'_>)> = None;
    for option in &options.all {
        let Some(said) = of_table(table, of, &option.name, versions) else { continue };
        verdicts.push(said.newest.verdict.word());
        let Some(rank) = WORST_FIRST.iter().position(|verdict| *verdict == said.newest.verdict) else { continue };
        if worst.as_ref().is_none_or(|(before, _)| rank < *before) {
            client.versions_differ |= !said.agree;
            worst = Some((rank, option));
        }
    }
    if !verdicts.is_empty() {
        client.facts.set_words(fact::OPTION_VERDICT, verdicts);
    }
    if let Some((_, option)) = worst {
        client.option = Some(option.name.clone());
    }
}

/// Whether a client decodes replies, where its library has an option for it: it does unless it is told not to.
fn decodes(table: &Library, of: &[&str], versions: Versions, options: &Options<'_>) -> Option<bool> {
    let means = |name: &str| of_table(table, of, name, versions).and_then(|said| said.newest.means);
    if let Some(option) = options.all.iter().find(|option| means(&option.name) == Some(OptionMeans::Decode)) {
        return match option.unit.module.kind(option.value) {
            Kind::Literal(Literal::Bool(on)) => Some(*on),
            _ => None,
        };
    }
    table.has_option(OptionMeans::Decode).then_some(true)
}

/// The fact `command_timeout`, with libraries that have an option for it.
fn command_timeout(table: &Library, of: &[&str], versions: Versions, options: &Options<'_>) -> Option<&'static str> {
    let sets = |name: &str| of_table(table, of, name, versions).and_then(|said| said.newest.means) == Some(OptionMeans::CommandTimeout);
    if options.all.iter().any(|option| sets(&option.name)) {
        return Some("given");
    }
    let can = of.iter().any(|of| table.option_for(of, OptionMeans::CommandTimeout, versions));
    (can && !options.open).then_some("absent")
}

/// The fact `retries`, where an option says it.
fn retries(cx: Cx<'_>, table: &Library, of: &[&str], versions: Versions, options: &Options<'_>) -> Option<&'static str> {
    options.all.iter().find_map(|option| {
        let without_end = of_table(table, of, &option.name, versions)?.newest.unbounded?;
        Some(if option.text(cx)? == without_end { "unbounded" } else { "bounded" })
    })
}

/// Sets the facts `password` and `tls`.
#[allow(clippy::too_many_arguments, reason = "they are what an option means, and where it stands")]
fn secret_facts(
    cx: Cx<'_>,
    table: &Library,
    of: &[&str],
    versions: Versions,
    options: &Options<'_>,
    unit: &Unit,
    call: &Call,
    facts: &mut Facts,
) {
    let means = |option: &Given<'_>| of_table(table, of, &option.name, versions).and_then(|said| said.newest.means);
    let known = |option: &Given<'_>| cx.texts.known(option.unit, option.value);
    let is_local = options.all.iter().filter(|option| means(option) == Some(OptionMeans::Host)).filter_map(known).any(|host| local(&host));
    let mut password = None;
    for option in &options.all {
        match means(option) {
            Some(OptionMeans::Password) => password = Some(known(option).map_or("environment", |text| word_for(&text, is_local))),
            Some(OptionMeans::Url) => password = password.or(known(option).and_then(|url| in_url(&url))),
            Some(OptionMeans::TlsVerify) => {
                let off = matches!(option.unit.module.kind(option.value), Kind::Literal(Literal::Bool(false)));
                facts.set_word(fact::TLS, if off { "unverified" } else { "verified" });
            }
            _ => {}
        }
        let verify_none = matches!(option.unit.module.kind(option.value), Kind::Constant { path, .. } if path.last().is_some_and(|name| name == "VERIFY_NONE"));
        if verify_none {
            facts.set_word(fact::TLS, "unverified");
        }
    }
    if let Some(first) = call.args.first().filter(|first| first.kind == ArgumentKind::Positional) {
        password = password.or(cx.texts.known(unit, first.value).and_then(|url| in_url(&url)));
    }
    if let Some(word) = password {
        facts.set_word(fact::PASSWORD, word);
    }
}

fn local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0" | "host.docker.internal")
}

/// What the password in a URL is: `rediss://:secret@host:6379`.
fn in_url(url: &str) -> Option<&'static str> {
    let (_, rest) = url.split_once("://")?;
    let (login, address) = rest.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    let host = address.split(['/', '?']).next().unwrap_or(address);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    Some(word_for(password, local(host)))
}

fn word_for(password: &str, is_local: bool) -> &'static str {
    let plain = password.to_ascii_lowercase();
    let filler = plain.is_empty()
        || is_local
        || plain.starts_with(['<', '$', '{', '*'])
        || plain.contains("your")
        || plain.contains("example")
        || PLACEHOLDERS.contains(&plain.as_str());
    if filler { "placeholder" } else { "literal" }
}

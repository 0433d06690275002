//! The rows of a client table. The fields that say which thing a row is about (its identity) are lists in the file; when a
//! table has been loaded, every row is about one thing.

use serde::Deserialize;
use smol_str::SmolStr;

use super::list::{List, PerName};
use super::meaning::Meanings;
use super::version::VersionRange;
use super::words::{
    ApiVerdict, ArgumentShape, BlockGets, BlockParameter, BlockingEffect, Case, CommandReturns, Connect, Container, Copies, Evidence,
    FormShape, FormVerdict, Iterates, ListenerNeed, MethodShape, MethodVerdict, OptionMeans, OptionVerdict, Outer, Purpose, QueueAbort,
    QueueErrors, QueueKind, RawWords, Role, SubscriberMode, UnknownMethod, ValueKind, ValueVerdict,
};
use crate::command::{Reply, ReplyMissing};

/// A row of any array of a table.
pub(super) trait Row: Clone + PartialEq {
    /// When it holds, as written; taken out, so that rows compare by what they say.
    fn take_versions(&mut self) -> Option<VersionRange>;
    /// Rows about one thing each.
    fn split(self) -> Vec<Self>;
    /// What it is about.
    fn identity(&self) -> String;
}

macro_rules! row {
    ($name:ident: $($list:ident),* => |$row:ident| $identity:expr) => {
        impl Row for $name {
            fn take_versions(&mut self) -> Option<VersionRange> {
                self.versions.take()
            }

            fn split(self) -> Vec<Self> {
                let rows = vec![self];
                $(let rows: Vec<Self> = rows
                    .into_iter()
                    .flat_map(|row| row.$list.singles().into_iter().map(move |one| Self { $list: one, ..row.clone() }))
                    .collect();)*
                rows
            }

            fn identity(&self) -> String {
                let $row = self;
                $identity
            }
        }
    };
}

/// How something is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallForm {
    /// `new X(…)`, `X.new(…)`.
    New,
    /// `x(…)`.
    Function,
    /// `X.name(…)`.
    Method(SmolStr),
}

impl CallForm {
    fn text(&self) -> &str {
        match self {
            Self::New => "new",
            Self::Function => "function",
            Self::Method(name) => name,
        }
    }
}

impl<'de> Deserialize<'de> for CallForm {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = SmolStr::deserialize(from)?;
        match word.as_str() {
            "new" => Ok(Self::New),
            "function" => Ok(Self::Function),
            text => match text.strip_prefix("method:") {
                Some(name) if !name.is_empty() => Ok(Self::Method(name.into())),
                _ => Err(serde::de::Error::unknown_variant(&word, &["new", "function", "method:NAME"])),
            },
        }
    }
}

/// Where a wrapper's inner client comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wraps {
    /// The value of the block.
    Block,
    /// The keyword argument or option of that name.
    Keyword(SmolStr),
    /// The positional argument, 0-based.
    Argument(u8),
}

impl<'de> Deserialize<'de> for Wraps {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = SmolStr::deserialize(from)?;
        let numbered = |text: &str| text.parse().ok().map(Self::Argument);
        let found = match word.split_once(':') {
            None if word == "block" => Some(Self::Block),
            Some(("keyword", name)) if !name.is_empty() => Some(Self::Keyword(name.into())),
            Some(("argument", number)) => numbered(number),
            _ => None,
        };
        found.ok_or_else(|| serde::de::Error::unknown_variant(&word, &["block", "keyword:NAME", "argument:NUMBER"]))
    }
}

/// An expression that yields a client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Make {
    #[serde(default)]
    pub(super) export: List<SmolStr>,
    #[serde(default)]
    pub(super) constant: List<SmolStr>,
    #[serde(default)]
    pub(super) on: List<Role>,
    pub(super) call: List<CallForm>,
    /// What comes of it.
    pub role: Role,
    #[serde(default)]
    pub(super) arguments: List<ArgumentShape>,
    /// When it opens its connection.
    pub connect: Option<Connect>,
    /// What becomes of positional arguments of another shape.
    pub other_arguments: Option<FormVerdict>,
    /// Whether several threads may use what comes of it.
    pub thread_safe: Option<bool>,
    #[serde(default)]
    pub(super) copies: List<Copies>,
    /// What the library says of this way to make one.
    pub verdict: Option<ApiVerdict>,
    /// The client inside, for wrappers and pools.
    pub wraps: Option<Wraps>,
    /// Whether the expression is a promise of the client.
    #[serde(default)]
    pub promise: bool,
    /// The positional argument that is a prefix of every key, 0-based.
    pub prefix: Option<u8>,
    /// Whether it hands out one client again and again, which is made the first time.
    #[serde(default)]
    pub shared: bool,
    versions: Option<VersionRange>,
}

row!(Make: export, constant, on, call => |row| {
    let on = row.on.first().map_or("", |role| role.word());
    format!("{}{}{on} {}", row.export.first_name(), row.constant.first_name(), row.call.first().map_or("", CallForm::text))
});

impl Make {
    /// The arguments it takes.
    #[must_use]
    pub fn arguments(&self) -> &[ArgumentShape] {
        &self.arguments
    }

    /// What the new client takes over from the old one.
    #[must_use]
    pub fn copies(&self) -> &[Copies] {
        &self.copies
    }
}

/// A type whose values are clients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeRow {
    #[serde(default)]
    pub export: List<SmolStr>,
    #[serde(default)]
    pub constant: List<SmolStr>,
    pub role: Role,
    versions: Option<VersionRange>,
}

row!(TypeRow: export, constant => |row| format!("{}{}", row.export.first_name(), row.constant.first_name()));

/// A way to get at a client that the library keeps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accessor {
    #[serde(default)]
    pub(super) constant: List<SmolStr>,
    #[serde(default)]
    pub(super) export: List<SmolStr>,
    #[serde(default)]
    pub(super) on: List<Role>,
    #[serde(default)]
    pub(super) method: List<SmolStr>,
    /// What it answers; `None` when only its block gets a client.
    pub role: Option<Role>,
    /// What its block gets.
    pub block: Option<Role>,
    /// How certain that makes it.
    pub evidence: Option<Evidence>,
    /// The name of the table of the client it gives; `None`: this one.
    pub library: Option<SmolStr>,
    /// The name of the table of the clients in the pool it gives.
    pub contains: Option<SmolStr>,
    /// Whether it gives the client that this one wraps, whatever its library.
    #[serde(default)]
    pub wrapped: bool,
    /// What the library says of it.
    pub verdict: Option<ApiVerdict>,
    versions: Option<VersionRange>,
}

row!(Accessor: constant, export, on, method => |row| {
    let on = row.on.first().map_or("", |role| role.word());
    format!("{}{}{on}.{}", row.constant.first_name(), row.export.first_name(), row.method.first_name())
});

/// A method that answers with the same client, seen another way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    pub(super) method: List<SmolStr>,
    /// Of whom; everyone when empty.
    #[serde(default)]
    pub(super) on: List<Role>,
    /// What it answers; `None`: the role of the receiver.
    pub role: Option<Role>,
    /// What is different there: `callbacks`, `chain`, `promise`.
    pub effect: Option<SmolStr>,
    versions: Option<VersionRange>,
}

row!(View: method, on => |row| format!("{} {}", row.method.first_name(), row.on.first().map_or("", |role| role.word())));

/// How method names give commands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spelling {
    pub case: List<Case>,
    pub container: Container,
    pub unknown_method: UnknownMethod,
    #[serde(default)]
    pub suffixes: List<SmolStr>,
    /// The names of `camel`, each as it is spelled.
    #[serde(default)]
    pub names: List<SmolStr>,
    /// Commands that the library has no method for.
    #[serde(default)]
    pub absent: List<SmolStr>,
    versions: Option<VersionRange>,
}

row!(Spelling: => |_row| String::new());

/// A method that the spelling does not explain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub(super) name: List<SmolStr>,
    /// Only of clients of these roles; everyone's when empty.
    #[serde(default)]
    pub(super) on: List<Role>,
    /// The command it sends; none: it is not a command, or it is gone.
    pub command: Option<SmolStr>,
    /// The slots of the command in the order of the method's arguments, where it differs.
    pub argument_order: Option<Vec<SmolStr>>,
    /// What its block gets.
    pub block: Option<BlockGets>,
    /// What it iterates over.
    pub iterates: Option<Iterates>,
    /// What else is special.
    pub shape: Option<MethodShape>,
    /// Option tokens that it always sends: `WITHSCORES`.
    #[serde(default)]
    pub(super) tokens: List<SmolStr>,
    /// What becomes of the name.
    pub verdict: Option<MethodVerdict>,
    /// The command, or the method, to use instead.
    pub instead: Option<SmolStr>,
    versions: Option<VersionRange>,
}

row!(Method: name, on => |row| format!("{} {}", row.name.first_name(), row.on.first().map_or("", |role| role.word())));

impl Method {
    /// Option tokens that it always sends.
    #[must_use]
    pub fn tokens(&self) -> &[SmolStr] {
        &self.tokens
    }
}

/// A method that sends the words it is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    pub(super) method: List<SmolStr>,
    /// Where the words stand.
    pub words: RawWords,
    /// How many leading arguments are not words.
    #[serde(default)]
    pub skip: u8,
    /// Whether it waits for as long as a blocking command needs.
    #[serde(default)]
    pub waits: bool,
    /// Whether it is kept until another call sends what was kept.
    #[serde(default)]
    pub kept: bool,
    /// Whether keyword arguments become options of the command: `ex: 5` → `EX 5`.
    #[serde(default)]
    pub keywords: bool,
    versions: Option<VersionRange>,
}

row!(Raw: method => |row| row.method.first_name().to_owned());

/// A shape of arguments after the fixed slots of a command.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub(super) command: List<SmolStr>,
    pub(super) shape: List<FormShape>,
    /// What the library does with the shape as such.
    pub verdict: FormVerdict,
    /// What it does with a name that is not in `keys`; `None`: unknown.
    pub others: Option<FormVerdict>,
    /// The names it takes.
    #[serde(default)]
    pub keys: Meanings,
    versions: Option<VersionRange>,
}

row!(Form: command, shape => |row| format!("{} {}", row.command.first_name(), row.shape.first().map_or("", |shape| shape.word())));

/// What happens to an argument of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueRow {
    pub kind: List<ValueKind>,
    #[serde(default)]
    pub commands: List<SmolStr>,
    pub verdict: ValueVerdict,
    versions: Option<VersionRange>,
}

row!(ValueRow: kind, commands => |row| format!("{} {}", row.kind.first().map_or("", |kind| kind.word()), row.commands.first_name()));

/// How a reply differs from what the command table says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyRow {
    pub(super) commands: List<SmolStr>,
    /// Only with this condition among the arguments: `NX`.
    #[serde(default)]
    pub(super) condition: List<SmolStr>,
    /// Its shape.
    pub reply: Option<Reply>,
    /// What stands for a missing key.
    pub missing: Option<ReplyMissing>,
    versions: Option<VersionRange>,
}

row!(ReplyRow: commands, condition => |row| format!("{} {}", row.commands.first_name(), row.condition.first_name()));

/// A method that runs a queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    pub(super) method: List<SmolStr>,
    /// What the queue is when it is run so.
    pub kind: QueueKind,
    /// How errors show when it is run so; `None`: as the queue says.
    pub errors: Option<QueueErrors>,
    versions: Option<VersionRange>,
}

row!(Run: method => |row| row.method.first_name().to_owned());

/// A method that opens a queue.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueRow {
    pub open: List<SmolStr>,
    pub kind: PerName<QueueKind>,
    #[serde(default)]
    pub block: bool,
    pub parameter: Option<BlockParameter>,
    #[serde(default)]
    pub run: Vec<Run>,
    #[serde(default)]
    pub discard: List<SmolStr>,
    pub command_returns: CommandReturns,
    pub errors: QueueErrors,
    pub abort: Option<QueueAbort>,
    pub outer: Option<Outer>,
    pub unless_option: Option<toml::Table>,
    versions: Option<VersionRange>,
}

row!(QueueRow: open => |row| row.open.first_name().to_owned());

/// A construction option.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptionRow {
    pub of: List<SmolStr>,
    pub name: List<SmolStr>,
    pub verdict: OptionVerdict,
    pub instead: Option<PerName<SmolStr>>,
    pub means: Option<OptionMeans>,
    /// The value with which a client never gives up: `"nil"`.
    pub unbounded: Option<SmolStr>,
    versions: Option<VersionRange>,
}

row!(OptionRow: of, name => |row| format!("{} {}", row.of.first_name(), row.name.first_name()));

/// A method that ends a connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    pub(super) method: List<SmolStr>,
    /// Whether commands that are under way get their replies.
    pub graceful: bool,
    /// `fine`, `deprecated`, `removed`.
    pub verdict: ApiVerdict,
    versions: Option<VersionRange>,
}

row!(Close: method => |row| row.method.first_name().to_owned());

/// The error listener.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    pub(super) method: List<SmolStr>,
    /// The event.
    pub event: SmolStr,
    /// What its absence means.
    pub need: ListenerNeed,
}

impl Listener {
    /// The methods that add one; the first is how a fix spells it.
    #[must_use]
    pub fn methods(&self) -> &[SmolStr] {
        &self.method
    }
}

/// What a blocking command does to others.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocking {
    /// To others on the same client.
    pub effect: BlockingEffect,
    /// A method that gives a client of its own.
    pub isolate: Option<SmolStr>,
    /// How long the client waits for a reply, in seconds, where a blocking command may take longer.
    pub read_timeout: Option<f64>,
    versions: Option<VersionRange>,
}

row!(Blocking: => |_row| String::new());

/// What a subscription does to others.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriberRow {
    pub mode: SubscriberMode,
    pub option: Option<toml::Table>,
    versions: Option<VersionRange>,
}

row!(SubscriberRow: => |_row| String::new());

/// A class of errors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorClass {
    /// Its name.
    pub name: SmolStr,
    /// The class above it.
    pub parent: SmolStr,
    /// Errors of the system that it stands for.
    #[serde(default)]
    pub wraps: Vec<SmolStr>,
}

/// The errors of a library.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// The class above them all.
    pub base: SmolStr,
    /// The others.
    #[serde(default)]
    pub class: Vec<ErrorClass>,
}

/// What the library reads from the environment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Whether `REDIS_URL` is read when no address is given.
    pub reads_url: bool,
    /// Whether an open client keeps the process running; `None`: unknown.
    pub keeps_process: Option<bool>,
}

/// What becomes of commands on the whole keyspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyspace {
    /// Whether the nodes of a cluster are all asked; else one is.
    pub all_nodes: Option<bool>,
    /// Whether patterns get the prefix that keys get.
    pub prefixed_patterns: Option<bool>,
}

/// How a project says that it uses the library, where its name alone does not tell.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configured {
    /// The symbol that names it, with its options beside it: `config.cache_store = :redis_cache_store, { namespace: "app" }`.
    pub symbol: SmolStr,
}

/// Something of another library that takes a client.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consumer {
    #[serde(default)]
    pub(super) export: List<SmolStr>,
    #[serde(default)]
    pub(super) constant: List<SmolStr>,
    /// Which argument is the client: `argument:1`, `keyword:connection`.
    pub takes: Wraps,
    /// What it is for.
    pub purpose: Purpose,
    /// Options the client must be made with, and their values: a text, or `"nil"`.
    pub requires: Option<toml::Table>,
    /// Options the client must be made without.
    #[serde(default)]
    pub(super) forbids: List<SmolStr>,
    versions: Option<VersionRange>,
}

impl Consumer {
    /// Options the client must be made without.
    #[must_use]
    pub fn forbids(&self) -> &[SmolStr] {
        &self.forbids
    }
}

row!(Consumer: export, constant => |row| format!("{}{}", row.export.first_name(), row.constant.first_name()));

/// A call of a library above the client, and the command it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryCall {
    #[serde(default)]
    pub(super) constant: List<SmolStr>,
    #[serde(default)]
    pub(super) on: List<Role>,
    pub(super) method: List<SmolStr>,
    /// The command.
    pub command: SmolStr,
    /// An option of the receiver's construction that changes it: with a namespace, `clear` is no FLUSHDB.
    pub unless_option: Option<SmolStr>,
    /// An option of the receiver's construction that must hold a store known to be one of Redis: others know no Redis.
    pub needs: Option<SmolStr>,
    versions: Option<VersionRange>,
}

row!(LibraryCall: constant, on, method => |row| {
    let on = row.on.first().map_or("", |role| role.word());
    format!("{}{on}.{}", row.constant.first_name(), row.method.first_name())
});

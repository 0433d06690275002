//! One client library, and everything that can be asked of it.

use std::sync::OnceLock;

use smol_str::SmolStr;

use super::row::{
    Accessor, Blocking, CallForm, Close, Configured, Consumer, Environment, Errors, Form, Keyspace, LibraryCall, Listener, Make, Method,
    OptionRow, QueueRow, Raw, ReplyRow, Run, Spelling, SubscriberRow, TypeRow, ValueRow, View,
};
use super::spelling::SpellingIndex;
use super::version::{Collapsed, Stretches, Version, VersionRange, Versioned, Versions, collapse, collapse_existing};
use crate::command::{Reply, ReplyMissing};

use super::words::{
    BlockParameter, CommandReturns, Ecosystem, FormShape, OptionMeans, OptionVerdict, Outer, QueueAbort, QueueErrors, QueueKind, Role,
    SubscriberMode, ValueKind, ValueVerdict,
};

/// The rows of a table, each about one thing and with the versions it holds for.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub make: Vec<Versioned<Make>>,
    pub types: Vec<Versioned<TypeRow>>,
    pub accessor: Vec<Versioned<Accessor>>,
    pub view: Vec<Versioned<View>>,
    pub spelling: Vec<Versioned<Spelling>>,
    pub method: Vec<Versioned<Method>>,
    pub raw: Vec<Versioned<Raw>>,
    pub form: Vec<Versioned<Form>>,
    pub value: Vec<Versioned<ValueRow>>,
    pub reply: Vec<Versioned<ReplyRow>>,
    pub queue: Vec<Versioned<QueueRow>>,
    pub run: Vec<Versioned<(SmolStr, Run)>>,
    pub option: Vec<Versioned<OptionRow>>,
    pub close: Vec<Versioned<Close>>,
    pub blocking: Vec<Versioned<Blocking>>,
    pub subscriber: Vec<Versioned<SubscriberRow>>,
    pub consumer: Vec<Versioned<Consumer>>,
    pub library: Vec<Versioned<LibraryCall>>,
}

/// A client library. Every question takes the [`Versions`] that are allowed at the place in the code, and is answered for the
/// newest of them, with a note whether the others agree. Where the newest has no row, a verdict is unknown; a construction, a
/// type, a queue or another thing that is there or not is that of the newest version that has it.
#[derive(Debug)]
pub struct Library {
    /// Name of its table.
    pub name: SmolStr,
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Names of its packages and, for npm, of the subpaths that export it.
    pub packages: Vec<SmolStr>,
    /// The package whose version counts, when it is not one of `packages`: `Rails.cache` is as new as Rails.
    pub version_of: Option<SmolStr>,
    pub(super) stretches: Stretches,
    pub(super) tables: Tables,
    pub(super) listener: Option<Listener>,
    pub(super) errors: Option<Errors>,
    pub(super) environment: Option<Environment>,
    pub(super) keyspace: Option<Keyspace>,
    pub(super) configured: Option<Configured>,
    pub(super) methods: Vec<SmolStr>,
    pub(super) index: OnceLock<SpellingIndex>,
}

impl Default for Library {
    fn default() -> Self {
        Self {
            name: SmolStr::default(),
            ecosystem: Ecosystem::Npm,
            packages: Vec::new(),
            version_of: None,
            stretches: Stretches::new(&[], std::iter::empty()),
            tables: Tables::default(),
            listener: None,
            errors: None,
            environment: None,
            keyspace: None,
            configured: None,
            methods: Vec::new(),
            index: OnceLock::new(),
        }
    }
}

/// A method that opens a queue of commands.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue<'t> {
    /// What it opens.
    pub kind: QueueKind,
    /// Whether the commands stand in a block; else they are chained or called on a variable.
    pub block: bool,
    /// Whether the block must take the queue as its parameter.
    pub parameter: Option<BlockParameter>,
    /// What a queued command returns.
    pub command_returns: CommandReturns,
    /// How the error of one command shows.
    pub errors: QueueErrors,
    /// How a watched key that changed shows.
    pub abort: Option<QueueAbort>,
    /// What the outer client does meanwhile.
    pub outer: Option<Outer>,
    /// Methods that throw the queue away.
    pub discard: &'t [SmolStr],
    /// An option of the opening call with which commands are sent at once: `{ pipeline: false }`.
    pub unless_option: Option<&'t toml::Table>,
}

/// What becomes of a construction option.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstructionOption<'t> {
    /// What the library does with it.
    pub verdict: OptionVerdict,
    /// Its name now.
    pub instead: Option<&'t str>,
    /// What it is about.
    pub means: Option<OptionMeans>,
    /// The value with which a client never gives up.
    pub unbounded: Option<&'t str>,
}

/// Whether others may use a subscribed connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription<'t> {
    /// As the library is set up by default.
    pub mode: SubscriberMode,
    /// The option that changes it, with its value, and under `gives` what it then is.
    pub option: Option<&'t toml::Table>,
}

impl Library {
    /// Every version that the table knows, and all later ones.
    #[must_use]
    pub fn all_versions(&self) -> Versions {
        self.stretches.touched(VersionRange::ALL)
    }

    /// The versions that lie in any of the ranges.
    #[must_use]
    pub fn versions(&self, ranges: &[VersionRange]) -> Versions {
        ranges.iter().fold(Versions::NONE, |all, range| all.union(self.stretches.touched(*range)))
    }

    /// The borders between the versions that rows tell apart, as ranges.
    pub(super) fn ranges(&self) -> impl Iterator<Item = VersionRange> + '_ {
        self.stretches.cuts().map(|cut| VersionRange::new(cut, None))
    }

    /// Where the versions of a row of this table hold in a table that is like it.
    pub(super) fn moved(&self, versions: Versions, like_version: Option<Version>, target: &Stretches) -> Versions {
        match like_version {
            Some(version) if self.versions(&[VersionRange::exactly(version)]).intersection(versions).is_empty() => Versions::NONE,
            Some(_) => target.touched(VersionRange::ALL),
            None => self.stretches.ranges_of(versions).fold(Versions::NONE, |all, range| all.union(target.touched(range))),
        }
    }

    /// The construction that an export stands for: `("createClient", Function)`, `("default", New)`, `("default.Cluster", New)`,
    /// `("Redis", Method("fromEnv"))`.
    #[must_use]
    pub fn make_export(&self, export: &str, call: &CallForm, allowed: Versions) -> Option<Collapsed<&Make>> {
        collapse_existing(&self.tables.make, allowed, |row| (row.export.has(export) && row.call.contains(call)).then_some(row))
    }

    /// The construction that a constant and its method stand for: `("Redis", New)`, `("Redis", Method("current"))`.
    #[must_use]
    pub fn make_constant(&self, constant: &str, call: &CallForm, allowed: Versions) -> Option<Collapsed<&Make>> {
        collapse_existing(&self.tables.make, allowed, |row| (row.constant.has(constant) && row.call.contains(call)).then_some(row))
    }

    /// The construction by a method of a client: `duplicate`.
    #[must_use]
    pub fn make_on(&self, role: Role, method: &str, allowed: Versions) -> Option<Collapsed<&Make>> {
        collapse_existing(&self.tables.make, allowed, |row| {
            let named = row.call.iter().any(|call| matches!(call, CallForm::Method(name) if name == method));
            (named && row.on.contains(&role)).then_some(row)
        })
    }

    /// The role of a value whose type is this export.
    #[must_use]
    pub fn type_export(&self, export: &str, allowed: Versions) -> Option<Collapsed<Role>> {
        collapse_existing(&self.tables.types, allowed, |row| row.export.has(export).then_some(row.role))
    }

    /// The role of a value whose class is this constant.
    #[must_use]
    pub fn type_constant(&self, constant: &str, allowed: Versions) -> Option<Collapsed<Role>> {
        collapse_existing(&self.tables.types, allowed, |row| row.constant.has(constant).then_some(row.role))
    }

    /// What a method of a constant gives: `Sidekiq.redis`.
    #[must_use]
    pub fn accessor_constant(&self, constant: &str, method: &str, allowed: Versions) -> Option<Collapsed<&Accessor>> {
        collapse_existing(&self.tables.accessor, allowed, |row| (row.constant.has(constant) && row.method.has(method)).then_some(row))
    }

    /// What an export is that is a client itself: `redis` of Bun.
    #[must_use]
    pub fn accessor_export(&self, export: &str, allowed: Versions) -> Option<Collapsed<&Accessor>> {
        collapse_existing(&self.tables.accessor, allowed, |row| row.export.has(export).then_some(row))
    }

    /// What a method of a client, pool or store gives: `with` of a pool.
    #[must_use]
    pub fn accessor_on(&self, role: Role, method: &str, allowed: Versions) -> Option<Collapsed<&Accessor>> {
        collapse_existing(&self.tables.accessor, allowed, |row| (row.on.contains(&role) && row.method.has(method)).then_some(row))
    }

    /// The same client seen another way.
    #[must_use]
    pub fn view(&self, role: Role, method: &str, allowed: Versions) -> Option<Collapsed<&View>> {
        collapse_existing(&self.tables.view, allowed, |row| {
            (row.method.has(method) && (row.on.is_empty() || row.on.contains(&role))).then_some(row)
        })
    }

    /// A method that sends words as they are.
    #[must_use]
    pub fn raw(&self, method: &str, allowed: Versions) -> Option<Collapsed<&Raw>> {
        collapse_existing(&self.tables.raw, allowed, |row| row.method.has(method).then_some(row))
    }

    /// The queue that a method opens.
    #[must_use]
    pub fn queue(&self, open: &str, allowed: Versions) -> Option<Collapsed<Queue<'_>>> {
        collapse_existing(&self.tables.queue, allowed, |row| {
            let kind = row.open.has(open).then(|| row.kind.of(open)).flatten()?;
            Some(Queue {
                kind,
                block: row.block,
                parameter: row.parameter,
                command_returns: row.command_returns,
                errors: row.errors,
                abort: row.abort,
                outer: row.outer,
                discard: &row.discard,
                unless_option: row.unless_option.as_ref(),
            })
        })
    }

    /// How its transactions show that a watched key changed.
    #[must_use]
    pub fn abort(&self, allowed: Versions) -> Option<Collapsed<QueueAbort>> {
        collapse_existing(&self.tables.queue, allowed, |row| row.abort)
    }

    /// How a method runs the queue that `open` opened.
    #[must_use]
    pub fn run(&self, open: &str, method: &str, allowed: Versions) -> Option<Collapsed<&Run>> {
        collapse_existing(&self.tables.run, allowed, |(opened, run)| (opened == open && run.method.has(method)).then_some(run))
    }

    /// How the error of one command shows when a method runs a queue of a kind, whichever method opened it.
    #[must_use]
    pub fn run_errors(&self, method: &str, transaction: bool, allowed: Versions) -> Option<Collapsed<QueueErrors>> {
        let kind = if transaction { QueueKind::Transaction } else { QueueKind::Pipeline };
        let errors = |open: &str| self.queue(open, allowed).filter(|queue| queue.newest.kind == kind).map(|queue| queue.newest.errors);
        collapse_existing(&self.tables.run, allowed, |(open, run)| {
            let errors = errors(open).filter(|_| run.method.has(method))?;
            Some(run.errors.unwrap_or(errors))
        })
    }

    /// The methods that run the queue that `open` opened.
    pub fn runs<'t>(&'t self, open: &'t str, allowed: Versions) -> impl Iterator<Item = &'t str> {
        let rows = self.tables.run.iter().filter(move |row| row.row.0 == open && !row.versions.intersection(allowed).is_empty());
        rows.flat_map(|row| row.row.1.method.iter().map(SmolStr::as_str))
    }

    /// Whether a method sends a queue, whichever method opened it.
    #[must_use]
    pub fn sends_queue(&self, method: &str) -> bool {
        self.tables.run.iter().any(|row| row.row.1.method.has(method))
    }

    /// Whether every round trip is an HTTP request: its clients have no connection to open.
    #[must_use]
    pub fn is_http(&self) -> bool {
        !self.tables.make.is_empty() && self.tables.make.iter().all(|row| row.row.connect == Some(super::Connect::None))
    }

    /// Whether its clients are made around the client of another library: a namespace, a proxy.
    #[must_use]
    pub fn wraps_clients(&self) -> bool {
        let mut from_outside = self.tables.make.iter().filter(|row| row.row.on.is_empty()).peekable();
        from_outside.peek().is_some()
            && from_outside.all(|row| matches!(row.row.wraps, Some(super::Wraps::Keyword(_) | super::Wraps::Argument(_))))
    }

    /// Whether queued commands give the queue back, as far as the library says what they give.
    #[must_use]
    pub fn chains_queue(&self) -> bool {
        let rows = &self.tables.queue;
        rows.is_empty() || rows.iter().any(|row| row.row.command_returns == CommandReturns::Queue)
    }

    /// Whether a method drops a queue unsent.
    #[must_use]
    pub fn drops_queue(&self, method: &str) -> bool {
        self.tables.queue.iter().any(|row| row.row.discard.iter().any(|name| name == method))
    }

    /// What a method does to end the connection.
    #[must_use]
    pub fn close(&self, method: &str, allowed: Versions) -> Option<Collapsed<&Close>> {
        collapse_existing(&self.tables.close, allowed, |row| row.method.has(method).then_some(row))
    }

    /// The option of a store's construction that decides whether the store is one of Redis, where its library has others.
    #[must_use]
    pub fn store_needs(&self) -> Option<&str> {
        self.tables.library.iter().find_map(|row| row.row.needs.as_deref())
    }

    /// The error listener, where the library has one.
    #[must_use]
    pub fn listener(&self) -> Option<&Listener> {
        self.listener.as_ref()
    }

    /// What a blocking command does to others.
    #[must_use]
    pub fn blocking(&self, allowed: Versions) -> Option<Collapsed<&Blocking>> {
        collapse(&self.tables.blocking, allowed, Some)
    }

    /// Whether others may use a subscribed connection.
    #[must_use]
    pub fn subscriber(&self, allowed: Versions) -> Option<Collapsed<Subscription<'_>>> {
        collapse(&self.tables.subscriber, allowed, |row| Some(Subscription { mode: row.mode, option: row.option.as_ref() }))
    }

    /// What becomes of an option of the construction named `of`: an export, or a constant.
    #[must_use]
    pub fn option(&self, of: &str, name: &str, allowed: Versions) -> Option<Collapsed<ConstructionOption<'_>>> {
        collapse(&self.tables.option, allowed, |row| {
            (row.of.has(of) && row.name.has(name)).then(|| ConstructionOption {
                verdict: row.verdict,
                instead: row.instead.as_ref().and_then(|instead| instead.text_of(name)),
                means: row.means,
                unbounded: row.unbounded.as_deref(),
            })
        })
    }

    /// Whether the construction named `of` takes an option that is about this in all allowed versions.
    #[must_use]
    pub fn option_for(&self, of: &str, means: OptionMeans, allowed: Versions) -> bool {
        let rows = self.tables.option.iter().filter(|row| row.row.of.has(of) && row.row.means == Some(means));
        !allowed.is_empty() && allowed.all_in(rows.fold(Versions::NONE, |all, row| all.union(row.versions)))
    }

    /// Whether any construction takes an option that is about this.
    #[must_use]
    pub fn has_option(&self, means: OptionMeans) -> bool {
        self.tables.option.iter().any(|row| row.row.means == Some(means))
    }

    /// What becomes of a shape of arguments after the fixed slots of a command.
    #[must_use]
    pub fn form(&self, command: &str, shape: FormShape, allowed: Versions) -> Option<Collapsed<&Form>> {
        collapse(&self.tables.form, allowed, |row| (row.command.has(command) && row.shape.contains(&shape)).then_some(row))
    }

    /// What becomes of an argument of a kind in the value slots of a command.
    #[must_use]
    pub fn value(&self, kind: ValueKind, command: &str, allowed: Versions) -> Option<Collapsed<ValueVerdict>> {
        let here = |row: &ValueRow| row.kind.contains(&kind) && row.commands.has(command);
        let anywhere = |row: &ValueRow| row.kind.contains(&kind) && row.commands.is_empty();
        let special = self.tables.value.iter().filter(|row| here(&row.row));
        let general = self.tables.value.iter().filter(|row| anywhere(&row.row));
        collapse(special.chain(general), allowed, |row| Some(row.verdict))
    }

    /// How the reply of a command differs from the command table.
    #[must_use]
    pub fn reply(&self, command: &str, allowed: Versions) -> Option<Collapsed<&ReplyRow>> {
        let special = self.tables.reply.iter().filter(|row| row.row.commands.has(command));
        let general = self.tables.reply.iter().filter(|row| row.row.commands.has("*"));
        collapse(special.chain(general), allowed, Some)
    }

    /// What a command answers with these conditions among its arguments, where the command table says `plain`: its shape, and
    /// what stands for a missing key.
    #[must_use]
    pub fn answer(
        &self,
        command: &str,
        conditions: &[SmolStr],
        plain: (Reply, Option<ReplyMissing>),
        allowed: Versions,
    ) -> Collapsed<(Reply, Option<ReplyMissing>)> {
        let fits = |row: &&Versioned<ReplyRow>| {
            let condition = &row.row.condition;
            condition.is_empty() || conditions.iter().any(|name| condition.has(name))
        };
        let of = |name: &'static str| self.tables.reply.iter().filter(move |row| row.row.commands.has(name)).filter(fits);
        let own = || self.tables.reply.iter().filter(|row| row.row.commands.has(command)).filter(fits);
        let special = own().filter(|row| !row.row.condition.is_empty());
        let all: Vec<&Versioned<ReplyRow>> = special.chain(own().filter(|row| row.row.condition.is_empty())).chain(of("*")).collect();
        let said = |row: &ReplyRow| (row.reply.unwrap_or(plain.0), row.missing.or(plain.1));
        // A version without a row answers as the command table says.
        let silent = all.iter().fold(allowed, |left, row| left.without(row.versions));
        let spoken = collapse(all, allowed.without(silent), |row| Some(said(row)));
        match spoken {
            Some(found) if silent.is_empty() => found,
            Some(found) if allowed.newest_in(allowed.without(silent)) => {
                Collapsed { agree: found.agree && found.newest == plain, newest: found.newest }
            }
            Some(found) => Collapsed { agree: found.agree && found.newest == plain, newest: plain },
            None => Collapsed { newest: plain, agree: true },
        }
    }

    /// The classes of errors it raises.
    #[must_use]
    pub fn errors(&self) -> Option<&Errors> {
        self.errors.as_ref()
    }

    /// How a project says that it uses the library behind the accessors that it shares with others (`Rails.cache`); `None`
    /// where an accessor always leads to Redis.
    #[must_use]
    pub fn configured(&self) -> Option<&Configured> {
        self.configured.as_ref()
    }

    /// Its accessors that are methods of a constant: `Rails.cache`.
    pub fn constant_accessors(&self) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.tables.accessor.iter().map(|row| &row.row);
        rows.flat_map(|row| {
            row.constant.iter().flat_map(|constant| row.method.iter().map(move |method| (constant.as_str(), method.as_str())))
        })
    }

    /// What it reads from the environment.
    #[must_use]
    pub fn environment(&self) -> Option<&Environment> {
        self.environment.as_ref()
    }

    /// What becomes of commands on the whole keyspace.
    #[must_use]
    pub fn keyspace(&self) -> Option<&Keyspace> {
        self.keyspace.as_ref()
    }

    /// What an export or a constant of this library does with a client it is given.
    #[must_use]
    pub fn consumer(&self, name: &str, allowed: Versions) -> Option<Collapsed<&Consumer>> {
        collapse_existing(&self.tables.consumer, allowed, |row| (row.export.has(name) || row.constant.has(name)).then_some(row))
    }

    /// The command that a call on a constant comes to.
    #[must_use]
    pub fn library_call(&self, constant: &str, method: &str, allowed: Versions) -> Option<Collapsed<&LibraryCall>> {
        collapse_existing(&self.tables.library, allowed, |row| (row.constant.has(constant) && row.method.has(method)).then_some(row))
    }

    /// The command that a call on a value of a role comes to.
    #[must_use]
    pub fn library_call_on(&self, role: Role, method: &str, allowed: Versions) -> Option<Collapsed<&LibraryCall>> {
        collapse_existing(&self.tables.library, allowed, |row| (row.on.contains(&role) && row.method.has(method)).then_some(row))
    }

    /// The constants that its rows begin with: `Redis`, `Redis::Cluster`.
    pub fn constants(&self) -> impl Iterator<Item = &str> {
        let tables = &self.tables;
        let makes = tables.make.iter().flat_map(|row| row.row.constant.iter());
        let types = tables.types.iter().flat_map(|row| row.row.constant.iter());
        let accessors = tables.accessor.iter().flat_map(|row| row.row.constant.iter());
        let consumers = tables.consumer.iter().flat_map(|row| row.row.constant.iter());
        let calls = tables.library.iter().flat_map(|row| row.row.constant.iter());
        makes.chain(types).chain(accessors).chain(consumers).chain(calls).map(SmolStr::as_str)
    }

    /// Names of the exports that its rows begin with: `createClient`, `default`, `default.Cluster`.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        let tables = &self.tables;
        let makes = tables.make.iter().flat_map(|row| row.row.export.iter());
        let types = tables.types.iter().flat_map(|row| row.row.export.iter());
        let accessors = tables.accessor.iter().flat_map(|row| row.row.export.iter());
        let consumers = tables.consumer.iter().flat_map(|row| row.row.export.iter());
        makes.chain(types).chain(accessors).chain(consumers).map(SmolStr::as_str)
    }
}

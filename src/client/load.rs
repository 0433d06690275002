//! Reads one client table.

use serde::Deserialize;
use smol_str::SmolStr;
use toml::Spanned;

use super::error::{ClientTableError, nearest};
use super::library::{Library, Tables};
use super::list::List;
use super::row::{
    Accessor, Blocking, Close, Configured, Consumer, Environment, Errors, Form, Keyspace, LibraryCall, Listener, Make, Method, OptionRow,
    QueueRow, Raw, ReplyRow, Row, Run, Spelling, SubscriberRow, TypeRow, ValueRow, View,
};
use super::version::{Stretches, Version, VersionRange, Versioned};
use super::words::Ecosystem;
use crate::command::CommandTable;

type Rows<T> = Vec<Spanned<T>>;

/// A table as it stands in the file.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub name: SmolStr,
    pub ecosystem: Ecosystem,
    packages: Vec<SmolStr>,
    majors: Vec<u16>,
    pub like: Option<Spanned<SmolStr>>,
    version_of: Option<SmolStr>,
    #[serde(default)]
    methods: List<SmolStr>,
    #[serde(default)]
    make: Rows<Make>,
    #[serde(default)]
    r#type: Rows<TypeRow>,
    #[serde(default)]
    accessor: Rows<Accessor>,
    #[serde(default)]
    view: Rows<View>,
    #[serde(default)]
    spelling: Rows<Spelling>,
    #[serde(default)]
    method: Rows<Method>,
    #[serde(default)]
    raw: Rows<Raw>,
    #[serde(default)]
    form: Rows<Form>,
    #[serde(default)]
    value: Rows<ValueRow>,
    #[serde(default)]
    reply: Rows<ReplyRow>,
    #[serde(default)]
    queue: Rows<QueueRow>,
    #[serde(default)]
    option: Rows<OptionRow>,
    listener: Option<Listener>,
    #[serde(default)]
    close: Rows<Close>,
    #[serde(default)]
    blocking: Rows<Blocking>,
    #[serde(default)]
    subscriber: Rows<SubscriberRow>,
    errors: Option<Errors>,
    environment: Option<Environment>,
    keyspace: Option<Keyspace>,
    configured: Option<Configured>,
    #[serde(default)]
    consumer: Rows<Consumer>,
    #[serde(default)]
    library: Rows<LibraryCall>,
}

/// A file and its text, for messages.
#[derive(Clone)]
pub(super) struct Source<'t> {
    pub path: &'t str,
    pub text: &'t str,
}

impl Source<'_> {
    fn error(&self, span: std::ops::Range<usize>, message: String, help: Option<String>) -> Box<ClientTableError> {
        ClientTableError::new(self.path, self.text, span, message, help)
    }
}

/// Reads the file, without looking at what its rows say to each other.
pub(super) fn parse(source: &Source<'_>) -> Result<TableFile, Box<ClientTableError>> {
    toml::from_str(source.text).map_err(|error| ClientTableError::of_toml(source.path, source.text, &error))
}

/// A row of the file on its way into the library.
struct Pending<T> {
    range: VersionRange,
    row: T,
    span: std::ops::Range<usize>,
}

fn pending<T: Row>(rows: Rows<T>) -> Vec<Pending<T>> {
    rows.into_iter()
        .flat_map(|spanned| {
            let span = spanned.span();
            let mut row = spanned.into_inner();
            let range = row.take_versions().unwrap_or(VersionRange::ALL);
            row.split().into_iter().map(move |row| Pending { range, row, span: span.clone() })
        })
        .collect()
}

/// The arrays of a file with the rows taken apart.
struct Arrays {
    make: Vec<Pending<Make>>,
    types: Vec<Pending<TypeRow>>,
    accessor: Vec<Pending<Accessor>>,
    view: Vec<Pending<View>>,
    spelling: Vec<Pending<Spelling>>,
    method: Vec<Pending<Method>>,
    raw: Vec<Pending<Raw>>,
    form: Vec<Pending<Form>>,
    value: Vec<Pending<ValueRow>>,
    reply: Vec<Pending<ReplyRow>>,
    queue: Vec<Pending<QueueRow>>,
    option: Vec<Pending<OptionRow>>,
    close: Vec<Pending<Close>>,
    blocking: Vec<Pending<Blocking>>,
    subscriber: Vec<Pending<SubscriberRow>>,
    consumer: Vec<Pending<Consumer>>,
    library: Vec<Pending<LibraryCall>>,
}

macro_rules! each_array {
    ($do:ident ! ($($arguments:tt)*)) => {
        $do!(($($arguments)*) make types accessor view spelling method raw form value reply queue option close blocking subscriber consumer library)
    };
}

/// Makes a library of a file; `parent` is the table it is like, cut to the versions it names.
pub(super) fn library(
    source: &Source<'_>,
    file: TableFile,
    parent: Option<&Library>,
    commands: &CommandTable,
) -> Result<Library, Box<ClientTableError>> {
    let like = file.like.clone();
    let like_version = match (&like, parent) {
        (Some(like), Some(parent)) => like_version(source, like, parent)?,
        _ => None,
    };
    let mut arrays = Arrays {
        make: pending(file.make),
        types: pending(file.r#type),
        accessor: pending(file.accessor),
        view: pending(file.view),
        spelling: pending(file.spelling),
        method: pending(file.method),
        raw: pending(file.raw),
        form: pending(file.form),
        value: pending(file.value),
        reply: pending(file.reply),
        queue: pending(file.queue),
        option: pending(file.option),
        close: pending(file.close),
        blocking: pending(file.blocking),
        subscriber: pending(file.subscriber),
        consumer: pending(file.consumer),
        library: pending(file.library),
    };
    let mut ranges: Vec<VersionRange> = Vec::new();
    macro_rules! collect_ranges {
        (() $($array:ident)*) => { $(ranges.extend(arrays.$array.iter().map(|row| row.range));)* };
    }
    each_array!(collect_ranges!());
    for queue in &arrays.queue {
        ranges.extend(queue.row.run.iter().filter_map(|run| run.clone().take_versions()));
    }
    if file.majors.is_empty() {
        return Err(source.error(
            0..0,
            "`majors` is empty".to_owned(),
            Some("name the major versions the table knows: majors = [1]".to_owned()),
        ));
    }
    if let (Some(parent), None) = (parent, like_version) {
        ranges.extend(parent.ranges());
    }
    let stretches = Stretches::new(&file.majors, ranges.into_iter());
    if stretches.count() > 64 {
        return Err(source.error(
            0..0,
            "the rows tell more than 64 stretches of versions apart".to_owned(),
            Some("say less often that a minor version changed something".to_owned()),
        ));
    }
    check_commands(source, &arrays, commands)?;

    let mut tables = Tables::default();
    macro_rules! settle_all {
        (() $($array:ident)*) => { $(tables.$array = settle(source, &stretches, std::mem::take(&mut arrays.$array))?;)* };
    }
    each_array!(settle_all!());
    tables.run = tables
        .queue
        .iter()
        .flat_map(|queue| {
            let stretches = &stretches;
            queue.row.run.iter().map(move |run| {
                let mut row = run.clone();
                let range = row.take_versions().unwrap_or(VersionRange::ALL);
                Versioned {
                    versions: queue.versions.intersection(stretches.touched(range)),
                    row: (queue.row.open.first_name().into(), row),
                }
            })
        })
        .flat_map(|row: Versioned<(SmolStr, Run)>| {
            let (open, run) = row.row;
            run.split().into_iter().map(move |run| Versioned { versions: row.versions, row: (open.clone(), run) })
        })
        .collect();

    let mut listener = file.listener;
    let mut errors = file.errors;
    let mut environment = file.environment;
    let mut keyspace = file.keyspace;
    let mut methods = file.methods.0;
    if let Some(parent) = parent {
        macro_rules! inherit_all {
            (() $($array:ident)*) => { $(inherit(&mut tables.$array, &parent.tables.$array, parent, like_version, &stretches);)* };
        }
        let (makes, types, accessors) = (tables.make.len(), tables.types.len(), tables.accessor.len());
        let (consumers, calls) = (tables.consumer.len(), tables.library.len());
        each_array!(inherit_all!());
        // An export is the package's own, but a constant is one thing for the whole program: `Redis.new` is not a client of every
        // library that is like redis-rb.
        without_constants(&mut tables.make, makes, |row| row.constant.is_empty());
        without_constants(&mut tables.types, types, |row| row.constant.is_empty());
        without_constants(&mut tables.accessor, accessors, |row| row.constant.is_empty());
        without_constants(&mut tables.consumer, consumers, |row| row.constant.is_empty());
        without_constants(&mut tables.library, calls, |row| row.constant.is_empty());
        let opened: Vec<SmolStr> = tables.run.iter().map(|run| run.row.0.clone()).collect();
        for run in parent.tables.run.iter().filter(|run| !opened.contains(&run.row.0)) {
            let versions = parent.moved(run.versions, like_version, &stretches);
            tables.run.push(Versioned { versions, row: run.row.clone() });
        }
        listener = listener.or_else(|| parent.listener.clone());
        errors = errors.or_else(|| parent.errors.clone());
        environment = environment.or_else(|| parent.environment.clone());
        keyspace = keyspace.or_else(|| parent.keyspace.clone());
        methods.extend(parent.methods.iter().cloned());
    }
    methods.sort_unstable();
    methods.dedup();
    Ok(Library {
        name: file.name,
        ecosystem: file.ecosystem,
        packages: file.packages,
        version_of: file.version_of,
        stretches,
        tables,
        listener,
        errors,
        environment,
        keyspace,
        configured: file.configured,
        methods,
        ..Library::default()
    })
}

/// `like = "ioredis@5"`: the version of the other library whose rows hold, whatever this library's own version.
fn like_version(source: &Source<'_>, like: &Spanned<SmolStr>, parent: &Library) -> Result<Option<Version>, Box<ClientTableError>> {
    let Some((_, version)) = like.get_ref().split_once('@') else { return Ok(None) };
    match Version::parse(version) {
        Some(version) if !parent.versions(&[VersionRange::exactly(version)]).is_empty() => Ok(Some(version)),
        _ => {
            let message = format!("`{}` has no version `{version}`", parent.name);
            Err(source.error(like.span(), message, Some("write a version that the other table knows: like = \"ioredis@5\"".to_owned())))
        }
    }
}

/// Gives each row its stretches; two rows about one thing may not share any.
fn settle<T: Row>(source: &Source<'_>, stretches: &Stretches, rows: Vec<Pending<T>>) -> Result<Vec<Versioned<T>>, Box<ClientTableError>> {
    let mut settled: Vec<Versioned<T>> = Vec::with_capacity(rows.len());
    for pending in rows {
        let versions = stretches.touched(pending.range);
        if versions.is_empty() {
            return Err(source.error(
                pending.span,
                "the row holds for no version that the table knows".to_owned(),
                Some("correct `versions`, or add the major to `majors`".to_owned()),
            ));
        }
        let identity = pending.row.identity();
        if settled.iter().any(|other| !other.versions.intersection(versions).is_empty() && other.row.identity() == identity) {
            let message = format!("two rows are about `{}` in the same versions", identity.trim());
            return Err(source.error(
                pending.span,
                message,
                Some("give the rows `versions` that do not overlap, or remove one".to_owned()),
            ));
        }
        settled.push(Versioned { versions, row: pending.row });
    }
    Ok(settled)
}

/// Adds the parent's rows, where this table has none about the same thing.
fn inherit<T: Row>(
    own: &mut Vec<Versioned<T>>,
    parents: &[Versioned<T>],
    parent: &Library,
    like_version: Option<Version>,
    stretches: &Stretches,
) {
    let written = own.len();
    for row in parents {
        let identity = row.row.identity();
        let mut versions = parent.moved(row.versions, like_version, stretches);
        for other in own[..written].iter().filter(|other| other.row.identity() == identity) {
            versions = versions.without(other.versions);
        }
        if !versions.is_empty() {
            own.push(Versioned { versions, row: row.row.clone() });
        }
    }
}

/// Leaves the rows about constants out of those that were inherited, which begin at `own`.
fn without_constants<T>(rows: &mut Vec<Versioned<T>>, own: usize, free: impl Fn(&T) -> bool) {
    let inherited = rows.split_off(own);
    rows.extend(inherited.into_iter().filter(|row| free(&row.row)));
}

/// Every command a row names is one.
fn check_commands(source: &Source<'_>, arrays: &Arrays, commands: &CommandTable) -> Result<(), Box<ClientTableError>> {
    let named = |name: &SmolStr| name == "*" || commands.get(name).is_some();
    let mut all: Vec<(&SmolStr, &std::ops::Range<usize>)> = Vec::new();
    all.extend(arrays.method.iter().filter_map(|row| Some((row.row.command.as_ref()?, &row.span))));
    all.extend(arrays.form.iter().flat_map(|row| row.row.command.iter().map(|name| (name, &row.span))));
    all.extend(arrays.value.iter().flat_map(|row| row.row.commands.iter().map(|name| (name, &row.span))));
    all.extend(arrays.reply.iter().flat_map(|row| row.row.commands.iter().map(|name| (name, &row.span))));
    all.extend(arrays.spelling.iter().flat_map(|row| row.row.absent.iter().map(|name| (name, &row.span))));
    all.extend(arrays.library.iter().map(|row| (&row.row.command, &row.span)));
    match all.into_iter().find(|(name, _)| !named(name)) {
        None => Ok(()),
        Some((name, span)) => {
            let help = nearest(name, commands.iter().map(|command| command.name.as_str())).map(|near| format!("did you mean `{near}`?"));
            Err(source.error(span.clone(), format!("`{name}` is not a command of commands.json"), help))
        }
    }
}

/// The table that this one is like does not exist, or is in turn like this one.
pub(super) fn no_parent<'n>(source: &Source<'_>, file: &TableFile, known: impl Iterator<Item = &'n str>) -> Box<ClientTableError> {
    let Some(like) = &file.like else { return source.error(0..0, "this table waits for another".to_owned(), None) };
    let help = nearest(like.get_ref().split('@').next().unwrap_or_default(), known).map(|near| format!("did you mean `{near}`?"));
    source.error(like.span(), format!("there is no table `{}` to be like, or it is like this one", like.get_ref()), help)
}

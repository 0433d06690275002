//! From files to events: which files are parsed, and the stages in their order.

mod select;

use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::client::{self, Libraries, LibraryId};
pub use crate::context::Ask;
use crate::context::{self, Allowed, PathRules};
use crate::finding::Skipped;
use crate::language;
use crate::operation::Analysis;
use crate::program::Module;
use crate::project::{self, Lookup, Project};
use crate::resolve::catalog::Catalog;
use crate::resolve::{self, Modules, Target, Unit};
use crate::source::{FileId, Language, SourceFile, Span};

/// What is analysed, and how.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Files; the index of each is its [`FileId`].
    pub sources: &'a [SourceFile],
    /// What the manifests say.
    pub project: &'a Project,
    /// Client tables.
    pub libraries: &'a Libraries,
    /// What paths say.
    pub paths: &'a PathRules,
    /// Whether every file is parsed, also those that cannot matter: the oracle for the selection.
    pub parse_all: bool,
    /// Lowered files of former runs.
    pub lowered: Option<&'a dyn Lowered>,
}

/// Lowered files of former runs, as bytes: what a front end makes of a text depends on the text and its language alone.
pub trait Lowered: Sync {
    /// What was kept of a text.
    fn get(&self, language: Language, text: &str) -> Option<&[u8]>;

    /// Takes what was made of a text now.
    fn put(&self, language: Language, text: &str, module: Vec<u8>);
}

/// What came out.
#[derive(Debug)]
pub struct Output {
    /// The events.
    pub analysis: Analysis,
    /// Files that were not analysed in full, by file.
    pub partial: Vec<(FileId, String)>,
    /// All comments, by file and place, of the files in which one may speak to this tool.
    pub comments: Vec<(FileId, Span)>,
    /// How long the stages took, and how much they did.
    pub statistics: Statistics,
}

/// Measures of a run.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Files given.
    pub files: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Files that were parsed.
    pub parsed: usize,
    /// Bytes that were parsed.
    pub parsed_bytes: usize,
    /// Of the parsed files, those that a former run kept.
    pub kept: usize,
    /// Rounds of resolution, all selections together.
    pub rounds: usize,
    /// Wall time by stage, in order.
    pub stages: Vec<(&'static str, Duration)>,
}

/// Analyses a set of files.
#[must_use]
pub fn analyze(input: Input<'_>) -> Output {
    answer(input, Ask::Nothing)
}

/// Analyses a set of files, and answers a question beside it.
#[must_use]
pub fn answer(input: Input<'_>, ask: Ask) -> Output {
    let mut statistics = Statistics {
        files: input.sources.len(),
        bytes: input.sources.iter().map(|source| source.text.len()).sum(),
        ..Statistics::default()
    };
    let mut clock = Instant::now();
    let mut lap = |statistics: &mut Statistics, name: &'static str| {
        let now = Instant::now();
        match statistics.stages.iter_mut().find(|(stage, _)| *stage == name) {
            Some((_, time)) => *time += now - clock,
            None => statistics.stages.push((name, now - clock)),
        }
        clock = now;
    };
    let catalog = Catalog::new(input.libraries);
    let mut selection = select::Selection::new(input);
    lap(&mut statistics, "search");
    let facts = ProjectFacts { input, allowed: RwLock::default() };
    let mut lookup = ProjectModules::new(input, &facts);
    let mut units: Vec<Unit> = Vec::new();
    let resolution = loop {
        units.extend(read(&selection, &mut lookup, &mut statistics));
        lap(&mut statistics, "parse");
        units.sort_by_key(|unit| unit.file);
        let mut resolution = resolve::resolve(units, &lookup, &catalog);
        statistics.rounds += resolution.rounds;
        lap(&mut statistics, "resolve");
        let mut grown = selection.grow(input, &resolution, &lookup);
        lap(&mut statistics, "search");
        if !grown {
            break resolution.done();
        }
        // Where the new files lead is seen from them alone. Then all is resolved anew, with all of them.
        while grown {
            let fresh = read(&selection, &mut lookup, &mut statistics);
            lap(&mut statistics, "parse");
            resolution = resolve::scout(resolution, fresh, &lookup, &catalog);
            statistics.rounds += resolution.rounds;
            lap(&mut statistics, "resolve");
            grown = selection.grow(input, &resolution, &lookup);
            lap(&mut statistics, "search");
        }
        units = resolution.links.units;
    };
    let texts: FxHashMap<FileId, &str> =
        resolution.links.units.iter().map(|unit| (unit.file, &*input.sources[unit.file.0 as usize].text)).collect();
    let analysis = context::describe(&resolution, &lookup, &catalog, &facts, input.paths, &texts, ask);
    lap(&mut statistics, "describe");
    statistics.parsed = resolution.links.units.len();
    statistics.parsed_bytes = texts.values().map(|text| text.len()).sum();
    Output { analysis, partial: partial(&resolution), comments: comments(&resolution, &texts), statistics }
}

/// The selected files that were not lowered yet, in their order.
fn read(selection: &select::Selection<'_>, lookup: &mut ProjectModules<'_>, statistics: &mut Statistics) -> Vec<Unit> {
    let fresh: Vec<FileId> = selection.files().filter(|file| !lookup.present.contains_key(file)).collect();
    let (mut lowered, kept) = lower(lookup.input, &fresh);
    statistics.kept += kept;
    lookup.add(&lowered);
    lowered.sort_by_key(|unit| unit.file);
    lowered
}

/// The lowered files, and how many of them a former run had kept.
fn lower(input: Input<'_>, files: &[FileId]) -> (Vec<Unit>, usize) {
    let source = |file: FileId| &input.sources[file.0 as usize];
    // Large files first, so that the last thread does not wait for one of them.
    let mut files: Vec<FileId> = files.to_vec();
    files.sort_by_key(|file| (std::cmp::Reverse(source(*file).text.len()), *file));
    let kept = AtomicUsize::new(0);
    let lower = |file: FileId| {
        let SourceFile { path, language, text, .. } = source(file);
        let known = input.lowered.and_then(|lowered| Module::from_bytes(lowered.get(*language, text)?));
        kept.fetch_add(usize::from(known.is_some()), Ordering::Relaxed);
        let module = known.unwrap_or_else(|| {
            let module = language::lower(*language, text);
            if let Some((lowered, bytes)) = input.lowered.and_then(|lowered| Some((lowered, module.to_bytes()?))) {
                lowered.put(*language, text, bytes);
            }
            module
        });
        Unit::new(file, path.clone(), module)
    };
    let units = files.into_par_iter().with_max_len(1).map(lower).collect();
    (units, kept.into_inner())
}

/// What comments that speak to this tool have in them.
const ADDRESS: &[u8] = b"redis-lint-";

fn comments(resolution: &resolve::Resolution, texts: &FxHashMap<FileId, &str>) -> Vec<(FileId, Span)> {
    let spoken = |file: &FileId| texts.get(file).is_some_and(|text| memchr::memmem::find(text.as_bytes(), ADDRESS).is_some());
    let units = resolution.links.units.iter().filter(|unit| spoken(&unit.file));
    let mut comments: Vec<(FileId, Span)> =
        units.flat_map(|unit| unit.module.comments.iter().map(move |span| (unit.file, *span))).collect();
    comments.sort_unstable();
    comments
}

/// What the parser could not follow.
fn partial(resolution: &resolve::Resolution) -> Vec<(FileId, String)> {
    let mut partial = Vec::new();
    for unit in &resolution.links.units {
        if !unit.module.errors.is_empty() {
            partial.push((
                unit.file,
                format!(
                    "partly parsed: {} {} could not be read",
                    unit.module.errors.len(),
                    if unit.module.errors.len() == 1 { "place" } else { "places" }
                ),
            ));
        }
        if unit.module.truncated {
            partial.push((unit.file, "partly parsed: nested too deeply".to_owned()));
        }
    }
    partial
}

/// Module look-up restricted to the files that were lowered: for each of them what its specifiers lead to.
struct ProjectModules<'a> {
    input: Input<'a>,
    facts: &'a ProjectFacts<'a>,
    present: FxHashMap<FileId, FxHashMap<SmolStr, Target>>,
}

impl<'a> ProjectModules<'a> {
    fn new(input: Input<'a>, facts: &'a ProjectFacts<'a>) -> Self {
        Self { input, facts, present: FxHashMap::default() }
    }

    fn add(&mut self, units: &[Unit]) {
        let input = self.input;
        let look_up = |unit: &Unit| {
            let targets = specifiers(&unit.module).into_iter().map(|specifier| {
                let target = target(input, &unit.path, &specifier);
                (specifier, target)
            });
            (unit.file, targets.collect())
        };
        self.present.par_extend(units.par_iter().map(look_up));
    }
}

/// Where a specifier leads, whether or not the file there was lowered.
fn target(input: Input<'_>, path: &str, specifier: &str) -> Target {
    // What the project declares of a package counts more than what its source shows, if it is a part of the project at all.
    if input.libraries.own_names().iter().any(|name| name == specifier)
        && let Some(library) = input.libraries.npm(specifier)
    {
        return Target::Library(library);
    }
    let library = match input.project.look_up(path, specifier) {
        Lookup::File(file) => return Target::File(file),
        // Under its published name: a project may depend on `redis` as `redis-v4`.
        Lookup::Package { name, subpath } if subpath.is_empty() => input.libraries.npm(&name),
        Lookup::Package { name, subpath } => input.libraries.npm(&format!("{name}/{subpath}")),
        // A specifier that names a client library is that library, whatever the manifests say.
        Lookup::Unknown => input.libraries.npm(specifier),
    };
    library.map_or(Target::Unknown, Target::Library)
}

/// All module specifiers that a file mentions.
fn specifiers(module: &Module) -> Vec<SmolStr> {
    use crate::program::{Export, Kind, Type};
    let mut all: Vec<SmolStr> = module.imports.iter().map(|import| import.module.clone()).collect();
    for export in &module.exports {
        if let Export::From { module, .. } | Export::All { module } = export {
            all.push(module.clone());
        }
    }
    for node in &module.nodes {
        match &node.kind {
            Kind::Require { specifier, .. } => all.push(specifier.clone()),
            Kind::Cast { ty: Some(Type::Import { module, .. }), .. } => all.push(module.clone()),
            _ => {}
        }
    }
    all.extend(
        module
            .bindings
            .iter()
            .filter_map(|binding| if let Some(Type::Import { module, .. }) = &binding.ty { Some(module.clone()) } else { None }),
    );
    all.sort_unstable();
    all.dedup();
    all
}

impl Modules for ProjectModules<'_> {
    fn find(&self, from: FileId, specifier: &str) -> Target {
        match self.present.get(&from).and_then(|targets| targets.get(specifier)) {
            Some(Target::File(file)) if !self.present.contains_key(file) => Target::Unknown,
            found => found.copied().unwrap_or(Target::Unknown),
        }
    }

    fn allowed(&self, from: FileId, library: LibraryId) -> client::Versions {
        context::Project::allowed(self.facts, from, library).versions
    }

    fn conventional(&self, from: FileId) -> Option<LibraryId> {
        let source = &self.input.sources[from.0 as usize];
        let of_language = if source.language == Language::Ruby { client::Ecosystem::Gem } else { client::Ecosystem::Npm };
        let mut used = CONVENTIONAL.iter().filter_map(|name| self.input.libraries.named(name)).filter(|id| {
            let table = self.input.libraries.get(*id);
            table.ecosystem == of_language
                && table.packages.iter().any(|package| self.input.project.depends_on(&source.path, ecosystem(of_language), package))
        });
        // Many gems bring redis-rb, or what is called like it.
        let brought = || {
            let is_ruby = of_language == client::Ecosystem::Gem;
            let library = self.input.libraries.named("redis-rb").filter(|_| is_ruby)?;
            ["redis", "sidekiq", "resque"].iter().any(|word| self.input.project.depends_on_gem_like(&source.path, word)).then_some(library)
        };
        let first = used.next().or_else(brought)?;
        // With several libraries a name tells no longer which; the gems agree on their spelling.
        (of_language == client::Ecosystem::Gem || used.next().is_none()).then_some(first)
    }
}

/// What the manifests say, in the terms of the client tables.
struct ProjectFacts<'a> {
    input: Input<'a>,
    allowed: RwLock<FxHashMap<(SmolStr, LibraryId), Allowed>>,
}

impl context::Project for ProjectFacts<'_> {
    fn allowed(&self, file: FileId, library: LibraryId) -> Allowed {
        let table = self.input.libraries.get(library);
        let path = &self.input.sources[file.0 as usize].path;
        // Manifests decide by folder, so files of one folder share the answer.
        let folder = path.rfind('/').map_or("", |at| &path[..at]);
        let key = (SmolStr::from(folder), library);
        if let Ok(known) = self.allowed.read()
            && let Some(allowed) = known.get(&key)
        {
            return allowed.clone();
        }
        let package = table.version_of.as_ref().or(table.packages.first());
        let ecosystem = ecosystem(table.ecosystem);
        let allowed = package.map(|package| self.input.project.allowed(path, ecosystem, package)).unwrap_or_default();
        let test = |major: u16, minor: u16| allowed.allows(u32::from(major), u32::from(minor));
        let versions = table.versions_that(test);
        let project = self.input.project;
        let answer = Allowed {
            versions: if versions.is_empty() { table.all_versions() } else { versions },
            majors: table.majors_that(test),
            named: project.package_folder(path).is_empty()
                || table.packages.iter().any(|package| project.depends_on(path, ecosystem, package)),
        };
        if let Ok(mut known) = self.allowed.write() {
            known.insert(key, answer.clone());
        }
        answer
    }

    fn package(&self, file: FileId) -> String {
        self.input.project.package_folder(&self.input.sources[file.0 as usize].path)
    }

    fn path(&self, file: FileId) -> &str {
        &self.input.sources[file.0 as usize].in_project
    }
}

/// The libraries that a conventional name may stand for, by the names of their tables.
const CONVENTIONAL: &[&str] = &["redis-rb", "ioredis", "node-redis", "upstash", "iovalkey"];

fn ecosystem(of: client::Ecosystem) -> project::Ecosystem {
    match of {
        client::Ecosystem::Npm => project::Ecosystem::Npm,
        client::Ecosystem::Gem => project::Ecosystem::Gem,
    }
}

/// What a text is made of, as far as one asks who wants to change it.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Its comments.
    pub comments: Vec<Span>,
    /// How many places the parser could not follow.
    pub errors: usize,
}

/// Parses one text by itself.
#[must_use]
pub fn outline(language: Language, text: &str) -> Outline {
    let module = language::lower(language, text);
    Outline { errors: module.errors.len() + usize::from(module.truncated), comments: module.comments }
}

/// The partly analysed files as entries of a report.
#[must_use]
pub fn skipped(partial: &[(FileId, String)], sources: &[SourceFile]) -> Vec<Skipped> {
    partial.iter().map(|(file, reason)| Skipped { path: sources[file.0 as usize].path.to_string(), reason: reason.clone() }).collect()
}

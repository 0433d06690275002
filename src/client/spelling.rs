//! From method names to commands.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::library::Library;
use super::row::{Method, Spelling};
use super::version::{Collapsed, Versioned, Versions, collapse};
use super::words::{BlockGets, Case, Container, Iterates, MethodShape, MethodVerdict, Role};
use crate::command::{Command, CommandTable};

/// What a method name is in a library.
#[derive(Clone, Debug, PartialEq)]
pub struct Spelled<'t> {
    /// The command it sends. A container (`XGROUP`) when the subcommand is the first argument; `None` for a method that is gone
    /// and never was a command.
    pub command: Option<&'static Command>,
    /// What becomes of the name.
    pub verdict: MethodVerdict,
    /// The ending that changes the reply's type and not the command: `Buffer`, `Async`.
    pub suffix: Option<&'t str>,
    /// What it iterates over.
    pub iterates: Option<Iterates>,
    /// What its block gets.
    pub block: Option<BlockGets>,
    /// What else is special.
    pub shape: Option<MethodShape>,
    /// The slots of the command in the order of the arguments, where it differs.
    pub argument_order: Option<&'t [SmolStr]>,
    /// Option tokens that it always sends.
    pub tokens: &'t [SmolStr],
    /// What to use instead, a command or a method.
    pub instead: Option<&'t str>,
}

impl Spelled<'_> {
    fn plain(command: &'static Command, verdict: MethodVerdict) -> Self {
        Self {
            command: Some(command),
            verdict,
            suffix: None,
            iterates: None,
            block: None,
            shape: None,
            argument_order: None,
            tokens: &[],
            instead: None,
        }
    }
}

/// Method names of one library that the spelling rules give.
#[derive(Debug, Default)]
pub(super) struct SpellingIndex {
    by_method: FxHashMap<SmolStr, Vec<Versioned<Entry>>>,
    properties: Vec<SmolStr>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    command: &'static Command,
    suffix: Option<SmolStr>,
}

impl Library {
    /// The command that a method name stands for, on a client of a role: the exceptions first, then the spelling rule. `None` for
    /// a name that is not a command's: `on`, `connect`, `status`. A name that is a command's in another library's spelling
    /// is answered with [`MethodVerdict::Missing`]. Methods of properties are joined by a dot: `json.get`.
    ///
    /// Queues, raw methods, views and the like are asked for by themselves, and before this.
    #[must_use]
    pub fn spell(&self, method: &str, role: Role, allowed: Versions) -> Option<Collapsed<Spelled<'_>>> {
        let found = self.spelled_for(method, role, allowed)?;
        // A pool of another library's making lends connections, and has none of their commands.
        let lends_only = role == Role::Pool && !self.makes_pools() && found.newest.command.is_some();
        Some(if lends_only { found.map(|spelled| Spelled { verdict: MethodVerdict::Pool, ..spelled }) } else { found })
    }

    fn spelled_for(&self, method: &str, role: Role, allowed: Versions) -> Option<Collapsed<Spelled<'_>>> {
        if let Some(exception) = self.exception(method, role, allowed) {
            return Some(exception);
        }
        if matches!(role, Role::Config | Role::Store) || self.is_other_method(method) {
            return None;
        }
        if let Some(rows) = self.index().by_method.get(method) {
            let found = collapse(rows, allowed, |entry| {
                Some(Spelled { suffix: entry.suffix.as_deref(), ..Spelled::plain(entry.command, MethodVerdict::Exists) })
            });
            if found.is_some() {
                return found;
            }
        }
        let command = command_of_any_case(method)?;
        let verdict = match role {
            Role::Pool if !self.makes_pools() => MethodVerdict::Pool,
            _ if command.is_distinctive() => MethodVerdict::Missing,
            _ => return None,
        };
        let spelled = self.index().by_method.get(method).into_iter().flatten();
        let agree = !spelled.into_iter().any(|row| !row.versions.intersection(allowed).is_empty());
        Some(Collapsed { newest: Spelled::plain(command, verdict), agree })
    }

    /// Whether a name is a method of the client that sends no command of that name.
    #[must_use]
    pub fn is_other_method(&self, method: &str) -> bool {
        self.methods.binary_search_by(|have| have.as_str().cmp(method)).is_ok()
    }

    /// Whether a property of the client holds methods of its own: `json` of `client.json.get(…)`.
    #[must_use]
    pub fn is_property(&self, name: &str) -> bool {
        self.index().properties.iter().any(|property| property == name)
    }

    /// Whether it makes pools of its own, which take commands.
    fn makes_pools(&self) -> bool {
        let commands = !self.tables.spelling.is_empty() || !self.tables.raw.is_empty();
        commands && self.tables.make.iter().any(|row| row.row.role == Role::Pool)
    }

    fn exception(&self, method: &str, role: Role, allowed: Versions) -> Option<Collapsed<Spelled<'_>>> {
        let rows = || self.tables.method.iter().filter(|row| row.row.name.has(method));
        let special = rows().filter(|row| row.row.on.contains(&role));
        let general = rows().filter(|row| row.row.on.is_empty());
        collapse(special.chain(general), allowed, |row| Some(spelled(row, method)))
    }

    fn index(&self) -> &SpellingIndex {
        self.index.get_or_init(|| SpellingIndex::new(&self.tables.spelling))
    }
}

fn spelled<'t>(row: &'t Method, method: &str) -> Spelled<'t> {
    Spelled {
        command: match &row.command {
            Some(name) => CommandTable::builtin().get(name),
            None => command_of_any_case(method),
        },
        verdict: row.verdict.unwrap_or(MethodVerdict::Exists),
        suffix: None,
        iterates: row.iterates,
        block: row.block,
        shape: row.shape,
        argument_order: row.argument_order.as_deref(),
        tokens: row.tokens(),
        instead: row.instead.as_deref(),
    }
}

impl SpellingIndex {
    fn new(spellings: &[Versioned<Spelling>]) -> Self {
        let mut index = Self::default();
        for spelling in spellings {
            for (name, command) in names(&spelling.row) {
                for suffix in &spelling.row.suffixes.0 {
                    index.add(
                        smol_str::format_smolstr!("{name}{suffix}"),
                        spelling.versions,
                        Entry { command, suffix: Some(suffix.clone()) },
                    );
                }
                if let Some((property, _)) = name.split_once('.')
                    && !index.properties.iter().any(|have| have == property)
                {
                    index.properties.push(property.into());
                }
                index.add(name, spelling.versions, Entry { command, suffix: None });
            }
        }
        index
    }

    fn add(&mut self, name: SmolStr, versions: Versions, entry: Entry) {
        let rows = self.by_method.entry(name).or_default();
        // The same name in two cases (`get` in lower and camel) is the same command.
        if !rows.iter().any(|row| row.versions == versions) {
            rows.push(Versioned { versions, row: entry });
        }
    }
}

/// Every method name that a spelling gives, with its command. Where a list says which commands have a method, the other cases
/// follow it.
pub(super) fn names(spelling: &Spelling) -> Vec<(SmolStr, &'static Command)> {
    let listed: FxHashSet<&str> = spelling.names.iter().filter_map(|name| Some(command_of_any_case(name)?.name.as_str())).collect();
    let has = |command: &Command| !spelling.absent.has(&command.name) && (listed.is_empty() || listed.contains(command.name.as_str()));
    let mut names = Vec::new();
    for case in &spelling.case.0 {
        if *case == Case::Camel {
            names.extend(spelling.names.iter().filter_map(|name| Some((name.clone(), command_of_any_case(name)?))));
            continue;
        }
        for command in CommandTable::builtin().iter() {
            if let Some(name) = name_in(*case, spelling.container, command).filter(|_| has(command)) {
                names.push((name, command));
            }
        }
    }
    names
}

/// The method name of a command, where the case and the treatment of subcommands give it one.
pub(super) fn name_in(case: Case, container: Container, command: &Command) -> Option<SmolStr> {
    let (property, rest) = match command.name.split_once('.') {
        // Commands of modules are methods of a property, or have no method.
        Some(_) if container == Container::OneMethod => return None,
        Some((property, rest)) => (Some(property), rest),
        None => (None, command.name.as_str()),
    };
    match (container, command.name.contains(' ')) {
        (Container::OneMethod, true) => return None,
        // `COMMAND` is a command by itself and a container; `XGROUP` is only a container.
        (Container::Flattened | Container::Property, false) if command.is_container && command.name != "COMMAND" => return None,
        _ => {}
    }
    let separator = if container == Container::Property && case != Case::Upper { '.' } else { '_' };
    let in_case = |sign: char| if case == Case::Upper { sign } else { sign.to_ascii_lowercase() };
    let method = rest.chars().map(|sign| match sign {
        ' ' => separator,
        '-' => '_',
        sign => in_case(sign),
    });
    let property = property.into_iter().flat_map(|property| property.chars().map(|sign| sign.to_ascii_lowercase()).chain(['.']));
    Some(property.chain(method).collect())
}

/// The command that a name means when case, `_` and `-` are not looked at: `hGetAll`, `XGROUP_CREATE`, `xgroupCreate`.
fn command_of_any_case(method: &str) -> Option<&'static Command> {
    static JOINED: std::sync::OnceLock<FxHashMap<SmolStr, &'static Command>> = std::sync::OnceLock::new();
    let joined = JOINED.get_or_init(|| CommandTable::builtin().iter().map(|command| (join(&command.name), command)).collect());
    joined.get(join(method).as_str()).copied()
}

fn join(name: &str) -> SmolStr {
    name.chars().filter(|sign| !matches!(sign, '_' | ' ' | '-')).map(|sign| sign.to_ascii_lowercase()).collect()
}

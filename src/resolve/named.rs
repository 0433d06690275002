//! The last resort: what is a client by a conventional name alone, in a project that uses Redis. Asked when the fixpoint knows
//! no more, of receivers, blocks and proxies of which nothing else is known.

use smol_str::SmolStr;

use super::Modules;
use super::catalog::Catalog;
use super::evaluate::{FileValues, is_telling};
use super::hierarchy::Hierarchy;
use super::link::{Links, Unit, positions};
use super::state::{ParamRef, Slot, State};
use super::value::{Atom, ClassKey, ClientValue, Place, Values};
use crate::client::{Evidence, LibraryId, MethodVerdict, Role};
use crate::program::{ArgumentKind, BindingKind, Call, Kind, NodeId, Target};

/// How many methods of one name a project may have for a call on something unknown to mean any of them.
const NAMESAKES: usize = 2;

/// What is known by name in one file.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Receivers of calls.
    pub receivers: Vec<(NodeId, ClientValue)>,
    /// What flows elsewhere.
    pub slots: Vec<(Slot, Values)>,
}

/// What names are judged by, the same for all files.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'r> {
    pub links: &'r Links,
    pub state: &'r State,
    pub hierarchy: &'r Hierarchy,
    pub catalog: &'r Catalog<'r>,
    pub modules: &'r dyn Modules,
}

/// What of a file is a client by its name alone.
pub(super) fn known(around: Surroundings<'_>, unit: &Unit, values: &FileValues) -> Known {
    let mut known = Known::default();
    for (_, call) in unit.calls() {
        if let Target::Method { receiver, name } = &call.target
            && values.of(*receiver).iter().all(|atom| says_nothing(around, atom))
        {
            if let Some(client) = receiver_client(around, unit, *receiver, name) {
                known.receivers.push((*receiver, client));
            } else if unit.module.semantics.shares_constants {
                known.slots.extend(passed(around, unit, values, call, name));
            }
        }
        known.slots.extend(block(around, unit, values, call));
    }
    known.slots.extend(unit.classes.iter().filter_map(|class| Some((Slot::Forward(*class), proxied(around, unit, *class)?))));
    known
}

/// Whether a value leaves a receiver as unknown as none: a constant nobody defines, or an interface that is named after Redis
/// and that no class of the project implements, which is how code declares the methods of a client that it uses.
fn says_nothing(around: Surroundings<'_>, atom: &Atom) -> bool {
    match atom {
        Atom::Constant(_) => true,
        Atom::Instance(class) => {
            let info = around.links.class(*class);
            info.is_interface && is_telling(&info.name) && around.hierarchy.below(*class).is_empty()
        }
        _ => false,
    }
}

fn receiver_client(around: Surroundings<'_>, unit: &Unit, receiver: NodeId, method: &SmolStr) -> Option<ClientValue> {
    let name = match unit.module.kind(receiver) {
        Kind::Local(binding) => {
            let bound = unit.module.binding(*binding);
            // A declared type that is no client says more than a name.
            if bound.ty.is_some() || !matches!(bound.kind, BindingKind::Variable | BindingKind::Param | BindingKind::Import(_)) {
                return None;
            }
            bound.name.clone()
        }
        Kind::Member { name, .. } | Kind::Global(name) | Kind::Free(name) => name.clone(),
        Kind::Constant { path, .. } => {
            path.last().filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?.clone()
        }
        Kind::Call(call) if call.args.is_empty() => match &call.target {
            Target::Own(name) | Target::Method { name, .. } => name.clone(),
            _ => return None,
        },
        _ => return None,
    };
    if !is_telling(&name) {
        return None;
    }
    let plain = plain(&name);
    if is_conventional(&plain) {
        let client = client(around, unit, Role::Connection)?;
        let table = around.catalog.library(client.library);
        let spelled = table.spell(method, client.role, table.all_versions());
        let has = spelled.is_some_and(|spelled| spelled.newest.verdict == MethodVerdict::Exists);
        return (has || around.catalog.queue(&client, method).is_some()).then_some(client);
    }
    let is_pool = plain.strip_suffix("pool").is_some_and(is_conventional) && unit.module.semantics.shares_constants;
    let client = if is_pool { client(around, unit, Role::Pool)? } else { return None };
    around.catalog.role_accessor(&client, method, |library| around.modules.allowed(unit.file, library)).map(|_| client)
}

fn client(around: Surroundings<'_>, unit: &Unit, role: Role) -> Option<ClientValue> {
    let library: LibraryId = around.modules.conventional(unit.file).or_else(|| mentioned(around, unit))?;
    Some(ClientValue { library, role, evidence: Evidence::Named, place: Place { file: unit.file, offset: u32::MAX } })
}

/// The library whose class a Ruby file names, whatever the manifests say.
fn mentioned(around: Surroundings<'_>, unit: &Unit) -> Option<LibraryId> {
    let constants =
        unit.module.nodes.iter().filter_map(|node| if let Kind::Constant { path, .. } = &node.kind { path.first() } else { None });
    let mut libraries = constants.filter(|name| is_telling(name)).filter_map(|name| around.catalog.constant_make(name, "new"));
    libraries.next().map(|made| made.library)
}

/// What a call on something unknown passes to the methods of its name, when it passes a client to a parameter that is called
/// like one, or like what is passed: `part.fill(pipeline)`.
fn passed(around: Surroundings<'_>, unit: &Unit, values: &FileValues, call: &Call, name: &SmolStr) -> Vec<(Slot, Values)> {
    let mut found = Vec::new();
    let positional = call.args.iter().take_while(|argument| argument.kind == ArgumentKind::Positional);
    for (at, argument) in positional.enumerate() {
        let is_client = |atom: &&Atom| matches!(atom, Atom::Client(_) | Atom::Queue(_));
        let given: Values = values.of(argument.value).iter().filter(is_client).cloned().collect();
        let namesakes = around.links.methods_named(name);
        if given.is_empty() || namesakes.len() > NAMESAKES {
            continue;
        }
        let reference = ParamRef::At(at as u16);
        for method in namesakes {
            let Some(there) = around.links.unit(method.file) else { continue };
            let param = positions(there.module.function(method.function)).find(|(_, named)| *named == reference);
            let Some(called) = param.and_then(|(param, _)| local_name(there, param.target)) else { continue };
            if is_conventional(&plain(called)) || local_name(unit, argument.value) == Some(called) {
                found.push((Slot::Param(*method, reference.clone()), given.clone()));
            }
        }
    }
    found
}

fn local_name(unit: &Unit, node: NodeId) -> Option<&SmolStr> {
    match unit.module.kind(node) {
        Kind::Local(binding) => Some(&unit.module.binding(*binding).name),
        _ => None,
    }
}

/// What the block of a call gets that is named after a client, and of which nothing else is known: `redis { |conn| … }`,
/// `with_redis { |conn| … }`.
fn block(around: Surroundings<'_>, unit: &Unit, values: &FileValues, call: &Call) -> Option<(Slot, Values)> {
    let block = call.block?;
    let (Target::Own(name) | Target::Method { name, .. }) = &call.target else { return None };
    if !is_telling(name) {
        return None;
    }
    let plain = plain(name);
    let named = plain.strip_prefix("with").unwrap_or(&plain);
    if !is_conventional(named) {
        return None;
    }
    let slot = Slot::Param(unit.key(block), ParamRef::At(0));
    let param = unit.module.function(block).params.first()?;
    if !around.state.get(&slot).is_empty() || !values.of(param.target).is_empty() {
        return None;
    }
    let client = client(around, unit, Role::Lease)?;
    Some((slot, Values::one(Atom::Client(client))))
}

/// The client behind a proxy that is named after Redis: `class RedisProxy < SimpleDelegator`.
fn proxied(around: Surroundings<'_>, unit: &Unit, class: ClassKey) -> Option<Values> {
    let is_delegator = |atom: &Atom| matches!(atom, Atom::Constant(name) if name == "SimpleDelegator" || name == "Delegator");
    let info = around.links.class(class);
    let own_name = info.name.rsplit("::").next().unwrap_or_default();
    if !is_telling(own_name) || !around.hierarchy.outside(class, false).any(is_delegator) {
        return None;
    }
    let client = client(around, unit, Role::Connection)?;
    around.state.get(&Slot::Forward(class)).is_empty().then(|| Values::one(Atom::Client(client)))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Names that a Redis client goes by, and little else does: `redis`, `redisClient`, `CACHE_REDIS`, `redis_cache_client`.
fn is_conventional(plain: &str) -> bool {
    if plain.starts_with("is") || plain.starts_with("mock") {
        return false;
    }
    ["redis", "valkey"].iter().any(|server| {
        let holds = |plain: &str| plain.contains(server);
        plain.ends_with(server)
            || plain.strip_suffix("db").is_some_and(|rest| rest == *server)
            || ["client", "connection", "conn"].iter().any(|kind| plain.strip_suffix(kind).is_some_and(holds))
            || plain.strip_prefix("client") == Some(server)
    })
}

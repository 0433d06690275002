//! The questions that resolution asks of the client tables.
//!
//! Resolution asks for all versions at once: what is a client with one of them is followed; what a version makes of a call
//! is for the context stage to say. Only what an accessor hands out is asked for the versions of the calling file, since it may be a client
//! of another library.

use crate::client::{self, Accessor, Collapsed, Evidence, Libraries, Library, LibraryId, Make, Role, Versions};
use crate::program::CallForm;

use super::value::{ClientValue, QueueValue};

/// Client tables, as resolution sees them.
#[derive(Debug)]
pub struct Catalog<'a> {
    libraries: &'a Libraries,
}

/// A construction.
#[derive(Clone, Debug)]
pub struct Made {
    /// The library of the new client.
    pub library: LibraryId,
    /// What it is.
    pub role: Role,
    /// The client inside, for wrappers and pools.
    pub wraps: Option<client::Wraps>,
}

/// A way to get at a client.
#[derive(Clone, Debug)]
pub struct Access {
    /// The library of the client it gives; `None`: that of the client asked.
    pub library: Option<LibraryId>,
    /// What it answers.
    pub value: Option<Role>,
    /// What its block gets.
    pub yields: Option<Role>,
    /// How certain that makes it.
    pub evidence: Evidence,
    /// Whether it gives the wrapped client, whatever its library.
    pub wrapped: bool,
}

impl<'a> Catalog<'a> {
    /// The view of a set of tables.
    #[must_use]
    pub fn new(libraries: &'a Libraries) -> Self {
        Self { libraries }
    }

    /// All tables.
    pub fn libraries(&self) -> impl Iterator<Item = (LibraryId, &'a Library)> {
        self.libraries.iter()
    }

    /// A library's table.
    #[must_use]
    pub fn library(&self, id: LibraryId) -> &'a Library {
        self.libraries.get(id)
    }

    /// The library of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<LibraryId> {
        self.libraries.named(name)
    }

    /// Whether a library exports something of a name that matters here.
    #[must_use]
    pub fn knows_export(&self, library: LibraryId, name: &str) -> bool {
        self.library(library).exports().any(|export| export == name)
    }

    /// What calling or constructing an export gives.
    #[must_use]
    pub fn export_make(&self, library: LibraryId, path: &str, form: CallForm) -> Option<Made> {
        let table = self.library(library);
        for path in spellings(path) {
            let found = match form {
                CallForm::New => table.make_export(path, &client::CallForm::New, table.all_versions()),
                CallForm::Call => table.make_export(path, &client::CallForm::Function, table.all_versions()).or_else(|| {
                    let (owner, method) = path.rsplit_once('.')?;
                    table.make_export(owner, &client::CallForm::Method(method.into()), table.all_versions())
                }),
            };
            if let Some(found) = found {
                return Some(made(library, found));
            }
        }
        None
    }

    /// Whether a library defines a constant that matters here.
    #[must_use]
    pub fn knows_constant(&self, constant: &str) -> bool {
        !self.libraries.by_constant(constant).is_empty()
    }

    /// What a method of a constant constructs: `Redis.new`.
    #[must_use]
    pub fn constant_make(&self, constant: &str, method: &str) -> Option<Made> {
        let form = if method == "new" { client::CallForm::New } else { client::CallForm::Method(method.into()) };
        self.libraries.by_constant(constant).iter().find_map(|id| {
            let table = self.library(*id);
            table.make_constant(constant, &form, table.all_versions()).map(|found| made(*id, found))
        })
    }

    /// What a method of a client constructs: `client.duplicate()`.
    #[must_use]
    pub fn method_make(&self, client: &ClientValue, method: &str) -> Option<Role> {
        let table = self.library(client.library);
        table.make_on(client.role, method, table.all_versions()).map(|found| found.newest.role)
    }

    /// What a declared type is.
    #[must_use]
    pub fn export_type(&self, library: LibraryId, path: &str) -> Option<Role> {
        let table = self.library(library);
        spellings(path).into_iter().find_map(|path| table.type_export(path, table.all_versions())).map(|found| found.newest)
    }

    /// A client that an export hands out by itself: `import { redis } from "bun"`.
    #[must_use]
    pub fn export_accessor(&self, library: LibraryId, path: &str) -> Option<Access> {
        let table = self.library(library);
        spellings(path)
            .into_iter()
            .find_map(|path| table.accessor_export(path, table.all_versions()))
            .map(|found| self.access(library, &found))
    }

    /// A client that a method of a constant hands out: `Sidekiq.redis`.
    #[must_use]
    pub fn constant_accessor(&self, constant: &str, method: &str, allowed: impl Fn(LibraryId) -> Versions) -> Option<Access> {
        self.libraries.by_constant(constant).iter().find_map(|id| {
            let table = self.library(*id);
            table.accessor_constant(constant, method, allowed(*id)).map(|found| self.access(*id, &found))
        })
    }

    /// A client that a method of a client hands out: `pool.with`.
    #[must_use]
    pub fn role_accessor(&self, client: &ClientValue, method: &str, allowed: impl Fn(LibraryId) -> Versions) -> Option<Access> {
        let own = self.library(client.library);
        let accessor = |table: &'a Library, versions: Versions| {
            let found = table.accessor_on(client.role, method, versions)?;
            let access = self.access(client.library, &found);
            Some((Access { library: found.newest.library.as_ref().and(access.library), ..access }, found.newest.wrapped))
        };
        if let Some((access, _)) = accessor(own, allowed(client.library)) {
            return Some(access);
        }
        // A pool of another library's making keeps the library of the clients in it.
        if client.role != Role::Pool {
            return None;
        }
        let others = self.libraries.iter().filter(|(_, table)| table.ecosystem == own.ecosystem);
        others.filter_map(|(_, table)| accessor(table, table.all_versions())).find_map(|(access, wrapped)| wrapped.then_some(access))
    }

    fn access(&self, library: LibraryId, found: &Collapsed<&Accessor>) -> Access {
        // Of a pool, the clients in it count, not whose the pool is.
        let named = found.newest.contains.as_ref().or(found.newest.library.as_ref()).and_then(|name| self.libraries.named(name));
        Access {
            library: Some(named.unwrap_or(library)),
            value: found.newest.role,
            yields: found.newest.block,
            evidence: found.newest.evidence.unwrap_or(Evidence::Imported),
            wrapped: found.newest.wrapped,
        }
    }

    /// Whether a library wraps the client of another one, and opens no connection itself.
    #[must_use]
    pub fn is_wrapper(&self, client: &ClientValue) -> bool {
        self.library(client.library).wraps_clients()
    }

    /// The same client, seen another way: `client.v4`.
    #[must_use]
    pub fn view(&self, client: &ClientValue, name: &str) -> Option<Role> {
        let table = self.library(client.library);
        table.view(client.role, name, table.all_versions()).map(|found| found.newest.role.unwrap_or(client.role))
    }

    /// Whether a member of a client holds methods of its own: `client.json`.
    #[must_use]
    pub fn is_property(&self, client: &ClientValue, name: &str) -> bool {
        self.library(client.library).is_property(name)
    }

    /// Whether a method opens a pipeline or transaction, and then whether it is a transaction.
    #[must_use]
    pub fn queue(&self, client: &ClientValue, method: &str) -> Option<bool> {
        let table = self.library(client.library);
        table.queue(method, table.all_versions()).map(|queue| queue.newest.kind == client::QueueKind::Transaction)
    }

    /// Whether a method ends a queue: sends or drops it.
    #[must_use]
    pub fn ends_queue(&self, queue: &QueueValue, method: &str) -> bool {
        let table = self.library(queue.client.library);
        table.sends_queue(method) || table.drops_queue(method)
    }

    /// Whether a method that is called on a queue gives the queue back: commands of some libraries give futures.
    #[must_use]
    pub fn gives_queue(&self, queue: &QueueValue, method: &str) -> bool {
        let table = self.library(queue.client.library);
        table.chains_queue() || table.spell(method, queue.client.role, table.all_versions()).is_none()
    }

    /// Whether a method that sends no command gives its client back: `on`, `connect`.
    #[must_use]
    pub fn returns_client(&self, client: &ClientValue, method: &str) -> bool {
        let table = self.library(client.library);
        matches!(method, "connect" | "once" | "off" | "setMaxListeners" | "removeListener")
            || table.listener().is_some_and(|listener| listener.methods().iter().any(|name| name == method))
    }

    /// Whether a method gives its receiver back in any library and language.
    #[must_use]
    pub fn keeps_value(&self, method: &str) -> bool {
        matches!(method, "freeze" | "itself" | "tap")
    }
}

fn made(library: LibraryId, found: Collapsed<&Make>) -> Made {
    Made { library, role: found.newest.role, wraps: found.newest.wraps.clone() }
}

/// The export paths under which a table may list what the code spells with a namespace or default import around it:
/// `import redis from "redis"; redis.createClient()`.
fn spellings(path: &str) -> Vec<&str> {
    let mut all = vec![if path == "*" { "default" } else { path }];
    if let Some(inner) = path.strip_prefix("default.") {
        all.push(inner);
    }
    all
}

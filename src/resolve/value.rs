//! Abstract values: what an expression may be, as far as clients are concerned.

use smol_str::SmolStr;

use crate::client::{Evidence, LibraryId, Role};
use crate::program::FunctionId;
use crate::source::FileId;

/// A place in the source, as the identity of what is made there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// File.
    pub file: FileId,
    /// Byte offset.
    pub offset: u32,
}

/// A function of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionKey {
    /// File.
    pub file: FileId,
    /// Function in the file's module.
    pub function: FunctionId,
}

/// A class of the project: index into [`super::link::Links::classes`]. All parts of a reopened class share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassKey(pub u32);

/// A client, pool or lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientValue {
    /// Whose.
    pub library: LibraryId,
    /// Which kind of object.
    pub role: Role,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it was made, declared or handed out.
    pub place: Place,
}

/// A pipeline or transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueValue {
    /// The client it was opened on.
    pub client: ClientValue,
    /// Whether its commands run as one transaction.
    pub transaction: bool,
    /// Where it was opened.
    pub place: Place,
}

/// One thing that an expression may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// A client, pool or lease.
    Client(ClientValue),
    /// A pipeline or transaction.
    Queue(QueueValue),
    /// A class of the project.
    Class(ClassKey),
    /// An instance of a class of the project.
    Instance(ClassKey),
    /// A function of the project.
    Function(FunctionKey),
    /// An object, hash or array literal, by where it stands.
    Object(Place),
    /// A module of the project.
    Module(FileId),
    /// Something that a client library exports: library and export path (`default.Cluster`).
    Export(LibraryId, SmolStr),
    /// A constant that no file of the project defines: `Redis`, `Sidekiq`.
    Constant(SmolStr),
}

/// How many clients of one library and role a set keeps apart, and how many other atoms it holds at all.
const CLIENTS_APART: usize = 8;
const OTHERS: usize = 16;

impl Place {
    /// The place of a client of which only the library is known, because too many constructions reach one expression.
    pub const ANY: Self = Self { file: FileId(u32::MAX), offset: u32::MAX };
}

/// The set of things that an expression may be. Empty is *nothing known*.
///
/// A set is bounded, and what it becomes at its bound does not depend on the order of additions: clients of one library
/// and role are merged into one at [`Place::ANY`] with the weakest evidence among them; other atoms are given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    atoms: Vec<Atom>,
    cut: bool,
}

impl Values {
    /// Nothing known.
    pub const NONE: Self = Self { atoms: Vec::new(), cut: false };

    /// Nothing known, by reference.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: Values = Values::NONE;
        &NONE
    }

    /// One atom.
    #[must_use]
    pub fn one(atom: Atom) -> Self {
        Self { atoms: vec![atom], cut: false }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.atoms.is_empty()
    }

    /// The atoms, sorted.
    pub fn iter(&self) -> std::slice::Iter<'_, Atom> {
        self.atoms.iter()
    }

    /// Whether atoms were given up, so that what the set holds is right but not all.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Adds an atom; true when the set changed.
    pub fn add(&mut self, atom: Atom) -> bool {
        match atom {
            Atom::Client(client) => self.add_client(client),
            Atom::Queue(_) => self.insert(atom),
            _ if self.cut => false,
            _ => {
                let changed = self.insert(atom);
                if changed && self.atoms.iter().filter(|atom| !matches!(atom, Atom::Client(_) | Atom::Queue(_))).count() > OTHERS {
                    self.cut = true;
                    self.atoms.retain(|atom| matches!(atom, Atom::Client(_) | Atom::Queue(_)));
                }
                changed
            }
        }
    }

    fn insert(&mut self, atom: Atom) -> bool {
        match self.atoms.binary_search(&atom) {
            Ok(_) => false,
            Err(at) => {
                self.atoms.insert(at, atom);
                true
            }
        }
    }

    fn add_client(&mut self, client: ClientValue) -> bool {
        let kin = |atom: &Atom| matches!(atom, Atom::Client(other) if other.library == client.library && other.role == client.role);
        let merged = self.atoms.iter().position(|atom| kin(atom) && matches!(atom, Atom::Client(other) if other.place == Place::ANY));
        if let Some(at) = merged {
            let Atom::Client(other) = &mut self.atoms[at] else { return false };
            let weaker = client.evidence < other.evidence;
            other.evidence = other.evidence.min(client.evidence);
            return weaker;
        }
        if !self.insert(Atom::Client(client)) {
            return false;
        }
        if self.atoms.iter().filter(|atom| kin(atom)).count() > CLIENTS_APART {
            let weakest = self.atoms.iter().filter(|atom| kin(atom)).filter_map(|atom| match atom {
                Atom::Client(other) => Some(other.evidence),
                _ => None,
            });
            let evidence = weakest.min().unwrap_or(client.evidence);
            self.atoms.retain(|atom| !kin(atom));
            self.insert(Atom::Client(ClientValue { evidence, place: Place::ANY, ..client }));
        }
        true
    }

    /// Adds all atoms of another set; true when the set changed.
    pub fn join(&mut self, other: &Self) -> bool {
        let mut changed = false;
        if other.cut && !self.cut {
            self.cut = true;
            self.atoms.retain(|atom| matches!(atom, Atom::Client(_) | Atom::Queue(_)));
            changed = true;
        }
        for atom in &other.atoms {
            changed |= self.add(atom.clone());
        }
        changed
    }

    /// The union of two sets.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.join(other);
        self
    }

    /// The clients among the atoms: when constructions are known, declarations of the same library add nothing and are left out.
    #[must_use]
    pub fn clients(&self) -> Vec<ClientValue> {
        let all = self.atoms.iter().filter_map(|atom| match atom {
            Atom::Client(client) => Some(*client),
            _ => None,
        });
        strongest(all.collect())
    }

    /// The queues among the atoms.
    #[must_use]
    pub fn queues(&self) -> Vec<QueueValue> {
        self.atoms
            .iter()
            .filter_map(|atom| match atom {
                Atom::Queue(queue) => Some(*queue),
                _ => None,
            })
            .collect()
    }
}

/// Keeps of each library the clients of the strongest evidence.
#[must_use]
pub fn strongest(clients: Vec<ClientValue>) -> Vec<ClientValue> {
    let best = |library| clients.iter().filter(|client| client.library == library).map(|client| client.evidence).max();
    clients.iter().filter(|client| Some(client.evidence) == best(client.library)).copied().collect()
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a Atom;
    type IntoIter = std::slice::Iter<'a, Atom>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Atom> for Values {
    fn from_iter<T: IntoIterator<Item = Atom>>(atoms: T) -> Self {
        let mut values = Self::NONE;
        for atom in atoms {
            values.add(atom);
        }
        values
    }
}

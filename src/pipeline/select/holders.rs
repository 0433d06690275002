//! What holds or gives clients: classes, functions, objects and modules.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::resolve::value::{Atom, ClassKey, FunctionKey, Place, Values};
use crate::resolve::{Ancestor, Resolution, Slot};
use crate::source::FileId;

/// How far holders of holders of clients are followed.
const DEPTH: usize = 3;

/// What holds or gives a client.
#[derive(Clone, Default)]
pub(super) struct Holders {
    pub classes: FxHashSet<ClassKey>,
    pub functions: FxHashSet<FunctionKey>,
    objects: FxHashSet<Place>,
    modules: FxHashSet<FileId>,
}

impl Holders {
    /// Reads them off a resolution; `clients` are the classes whose instances are clients.
    pub fn of(resolution: &Resolution, clients: &[ClassKey]) -> Self {
        let mut holders = Self { classes: clients.iter().copied().collect(), ..Self::default() };
        for _ in 0..DEPTH {
            if !holders.widen(resolution) {
                break;
            }
        }
        holders
    }

    /// Whether a function that is given one of the values may get a client: also of a module as a whole, or by making one.
    pub fn hand_over(&self, resolution: &Resolution, values: &Values) -> bool {
        let makes = |atom: &Atom| matches!(atom, Atom::Export(..));
        self.carries(values)
            || values.iter().any(|atom| match atom {
                Atom::Module(file) => self.modules.contains(file),
                Atom::Function(function) => resolution.state.get(&Slot::Return(*function)).iter().any(makes),
                _ => makes(atom),
            })
    }

    /// Whether a type that is taken off the values may be that of a client: `ReturnType<typeof createClient>`.
    pub fn tells(&self, values: &Values) -> bool {
        self.carries(values) || values.iter().any(|atom| matches!(atom, Atom::Export(..)))
    }

    /// Whether one of the values is a client, or holds or gives one.
    pub fn carries(&self, values: &Values) -> bool {
        values.iter().any(|atom| match atom {
            Atom::Client(_) | Atom::Queue(_) => true,
            Atom::Class(class) | Atom::Instance(class) => self.classes.contains(class),
            Atom::Function(function) => self.functions.contains(function),
            Atom::Object(place) => self.objects.contains(place),
            Atom::Module(_) | Atom::Export(..) | Atom::Constant(_) => false,
        })
    }

    /// Adds what holds a value of the set so far; false when nothing was added.
    pub fn widen(&mut self, resolution: &Resolution) -> bool {
        let next: Vec<&Slot> = resolution.state.par_iter().filter(|(_, values)| self.carries(values)).map(|(slot, _)| slot).collect();
        let mut grown = false;
        for slot in next {
            grown |= match slot {
                Slot::Field(class, ..) | Slot::Forward(class) => self.classes.insert(*class),
                Slot::Return(function) | Slot::Yield(function, ..) => self.functions.insert(*function),
                Slot::Member(place, _) | Slot::Spread(place) => self.objects.insert(*place),
                Slot::Export(file, _) => {
                    self.modules.insert(*file);
                    false
                }
                _ => false,
            };
        }
        for (index, info) in resolution.links.classes.iter().enumerate() {
            let class = ClassKey(index as u32);
            let gives = info.methods.values().flatten().any(|(function, _)| self.functions.contains(function));
            let line = resolution.hierarchy.line(class, false).iter().chain(resolution.hierarchy.line(class, true));
            let inherits = line.into_iter().any(|ancestor| matches!(ancestor, Ancestor::Project(above, _) if self.classes.contains(above)));
            if gives || inherits {
                grown |= self.classes.insert(class);
            }
        }
        grown
    }
}

//! Lines of ancestors: where a method or field of a class is looked up, in order.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::link::Links;
use super::state::{MixinSlot, Slot, State};
use super::value::{Atom, ClassKey};

/// How long a line may get before the rest is ignored.
const BOUND: usize = 64;
/// How many classes a module is looked at from: what all of them have in common shows in a few.
const HOSTS: usize = 16;

/// A stop on the way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ancestor {
    /// A class of the project; whether its static members are meant.
    Project(ClassKey, bool),
    /// Something outside: an exported class of a client library, or a constant nobody defines.
    Outside(Atom),
}

/// The lines of all classes, as far as superclasses and mixins are known after a round.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hierarchy {
    instance: Vec<Vec<Ancestor>>,
    of_class: Vec<Vec<Ancestor>>,
    below: Vec<Vec<ClassKey>>,
    /// What each module is mixed into, and whether into the class itself.
    hosts: Vec<Vec<(ClassKey, bool)>>,
}

impl Hierarchy {
    /// Computes all lines.
    #[must_use]
    pub fn new(links: &Links, state: &State) -> Self {
        let count = links.classes.len() as u32;
        let mut hierarchy = Self {
            instance: Vec::new(),
            of_class: Vec::new(),
            below: vec![Vec::new(); count as usize],
            hosts: vec![Vec::new(); count as usize],
        };
        for class in (0..count).map(ClassKey) {
            let mut line = Vec::new();
            instance_line(state, class, &mut line);
            for ancestor in &line {
                match ancestor {
                    Ancestor::Project(above, _) if *above != class => hierarchy.below[above.0 as usize].push(class),
                    _ => {}
                }
            }
            hierarchy.instance.push(line);
            let mut line = Vec::new();
            class_line(state, class, &mut line);
            hierarchy.of_class.push(line);
        }
        for class in (0..count).map(ClassKey) {
            for of_class in [false, true] {
                let lines = if of_class { &hierarchy.of_class } else { &hierarchy.instance };
                for ancestor in &lines[class.0 as usize] {
                    if let Ancestor::Project(above, false) = ancestor
                        && *above != class
                        && links.class(*above).is_module
                        && hierarchy.hosts[above.0 as usize].len() < HOSTS
                    {
                        hierarchy.hosts[above.0 as usize].push((class, of_class));
                    }
                }
            }
        }
        hierarchy
    }

    /// The classes whose ancestors or descendants differ, or those of what they are mixed into.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<ClassKey> {
        let classes = || (0..self.instance.len().max(other.instance.len())).map(|at| ClassKey(at as u32));
        let lines: FxHashSet<ClassKey> = classes()
            .filter(|class| {
                let at = class.0 as usize;
                self.instance.get(at) != other.instance.get(at) || self.of_class.get(at) != other.of_class.get(at)
            })
            .collect();
        let differs = |class: &ClassKey| {
            let at = class.0 as usize;
            lines.contains(class)
                || self.below.get(at) != other.below.get(at)
                || self.hosts.get(at) != other.hosts.get(at)
                || self.hosts.get(at).is_some_and(|hosts| hosts.iter().any(|(host, _)| lines.contains(host)))
        };
        classes().filter(differs).collect()
    }

    /// Where members of an instance (or, `of_class`, of the class itself) are looked up, nearest first.
    #[must_use]
    pub fn line(&self, class: ClassKey, of_class: bool) -> &[Ancestor] {
        let lines = if of_class { &self.of_class } else { &self.instance };
        lines.get(class.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Subclasses, implementing and including classes, at any distance.
    #[must_use]
    pub fn below(&self, class: ClassKey) -> &[ClassKey] {
        self.below.get(class.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The lines of all that a module is mixed into: where its methods find what it does not have itself.
    pub fn beside(&self, class: ClassKey) -> impl Iterator<Item = (ClassKey, bool)> + '_ {
        let hosts = self.hosts.get(class.0 as usize).map_or(&[][..], Vec::as_slice);
        hosts.iter().flat_map(|(host, of_class)| self.line(*host, *of_class)).filter_map(|ancestor| match ancestor {
            Ancestor::Project(class, of_class) => Some((*class, *of_class)),
            Ancestor::Outside(_) => None,
        })
    }

    /// The outside ancestors of a class, and those of what a module is mixed into: its methods run there.
    pub fn outside<'h>(&'h self, class: ClassKey, of_class: bool) -> impl Iterator<Item = &'h Atom> + use<'h> {
        let hosts = self.hosts.get(class.0 as usize).map_or(&[][..], Vec::as_slice).iter().filter(move |_| !of_class);
        let beside = hosts.flat_map(|(host, of_class)| self.line(*host, *of_class));
        self.line(class, of_class).iter().chain(beside).filter_map(|ancestor| match ancestor {
            Ancestor::Outside(atom) => Some(atom),
            Ancestor::Project(..) => None,
        })
    }
}

fn push(line: &mut Vec<Ancestor>, ancestor: Ancestor) -> bool {
    let fresh = line.len() < BOUND && !line.contains(&ancestor);
    if fresh {
        line.push(ancestor);
    }
    fresh
}

fn climb(state: &State, atom: &Atom, line: &mut Vec<Ancestor>, of_class: bool) {
    match atom {
        Atom::Class(class) if of_class => class_line(state, *class, line),
        Atom::Class(class) => instance_line(state, *class, line),
        Atom::Export(..) | Atom::Constant(_) => {
            push(line, Ancestor::Outside(atom.clone()));
        }
        _ => {}
    }
}

fn instance_line(state: &State, class: ClassKey, line: &mut Vec<Ancestor>) {
    if line.len() >= BOUND || line.contains(&Ancestor::Project(class, false)) {
        return;
    }
    for atom in state.get(&Slot::Mixin(class, MixinSlot::Prepend)) {
        climb(state, atom, line, false);
    }
    if !push(line, Ancestor::Project(class, false)) {
        return;
    }
    for atom in state.get(&Slot::Mixin(class, MixinSlot::Include)) {
        climb(state, atom, line, false);
    }
    for atom in state.get(&Slot::Super(class)) {
        climb(state, atom, line, false);
    }
}

fn class_line(state: &State, class: ClassKey, line: &mut Vec<Ancestor>) {
    if !push(line, Ancestor::Project(class, true)) {
        return;
    }
    for atom in state.get(&Slot::Mixin(class, MixinSlot::Extend)) {
        climb(state, atom, line, false);
    }
    // A concern brings its class methods along.
    for atom in state.get(&Slot::Mixin(class, MixinSlot::Include)) {
        climb(state, atom, line, true);
    }
    for atom in state.get(&Slot::Super(class)) {
        climb(state, atom, line, true);
    }
}

/// The full names around each part of a class's name, nearest first: where autoloaders look for a constant as well that is
/// not found from inside the classes that are open.
#[must_use]
pub fn surrounding_names(class: &str, path: &str) -> Vec<SmolStr> {
    let mut names = Vec::new();
    let mut outer = class;
    while let Some(at) = outer.rfind("::") {
        outer = &outer[..at];
        names.push(SmolStr::from(format!("{outer}::{path}")));
    }
    names
}

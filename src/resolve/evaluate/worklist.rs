//! What of a file is to be evaluated, and what has to be evaluated again when something that it read has grown.

use rustc_hash::FxHashMap;

use crate::program::{BindingId, Module, NodeId};
use crate::resolve::state::Slot;
use crate::resolve::value::ClassKey;

/// What is evaluated in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// What a class declares: ancestors and fields.
    Class(usize),
    /// What a binding is by its declaration.
    Binding(usize),
    /// What the parameters of a function are given.
    Enter(usize),
    /// The value of a node.
    Node(NodeId),
    /// What a function returns.
    Leave(usize),
    /// What an export gives.
    Export(usize),
    /// A structural type, numbered in the order in which they were met.
    Structure(usize),
}

/// A step by its number, in the order in which a file is gone through.
pub(super) type Item = u32;

/// Nobody has read it.
const NOBODY: Item = Item::MAX;

/// The steps that are left to do, and who read what.
#[derive(Clone, Debug, Default)]
pub(super) struct Worklist {
    /// Where the numbers of each kind of step end.
    ends: [u32; 6],
    /// A bit for each step that is to be done.
    dirty: Vec<u64>,
    /// The steps that read a slot, ascending.
    slots: FxHashMap<Slot, Vec<Item>>,
    /// The steps that asked for the ancestors or descendants of a class, ascending.
    lines: FxHashMap<ClassKey, Vec<Item>>,
    /// The step that first read a node, binding or structure.
    first: Vec<Item>,
    /// The other steps that did, ascending.
    others: FxHashMap<u32, Vec<Item>>,
}

impl Worklist {
    /// Every step of a file.
    pub fn of(module: &Module) -> Self {
        let counts = [
            module.classes.len(),
            module.bindings.len(),
            module.functions.len(),
            module.nodes.len(),
            module.functions.len(),
            module.exports.len(),
        ];
        let mut end = 0;
        let ends = counts.map(|count| {
            end += count as u32;
            end
        });
        let mut worklist = Self { ends, first: vec![NOBODY; module.nodes.len() + module.bindings.len()], ..Self::default() };
        worklist.dirty = vec![u64::MAX; end.div_ceil(64) as usize];
        if let Some(last) = worklist.dirty.last_mut()
            && end % 64 != 0
        {
            *last = (1 << (end % 64)) - 1;
        }
        worklist
    }

    /// Forgets the structures, and puts on the list the steps that read one and those that are asked for.
    pub fn reopen(&mut self, is_wanted: impl Fn(Step) -> bool) {
        let end = self.ends[5];
        while self.take(end).is_some() {}
        let is_kept = |reader: &Item| *reader < end;
        self.slots.values_mut().chain(self.lines.values_mut()).for_each(|readers| readers.retain(is_kept));
        self.others.values_mut().for_each(|readers| readers.retain(is_kept));
        let structures = self.structure_at(0);
        for reader in self.first.split_off(structures as usize).into_iter().filter(is_kept) {
            Self::put(&mut self.dirty, reader);
        }
        for (_, readers) in self.others.extract_if(|at, _| *at >= structures) {
            readers.into_iter().for_each(|reader| Self::put(&mut self.dirty, reader));
        }
        for (at, first) in self.first.iter_mut().enumerate().filter(|(_, first)| !is_kept(first)) {
            *first = self.others.get_mut(&(at as u32)).filter(|others| !others.is_empty()).map_or(NOBODY, |others| others.remove(0));
        }
        for item in 0..end {
            if is_wanted(self.step(item)) {
                Self::put(&mut self.dirty, item);
            }
        }
    }

    /// Whether something is left to do.
    pub fn has_work(&self) -> bool {
        self.dirty.iter().any(|word| *word != 0)
    }

    /// The number of a structure's step.
    pub fn structure(&self, index: usize) -> Item {
        self.ends[5] + index as u32
    }

    /// The step of a number.
    pub fn step(&self, item: Item) -> Step {
        let kind = self.ends.iter().position(|end| item < *end);
        let start = kind.unwrap_or(6).checked_sub(1).map_or(0, |before| self.ends[before]);
        let index = (item - start) as usize;
        match kind {
            Some(0) => Step::Class(index),
            Some(1) => Step::Binding(index),
            Some(2) => Step::Enter(index),
            Some(3) => Step::Node(NodeId(index as u32)),
            Some(4) => Step::Leave(index),
            Some(_) => Step::Export(index),
            None => Step::Structure(index),
        }
    }

    /// Takes the first step at or behind `from` off the list.
    pub fn take(&mut self, from: Item) -> Option<Item> {
        let mut word = (from / 64) as usize;
        let mut bits = self.dirty.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.dirty.get(word)?;
        }
        let item = word as u32 * 64 + bits.trailing_zeros();
        self.dirty[word] &= !(1 << (item % 64));
        Some(item)
    }

    fn put(dirty: &mut Vec<u64>, item: Item) {
        let word = (item / 64) as usize;
        if dirty.len() <= word {
            dirty.resize(word + 1, 0);
        }
        dirty[word] |= 1 << (item % 64);
    }

    /// Notes that a step read a slot.
    pub fn read_slot(&mut self, slot: Slot, reader: Item) {
        note(self.slots.entry(slot).or_default(), reader);
    }

    /// Notes that a step asked for the ancestors or descendants of a class.
    pub fn read_line(&mut self, class: ClassKey, reader: Item) {
        note(self.lines.entry(class).or_default(), reader);
    }

    /// Notes that a step read a node.
    pub fn read_node(&mut self, node: NodeId, reader: Item) {
        self.read_own(node.0, reader);
    }

    /// Notes that a step read a binding.
    pub fn read_binding(&mut self, binding: BindingId, reader: Item) {
        self.read_own(self.node_count() + binding.0, reader);
    }

    /// Notes that a step read a structure.
    pub fn read_structure(&mut self, index: usize, reader: Item) {
        let at = self.structure_at(index);
        if self.first.len() <= at as usize {
            self.first.resize(at as usize + 1, NOBODY);
        }
        self.read_own(at, reader);
    }

    /// Puts the steps that read a slot on the list.
    pub fn slot_grew(&mut self, slot: &Slot) {
        let readers = self.slots.get(slot).into_iter().flatten();
        readers.for_each(|reader| Self::put(&mut self.dirty, *reader));
    }

    /// Puts the steps that asked for the ancestors or descendants of a class on the list.
    pub fn line_changed(&mut self, class: ClassKey) {
        let readers = self.lines.get(&class).into_iter().flatten();
        readers.for_each(|reader| Self::put(&mut self.dirty, *reader));
    }

    /// Puts the steps that read a node on the list.
    pub fn node_grew(&mut self, node: NodeId) {
        self.own_grew(node.0);
    }

    /// Puts the steps that read a binding on the list.
    pub fn binding_grew(&mut self, binding: BindingId) {
        self.own_grew(self.node_count() + binding.0);
    }

    /// Puts the steps that read a structure on the list.
    pub fn structure_grew(&mut self, index: usize) {
        self.own_grew(self.structure_at(index));
    }

    /// The slots that were read.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.keys()
    }

    /// How many slots were read.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    fn node_count(&self) -> u32 {
        self.ends[3] - self.ends[2]
    }

    fn structure_at(&self, index: usize) -> u32 {
        self.node_count() + (self.ends[1] - self.ends[0]) + index as u32
    }

    fn read_own(&mut self, at: u32, reader: Item) {
        let first = &mut self.first[at as usize];
        if *first == NOBODY {
            *first = reader;
        } else if *first != reader {
            note(self.others.entry(at).or_default(), reader);
        }
    }

    fn own_grew(&mut self, at: u32) {
        let first = self.first.get(at as usize).copied().unwrap_or(NOBODY);
        if first == NOBODY {
            return;
        }
        Self::put(&mut self.dirty, first);
        if let Some(others) = self.others.get(&at) {
            others.iter().for_each(|reader| Self::put(&mut self.dirty, *reader));
        }
    }
}

fn note(readers: &mut Vec<Item>, reader: Item) {
    if readers.last().is_none_or(|last| *last < reader) {
        readers.push(reader);
    } else if let Err(at) = readers.binary_search(&reader) {
        readers.insert(at, reader);
    }
}

//! Names in scope: which binding a mention means, by JavaScript's rules.
//!
//! A scope is filled when it is entered (declarations are hoisted by [`super::hoist`]), so that every mention is resolved
//! when it is met. Values and types have separate name spaces; imports, classes, enums and namespaces live in both.

use rustc_hash::FxHashMap;

use crate::program::BindingId;

/// One of the two name spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// What expressions see.
    Value,
    /// What types see.
    Type,
}

#[derive(Clone, Copy)]
struct Entry {
    /// `None` hides an outer name without binding it: a type parameter.
    binding: Option<BindingId>,
    scope: u32,
}

/// The names visible at one place, and how to go back when a scope is left.
#[derive(Default)]
pub(super) struct Scopes<'t> {
    values: FxHashMap<&'t str, Entry>,
    types: FxHashMap<&'t str, Entry>,
    /// What each declaration hid, in order.
    undo: Vec<(Space, &'t str, Option<Entry>)>,
    /// Length of `undo` at the start of each open scope.
    open: Vec<usize>,
}

impl<'t> Scopes<'t> {
    /// Opens a scope.
    pub(super) fn enter(&mut self) {
        self.open.push(self.undo.len());
    }

    /// Closes the innermost scope.
    pub(super) fn leave(&mut self) {
        let start = self.open.pop().unwrap_or_default();
        for (space, name, hidden) in self.undo.drain(start..).rev() {
            let names = match space {
                Space::Value => &mut self.values,
                Space::Type => &mut self.types,
            };
            match hidden {
                Some(entry) => names.insert(name, entry),
                None => names.remove(name),
            };
        }
    }

    /// Makes a name mean `binding` in the innermost scope; `None` makes it mean nothing that the file knows.
    pub(super) fn declare(&mut self, space: Space, name: &'t str, binding: Option<BindingId>) {
        let entry = Entry { binding, scope: self.open.len() as u32 };
        let hidden = self.names(space).insert(name, entry);
        self.undo.push((space, name, hidden));
    }

    /// What a name means here.
    pub(super) fn lookup(&self, space: Space, name: &str) -> Option<BindingId> {
        match space {
            Space::Value => self.values.get(name)?.binding,
            Space::Type => self.types.get(name)?.binding,
        }
    }

    /// What the innermost scope itself declares by a name.
    pub(super) fn lookup_here(&self, space: Space, name: &str) -> Option<BindingId> {
        let entry = match space {
            Space::Value => self.values.get(name)?,
            Space::Type => self.types.get(name)?,
        };
        if entry.scope == self.open.len() as u32 { entry.binding } else { None }
    }

    fn names(&mut self, space: Space) -> &mut FxHashMap<&'t str, Entry> {
        match space {
            Space::Value => &mut self.values,
            Space::Type => &mut self.types,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_hides_and_gives_back() {
        let mut scopes = Scopes::default();
        scopes.enter();
        scopes.declare(Space::Value, "a", Some(BindingId(0)));
        scopes.declare(Space::Type, "T", Some(BindingId(1)));
        scopes.enter();
        scopes.declare(Space::Value, "a", Some(BindingId(2)));
        scopes.declare(Space::Type, "T", None);
        assert_eq!(scopes.lookup(Space::Value, "a"), Some(BindingId(2)));
        assert_eq!(scopes.lookup(Space::Type, "T"), None);
        scopes.leave();
        assert_eq!(scopes.lookup(Space::Value, "a"), Some(BindingId(0)));
        assert_eq!(scopes.lookup(Space::Type, "T"), Some(BindingId(1)));
        assert_eq!(scopes.lookup(Space::Type, "a"), None);
        scopes.enter();
        assert_eq!(scopes.lookup_here(Space::Value, "a"), None);
    }
}

//! Fixes: what to do with the events of a match.

use toml::de::DeTable;

use super::Defaults;
use super::table::{Entry, Node, Reader};
use crate::finding::Safety;
use crate::operation::EventKind;
use crate::rule::message::Roles;
use crate::rule::{Action, Conversion, FixSpec, Role, When};

const KEYS: &[&str] = &["safety", "title", "when", "change", "remove", "reshape", "wrap", "listener"];

impl Reader<'_, '_> {
    /// The `fix` table.
    pub fn fix(&mut self, node: &Node<'_>, roles: Roles, defaults: &Defaults<'_, '_, '_>) -> Option<FixSpec> {
        let table = self.table(node)?;
        let (mut safety, mut title, mut when, mut actions) = (None, None, Vec::new(), Vec::new());
        for entry in self.entries(table) {
            match entry.key {
                "safety" => safety = Some(self.word(entry.value, &["safe", "unsafe"], "`safety`")?),
                "title" => title = Some(self.text(entry.value)?.to_owned()),
                "when" => when = self.when(&entry, roles, defaults)?,
                "change" => actions.extend(self.change(&entry, roles)?),
                "remove" => {
                    let word = self.text(entry.value)?;
                    let place = self.place(entry.value);
                    actions.push(Action::Remove(self.role(word, place, roles)?));
                }
                "reshape" => actions.push(Action::Reshape(self.whose(&entry, roles)?)),
                "wrap" => actions.extend(self.wrap(&entry)?),
                "listener" if roles.first == EventKind::Client => actions.push(Action::Listener(self.text(entry.value)?.into())),
                "listener" => {
                    self.error(
                        entry.span.clone(),
                        "only a client takes a listener",
                        Some("write event = \"client\" in the case".to_owned()),
                    );
                    return None;
                }
                _ => {
                    self.unknown_key(&entry, KEYS, "in `fix`");
                    return None;
                }
            }
        }
        let place = self.place(node);
        let (Some(safety), Some(title)) = (safety, title) else {
            self.error(
                place,
                "a fix needs `safety` and `title`",
                Some("safety = \"safe\" or \"unsafe\"; title = \"Set the TTL …\"".to_owned()),
            );
            return None;
        };
        if actions.is_empty() {
            self.error(place, "this fix does nothing", Some(format!("add one of {}", KEYS[3..].join(", "))));
            return None;
        }
        let safety = if safety == "safe" { Safety::Safe } else { Safety::Unsafe };
        Some(FixSpec { safety, title, when, actions })
    }

    /// `true` for the first event, or the role by name.
    fn whose(&mut self, entry: &Entry<'_, '_>, roles: Roles) -> Option<Role> {
        match entry.value.get_ref().as_bool() {
            Some(true) => Some(Role::First),
            Some(false) => {
                self.error(entry.span.clone(), "`false` does nothing", Some("leave the key out".to_owned()));
                None
            }
            None => {
                let word = self.text(entry.value)?;
                let place = self.place(entry.value);
                self.role(word, place, roles)
            }
        }
    }

    fn change(&mut self, entry: &Entry<'_, '_>, roles: Roles) -> Option<Vec<Action>> {
        let Some(table) = entry.value.get_ref().as_table() else {
            return Some(vec![Action::Change(Role::First, self.message(entry.value, roles)?)]);
        };
        let mut actions = Vec::new();
        for inner in self.entries(table) {
            let role = self.role(inner.key, inner.span.clone(), roles)?;
            actions.push(Action::Change(role, self.message(inner.value, roles)?));
        }
        Some(actions)
    }

    fn wrap(&mut self, entry: &Entry<'_, '_>) -> Option<Vec<Action>> {
        let table: &DeTable<'_> = self.table(entry.value)?;
        let mut actions = Vec::new();
        for inner in self.entries(table) {
            let name = self.word(inner.value, Conversion::NAMES, "`wrap`")?;
            actions.push(Action::Wrap(Role::First, inner.key.into(), Conversion(name)));
        }
        Some(actions)
    }

    /// `when.first.FACT`, `when.then.FACT`, `when.then.between`, `when.then.path`; without role for a single event.
    fn when(&mut self, entry: &Entry<'_, '_>, roles: Roles, defaults: &Defaults<'_, '_, '_>) -> Option<Vec<When>> {
        let table = self.table(entry.value)?;
        let mut when = Vec::new();
        for outer in self.entries(table) {
            if !roles.pair {
                when.push(When::Fact(Role::First, self.predicate(&outer, roles.first, defaults.options)?));
                continue;
            }
            let role = self.role(outer.key, outer.span.clone(), roles)?;
            let inner = self.table(outer.value)?;
            for entry in self.entries(inner) {
                when.push(match (role, entry.key) {
                    (Role::Then, "between") => When::Between(self.between(entry.value)?),
                    (Role::Then, "path") => When::Path(self.path(entry.value)?),
                    _ => When::Fact(role, self.predicate(&entry, EventKind::Operation, defaults.options)?),
                });
            }
        }
        Some(when)
    }
}

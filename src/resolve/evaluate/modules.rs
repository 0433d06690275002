//! Imports and exports.

use smol_str::SmolStr;

use super::{DEPTH, Evaluator};
use crate::program::ImportName;
use crate::resolve::Target as ModuleTarget;
use crate::resolve::state::Slot;
use crate::resolve::value::{Atom, ClientValue, Place, Values};
use crate::source::FileId;

impl Evaluator<'_, '_> {
    /// What a file imports.
    pub(super) fn imported(&mut self, from: FileId, specifier: &str, name: &ImportName) -> Values {
        match self.world.modules.find(from, specifier) {
            ModuleTarget::File(file) => match name {
                ImportName::Namespace => Values::one(Atom::Module(file)),
                ImportName::Default => {
                    let values = self.exported(file, "default", 0);
                    if values.is_empty() { self.exported(file, "=", 0) } else { values }
                }
                ImportName::Named(name) => self.exported(file, name, 0),
                ImportName::Nothing => Values::NONE,
            },
            ModuleTarget::Library(library) => match name {
                ImportName::Namespace => Values::one(Atom::Export(library, "*".into())),
                ImportName::Default => self.exported_by(library, &"default".into()),
                ImportName::Named(name) => self.exported_by(library, name),
                ImportName::Nothing => Values::NONE,
            },
            ModuleTarget::Unknown => Values::NONE,
        }
    }

    /// What `require(specifier)` gives.
    pub(super) fn required(&mut self, specifier: &str) -> Values {
        match self.world.modules.find(self.unit.file, specifier) {
            ModuleTarget::File(file) => {
                let whole = self.exported(file, "=", 0);
                if whole.is_empty() { Values::one(Atom::Module(file)) } else { whole }
            }
            ModuleTarget::Library(library) => Values::one(Atom::Export(library, "*".into())),
            ModuleTarget::Unknown => Values::NONE,
        }
    }

    fn exported_by(&self, library: crate::client::LibraryId, name: &SmolStr) -> Values {
        let handed_out =
            self.world.catalog.export_accessor(library, name).and_then(|access| Some((access.library?, access.value?, access.evidence)));
        match handed_out {
            Some((library, role, evidence)) => {
                Values::one(Atom::Client(ClientValue { library, role, evidence, place: Place { file: self.unit.file, offset: 0 } }))
            }
            None => Values::one(Atom::Export(library, name.clone())),
        }
    }

    /// The value that a project file exports under a name, re-exports followed.
    pub(super) fn exported(&mut self, file: FileId, name: &str, depth: usize) -> Values {
        let mut values = self.read(Slot::Export(file, name.into()));
        let barrels = self.world.barrels;
        if !values.is_empty() || depth > DEPTH || barrels.declares(file, name) {
            return values;
        }
        for origin in barrels.origins(file, name) {
            let more = self.read(Slot::Export(*origin, name.into()));
            values.join(&more);
        }
        for library in barrels.libraries(file) {
            if self.world.catalog.knows_export(*library, name) {
                values.add(Atom::Export(*library, name.into()));
            }
        }
        // `module.exports = { name: … }` and `module.exports = Class` with statics.
        for whole in barrels.whole(file).filter(|_| name != "=") {
            let whole = self.read(Slot::Export(whole, "=".into()));
            let more = self.member(&whole, name, depth + 1);
            values.join(&more);
        }
        values
    }
}

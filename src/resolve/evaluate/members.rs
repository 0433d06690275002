//! Constants, members and elements: what is read of things already known.

use smol_str::SmolStr;

use super::{DEPTH, Evaluator, SPREADS};
use crate::client::Evidence;
use crate::program::{CallForm, ClassId, Kind, Literal, MethodKind, NodeId};
use crate::resolve::catalog::Catalog;
use crate::resolve::hierarchy::{Ancestor, Hierarchy, surrounding_names};
use crate::resolve::link::Links;
use crate::resolve::state::Slot;
use crate::resolve::value::{Atom, ClassKey, ClientValue, FunctionKey, Place, Values};

/// The member of an object under which everything counts that was put in later by name: a literal shows only its own names.
pub(super) const PUT_IN: SmolStr = SmolStr::new_static("*");

/// The name under which clients are kept that were set as constants by computed names. No member is called so.
pub(super) const COMPUTED_CONSTANT: SmolStr = SmolStr::new_static("::");

impl Evaluator<'_, '_> {
    /// A Ruby constant: a class, an assigned constant, or a name that the project does not define.
    pub(super) fn constant(&mut self, nesting: Option<ClassId>, path: &str) -> Values {
        let links = self.world.links;
        for name in links.lexical_names(self.unit, nesting, path) {
            if let Some(values) = self.defined(name) {
                return values;
            }
        }
        // Through the ancestors of the class around it.
        if let Some(class) = nesting.map(|class| self.unit.classes[class.0 as usize]) {
            let mut names: Vec<SmolStr> = self
                .line(class, false)
                .iter()
                .filter_map(|ancestor| match ancestor {
                    Ancestor::Project(class, _) => Some(SmolStr::from(format!("{}::{path}", links.class(*class).name))),
                    Ancestor::Outside(_) => None,
                })
                .collect();
            // What is loaded already is not looked for by autoloaders.
            if !self.world.catalog.knows_constant(path) {
                names.extend(surrounding_names(&links.class(class).name, path));
            }
            for name in names {
                if let Some(values) = self.defined(name) {
                    return values;
                }
            }
        }
        let mut values = Values::one(Atom::Constant(path.into()));
        if !self.world.catalog.knows_constant(path) {
            let set = self.read(Slot::Constant(path.into()));
            values.join(&set);
            if set.is_empty() && is_telling(path) {
                let set = self.read(Slot::Loose(COMPUTED_CONSTANT));
                values.join(&weakened(&set));
            }
        }
        values
    }

    /// What the project defines a constant to be, by its full name.
    fn defined(&mut self, name: SmolStr) -> Option<Values> {
        let links = self.world.links;
        if let Some(class) = links.shared_classes.get(&name) {
            return Some(Values::one(Atom::Class(*class)));
        }
        links.constants.contains_key(&name).then(|| self.read(Slot::Constant(name)))
    }

    pub(super) fn loose(&mut self, name: &SmolStr) -> Values {
        if !is_telling(name) {
            return Values::NONE;
        }
        let found = self.read(Slot::Loose(name.clone()));
        weakened(&found)
    }

    /// A member read.
    pub(super) fn member(&mut self, object: &Values, name: &str, depth: usize) -> Values {
        let mut values = Values::NONE;
        if depth > DEPTH {
            return values;
        }
        for atom in object.iter() {
            let more = match atom {
                Atom::Instance(class) => self.field(*class, name),
                Atom::Class(class) => self.class_member(*class, name, true),
                Atom::Module(file) => self.exported(*file, name, depth + 1),
                Atom::Export(library, path) => {
                    Values::one(Atom::Export(*library, if path == "*" { name.into() } else { SmolStr::from(format!("{path}.{name}")) }))
                }
                Atom::Object(place) => self.object_member(*place, name, depth + 1),
                Atom::Client(client) => self
                    .world
                    .catalog
                    .view(client, name)
                    .map_or(Values::NONE, |role| Values::one(Atom::Client(ClientValue { role, ..*client }))),
                Atom::Queue(queue) => self.world.catalog.view(&queue.client, name).map_or(Values::NONE, |_| Values::one(atom.clone())),
                Atom::Function(function) => {
                    let slot = self.static_slot(*function, &name.into());
                    self.read(slot)
                }
                Atom::Constant(_) => Values::NONE,
            };
            values.join(&more);
        }
        values
    }

    /// What a function holds as an object: `Job.client = client`. A constructor function is the class of its prototype.
    pub(super) fn static_slot(&self, function: FunctionKey, name: &SmolStr) -> Slot {
        static_slot(self.world.links, function, name)
    }

    /// A member of an object literal, or of what is spread into it when it has none of that name itself.
    pub(super) fn object_member(&mut self, place: Place, name: &str, depth: usize) -> Values {
        let mut values = Values::NONE;
        let mut seen = vec![place];
        let mut next = 0;
        while let Some(place) = seen.get(next).copied() {
            next += 1;
            let mut own = self.read(Slot::Member(place, name.into()));
            let others = self.read(Slot::Member(place, SmolStr::default()));
            own.join(&others);
            if own.is_empty() {
                for atom in self.read(Slot::Spread(place)).iter() {
                    match atom {
                        Atom::Object(inner) if seen.len() < SPREADS && !seen.contains(inner) => seen.push(*inner),
                        Atom::Object(_) => {}
                        other => {
                            let more = self.member(&Values::one(other.clone()), name, depth + 1);
                            values.join(&more);
                        }
                    }
                }
            }
            values.join(&own);
        }
        values
    }

    /// A field of an instance. One that is declared as a class of the project is no client, whatever a union has brought with it:
    /// `this.client = given instanceof Client ? given : new Client(given)`.
    fn field(&mut self, class: ClassKey, name: &str) -> Values {
        let values = self.class_member(class, name, false);
        let mixed =
            values.iter().any(|atom| matches!(atom, Atom::Client(_))) && values.iter().any(|atom| matches!(atom, Atom::Instance(_)));
        if !mixed {
            return values;
        }
        let declared = self.declared(class, name, false);
        let own = |atom: &Atom| matches!(atom, Atom::Instance(class) if !self.world.links.class(*class).is_interface);
        if declared.clients().is_empty()
            && declared.iter().any(own)
            && !declared.iter().any(|atom| matches!(atom, Atom::Instance(class) if self.extends_client(*class)))
        {
            return values.iter().filter(|atom| !matches!(atom, Atom::Client(_))).cloned().collect();
        }
        values
    }

    fn extends_client(&self, class: ClassKey) -> bool {
        self.world.hierarchy.outside(class, false).any(|atom| self.client_class(class, atom).is_some())
    }

    /// A member of a class or its instances: fields and getters, on the whole line and, when nothing is found, below it.
    pub(super) fn class_member(&mut self, class: ClassKey, name: &str, of_class: bool) -> Values {
        let mut values = Values::NONE;
        let line = self.line(class, of_class);
        if self.keeps_for_itself(class, name, of_class) {
            return self.read(Slot::Field(class, name.into(), of_class));
        }
        // What a class itself declares as a client; what its superclass holds has come from its siblings, too.
        let above = line.iter().any(|ancestor| matches!(ancestor, Ancestor::Project(above, _) if *above != class));
        if above && !self.declared(class, name, of_class).clients().is_empty() {
            return self.own_member(class, name, of_class);
        }
        for ancestor in line {
            match ancestor {
                Ancestor::Project(above, of_class) => {
                    let more = self.own_member(*above, name, *of_class);
                    values.join(&more);
                }
                Ancestor::Outside(atom) => {
                    if let Some(client) = self.client_class(class, atom)
                        && let Some(role) = self.world.catalog.view(&client, name)
                    {
                        values.add(Atom::Client(ClientValue { role, ..client }));
                    }
                }
            }
        }
        if values.is_empty() {
            for below in self.below(class) {
                let more = self.own_member(*below, name, of_class);
                values.join(&more);
            }
        }
        // `[name: string]: Redis` of an interface or class.
        if values.is_empty() {
            values = self.read(Slot::Field(class, SmolStr::default(), of_class));
        }
        // Beside it, in what it is mixed into: a module may use what another module gives.
        if values.is_empty() {
            for (class, of_class) in self.world.hierarchy.beside(class) {
                let more = self.own_member(class, name, of_class);
                values.join(&more);
            }
        }
        values
    }

    /// Whether a class sets a property whose accessor it inherits: what other classes below the same ancestor set is not its own.
    pub(super) fn keeps_for_itself(&mut self, class: ClassKey, name: &str, of_class: bool) -> bool {
        let links = self.world.links;
        if !links.fields.contains_key(&(class, SmolStr::from(name), of_class)) {
            return false;
        }
        let line = self.line(class, of_class);
        let accessor = |class: ClassKey, of_class: bool| {
            let found = links.class(class).methods.get(&(SmolStr::from(name), of_class)).into_iter().flatten();
            // In Ruby the accessor and the assignment share one variable.
            found.into_iter().any(|(function, kind)| matches!(kind, MethodKind::Getter | MethodKind::Setter) && !self.is_ruby(*function))
        };
        let mut above = line.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Project(above, of_class) => Some((*above, *of_class)),
            Ancestor::Outside(_) => None,
        });
        !accessor(class, of_class) && above.any(|(above, of_class)| accessor(above, of_class))
    }

    fn own_member(&mut self, class: ClassKey, name: &str, of_class: bool) -> Values {
        let mut values = self.read(Slot::Field(class, name.into(), of_class));
        let links = self.world.links;
        for (function, kind) in links.class(class).methods.get(&(SmolStr::from(name), of_class)).into_iter().flatten() {
            match kind {
                MethodKind::Getter => {
                    let more = self.read(Slot::Return(*function));
                    values.join(&more);
                }
                MethodKind::Method if !self.is_ruby(*function) => {
                    values.add(Atom::Function(*function));
                }
                _ => {}
            }
        }
        values
    }

    /// Whether members of the function's language are read by calling methods.
    pub(super) fn is_ruby(&self, function: FunctionKey) -> bool {
        self.world.links.unit(function.file).is_some_and(|unit| unit.module.semantics.shares_constants)
    }

    /// The clients that an instance of the class is.
    pub(super) fn outside_clients(&mut self, class: ClassKey) -> Vec<ClientValue> {
        self.outside(class, false).filter_map(|atom| self.client_class(class, atom)).collect()
    }

    pub(super) fn client_class(&self, class: ClassKey, outside: &Atom) -> Option<ClientValue> {
        client_class(self.world.links, self.world.catalog, class, outside)
    }

    pub(super) fn element(&mut self, object: &Values, name: Option<&str>) -> Values {
        let mut values = Values::NONE;
        for atom in object.iter() {
            match (atom, name) {
                (Atom::Object(place), Some(name)) => {
                    let more = self.object_member(*place, name, 0);
                    values.join(&more);
                }
                (Atom::Object(place), None) => {
                    let more = self.all_members(*place);
                    values.join(&more);
                }
                (Atom::Instance(_) | Atom::Class(_) | Atom::Module(_) | Atom::Export(..), Some(name)) => {
                    let more = self.member(&Values::one(atom.clone()), name, 0);
                    values.join(&more);
                }
                // Clients are no collections, but come as one: `cluster.nodes().map((node) => …)`.
                (Atom::Client(_), None) => {
                    values.add(atom.clone());
                }
                _ => {}
            }
        }
        values
    }

    /// A member by a computed name: any of an object, and of an instance those of the names that it may be.
    pub(super) fn computed(&mut self, object: &Values, index: NodeId) -> Values {
        let objects: Values = object.iter().filter(|atom| matches!(atom, Atom::Object(_))).cloned().collect();
        let mut values = self.element(&objects, None);
        let instances: Values = object.iter().filter(|atom| matches!(atom, Atom::Instance(_) | Atom::Class(_))).cloned().collect();
        if !instances.is_empty() {
            let mut names = self.names(index);
            names.push(SmolStr::default());
            for name in names {
                let more = self.member(&instances, &name, 0);
                values.join(&more);
            }
        }
        values
    }

    /// All members of an object or array literal. Members are found through the literal itself, whose names are known.
    pub(super) fn all_members(&mut self, place: Place) -> Values {
        let mut values = self.read(Slot::Member(place, SmolStr::default()));
        let later = self.read(Slot::Member(place, PUT_IN));
        values.join(&later);
        let names = self.world.links.unit(place.file).map(|unit| self.world.links.member_names(unit, place)).unwrap_or_default();
        for name in names {
            let more = self.read(Slot::Member(place, name));
            values.join(&more);
        }
        let spread = self.read(Slot::Spread(place));
        values.join(&spread);
        values
    }

    pub(super) fn find_methods(&mut self, class: ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
        self.line(class, of_class);
        find_methods(self.world.links, self.world.hierarchy, class, of_class, name)
    }

    pub(super) fn constructors(&mut self, class: ClassKey, name: &str) -> Vec<FunctionKey> {
        for ancestor in self.line(class, false) {
            if let Ancestor::Project(class, _) = ancestor
                && let Some(found) = self.world.links.class(*class).methods.get(&(SmolStr::from(name), false))
            {
                return found.iter().map(|(function, _)| *function).collect();
            }
        }
        Vec::new()
    }

    /// What the class or one above it forwards unknown methods to.
    pub(super) fn forwards(&mut self, class: ClassKey) -> Values {
        let line = self.line(class, false);
        let mut values = Values::NONE;
        for ancestor in line {
            if let Ancestor::Project(class, _) = ancestor {
                let more = self.read(Slot::Forward(*class));
                values.join(&more);
            }
        }
        values
    }
}

/// Where a function keeps a member of its own.
#[must_use]
pub fn static_slot(links: &Links, function: FunctionKey, name: &SmolStr) -> Slot {
    match links.prototype_class(function) {
        Some(class) => Slot::Field(class, name.clone(), true),
        None => {
            let offset = links.unit(function.file).map_or(0, |unit| unit.module.function(function.function).span.start);
            // Literals and types have places of their own; a function begins with its name or `(`, which no literal does.
            Slot::Member(Place { file: function.file, offset }, name.clone())
        }
    }
}

/// The client that an instance of a project class is, when the class extends one of a client library.
#[must_use]
pub fn client_class(links: &Links, catalog: &Catalog<'_>, class: ClassKey, outside: &Atom) -> Option<ClientValue> {
    let (library, role) = match outside {
        Atom::Export(library, path) => (*library, catalog.export_make(*library, path, CallForm::New)?.role),
        Atom::Constant(name) => {
            let made = catalog.constant_make(name, "new")?;
            (made.library, made.role)
        }
        _ => return None,
    };
    let (file, part) = *links.class(class).parts.first()?;
    let unit = links.unit(file)?;
    Some(ClientValue {
        library,
        role,
        evidence: Evidence::Declared,
        place: Place { file, offset: unit.module.class(part).name_span.start },
    })
}

/// The methods of a name on a class's line: those of the nearest class that has any; else those below it.
#[must_use]
pub fn find_methods(links: &Links, hierarchy: &Hierarchy, class: ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
    let own = |class: ClassKey, of_class: bool| links.class(class).methods.get(&(SmolStr::from(name), of_class));
    for ancestor in hierarchy.line(class, of_class) {
        if let Ancestor::Project(class, of_class) = ancestor
            && let Some(found) = own(*class, *of_class)
        {
            return found.clone();
        }
    }
    let below: Vec<_> = hierarchy.below(class).iter().filter_map(|below| own(*below, of_class)).flatten().copied().collect();
    if !below.is_empty() {
        return below;
    }
    let mut beside: Vec<_> = hierarchy.beside(class).filter_map(|(class, of_class)| own(class, of_class)).flatten().copied().collect();
    beside.sort_unstable_by_key(|(function, _)| *function);
    beside.dedup_by_key(|(function, _)| *function);
    beside
}

/// The literal name that an index or key is.
pub fn literal_name(kind: &Kind) -> Option<SmolStr> {
    match kind {
        Kind::Literal(Literal::Str(name) | Literal::Symbol(name)) => Some(name.clone()),
        Kind::Literal(Literal::Int(number)) => Some(number.to_string().into()),
        _ => None,
    }
}

/// Whether a member name alone tells that a Redis client is meant.
#[must_use]
pub fn is_telling(name: &str) -> bool {
    // Asked of a hundred thousand names: nothing is allocated.
    [&b"redis"[..], b"valkey"].iter().any(|server| name.as_bytes().windows(server.len()).any(|part| part.eq_ignore_ascii_case(server)))
}

/// The clients among values, known by name only.
fn weakened(values: &Values) -> Values {
    values
        .iter()
        .filter_map(|atom| {
            if let Atom::Client(client) = atom { Some(Atom::Client(ClientValue { evidence: Evidence::Imported, ..*client })) } else { None }
        })
        .collect()
}

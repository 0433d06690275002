//! The functions that call a client.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::program::{FunctionId, Kind, NodeId, Target};
use crate::resolve::value::{Atom, ClassKey, FunctionKey, Values};
use crate::resolve::{Ancestor, FileValues, Resolution, Unit, is_telling};
use crate::source::FileId;

/// The functions that call a client, and what they pass to it.
#[derive(Default)]
pub(super) struct Users {
    /// These functions, and those around them.
    pub functions: FxHashSet<FunctionKey>,
    /// The classes they are methods of.
    pub classes: FxHashSet<ClassKey>,
    /// What they pass, by file.
    pub arguments: FxHashMap<FileId, Vec<NodeId>>,
}

impl Users {
    /// Reads them off a resolution.
    pub fn new(resolution: &Resolution) -> Self {
        let files = resolution.links.units.par_iter().zip(&resolution.values);
        let users: Vec<Self> = files.map(|(unit, values)| Self::of_file(unit, values)).collect();
        users.into_iter().fold(Self::default(), |mut all, more| {
            all.functions.extend(more.functions);
            all.classes.extend(more.classes);
            all.arguments.extend(more.arguments);
            all
        })
    }

    fn of_file(unit: &Unit, values: &FileValues) -> Self {
        let mut users = Self::default();
        for (id, call) in unit.calls() {
            let on_client = match &call.target {
                Target::Method { receiver, name } => reaches(values.of(*receiver)) || is_redis_name(unit, *receiver) && !name.is_empty(),
                _ => false,
            };
            if !on_client {
                continue;
            }
            users.arguments.entry(unit.file).or_default().extend(call.args.iter().map(|argument| argument.value));
            let mut function: Option<FunctionId> = Some(unit.holder[id.0 as usize]);
            while let Some(id) = function {
                users.functions.insert(unit.key(id));
                let found = unit.module.function(id);
                users.classes.extend(found.class.map(|class| unit.classes[class.0 as usize]));
                function = found.parent.filter(|parent| *parent != FunctionId(0));
            }
        }
        users
    }

    /// Whether values are a function that calls a client, or a class that has or inherits one.
    pub fn are_among(&self, resolution: &Resolution, values: &Values) -> bool {
        let inherits = |class: ClassKey| {
            let mut line = resolution.hierarchy.line(class, false).iter();
            line.any(|ancestor| matches!(ancestor, Ancestor::Project(above, _) if self.classes.contains(above)))
        };
        values.iter().any(|atom| match atom {
            Atom::Function(function) => self.functions.contains(function),
            Atom::Class(class) | Atom::Instance(class) => inherits(*class),
            _ => false,
        })
    }
}

fn reaches(values: &Values) -> bool {
    values.iter().any(|atom| matches!(atom, Atom::Client(_) | Atom::Queue(_)))
}

/// Whether a receiver is called like a client, which may be all that is known of it.
fn is_redis_name(unit: &Unit, receiver: NodeId) -> bool {
    match unit.module.kind(receiver) {
        Kind::Local(binding) => is_telling(&unit.module.binding(*binding).name),
        Kind::Member { name, .. } | Kind::Global(name) | Kind::Free(name) => is_telling(name),
        Kind::Constant { path, .. } => path.last().is_some_and(|name| is_telling(name)),
        Kind::Call(call) => matches!(&call.target, Target::Own(name) | Target::Method { name, .. } if is_telling(name)),
        _ => false,
    }
}

//! What strings and numbers are made of: keys as templates, times as numbers. Evaluated on demand, after the fixpoint.

use smol_str::SmolStr;

use super::evaluate::literal_name;
use super::hierarchy::lexical_names;
use super::link::{self, Unit, positions};
use super::state::ParamRef;
use super::value::{Atom, FunctionKey, Values};
use super::{Modules, Resolution, Target as ModuleTarget};
use crate::key::{KeyPart, Template};
use crate::program::{
    ArgumentKind, BinaryOp, BindingId, BindingKind, Call, EntryKey, ExitKind, Export, FunctionId, ImportName, Kind, Literal, MethodKind,
    NodeId, Part, Target, UnaryOp,
};
use crate::source::FileId;

/// How far definitions and calls are followed.
const DEPTH: usize = 24;

/// Reads text and numbers out of resolved files.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    /// The resolved project.
    pub resolution: &'a Resolution,
    /// Module look-up.
    pub modules: &'a dyn Modules,
    /// How holes are named.
    pub names: Names,
}

/// How the holes of templates are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// As the source names them, for people.
    Shown,
    /// So that two holes of one name hold the same value as long as no binding is assigned between; a hole that is not made
    /// of bindings has a name of its own, which begins with `?`.
    Unique,
}

/// Parameters with what a caller passed for them.
#[derive(Default)]
struct Env<'e> {
    given: Vec<(FileId, BindingId, Template)>,
    outer: Option<&'e Env<'e>>,
}

impl Env<'_> {
    fn get(&self, file: FileId, binding: BindingId) -> Option<&Template> {
        self.given
            .iter()
            .find(|(f, b, _)| (*f, *b) == (file, binding))
            .map(|(_, _, template)| template)
            .or_else(|| self.outer.and_then(|outer| outer.get(file, binding)))
    }
}

impl<'a> Texts<'a> {
    /// The same, with holes named uniquely.
    #[must_use]
    pub fn uniquely(&self) -> Self {
        Self { names: Names::Unique, ..*self }
    }

    /// The template of an expression.
    #[must_use]
    pub fn template(&self, unit: &Unit, node: NodeId) -> Template {
        self.text(unit, node, &Env::default(), 0).unwrap_or_else(|| self.hole(unit, node))
    }

    fn hole(&self, unit: &Unit, node: NodeId) -> Template {
        match self.names {
            Names::Shown => hole(name_of(unit, node)),
            Names::Unique => {
                hole(unique_name(unit, node).unwrap_or_else(|| format!("?{}:{}", unit.file.0, unit.module.span(node).start).into()))
            }
        }
    }

    fn param_hole(&self, unit: &Unit, binding: BindingId) -> Template {
        match self.names {
            Names::Shown => hole(unit.module.binding(binding).name.clone()),
            Names::Unique => hole(format!("?{}:{}", unit.file.0, unit.module.binding(binding).span.start).into()),
        }
    }

    /// The template of an expression of a called function, with the caller's arguments for its parameters.
    #[must_use]
    pub fn template_in_callee(&self, unit: &Unit, call: &Call, function: FunctionKey, node: NodeId) -> Option<Template> {
        let there = self.unit(function.file)?;
        let given = self.given(unit, call, function, &Env::default(), 0);
        Some(self.text(there, node, &Env { given, outer: None }, 0).unwrap_or_else(|| self.hole(there, node)))
    }

    /// The values of a node.
    #[must_use]
    pub fn values(&self, unit: &Unit, node: NodeId) -> &'a Values {
        self.resolution.links.by_file.get(&unit.file).map_or(Values::none(), |index| self.resolution.values[*index].of(node))
    }

    /// The known text of an expression, if all of it is known.
    #[must_use]
    pub fn known(&self, unit: &Unit, node: NodeId) -> Option<SmolStr> {
        self.text(unit, node, &Env::default(), 0)?.known()
    }

    fn unit(&self, file: FileId) -> Option<&'a Unit> {
        self.resolution.links.unit(file)
    }

    /// The template of an expression, or `None` when nothing of it is known.
    fn text(&self, unit: &Unit, node: NodeId, env: &Env<'_>, depth: usize) -> Option<Template> {
        if depth > DEPTH {
            return None;
        }
        let module = &unit.module;
        match module.kind(node) {
            Kind::Literal(Literal::Str(text) | Literal::Symbol(text)) => Some(Template::text(text.clone())),
            Kind::Literal(Literal::Int(number)) => Some(Template::text(number.to_string())),
            Kind::Literal(Literal::Bool(value)) => Some(Template::text(value.to_string())),
            Kind::Template(parts) => {
                let mut template = Template::default();
                for part in parts {
                    match part {
                        Part::Text(text) => template.push_text(text),
                        Part::Hole(inner) => {
                            template.push(&self.text(unit, *inner, env, depth + 1).unwrap_or_else(|| self.hole(unit, *inner)))
                        }
                    }
                }
                Some(template)
            }
            Kind::Binary { op: BinaryOp::Add, left, right } => {
                let (a, b) = (self.text(unit, *left, env, depth + 1), self.text(unit, *right, env, depth + 1));
                if a.is_none() && b.is_none() {
                    return None;
                }
                let mut template = a.unwrap_or_else(|| self.hole(unit, *left));
                template.push(&b.unwrap_or_else(|| self.hole(unit, *right)));
                Some(template)
            }
            Kind::Local(binding) => self.binding_text(unit, *binding, env, depth),
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { SmolStr::default() } else { self.resolution.links.nesting_name(unit, *nesting) };
                let path = link::join("", path);
                let defined = lexical_names(&nesting, &path).into_iter().find_map(|name| self.resolution.links.constants.get(&name))?;
                let [(file, value)] = defined.as_slice() else { return None };
                self.text(self.unit(*file)?, *value, &Env::default(), depth + 1)
            }
            Kind::Member { object, name, .. } => self.member_text(unit, *object, name, depth),
            Kind::Index { object, index, .. } => {
                let name = literal_name(module.kind(*index)).or_else(|| self.text(unit, *index, env, depth + 1)?.known())?;
                self.member_text(unit, *object, &name, depth)
            }
            Kind::Call(call) => self.call_text(unit, call, env, depth),
            Kind::Cast { value, .. } | Kind::Await(value) | Kind::Assign { value, .. } => self.text(unit, *value, env, depth + 1),
            Kind::Block(statements) => self.text(unit, *statements.last()?, env, depth + 1),
            Kind::Branch { then, otherwise: Some(otherwise), .. } => {
                let (a, b) = (self.text(unit, *then, env, depth + 1)?, self.text(unit, *otherwise, env, depth + 1)?);
                common(&a, &b)
            }
            _ => None,
        }
    }

    fn binding_text(&self, unit: &Unit, binding: BindingId, env: &Env<'_>, depth: usize) -> Option<Template> {
        if let Some(given) = env.get(unit.file, binding) {
            return Some(given.clone());
        }
        let bound = unit.module.binding(binding);
        match bound.kind {
            BindingKind::Variable => match unit.assigned[binding.0 as usize].as_slice() {
                [value] if bound.is_const => self.text(unit, *value, env, depth + 1),
                _ => None,
            },
            BindingKind::Import(import) => {
                let import = &unit.module.imports[import as usize];
                let ModuleTarget::File(file) = self.modules.find(unit.file, &import.module) else { return None };
                let name = match &import.name {
                    ImportName::Named(name) => name.clone(),
                    ImportName::Default => "default".into(),
                    _ => return None,
                };
                self.exported_text(file, &name, depth + 1)
            }
            _ => None,
        }
    }

    fn exported_text(&self, file: FileId, name: &str, depth: usize) -> Option<Template> {
        if depth > DEPTH {
            return None;
        }
        let unit = self.unit(file)?;
        let mut behind = None;
        for export in &unit.module.exports {
            match export {
                Export::Binding { name: outside, binding } if outside == name => {
                    return self.binding_text(unit, *binding, &Env::default(), depth + 1);
                }
                Export::Value { name: outside, value } if outside == name => return self.text(unit, *value, &Env::default(), depth + 1),
                Export::From { name: outside, module, import: ImportName::Named(inner) } if outside == name => {
                    let ModuleTarget::File(next) = self.modules.find(file, module) else { return None };
                    return self.exported_text(next, inner, depth + 1);
                }
                Export::All { module } => {
                    if let ModuleTarget::File(next) = self.modules.find(file, module) {
                        behind = behind.or_else(|| self.exported_text(next, name, depth + 1));
                    }
                }
                _ => {}
            }
        }
        behind
    }

    /// The text of a member: a constant field, a member of an object literal, an exported constant, a getter.
    fn member_text(&self, unit: &Unit, object: NodeId, name: &str, depth: usize) -> Option<Template> {
        let (file, value) = self.member_definition(unit, object, name, depth)?;
        self.text(self.unit(file)?, value, &Env::default(), depth + 1)
    }

    fn member_definition(&self, unit: &Unit, object: NodeId, name: &str, depth: usize) -> Option<(FileId, NodeId)> {
        if depth > DEPTH {
            return None;
        }
        let links = &self.resolution.links;
        let mut found = Vec::new();
        for atom in self.values(unit, object) {
            match atom {
                Atom::Instance(class) | Atom::Class(class) => {
                    let of_class = matches!(atom, Atom::Class(_));
                    for ancestor in self.resolution.hierarchy.line(*class, of_class) {
                        let super::Ancestor::Project(class, of_class) = ancestor else { continue };
                        if let Some(defined) = links.fields.get(&(*class, SmolStr::from(name), *of_class)) {
                            found.extend(defined.iter().copied());
                            break;
                        }
                    }
                    if found.is_empty() {
                        for (function, kind) in self.methods(*class, of_class, name) {
                            if kind == MethodKind::Getter {
                                found.extend(self.returned(function));
                            }
                        }
                    }
                }
                Atom::Object(place) => {
                    let unit = links.unit(place.file)?;
                    if let Some(Kind::Object(entries)) = unit.literals.get(&place.offset).map(|node| unit.module.kind(*node)) {
                        found.extend(
                            entries
                                .iter()
                                .filter(|entry| entry.key.name().is_some_and(|key| key == name) && !matches!(entry.key, EntryKey::Spread))
                                .map(|entry| (place.file, entry.value)),
                        );
                    }
                }
                Atom::Module(file) => {
                    let unit = links.unit(*file)?;
                    for export in &unit.module.exports {
                        match export {
                            Export::Binding { name: outside, binding } if outside == name => {
                                found.extend(unit.assigned[binding.0 as usize].iter().map(|node| (*file, *node)))
                            }
                            Export::Value { name: outside, value } if outside == name => found.push((*file, *value)),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn methods(&self, class: super::value::ClassKey, of_class: bool, name: &str) -> Vec<(FunctionKey, MethodKind)> {
        super::evaluate::find_methods(&self.resolution.links, &self.resolution.hierarchy, class, of_class, name)
    }

    /// The one expression that a function returns, if there is only one.
    #[must_use]
    pub fn returned(&self, function: FunctionKey) -> Option<(FileId, NodeId)> {
        let unit = self.unit(function.file)?;
        let id = function.function;
        let body = unit.module.function(id).body;
        let mut returns = unit.module.nodes.iter().enumerate().filter_map(|(index, node)| match &node.kind {
            Kind::Exit { kind: ExitKind::Return, value: Some(value) } if unit.returning_function(NodeId(index as u32)) == id => {
                Some(*value)
            }
            _ => None,
        });
        let first = returns.next();
        if returns.next().is_some() {
            return None;
        }
        match (first, unit.module.function(id).returns_body) {
            (Some(value), false) => Some((function.file, value)),
            (None, true) => Some((function.file, body)),
            (Some(value), true) => {
                // An explicit return as the last statement of a Ruby method.
                let last = match unit.module.kind(body) {
                    Kind::Block(statements) => *statements.last()?,
                    _ => body,
                };
                matches!(unit.module.kind(last), Kind::Exit { value: Some(exit), .. } if *exit == value).then_some((function.file, value))
            }
            (None, false) => None,
        }
    }

    /// The project functions that a call reaches.
    #[must_use]
    pub fn callees(&self, unit: &Unit, call: &Call, at: NodeId) -> Vec<FunctionKey> {
        let functions = |values: &Values| {
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect::<Vec<_>>()
        };
        match &call.target {
            Target::Function(callee) => functions(self.values(unit, *callee)),
            Target::Method { receiver, name } => {
                let mut found = Vec::new();
                for atom in self.values(unit, *receiver) {
                    match atom {
                        Atom::Instance(class) => found.extend(self.methods(*class, false, name).into_iter().map(|(function, _)| function)),
                        Atom::Class(class) => found.extend(self.methods(*class, true, name).into_iter().map(|(function, _)| function)),
                        Atom::Module(file) => found.extend(self.exported_function(*file, name, 0)),
                        Atom::Object(place) => {
                            let member = super::Slot::Member(*place, name.clone());
                            found.extend(functions(self.resolution.state.get(&member)));
                        }
                        _ => {}
                    }
                }
                found
            }
            Target::Own(name) => {
                let holder = unit.holder[at.0 as usize];
                let mut found = Vec::new();
                if let Some((class, of_class)) = link::this_class(unit, holder) {
                    found.extend(self.methods(class, of_class, name).into_iter().map(|(function, _)| function));
                }
                if found.is_empty() {
                    found.extend(self.resolution.links.top_level.get(name).into_iter().flatten().copied());
                }
                found
            }
            Target::Super => Vec::new(),
        }
    }

    fn exported_function(&self, file: FileId, name: &str, depth: usize) -> Vec<FunctionKey> {
        let values = self.resolution.state.get(&super::Slot::Export(file, name.into()));
        let found: Vec<FunctionKey> =
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect();
        if !found.is_empty() || depth > 8 {
            return found;
        }
        let Some(unit) = self.unit(file) else { return found };
        unit.module
            .exports
            .iter()
            .filter_map(|export| if let Export::All { module } = export { Some(module) } else { None })
            .filter_map(|module| if let ModuleTarget::File(next) = self.modules.find(file, module) { Some(next) } else { None })
            .flat_map(|next| self.exported_function(next, name, depth + 1))
            .collect()
    }

    fn call_text(&self, unit: &Unit, call: &Call, env: &Env<'_>, depth: usize) -> Option<Template> {
        if let Target::Method { receiver, name } = &call.target {
            match name.as_str() {
                "join" => {
                    if let Kind::Array(members) = unit.module.kind(*receiver) {
                        let separator = match call.args.first() {
                            Some(argument) => self.text(unit, argument.value, env, depth + 1)?.known()?,
                            None if unit.module.semantics.shares_constants => SmolStr::default(),
                            None => ",".into(),
                        };
                        let mut template = Template::default();
                        for (index, member) in members.iter().enumerate() {
                            if index > 0 {
                                template.push_text(&separator);
                            }
                            template.push(&self.text(unit, *member, env, depth + 1).unwrap_or_else(|| self.hole(unit, *member)));
                        }
                        return Some(template);
                    }
                    return None;
                }
                "to_s" | "toString" | "freeze" | "to_sym" | "dup" | "to_str" | "+@" | "itself" => {
                    return self.text(unit, *receiver, env, depth + 1);
                }
                "concat" => {
                    let mut template = self.text(unit, *receiver, env, depth + 1)?;
                    for argument in &call.args {
                        template.push(&self.text(unit, argument.value, env, depth + 1).unwrap_or_else(|| self.hole(unit, argument.value)));
                    }
                    return Some(template);
                }
                _ => {}
            }
        }
        if let Target::Function(callee) = &call.target
            && matches!(unit.module.kind(*callee), Kind::Free(name) if name == "String")
        {
            return self.text(unit, call.args.first()?.value, env, depth + 1);
        }
        let at = match &call.target {
            Target::Method { receiver, .. } => *receiver,
            Target::Function(callee) => *callee,
            Target::Own(_) | Target::Super => self.node_at(unit, call)?,
        };
        let callees = self.callees(unit, call, at);
        let [function] = callees.as_slice() else { return None };
        let (file, value) = self.returned(*function)?;
        let there = self.unit(file)?;
        let given = self.given(unit, call, *function, env, depth);
        self.text(there, value, &Env { given, outer: None }, depth + 1)
    }

    /// What a call passes for the parameters of a function.
    fn given(&self, unit: &Unit, call: &Call, function: FunctionKey, env: &Env<'_>, depth: usize) -> Vec<(FileId, BindingId, Template)> {
        let Some(there) = self.unit(function.file) else { return Vec::new() };
        let mut given = Vec::new();
        for (param, reference) in positions(there.module.function(function.function)) {
            let Kind::Local(binding) = there.module.kind(param.target) else { continue };
            let argument = call.args.iter().enumerate().find(|(index, argument)| match (&argument.kind, &reference) {
                (ArgumentKind::Positional, ParamRef::At(at)) => index == &usize::from(*at),
                (ArgumentKind::Keyword(name), ParamRef::Named(wanted)) => name == wanted,
                _ => false,
            });
            let template = match (argument, param.default) {
                (Some((_, argument)), _) => {
                    self.text(unit, argument.value, env, depth + 1).unwrap_or_else(|| self.hole(unit, argument.value))
                }
                (None, Some(default)) => {
                    self.text(there, default, &Env::default(), depth + 1).unwrap_or_else(|| self.param_hole(there, *binding))
                }
                (None, None) => self.param_hole(there, *binding),
            };
            given.push((function.file, *binding, template));
        }
        given
    }

    /// The node of a receiver-less call: any node of the function it stands in serves to find the class around it.
    fn node_at(&self, unit: &Unit, call: &Call) -> Option<NodeId> {
        let index =
            unit.module.nodes.iter().position(|node| matches!(&node.kind, Kind::Call(other) if other.name_span == call.name_span))?;
        Some(NodeId(index as u32))
    }

    // ---- numbers ----

    /// The constant number that an expression is, durations in seconds.
    #[must_use]
    pub fn number(&self, unit: &Unit, node: NodeId) -> Option<f64> {
        self.number_in(unit, node, 0)
    }

    fn number_in(&self, unit: &Unit, node: NodeId, depth: usize) -> Option<f64> {
        if depth > DEPTH {
            return None;
        }
        let module = &unit.module;
        match module.kind(node) {
            Kind::Literal(Literal::Int(number)) => Some(*number as f64),
            Kind::Literal(Literal::Float(number)) => Some(*number),
            Kind::Literal(Literal::Str(text)) => text.trim().parse().ok(),
            Kind::Unary { op: UnaryOp::Negate, operand } => Some(-self.number_in(unit, *operand, depth + 1)?),
            Kind::Binary { op, left, right } => {
                let (a, b) = (self.number_in(unit, *left, depth + 1)?, self.number_in(unit, *right, depth + 1)?);
                match op {
                    BinaryOp::Add => Some(a + b),
                    BinaryOp::Subtract => Some(a - b),
                    BinaryOp::Multiply => Some(a * b),
                    BinaryOp::Divide if b != 0.0 => Some(if module.semantics.shares_constants && a.fract() == 0.0 && b.fract() == 0.0 {
                        (a / b).floor()
                    } else {
                        a / b
                    }),
                    BinaryOp::Power => Some(a.powf(b)),
                    _ => None,
                }
            }
            Kind::Local(binding) => {
                let bound = module.binding(*binding);
                match bound.kind {
                    BindingKind::Variable if bound.is_const => match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => self.number_in(unit, *value, depth + 1),
                        _ => None,
                    },
                    BindingKind::Import(_) => {
                        self.definition(unit, node, depth).and_then(|(file, value)| self.number_in(self.unit(file)?, value, depth + 1))
                    }
                    _ => None,
                }
            }
            Kind::Constant { .. } => {
                self.definition(unit, node, depth).and_then(|(file, value)| self.number_in(self.unit(file)?, value, depth + 1))
            }
            Kind::Member { object, name, .. } => {
                let (file, value) = self.member_definition(unit, *object, name, depth)?;
                self.number_in(self.unit(file)?, value, depth + 1)
            }
            Kind::Call(call) => self.call_number(unit, call, depth),
            Kind::Cast { value, .. } | Kind::Await(value) | Kind::Assign { value, .. } => self.number_in(unit, *value, depth + 1),
            Kind::Block(statements) if statements.len() == 1 => self.number_in(unit, statements[0], depth + 1),
            _ => None,
        }
    }

    /// The node that a constant or an imported name is defined by, if there is only one.
    #[must_use]
    pub fn definition(&self, unit: &Unit, node: NodeId, depth: usize) -> Option<(FileId, NodeId)> {
        match unit.module.kind(node) {
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { SmolStr::default() } else { self.resolution.links.nesting_name(unit, *nesting) };
                let path = link::join("", path);
                let defined = lexical_names(&nesting, &path).into_iter().find_map(|name| self.resolution.links.constants.get(&name))?;
                match defined.as_slice() {
                    [one] => Some(*one),
                    _ => None,
                }
            }
            Kind::Local(binding) => {
                let bound = unit.module.binding(*binding);
                match bound.kind {
                    BindingKind::Variable if bound.is_const => match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => Some((unit.file, *value)),
                        _ => None,
                    },
                    BindingKind::Import(import) => {
                        let import = &unit.module.imports[import as usize];
                        let ModuleTarget::File(file) = self.modules.find(unit.file, &import.module) else { return None };
                        let name = match &import.name {
                            ImportName::Named(name) => name.clone(),
                            ImportName::Default => "default".into(),
                            _ => return None,
                        };
                        self.exported_definition(file, &name, depth + 1)
                    }
                    _ => None,
                }
            }
            Kind::Member { object, name, .. } => self.member_definition(unit, *object, name, depth),
            _ => None,
        }
    }

    fn exported_definition(&self, file: FileId, name: &str, depth: usize) -> Option<(FileId, NodeId)> {
        if depth > DEPTH {
            return None;
        }
        let unit = self.unit(file)?;
        let mut behind = None;
        for export in &unit.module.exports {
            match export {
                Export::Binding { name: outside, binding } if outside == name => {
                    return match unit.assigned[binding.0 as usize].as_slice() {
                        [value] => Some((file, *value)),
                        _ => None,
                    };
                }
                Export::Value { name: outside, value } if outside == name => return Some((file, *value)),
                Export::From { name: outside, module, import: ImportName::Named(inner) } if outside == name => {
                    let ModuleTarget::File(next) = self.modules.find(file, module) else { return None };
                    return self.exported_definition(next, inner, depth + 1);
                }
                Export::All { module } => {
                    if let ModuleTarget::File(next) = self.modules.find(file, module) {
                        behind = behind.or_else(|| self.exported_definition(next, name, depth + 1));
                    }
                }
                _ => {}
            }
        }
        behind
    }

    fn call_number(&self, unit: &Unit, call: &Call, depth: usize) -> Option<f64> {
        match &call.target {
            Target::Method { receiver, name } => {
                if let Some(seconds) = duration_unit(name)
                    && call.args.is_empty()
                    && unit.module.semantics.shares_constants
                {
                    return Some(self.number_in(unit, *receiver, depth + 1)? * seconds);
                }
                match name.as_str() {
                    "to_i" | "to_f" | "round" | "floor" | "ceil" | "to_int" | "in_seconds" | "seconds" | "freeze"
                        if call.args.is_empty() =>
                    {
                        self.number_in(unit, *receiver, depth + 1)
                    }
                    "floor" | "round" | "ceil" | "trunc" if matches!(unit.module.kind(*receiver), Kind::Free(name) if name == "Math") => {
                        Some(self.number_in(unit, call.args.first()?.value, depth + 1)?.floor())
                    }
                    _ => self.returned_number(unit, call, *receiver, depth),
                }
            }
            Target::Function(callee) => {
                if matches!(unit.module.kind(*callee), Kind::Free(name) if name == "Number" || name == "parseInt") {
                    return self.number_in(unit, call.args.first()?.value, depth + 1);
                }
                self.returned_number(unit, call, *callee, depth)
            }
            Target::Own(_) => self.returned_number(unit, call, self.node_at(unit, call)?, depth),
            Target::Super => None,
        }
    }

    fn returned_number(&self, unit: &Unit, call: &Call, at: NodeId, depth: usize) -> Option<f64> {
        if !call.args.is_empty() {
            return None;
        }
        let callees = self.callees(unit, call, at);
        let [function] = callees.as_slice() else { return None };
        let (file, value) = self.returned(*function)?;
        self.number_in(self.unit(file)?, value, depth + 1)
    }
}

/// The seconds in a duration method of ActiveSupport: `5.minutes`.
#[must_use]
pub fn duration_unit(name: &str) -> Option<f64> {
    Some(match name {
        "second" | "seconds" => 1.0,
        "minute" | "minutes" => 60.0,
        "hour" | "hours" => 3600.0,
        "day" | "days" => 86_400.0,
        "week" | "weeks" => 604_800.0,
        "fortnight" | "fortnights" => 1_209_600.0,
        "month" | "months" => 2_629_746.0,
        "year" | "years" => 31_556_952.0,
        _ => return None,
    })
}

fn hole(name: SmolStr) -> Template {
    Template(vec![KeyPart::Hole(name)])
}

/// What two templates share: themselves when equal; else common text in front and behind, with one hole between.
fn common(a: &Template, b: &Template) -> Option<Template> {
    (a == b).then(|| a.clone())
}

/// The name under which a value is the same as another of that name: of bindings, fields, globals, and members of such.
#[must_use]
pub fn unique_name(unit: &Unit, node: NodeId) -> Option<SmolStr> {
    match unit.module.kind(node) {
        Kind::Local(binding) => Some(format!("{}#{}", unit.file.0, binding.0).into()),
        Kind::Global(name) => Some(format!("${name}").into()),
        Kind::Constant { path, .. } => Some(link::join("::", path)),
        Kind::This => match link::this_class(unit, unit.holder[node.0 as usize]) {
            Some((class, of_class)) => Some(format!("@{}.{of_class}", class.0).into()),
            None => Some("@this".into()),
        },
        Kind::Member { object, name, .. } => Some(format!("{}.{name}", unique_name(unit, *object)?).into()),
        Kind::Cast { value, .. } | Kind::Await(value) => unique_name(unit, *value),
        _ => None,
    }
}

/// The name by which a hole is shown.
#[must_use]
pub fn name_of(unit: &Unit, node: NodeId) -> SmolStr {
    match unit.module.kind(node) {
        Kind::Local(binding) => unit.module.binding(*binding).name.clone(),
        Kind::Member { name, .. } | Kind::Free(name) | Kind::Global(name) => name.clone(),
        Kind::Constant { path, .. } => path.last().cloned().unwrap_or_default(),
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } if matches!(name.as_str(), "to_s" | "toString" | "id") && call.args.is_empty() => {
                let inner = name_of(unit, *receiver);
                if name == "id" && !inner.is_empty() { format!("{inner}.id").into() } else { inner }
            }
            Target::Method { name, .. } | Target::Own(name) => name.clone(),
            Target::Function(callee) => name_of(unit, *callee),
            Target::Super => SmolStr::default(),
        },
        Kind::Cast { value, .. } | Kind::Await(value) => name_of(unit, *value),
        _ => SmolStr::default(),
    }
}

/// The function ids of a module, in order.
pub fn functions(unit: &Unit) -> impl Iterator<Item = FunctionId> {
    (0..unit.module.functions.len() as u32).map(FunctionId)
}

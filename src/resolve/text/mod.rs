//! What strings and numbers are made of: keys as templates, times as numbers. Evaluated on demand, after the fixpoint.

mod choice;
mod definitions;
mod names;
mod numbers;

pub use names::{called_name, functions, name_of, unique_name};
pub use numbers::duration_unit;

use smol_str::SmolStr;

use super::evaluate::literal_name;
use super::link::{self, Unit, positions};
use super::state::ParamRef;
use super::value::{FunctionKey, Values};
use super::{Modules, Resolution, Target as ModuleTarget};
use crate::key::{KeyPart, Template};
use crate::program::{
    ArgumentKind, BinaryOp, BindingId, BindingKind, Call, Export, ImportName, Kind, Literal, LogicOp, NodeId, Part, Target, UnaryOp,
};
use crate::source::FileId;

/// How far definitions and calls are followed.
const DEPTH: usize = 24;
/// How many definitions of one member are compared.
const DEFINITIONS: usize = 4;

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
    /// Those that were left out, or given nil.
    absent: Vec<(FileId, BindingId)>,
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

    fn is_absent(&self, file: FileId, binding: BindingId) -> bool {
        self.absent.contains(&(file, binding)) || self.outer.is_some_and(|outer| outer.is_absent(file, binding))
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
        let env = self.given(unit, call, function, &Env::default(), 0);
        Some(self.text(there, node, &env, 0).unwrap_or_else(|| self.hole(there, node)))
    }

    /// The argument that a call of a function gives for a parameter which the function never assigns; `None` for every other node
    /// of the function.
    #[must_use]
    pub fn argument(&self, call: &Call, function: FunctionKey, node: NodeId) -> Option<NodeId> {
        let there = self.unit(function.file)?;
        let Kind::Local(wanted) = there.module.kind(node) else { return None };
        let is_wanted = |target: NodeId| matches!(there.module.kind(target), Kind::Local(binding) if binding == wanted);
        let (_, reference) = positions(there.module.function(function.function)).find(|(param, _)| is_wanted(param.target))?;
        argument_for(call, &reference).filter(|_| there.assigned[wanted.0 as usize].is_empty())
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
                // A number is added to a number, unless text stands beside it.
                let has_text = |template: &Option<Template>, node: &NodeId| {
                    !matches!(module.kind(*node), Kind::Literal(Literal::Int(_)))
                        && template.as_ref().is_some_and(|template| template.0.iter().any(|part| matches!(part, KeyPart::Text(_))))
                };
                if !has_text(&a, left) && !has_text(&b, right) {
                    return None;
                }
                let mut template = a.unwrap_or_else(|| self.hole(unit, *left));
                template.push(&b.unwrap_or_else(|| self.hole(unit, *right)));
                Some(template)
            }
            Kind::Local(binding) => self.binding_text(unit, *binding, env, depth),
            Kind::Constant { path, absolute, nesting } => {
                let nesting = if *absolute { None } else { *nesting };
                let (file, value) = self.constant(unit, nesting, &link::join("", path))?;
                self.text(self.unit(file)?, value, &Env::default(), depth + 1)
            }
            Kind::Member { object, name, .. } => self.member_text(unit, *object, name, depth),
            Kind::Index { object, index, .. } => {
                let name = literal_name(module.kind(*index)).or_else(|| self.text(unit, *index, env, depth + 1)?.known())?;
                self.member_text(unit, *object, &name, depth)
            }
            Kind::Call(call) => self.call_text(unit, call, env, depth),
            Kind::Cast { value, .. } | Kind::Await(value) | Kind::Assign { value, .. } => self.text(unit, *value, env, depth + 1),
            Kind::Block(statements) => self.text(unit, *statements.last()?, env, depth + 1),
            Kind::Branch { condition, then, otherwise: Some(otherwise) } => match choice::decide(unit, *condition, env) {
                Some(true) => self.text(unit, *then, env, depth + 1),
                Some(false) => self.text(unit, *otherwise, env, depth + 1),
                None => self.all_text([then, otherwise].into_iter().map(|arm| self.text(unit, *arm, env, depth + 1))),
            },
            Kind::Logic { op: LogicOp::Or | LogicOp::OrNil, left, right } => match choice::decide(unit, *left, env)? {
                true => self.text(unit, *left, env, depth + 1),
                false => self.text(unit, *right, env, depth + 1),
            },
            _ => None,
        }
    }

    fn binding_text(&self, unit: &Unit, binding: BindingId, env: &Env<'_>, depth: usize) -> Option<Template> {
        if let Some(given) = env.get(unit.file, binding) {
            return Some(given.clone());
        }
        let bound = unit.module.binding(binding);
        match bound.kind {
            // `text << part`: what it was made with is not what it is.
            BindingKind::Variable if unit.edited[binding.0 as usize] => None,
            BindingKind::Variable => match unit.assigned[binding.0 as usize].as_slice() {
                [value] if bound.is_const => self.text(unit, *value, env, depth + 1),
                [] if bound.is_const => {
                    let (file, value) = self.destructured(unit, binding, depth)?;
                    self.text(self.unit(file)?, value, &Env::default(), depth + 1)
                }
                // `let key; if (a) { key = … } else { key = … }`: for people, when it is the same either way.
                values if self.names == Names::Shown && values.len() <= DEFINITIONS && is_assigned_alone(unit, binding) => {
                    let is_nil = |node: &NodeId| matches!(unit.module.kind(*node), Kind::Literal(Literal::Nil));
                    let values = values.iter().filter(|node| !is_nil(node));
                    self.all_text(values.map(|value| self.text(unit, *value, env, depth + 1)))
                }
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
        let mut definitions = self.member_definitions(unit, object, name, depth)?;
        // What another file passes to a parameter is not what it is.
        if is_param(unit, object) {
            definitions.retain(|(file, _)| *file == unit.file);
        }
        let text = |(file, value): (FileId, NodeId)| self.text(self.unit(file)?, value, &Env::default(), depth + 1);
        if definitions.len() > DEFINITIONS { None } else { self.all_text(definitions.into_iter().map(text)) }
    }

    fn call_text(&self, unit: &Unit, call: &Call, env: &Env<'_>, depth: usize) -> Option<Template> {
        if let Target::Method { receiver, name } = &call.target {
            match name.as_str() {
                "join" => {
                    if let Kind::Array(members) = unit.module.kind(whole_list(unit, *receiver)) {
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
                "to_s" | "toString" | "freeze" | "to_sym" | "dup" | "to_str" | "+@" | "itself" | "strip" | "trim" | "squish" => {
                    return self.text(unit, *receiver, env, depth + 1);
                }
                "toLowerCase" | "downcase" | "toUpperCase" | "upcase" if call.args.is_empty() => {
                    let upper = matches!(name.as_str(), "toUpperCase" | "upcase");
                    let Template(parts) = self.text(unit, *receiver, env, depth + 1)?;
                    let parts = parts.into_iter().map(|part| match part {
                        KeyPart::Text(text) if upper => KeyPart::Text(text.to_uppercase().into()),
                        KeyPart::Text(text) => KeyPart::Text(text.to_lowercase().into()),
                        // Shown by the same name, but another value.
                        KeyPart::Hole(hole) if self.names == Names::Unique => KeyPart::Hole(format!("{hole}.{name}").into()),
                        part => part,
                    });
                    return Some(Template(parts.collect()));
                }
                // What a pattern removes or replaces in the holes is not told apart.
                "gsub" | "tr" | "squeeze" if self.names == Names::Shown => {
                    let template = self.text(unit, *receiver, env, depth + 1)?;
                    let pattern = call.args.first().map(|argument| unit.module.kind(argument.value));
                    let keeps = match pattern {
                        Some(Kind::Literal(Literal::Regex(regex))) => {
                            matches!(regex.as_str(), r"/\s/" | r"/\s+/" | r"/ /" | r"/[[:space:]]/")
                        }
                        Some(Kind::Literal(Literal::Str(text))) => text.trim().is_empty(),
                        _ => false,
                    };
                    let spaced = template.0.iter().any(|part| matches!(part, KeyPart::Text(text) if text.contains(char::is_whitespace)));
                    return (keeps && !spaced).then_some(template);
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
        let env = self.given(unit, call, *function, env, depth);
        self.result_text(*function, &env, depth + 1)
    }

    /// What a call passes for the parameters of a function.
    fn given(&self, unit: &Unit, call: &Call, function: FunctionKey, env: &Env<'_>, depth: usize) -> Env<'static> {
        let mut passed = Env::default();
        let Some(there) = self.unit(function.file) else { return passed };
        let all_shown = call.args.iter().all(|argument| !matches!(argument.kind, ArgumentKind::Spread | ArgumentKind::KeywordSpread));
        for (param, reference) in positions(there.module.function(function.function)) {
            let Kind::Local(binding) = there.module.kind(param.target) else { continue };
            let argument = argument_for(call, &reference);
            let is_nil = match (argument, param.default) {
                (Some(argument), _) => match unit.module.kind(argument) {
                    Kind::Literal(Literal::Nil) => true,
                    Kind::Local(binding) => env.is_absent(unit.file, *binding),
                    _ => false,
                },
                (None, Some(default)) => all_shown && matches!(there.module.kind(default), Kind::Literal(Literal::Nil)),
                (None, None) => all_shown && !there.module.semantics.shares_constants,
            };
            if is_nil {
                passed.absent.push((function.file, *binding));
            }
            let template = match (argument, param.default) {
                (Some(argument), _) => self.text(unit, argument, env, depth + 1).unwrap_or_else(|| self.hole(unit, argument)),
                (None, Some(default)) => {
                    self.text(there, default, &Env::default(), depth + 1).unwrap_or_else(|| self.param_hole(there, *binding))
                }
                (None, None) => self.param_hole(there, *binding),
            };
            passed.given.push((function.file, *binding, template));
        }
        passed
    }

    /// The node of a receiver-less call: any node of the function it stands in serves to find the class around it.
    fn node_at(&self, unit: &Unit, call: &Call) -> Option<NodeId> {
        let index =
            unit.module.nodes.iter().position(|node| matches!(&node.kind, Kind::Call(other) if other.name_span == call.name_span))?;
        Some(NodeId(index as u32))
    }
}

/// Whether all that a variable holds is what is assigned to it: nothing is added to it, and no pattern, loop or handler fills it.
fn is_assigned_alone(unit: &Unit, binding: BindingId) -> bool {
    let is_filled = |mention: &NodeId| {
        let Some(parent) = unit.parents[mention.0 as usize] else { return true };
        match unit.module.kind(parent) {
            Kind::Pattern(entries) => entries.iter().any(|entry| entry.target == *mention),
            Kind::Loop { binding, .. } => *binding == Some(*mention),
            // `i++`
            Kind::Unary { op: UnaryOp::Step, .. } => true,
            Kind::Try { rescues, .. } => rescues.iter().any(|rescue| rescue.binding == Some(*mention)),
            _ => false,
        }
    };
    !unit.edited[binding.0 as usize] && !unit.mentions[binding.0 as usize].iter().any(is_filled)
}

/// Whether a node is a parameter, or a member of one.
fn is_param(unit: &Unit, mut node: NodeId) -> bool {
    while let Kind::Member { object, .. } = unit.module.kind(node) {
        node = *object;
    }
    matches!(unit.module.kind(node), Kind::Local(binding) if unit.module.binding(*binding).kind == BindingKind::Param)
}

/// The list literal behind what makes another list of the same members: `[a, b].compact`.
fn whole_list(unit: &Unit, node: NodeId) -> NodeId {
    let mut at = node;
    while let Kind::Call(call) = unit.module.kind(at)
        && let Target::Method { receiver, name } = &call.target
        && matches!(name.as_str(), "compact" | "flatten" | "freeze")
        && call.args.is_empty()
    {
        at = *receiver;
    }
    at
}

/// The argument of a call for a parameter.
fn argument_for(call: &Call, param: &ParamRef) -> Option<NodeId> {
    let fits = |index: usize, kind: &ArgumentKind| match (kind, param) {
        (ArgumentKind::Positional, ParamRef::At(at)) => index == usize::from(*at),
        (ArgumentKind::Keyword(name), ParamRef::Named(wanted)) => name == wanted,
        _ => false,
    };
    call.args.iter().enumerate().find(|(index, argument)| fits(*index, &argument.kind)).map(|(_, argument)| argument.value)
}

fn hole(name: SmolStr) -> Template {
    Template(vec![KeyPart::Hole(name)])
}

/// What two templates share: themselves when they are equal; for people also the text when they differ in what fills the holes alone.
fn shared(names: Names, a: &Template, b: &Template) -> Option<Template> {
    if a == b {
        return Some(a.clone());
    }
    let parts = a.0.iter().zip(&b.0).map(|pair| match pair {
        (KeyPart::Hole(one), KeyPart::Hole(_)) => Some(KeyPart::Hole(one.clone())),
        (KeyPart::Text(one), KeyPart::Text(other)) if one == other => Some(KeyPart::Text(one.clone())),
        _ => None,
    });
    let parts: Option<Vec<KeyPart>> = if a.0.len() == b.0.len() && names == Names::Shown { parts.collect() } else { None };
    parts.map(Template)
}

//! What can be said of a set of modules before any value is known: which classes there are, which function each node
//! stands in, and what is assigned where.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::state::ParamRef;
use super::value::{ClassKey, FunctionKey, Place};
use crate::program::{
    AssignOp, BinaryOp, BindingId, BindingKind, Call, Class, ClassId, ClassKind, ExitKind, Function, FunctionId, FunctionKind, Kind,
    Method, MethodKind, Module, NodeId, Param, ParamKind, Target,
};
use crate::source::{FileId, Span};

/// A lowered file with what is derived from it alone.
#[derive(Debug)]
pub struct Unit {
    /// Its place in the run.
    pub file: FileId,
    /// Path relative to the working directory.
    pub path: SmolStr,
    /// The program model.
    pub module: Module,
    /// The function that holds each node.
    pub holder: Vec<FunctionId>,
    /// The parent of each node.
    pub parents: Vec<Option<NodeId>>,
    /// The nodes assigned to each binding, in order; a destructured binding has none.
    pub assigned: Vec<Vec<NodeId>>,
    /// The nodes that mention each binding, in order.
    pub mentions: Vec<Vec<NodeId>>,
    /// Whether a member of each binding is assigned, or it is combined, pushed to or merged into.
    pub edited: Vec<bool>,
    /// The parameter that each binding is, if it is a whole one.
    pub params: Vec<Option<(FunctionId, ParamRef)>>,
    /// Object and array literals by the offset where they begin.
    pub literals: FxHashMap<u32, NodeId>,
    /// The values that each function returns by `return`, in order.
    pub returns: FxHashMap<FunctionId, Vec<NodeId>>,
    /// All calls, in the order of the nodes.
    calls: Vec<NodeId>,
    /// The call that each closure or block is given to.
    pub callers: FxHashMap<FunctionId, NodeId>,
    /// The key of each class.
    pub classes: Vec<ClassKey>,
}

impl Unit {
    /// Derives what a module says by itself. `path` is relative to the working directory.
    #[must_use]
    pub fn new(file: FileId, path: SmolStr, module: Module) -> Self {
        let holder = holders(&module);
        let parents = module.parents();
        let mut assigned = vec![Vec::new(); module.bindings.len()];
        for node in &module.nodes {
            if let Kind::Assign { target, value, .. } = &node.kind
                && let Kind::Local(BindingId(binding)) = module.kind(*target)
            {
                assigned[*binding as usize].push(*value);
            }
        }
        let mut mentions = vec![Vec::new(); module.bindings.len()];
        let mut edited = vec![false; module.bindings.len()];
        for (index, node) in module.nodes.iter().enumerate() {
            if let Kind::Local(binding) = &node.kind {
                mentions[binding.0 as usize].push(NodeId(index as u32));
            } else if let Some(Kind::Local(binding)) = changed(&module, &node.kind).map(|object| module.kind(object)) {
                edited[binding.0 as usize] = true;
            }
        }
        let mut params = vec![None; module.bindings.len()];
        for (index, function) in module.functions.iter().enumerate() {
            for (param, reference) in positions(function) {
                if let Kind::Local(BindingId(binding)) = module.kind(param.target) {
                    params[*binding as usize] = Some((FunctionId(index as u32), reference));
                }
            }
        }
        let literals = (0..module.nodes.len() as u32)
            .map(NodeId)
            .filter(|id| matches!(module.kind(*id), Kind::Object(_) | Kind::Array(_)))
            .map(|id| (module.span(id).start, id))
            .collect();
        let mut calls = Vec::new();
        let mut callers = FxHashMap::default();
        for (id, call) in module.calls() {
            calls.push(id);
            callers.extend(call.block.map(|block| (block, id)));
            for argument in &call.args {
                if let Kind::Closure(function) = module.kind(argument.value) {
                    callers.insert(*function, id);
                }
            }
            // `(() => { … })()`
            if let Target::Function(callee) = &call.target
                && let Kind::Closure(function) = module.kind(*callee)
            {
                callers.insert(*function, id);
            }
        }
        let mut unit = Self {
            file,
            path,
            module,
            holder,
            parents,
            assigned,
            mentions,
            edited,
            params,
            literals,
            returns: FxHashMap::default(),
            calls,
            callers,
            classes: Vec::new(),
        };
        for (index, node) in unit.module.nodes.iter().enumerate() {
            if let Kind::Exit { kind: ExitKind::Return, value: Some(value) } = node.kind {
                unit.returns.entry(unit.returning_function(NodeId(index as u32))).or_default().push(value);
            }
        }
        unit
    }

    /// All calls, in the order of the nodes.
    pub fn calls(&self) -> impl Iterator<Item = (NodeId, &Call)> {
        self.calls.iter().filter_map(|id| if let Kind::Call(call) = self.module.kind(*id) { Some((*id, &**call)) } else { None })
    }

    /// The place of a node: of a call the token that names it, since a chain of calls begins at one offset.
    #[must_use]
    pub fn place(&self, node: NodeId) -> Place {
        let offset = match self.module.kind(node) {
            Kind::Call(call) => call.name_span.start,
            _ => self.module.span(node).start,
        };
        Place { file: self.file, offset }
    }

    /// What a node stands in: its parent, or for the body of a closure the call that the closure is given to.
    #[must_use]
    pub fn around(&self, node: NodeId) -> Option<NodeId> {
        self.parents[node.0 as usize].or_else(|| self.callers.get(&self.holder[node.0 as usize]).copied())
    }

    /// The outermost expression that covers exactly a span.
    #[must_use]
    pub fn node_at(&self, span: Span) -> Option<NodeId> {
        self.module.nodes.iter().rposition(|node| node.span == span).map(|index| NodeId(index as u32))
    }

    /// A function of this file.
    #[must_use]
    pub fn key(&self, function: FunctionId) -> FunctionKey {
        FunctionKey { file: self.file, function }
    }

    /// The method or free function around a function: closures and blocks are left.
    #[must_use]
    pub fn module_method(&self, function: FunctionId) -> FunctionId {
        let mut function = function;
        while matches!(self.module.function(function).kind, FunctionKind::Block | FunctionKind::Arrow) {
            match self.module.function(function).parent {
                Some(parent) => function = parent,
                None => break,
            }
        }
        function
    }

    /// The function whose `return` a node would leave: blocks of Ruby return from the method around them.
    #[must_use]
    pub fn returning_function(&self, node: NodeId) -> FunctionId {
        let mut function = self.holder[node.0 as usize];
        while self.module.function(function).kind == FunctionKind::Block {
            match self.module.function(function).parent {
                Some(parent) => function = parent,
                None => break,
            }
        }
        function
    }
}

/// A class with all its parts.
#[derive(Debug)]
pub struct ClassInfo {
    /// Full name: `Sidekiq::Client`; in TypeScript the bare name, which need not be unique.
    pub name: SmolStr,
    /// Whether it is a module (mixin).
    pub is_module: bool,
    /// Whether it is an interface: its members are declarations.
    pub is_interface: bool,
    /// Its declarations.
    pub parts: Vec<(FileId, ClassId)>,
    /// Own methods by name and whether they are static; getters, setters apart.
    pub methods: FxHashMap<(SmolStr, bool), Vec<(FunctionKey, MethodKind)>>,
}

/// The result of linking.
#[derive(Debug, Default)]
pub struct Links {
    /// Files in the order in which they were linked; a [`FileId`] is not an index here.
    pub units: Vec<Unit>,
    /// Index of a file in `units`.
    pub by_file: FxHashMap<FileId, usize>,
    /// All classes.
    pub classes: Vec<ClassInfo>,
    /// Classes that every file can name (Ruby), by full name.
    pub shared_classes: FxHashMap<SmolStr, ClassKey>,
    /// Assigned constants that every file can name, by full name: all assigned nodes.
    pub constants: FxHashMap<SmolStr, Vec<(FileId, NodeId)>>,
    /// Methods defined at the top level of files (Ruby), by name.
    pub top_level: FxHashMap<SmolStr, Vec<FunctionKey>>,
    /// All methods with a name (Ruby), by it.
    named_methods: FxHashMap<SmolStr, Vec<FunctionKey>>,
    /// Nodes assigned to fields, by class, name and whether static.
    pub fields: FxHashMap<(ClassKey, SmolStr, bool), Vec<(FileId, NodeId)>>,
    /// Nodes assigned to globals.
    pub globals: FxHashMap<SmolStr, Vec<(FileId, NodeId)>>,
}

impl Links {
    /// A file.
    #[must_use]
    pub fn unit(&self, file: FileId) -> Option<&Unit> {
        self.by_file.get(&file).map(|index| &self.units[*index])
    }

    /// A class.
    #[must_use]
    pub fn class(&self, key: ClassKey) -> &ClassInfo {
        &self.classes[key.0 as usize]
    }

    /// The Ruby methods of a name, wherever they are defined.
    #[must_use]
    pub fn methods_named(&self, name: &str) -> &[FunctionKey] {
        self.named_methods.get(name).map_or(&[], Vec::as_slice)
    }

    /// The literal member names of the object or array literal at a place.
    #[must_use]
    pub fn member_names(&self, unit: &Unit, place: Place) -> Vec<SmolStr> {
        let Some(node) = unit.literals.get(&place.offset) else { return Vec::new() };
        match unit.module.kind(*node) {
            Kind::Object(entries) => entries.iter().filter_map(|entry| entry.key.name().cloned()).collect(),
            Kind::Array(members) => (0..members.len()).map(|index| SmolStr::from(index.to_string())).collect(),
            _ => Vec::new(),
        }
    }

    /// The class that the prototype of a constructor function is.
    #[must_use]
    pub fn prototype_class(&self, function: FunctionKey) -> Option<ClassKey> {
        let unit = self.unit(function.file)?;
        let of =
            |binding: BindingId| matches!(unit.module.binding(binding).kind, BindingKind::Function(found) if found == function.function);
        let is_constructor = |method: &Method| method.kind == MethodKind::Constructor && method.function == function.function;
        let class =
            unit.module.classes.iter().position(|class| class.binding.is_some_and(of) || class.methods.iter().any(is_constructor))?;
        Some(unit.classes[class])
    }

    /// The full name of the class or module that a class stands in, or "".
    #[must_use]
    pub fn nesting_name(&self, unit: &Unit, nesting: Option<ClassId>) -> SmolStr {
        nesting.map_or_else(SmolStr::default, |class| self.class(unit.classes[class.0 as usize]).name.clone())
    }

    /// The full names under which a constant is looked up from inside a class, nearest first, before ancestors are asked: in
    /// each class that is open around it, then at the top level. `class A::B` opens `A::B`, and not `A`.
    #[must_use]
    pub fn lexical_names(&self, unit: &Unit, nesting: Option<ClassId>, path: &str) -> Vec<SmolStr> {
        let mut names = Vec::new();
        let mut open = nesting;
        while let Some(class) = open {
            names.push(SmolStr::from(format!("{}::{path}", self.class(unit.classes[class.0 as usize]).name)));
            open = unit.module.class(class).nesting;
        }
        names.push(path.into());
        names
    }

    /// Links a set of files, given in their order.
    #[must_use]
    pub fn new(units: Vec<Unit>) -> Self {
        let mut links = Self::default();
        links.add(units);
        links
    }

    /// Links more files behind those that are there, whose classes keep their keys.
    pub fn add(&mut self, units: Vec<Unit>) {
        let from = self.units.len();
        self.units.extend(units);
        self.by_file.extend(self.units.iter().enumerate().skip(from).map(|(index, unit)| (unit.file, index)));
        self.number_classes(from);
        self.collect_definitions(from);
    }

    fn number_classes(&mut self, from: usize) {
        for index in from..self.units.len() {
            let mut keys: Vec<ClassKey> = Vec::with_capacity(self.units[index].module.classes.len());
            let (classes, shared) = (&mut self.classes, &mut self.shared_classes);
            let unit = &self.units[index];
            for (id, class) in unit.module.classes.iter().enumerate() {
                let outer = class.nesting.and_then(|nesting| keys.get(nesting.0 as usize)).map(|key| classes[key.0 as usize].name.clone());
                let name = full_name(class, outer.as_deref(), unit.module.semantics.shares_constants);
                let by_name = unit.module.semantics.shares_constants && !class.path.is_empty();
                let known = if by_name { shared.get(&name).copied() } else { None };
                let key = known.unwrap_or_else(|| {
                    classes.push(ClassInfo {
                        name: name.clone(),
                        is_module: class.kind == ClassKind::Module,
                        is_interface: class.kind == ClassKind::Interface,
                        parts: Vec::new(),
                        methods: FxHashMap::default(),
                    });
                    ClassKey(classes.len() as u32 - 1)
                });
                if by_name {
                    shared.insert(name, key);
                }
                let info = &mut classes[key.0 as usize];
                info.parts.push((unit.file, ClassId(id as u32)));
                for method in &class.methods {
                    let function = FunctionKey { file: unit.file, function: method.function };
                    info.methods.entry((method.name.clone(), method.is_static)).or_default().push((function, method.kind));
                }
                keys.push(key);
            }
            self.units[index].classes = keys;
        }
    }

    fn collect_definitions(&mut self, from: usize) {
        for index in from..self.units.len() {
            let unit = &self.units[index];
            let mut constants = Vec::new();
            let mut fields = Vec::new();
            let mut globals = Vec::new();
            for (class, key) in unit.module.classes.iter().zip(&unit.classes) {
                for field in &class.fields {
                    if let Some(value) = field.value {
                        fields.push(((*key, field.name.clone(), field.is_static), value));
                    }
                }
            }
            for node in &unit.module.nodes {
                let Kind::Assign { target, value, .. } = &node.kind else { continue };
                match unit.module.kind(*target) {
                    Kind::Constant { path, nesting, absolute } => {
                        let outer = if *absolute { SmolStr::default() } else { self.nesting_name(unit, *nesting) };
                        constants.push((join(&outer, path), *value));
                    }
                    Kind::Global(name) => globals.push((name.clone(), *value)),
                    Kind::Member { object, name, .. } if matches!(unit.module.kind(*object), Kind::This) => {
                        let function = unit.module.function(unit.holder[target.0 as usize]);
                        if let Some(class) = function.class {
                            fields.push(((unit.classes[class.0 as usize], name.clone(), function.is_static), *value));
                        }
                    }
                    _ => {}
                }
            }
            let mut top_level = Vec::new();
            let mut methods = Vec::new();
            if unit.module.semantics.shares_constants {
                for (id, function) in unit.module.functions.iter().enumerate() {
                    if let (FunctionKind::Function | FunctionKind::Method, Some(name)) = (function.kind, &function.name) {
                        methods.push((name.clone(), unit.key(FunctionId(id as u32))));
                    }
                    if let (FunctionKind::Function | FunctionKind::Method, None, Some(name)) =
                        (function.kind, function.class, &function.name)
                    {
                        top_level.push((name.clone(), unit.key(FunctionId(id as u32))));
                    }
                }
            }
            let file = unit.file;
            constants.into_iter().for_each(|(name, node)| self.constants.entry(name).or_default().push((file, node)));
            fields.into_iter().for_each(|(slot, node)| self.fields.entry(slot).or_default().push((file, node)));
            globals.into_iter().for_each(|(name, node)| self.globals.entry(name).or_default().push((file, node)));
            top_level.into_iter().for_each(|(name, key)| self.top_level.entry(name).or_default().push(key));
            methods.into_iter().for_each(|(name, key)| self.named_methods.entry(name).or_default().push(key));
        }
    }
}

/// Joins a full name and a path with `::`.
#[must_use]
pub fn join(outer: &str, path: &[SmolStr]) -> SmolStr {
    let mut name = String::from(outer);
    for segment in path {
        if !name.is_empty() {
            name.push_str("::");
        }
        name.push_str(segment);
    }
    name.into()
}

fn full_name(class: &Class, outer: Option<&str>, qualified: bool) -> SmolStr {
    if qualified { join(outer.unwrap_or_default(), &class.path) } else { join("", &class.path) }
}

/// The parameters of a function with the way arguments reach them; rest parameters are left out.
pub fn positions(function: &Function) -> impl Iterator<Item = (&Param, ParamRef)> {
    let mut position = 0;
    function.params.iter().filter_map(move |param| match &param.kind {
        ParamKind::Positional => {
            position += 1;
            Some((param, ParamRef::At(position - 1)))
        }
        ParamKind::Keyword(name) => Some((param, ParamRef::Named(name.clone()))),
        ParamKind::Block => Some((param, ParamRef::block())),
        ParamKind::Rest | ParamKind::KeywordRest => None,
    })
}

/// What a node changes in place: the object of an assigned member, the target of `+=`, the receiver of `push`.
fn changed(module: &Module, kind: &Kind) -> Option<NodeId> {
    match kind {
        Kind::Assign { target, op, .. } => match module.kind(*target) {
            Kind::Member { object, .. } | Kind::Index { object, .. } => Some(*object),
            Kind::Local(_) if *op == AssignOp::Combine => Some(*target),
            _ => None,
        },
        Kind::Call(call) => match &call.target {
            Target::Method { receiver, name } => {
                let is_edit = name.ends_with('!')
                    || matches!(name.as_str(), "push" | "unshift" | "<<" | "splice" | "delete" | "concat" | "prepend" | "insert");
                is_edit.then_some(*receiver)
            }
            _ => None,
        },
        Kind::Binary { op: BinaryOp::ShiftLeft, left, .. } => Some(appended(module, *left)),
        _ => None,
    }
}

/// What `list << first << second` appends to.
fn appended(module: &Module, left: NodeId) -> NodeId {
    let mut at = left;
    while let Kind::Binary { op: BinaryOp::ShiftLeft, left, .. } = module.kind(at) {
        at = *left;
    }
    at
}

/// The parameters of a function that take what no other takes, with the way it reaches them: as a list, or by name.
pub fn rests(function: &Function) -> impl Iterator<Item = (&Param, ParamRef)> {
    function.params.iter().filter_map(|param| match &param.kind {
        ParamKind::Rest => Some((param, ParamRef::rest())),
        ParamKind::KeywordRest => Some((param, ParamRef::keyword_rest())),
        ParamKind::Positional | ParamKind::Keyword(_) | ParamKind::Block => None,
    })
}

/// The function of every node: a walk from each function's parameters and body.
fn holders(module: &Module) -> Vec<FunctionId> {
    let mut holder = vec![FunctionId(0); module.nodes.len()];
    let mut stack = Vec::new();
    for (index, function) in module.functions.iter().enumerate() {
        stack.push(function.body);
        stack.extend(function.params.iter().flat_map(|param| [Some(param.target), param.default]).flatten());
        while let Some(node) = stack.pop() {
            holder[node.0 as usize] = FunctionId(index as u32);
            module.each_child(node, &mut |child| stack.push(child));
        }
    }
    for class in &module.classes {
        // Field values run in the constructor, where `this` is the instance; any method of the class sees the same.
        for field in class.fields.iter().filter(|field| field.value.is_some()) {
            let seen_by = class.methods.iter().find(|method| method.is_static == field.is_static).map(|method| method.function);
            let Some(function) = seen_by.or(class.body) else { continue };
            stack.extend(field.value);
            while let Some(node) = stack.pop() {
                holder[node.0 as usize] = function;
                module.each_child(node, &mut |child| stack.push(child));
            }
        }
    }
    holder
}

/// The class whose object `this` is in a function, and whether it is the class itself.
#[must_use]
pub fn this_class(unit: &Unit, function: FunctionId) -> Option<(ClassKey, bool)> {
    let function = unit.module.function(function);
    let class = function.class?;
    Some((unit.classes[class.0 as usize], function.is_static))
}

/// Whether a binding is a parameter or variable, whose values are what is assigned to it.
#[must_use]
pub fn is_variable(kind: BindingKind) -> bool {
    matches!(kind, BindingKind::Variable | BindingKind::Param)
}

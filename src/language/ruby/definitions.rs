//! `def`, `class`, `module`, `class << self`, and classes made by expressions.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use tree_sitter::Node;

use super::calls::Site;
use super::context::{ClassNotes, FunctionHead, Lowering, Naming, end_of, span_of, start_of};
use super::scopes::Frame;
use super::syntax::{Field, Syntax};
use crate::program::{ArgumentKind, Class, ClassId, ClassKind, FunctionId, FunctionKind, Kind, Literal, Method, MethodKind, NodeId};
use crate::source::Span;

/// Where a `def` puts its method.
enum Home {
    /// In a class, or in none.
    Class(Option<ClassId>, bool),
    /// On an object that is no class we know.
    Object(NodeId),
}

impl<'t> Lowering<'t> {
    /// `def name`, `def self.name`, `def Const.name`. Outside of any class it is a function.
    pub(super) fn method(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let name_node = children.field(Field::Name);
        let written = name_node.map_or("", |name| self.slice(name));
        let setter = name_node.is_some_and(|name| Syntax::of(name) == Syntax::Setter);
        let name = SmolStr::new(if setter { written.trim_end_matches('=').trim_end() } else { written });
        let home = match children.field(Field::Object) {
            Some(object) => self.singleton_home(object),
            None => Home::Class(self.context.class, self.context.defines_static),
        };
        let (class, is_static, object) = match home {
            Home::Class(class, is_static) => (class, is_static, None),
            Home::Object(object) => (None, false, Some(object)),
        };
        let (kind, role) = match class {
            _ if setter => (FunctionKind::Setter, MethodKind::Setter),
            None => (FunctionKind::Function, MethodKind::Method),
            Some(_) if name == "initialize" && !is_static => (FunctionKind::Constructor, MethodKind::Constructor),
            Some(_) => (FunctionKind::Method, MethodKind::Method),
        };
        let span = span_of(node);
        let name_span = name_node.map_or(start_of(span), span_of);
        let head = FunctionHead { name: Some(name.clone()), kind, span, name_span };
        let function = self.within(
            |context| {
                context.class = class;
                context.enter_method(is_static);
            },
            |lowering| {
                lowering.function(head, Frame::closed, |lowering| {
                    lowering.context.method = Some(lowering.context.function);
                    lowering.params(children.field(Field::Parameters));
                    lowering.body(children.field(Field::Body), end_of(span))
                })
            },
        );
        if let Some(class) = class {
            self.define(class, Method { name, function, is_static, kind: role });
        }
        let closure = self.push(span, Kind::Closure(function));
        match object {
            Some(object) => self.opaque(span, vec![object, closure]),
            None => closure,
        }
    }

    fn singleton_home(&mut self, object: Node<'t>) -> Home {
        match Syntax::of(object) {
            Syntax::SelfObject if self.context.class.is_some() => Home::Class(self.context.class, true),
            Syntax::Constant | Syntax::ScopeResolution => match self.constant_path(object) {
                Ok((path, _)) => {
                    let around = self.context.class.filter(|class| self.module.class(*class).path.last() == path.last());
                    let class = around.unwrap_or_else(|| {
                        let nesting = self.context.nesting;
                        self.open_class(path, ClassKind::Class, nesting, span_of(object), span_of(object))
                    });
                    Home::Class(Some(class), true)
                }
                Err(_) => Home::Object(self.node(object)),
            },
            _ => Home::Object(self.node(object)),
        }
    }

    /// Adds a method to a class, and its copy on the module itself where `module_function` says so.
    pub(super) fn define(&mut self, class: ClassId, method: Method) {
        let index = class.0 as usize;
        if self.class_notes[index].module_function && !method.is_static && method.kind != MethodKind::Constructor {
            self.module.classes[index].methods.push(Method { is_static: true, ..method.clone() });
        }
        self.module.classes[index].methods.push(method);
    }

    /// Adds a class without body.
    pub(super) fn open_class(
        &mut self,
        path: Vec<SmolStr>,
        kind: ClassKind,
        nesting: Option<ClassId>,
        span: Span,
        name_span: Span,
    ) -> ClassId {
        let id = ClassId(self.module.classes.len() as u32);
        self.module.classes.push(Class {
            path,
            kind,
            nesting,
            binding: None,
            superclass: None,
            supertypes: Vec::new(),
            mixins: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            body: None,
            span,
            name_span,
        });
        self.class_notes.push(ClassNotes::default());
        id
    }

    /// Applies what was learned while the body of a class was read.
    fn close_class(&mut self, class: ClassId) {
        let index = class.0 as usize;
        let notes = std::mem::take(&mut self.class_notes[index]);
        if !notes.extends_self && notes.module_functions.is_empty() {
            return;
        }
        let methods = &self.module.classes[index].methods;
        let copied: FxHashSet<FunctionId> = methods.iter().filter(|method| method.is_static).map(|method| method.function).collect();
        let copies: Vec<Method> = methods
            .iter()
            .filter(|method| !method.is_static && method.kind != MethodKind::Constructor)
            .filter(|method| notes.extends_self || notes.module_functions.contains(&method.name))
            .filter(|method| !copied.contains(&method.function))
            .map(|method| Method { is_static: true, ..method.clone() })
            .collect();
        self.module.classes[index].methods.extend(copies);
    }

    /// `class A < B` and `module A`.
    pub(super) fn class(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let kind = if Syntax::of(node) == Syntax::Module { ClassKind::Module } else { ClassKind::Class };
        let name_node = children.field(Field::Name);
        let (path, absolute) = name_node.and_then(|name| self.constant_path(name).ok()).unwrap_or_default();
        let superclass = children.field(Field::Superclass).and_then(|superclass| {
            let inner = self.children(superclass).named().next()?;
            Some(self.node(inner.node))
        });
        let nesting = self.context.nesting.filter(|_| !absolute);
        let span = span_of(node);
        let class = self.open_class(path, kind, nesting, span, name_node.map_or(start_of(span), span_of));
        self.set_superclass(class, superclass);
        self.class_methods_by_custom(class);
        self.class_body(class, children.field(Field::Body), Some(class), Frame::closed, |_| {});
        self.push(span, Kind::Class(class))
    }

    /// The superclass; members of a `Struct.new(…)` that stands there become methods of the class itself.
    fn set_superclass(&mut self, class: ClassId, superclass: Option<NodeId>) {
        let index = class.0 as usize;
        self.module.classes[index].superclass = superclass;
        let Some(Kind::Class(anonymous)) = superclass.map(|node| self.module.kind(node)) else { return };
        let anonymous = anonymous.0 as usize;
        if self.module.classes[anonymous].body.is_some() {
            return;
        }
        let methods = std::mem::take(&mut self.module.classes[anonymous].methods);
        for method in &methods {
            self.module.functions[method.function.0 as usize].class = Some(class);
        }
        self.module.classes[index].methods = methods;
        self.module.classes[index].superclass = self.module.classes[anonymous].superclass;
    }

    /// Lowers the body of a class as a function that runs once.
    fn class_body(
        &mut self,
        class: ClassId,
        body: Option<Node<'t>>,
        nesting: Option<crate::program::ClassId>,
        frame: fn(FunctionId) -> Frame,
        prepare: impl FnOnce(&mut Self),
    ) -> FunctionId {
        let span = body.map_or_else(|| end_of(self.module.class(class).span), span_of);
        let head = FunctionHead {
            name: self.module.class(class).path.last().cloned(),
            kind: FunctionKind::ClassBody,
            span,
            name_span: self.module.class(class).name_span,
        };
        let function = self.within(
            |context| context.enter_class(class, nesting),
            |lowering| {
                lowering.function(head, frame, |lowering| {
                    prepare(lowering);
                    lowering.body(body, span)
                })
            },
        );
        self.module.classes[class.0 as usize].body = Some(function);
        self.close_class(class);
        function
    }

    /// `class << self`: its methods are those of the class itself. `class << object` is a class without name.
    pub(super) fn singleton_class(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let body = children.field(Field::Body);
        let span = span_of(node);
        let object = children.field(Field::Value);
        let home = match object {
            Some(object) => self.singleton_home(object),
            None => Home::Object(self.opaque(start_of(span), Vec::new())),
        };
        match home {
            Home::Class(Some(class), _) => {
                let function = self.context.function;
                self.scopes.open(Frame::closed(function));
                let body = self.within(
                    |context| {
                        context.class = Some(class);
                        context.is_static = true;
                        context.defines_static = true;
                        context.in_class_body = true;
                        context.method = None;
                    },
                    |lowering| lowering.body(body, end_of(span)),
                );
                self.scopes.close();
                body
            }
            Home::Class(None, _) => self.opaque(span, Vec::new()),
            Home::Object(object) => {
                let nesting = self.context.nesting;
                let class = self.open_class(Vec::new(), ClassKind::Class, nesting, span, start_of(span));
                self.class_body(class, body, nesting, Frame::closed, |_| {});
                let class = self.push(span, Kind::Class(class));
                self.opaque(span, vec![object, class])
            }
        }
    }

    /// `Class.new(Base) { … }`, `Module.new { … }`, `Struct.new(:a) { … }`, `Data.define(:a) { … }`.
    pub(super) fn class_expression(&mut self, site: &Site<'t>, receiver: NodeId) -> NodeId {
        let naming = self.naming.take().filter(|naming| naming.value == site.node.id());
        let span = span_of(site.node);
        let Naming { path, span: name_span, .. } = naming.unwrap_or_else(|| Naming { value: 0, path: Vec::new(), span: start_of(span) });
        let args = site.arguments.map(|list| self.arguments(list)).unwrap_or_default();
        let nesting = self.context.nesting;
        let factory = match self.module.kind(receiver) {
            Kind::Constant { path, .. } => path.last().cloned().unwrap_or_default(),
            _ => SmolStr::default(),
        };
        let kind = if factory == "Module" { ClassKind::Module } else { ClassKind::Class };
        let class = self.open_class(path, kind, nesting, span, name_span);
        if matches!(factory.as_str(), "Struct" | "Data") {
            self.module.classes[class.0 as usize].superclass = Some(receiver);
            let by_keyword = factory == "Data"
                || args.iter().any(|argument| {
                    matches!(&argument.kind, ArgumentKind::Keyword(name) if name == "keyword_init")
                        && matches!(self.module.kind(argument.value), Kind::Literal(Literal::Bool(true)))
                });
            self.within(
                |context| context.enter_class(class, nesting),
                |lowering| lowering.members_of_struct(&args, by_keyword, factory == "Struct"),
            );
        } else {
            let base = args.iter().find(|argument| argument.kind == ArgumentKind::Positional);
            let base = base.map(|argument| argument.value);
            self.set_superclass(class, base);
        }
        if let Some(block) = site.block {
            let parts = self.children(block);
            let params = parts.field(Field::Parameters);
            let frame = if params.is_some() { Frame::open } else { Frame::implicit };
            self.class_body(class, parts.field(Field::Body), nesting, frame, |lowering| lowering.params(params));
        }
        self.push(span, Kind::Class(class))
    }

    /// `Foo.class_eval do … end`: the class is reopened, and the block is its body.
    pub(super) fn reopened_by_block(&mut self, site: &Site<'t>, block: Node<'t>) -> FunctionId {
        let nesting = self.context.nesting;
        let path = match site.receiver.map(|receiver| self.module.kind(receiver)) {
            Some(Kind::Constant { path, .. }) => path.clone(),
            _ => Vec::new(),
        };
        let name_span = site.receiver.map_or(site.name_span, |receiver| self.module.span(receiver));
        let class = self.open_class(path, ClassKind::Class, nesting, span_of(site.node), name_span);
        let parts = self.children(block);
        let params = parts.field(Field::Parameters);
        let frame = if params.is_some() { Frame::open } else { Frame::implicit };
        self.class_body(class, parts.field(Field::Body), nesting, frame, |lowering| lowering.params(params))
    }

    /// `alias new old`.
    pub(super) fn alias(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        if let (Some(new), Some(old)) = (children.field(Field::Name), children.field(Field::Alias)) {
            let name = |lowering: &Self, node| SmolStr::new(lowering.slice(node).trim_start_matches(':'));
            let (new_name, old_name) = (name(self, new), name(self, old));
            if self.context.class.is_some() && !new_name.starts_with('$') {
                self.alias_method(&new_name, &old_name, span_of(new));
            }
        }
        self.opaque(span_of(node), Vec::new())
    }
}

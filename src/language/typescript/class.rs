//! Classes, interfaces, enums and namespaces.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::function::FunctionHead;
use super::lowering::{Exporting, Hint, Lowering, This};
use super::scope::Space;
use super::syntax::{Field as SyntaxField, Syntax};
use crate::program::{
    BindingId, BindingKind, Class, ClassId, ClassKind, EntryKey, Field, FunctionKind, Kind, Literal, Method, MethodKind, NodeId, Type,
};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// A class whose number must be known before its members are.
    pub(super) fn reserve_class(&mut self, kind: ClassKind, name: Option<(SmolStr, Span)>, span: Span) -> ClassId {
        let id = ClassId(self.module.classes.len() as u32);
        let (path, name_span) = match name {
            Some((name, span)) => (vec![name], span),
            None => (Vec::new(), Span::new(span.start, span.start)),
        };
        self.module.classes.push(Class {
            path,
            kind,
            nesting: self.nesting,
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
        id
    }

    pub(super) fn class_mut(&mut self, id: ClassId) -> &mut Class {
        &mut self.module.classes[id.0 as usize]
    }

    /// Makes a name that is declared here hold a class, unless it holds one already: then the two are one name's parts.
    fn hold_class(&mut self, space: Space, name: Node<'t>, class: ClassId) {
        let Some(binding) = self.scopes.lookup(space, self.text(name)) else { return };
        let slot = &mut self.binding_mut(binding).kind;
        if *slot == BindingKind::Variable {
            *slot = BindingKind::Class(class);
        }
        self.class_mut(class).binding = Some(binding);
    }

    /// Lowers a class declaration; `decorators` are those in front of `export`.
    pub(super) fn class_declaration(&mut self, node: Node<'t>, decorators: Vec<NodeId>) -> ClassId {
        let name = self.field(node, SyntaxField::Name);
        let id = self.reserve_class(ClassKind::Class, name.map(|name| (self.text(name).into(), self.span(name))), self.span(node));
        if let Some(name) = name {
            self.hold_class(Space::Value, name, id);
        }
        self.class_members(node, id, decorators);
        id
    }

    /// Lowers a class expression. Its name is seen only inside it.
    pub(super) fn class_expression(&mut self, node: Node<'t>, hint: Option<Hint>) -> NodeId {
        let span = self.span(node);
        let own_name = self.field(node, SyntaxField::Name);
        let name = match (own_name, hint) {
            (Some(name), _) => Some((self.text(name).into(), self.span(name))),
            (None, hint) => hint.map(|hint| (hint.name, hint.span)),
        };
        let id = self.reserve_class(ClassKind::Class, name, span);
        self.scopes.enter();
        if let Some(name) = own_name {
            self.declare_name(name, BindingKind::Class(id), &[Space::Value, Space::Type]);
            self.hold_class(Space::Value, name, id);
        }
        self.class_members(node, id, Vec::new());
        self.scopes.leave();
        self.push(span, Kind::Class(id))
    }

    fn class_members(&mut self, node: Node<'t>, id: ClassId, mut decorators: Vec<NodeId>) {
        self.strays(node);
        self.scopes.enter();
        self.bounded_type_parameters(node);
        for child in self.children(node) {
            match self.syntax(child) {
                Syntax::Decorator => decorators.extend(self.decorator(child)),
                Syntax::ClassHeritage => self.heritage(child, id),
                _ => {}
            }
        }
        self.class_mut(id).decorators = decorators;
        if let Some(body) = self.field(node, SyntaxField::Body) {
            self.strays(body);
            let outer_nesting = self.nesting.replace(id);
            let outer_exporting = std::mem::replace(&mut self.exporting, Exporting::Nowhere);
            self.class_body(body, id);
            self.exporting = outer_exporting;
            self.nesting = outer_nesting;
        }
        self.scopes.leave();
    }

    fn heritage(&mut self, node: Node<'t>, id: ClassId) {
        self.strays(node);
        for clause in self.children(node) {
            match self.syntax(clause) {
                Syntax::ExtendsClause => {
                    if let Some(value) = self.field(clause, SyntaxField::Value) {
                        let superclass = self.expression(value);
                        self.class_mut(id).superclass = Some(superclass);
                    }
                    let arguments = self.type_arguments(clause);
                    self.class_mut(id).supertypes.extend(arguments);
                }
                Syntax::ImplementsClause => {
                    let types = self.types_in(clause);
                    self.class_mut(id).supertypes.extend(types);
                }
                _ => {}
            }
        }
    }

    fn class_body(&mut self, body: Node<'t>, id: ClassId) {
        let mut decorators = Vec::new();
        let mut signatures: Vec<Method> = Vec::new();
        let mut statics = Vec::new();
        for member in self.children(body) {
            match self.syntax(member) {
                Syntax::Decorator => decorators.extend(self.decorator(member)),
                Syntax::MethodDefinition => {
                    let method = self.method(member, id, std::mem::take(&mut decorators));
                    if let Some(method) = method {
                        self.class_mut(id).methods.push(method);
                    }
                }
                Syntax::MethodSignature | Syntax::AbstractMethodSignature => {
                    let method = self.method(member, id, std::mem::take(&mut decorators));
                    signatures.extend(method);
                }
                Syntax::PublicFieldDefinition => {
                    let field = self.class_field(member, id, std::mem::take(&mut decorators));
                    if let Some(field) = field {
                        self.class_mut(id).fields.push(field);
                    }
                }
                Syntax::ClassStaticBlock => statics.extend(self.field(member, SyntaxField::Body)),
                _ => {}
            }
        }
        // A signature counts where nothing implements it: in abstract and ambient classes.
        let class = self.class_mut(id);
        for signature in signatures {
            let is_known = |method: &Method| method.name == signature.name && method.is_static == signature.is_static;
            if !class.methods.iter().any(is_known) {
                class.methods.push(signature);
            }
        }
        if !statics.is_empty() {
            let this = This { class: Some(id), is_static: true };
            let function = self.statements_function(body, &statics, this);
            self.class_mut(id).body = Some(function);
        }
    }

    fn method(&mut self, node: Node<'t>, id: ClassId, mut decorators: Vec<NodeId>) -> Option<Method> {
        if !self.descend() {
            return None;
        }
        self.strays(node);
        let name_node = self.field(node, SyntaxField::Name);
        let mut is_static = false;
        let mut accessor = None;
        for token in self.tokens(node) {
            if name_node.is_some_and(|name| name.id() == token.id()) {
                break;
            }
            match self.syntax(token) {
                Syntax::TokenStatic => is_static = true,
                Syntax::TokenGet | Syntax::TokenSet => accessor = Some(self.syntax(token)),
                Syntax::Decorator => decorators.extend(self.decorator(token)),
                _ => {}
            }
        }
        let method = name_node.map(|name_node| {
            let name = match self.property_key(name_node) {
                EntryKey::Name(name) => name,
                _ => self.text(name_node).into(),
            };
            let (kind, function_kind) = match accessor {
                Some(Syntax::TokenGet) => (MethodKind::Getter, FunctionKind::Getter),
                Some(_) => (MethodKind::Setter, FunctionKind::Setter),
                None if name == "constructor" && !is_static => (MethodKind::Constructor, FunctionKind::Constructor),
                None => (MethodKind::Method, FunctionKind::Method),
            };
            let head = FunctionHead {
                kind: function_kind,
                name: Some((name.clone(), self.span(name_node))),
                this: This { class: Some(id), is_static },
                decorators,
            };
            Method { name, function: self.function(node, head), is_static, kind }
        });
        self.ascend();
        method
    }

    fn class_field(&mut self, node: Node<'t>, id: ClassId, mut decorators: Vec<NodeId>) -> Option<Field> {
        self.strays(node);
        let name_node = self.field(node, SyntaxField::Name)?;
        let mut is_static = false;
        for token in self.tokens(node) {
            match self.syntax(token) {
                Syntax::TokenStatic => is_static = true,
                Syntax::Decorator => decorators.extend(self.decorator(token)),
                _ => {}
            }
        }
        let name = match self.property_key(name_node) {
            EntryKey::Name(name) => name,
            _ => self.text(name_node).into(),
        };
        let ty = self.field(node, SyntaxField::Type).map(|ty| self.ty(ty));
        let outer_this = std::mem::replace(&mut self.this, This { class: Some(id), is_static });
        let value = self.field(node, SyntaxField::Value).map(|value| {
            self.hint = Some(Hint { name: name.clone(), span: self.span(name_node), class: None });
            self.expression(value)
        });
        self.this = outer_this;
        Some(Field { name, is_static, ty, value, decorators, span: self.span(node) })
    }

    /// Lowers an interface: methods are fields with a function type.
    pub(super) fn interface(&mut self, node: Node<'t>) {
        let name = self.field(node, SyntaxField::Name);
        let id = self.reserve_class(ClassKind::Interface, name.map(|name| (self.text(name).into(), self.span(name))), self.span(node));
        if let Some(name) = name {
            self.hold_class(Space::Type, name, id);
        }
        self.scopes.enter();
        self.bounded_type_parameters(node);
        for clause in self.children(node) {
            if self.syntax(clause) == Syntax::ExtendsTypeClause {
                let types = self.types_in(clause);
                self.class_mut(id).supertypes.extend(types);
            }
        }
        if let Some(body) = self.field(node, SyntaxField::Body) {
            for member in self.children(body) {
                if let Some((name, ty)) = self.type_member(member) {
                    let span = self.span(member);
                    let field = Field { name, is_static: false, ty: Some(ty), value: None, decorators: Vec::new(), span };
                    self.class_mut(id).fields.push(field);
                }
            }
        }
        self.scopes.leave();
    }

    /// Lowers an enum: members are static fields, numbered where they have no value.
    pub(super) fn enumeration(&mut self, node: Node<'t>) -> ClassId {
        self.strays(node);
        let name = self.field(node, SyntaxField::Name);
        let id = self.reserve_class(ClassKind::Enum, name.map(|name| (self.text(name).into(), self.span(name))), self.span(node));
        if let Some(name) = name {
            self.hold_class(Space::Value, name, id);
        }
        let Some(body) = self.field(node, SyntaxField::Body) else { return id };
        self.strays(body);
        let mut next = Some(0);
        for member in self.children(body) {
            let span = self.span(member);
            let (name, value) = match self.syntax(member) {
                Syntax::Error => continue,
                Syntax::EnumAssignment => (self.field(member, SyntaxField::Name), self.field(member, SyntaxField::Value)),
                _ => (Some(member), None),
            };
            let Some(name) = name else { continue };
            let EntryKey::Name(name) = self.property_key(name) else { continue };
            let value = match value {
                Some(value) => {
                    let value = self.expression(value);
                    next = match self.kind(value) {
                        Kind::Literal(Literal::Int(number)) => number.checked_add(1),
                        _ => None,
                    };
                    Some(value)
                }
                None => next.map(|number| {
                    next = number.checked_add(1);
                    self.push(span, Kind::Literal(Literal::Int(number)))
                }),
            };
            self.class_mut(id).fields.push(Field { name, is_static: true, ty: None, value, decorators: Vec::new(), span });
        }
        id
    }

    /// The identifiers of a namespace's name; none for `declare module "x"`.
    pub(super) fn namespace_segments(&mut self, name: Node<'t>) -> Vec<Node<'t>> {
        if self.syntax(name) == Syntax::String { Vec::new() } else { self.dotted(name) }
    }

    /// Lowers a namespace: what it exports are static members. The body of `declare module "x"` is a plain block.
    pub(super) fn namespace(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        self.strays(node);
        let body = self.field(node, SyntaxField::Body);
        let segments = match self.field(node, SyntaxField::Name) {
            Some(name) => self.namespace_segments(name),
            None => Vec::new(),
        };
        let Some((first, rest)) = segments.split_first() else {
            if let Some(body) = body {
                self.ambient_block(body, out);
            }
            return;
        };
        let span = self.span(node);
        let id = self.reserve_class(ClassKind::Module, Some((self.text(*first).into(), self.span(*first))), span);
        // `namespace A.B {}` is `namespace A { export namespace B {} }`, but has one body, that of the innermost.
        let path = rest.iter().map(|segment| SmolStr::from(self.text(*segment)));
        let path: Vec<SmolStr> = path.collect();
        self.class_mut(id).path.extend(path);
        self.hold_class(Space::Value, *first, id);
        if let Some(body) = body {
            let statements = self.children(body);
            let outer_nesting = self.nesting.replace(id);
            let outer_exporting = std::mem::replace(&mut self.exporting, Exporting::Namespace(id));
            let function = self.statements_function(body, &statements, This { class: Some(id), is_static: true });
            self.exporting = outer_exporting;
            self.nesting = outer_nesting;
            self.class_mut(id).body = Some(function);
        }
        out.push(self.push(span, Kind::Class(id)));
    }

    /// `declare …`.
    pub(super) fn ambient(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        self.strays(node);
        for child in self.children(node) {
            match self.syntax(child) {
                Syntax::Error => {}
                Syntax::StatementBlock => {
                    self.global_variables(child);
                    self.ambient_block(child, out);
                }
                Syntax::PropertyIdentifier => return,
                _ => self.statement(child, out),
            }
        }
    }

    /// `declare global { var redis: Redis }` types what [`Kind::Global`] reads: fields of an interface named `globalThis`.
    fn global_variables(&mut self, body: Node<'t>) {
        let mut fields = Vec::new();
        for declaration in self.children(body) {
            if !matches!(self.syntax(declaration), Syntax::VariableDeclaration | Syntax::LexicalDeclaration) {
                continue;
            }
            for declarator in self.children(declaration) {
                let name = self.field(declarator, SyntaxField::Name).filter(|name| self.syntax(*name) == Syntax::Identifier);
                if let (Some(name), Some(ty)) = (name, self.field(declarator, SyntaxField::Type)) {
                    let (name, span) = (self.text(name).into(), self.span(declarator));
                    let ty = Some(self.ty(ty));
                    fields.push(Field { name, is_static: false, ty, value: None, decorators: Vec::new(), span });
                }
            }
        }
        if !fields.is_empty() {
            let span = self.span(body);
            let name_span = Span::new(span.start, span.start);
            let id = self.reserve_class(ClassKind::Interface, Some(("globalThis".into(), name_span)), span);
            self.class_mut(id).fields = fields;
        }
    }

    /// The body of `declare global` or `declare module "x"`: its names are not this file's.
    fn ambient_block(&mut self, body: Node<'t>, out: &mut Vec<NodeId>) {
        let outer = std::mem::replace(&mut self.exporting, Exporting::Nowhere);
        let children = self.children(body);
        self.scopes.enter();
        self.hoist_function_body(&children);
        let mut statements = Vec::new();
        for child in children {
            self.statement(child, &mut statements);
        }
        self.scopes.leave();
        self.exporting = outer;
        if !statements.is_empty() {
            out.push(self.push(self.span(body), Kind::Block(statements)));
        }
    }

    /// A member of a namespace for a name that it exports.
    pub(super) fn namespace_member(&mut self, class: ClassId, name: SmolStr, binding: BindingId, span: Span) {
        if let BindingKind::Function(function) = self.module.bindings[binding.0 as usize].kind {
            self.class_mut(class).methods.push(Method { name, function, is_static: true, kind: MethodKind::Method });
            return;
        }
        let ty: Option<Type> = self.module.bindings[binding.0 as usize].ty.clone();
        let value = self.push(span, Kind::Local(binding));
        self.class_mut(class).fields.push(Field { name, is_static: true, ty, value: Some(value), decorators: Vec::new(), span });
    }
}

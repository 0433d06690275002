//! Functions of every form and their parameters.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::lowering::{Lowering, This};
use super::pattern::Naming;
use super::scope::Space;
use super::syntax::{Field, Syntax};
use crate::program::{BindingKind, FunctionId, FunctionKind, Kind, NodeId, Param, ParamKind, Type, TypeAlias};
use crate::source::Span;

/// What is known of a function from the place it stands in.
pub(super) struct FunctionHead {
    /// Its form.
    pub(super) kind: FunctionKind,
    /// Its name and where that stands.
    pub(super) name: Option<(SmolStr, Span)>,
    /// What `this` is in it.
    pub(super) this: This,
    /// Its decorators.
    pub(super) decorators: Vec<NodeId>,
}

impl<'t> Lowering<'t> {
    /// Lowers a function declaration, expression, method or signature.
    pub(super) fn function(&mut self, node: Node<'t>, head: FunctionHead) -> FunctionId {
        let span = self.span(node);
        let outer_this = std::mem::replace(&mut self.this, head.this);
        let id = self.reserve_function(head.kind, span);
        let outer_function = std::mem::replace(&mut self.function, id);
        let is_async = self.has_token(node, Syntax::TokenAsync);
        let is_generator = self.has_token(node, Syntax::TokenStar);
        self.scopes.enter();
        self.bounded_type_parameters(node);
        let params = self.parameters(node);
        let return_type = self.field(node, Field::ReturnType).map(|ty| self.ty(ty));
        let (body, returns_body) = self.function_body(node, span);
        self.scopes.leave();
        self.function = outer_function;
        self.this = outer_this;
        let function = &mut self.module.functions[id.0 as usize];
        function.params = params;
        function.body = body;
        function.returns_body = returns_body;
        function.is_async = is_async;
        function.is_generator = is_generator;
        function.return_type = return_type;
        function.decorators = head.decorators;
        if let Some((name, name_span)) = head.name {
            function.name = Some(name);
            function.name_span = name_span;
        }
        id
    }

    /// Lowers statements as a function without parameters that runs once, as class bodies do.
    pub(super) fn statements_function(&mut self, node: Node<'t>, statements: &[Node<'t>], this: This) -> FunctionId {
        let span = self.span(node);
        let outer_this = std::mem::replace(&mut self.this, this);
        let id = self.reserve_function(FunctionKind::ClassBody, span);
        let outer_function = std::mem::replace(&mut self.function, id);
        self.scopes.enter();
        self.hoist_function_body(statements);
        let mut body = Vec::new();
        for statement in statements {
            self.statement(*statement, &mut body);
        }
        self.scopes.leave();
        let body = self.push(span, Kind::Block(body));
        self.function = outer_function;
        self.this = outer_this;
        self.module.functions[id.0 as usize].body = body;
        id
    }

    fn function_body(&mut self, node: Node<'t>, span: Span) -> (NodeId, bool) {
        let Some(body) = self.field(node, Field::Body) else {
            let end = Span::new(span.end, span.end);
            return (self.push(end, Kind::Block(Vec::new())), false);
        };
        if self.syntax(body) != Syntax::StatementBlock {
            return (self.expression(body), true);
        }
        let children = self.children(body);
        self.hoist_function_body(&children);
        let mut statements = Vec::new();
        for child in children {
            self.statement(child, &mut statements);
        }
        (self.push(self.span(body), Kind::Block(statements)), false)
    }

    fn parameters(&mut self, node: Node<'t>) -> Vec<Param> {
        let mut params = Vec::new();
        if let Some(parameters) = self.field(node, Field::Parameters) {
            self.strays(parameters);
            for child in self.children(parameters) {
                params.extend(self.parameter(child));
            }
        } else if let Some(name) = self.field(node, Field::Parameter) {
            let target = self.target(name, Naming::Declares(BindingKind::Param));
            params.push(Param {
                target,
                kind: ParamKind::Positional,
                default: None,
                ty: None,
                optional: false,
                property: None,
                decorators: Vec::new(),
            });
        }
        params
    }

    fn parameter(&mut self, node: Node<'t>) -> Option<Param> {
        let optional = match self.syntax(node) {
            Syntax::RequiredParameter => false,
            Syntax::OptionalParameter => true,
            _ => return None,
        };
        let pattern = self.field(node, Field::Pattern)?;
        let (pattern, kind) = match self.syntax(pattern) {
            // `this: T` is no parameter.
            Syntax::This => return None,
            Syntax::RestPattern => (self.first_child(pattern)?, ParamKind::Rest),
            _ => (pattern, ParamKind::Positional),
        };
        let mut decorators = Vec::new();
        let mut is_property = false;
        for child in self.tokens(node) {
            match self.syntax(child) {
                Syntax::Decorator => decorators.extend(self.decorator(child)),
                Syntax::AccessibilityModifier | Syntax::OverrideModifier | Syntax::TokenReadonly => is_property = true,
                _ => {}
            }
        }
        let ty = self.field(node, Field::Type).map(|ty| self.ty(ty));
        let default = self.field(node, Field::Value).map(|value| self.expression(value));
        let target = self.target(pattern, Naming::Declares(BindingKind::Param));
        let mut property = None;
        if let Kind::Local(binding) = *self.kind(target) {
            self.binding_mut(binding).ty.clone_from(&ty);
            if is_property {
                property = Some(self.binding_mut(binding).name.clone());
            }
        }
        Some(Param { target, kind, default, ty, optional, property, decorators })
    }

    /// Hides the names of type parameters: they mean nothing that the file binds.
    pub(super) fn type_parameters(&mut self, node: Node<'t>) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for (name, ..) in self.type_parameter_nodes(node) {
            let name = self.text(name);
            self.scopes.declare(Space::Type, name, None);
            names.push(name.into());
        }
        names
    }

    /// The same, but one that extends a named type counts as that type: `class Repository<Client extends Redis>`.
    pub(super) fn bounded_type_parameters(&mut self, node: Node<'t>) {
        self.type_parameters(node);
        for (name, constraint, default) in self.type_parameter_nodes(node) {
            let Some(constraint) = constraint.or(default).and_then(|constraint| self.first_child(constraint)) else { continue };
            let ty = self.ty(constraint);
            let is_named = |ty: &Type| matches!(ty, Type::Named { binding: Some(_), .. });
            if is_named(&ty) || matches!(&ty, Type::Union(members) if members.iter().any(is_named)) {
                let text = self.text(name);
                let index = self.module.aliases.len() as u32;
                self.module.aliases.push(TypeAlias { name: text.into(), params: Vec::new(), defaults: Vec::new(), is_param: true, ty });
                let binding = self.bind(text, BindingKind::Alias(index), self.span(name));
                self.scopes.declare(Space::Type, text, Some(binding));
            }
        }
    }

    /// What the type parameters of a node stand for when they are not given.
    pub(super) fn type_defaults(&mut self, node: Node<'t>) -> Vec<Type> {
        let parameters = self.type_parameter_nodes(node).into_iter();
        let defaults: Vec<_> = parameters.map(|(.., default)| default.and_then(|default| self.first_child(default))).collect();
        defaults.into_iter().map(|default| default.map_or(Type::Unknown, |default| self.ty(default))).collect()
    }

    /// The names of a node's type parameters, with what each of them extends, and what it stands for when it is not given.
    fn type_parameter_nodes(&mut self, node: Node<'t>) -> Vec<(Node<'t>, Option<Node<'t>>, Option<Node<'t>>)> {
        let Some(parameters) = self.field(node, Field::TypeParameters) else { return Vec::new() };
        let parameters = self.children(parameters);
        parameters
            .into_iter()
            .filter_map(|parameter| {
                let name = self.field(parameter, Field::Name)?;
                Some((name, self.field(parameter, Field::Constraint), self.field(parameter, Field::Value)))
            })
            .collect()
    }

    /// The expression of a decorator.
    pub(super) fn decorator(&mut self, node: Node<'t>) -> Option<NodeId> {
        let child = self.first_child(node)?;
        Some(self.expression(child))
    }
}

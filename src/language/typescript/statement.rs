//! Statements.

use tree_sitter::Node;

use super::function::FunctionHead;
use super::lowering::{Lowering, This};
use super::pattern::Naming;
use super::scope::Space;
use super::syntax::{Field, Syntax};
use crate::program::{Arm, AssignOp, BindingKind, ExitKind, FunctionId, FunctionKind, Kind, LoopKind, NodeId, Rescue, TypeAlias};

impl<'t> Lowering<'t> {
    /// Lowers a statement to any number of nodes.
    pub(super) fn statement(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        if !self.descend() {
            let nothing = self.nothing(self.span(node));
            out.push(nothing);
            return;
        }
        let waiting = self.stray.len();
        self.statement_inner(node, out);
        // What stood inside errors comes behind the statement that it broke.
        if self.stray.len() > waiting {
            let strays = self.stray.split_off(waiting);
            out.extend(strays);
        }
        self.ascend();
    }

    fn statement_inner(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        let span = self.span(node);
        let syntax = self.syntax(node);
        match syntax {
            Syntax::ExpressionStatement => {
                self.strays(node);
                for child in self.children(node) {
                    match self.syntax(child) {
                        Syntax::Error => {}
                        Syntax::InternalModule => self.statement(child, out),
                        _ => out.push(self.expression(child)),
                    }
                }
            }
            Syntax::LexicalDeclaration | Syntax::VariableDeclaration | Syntax::UsingDeclaration => {
                self.strays(node);
                for child in self.children(node) {
                    if self.syntax(child) == Syntax::VariableDeclarator {
                        out.extend(self.declarator(child));
                    }
                }
            }
            Syntax::FunctionDeclaration | Syntax::GeneratorFunctionDeclaration | Syntax::FunctionSignature => {
                let id = self.function_declaration(node);
                if syntax != Syntax::FunctionSignature {
                    out.push(self.push(span, Kind::Closure(id)));
                }
            }
            Syntax::ClassDeclaration | Syntax::AbstractClassDeclaration => {
                let class = self.class_declaration(node, Vec::new());
                out.push(self.push(span, Kind::Class(class)));
            }
            Syntax::InterfaceDeclaration => self.interface(node),
            Syntax::EnumDeclaration => {
                let class = self.enumeration(node);
                out.push(self.push(span, Kind::Class(class)));
            }
            Syntax::InternalModule | Syntax::Module => self.namespace(node, out),
            Syntax::TypeAliasDeclaration => self.type_alias(node),
            Syntax::AmbientDeclaration => self.ambient(node, out),
            Syntax::ImportStatement => self.strays(node),
            Syntax::ImportAlias => out.extend(self.import_alias(node)),
            Syntax::ExportStatement => self.export(node, out),
            Syntax::StatementBlock => out.push(self.block(node)),
            Syntax::IfStatement => {
                self.strays(node);
                out.push(self.branches(node));
            }
            Syntax::ForStatement => out.push(self.counting_loop(node)),
            Syntax::ForInStatement => out.push(self.iteration(node)),
            Syntax::WhileStatement | Syntax::DoStatement => {
                self.strays(node);
                let is_while = syntax == Syntax::WhileStatement;
                let condition = if is_while { Some(self.optional_expression(node, Field::Condition)) } else { None };
                let body = self.optional_body(node);
                let condition = condition.or_else(|| Some(self.optional_expression(node, Field::Condition)));
                let kind = if is_while { LoopKind::While } else { LoopKind::DoWhile };
                let kind = Kind::Loop { kind, binding: None, source: None, condition, update: None, body };
                out.push(self.push(span, kind));
            }
            Syntax::SwitchStatement => out.push(self.switch(node)),
            Syntax::TryStatement => out.push(self.try_statement(node)),
            Syntax::ReturnStatement => out.push(self.exit(node, ExitKind::Return)),
            Syntax::ThrowStatement => out.push(self.exit(node, ExitKind::Throw)),
            Syntax::BreakStatement => out.push(self.push(span, Kind::Exit { kind: ExitKind::Break, value: None })),
            Syntax::ContinueStatement => out.push(self.push(span, Kind::Exit { kind: ExitKind::Next, value: None })),
            Syntax::LabeledStatement => {
                self.strays(node);
                if let Some(body) = self.field(node, Field::Body) {
                    self.statement(body, out);
                }
            }
            Syntax::WithStatement => {
                self.strays(node);
                let object = self.optional_expression(node, Field::Object);
                let body = self.optional_body(node);
                out.push(self.push(span, Kind::Opaque(vec![object, body])));
            }
            Syntax::EmptyStatement | Syntax::DebuggerStatement | Syntax::HashBangLine => {}
            Syntax::Error => out.push(self.error(node)),
            _ => out.push(self.expression(node)),
        }
    }

    /// Lowers a child of a node that has no meaning here: statement, expression, or something with those inside.
    pub(super) fn loose(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        match self.syntax(node) {
            Syntax::Error => out.push(self.error(node)),
            // Without children, and no name that is read.
            Syntax::PropertyIdentifier
            | Syntax::PrivatePropertyIdentifier
            | Syntax::StatementIdentifier
            | Syntax::ShorthandPropertyPattern
            | Syntax::TypeIdentifier
            | Syntax::PredefinedType
            | Syntax::JsxText
            | Syntax::Comment
            | Syntax::HtmlComment => {}
            // Types evaluate nothing.
            Syntax::TypeAnnotation | Syntax::TypeArguments | Syntax::TypeParameters => {}
            Syntax::MethodDefinition => {
                let head = FunctionHead { kind: FunctionKind::Method, name: None, this: self.this, decorators: Vec::new() };
                if self.descend() {
                    let id = self.function(node, head);
                    out.push(self.push(self.span(node), Kind::Closure(id)));
                    self.ascend();
                }
            }
            _ => self.statement(node, out),
        }
    }

    /// Keeps the code inside the ERROR nodes that are children of a node, for the end of the statement.
    pub(super) fn strays(&mut self, node: Node<'t>) {
        if !node.has_error() {
            return;
        }
        for child in self.children(node) {
            if self.syntax(child) == Syntax::Error {
                let error = self.error(child);
                if !matches!(self.kind(error), Kind::Opaque(children) if children.is_empty()) {
                    self.stray.push(error);
                }
            }
        }
    }

    /// Lowers an ERROR node.
    pub(super) fn error(&mut self, node: Node<'t>) -> NodeId {
        self.seen_errors.push(node.id());
        if !self.descend() {
            return self.nothing(self.span(node));
        }
        let error = self.opaque(node);
        self.ascend();
        error
    }

    fn declarator(&mut self, node: Node<'t>) -> Option<NodeId> {
        self.strays(node);
        let name = self.field(node, Field::Name)?;
        let ty = self.field(node, Field::Type).map(|ty| self.ty(ty));
        let target = self.target(name, Naming::Declared);
        let mut cast = ty;
        if let Kind::Local(binding) = *self.kind(target)
            && cast.is_some()
        {
            self.binding_mut(binding).ty = cast.take();
        }
        let value = self.field(node, Field::Value)?;
        self.note_declared(target);
        self.hint = self.assigned_name(target);
        let mut value = self.expression(value);
        if let Some(ty) = cast {
            value = self.push(self.span_of(value), Kind::Cast { value, ty: Some(ty) });
        }
        self.note_held(target, value);
        Some(self.push(self.span(node), Kind::Assign { target, value, op: AssignOp::Plain, declares: true }))
    }

    /// Remembers which function a variable holds, for `Foo.prototype`, and which variable holds a class.
    pub(super) fn note_held(&mut self, target: NodeId, value: NodeId) {
        let Kind::Local(binding) = *self.kind(target) else { return };
        let mut value = value;
        // `var Cache = exports.Cache = function () {}`
        while let Kind::Assign { value: inner, .. } = self.kind(value) {
            value = *inner;
        }
        match *self.kind(value) {
            Kind::Closure(function) => {
                self.function_of.insert(binding, function);
            }
            Kind::Class(class) => {
                self.class_mut(class).binding.get_or_insert(binding);
            }
            _ => {}
        }
    }

    /// Lowers a function declaration, or the signature of one.
    pub(super) fn function_declaration(&mut self, node: Node<'t>) -> FunctionId {
        let name = self.field(node, Field::Name);
        let binding = name.and_then(|name| self.scopes.lookup(Space::Value, self.text(name)));
        let head = FunctionHead {
            kind: FunctionKind::Function,
            name: name.map(|name| (self.text(name).into(), self.span(name))),
            this: This::default(),
            decorators: Vec::new(),
        };
        let id = self.function(node, head);
        if let Some(binding) = binding {
            // The implementation comes behind its overloads.
            let is_signature = self.syntax(node) == Syntax::FunctionSignature;
            let slot = &mut self.binding_mut(binding).kind;
            if !is_signature || *slot == BindingKind::Variable {
                *slot = BindingKind::Function(id);
                self.function_of.insert(binding, id);
            }
        }
        id
    }

    fn type_alias(&mut self, node: Node<'t>) {
        let (Some(name), Some(value)) = (self.field(node, Field::Name), self.field(node, Field::Value)) else { return };
        self.scopes.enter();
        let params = self.type_parameters(node);
        let defaults = self.type_defaults(node);
        let ty = self.ty(value);
        self.scopes.leave();
        let index = self.module.aliases.len() as u32;
        self.module.aliases.push(TypeAlias { name: self.text(name).into(), params, defaults, is_param: false, ty });
        if let Some(binding) = self.scopes.lookup(Space::Type, self.text(name)) {
            self.binding_mut(binding).kind = BindingKind::Alias(index);
        }
    }

    /// Lowers a block with a scope of its own.
    pub(super) fn block(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        self.scopes.enter();
        self.hoist_block(&children);
        let mut statements = Vec::new();
        for child in children {
            self.statement(child, &mut statements);
        }
        self.scopes.leave();
        self.push(self.span(node), Kind::Block(statements))
    }

    /// Lowers the body of a branch or loop, a block or a single statement, to a block.
    pub(super) fn body(&mut self, node: Node<'t>) -> NodeId {
        if self.syntax(node) == Syntax::StatementBlock {
            if !self.descend() {
                return self.nothing(self.span(node));
            }
            let block = self.block(node);
            self.ascend();
            return block;
        }
        let mut statements = Vec::new();
        self.statement(node, &mut statements);
        self.push(self.span(node), Kind::Block(statements))
    }

    fn optional_body(&mut self, node: Node<'t>) -> NodeId {
        match self.field(node, Field::Body) {
            Some(body) => self.body(body),
            None => self.nothing(self.span(node)),
        }
    }

    fn exit(&mut self, node: Node<'t>, kind: ExitKind) -> NodeId {
        self.strays(node);
        let value = self.first_child(node).filter(|value| self.syntax(*value) != Syntax::Error);
        let value = value.map(|value| self.expression(value));
        self.push(self.span(node), Kind::Exit { kind, value })
    }

    fn counting_loop(&mut self, node: Node<'t>) -> NodeId {
        self.strays(node);
        self.scopes.enter();
        let initializer = self.field(node, Field::Initializer);
        let source = initializer.and_then(|initializer| {
            self.hoist_block(&[initializer]);
            let mut parts = Vec::new();
            self.statement(initializer, &mut parts);
            match parts.as_slice() {
                [] => None,
                [part] => Some(*part),
                _ => Some(self.push(self.span(initializer), Kind::Block(parts))),
            }
        });
        let condition = self.field(node, Field::Condition).filter(|condition| self.syntax(*condition) != Syntax::EmptyStatement);
        let condition = condition.map(|condition| self.expression(condition));
        let update = self.field(node, Field::Increment).map(|update| self.expression(update));
        let body = self.optional_body(node);
        self.scopes.leave();
        self.push(self.span(node), Kind::Loop { kind: LoopKind::Count, binding: None, source, condition, update, body })
    }

    fn iteration(&mut self, node: Node<'t>) -> NodeId {
        self.strays(node);
        // What is iterated does not see the names of the turn.
        let source = self.field(node, Field::Right).map(|source| self.expression(source));
        self.scopes.enter();
        let declares = self.field(node, Field::Kind).map(|kind| self.syntax(kind));
        let naming = match declares {
            Some(Syntax::TokenVar) => Naming::Declared,
            Some(_) => Naming::Declares(BindingKind::Variable),
            None => Naming::Assigns,
        };
        let binding = self.field(node, Field::Left).map(|left| self.target(left, naming));
        let is_in = self.field(node, Field::Operator).is_some_and(|operator| self.text(operator) == "in");
        let kind = if is_in {
            LoopKind::Keys
        } else if self.has_token(node, Syntax::TokenAwait) {
            LoopKind::EachAwait
        } else {
            LoopKind::Each
        };
        let body = self.optional_body(node);
        self.scopes.leave();
        self.push(self.span(node), Kind::Loop { kind, binding, source, condition: None, update: None, body })
    }

    fn switch(&mut self, node: Node<'t>) -> NodeId {
        self.strays(node);
        let span = self.span(node);
        let subject = self.field(node, Field::Value).map(|subject| self.expression(subject));
        let Some(body) = self.field(node, Field::Body) else {
            return self.push(span, Kind::Opaque(subject.into_iter().collect()));
        };
        self.strays(body);
        let cases = self.children(body);
        self.scopes.enter();
        // All cases share one block.
        for case in &cases {
            let statements = self.children(*case);
            self.hoist_block(&statements);
        }
        let mut arms: Vec<Arm> = Vec::new();
        let mut otherwise = None;
        let mut tests = Vec::new();
        for case in cases {
            let value = match self.syntax(case) {
                Syntax::SwitchCase => self.field(case, Field::Value),
                Syntax::SwitchDefault => None,
                _ => continue,
            };
            if let Some(value) = value {
                tests.push(self.expression(value));
            }
            let (body, is_empty, falls_through) = self.case_body(case, value);
            if self.syntax(case) == Syntax::SwitchDefault {
                // `case 1: default: …` comes to the same code as `default` alone, but tests what it tests.
                if !tests.is_empty() {
                    let empty = self.push(self.span(case), Kind::Block(Vec::new()));
                    arms.push(Arm { tests: std::mem::take(&mut tests), body: empty, falls_through: true });
                }
                otherwise = Some(body);
            } else if !is_empty {
                arms.push(Arm { tests: std::mem::take(&mut tests), body, falls_through });
            }
        }
        if !tests.is_empty() {
            let empty = self.push(span, Kind::Block(Vec::new()));
            arms.push(Arm { tests, body: empty, falls_through: false });
        }
        self.scopes.leave();
        self.push(span, Kind::Switch { subject, arms, otherwise })
    }

    /// The statements of a case without the `break` that ends them, whether there were none, and whether they run on.
    fn case_body(&mut self, case: Node<'t>, value: Option<Node<'t>>) -> (NodeId, bool, bool) {
        self.strays(case);
        let children = self.children(case);
        let is_body = |child: &Node| value.is_none_or(|value| value.id() != child.id());
        let mut statements = Vec::new();
        for child in children.into_iter().filter(is_body) {
            if self.syntax(child) != Syntax::Error {
                self.statement(child, &mut statements);
            }
        }
        let is_empty = statements.is_empty();
        let falls_through = !statements.last().is_some_and(|last| self.always_leaves(*last, 0));
        if let Some(Kind::Exit { kind: ExitKind::Break, .. }) = statements.last().map(|last| self.kind(*last)) {
            statements.pop();
        }
        (self.push(self.span(case), Kind::Block(statements)), is_empty, falls_through)
    }

    /// Whether what follows a statement is never reached from it.
    fn always_leaves(&self, id: NodeId, depth: u32) -> bool {
        if depth > 64 {
            return false;
        }
        match self.kind(id) {
            Kind::Exit { .. } => true,
            Kind::Block(statements) => statements.last().is_some_and(|last| self.always_leaves(*last, depth + 1)),
            Kind::Branch { then, otherwise: Some(otherwise), .. } => {
                self.always_leaves(*then, depth + 1) && self.always_leaves(*otherwise, depth + 1)
            }
            Kind::Try { body, rescues, cleanup, .. } => {
                cleanup.is_some_and(|cleanup| self.always_leaves(cleanup, depth + 1))
                    || (self.always_leaves(*body, depth + 1) && rescues.iter().all(|rescue| self.always_leaves(rescue.body, depth + 1)))
            }
            _ => false,
        }
    }

    fn try_statement(&mut self, node: Node<'t>) -> NodeId {
        self.strays(node);
        let body = self.optional_body(node);
        let mut rescues = Vec::new();
        if let Some(handler) = self.field(node, Field::Handler) {
            self.strays(handler);
            self.scopes.enter();
            let binding =
                self.field(handler, Field::Parameter).map(|parameter| self.target(parameter, Naming::Declares(BindingKind::Variable)));
            let body = self.optional_body(handler);
            self.scopes.leave();
            rescues.push(Rescue { classes: Vec::new(), binding, body });
        }
        let cleanup = self.field(node, Field::Finalizer).map(|finalizer| self.optional_body(finalizer));
        self.push(self.span(node), Kind::Try { body, rescues, otherwise: None, cleanup })
    }

    /// `import a = b.c`.
    fn import_alias(&mut self, node: Node<'t>) -> Option<NodeId> {
        let children = self.children(node);
        let [name, path] = children[..] else { return None };
        let target = self.target(name, Naming::Declared);
        let segments = self.dotted(path);
        let (first, segments) = segments.split_first()?;
        self.module.truncated |= segments.len() > self.links_left();
        let mut value = self.name(*first);
        let start = self.span(*first);
        for segment in segments.iter().copied().take(self.links_left()) {
            let name_span = self.span(segment);
            let kind = Kind::Member { object: value, name: self.text(segment).into(), name_span, optional: false };
            value = self.push(start.to(name_span), kind);
        }
        Some(self.push(self.span(node), Kind::Assign { target, value, op: AssignOp::Plain, declares: true }))
    }
}

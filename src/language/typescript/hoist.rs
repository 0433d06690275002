//! Declaring the names of a scope when it is entered: `var` and functions for the whole function, the rest for their block.

use tree_sitter::Node;

use super::lowering::Lowering;
use super::scope::Space;
use super::syntax::{Field, Syntax};
use crate::program::BindingKind;

const BOTH: &[Space] = &[Space::Value, Space::Type];

impl<'t> Lowering<'t> {
    /// Declares what the statements of a function's body declare.
    pub(super) fn hoist_function_body(&mut self, statements: &[Node<'t>]) {
        self.hoist_vars(statements);
        self.hoist_block(statements);
    }

    /// Declares every `var` of a function, whatever blocks it stands in. Expressions hold no `var`, so only statements are
    /// looked at; nested functions are not.
    fn hoist_vars(&mut self, statements: &[Node<'t>]) {
        let mut stack: Vec<Node<'t>> = statements.iter().rev().copied().collect();
        while let Some(node) = stack.pop() {
            match self.syntax(node) {
                Syntax::VariableDeclaration => self.declare_declarators(node),
                Syntax::ForInStatement => {
                    if let Some(left) = self.field(node, Field::Left)
                        && self.field(node, Field::Kind).is_some_and(|kind| self.syntax(kind) == Syntax::TokenVar)
                    {
                        self.declare_pattern(left);
                    }
                    stack.extend(self.field(node, Field::Body));
                }
                Syntax::ForStatement => {
                    stack.extend(self.field(node, Field::Body));
                    stack.extend(self.field(node, Field::Initializer));
                }
                Syntax::WhileStatement | Syntax::DoStatement | Syntax::LabeledStatement | Syntax::WithStatement => {
                    stack.extend(self.field(node, Field::Body));
                }
                Syntax::IfStatement => {
                    stack.extend(self.field(node, Field::Alternative));
                    stack.extend(self.field(node, Field::Consequence));
                }
                Syntax::StatementBlock
                | Syntax::ElseClause
                | Syntax::TryStatement
                | Syntax::CatchClause
                | Syntax::FinallyClause
                | Syntax::SwitchStatement
                | Syntax::SwitchBody
                | Syntax::SwitchCase
                | Syntax::SwitchDefault
                | Syntax::ExportStatement
                | Syntax::Error => {
                    let children = self.children(node);
                    stack.extend(children.into_iter().rev());
                }
                _ => {}
            }
        }
    }

    /// Declares what the statements of a block declare for the block alone.
    pub(super) fn hoist_block(&mut self, statements: &[Node<'t>]) {
        let mut stack: Vec<Node<'t>> = statements.iter().rev().copied().collect();
        while let Some(node) = stack.pop() {
            let name = |lowering: &Self| lowering.field(node, Field::Name);
            match self.syntax(node) {
                Syntax::LexicalDeclaration | Syntax::UsingDeclaration => self.declare_declarators(node),
                Syntax::FunctionDeclaration | Syntax::GeneratorFunctionDeclaration | Syntax::FunctionSignature => {
                    if let Some(name) = name(self) {
                        self.declare_name(name, BindingKind::Variable, &[Space::Value]);
                    }
                }
                Syntax::ClassDeclaration | Syntax::AbstractClassDeclaration | Syntax::EnumDeclaration => {
                    if let Some(name) = name(self) {
                        self.declare_name(name, BindingKind::Variable, BOTH);
                    }
                }
                Syntax::InterfaceDeclaration | Syntax::TypeAliasDeclaration => {
                    if let Some(name) = name(self) {
                        self.declare_name(name, BindingKind::Variable, &[Space::Type]);
                    }
                }
                Syntax::InternalModule | Syntax::Module => {
                    if let Some(name) = name(self).and_then(|name| self.namespace_segments(name).first().copied()) {
                        self.declare_name(name, BindingKind::Variable, BOTH);
                    }
                }
                Syntax::ImportStatement => self.import(node),
                Syntax::ImportAlias => {
                    if let Some(name) = self.first_child(node) {
                        self.declare_name(name, BindingKind::Variable, BOTH);
                    }
                }
                Syntax::ExpressionStatement => match self.first_child(node) {
                    Some(child) if self.syntax(child) == Syntax::InternalModule => stack.push(child),
                    Some(child) => {
                        if let Some(name) = self.using_name(child) {
                            self.declare_name(name, BindingKind::Variable, &[Space::Value]);
                        }
                    }
                    None => {}
                },
                Syntax::ExportStatement | Syntax::AmbientDeclaration => {
                    // The body of `declare global { … }` is a block of its own.
                    let children = self.children(node);
                    stack.extend(children.into_iter().rev().filter(|child| self.syntax(*child) != Syntax::StatementBlock));
                }
                Syntax::Error => {
                    let children = self.children(node);
                    stack.extend(children.into_iter().rev());
                }
                _ => {}
            }
        }
    }

    /// The name in `using name = value`, which the grammar takes for an assignment, `await` included.
    pub(super) fn using_name(&mut self, expression: Node<'t>) -> Option<Node<'t>> {
        let assignment = match self.syntax(expression) {
            Syntax::AwaitExpression => self.first_child(expression)?,
            _ => expression,
        };
        if self.syntax(assignment) != Syntax::AssignmentExpression {
            return None;
        }
        let first = assignment.child(0)?;
        if self.syntax(first) != Syntax::TokenUsing {
            return None;
        }
        self.field(assignment, Field::Left).filter(|left| self.syntax(*left) == Syntax::Identifier)
    }

    fn declare_declarators(&mut self, declaration: Node<'t>) {
        for declarator in self.children(declaration) {
            if let Some(name) = self.field(declarator, Field::Name) {
                self.declare_pattern(name);
            }
        }
    }

    /// Declares the names that a pattern binds as variables of the innermost scope.
    pub(super) fn declare_pattern(&mut self, pattern: Node<'t>) {
        for name in self.pattern_names(pattern) {
            self.declare_name(name, BindingKind::Variable, &[Space::Value]);
        }
    }

    /// The names that a pattern binds, in order.
    pub(super) fn pattern_names(&mut self, pattern: Node<'t>) -> Vec<Node<'t>> {
        let mut names = Vec::new();
        let mut stack = vec![pattern];
        while let Some(node) = stack.pop() {
            match self.syntax(node) {
                Syntax::Identifier | Syntax::ShorthandPropertyPattern => names.push(node),
                Syntax::PairPattern => stack.extend(self.field(node, Field::Value)),
                Syntax::AssignmentPattern | Syntax::ObjectAssignmentPattern => stack.extend(self.field(node, Field::Left)),
                Syntax::ObjectPattern | Syntax::ArrayPattern | Syntax::RestPattern => {
                    let children = self.children(node);
                    stack.extend(children.into_iter().rev());
                }
                _ => {}
            }
        }
        names
    }
}

//! Expressions.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::function::FunctionHead;
use super::lowering::{Hint, Lowering, This};
use super::pattern::Naming;
use super::scope::Space;
use super::strings;
use super::syntax::{Field, Syntax};
use crate::program::{BinaryOp, BindingKind, FunctionKind, Kind, Literal, LogicOp, NodeId, UnaryOp};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// Lowers an expression. Chains that lean to the left are followed without recursion.
    pub(super) fn expression(&mut self, node: Node<'t>) -> NodeId {
        let hint = self.hint.take();
        if !self.descend() {
            return self.nothing(self.span(node));
        }
        let result = match self.left_operand(node) {
            None => self.operand(node, hint),
            Some(left) => self.chain(node, left),
        };
        self.ascend();
        result
    }

    /// Lowers `a.b(c).d + e …`: finds the innermost operand, then builds the links around it.
    fn chain(&mut self, node: Node<'t>, left: Node<'t>) -> NodeId {
        let mut links = vec![node];
        let mut next = Some(left);
        let mut innermost = left;
        while let Some(node) = next {
            innermost = node;
            next = self.left_operand(node);
            if next.is_some() {
                links.push(node);
            }
        }
        let depth = self.depth;
        let room = self.links_left();
        let mut value = if links.len() > room {
            self.module.truncated = true;
            links.truncate(room);
            self.nothing(self.span(innermost))
        } else {
            self.depth = depth + links.len() as u32;
            self.operand(innermost, None)
        };
        while let Some(link) = links.pop() {
            self.depth = depth + links.len() as u32;
            value = self.link(link, value);
        }
        self.depth = depth;
        value
    }

    /// The operand that a link of a chain is built around; `None` when a node is no link.
    fn left_operand(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.syntax(node) {
            Syntax::CallExpression => {
                let function = self.field(node, Field::Function)?;
                match self.syntax(function) {
                    Syntax::Import | Syntax::Super => None,
                    _ => match self.called_member(function) {
                        Some(member) => self.field(member, Field::Object),
                        None => Some(function),
                    },
                }
            }
            Syntax::MemberExpression | Syntax::SubscriptExpression => self.field(node, Field::Object),
            Syntax::BinaryExpression => self.field(node, Field::Left),
            Syntax::NonNullExpression
            | Syntax::AsExpression
            | Syntax::SatisfiesExpression
            | Syntax::InstantiationExpression
            | Syntax::ParenthesizedExpression => self.first_child(node).filter(|child| self.syntax(*child) != Syntax::Error),
            _ => None,
        }
    }

    /// The member that a call calls a method by, seen through parentheses and `!`.
    pub(super) fn called_member(&mut self, function: Node<'t>) -> Option<Node<'t>> {
        let mut callee = function;
        loop {
            match self.syntax(callee) {
                Syntax::MemberExpression => return Some(callee),
                Syntax::SubscriptExpression => {
                    let index = self.field(callee, Field::Index)?;
                    return if self.syntax(index) == Syntax::String { Some(callee) } else { None };
                }
                Syntax::NonNullExpression | Syntax::ParenthesizedExpression => callee = self.first_child(callee)?,
                _ => return None,
            }
        }
    }

    /// Builds one link of a chain around its lowered left operand.
    fn link(&mut self, node: Node<'t>, left: NodeId) -> NodeId {
        self.strays(node);
        let span = self.span(node);
        match self.syntax(node) {
            Syntax::CallExpression => self.call(node, left),
            Syntax::MemberExpression | Syntax::SubscriptExpression => self.member(node, left),
            Syntax::BinaryExpression => {
                let operator = self.field(node, Field::Operator).map_or("", |operator| self.text(operator));
                let right = match self.field(node, Field::Right) {
                    Some(right) => self.expression(right),
                    None => return left,
                };
                let kind = match logic(operator) {
                    Some(op) => Kind::Logic { op, left, right },
                    None => Kind::Binary { op: binary(operator), left, right },
                };
                self.push(span, kind)
            }
            Syntax::NonNullExpression => self.push(span, Kind::Cast { value: left, ty: None }),
            Syntax::AsExpression | Syntax::SatisfiesExpression => {
                let ty = self.children(node).into_iter().nth(1).map(|ty| self.ty(ty));
                self.push(span, Kind::Cast { value: left, ty })
            }
            // `f<T>` is `f`, and `(x)` is `x`.
            _ => left,
        }
    }

    fn member(&mut self, node: Node<'t>, object: NodeId) -> NodeId {
        let span = self.span(node);
        let optional = self.is_optional(node);
        let Some((name, name_span)) = self.member_name(node) else {
            let Some(index) = self.field(node, Field::Index) else { return object };
            let index = self.expression(index);
            return self.push(span, Kind::Index { object, index, optional });
        };
        if self.is_global_object(object) {
            return self.push(span, Kind::Global(name));
        }
        self.push(span, Kind::Member { object, name, name_span, optional })
    }

    /// The name in `object.name` or `object["name"]`.
    pub(super) fn member_name(&mut self, node: Node<'t>) -> Option<(SmolStr, Span)> {
        if let Some(property) = self.property(node) {
            return Some((self.text(property).into(), self.span(property)));
        }
        let index = self.field(node, Field::Index).filter(|index| self.syntax(*index) == Syntax::String)?;
        let span = self.span(index);
        let inside = self.inside(index);
        Some((strings::unescape(inside), Span::new(span.start + 1, span.start + 1 + inside.len() as u32)))
    }

    /// The name behind the last dot. The grammar's own field names the innermost one in `typeof a.b.c`.
    pub(super) fn property(&self, node: Node<'t>) -> Option<Node<'t>> {
        let last = node.named_child((node.named_child_count() as u32).checked_sub(1)?)?;
        match self.syntax(last) {
            Syntax::PropertyIdentifier | Syntax::PrivatePropertyIdentifier => Some(last),
            _ => self.field(node, Field::Property),
        }
    }

    /// Whether `?.` stands in a member expression or call.
    pub(super) fn is_optional(&mut self, node: Node<'t>) -> bool {
        let grammar = self.grammar;
        (0..node.child_count())
            .filter_map(|index| node.child(index))
            .any(|child| matches!(grammar.syntax(child), Syntax::OptionalChain | Syntax::TokenOptionalDot))
    }

    /// Whether a value is the global object itself, seen through casts.
    fn is_global_object(&self, mut id: NodeId) -> bool {
        while let Kind::Cast { value, .. } = self.kind(id) {
            id = *value;
        }
        matches!(self.kind(id), Kind::Free(name) if matches!(name.as_str(), "globalThis" | "global" | "window"))
    }

    /// Lowers an expression that is no chain.
    fn operand(&mut self, node: Node<'t>, hint: Option<Hint>) -> NodeId {
        self.strays(node);
        let span = self.span(node);
        match self.syntax(node) {
            Syntax::Identifier | Syntax::ShorthandProperty | Syntax::TypeIdentifier => self.name(node),
            Syntax::Undefined => match self.scopes.lookup(Space::Value, "undefined") {
                Some(binding) => self.push(span, Kind::Local(binding)),
                None => self.push(span, Kind::Literal(Literal::Nil)),
            },
            Syntax::Null => self.push(span, Kind::Literal(Literal::Nil)),
            Syntax::True => self.push(span, Kind::Literal(Literal::Bool(true))),
            Syntax::False => self.push(span, Kind::Literal(Literal::Bool(false))),
            Syntax::Number => {
                let kind = strings::number(self.text(node)).map_or(Kind::Opaque(Vec::new()), Kind::Literal);
                self.push(span, kind)
            }
            Syntax::String => {
                let value = self.string_value(node);
                self.push(span, Kind::Literal(Literal::Str(value)))
            }
            Syntax::TemplateString => self.template(node),
            Syntax::Regex => self.push(span, Kind::Literal(Literal::Regex(self.text(node).into()))),
            Syntax::This => self.push(span, Kind::This),
            Syntax::Super => self.push(span, Kind::Super),
            Syntax::Array => self.array(node),
            Syntax::Object => self.object(node),
            Syntax::ArrowFunction | Syntax::FunctionExpression | Syntax::GeneratorFunction => self.function_expression(node, hint),
            Syntax::Class => self.class_expression(node, hint),
            Syntax::CallExpression => self.special_call(node),
            Syntax::NewExpression => self.construction(node),
            Syntax::AwaitExpression => match self.first_child(node) {
                Some(value) => {
                    let value = self.expression(value);
                    // `await using x = …` declares; the wait is that of the release.
                    if matches!(self.kind(value), Kind::Assign { declares: true, .. }) {
                        return value;
                    }
                    self.push(span, Kind::Await(value))
                }
                None => self.nothing(span),
            },
            Syntax::UnaryExpression => self.unary(node),
            Syntax::UpdateExpression => match self.field(node, Field::Argument) {
                Some(argument) => {
                    let operand = self.target(argument, Naming::Assigns);
                    self.push(span, Kind::Unary { op: UnaryOp::Step, operand })
                }
                None => self.nothing(span),
            },
            Syntax::TernaryExpression => self.branches(node),
            Syntax::AssignmentExpression => self.assignment(node),
            Syntax::AugmentedAssignmentExpression => self.augmented_assignment(node),
            Syntax::SequenceExpression => {
                let members = self.expressions_in(node);
                self.push(span, Kind::Block(members))
            }
            Syntax::TypeAssertion => {
                let children = self.children(node);
                let [types, value] = children[..] else { return self.opaque(node) };
                let ty = self.types_in(types).into_iter().next();
                let value = self.expression(value);
                self.push(span, Kind::Cast { value, ty })
            }
            Syntax::SpreadElement => match self.first_child(node) {
                Some(value) => {
                    let value = self.expression(value);
                    self.push(span, Kind::Spread(value))
                }
                None => self.nothing(span),
            },
            Syntax::JsxElement | Syntax::JsxSelfClosingElement => self.jsx(node),
            Syntax::ArrayPattern | Syntax::ObjectPattern => self.target(node, Naming::Assigns),
            _ => self.opaque(node),
        }
    }

    /// Lowers a name that is read.
    pub(super) fn name(&mut self, node: Node<'t>) -> NodeId {
        let name = self.text(node);
        let kind = match self.scopes.lookup(Space::Value, name) {
            Some(binding) => Kind::Local(binding),
            None => Kind::Free(name.into()),
        };
        self.push(self.span(node), kind)
    }

    /// Lowers all children that are expressions, in order.
    pub(super) fn expressions_in(&mut self, node: Node<'t>) -> Vec<NodeId> {
        let mut members = Vec::new();
        for child in self.children(node) {
            if self.syntax(child) != Syntax::Error {
                members.push(self.expression(child));
            }
        }
        members
    }

    fn function_expression(&mut self, node: Node<'t>, hint: Option<Hint>) -> NodeId {
        let is_arrow = self.syntax(node) == Syntax::ArrowFunction;
        let own_name = self.field(node, Field::Name);
        let (name, class) = match (own_name, hint) {
            (Some(name), hint) => (Some((self.text(name).into(), self.span(name))), hint.and_then(|hint| hint.class)),
            (None, Some(hint)) => (Some((hint.name, hint.span)), hint.class),
            (None, None) => (None, None),
        };
        let (kind, this) =
            if is_arrow { (FunctionKind::Arrow, self.this) } else { (FunctionKind::Function, This { class, is_static: false }) };
        let head = FunctionHead { kind, name, this, decorators: Vec::new() };
        let Some(own_name) = own_name else { return self.nested_function(node, head) };
        // The name of a function expression is seen only inside it.
        self.scopes.enter();
        let binding = self.declare_name(own_name, BindingKind::Variable, &[Space::Value]);
        let id = self.function(node, head);
        self.scopes.leave();
        self.binding_mut(binding).kind = BindingKind::Function(id);
        self.push(self.span(node), Kind::Closure(id))
    }

    /// Lowers a function as a value.
    pub(super) fn nested_function(&mut self, node: Node<'t>, head: FunctionHead) -> NodeId {
        let id = self.function(node, head);
        self.push(self.span(node), Kind::Closure(id))
    }

    fn unary(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let Some(argument) = self.field(node, Field::Argument) else { return self.opaque(node) };
        let operator = self.field(node, Field::Operator).map_or("", |operator| self.text(operator));
        let operand = self.expression(argument);
        let op = match operator {
            "!" => UnaryOp::Not,
            "-" => UnaryOp::Negate,
            "typeof" => UnaryOp::TypeOf,
            "void" => UnaryOp::Void,
            _ => UnaryOp::Other,
        };
        // `-1` is a literal to every reader.
        let negated = match (op, self.kind(operand)) {
            (UnaryOp::Negate, Kind::Literal(Literal::Int(value))) => Some(Literal::Int(-value)),
            (UnaryOp::Negate, Kind::Literal(Literal::Float(value))) => Some(Literal::Float(-value)),
            _ => None,
        };
        self.push(span, negated.map_or(Kind::Unary { op, operand }, Kind::Literal))
    }

    /// `c ? a : b`, `if`: an `else if` chain is followed without recursion.
    pub(super) fn branches(&mut self, node: Node<'t>) -> NodeId {
        let depth = self.depth;
        let is_statement = self.syntax(node) == Syntax::IfStatement;
        let syntax = self.syntax(node);
        let mut arms: Vec<(Span, NodeId, NodeId)> = Vec::new();
        let mut otherwise = None;
        let mut next = Some(node);
        while let Some(branch) = next.take() {
            if self.links_left() == 0 {
                self.module.truncated = true;
                otherwise = Some(self.nothing(self.span(branch)));
                break;
            }
            // Those of the first were taken when it was met.
            if !arms.is_empty() {
                self.strays(branch);
            }
            let span = self.span(branch);
            let condition = self.optional_expression(branch, Field::Condition);
            let then = self.arm(branch, Field::Consequence, is_statement);
            arms.push((span, condition, then));
            self.depth += 1;
            let alternative = self.field(branch, Field::Alternative).and_then(|alternative| match self.syntax(alternative) {
                Syntax::ElseClause => self.first_child(alternative),
                _ => Some(alternative),
            });
            match alternative {
                Some(alternative) if self.syntax(alternative) == syntax => next = Some(alternative),
                Some(alternative) if is_statement => otherwise = Some(self.body(alternative)),
                Some(alternative) => otherwise = Some(self.expression(alternative)),
                None => {}
            }
        }
        self.depth = depth;
        for (span, condition, then) in arms.into_iter().rev() {
            otherwise = Some(self.push(span, Kind::Branch { condition, then, otherwise }));
        }
        otherwise.unwrap_or_else(|| self.nothing(self.span(node)))
    }

    fn arm(&mut self, node: Node<'t>, field: Field, is_statement: bool) -> NodeId {
        match self.field(node, field) {
            Some(arm) if is_statement => self.body(arm),
            Some(arm) => self.expression(arm),
            None => self.nothing(self.span(node)),
        }
    }

    /// The expression in a field, or nothing.
    pub(super) fn optional_expression(&mut self, node: Node<'t>, field: Field) -> NodeId {
        match self.field(node, field) {
            Some(value) => self.expression(value),
            None => self.nothing(self.span(node)),
        }
    }

    /// Keeps what is evaluated inside a node that has no meaning here.
    pub(super) fn opaque(&mut self, node: Node<'t>) -> NodeId {
        let mut values = Vec::new();
        for child in self.children(node) {
            self.loose(child, &mut values);
        }
        self.push(self.span(node), Kind::Opaque(values))
    }
}

fn logic(operator: &str) -> Option<LogicOp> {
    match operator {
        "??" => Some(LogicOp::OrNil),
        "||" => Some(LogicOp::Or),
        "&&" => Some(LogicOp::And),
        _ => None,
    }
}

fn binary(operator: &str) -> BinaryOp {
    match operator {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "*" => BinaryOp::Multiply,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Remainder,
        "**" => BinaryOp::Power,
        "==" | "===" => BinaryOp::Equal,
        "!=" | "!==" => BinaryOp::NotEqual,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEqual,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEqual,
        "<<" => BinaryOp::ShiftLeft,
        _ => BinaryOp::Other,
    }
}

//! Expressions.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::function::FunctionHead;
use super::lowering::{Hint, Lowering, This};
use super::pattern::Naming;
use super::scope::Space;
use super::strings;
use super::syntax::{Field, Syntax};
use crate::program::{AssignOp, BinaryOp, BindingKind, Entry, EntryKey, FunctionKind, Kind, Literal, LogicOp, NodeId, Part, UnaryOp};
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
            let cut = links.len() - room;
            links.truncate(room);
            let _ = cut;
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
        if let Some(property) = self.field(node, Field::Property) {
            return Some((self.text(property).into(), self.span(property)));
        }
        let index = self.field(node, Field::Index).filter(|index| self.syntax(*index) == Syntax::String)?;
        let span = self.span(index);
        let inside = self.inside(index);
        Some((strings::unescape(inside), Span::new(span.start + 1, span.start + 1 + inside.len() as u32)))
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

    fn template(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let mut parts = Vec::new();
        let mut start = node.start_byte() + 1;
        for child in self.children(node) {
            if self.syntax(child) != Syntax::TemplateSubstitution {
                continue;
            }
            self.template_text(start, child.start_byte(), &mut parts);
            start = child.end_byte();
            if let Some(hole) = self.first_child(child) {
                let hole = self.expression(hole);
                parts.push(Part::Hole(hole));
            }
        }
        let end = if self.text(node).ends_with('`') { node.end_byte() - 1 } else { node.end_byte() };
        self.template_text(start, end, &mut parts);
        match parts.as_slice() {
            [] => self.push(span, Kind::Literal(Literal::Str(SmolStr::default()))),
            [Part::Text(text)] => {
                let text = text.clone();
                self.push(span, Kind::Literal(Literal::Str(text)))
            }
            _ => self.push(span, Kind::Template(parts)),
        }
    }

    fn template_text(&mut self, start: usize, end: usize, parts: &mut Vec<Part>) {
        let text = strings::unescape(self.slice(start, end));
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
    }

    fn array(&mut self, node: Node<'t>) -> NodeId {
        let mut members = Vec::new();
        let mut filled = false;
        for child in self.tokens(node) {
            if self.syntax(child) == Syntax::TokenComma {
                // `[, a]`: a hole reads as nil and keeps its index.
                if !filled {
                    members.push(self.push(Span::new(child.start_byte() as u32, child.start_byte() as u32), Kind::Literal(Literal::Nil)));
                }
                filled = false;
            } else if child.is_named() && self.syntax(child) != Syntax::Error {
                members.push(self.expression(child));
                filled = true;
            }
        }
        self.push(self.span(node), Kind::Array(members))
    }

    fn object(&mut self, node: Node<'t>) -> NodeId {
        let mut entries = Vec::new();
        for child in self.children(node) {
            entries.extend(self.entry(child));
        }
        self.push(self.span(node), Kind::Object(entries))
    }

    fn entry(&mut self, node: Node<'t>) -> Option<Entry> {
        let span = self.span(node);
        match self.syntax(node) {
            Syntax::Pair => {
                self.strays(node);
                let key_node = self.field(node, Field::Key)?;
                let value = self.field(node, Field::Value)?;
                let key = self.property_key(key_node);
                if let EntryKey::Name(name) = &key {
                    self.hint = Some(Hint { name: name.clone(), span: self.span(key_node), class: None });
                }
                let value = self.expression(value);
                Some(Entry { key, value, span })
            }
            Syntax::ShorthandProperty => {
                let value = self.name(node);
                Some(Entry { key: EntryKey::Name(self.text(node).into()), value, span })
            }
            Syntax::SpreadElement => {
                let value = self.first_child(node)?;
                let value = self.expression(value);
                Some(Entry { key: EntryKey::Spread, value, span })
            }
            Syntax::MethodDefinition => {
                let name = self.field(node, Field::Name)?;
                let key = self.property_key(name);
                let kind = match self.accessor(node) {
                    Some(Syntax::TokenGet) => FunctionKind::Getter,
                    Some(Syntax::TokenSet) => FunctionKind::Setter,
                    _ => FunctionKind::Method,
                };
                let name = key.name().map(|text| (text.clone(), self.span(name)));
                let head = FunctionHead { kind, name, this: This::default(), decorators: Vec::new() };
                let value = self.nested_function(node, head);
                Some(Entry { key, value, span })
            }
            _ => None,
        }
    }

    /// `get` or `set` in front of a method's name.
    pub(super) fn accessor(&mut self, node: Node<'t>) -> Option<Syntax> {
        let tokens = self.tokens(node);
        tokens.into_iter().map(|token| self.grammar.syntax(token)).find(|token| matches!(token, Syntax::TokenGet | Syntax::TokenSet))
    }

    /// The key of a property, member or pattern.
    pub(super) fn property_key(&mut self, node: Node<'t>) -> EntryKey {
        match self.syntax(node) {
            Syntax::String => EntryKey::Name(self.string_value(node)),
            Syntax::Number => match strings::number(self.text(node)) {
                Some(Literal::Int(value)) => EntryKey::Name(value.to_string().into()),
                _ => EntryKey::Name(self.text(node).into()),
            },
            Syntax::ComputedPropertyName => match self.first_child(node) {
                Some(value) => {
                    let value = self.expression(value);
                    match self.kind(value) {
                        Kind::Literal(Literal::Str(name)) => EntryKey::Name(name.clone()),
                        _ => EntryKey::Computed(value),
                    }
                }
                None => EntryKey::Name(self.text(node).into()),
            },
            _ => EntryKey::Name(self.text(node).into()),
        }
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

    fn nested_function(&mut self, node: Node<'t>, head: FunctionHead) -> NodeId {
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

    fn assignment(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let (Some(left), Some(right)) = (self.field(node, Field::Left), self.field(node, Field::Right)) else {
            return self.opaque(node);
        };
        let declares = self.using_name(node).is_some();
        let target = self.target(left, if declares { Naming::Declared } else { Naming::Assigns });
        self.hint = self.assigned_name(target);
        let value = self.expression(right);
        let export = self.commonjs_export(target);
        self.prototype_object(target, value);
        self.note_function(target, value);
        let id = self.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares });
        if let Some(name) = export {
            self.export_value(name, value);
        }
        id
    }

    fn augmented_assignment(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let (Some(left), Some(right)) = (self.field(node, Field::Left), self.field(node, Field::Right)) else {
            return self.opaque(node);
        };
        let op = match self.field(node, Field::Operator).map_or("", |operator| self.text(operator)) {
            "??=" => AssignOp::OrNil,
            "||=" => AssignOp::Or,
            "&&=" => AssignOp::And,
            _ => AssignOp::Combine,
        };
        let target = self.target(left, Naming::Assigns);
        self.hint = self.assigned_name(target);
        let value = self.expression(right);
        self.push(span, Kind::Assign { target, value, op, declares: false })
    }

    /// What a function assigned to a target is called.
    pub(super) fn assigned_name(&mut self, target: NodeId) -> Option<Hint> {
        let span = self.span_of(target);
        match self.kind(target) {
            Kind::Local(binding) => {
                let name = self.module.bindings[binding.0 as usize].name.clone();
                Some(Hint { name, span, class: None })
            }
            Kind::Free(name) | Kind::Global(name) => Some(Hint { name: name.clone(), span, class: None }),
            Kind::Member { object, name, name_span, .. } => {
                let (object, name, span) = (*object, name.clone(), *name_span);
                let class = self.prototype_owner(object);
                Some(Hint { name, span, class })
            }
            _ => None,
        }
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
            if arms.is_empty() || is_statement {
                // The first ternary's strays were taken when it was met.
                if !arms.is_empty() {
                    self.strays(branch);
                }
            } else {
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

    /// JSX is a value that nobody here reads; what it evaluates is kept.
    fn jsx(&mut self, node: Node<'t>) -> NodeId {
        let mut values = Vec::new();
        let opening = self.field(node, Field::OpenTag).unwrap_or(node);
        if let Some(name) = self.field(opening, Field::Name) {
            // A small letter is an element of the page, not a name of the program.
            let is_component = self.syntax(name) == Syntax::MemberExpression
                || (self.syntax(name) == Syntax::Identifier && !self.text(name).starts_with(|char: char| char.is_ascii_lowercase()));
            if is_component {
                values.push(self.expression(name));
            }
        }
        let mut children = self.children(opening);
        if opening.id() != node.id() {
            self.strays(opening);
            children.extend(self.children(node));
        }
        for child in children {
            let value = match self.syntax(child) {
                Syntax::JsxAttribute => self.children(child).into_iter().nth(1),
                Syntax::JsxExpression | Syntax::JsxElement | Syntax::JsxSelfClosingElement => Some(child),
                _ => None,
            };
            let value = match value {
                Some(value) if self.syntax(value) == Syntax::JsxExpression => {
                    self.strays(value);
                    self.first_child(value)
                }
                Some(value) if self.syntax(value) == Syntax::String => None,
                value => value,
            };
            if let Some(value) = value.filter(|value| self.syntax(*value) != Syntax::Error) {
                values.push(self.expression(value));
            }
        }
        self.push(self.span(node), Kind::Opaque(values))
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

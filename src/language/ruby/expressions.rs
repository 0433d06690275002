//! Expressions: the dispatch on the kind of a syntax node, names, operators, collections and assignments.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::context::{Lowering, MAX_LINKS, Naming, span_of};
use super::syntax::{Field, Syntax};
use crate::program::{AssignOp, BinaryOp, Entry, EntryKey, ExitKind, Kind, Literal, LogicOp, NodeId, UnaryOp};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// Lowers a statement or expression.
    pub(super) fn node(&mut self, node: Node<'t>) -> NodeId {
        self.deeper(node, |lowering| match Syntax::of(node) {
            Syntax::Call | Syntax::ElementReference | Syntax::Binary => lowering.chain(node),
            _ => lowering.plain(node),
        })
    }

    /// Lowers `a.b[c] + d …` from its innermost left end outwards, in a loop, because such chains are as deep as they are long.
    fn chain(&mut self, node: Node<'t>) -> NodeId {
        let mut links = Vec::new();
        let mut next = Some(node);
        let mut head = None;
        while let Some(link) = next {
            let field = match Syntax::of(link) {
                Syntax::Call => Field::Receiver,
                Syntax::ElementReference => Field::Object,
                Syntax::Binary => Field::Left,
                _ => {
                    head = Some(self.node(link));
                    break;
                }
            };
            if links.len() >= MAX_LINKS {
                head = Some(self.cut(link));
                break;
            }
            let children = self.children(link);
            next = children.field(field);
            links.push((link, children));
        }
        while let Some((link, children)) = links.pop() {
            head = Some(match Syntax::of(link) {
                Syntax::Call => self.call(link, &children, head),
                Syntax::ElementReference => self.element(link, &children, head),
                _ => self.binary(link, &children, head),
            });
        }
        head.unwrap_or_else(|| self.cut(node))
    }

    fn plain(&mut self, node: Node<'t>) -> NodeId {
        match Syntax::of(node) {
            Syntax::Identifier => self.identifier(node),
            Syntax::Constant | Syntax::ScopeResolution => self.constant(node),
            Syntax::InstanceVariable | Syntax::ClassVariable | Syntax::GlobalVariable => self.variable(node),
            Syntax::SelfObject => self.push_at(node, Kind::This),
            Syntax::Super => self.super_call(node, None, None),
            Syntax::Nil => self.push_at(node, Kind::Literal(Literal::Nil)),
            Syntax::True => self.push_at(node, Kind::Literal(Literal::Bool(true))),
            Syntax::False => self.push_at(node, Kind::Literal(Literal::Bool(false))),
            Syntax::Integer => self.integer(node),
            Syntax::Float => self.float(node),
            Syntax::String | Syntax::BareString => self.string(node),
            Syntax::ChainedString => self.chained_string(node),
            Syntax::Character => self.character(node),
            Syntax::SimpleSymbol => {
                let name = SmolStr::new(self.slice(node).trim_start_matches(':'));
                self.push_at(node, Kind::Literal(Literal::Symbol(name)))
            }
            Syntax::HashKeySymbol => {
                let name = SmolStr::new(self.slice(node));
                self.push_at(node, Kind::Literal(Literal::Symbol(name)))
            }
            Syntax::DelimitedSymbol | Syntax::BareSymbol => self.delimited_symbol(node),
            Syntax::Regex | Syntax::Subshell => self.regex(node),
            Syntax::HeredocBeginning => self.heredoc(node),
            Syntax::Array | Syntax::StringArray | Syntax::SymbolArray | Syntax::RightAssignmentList => {
                let children = self.children(node);
                let members = self.members(&children);
                self.push_at(node, Kind::Array(members))
            }
            Syntax::Hash => {
                let children = self.children(node);
                let entries = children.named().filter_map(|child| self.entry(child.node, child.syntax)).collect();
                self.push_at(node, Kind::Object(entries))
            }
            Syntax::SplatArgument | Syntax::HashSplatArgument => self.splat(node),
            Syntax::Unary => self.unary(node),
            Syntax::Conditional => self.conditional(node),
            Syntax::Assignment => self.assignment(node),
            Syntax::OperatorAssignment => self.operator_assignment(node),
            Syntax::MatchPattern | Syntax::TestPattern => self.pattern_match(node),
            Syntax::ParenthesizedStatements => self.parenthesized(node),
            Syntax::Begin | Syntax::BeginBlock | Syntax::EndBlock | Syntax::Interpolation | Syntax::Program => self.statements(node),
            Syntax::BodyStatement | Syntax::BlockBody | Syntax::Then | Syntax::Else | Syntax::Do | Syntax::Ensure => self.statements(node),
            Syntax::If | Syntax::Elsif => self.branch(node, false),
            Syntax::Unless => self.branch(node, true),
            Syntax::IfModifier => self.branch_modifier(node, false),
            Syntax::UnlessModifier => self.branch_modifier(node, true),
            Syntax::While | Syntax::WhileModifier => self.while_loop(node, false),
            Syntax::Until | Syntax::UntilModifier => self.while_loop(node, true),
            Syntax::For => self.for_loop(node),
            Syntax::Case => self.case(node),
            Syntax::CaseMatch => self.case_match(node),
            Syntax::RescueModifier => self.rescue_modifier(node),
            Syntax::Return => self.exit(node, ExitKind::Return),
            Syntax::Break => self.exit(node, ExitKind::Break),
            Syntax::Next | Syntax::Redo | Syntax::Retry => self.exit(node, ExitKind::Next),
            Syntax::Yield => self.yield_call(node),
            Syntax::Lambda => self.lambda(node),
            Syntax::Method | Syntax::SingletonMethod => self.method(node),
            Syntax::Class | Syntax::Module => self.class(node),
            Syntax::SingletonClass => self.singleton_class(node),
            Syntax::Alias => self.alias(node),
            Syntax::Undef | Syntax::File | Syntax::Line | Syntax::EmptyStatement | Syntax::Uninterpreted => {
                self.opaque(span_of(node), Vec::new())
            }
            Syntax::Error => self.error(node),
            _ => self.unknown(node),
        }
    }

    /// Anything without meaning here, its children kept.
    fn unknown(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let inner = children.named().map(|child| self.node(child.node)).collect();
        self.opaque(span_of(node), inner)
    }

    /// What the parser could not follow. A bare word in it may be anything, so only what has a structure is kept.
    fn error(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let whole = children.named().filter(|child| child.node.named_child_count() > 0);
        let inner = whole.map(|child| self.node(child.node)).collect();
        self.opaque(span_of(node), inner)
    }

    fn identifier(&mut self, node: Node<'t>) -> NodeId {
        let name = self.slice(node);
        let span = span_of(node);
        if node.is_missing() {
            return self.opaque(span, Vec::new());
        }
        if let Some(binding) = self.scopes.implicit_param(&mut self.module, name, span) {
            return self.push(span, Kind::Local(binding));
        }
        if let Some(binding) = self.scopes.resolve(name) {
            return self.push(span, Kind::Local(binding));
        }
        match name {
            "__method__" => {
                let name = self.context.method.and_then(|method| self.module.function(method).name.clone());
                match name {
                    Some(name) => self.push(span, Kind::Literal(Literal::Symbol(name))),
                    None => self.opaque(span, Vec::new()),
                }
            }
            "__FILE__" | "__LINE__" | "__ENCODING__" => self.opaque(span, Vec::new()),
            _ => self.bare_call(node),
        }
    }

    fn constant(&mut self, node: Node<'t>) -> NodeId {
        match self.constant_path(node) {
            Ok((path, absolute)) => {
                let nesting = self.context.nesting;
                self.push_at(node, Kind::Constant { path, absolute, nesting })
            }
            Err(head) => {
                let head = self.node(head);
                self.opaque(span_of(node), vec![head])
            }
        }
    }

    /// The segments of `A::B::C` and whether it began with `::`, or what it begins with when that is no constant.
    pub(super) fn constant_path(&mut self, node: Node<'t>) -> Result<(Vec<SmolStr>, bool), Node<'t>> {
        let mut path = Vec::new();
        let mut next = node;
        let absolute = loop {
            match Syntax::of(next) {
                Syntax::Constant => {
                    path.push(SmolStr::new(self.slice(next)));
                    break false;
                }
                Syntax::ScopeResolution => {
                    let children = self.children(next);
                    path.push(children.field(Field::Name).map(|name| SmolStr::new(self.slice(name))).unwrap_or_default());
                    match children.field(Field::Scope) {
                        Some(scope) => next = scope,
                        None => break true,
                    }
                }
                _ => return Err(next),
            }
        };
        path.reverse();
        Ok((path, absolute))
    }

    /// `@x`, `@@x` and `$x`.
    pub(super) fn variable(&mut self, node: Node<'t>) -> NodeId {
        let text = self.slice(node);
        let span = span_of(node);
        if Syntax::of(node) == Syntax::GlobalVariable {
            return self.push(span, Kind::Global(SmolStr::new(text)));
        }
        let name = if text.starts_with("@@") { text } else { text.trim_start_matches('@') };
        self.field_of_self(span, name)
    }

    /// The field `name` of `self`.
    pub(super) fn field_of_self(&mut self, span: Span, name: &str) -> NodeId {
        let object = self.push(span, Kind::This);
        self.push(span, Kind::Member { object, name: SmolStr::new(name), name_span: span, optional: false })
    }

    /// The members of an array or list; pairs without braces make one hash.
    pub(super) fn members(&mut self, children: &super::context::Children<'t>) -> Vec<NodeId> {
        let mut members = Vec::with_capacity(children.0.len());
        let mut entries: Vec<Entry> = Vec::new();
        for child in children.named() {
            match child.syntax {
                Syntax::Pair | Syntax::HashSplatArgument => entries.extend(self.entry(child.node, child.syntax)),
                _ => members.push(self.node(child.node)),
            }
        }
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            let span = first.span.to(last.span);
            members.push(self.push(span, Kind::Object(entries)));
        }
        members
    }

    /// A member of a hash.
    pub(super) fn entry(&mut self, node: Node<'t>, syntax: Syntax) -> Option<Entry> {
        let span = span_of(node);
        match syntax {
            Syntax::Pair => {
                let (key, value) = self.pair(node);
                Some(Entry { key, value, span })
            }
            Syntax::HashSplatArgument => {
                let value = self.splat_value(node);
                Some(Entry { key: EntryKey::Spread, value, span })
            }
            _ => {
                let value = self.node(node);
                Some(Entry { key: EntryKey::Spread, value, span })
            }
        }
    }

    /// Key and value of a pair; `x:` alone means the variable or method `x`.
    pub(super) fn pair(&mut self, node: Node<'t>) -> (EntryKey, NodeId) {
        let children = self.children(node);
        let value_node = children.field(Field::Value);
        let key_node = children.field(Field::Key);
        let Some(key_node) = key_node else {
            let value = self.required(value_node, node);
            return (EntryKey::Spread, value);
        };
        let colon = self.text.as_bytes().get(key_node.end_byte()) == Some(&b':');
        let key = match Syntax::of(key_node) {
            Syntax::HashKeySymbol => EntryKey::Symbol(SmolStr::new(self.slice(key_node))),
            _ => {
                let key = self.node(key_node);
                match self.module.kind(key) {
                    Kind::Literal(Literal::Str(name)) if colon => EntryKey::Symbol(name.clone()),
                    Kind::Literal(Literal::Str(name)) => EntryKey::Name(name.clone()),
                    Kind::Literal(Literal::Symbol(name)) => EntryKey::Symbol(name.clone()),
                    _ => EntryKey::Computed(key),
                }
            }
        };
        let value = match value_node {
            Some(value) => self.node(value),
            None if self.slice(key_node).starts_with(char::is_uppercase) => {
                let path = vec![SmolStr::new(self.slice(key_node))];
                let nesting = self.context.nesting;
                self.push_at(key_node, Kind::Constant { path, absolute: false, nesting })
            }
            None => self.identifier(key_node),
        };
        (key, value)
    }

    /// `*x` or `**x` in a collection.
    fn splat(&mut self, node: Node<'t>) -> NodeId {
        let value = self.splat_value(node);
        self.push_at(node, Kind::Spread(value))
    }

    /// What `*x`, `**x` or `&x` passes on; without a name, the anonymous parameter of the method.
    pub(super) fn splat_value(&mut self, node: Node<'t>) -> NodeId {
        match self.children(node).named().next() {
            Some(inner) => self.node(inner.node),
            None => self.anonymous(span_of(node), self.slice(node)),
        }
    }

    /// The anonymous parameter `*`, `**` or `&`.
    pub(super) fn anonymous(&mut self, span: Span, sign: &str) -> NodeId {
        match self.scopes.resolve(sign) {
            Some(binding) => self.push(span, Kind::Local(binding)),
            None => self.opaque(span, Vec::new()),
        }
    }

    fn unary(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let operator = children.field(Field::Operator).map_or("", |operator| self.slice(operator));
        let operand = self.required(children.field(Field::Operand), node);
        let op = match (operator, self.module.kind(operand)) {
            ("-", Kind::Literal(Literal::Int(value))) => {
                let value = value.wrapping_neg();
                return self.push_at(node, Kind::Literal(Literal::Int(value)));
            }
            ("-", Kind::Literal(Literal::Float(value))) => {
                let value = -value;
                return self.push_at(node, Kind::Literal(Literal::Float(value)));
            }
            ("-", _) => UnaryOp::Negate,
            ("!" | "not", _) => UnaryOp::Not,
            _ => UnaryOp::Other,
        };
        self.push_at(node, Kind::Unary { op, operand })
    }

    fn binary(&mut self, node: Node<'t>, children: &super::context::Children<'t>, left: Option<NodeId>) -> NodeId {
        let left = left.unwrap_or_else(|| self.opaque(span_of(node), Vec::new()));
        let operator = children.field(Field::Operator).map_or("", |operator| self.slice(operator));
        let right_node = children.field(Field::Right);
        if operator == "=~" {
            self.declare_captures(left);
        }
        let right = self.required(right_node, node);
        let op = match operator {
            "&&" | "and" => return self.push_at(node, Kind::Logic { op: LogicOp::And, left, right }),
            "||" | "or" => return self.push_at(node, Kind::Logic { op: LogicOp::Or, left, right }),
            "%" => {
                if let Some(template) = self.percent(span_of(node), left, right) {
                    return template;
                }
                BinaryOp::Remainder
            }
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Subtract,
            "*" => BinaryOp::Multiply,
            "/" => BinaryOp::Divide,
            "**" => BinaryOp::Power,
            "==" | "===" => BinaryOp::Equal,
            "!=" => BinaryOp::NotEqual,
            "<" => BinaryOp::Less,
            "<=" => BinaryOp::LessEqual,
            ">" => BinaryOp::Greater,
            ">=" => BinaryOp::GreaterEqual,
            "<<" => BinaryOp::ShiftLeft,
            _ => BinaryOp::Other,
        };
        self.push_at(node, Kind::Binary { op, left, right })
    }

    /// `object[index]`; several indexes are one array.
    fn element(&mut self, node: Node<'t>, children: &super::context::Children<'t>, object: Option<NodeId>) -> NodeId {
        let object = object.unwrap_or_else(|| self.opaque(span_of(node), Vec::new()));
        let rest = children.0.iter().copied().filter(|child| !matches!(child.field, Field::Object | Field::Block));
        let rest = super::context::Children(rest.collect());
        let mut members = self.members(&rest);
        let index = match (members.len(), members.first().map(|first| self.module.kind(*first))) {
            (1, Some(kind)) if !matches!(kind, Kind::Spread(_)) => members.remove(0),
            _ => self.push_at(node, Kind::Array(members)),
        };
        self.push_at(node, Kind::Index { object, index, optional: false })
    }

    fn parenthesized(&mut self, node: Node<'t>) -> NodeId {
        let mut inner = self.children(node);
        inner.0.retain(|child| child.syntax != Syntax::EmptyStatement);
        match inner.0.as_slice() {
            [] => self.push_at(node, Kind::Literal(Literal::Nil)),
            [only] => self.node(only.node),
            _ => self.statements(node),
        }
    }

    fn assignment(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let (Some(left), Some(right)) = (children.field(Field::Left), children.field(Field::Right)) else {
            return self.unknown(node);
        };
        // The variable exists from here on, its own value included, as in Ruby.
        let target = self.target(left);
        if matches!(Syntax::of(left), Syntax::Constant | Syntax::ScopeResolution)
            && let Ok((path, _)) = self.constant_path(left)
        {
            self.naming = Some(Naming { value: right.id(), path, span: span_of(left) });
        }
        let value = match Syntax::of(right) {
            Syntax::SplatArgument => {
                let member = self.node(right);
                self.push_at(right, Kind::Array(vec![member]))
            }
            _ => self.node(right),
        };
        self.naming = None;
        self.name_closure(target.node, value);
        self.push_at(node, Kind::Assign { target: target.node, value, op: AssignOp::Plain, declares: target.declares })
    }

    fn operator_assignment(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let (Some(left), Some(right)) = (children.field(Field::Left), children.field(Field::Right)) else {
            return self.unknown(node);
        };
        let target = self.target(left);
        let value = self.node(right);
        let op = match children.field(Field::Operator).map_or("", |operator| self.slice(operator)) {
            "||=" => AssignOp::Or,
            "&&=" => AssignOp::And,
            _ => AssignOp::Combine,
        };
        self.push_at(node, Kind::Assign { target: target.node, value, op, declares: target.declares })
    }

    /// Gives a closure the name of what it is assigned to.
    fn name_closure(&mut self, target: NodeId, value: NodeId) {
        let Kind::Closure(function) = *self.module.kind(value) else { return };
        let name = match self.module.kind(target) {
            Kind::Local(binding) => self.module.binding(*binding).name.clone(),
            Kind::Member { name, .. } | Kind::Global(name) => name.clone(),
            Kind::Constant { path, .. } => path.last().cloned().unwrap_or_default(),
            _ => return,
        };
        self.module.functions[function.0 as usize].name.get_or_insert(name);
    }
}

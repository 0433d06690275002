//! Calls and constructions.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::lowering::Lowering;
use super::runs;
use super::syntax::{Field, Syntax};
use crate::program::{Argument, ArgumentKind, BindingKind, Call, CallForm, Kind, Literal, LogicOp, NodeId, Runs, Target, Type};
use crate::source::Span;

/// How many expressions are looked at for what `require` is given.
const SPECIFIERS: usize = 8;

impl<'t> Lowering<'t> {
    /// Builds a call around its lowered receiver (of a method) or callee.
    pub(super) fn call(&mut self, node: Node<'t>, left: NodeId) -> NodeId {
        let span = self.span(node);
        let Some(function) = self.field(node, Field::Function) else { return left };
        let type_args = self.type_arguments(node);
        let mut optional = self.is_optional(node);
        let member = self.called_member(function).and_then(|member| Some((member, self.member_name(member)?)));
        let Some((member, (name, name_span))) = member else {
            let (args, args_span) = self.arguments(node);
            if let Some(required) = self.required(span, left, &args) {
                return required;
            }
            if let (Syntax::AwaitExpression, Kind::Await(awaited)) = (self.syntax(function), self.kind(left)) {
                let awaited = *awaited;
                return self.awaited_call(span, awaited, optional, type_args, args, args_span);
            }
            let runs = match self.kind(left) {
                Kind::Closure(_) => Runs::Once,
                Kind::Free(name) => runs::of_free_function(name),
                _ => Runs::Unknown,
            };
            let name_span = self.callee_span(left);
            return self.push_call(
                span,
                Call {
                    target: Target::Function(left),
                    name_span,
                    args,
                    block: None,
                    form: CallForm::Call,
                    optional,
                    runs,
                    type_args,
                    args_span,
                },
            );
        };
        self.strays(member);
        optional |= self.is_optional(member);
        let (args, args_span) = self.arguments(node);
        let runs = match self.kind(left) {
            Kind::Free(object) if object == "Promise" => runs::of_promise(&name),
            Kind::Closure(_) if name == "call" || name == "apply" => Runs::Once,
            _ => runs::of_method(&name),
        };
        self.inherits(left, &name, &args);
        let (left, name, name_span, args, runs) = match self.applied(left, &name, &args) {
            Some((object, method, at, args)) => (object, method.clone(), at, args, runs::of_method(&method)),
            None => (left, name, name_span, args, runs),
        };
        self.push_call(
            span,
            Call {
                target: Target::Method { receiver: left, name },
                name_span,
                args,
                block: None,
                form: CallForm::Call,
                optional,
                runs,
                type_args,
                args_span,
            },
        )
    }

    /// The grammar reads `await f<T>(x)` as a call of `await f`; what is meant is to await the call.
    fn awaited_call(
        &mut self,
        span: Span,
        callee: NodeId,
        optional: bool,
        type_args: Vec<Type>,
        args: Vec<Argument>,
        args_span: Span,
    ) -> NodeId {
        let call_span = Span::new(self.module.nodes[callee.0 as usize].span.start, span.end);
        let (target, name_span, optional, runs) = match self.kind(callee) {
            Kind::Member { object, name, name_span, optional: through } => {
                (Target::Method { receiver: *object, name: name.clone() }, *name_span, optional || *through, runs::of_method(name))
            }
            _ => (Target::Function(callee), self.callee_span(callee), optional, Runs::Unknown),
        };
        let call = self.push_call(
            call_span,
            Call { target, name_span, args, block: None, form: CallForm::Call, optional, runs, type_args, args_span },
        );
        self.push(span, Kind::Await(call))
    }

    /// `super(…)`, `import(…)`, and what is left of a call in broken code.
    pub(super) fn special_call(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let Some(function) = self.field(node, Field::Function) else { return self.opaque(node) };
        let (args, args_span) = self.arguments(node);
        if self.syntax(function) == Syntax::Import {
            let specifier = args.first().and_then(|argument| match self.kind(argument.value) {
                Kind::Literal(Literal::Str(specifier)) => Some(specifier.clone()),
                _ => None,
            });
            let kind = match specifier {
                Some(specifier) => Kind::Require { specifier, dynamic: true },
                None => Kind::Opaque(args.into_iter().map(|argument| argument.value).collect()),
            };
            return self.push(span, kind);
        }
        let name_span = self.span(function);
        self.push_call(
            span,
            Call {
                target: Target::Super,
                name_span,
                args,
                block: None,
                form: CallForm::Call,
                optional: false,
                runs: Runs::Unknown,
                type_args: Vec::new(),
                args_span,
            },
        )
    }

    /// `new F(…)`.
    pub(super) fn construction(&mut self, node: Node<'t>) -> NodeId {
        let span = self.span(node);
        let Some(constructor) = self.field(node, Field::Constructor) else { return self.opaque(node) };
        let callee = self.expression(constructor);
        let type_args = self.type_arguments(node);
        let (args, args_span) = self.arguments(node);
        let name_span = match node.child(0) {
            Some(token) if self.syntax(token) == Syntax::TokenNew => self.span(token),
            _ => Span::new(span.start, span.start),
        };
        self.push_call(
            span,
            Call {
                target: Target::Function(callee),
                name_span,
                args,
                block: None,
                form: CallForm::New,
                optional: false,
                runs: Runs::Unknown,
                type_args,
                args_span,
            },
        )
    }

    fn push_call(&mut self, span: Span, call: Call) -> NodeId {
        self.push(span, Kind::Call(Box::new(call)))
    }

    /// The arguments of a call with their span; the template of a tagged template is one argument.
    fn arguments(&mut self, node: Node<'t>) -> (Vec<Argument>, Span) {
        let Some(arguments) = self.field(node, Field::Arguments) else {
            let end = node.end_byte() as u32;
            return (Vec::new(), Span::new(end, end));
        };
        let span = self.span(arguments);
        if self.syntax(arguments) == Syntax::TemplateString {
            let value = self.expression(arguments);
            return (vec![Argument { value, kind: ArgumentKind::Positional }], span);
        }
        self.strays(arguments);
        let mut args = Vec::new();
        for child in self.children(arguments) {
            match self.syntax(child) {
                Syntax::Error => {}
                Syntax::SpreadElement => {
                    if let Some(value) = self.first_child(child) {
                        let value = self.expression(value);
                        args.push(Argument { value, kind: ArgumentKind::Spread });
                    }
                }
                _ => {
                    let value = self.expression(child);
                    args.push(Argument { value, kind: ArgumentKind::Positional });
                }
            }
        }
        (args, span)
    }

    /// `require("x")`, when the file does not bind `require` to something else; also where it is hidden from bundlers.
    fn required(&mut self, span: Span, callee: NodeId, args: &[Argument]) -> Option<NodeId> {
        let [Argument { value, kind: ArgumentKind::Positional }] = args else { return None };
        if !self.is_require(callee) {
            return None;
        }
        let modules = self.specifiers(*value).into_iter();
        let modules: Vec<_> = modules.map(|specifier| self.push(span, Kind::Require { specifier, dynamic: false })).collect();
        modules.into_iter().reduce(|left, right| self.push(span, Kind::Logic { op: LogicOp::Or, left, right }))
    }

    fn is_require(&self, callee: NodeId) -> bool {
        match self.kind(callee) {
            Kind::Free(name) => matches!(name.as_str(), "require" | "__non_webpack_require__"),
            // `const require = createRequire(import.meta.url)`
            Kind::Local(binding) => {
                let binding = &self.module.bindings[binding.0 as usize];
                binding.name == "require" && binding.kind == BindingKind::Variable
            }
            // `eval("require")("x")`
            Kind::Call(call) => match (&call.target, call.args.as_slice()) {
                (Target::Function(eval), [Argument { value, .. }]) => {
                    let text = matches!(self.kind(*value), Kind::Literal(Literal::Str(text)) if text == "require");
                    text && matches!(self.kind(*eval), Kind::Free(name) if name == "eval")
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The module specifiers that an argument may be, as far as they are written: `mocked ? "redis-mock" : "redis"`, also when a
    /// constant holds them.
    fn specifiers(&self, value: NodeId) -> Vec<SmolStr> {
        let (mut open, mut found) = (vec![value], Vec::new());
        for _ in 0..SPECIFIERS {
            let Some(node) = open.pop() else { break };
            match self.kind(node) {
                Kind::Literal(Literal::Str(specifier)) => found.push(specifier.clone()),
                Kind::Branch { then, otherwise, .. } => open.extend([Some(*then), *otherwise].into_iter().flatten()),
                Kind::Logic { left, right, .. } => open.extend([*left, *right]),
                Kind::Cast { value, .. } => open.push(*value),
                Kind::Local(binding) => open.extend(self.module.nodes.iter().find_map(|node| match node.kind {
                    Kind::Assign { target, value, declares: true, .. } => {
                        matches!(self.kind(target), Kind::Local(found) if found == binding).then_some(value)
                    }
                    _ => None,
                })),
                _ => {}
            }
        }
        found
    }

    /// `client.sadd.apply(client, args)` is `client.sadd(...args)`, and `client.xadd.call(client, a, b)` is `client.xadd(a, b)`.
    fn applied(&self, receiver: NodeId, name: &str, args: &[Argument]) -> Option<(NodeId, SmolStr, Span, Vec<Argument>)> {
        let Kind::Member { object, name: method, name_span, .. } = self.kind(receiver) else { return None };
        let [Argument { value: on, kind: ArgumentKind::Positional }, rest @ ..] = args else { return None };
        let args = match (name, rest) {
            ("apply", [Argument { value, kind: ArgumentKind::Positional }]) => {
                vec![Argument { value: *value, kind: ArgumentKind::Spread }]
            }
            ("call", rest) => rest.to_vec(),
            _ => return None,
        };
        let is_same = !matches!(self.kind(*object), Kind::Super) && self.text_of(*object) == self.text_of(*on);
        is_same.then(|| (*object, method.clone(), *name_span, args))
    }

    fn text_of(&self, node: NodeId) -> &str {
        let span = self.span_of(node);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The token that names a callee, seen through casts.
    fn callee_span(&self, mut callee: NodeId) -> Span {
        while let Kind::Cast { value, .. } = self.kind(callee) {
            callee = *value;
        }
        self.span_of(callee)
    }
}

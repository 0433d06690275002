//! Calls and constructions.

use tree_sitter::Node;

use super::lowering::Lowering;
use super::runs;
use super::syntax::{Field, Syntax};
use crate::program::{Argument, ArgumentKind, Call, CallForm, Kind, Literal, NodeId, Runs, Target, Type};
use crate::source::Span;

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
            if let Some(required) = self.required(left, &args) {
                return self.push(span, required);
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

    /// `require("x")`, when the file does not bind `require`.
    fn required(&self, callee: NodeId, args: &[Argument]) -> Option<Kind> {
        let Kind::Free(name) = self.kind(callee) else { return None };
        let [Argument { value, kind: ArgumentKind::Positional }] = args else { return None };
        let Kind::Literal(Literal::Str(specifier)) = self.kind(*value) else { return None };
        (name == "require").then(|| Kind::Require { specifier: specifier.clone(), dynamic: false })
    }

    /// The token that names a callee, seen through casts.
    fn callee_span(&self, mut callee: NodeId) -> Span {
        while let Kind::Cast { value, .. } = self.kind(callee) {
            callee = *value;
        }
        self.span_of(callee)
    }
}

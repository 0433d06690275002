//! Parameters, blocks and lambdas.

use tree_sitter::Node;

use super::context::{Child, FunctionHead, Lowering, param, span_of, start_of};
use super::patterns::Assigned;
use super::scopes::Frame;
use super::syntax::{Field, Syntax};
use crate::program::{BindingKind, FunctionId, FunctionKind, Kind, NodeId, Param, ParamKind};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// A block, `{ … }` or `do … end`, in the context as it is.
    pub(super) fn block(&mut self, node: Node<'t>, kind: FunctionKind) -> FunctionId {
        self.block_with(node, None, span_of(node), kind)
    }

    /// `->(x) { … }`.
    pub(super) fn lambda(&mut self, node: Node<'t>) -> NodeId {
        let children = self.children(node);
        let params = children.field(Field::Parameters);
        let Some(body) = children.field(Field::Body) else { return self.cut(node) };
        let function = self.block_with(body, params, span_of(node), FunctionKind::Arrow);
        self.push_at(node, Kind::Closure(function))
    }

    fn block_with(&mut self, node: Node<'t>, params: Option<Node<'t>>, span: Span, kind: FunctionKind) -> FunctionId {
        let children = self.children(node);
        let params = params.or(children.field(Field::Parameters));
        let body = children.field(Field::Body);
        let head = FunctionHead { name: None, kind, span, name_span: start_of(span) };
        let frame = if params.is_some() { Frame::open } else { Frame::implicit };
        self.function(head, frame, |lowering| {
            lowering.params(params);
            lowering.body(body, span_of(node))
        })
    }

    /// Adds the parameters of the innermost function.
    pub(super) fn params(&mut self, list: Option<Node<'t>>) {
        let Some(list) = list else { return };
        for child in self.children(list).named() {
            let parts = self.children(child.node);
            let name = parts.field(Field::Name);
            let span = span_of(child.node);
            match child.syntax {
                _ if child.field == Field::Locals => {
                    let local = self.slice(child.node);
                    self.scopes.declare(&mut self.module, local, BindingKind::Variable, span);
                }
                Syntax::Identifier => {
                    let target = self.param_target(child.node).node;
                    self.add_param(param(target, ParamKind::Positional));
                }
                Syntax::OptionalParameter | Syntax::KeywordParameter => {
                    let Some(name) = name else { continue };
                    let target = self.param_target(name).node;
                    let default = parts.field(Field::Value).map(|value| self.node(value));
                    let kind = match child.syntax {
                        Syntax::KeywordParameter => ParamKind::Keyword(self.slice(name).into()),
                        _ => ParamKind::Positional,
                    };
                    self.add_param(Param { default, ..param(target, kind) });
                }
                Syntax::SplatParameter => self.rest_param(span, name, "*", ParamKind::Rest),
                Syntax::HashSplatParameter => self.rest_param(span, name, "**", ParamKind::KeywordRest),
                Syntax::BlockParameter => self.rest_param(span, name, "&", ParamKind::Block),
                Syntax::ForwardParameter => {
                    self.rest_param(span, None, "*", ParamKind::Rest);
                    self.rest_param(span, None, "**", ParamKind::KeywordRest);
                    self.rest_param(span, None, "&", ParamKind::Block);
                }
                Syntax::DestructuredParameter => {
                    let target = self.destructured_param(child.node).node;
                    self.add_param(param(target, ParamKind::Positional));
                }
                _ => {}
            }
        }
    }

    /// A parameter that takes the rest; one without a name is bound under its sign, so that it can be passed on.
    fn rest_param(&mut self, span: Span, name: Option<Node<'t>>, sign: &str, kind: ParamKind) {
        let target = match name {
            Some(name) => self.param_target(name).node,
            None => self.bind_param(span, sign),
        };
        self.add_param(param(target, kind));
    }

    fn destructured_param(&mut self, node: Node<'t>) -> Assigned {
        let items: Vec<Child<'t>> = self.children(node).named().collect();
        let target = self.deeper(node, |lowering| {
            let span = span_of(node);
            lowering
                .destructure(span, &items, |lowering, inner| match Syntax::of(inner) {
                    Syntax::DestructuredParameter => lowering.destructured_param(inner),
                    _ => lowering.param_target(inner),
                })
                .node
        });
        Assigned { node: target, declares: true }
    }

    fn param_target(&mut self, node: Node<'t>) -> Assigned {
        let node = self.bind_param(span_of(node), self.slice(node));
        Assigned { node, declares: true }
    }

    /// Binds a parameter of the innermost function.
    pub(super) fn bind_param(&mut self, span: Span, name: &str) -> NodeId {
        let binding = self.scopes.declare(&mut self.module, name, BindingKind::Param, span);
        self.push(span, Kind::Local(binding))
    }

    /// Adds a parameter to the innermost function.
    pub(super) fn add_param(&mut self, param: Param) {
        self.module.functions[self.context.function.0 as usize].params.push(param);
    }
}

//! Calls: targets, arguments, blocks, and the calls that mean something to the language itself.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::context::{Children, Lowering, end_of, span_of};
use super::runs::runs;
use super::syntax::{Field, Syntax};
use crate::program::{
    Argument, ArgumentKind, AssignOp, Call, CallForm, Entry, EntryKey, ExitKind, FunctionId, FunctionKind, Import, ImportName, Kind,
    Literal, NodeId, ParamKind, Target,
};
use crate::source::Span;

/// A call as written, before its meaning is looked at.
pub(super) struct Site<'t> {
    /// The syntax node of the whole call.
    pub(super) node: Node<'t>,
    /// The lowered receiver.
    pub(super) receiver: Option<NodeId>,
    /// The method's name.
    pub(super) name: SmolStr,
    /// Where the name stands.
    pub(super) name_span: Span,
    /// `&.`
    pub(super) optional: bool,
    /// The list of arguments.
    pub(super) arguments: Option<Node<'t>>,
    /// The block literal.
    pub(super) block: Option<Node<'t>>,
}

impl<'t> Lowering<'t> {
    /// A `call` node whose receiver is lowered.
    pub(super) fn call(&mut self, node: Node<'t>, children: &Children<'t>, receiver: Option<NodeId>) -> NodeId {
        let arguments = children.field(Field::Arguments);
        let block = children.field(Field::Block);
        let operator = children.field(Field::Operator);
        let method = children.field(Field::Method);
        if receiver.is_none() && method.is_some_and(|method| Syntax::of(method) == Syntax::Super) {
            return self.super_call(node, arguments, block);
        }
        let (name, name_span) = match (method, operator) {
            (Some(method), _) => (SmolStr::new(self.slice(method)), span_of(method)),
            // `block.(x)` is `block.call(x)`.
            (None, Some(operator)) => (SmolStr::new("call"), end_of(span_of(operator))),
            (None, None) => (SmolStr::default(), end_of(span_of(node))),
        };
        let optional = operator.is_some_and(|operator| self.slice(operator) == "&.");
        self.site(Site { node, receiver, name, name_span, optional, arguments, block })
    }

    /// A bare word that is no local variable.
    pub(super) fn bare_call(&mut self, node: Node<'t>) -> NodeId {
        let name = SmolStr::new(self.slice(node));
        let name_span = span_of(node);
        self.site(Site { node, receiver: None, name, name_span, optional: false, arguments: None, block: None })
    }

    fn site(&mut self, site: Site<'t>) -> NodeId {
        if let Some(special) = self.special(&site) {
            return special;
        }
        let callback = site.receiver.is_none() && self.context.in_class_body && is_callback(&site.name);
        let args = match (site.arguments, callback) {
            (Some(list), true) => self.within(|context| context.is_static = false, |lowering| lowering.arguments(list)),
            (Some(list), false) => self.arguments(list),
            (None, _) => Vec::new(),
        };
        if let Some(template) = self.formatting(&site, &args) {
            return template;
        }
        if matches!(site.name.as_str(), "send" | "public_send" | "__send__")
            && let Some(direct) = self.direct_send(&site, &args)
        {
            return direct;
        }
        let block = site.block.map(|block| self.call_block(&site, block));
        if site.receiver.is_none() {
            self.import(&site, &args);
        }
        self.hook(&site, &args);
        let declared = self.declares_something(&site).then(|| (site.name.clone(), args.clone()));
        let call = self.push_call(&site, args, block);
        match declared {
            Some((name, args)) => self.declare(&name, &args, block, call),
            None => call,
        }
    }

    /// Whether the call may be one of those that declare methods or mixins of the class around it.
    fn declares_something(&self, site: &Site<'t>) -> bool {
        let own = site.receiver.is_none_or(|receiver| matches!(self.module.kind(receiver), Kind::This));
        own && self.context.in_class_body && self.context.class.is_some()
    }

    fn push_call(&mut self, site: &Site<'t>, args: Vec<Argument>, block: Option<FunctionId>) -> NodeId {
        let target = match site.receiver {
            Some(receiver) => Target::Method { receiver, name: site.name.clone() },
            None => Target::Own(site.name.clone()),
        };
        let runs = runs(site.receiver.map(|receiver| self.module.kind(receiver)), &site.name);
        let args_span = site.arguments.map_or(end_of(site.name_span), span_of);
        let call = Call {
            target,
            name_span: site.name_span,
            args,
            block,
            form: CallForm::Call,
            optional: site.optional,
            runs,
            type_args: Vec::new(),
            args_span,
        };
        self.push_at(site.node, Kind::Call(Box::new(call)))
    }

    /// Calls that are no calls here: exits, closures, class expressions, and bodies that belong to the class around them.
    fn special(&mut self, site: &Site<'t>) -> Option<NodeId> {
        let Some(receiver) = site.receiver else { return self.special_own(site) };
        let Kind::Constant { path, .. } = self.module.kind(receiver) else { return None };
        let [constant] = path.as_slice() else { return None };
        match (constant.as_str(), site.name.as_str(), site.block) {
            ("Proc", "new", Some(block)) if site.arguments.is_none() => Some(self.closure(site.node, block)),
            ("Class" | "Module" | "Struct", "new", _) | ("Data", "define", _) => Some(self.class_expression(site, receiver)),
            _ => None,
        }
    }

    fn special_own(&mut self, site: &Site<'t>) -> Option<NodeId> {
        match (site.name.as_str(), site.block) {
            ("raise" | "fail" | "throw", None) => Some(self.throw(site)),
            ("lambda" | "proc", Some(block)) if site.arguments.is_none() => Some(self.closure(site.node, block)),
            ("included" | "prepended", Some(block)) if self.context.in_class_body && site.arguments.is_none() => {
                Some(self.inlined(block, self.context.defines_static))
            }
            ("class_methods", Some(block)) if self.context.in_class_body && site.arguments.is_none() => Some(self.inlined(block, true)),
            _ => None,
        }
    }

    fn throw(&mut self, site: &Site<'t>) -> NodeId {
        let args = site.arguments.map(|list| self.arguments(list)).unwrap_or_default();
        let value = match args.as_slice() {
            [] => None,
            [only] if only.kind == ArgumentKind::Positional => Some(only.value),
            several => {
                let values = several.iter().map(|argument| argument.value).collect();
                Some(self.opaque(site.arguments.map_or(site.name_span, span_of), values))
            }
        };
        self.push_at(site.node, Kind::Exit { kind: ExitKind::Throw, value })
    }

    fn closure(&mut self, node: Node<'t>, block: Node<'t>) -> NodeId {
        let function = self.block(block, FunctionKind::Arrow);
        self.module.functions[function.0 as usize].span = span_of(node);
        self.push_at(node, Kind::Closure(function))
    }

    /// `included do … end` and `class_methods do … end`: statements of the class around them.
    fn inlined(&mut self, block: Node<'t>, defines_static: bool) -> NodeId {
        let body = self.children(block).field(Field::Body);
        let function = self.context.function;
        self.scopes.open(super::scopes::Frame::open(function));
        let body = self.within(|context| context.defines_static = defines_static, |lowering| lowering.body(body, span_of(block)));
        self.scopes.close();
        body
    }

    /// The block of a call, with the `self` that the called method gives it.
    fn call_block(&mut self, site: &Site<'t>, block: Node<'t>) -> FunctionId {
        let own = site.receiver.is_none_or(|receiver| matches!(self.module.kind(receiver), Kind::This));
        match site.name.as_str() {
            "define_method" if own => {
                self.within(|context| context.enter_method(context.defines_static), |lowering| lowering.block(block, FunctionKind::Method))
            }
            "define_singleton_method" if own => {
                self.within(|context| context.enter_method(true), |lowering| lowering.block(block, FunctionKind::Method))
            }
            "class_eval" | "class_exec" | "module_eval" if !own => self.reopened_by_block(site, block),
            name if own && self.context.in_class_body && is_callback(name) => {
                self.within(|context| context.enter_method(false), |lowering| lowering.block(block, FunctionKind::Block))
            }
            "instance_eval" | "instance_exec" if !own => self.within(
                |context| {
                    context.class = None;
                    context.is_static = false;
                    context.in_class_body = false;
                },
                |lowering| lowering.block(block, FunctionKind::Block),
            ),
            _ => self.block(block, FunctionKind::Block),
        }
    }

    /// `receiver.send(:name, …)` as `receiver.name(…)`.
    fn direct_send(&mut self, site: &Site<'t>, args: &[Argument]) -> Option<NodeId> {
        let (first, rest) = args.split_first()?;
        if first.kind != ArgumentKind::Positional {
            return None;
        }
        let name = self.literal_name(first.value)?;
        let stem = name.trim_end_matches(['?', '!', '=']);
        let plain = stem.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80);
        if stem.is_empty() || !plain || stem.as_bytes()[0].is_ascii_digit() || name.len() > stem.len() + 1 {
            return None;
        }
        let name_span = self.module.span(first.value);
        if matches!(name.as_str(), "include" | "extend" | "prepend") {
            let direct = Site { node: site.node, name: name.clone(), ..*site };
            self.hook(&direct, rest);
        }
        if name.ends_with('=') {
            let (Some(object), [value]) = (site.receiver, rest) else { return None };
            let member = Kind::Member { object, name: stem.into(), name_span, optional: site.optional };
            let target = self.push_at(site.node, member);
            let assign = Kind::Assign { target, value: value.value, op: AssignOp::Plain, declares: false };
            return Some(self.push_at(site.node, assign));
        }
        let direct = Site { node: site.node, name, name_span, receiver: site.receiver, optional: site.optional, ..*site };
        let block = site.block.map(|block| self.call_block(&direct, block));
        let call = self.push_call(&direct, rest.to_vec(), block);
        // The name is an argument itself here, so that the arguments of the call proper begin behind it.
        let args_span = match (rest.first(), rest.last()) {
            (Some(first), Some(last)) => self.module.span(first.value).to(self.module.span(last.value)),
            _ => end_of(name_span),
        };
        if let Kind::Call(call) = &mut self.module.nodes[call.0 as usize].kind {
            call.args_span = args_span;
        }
        Some(call)
    }

    /// `super`; without arguments it passes on those of the method around it.
    pub(super) fn super_call(&mut self, node: Node<'t>, arguments: Option<Node<'t>>, block: Option<Node<'t>>) -> NodeId {
        let name_span = Span::new(node.start_byte() as u32, (node.start_byte() + "super".len()).min(node.end_byte()) as u32);
        let args = match arguments {
            Some(list) => self.arguments(list),
            None => self.forwarded_params(name_span),
        };
        let block = block.map(|block| self.block(block, FunctionKind::Block));
        let call = Call {
            target: Target::Super,
            name_span,
            args,
            block,
            form: CallForm::Call,
            optional: false,
            runs: crate::program::Runs::Unknown,
            type_args: Vec::new(),
            args_span: arguments.map_or(end_of(name_span), span_of),
        };
        self.push_at(node, Kind::Call(Box::new(call)))
    }

    /// The parameters of the method around, as arguments.
    fn forwarded_params(&mut self, span: Span) -> Vec<Argument> {
        let Some(method) = self.context.method else { return Vec::new() };
        let params: Vec<_> = self.module.function(method).params.iter().map(|param| (param.target, param.kind.clone())).collect();
        let mut args = Vec::with_capacity(params.len());
        for (target, kind) in params {
            let value = match *self.module.kind(target) {
                Kind::Local(binding) => self.push(span, Kind::Local(binding)),
                _ => self.opaque(span, Vec::new()),
            };
            let kind = match kind {
                ParamKind::Positional => ArgumentKind::Positional,
                ParamKind::Rest => ArgumentKind::Spread,
                ParamKind::Keyword(name) => ArgumentKind::Keyword(name),
                ParamKind::KeywordRest => ArgumentKind::KeywordSpread,
                ParamKind::Block => ArgumentKind::Block,
            };
            args.push(Argument { value, kind });
        }
        args
    }

    /// `yield x`.
    pub(super) fn yield_call(&mut self, node: Node<'t>) -> NodeId {
        let list = self.children(node).first(Syntax::ArgumentList);
        let args = list.map(|list| self.arguments(list)).unwrap_or_default();
        self.push_at(node, Kind::Yield(args))
    }

    /// The arguments of a call. Pairs with symbol keys are keywords; those with other keys are one hash, at the place of the
    /// first of them.
    pub(super) fn arguments(&mut self, list: Node<'t>) -> Vec<Argument> {
        let children = self.children(list);
        let mut args = Vec::with_capacity(children.0.len());
        let mut entries: Vec<Entry> = Vec::new();
        let mut place = 0;
        for child in children.named() {
            let kind = match child.syntax {
                Syntax::Pair => {
                    let span = span_of(child.node);
                    match self.pair(child.node) {
                        (EntryKey::Symbol(name), value) => args.push(Argument { value, kind: ArgumentKind::Keyword(name) }),
                        (key, value) => {
                            if entries.is_empty() {
                                place = args.len();
                            }
                            entries.push(Entry { key, value, span });
                        }
                    }
                    continue;
                }
                Syntax::SplatArgument => ArgumentKind::Spread,
                Syntax::HashSplatArgument => ArgumentKind::KeywordSpread,
                Syntax::BlockArgument => ArgumentKind::Block,
                Syntax::ForwardArgument => {
                    let span = span_of(child.node);
                    let signs = [("*", ArgumentKind::Spread), ("**", ArgumentKind::KeywordSpread), ("&", ArgumentKind::Block)];
                    for (sign, kind) in signs {
                        let value = self.anonymous(span, sign);
                        args.push(Argument { value, kind });
                    }
                    continue;
                }
                _ => {
                    let value = self.node(child.node);
                    args.push(Argument { value, kind: ArgumentKind::Positional });
                    continue;
                }
            };
            let value = self.splat_value(child.node);
            args.push(Argument { value, kind });
        }
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            let span = first.span.to(last.span);
            let value = self.push(span, Kind::Object(entries));
            args.insert(place, Argument { value, kind: ArgumentKind::Positional });
        }
        args
    }

    /// The name that a literal symbol or string says.
    pub(super) fn literal_name(&self, node: NodeId) -> Option<SmolStr> {
        match self.module.kind(node) {
            Kind::Literal(Literal::Symbol(name) | Literal::Str(name)) => Some(name.clone()),
            _ => None,
        }
    }

    /// `require "x"` and the like, as imports; relative ones begin with a dot.
    fn import(&mut self, site: &Site<'t>, args: &[Argument]) {
        let index = match site.name.as_str() {
            "require" | "require_relative" | "load" => 0,
            "autoload" => 1,
            _ => return,
        };
        let Some(name) = args.get(index).and_then(|argument| self.literal_name(argument.value)) else { return };
        let relative = site.name == "require_relative" && !name.starts_with('.');
        let module = if relative { smol_str::format_smolstr!("./{name}") } else { name };
        let span = span_of(site.node);
        self.module.imports.push(Import { module, name: ImportName::Nothing, binding: None, type_only: false, span });
    }
}

/// Whether a call in a class body registers code that runs on an instance: filters of controllers, callbacks of models and jobs.
fn is_callback(name: &str) -> bool {
    let hook = ["before_", "after_", "around_"].iter().any(|prefix| name.starts_with(prefix));
    hook || matches!(name, "validate" | "rescue_from" | "set_callback")
}

//! Calls in a class body that declare something: accessors, mixins, aliases and delegation, of the language and of Rails.

use smol_str::SmolStr;

use super::calls::Site;
use super::context::{FunctionHead, Lowering, param};
use super::scopes::Frame;
use crate::program::{
    Argument, ArgumentKind, AssignOp, BindingKind, Call, CallForm, ClassId, ClassKind, EntryKey, FunctionId, FunctionKind, Kind, Literal,
    Method, MethodKind, Mixin, MixinKind, NodeId, Param, ParamKind, Runs, Target,
};
use crate::source::Span;

/// The module whose methods, by custom, become static methods of what includes the module around it.
const CLASS_METHODS: &str = "ClassMethods";

/// Which accessors a declaration makes.
#[derive(Clone, Copy)]
struct Accessors {
    reads: bool,
    writes: bool,
    /// On class and instance alike, in a class variable.
    shared: bool,
}

/// Arguments as literal names; arrays and spread arrays are opened.
type Names = Vec<(SmolStr, Span)>;

impl Lowering<'_> {
    /// Looks at a call in a class body and adds what it declares to the class. Gives the node that stands for the call.
    pub(super) fn declare(&mut self, name: &str, args: &[Argument], block: Option<FunctionId>, call: NodeId) -> NodeId {
        let Some(class) = self.context.class else { return call };
        if let Some(accessors) = accessors(name) {
            return self.declare_accessors(class, args, accessors, call);
        }
        match name {
            "include" => self.declare_mixins(class, MixinKind::Include, args),
            "prepend" => self.declare_mixins(class, MixinKind::Prepend, args),
            "extend" => self.declare_mixins(class, MixinKind::Extend, args),
            "public" | "private" | "protected" if args.is_empty() => self.class_notes[class.0 as usize].module_function = false,
            "module_function" => {
                let names = self.defined_names(args);
                let notes = &mut self.class_notes[class.0 as usize];
                notes.module_function |= args.is_empty();
                notes.module_functions.extend(names);
            }
            "alias_method" => {
                if let [(new, span), (old, _)] = self.names(args).as_slice() {
                    self.alias_method(new, old, *span);
                }
            }
            "define_method" => self.declare_method(class, args, block, self.context.defines_static),
            "define_singleton_method" => self.declare_method(class, args, block, true),
            "delegate" | "instance_delegate" | "delegate_missing_to" => self.declare_delegation(class, args),
            "def_delegators" | "def_instance_delegators" => {
                if let Some(((accessor, _), methods)) = self.names(args).split_first() {
                    for (method, span) in methods {
                        self.delegate(class, accessor, method, method, *span);
                    }
                }
            }
            "def_delegator" | "def_instance_delegator" => match self.names(args).as_slice() {
                [(accessor, _), (method, span)] => self.delegate(class, accessor, method, method, *span),
                [(accessor, _), (method, _), (alias, span), ..] => self.delegate(class, accessor, method, alias, *span),
                _ => {}
            },
            _ => {}
        }
        call
    }

    /// `alias_method :new, :old`: another name for a method of this class, or for one that it inherits.
    pub(super) fn alias_method(&mut self, new: &str, old: &str, span: Span) {
        let Some(class) = self.context.class else { return };
        let is_static = self.context.defines_static;
        let setter = |name: &str| name.len() > 1 && name.ends_with('=') && !name.ends_with("==");
        let stem = |name: &str| SmolStr::new(if setter(name) { name.trim_end_matches('=') } else { name });
        let (old_name, old_setter) = (stem(old), setter(old));
        let known =
            self.module.class(class).methods.iter().rev().find(|method| {
                method.name == old_name && method.is_static == is_static && (method.kind == MethodKind::Setter) == old_setter
            });
        let kind = if setter(new) { MethodKind::Setter } else { MethodKind::Method };
        let function = match known {
            Some(method) => method.function,
            None => self.forwarding(new, span, is_static, |_| Target::Own(SmolStr::new(old))),
        };
        self.define(class, Method { name: stem(new), function, is_static, kind });
    }

    /// Readers, and where it `writes` writers, of the members of a `Struct` or `Data`, and its constructor.
    pub(super) fn members_of_struct(&mut self, args: &[Argument], by_keyword: bool, writes: bool) {
        let Some(class) = self.context.class else { return };
        let mut names = self.names(args);
        names.retain(|(name, _)| !name.starts_with(char::is_uppercase));
        let Some((_, first)) = names.first().cloned() else { return };
        for (name, span) in &names {
            self.reader(class, name, name, *span, false);
            if writes {
                self.setter(class, name, name, *span, false);
            }
        }
        let head = FunctionHead { name: Some("initialize".into()), kind: FunctionKind::Constructor, span: first, name_span: first };
        let function = self.within(
            |context| context.enter_method(false),
            |lowering| {
                lowering.function(head, Frame::closed, |lowering| {
                    let mut statements = Vec::new();
                    for (name, span) in &names {
                        let kind = if by_keyword { ParamKind::Keyword(name.clone()) } else { ParamKind::Positional };
                        let local = lowering.bind_param(*span, name);
                        lowering.add_param(Param { optional: true, ..param(local, kind) });
                        let binding = lowering.module.kind(local).clone();
                        let value = lowering.push(*span, binding);
                        let target = lowering.field_of_self(*span, name);
                        let assign = Kind::Assign { target, value, op: AssignOp::Plain, declares: false };
                        statements.push(lowering.push(*span, assign));
                    }
                    lowering.push(first, Kind::Block(statements))
                })
            },
        );
        self.define(class, Method { name: "initialize".into(), function, is_static: false, kind: MethodKind::Constructor });
    }

    fn declare_mixins(&mut self, class: ClassId, kind: MixinKind, args: &[Argument]) {
        // What the singleton class includes, the class itself answers to.
        let kind = if self.context.defines_static { MixinKind::Extend } else { kind };
        for argument in args {
            if kind == MixinKind::Extend && matches!(self.module.kind(argument.value), Kind::This) {
                self.class_notes[class.0 as usize].extends_self = true;
            }
            let mixin = Mixin { kind, value: argument.value };
            self.module.classes[class.0 as usize].mixins.push(mixin);
        }
    }

    /// `base.include X` and `base.extend X` in `def self.included(base)`: what includes this module gets these as well. The second
    /// stands as an `extend` of the module itself: its methods are found as static methods of an included module.
    pub(super) fn hook(&mut self, site: &Site<'_>, args: &[Argument]) {
        let (Some(class), Some(method), Some(receiver)) = (self.context.class, self.context.method, site.receiver) else { return };
        let kind = match site.name.as_str() {
            "include" => MixinKind::Include,
            "prepend" => MixinKind::Prepend,
            "extend" => MixinKind::Extend,
            _ => return,
        };
        let method = self.module.function(method);
        let is_hook = method.is_static && matches!(method.name.as_deref(), Some("included" | "extended" | "prepended"));
        let base = method.params.first().map(|param| self.module.kind(param.target));
        let (Kind::Local(receiver), Some(Kind::Local(base))) = (self.module.kind(receiver), base) else { return };
        if !is_hook || receiver != base {
            return;
        }
        for argument in args {
            let value = argument.value;
            let class_methods =
                matches!(self.module.kind(value), Kind::Constant { path, .. } if path.len() == 1 && path[0] == CLASS_METHODS);
            if !class_methods {
                self.module.classes[class.0 as usize].mixins.push(Mixin { kind, value });
            }
        }
    }

    /// `module ClassMethods` in a module, which by custom extends what includes the module.
    pub(super) fn class_methods_by_custom(&mut self, class: ClassId) {
        let nested = self.module.class(class);
        let (path, span, nesting) = (nested.path.clone(), nested.name_span, nested.nesting);
        let Some(outer) = nesting.filter(|_| path.len() == 1 && path[0] == CLASS_METHODS) else { return };
        if self.module.class(outer).kind == ClassKind::Module && nested.kind == ClassKind::Module {
            let value = self.push(span, Kind::Constant { path, absolute: false, nesting });
            self.module.classes[outer.0 as usize].mixins.push(Mixin { kind: MixinKind::Extend, value });
        }
    }

    fn declare_accessors(&mut self, class: ClassId, args: &[Argument], accessors: Accessors, call: NodeId) -> NodeId {
        let names = self.names(args);
        let sides: &[bool] = if accessors.shared { &[true, false] } else { &[self.context.defines_static] };
        for (name, span) in &names {
            let field = if accessors.shared { smol_str::format_smolstr!("@@{name}") } else { name.clone() };
            for is_static in sides {
                if accessors.reads {
                    self.reader(class, name, &field, *span, *is_static);
                }
                if accessors.writes {
                    self.setter(class, name, &field, *span, *is_static);
                }
            }
        }
        match accessors.shared {
            true => self.default_of_accessors(&names, call),
            false => call,
        }
    }

    /// `mattr_accessor :redis, default: Redis.new` assigns as well: the default leaves the call and becomes an assignment.
    fn default_of_accessors(&mut self, names: &Names, call: NodeId) -> NodeId {
        let span = self.module.span(call);
        let Kind::Call(record) = &mut self.module.nodes[call.0 as usize].kind else { return call };
        let is_default = |argument: &Argument| matches!(&argument.kind, ArgumentKind::Keyword(name) if name == "default");
        let value = match (record.args.iter().position(is_default), record.block) {
            (Some(index), _) => record.args.remove(index).value,
            _ => return call,
        };
        let mut value = value;
        for (name, name_span) in names {
            let target = self.field_of_self(*name_span, &smol_str::format_smolstr!("@@{name}"));
            value = self.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares: false });
        }
        self.push(span, Kind::Block(vec![call, value]))
    }

    fn reader(&mut self, class: ClassId, name: &SmolStr, field: &str, span: Span, is_static: bool) {
        let head = FunctionHead { name: Some(name.clone()), kind: FunctionKind::Method, span, name_span: span };
        let function = self.synthesized(head, is_static, |lowering| lowering.field_of_self(span, field));
        self.define(class, Method { name: name.clone(), function, is_static, kind: MethodKind::Method });
    }

    fn setter(&mut self, class: ClassId, name: &SmolStr, field: &str, span: Span, is_static: bool) {
        let head = FunctionHead { name: Some(name.clone()), kind: FunctionKind::Setter, span, name_span: span };
        let function = self.synthesized(head, is_static, |lowering| {
            let binding = lowering.scopes.declare(&mut lowering.module, "value", BindingKind::Param, span);
            let local = lowering.push(span, Kind::Local(binding));
            lowering.add_param(param(local, ParamKind::Positional));
            let value = lowering.push(span, Kind::Local(binding));
            let target = lowering.field_of_self(span, field);
            lowering.push(span, Kind::Assign { target, value, op: AssignOp::Plain, declares: false })
        });
        self.define(class, Method { name: name.clone(), function, is_static, kind: MethodKind::Setter });
    }

    fn declare_method(&mut self, class: ClassId, args: &[Argument], block: Option<FunctionId>, is_static: bool) {
        let Some(name) = args.first().and_then(|argument| self.literal_name(argument.value)) else { return };
        let closure = args.get(1).and_then(|argument| match self.module.kind(argument.value) {
            Kind::Closure(function) => Some(*function),
            _ => None,
        });
        let Some(function) = block.or(closure) else { return };
        let record = &mut self.module.functions[function.0 as usize];
        record.name.get_or_insert_with(|| name.clone());
        record.is_static = is_static;
        self.define(class, Method { name, function, is_static, kind: MethodKind::Method });
    }

    /// `delegate :a, to: :b, prefix: true` of Rails, and `delegate [:a] => :b` of Forwardable.
    fn declare_delegation(&mut self, class: ClassId, args: &[Argument]) {
        let keyword = |wanted: &str| {
            let mut found = args.iter().filter(|argument| matches!(&argument.kind, ArgumentKind::Keyword(name) if name == wanted));
            found.next().map(|argument| argument.value)
        };
        if let Some(to) = keyword("to") {
            let Some(to) = self.literal_name(to) else { return };
            let prefix = keyword("prefix").and_then(|prefix| match self.module.kind(prefix) {
                Kind::Literal(Literal::Bool(true)) => Some(to.clone()),
                Kind::Literal(Literal::Symbol(name) | Literal::Str(name)) => Some(name.clone()),
                _ => None,
            });
            for (method, span) in self.names(args) {
                let name = match &prefix {
                    Some(prefix) => smol_str::format_smolstr!("{prefix}_{method}"),
                    None => method.clone(),
                };
                self.delegate(class, &to, &method, &name, span);
            }
            return;
        }
        for argument in args {
            match (&argument.kind, self.module.kind(argument.value)) {
                (ArgumentKind::Positional, Kind::Object(entries)) => {
                    for entry in entries.clone() {
                        let Some(to) = self.literal_name(entry.value) else { continue };
                        let methods = match entry.key {
                            EntryKey::Name(name) | EntryKey::Symbol(name) => vec![(name, entry.span)],
                            EntryKey::Computed(key) => self.names_in(key),
                            EntryKey::Spread => Vec::new(),
                        };
                        for (method, span) in methods {
                            self.delegate(class, &to, &method, &method, span);
                        }
                    }
                }
                (ArgumentKind::Keyword(method), _) => {
                    let method = method.clone();
                    if let Some(to) = self.literal_name(argument.value) {
                        let span = self.module.span(argument.value);
                        self.delegate(class, &to, &method, &method, span);
                    }
                }
                _ => {}
            }
        }
    }

    /// A method `name` that calls `method` on what `to` names: a method, `@field`, `Constant` or `a.b`.
    fn delegate(&mut self, class: ClassId, to: &str, method: &str, name: &str, span: Span) {
        let is_static = self.context.defines_static;
        let function = self.forwarding(name, span, is_static, |lowering| {
            let receiver = lowering.delegate_receiver(to, span);
            Target::Method { receiver, name: SmolStr::new(method) }
        });
        self.define(class, Method { name: SmolStr::new(name), function, is_static, kind: MethodKind::Method });
    }

    fn delegate_receiver(&mut self, to: &str, span: Span) -> NodeId {
        if to.starts_with(char::is_uppercase) || to.starts_with("::") {
            let absolute = to.starts_with("::");
            let path = to.trim_start_matches("::").split("::").map(SmolStr::new).collect();
            let nesting = self.context.nesting;
            return self.push(span, Kind::Constant { path, absolute, nesting });
        }
        let mut receiver = None;
        for link in to.split('.') {
            receiver = Some(match (receiver, link) {
                (None, "self") => self.push(span, Kind::This),
                (None, field) if field.starts_with("@@") => self.field_of_self(span, field),
                (None, field) if field.starts_with('@') => self.field_of_self(span, field.trim_start_matches('@')),
                (None, global) if global.starts_with('$') => self.push(span, Kind::Global(SmolStr::new(global))),
                (None, name) => self.plain_call(span, Target::Own(SmolStr::new(name)), Vec::new()),
                (Some(receiver), name) => self.plain_call(span, Target::Method { receiver, name: SmolStr::new(name) }, Vec::new()),
            });
        }
        receiver.unwrap_or_else(|| self.opaque(span, Vec::new()))
    }

    /// A method that passes all it is given on to another call.
    fn forwarding(&mut self, name: &str, span: Span, is_static: bool, target: impl FnOnce(&mut Self) -> Target) -> FunctionId {
        let head = FunctionHead { name: Some(SmolStr::new(name)), kind: FunctionKind::Method, span, name_span: span };
        self.synthesized(head, is_static, |lowering| {
            let mut args = Vec::new();
            for (sign, kind, passed) in [("*", ParamKind::Rest, ArgumentKind::Spread), ("&", ParamKind::Block, ArgumentKind::Block)] {
                let local = lowering.bind_param(span, sign);
                lowering.add_param(param(local, kind));
                let value = lowering.anonymous(span, sign);
                args.push(Argument { value, kind: passed });
            }
            let target = target(lowering);
            lowering.plain_call(span, target, args)
        })
    }

    fn synthesized(&mut self, head: FunctionHead, is_static: bool, body: impl FnOnce(&mut Self) -> NodeId) -> FunctionId {
        self.within(|context| context.enter_method(is_static), |lowering| lowering.function(head, Frame::closed, body))
    }

    fn plain_call(&mut self, span: Span, target: Target, args: Vec<Argument>) -> NodeId {
        let call = Call {
            target,
            name_span: span,
            args,
            block: None,
            form: CallForm::Call,
            optional: false,
            runs: Runs::Unknown,
            type_args: Vec::new(),
            args_span: super::context::end_of(span),
        };
        self.push(span, Kind::Call(Box::new(call)))
    }

    /// The names that positional arguments say.
    fn names(&self, args: &[Argument]) -> Names {
        let listed = args.iter().filter(|argument| matches!(argument.kind, ArgumentKind::Positional | ArgumentKind::Spread));
        listed.flat_map(|argument| self.names_in(argument.value)).collect()
    }

    fn names_in(&self, node: NodeId) -> Names {
        match self.module.kind(node) {
            Kind::Literal(Literal::Symbol(name) | Literal::Str(name)) => vec![(name.clone(), self.module.span(node))],
            Kind::Array(members) => {
                let literal = |member: &NodeId| Some((self.literal_name(*member)?, self.module.span(*member)));
                members.iter().filter_map(literal).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Names given as symbols, or as the `def` itself.
    fn defined_names(&self, args: &[Argument]) -> Vec<SmolStr> {
        let defined = args.iter().filter_map(|argument| match self.module.kind(argument.value) {
            Kind::Closure(function) => self.module.function(*function).name.clone(),
            _ => None,
        });
        self.names(args).into_iter().map(|(name, _)| name).chain(defined).collect()
    }
}

/// The accessors that a declaration of this name makes.
fn accessors(name: &str) -> Option<Accessors> {
    let (shared, form) = match name {
        "attr" => return Some(Accessors { reads: true, writes: false, shared: false }),
        "class_attribute" => return Some(Accessors { reads: true, writes: true, shared: true }),
        _ => {
            let stem = name.strip_prefix("thread_").unwrap_or(name);
            match stem.split_once('_')? {
                ("attr", form) if stem == name => (false, form),
                ("cattr" | "mattr", form) => (true, form),
                _ => return None,
            }
        }
    };
    let (reads, writes) = match form {
        "reader" => (true, false),
        "writer" => (false, true),
        "accessor" => (true, true),
        _ => return None,
    };
    Some(Accessors { reads, writes, shared })
}

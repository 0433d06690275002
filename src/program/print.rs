//! A compact, deterministic text of a [`Module`], for tests and for reading by eye.
//!
//! Declarations come first, one a line; then every function with its body as nested lists. Bindings are written `name#id`,
//! functions `fn3`, classes `class1`, so that a test sees what a name was resolved to.

use std::fmt::Write;

use super::{
    ArgumentKind, AssignOp, BinaryOp, BindingId, BindingKind, Call, CallForm, Class, EntryKey, ExitKind, Export, Function, ImportName,
    Kind, Literal, LogicOp, LoopKind, Module, NodeId, ParamKind, Part, Runs, Target, Type, UnaryOp,
};
use crate::source::Span;

/// How far nested nodes are written; what lies deeper is `…`. Front ends allow more depth than a reader can follow.
const MAX_DEPTH: usize = 200;

/// The text of a module.
///
/// ```text
/// import Redis#0 = default "ioredis"
/// export redis = redis#1
/// fn0 module
///   const redis#1
///   (let redis#1 (new Redis#0 "x"))
/// ```
///
/// Variables have a line of their own in the function that holds them (`const` when never assigned again); what else binds
/// a name shows it already.
#[must_use]
pub fn print(module: &Module) -> String {
    let mut printer = Printer { module, out: String::new() };
    printer.module();
    printer.out
}

/// The text of one node, on as many lines as its blocks need.
#[must_use]
pub fn print_node(module: &Module, id: NodeId) -> String {
    let mut printer = Printer { module, out: String::new() };
    printer.node(id, 0, 0);
    printer.out
}

struct Printer<'m> {
    module: &'m Module,
    out: String,
}

impl Printer<'_> {
    fn module(&mut self) {
        let module = self.module;
        for import in &module.imports {
            let local = import.binding.map_or(String::new(), |binding| format!("{} = ", self.binding(binding)));
            let type_only = if import.type_only { "type " } else { "" };
            self.line(0, &format!("import {type_only}{local}{} {:?}", import_name(&import.name), import.module));
        }
        for alias in &module.aliases {
            let params = if alias.params.is_empty() { String::new() } else { format!("<{}>", alias.params.join(", ")) };
            let ty = self.ty(&alias.ty);
            self.line(0, &format!("type {}{params} = {ty}", alias.name));
        }
        for export in &module.exports {
            let text = match export {
                Export::Binding { name, binding } => format!("export {name} = {}", self.binding(*binding)),
                Export::Value { name, value } => format!("export {name} = {}", self.inline(*value, 1)),
                Export::From { name, module, import } => format!("export {name} = {} from {module:?}", import_name(import)),
                Export::All { module } => format!("export * from {module:?}"),
            };
            self.line(0, &text);
        }
        for (index, class) in module.classes.iter().enumerate() {
            self.class(index, class);
        }
        for (index, function) in module.functions.iter().enumerate() {
            self.function(index, function);
        }
        for error in &module.errors {
            self.line(0, &format!("error {}", span(*error)));
        }
        if module.truncated {
            self.line(0, "truncated");
        }
    }

    fn class(&mut self, index: usize, class: &Class) {
        let mut head = format!("class{index} {}", lower(&format!("{:?}", class.kind)));
        if !class.path.is_empty() {
            let _ = write!(head, " {}", class.path.join("::"));
        }
        if let Some(binding) = class.binding {
            let _ = write!(head, " = {}", self.binding(binding));
        }
        if let Some(nesting) = class.nesting {
            let _ = write!(head, " in class{}", nesting.0);
        }
        if let Some(superclass) = class.superclass {
            let _ = write!(head, " < {}", self.inline(superclass, 1));
        }
        for supertype in &class.supertypes {
            let _ = write!(head, " : {}", self.ty(supertype));
        }
        head.push_str(&self.decorators(&class.decorators));
        if let Some(body) = class.body {
            let _ = write!(head, " body fn{}", body.0);
        }
        self.line(0, &head);
        for mixin in &class.mixins {
            let value = self.inline(mixin.value, 2);
            self.line(1, &format!("{} {value}", lower(&format!("{:?}", mixin.kind))));
        }
        for field in &class.fields {
            let mut text = format!("{}field {}", if field.is_static { "static " } else { "" }, field.name);
            if let Some(ty) = &field.ty {
                let _ = write!(text, ": {}", self.ty(ty));
            }
            if let Some(value) = field.value {
                let _ = write!(text, " = {}", self.inline(value, 2));
            }
            text.push_str(&self.decorators(&field.decorators));
            self.line(1, &text);
        }
        for method in &class.methods {
            let fixed = if method.is_static { "static " } else { "" };
            self.line(1, &format!("{fixed}{} {} fn{}", lower(&format!("{:?}", method.kind)), method.name, method.function.0));
        }
    }

    fn function(&mut self, index: usize, function: &Function) {
        let mut head = format!("fn{index} ");
        if function.is_async {
            head.push_str("async ");
        }
        if function.is_generator {
            head.push_str("generator ");
        }
        if function.is_static {
            head.push_str("static ");
        }
        head.push_str(&lower(&format!("{:?}", function.kind)));
        if let Some(name) = &function.name {
            let _ = write!(head, " {name}");
        }
        if let Some(class) = function.class {
            let _ = write!(head, " of class{}", class.0);
        }
        if let Some(parent) = function.parent
            && parent.0 != 0
        {
            let _ = write!(head, " in fn{}", parent.0);
        }
        if let Some(ty) = &function.return_type {
            let _ = write!(head, " -> {}", self.ty(ty));
        }
        head.push_str(&self.decorators(&function.decorators));
        self.line(0, &head);
        for param in &function.params {
            let mut text = String::from("param ");
            text.push_str(&match &param.kind {
                ParamKind::Positional => String::new(),
                ParamKind::Rest => "*".into(),
                ParamKind::Keyword(name) => format!("{name}: "),
                ParamKind::KeywordRest => "**".into(),
                ParamKind::Block => "&".into(),
            });
            text.push_str(&self.inline(param.target, 2));
            if param.optional {
                text.push('?');
            }
            if let Some(ty) = &param.ty {
                let _ = write!(text, ": {}", self.ty(ty));
            }
            if let Some(default) = param.default {
                let _ = write!(text, " = {}", self.inline(default, 2));
            }
            if let Some(property) = &param.property {
                let _ = write!(text, " -> this.{property}");
            }
            text.push_str(&self.decorators(&param.decorators));
            self.line(1, &text);
        }
        for (id, binding) in self.module.bindings.iter().enumerate() {
            if binding.function.0 as usize != index || binding.kind != BindingKind::Variable {
                continue;
            }
            let mut text = format!("{} {}#{id}", if binding.is_const { "const" } else { "var" }, binding.name);
            if let Some(ty) = &binding.ty {
                let _ = write!(text, ": {}", self.ty(ty));
            }
            self.line(1, &text);
        }
        match self.module.kind(function.body) {
            Kind::Block(statements) => {
                for statement in statements {
                    self.indent(1);
                    self.node(*statement, 1, 0);
                    self.out.push('\n');
                }
                if function.returns_body && !statements.is_empty() {
                    self.line(1, "returns last");
                }
            }
            _ => {
                self.indent(1);
                self.out.push_str(if function.returns_body { "returns " } else { "" });
                self.node(function.body, 1, 0);
                self.out.push('\n');
            }
        }
    }

    fn decorators(&self, decorators: &[NodeId]) -> String {
        decorators.iter().map(|decorator| format!(" @{}", self.inline(*decorator, 2))).collect()
    }

    fn binding(&self, id: BindingId) -> String {
        format!("{}#{}", self.module.binding(id).name, id.0)
    }

    fn inline(&self, id: NodeId, indent: usize) -> String {
        let mut printer = Printer { module: self.module, out: String::new() };
        printer.node(id, indent, 0);
        printer.out
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n("  ", indent));
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.indent(indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn list(&mut self, head: &str, children: &[NodeId], indent: usize, depth: usize) {
        self.out.push('(');
        self.out.push_str(head);
        for child in children {
            self.out.push(' ');
            self.node(*child, indent, depth);
        }
        self.out.push(')');
    }

    fn node(&mut self, id: NodeId, indent: usize, depth: usize) {
        if depth >= MAX_DEPTH {
            self.out.push('…');
            return;
        }
        let depth = depth + 1;
        match self.module.kind(id) {
            Kind::Literal(literal) => self.literal(literal),
            Kind::Template(parts) => {
                self.out.push_str("(template");
                for part in parts {
                    self.out.push(' ');
                    match part {
                        Part::Text(text) => {
                            let _ = write!(self.out, "{text:?}");
                        }
                        Part::Hole(hole) => self.node(*hole, indent, depth),
                    }
                }
                self.out.push(')');
            }
            Kind::Local(binding) => {
                let text = self.binding(*binding);
                self.out.push_str(&text);
            }
            Kind::Free(name) => {
                let _ = write!(self.out, "?{name}");
            }
            Kind::Global(name) => {
                let _ = write!(self.out, "(global {name})");
            }
            Kind::Constant { path, absolute, nesting } => {
                let _ = write!(self.out, "(const {}{}", if *absolute { "::" } else { "" }, path.join("::"));
                if let Some(nesting) = nesting {
                    let _ = write!(self.out, " in class{}", nesting.0);
                }
                self.out.push(')');
            }
            Kind::This => self.out.push_str("this"),
            Kind::Super => self.out.push_str("super"),
            Kind::Member { object, name, optional, .. } => {
                self.node(*object, indent, depth);
                let _ = write!(self.out, "{}{name}", if *optional { "?." } else { "." });
            }
            Kind::Index { object, index, optional } => {
                self.node(*object, indent, depth);
                self.out.push_str(if *optional { "?.[" } else { "[" });
                self.node(*index, indent, depth);
                self.out.push(']');
            }
            Kind::Call(call) => self.call(call, indent, depth),
            Kind::Object(entries) => {
                self.out.push('{');
                for (at, entry) in entries.iter().enumerate() {
                    self.out.push_str(if at == 0 { "" } else { ", " });
                    self.key(&entry.key, indent, depth);
                    self.node(entry.value, indent, depth);
                }
                self.out.push('}');
            }
            Kind::Array(members) => self.list("array", members, indent, depth),
            Kind::Spread(value) => {
                self.out.push_str("...");
                self.node(*value, indent, depth);
            }
            Kind::Closure(function) => {
                let _ = write!(self.out, "fn{}", function.0);
            }
            Kind::Class(class) => {
                let _ = write!(self.out, "class{}", class.0);
            }
            Kind::Logic { op, left, right } => {
                let op = match op {
                    LogicOp::OrNil => "??",
                    LogicOp::Or => "||",
                    LogicOp::And => "&&",
                };
                self.list(op, &[*left, *right], indent, depth);
            }
            Kind::Unary { op, operand } => {
                let op = match op {
                    UnaryOp::Not => "!",
                    UnaryOp::Negate => "-",
                    UnaryOp::TypeOf => "typeof",
                    UnaryOp::Void => "void",
                    UnaryOp::Step => "step",
                    UnaryOp::Other => "unary",
                };
                self.list(op, &[*operand], indent, depth);
            }
            Kind::Binary { op, left, right } => self.list(binary(*op), &[*left, *right], indent, depth),
            Kind::Await(value) => self.list("await", &[*value], indent, depth),
            Kind::Cast { value, ty } => {
                self.out.push_str("(as ");
                self.node(*value, indent, depth);
                if let Some(ty) = ty {
                    let ty = self.ty(ty);
                    let _ = write!(self.out, " {ty}");
                }
                self.out.push(')');
            }
            Kind::Assign { target, value, op, declares } => {
                let op = match op {
                    AssignOp::Plain if *declares => "let",
                    AssignOp::Plain => "=",
                    AssignOp::OrNil => "??=",
                    AssignOp::Or => "||=",
                    AssignOp::And => "&&=",
                    AssignOp::Combine => "+=",
                };
                self.list(op, &[*target, *value], indent, depth);
            }
            Kind::Pattern(entries) => {
                self.out.push_str("(pattern");
                for entry in entries {
                    self.out.push(' ');
                    self.key(&entry.key, indent, depth);
                    self.node(entry.target, indent, depth);
                    if let Some(default) = entry.default {
                        self.out.push_str(" = ");
                        self.node(default, indent, depth);
                    }
                }
                self.out.push(')');
            }
            Kind::Require { specifier, dynamic } => {
                let _ = write!(self.out, "({} {specifier:?})", if *dynamic { "import" } else { "require" });
            }
            Kind::Block(statements) => self.block(statements, indent, depth),
            Kind::Branch { condition, then, otherwise } => {
                let mut children = vec![*condition, *then];
                children.extend(otherwise);
                self.list("if", &children, indent, depth);
            }
            Kind::Switch { subject, arms, otherwise } => {
                self.out.push_str("(switch");
                if let Some(subject) = subject {
                    self.out.push(' ');
                    self.node(*subject, indent, depth);
                }
                for arm in arms {
                    self.out.push('\n');
                    self.indent(indent + 1);
                    self.list(if arm.falls_through { "case-through" } else { "case" }, &arm.tests, indent + 1, depth);
                    self.out.push(' ');
                    self.node(arm.body, indent + 1, depth);
                }
                if let Some(otherwise) = otherwise {
                    self.out.push('\n');
                    self.indent(indent + 1);
                    self.list("default", &[*otherwise], indent + 1, depth);
                }
                self.out.push(')');
            }
            Kind::Loop { kind, binding, source, condition, update, body } => {
                self.out.push('(');
                self.out.push_str(match kind {
                    LoopKind::Each => "each",
                    LoopKind::EachAwait => "each-await",
                    LoopKind::Keys => "keys",
                    LoopKind::Count => "count",
                    LoopKind::While => "while",
                    LoopKind::DoWhile => "do-while",
                });
                for (head, child) in [("binding", binding), ("source", source), ("condition", condition), ("update", update)] {
                    if let Some(child) = child {
                        let _ = write!(self.out, " {head}: ");
                        self.node(*child, indent, depth);
                    }
                }
                self.out.push(' ');
                self.node(*body, indent, depth);
                self.out.push(')');
            }
            Kind::Try { body, rescues, otherwise, cleanup } => {
                self.out.push_str("(try ");
                self.node(*body, indent, depth);
                for rescue in rescues {
                    self.out.push('\n');
                    self.indent(indent + 1);
                    self.list("rescue", &rescue.classes, indent + 1, depth);
                    self.out.push(' ');
                    if let Some(binding) = rescue.binding {
                        self.node(binding, indent + 1, depth);
                        self.out.push(' ');
                    }
                    self.node(rescue.body, indent + 1, depth);
                }
                for (head, part) in [("else", otherwise), ("finally", cleanup)] {
                    if let Some(part) = part {
                        self.out.push('\n');
                        self.indent(indent + 1);
                        self.list(head, &[*part], indent + 1, depth);
                    }
                }
                self.out.push(')');
            }
            Kind::Exit { kind, value } => {
                let head = match kind {
                    ExitKind::Return => "return",
                    ExitKind::Throw => "throw",
                    ExitKind::Break => "break",
                    ExitKind::Next => "next",
                };
                self.list(head, value.as_slice(), indent, depth);
            }
            Kind::Yield(args) => {
                self.out.push_str("(yield");
                self.args(args, indent, depth);
                self.out.push(')');
            }
            Kind::Opaque(children) => self.list("opaque", children, indent, depth),
        }
    }

    fn block(&mut self, statements: &[NodeId], indent: usize, depth: usize) {
        if statements.is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.out.push_str("{\n");
        for statement in statements {
            self.indent(indent + 1);
            self.node(*statement, indent + 1, depth);
            self.out.push('\n');
        }
        self.indent(indent);
        self.out.push('}');
    }

    fn literal(&mut self, literal: &Literal) {
        let _ = match literal {
            Literal::Nil => write!(self.out, "nil"),
            Literal::Bool(value) => write!(self.out, "{value}"),
            Literal::Int(value) => write!(self.out, "{value}"),
            Literal::Float(value) => write!(self.out, "{value:?}"),
            Literal::Str(text) => write!(self.out, "{text:?}"),
            Literal::Symbol(name) => write!(self.out, ":{name}"),
            Literal::Regex(text) => write!(self.out, "(regex {text})"),
        };
    }

    fn key(&mut self, key: &EntryKey, indent: usize, depth: usize) {
        match key {
            EntryKey::Name(name) => {
                let _ = write!(self.out, "{name}: ");
            }
            EntryKey::Symbol(name) => {
                let _ = write!(self.out, ":{name} => ");
            }
            EntryKey::Computed(key) => {
                self.out.push('[');
                self.node(*key, indent, depth);
                self.out.push_str("]: ");
            }
            EntryKey::Spread => self.out.push_str("..."),
        }
    }

    fn call(&mut self, call: &Call, indent: usize, depth: usize) {
        self.out.push_str(if call.form == CallForm::New { "(new" } else { "(call" });
        self.out.push_str(match call.runs {
            Runs::Unknown => "",
            Runs::Once => "@once",
            Runs::Each => "@each",
            Runs::Repeat => "@repeat",
            Runs::Later => "@later",
            Runs::Together => "@together",
        });
        let optional = if call.optional { "?" } else { "" };
        match &call.target {
            Target::Method { receiver, name } => {
                self.out.push(' ');
                self.node(*receiver, indent, depth);
                let _ = write!(self.out, " {optional}.{name}");
            }
            Target::Function(callee) => {
                self.out.push_str(optional);
                self.out.push(' ');
                self.node(*callee, indent, depth);
            }
            Target::Own(name) => {
                let _ = write!(self.out, " {optional}.{name}");
            }
            Target::Super => self.out.push_str(" super"),
        }
        if !call.type_args.is_empty() {
            let types: Vec<_> = call.type_args.iter().map(|ty| self.ty(ty)).collect();
            let _ = write!(self.out, " <{}>", types.join(", "));
        }
        self.args(&call.args, indent, depth);
        if let Some(block) = call.block {
            let _ = write!(self.out, " do fn{}", block.0);
        }
        self.out.push(')');
    }

    fn args(&mut self, args: &[super::Argument], indent: usize, depth: usize) {
        for argument in args {
            self.out.push(' ');
            match &argument.kind {
                ArgumentKind::Positional => {}
                ArgumentKind::Spread => self.out.push_str("..."),
                ArgumentKind::Keyword(name) => {
                    let _ = write!(self.out, "{name}: ");
                }
                ArgumentKind::KeywordSpread => self.out.push_str("**"),
                ArgumentKind::Block => self.out.push('&'),
            }
            self.node(argument.value, indent, depth);
        }
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Named { path, binding, args } => {
                let mut text = path.join(".");
                if let Some(binding) = binding {
                    let _ = write!(text, "#{}", binding.0);
                }
                if !args.is_empty() {
                    let _ = write!(text, "<{}>", self.types(args, ", "));
                }
                text
            }
            Type::Union(members) => format!("({})", self.types(members, " | ")),
            Type::Intersection(members) => format!("({})", self.types(members, " & ")),
            Type::Array(member) => format!("{}[]", self.ty(member)),
            Type::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, ty)| format!("{name}: {}", self.ty(ty))).collect();
                format!("{{{}}}", fields.join("; "))
            }
            Type::Function(result, _) => format!("(() => {})", self.ty(result)),
            Type::TypeOf(value) => format!("typeof {}", self.inline(*value, 0)),
            Type::Member(object, name) => format!("{}[{name:?}]", self.ty(object)),
            Type::Import { module, path } => {
                format!("import({module:?}){}", path.iter().map(|segment| format!(".{segment}")).collect::<String>())
            }
            Type::Primitive(name) => name.to_string(),
            Type::Text(text) => format!("{text:?}"),
            Type::Nil => "nil".into(),
            Type::Unknown => "unknown".into(),
        }
    }

    fn types(&self, types: &[Type], separator: &str) -> String {
        types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(separator)
    }
}

fn import_name(name: &ImportName) -> String {
    match name {
        ImportName::Default => "default".into(),
        ImportName::Namespace => "*".into(),
        ImportName::Named(name) => format!("{{{name}}}"),
        ImportName::Nothing => "nothing".into(),
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
        BinaryOp::Power => "**",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::Other => "binary",
    }
}

fn lower(name: &str) -> String {
    name.to_lowercase()
}

fn span(span: Span) -> String {
    format!("{}..{}", span.start, span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Binding, FunctionId, FunctionKind, Import, Node, Semantics};
    use crate::source::Language;

    #[test]
    fn prints_declarations_then_functions() {
        let span = Span::new(0, 1);
        let node = |kind| Node { span, kind };
        let module = Module {
            language: Language::TypeScript,
            semantics: Semantics { zero_is_falsy: true, empty_string_is_falsy: true, shares_constants: false },
            nodes: vec![
                node(Kind::Local(BindingId(1))),
                node(Kind::Local(BindingId(0))),
                node(Kind::Member { object: NodeId(1), name: "url".into(), name_span: span, optional: true }),
                node(Kind::Assign { target: NodeId(0), value: NodeId(2), op: AssignOp::Plain, declares: true }),
                node(Kind::Block(vec![NodeId(3)])),
            ],
            functions: vec![Function {
                name: None,
                kind: FunctionKind::Module,
                params: vec![],
                body: NodeId(4),
                returns_body: false,
                class: None,
                is_static: false,
                is_async: false,
                is_generator: false,
                parent: None,
                decorators: vec![],
                return_type: None,
                span,
                name_span: span,
            }],
            classes: vec![],
            bindings: [("config", BindingKind::Import(0)), ("url", BindingKind::Variable)]
                .map(|(name, kind)| Binding { name: name.into(), kind, function: FunctionId(0), ty: None, is_const: true, span })
                .into(),
            imports: vec![Import {
                module: "./config".into(),
                name: ImportName::Default,
                binding: Some(BindingId(0)),
                type_only: false,
                span,
            }],
            exports: vec![Export::Binding { name: "url".into(), binding: BindingId(1) }],
            aliases: vec![],
            comments: vec![],
            errors: vec![Span::new(4, 9)],
            truncated: true,
        };
        assert_eq!(
            print(&module),
            "import config#0 = default \"./config\"\nexport url = url#1\nfn0 module\n  const url#1\n  (let url#1 config#0?.url)\nerror 4..9\ntruncated\n"
        );
        assert_eq!(print_node(&module, NodeId(2)), "config#0?.url");
    }
}

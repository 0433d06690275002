//! A compact, deterministic text of a [`Module`], for tests and for reading by eye.
//!
//! Declarations come first, one a line; then every function with its body as nested lists. Bindings are written `name#id`,
//! functions `fn3`, classes `class1`, so that a test sees what a name was resolved to.

mod expressions;
mod types;

use std::fmt::Write;

use super::{BindingId, BindingKind, Class, Export, Function, ImportName, Kind, Module, NodeId, ParamKind};
use crate::source::Span;

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
}

fn import_name(name: &ImportName) -> String {
    match name {
        ImportName::Default => "default".into(),
        ImportName::Namespace => "*".into(),
        ImportName::Named(name) => format!("{{{name}}}"),
        ImportName::Nothing => "nothing".into(),
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
    use crate::program::{AssignOp, Binding, FunctionId, FunctionKind, Import, Node, Semantics};
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

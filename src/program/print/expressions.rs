//! Nodes as nested lists.

use std::fmt::Write;

use super::Printer;
use crate::program::{
    Argument, ArgumentKind, AssignOp, BinaryOp, Call, CallForm, EntryKey, ExitKind, Kind, Literal, LogicOp, LoopKind, NodeId, Part, Runs,
    Target, UnaryOp,
};

/// How far nested nodes are written; what lies deeper is `…`. Front ends allow more depth than a reader can follow.
const MAX_DEPTH: usize = 200;

impl Printer<'_> {
    fn list(&mut self, head: &str, children: &[NodeId], indent: usize, depth: usize) {
        self.out.push('(');
        self.out.push_str(head);
        for child in children {
            self.out.push(' ');
            self.node(*child, indent, depth);
        }
        self.out.push(')');
    }

    pub(super) fn node(&mut self, id: NodeId, indent: usize, depth: usize) {
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

    fn args(&mut self, args: &[Argument], indent: usize, depth: usize) {
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

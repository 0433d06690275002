//! Functions of every form: module bodies, methods, closures and blocks.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{ClassId, NodeId, Type};
use crate::source::Span;

/// Index of a function in its module. Function 0 is the module's top level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FunctionId(pub u32);

/// A body of code with parameters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Function {
    /// Its name, or the name of the variable or property it is assigned to.
    pub name: Option<SmolStr>,
    /// Which form.
    pub kind: FunctionKind,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The body: a [`super::Kind::Block`], or one expression whose value is returned.
    pub body: NodeId,
    /// Whether the value of the body's last expression is returned (arrow with expression body, every Ruby function).
    pub returns_body: bool,
    /// The class whose `this`/`self` it sees: the one it is a method of, or, for closures, that of the function around it.
    pub class: Option<ClassId>,
    /// Whether `this`/`self` is the class itself: static methods, `def self.`, class bodies.
    pub is_static: bool,
    /// `async`.
    pub is_async: bool,
    /// `function*`.
    pub is_generator: bool,
    /// The function that lexically holds it; `None` for the top level.
    pub parent: Option<FunctionId>,
    /// Decorators, as expressions.
    pub decorators: Vec<NodeId>,
    /// Declared type of what it returns.
    pub return_type: Option<Type>,
    /// The whole function.
    pub span: Span,
    /// The name, or the start of the function when it has none.
    pub name_span: Span,
}

/// Forms of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FunctionKind {
    /// The top level of a file.
    Module,
    /// The statements of a class body, which run when the class is defined.
    ClassBody,
    /// A named function, or a function expression with a `this` of its own.
    Function,
    /// A method.
    Method,
    /// A constructor, `initialize` included.
    Constructor,
    /// A property read that runs code.
    Getter,
    /// A property write that runs code; Ruby's `def name=`.
    Setter,
    /// An arrow function or lambda: `this` is that of the function around it.
    Arrow,
    /// A Ruby block.
    Block,
}

/// A parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    /// Where the value goes: [`super::Kind::Local`] or [`super::Kind::Pattern`].
    pub target: NodeId,
    /// How it is passed.
    pub kind: ParamKind,
    /// Used when it is not given.
    pub default: Option<NodeId>,
    /// Declared type.
    pub ty: Option<Type>,
    /// Whether it may be left out (`x?: T`).
    pub optional: bool,
    /// For a constructor parameter property (`private readonly redis: Redis`): the field it also fills.
    pub property: Option<SmolStr>,
    /// Decorators, as expressions.
    pub decorators: Vec<NodeId>,
}

/// How a parameter is passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// By position.
    Positional,
    /// `...rest`, `*rest`.
    Rest,
    /// `name:` (Ruby).
    Keyword(SmolStr),
    /// `**rest` (Ruby).
    KeywordRest,
    /// `&block` (Ruby).
    Block,
}

//! Classes, modules, interfaces and enums.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{BindingId, FunctionId, NodeId, Type};
use crate::source::Span;

/// Index of a class in its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// A class-like declaration. A reopened Ruby class is several of them with one full name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Class {
    /// The segments as written: `["A", "B"]` for `class A::B`; one segment in TypeScript; empty for a class without name.
    pub path: Vec<SmolStr>,
    /// Which form.
    pub kind: ClassKind,
    /// The class or module it stands in.
    pub nesting: Option<ClassId>,
    /// The variable that holds it (TypeScript).
    pub binding: Option<BindingId>,
    /// The superclass expression.
    pub superclass: Option<NodeId>,
    /// Type arguments of the superclass, and interfaces extended or implemented.
    pub supertypes: Vec<Type>,
    /// `include`, `prepend`, `extend`.
    pub mixins: Vec<Mixin>,
    /// Declared fields; in Ruby none, fields exist by assignment.
    pub fields: Vec<Field>,
    /// Methods, accessors and constructors.
    pub methods: Vec<Method>,
    /// Decorators, as expressions.
    pub decorators: Vec<NodeId>,
    /// The statements of the body, in order, as a function that runs once.
    pub body: Option<FunctionId>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

/// Forms of class-like declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClassKind {
    /// A class.
    Class,
    /// A Ruby module, or a TypeScript namespace.
    Module,
    /// A TypeScript interface.
    Interface,
    /// A TypeScript enum: members are static fields.
    Enum,
}

/// A mixed-in module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mixin {
    /// Which of the three.
    pub kind: MixinKind,
    /// The module.
    pub value: NodeId,
}

/// How a module is mixed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MixinKind {
    /// Behind the class's own methods.
    Include,
    /// Before the class's own methods.
    Prepend,
    /// Into the class itself.
    Extend,
}

/// A declared field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Name, `#private` with its sign.
    pub name: SmolStr,
    /// Of the class itself.
    pub is_static: bool,
    /// Declared type.
    pub ty: Option<Type>,
    /// Initial value.
    pub value: Option<NodeId>,
    /// Decorators, as expressions.
    pub decorators: Vec<NodeId>,
    /// The declaration.
    pub span: Span,
}

/// A method of a class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Method {
    /// Name; setters without `=`.
    pub name: SmolStr,
    /// Its function.
    pub function: FunctionId,
    /// Of the class itself.
    pub is_static: bool,
    /// Which form.
    pub kind: MethodKind,
}

/// Forms of methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MethodKind {
    /// Called. In Ruby also read like a property.
    Method,
    /// Read.
    Getter,
    /// Written.
    Setter,
    /// Runs on construction.
    Constructor,
}

//! Declared types, as far as they can name a client.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{BindingId, NodeId};

/// A type annotation.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub enum Type {
    /// A name with arguments: `Redis`, `Foo.Bar<Baz>`.
    Named {
        /// Segments as written.
        path: Vec<SmolStr>,
        /// What the first segment is bound to in this file.
        binding: Option<BindingId>,
        /// Type arguments.
        args: Vec<Type>,
    },
    /// `A | B`.
    Union(Vec<Type>),
    /// `A & B`.
    Intersection(Vec<Type>),
    /// `T[]`, and each member of a tuple.
    Array(Box<Type>),
    /// `{ a: T }`.
    Object(Vec<(SmolStr, Type)>),
    /// `(a: A, b: B) => T`: what it returns, and the types of its parameters in their order.
    Function(Box<Type>, Vec<Type>),
    /// `typeof x.y`.
    TypeOf(NodeId),
    /// `T["name"]`.
    Member(Box<Type>, SmolStr),
    /// `import("module").path`.
    Import {
        /// Module specifier.
        module: SmolStr,
        /// Segments behind it.
        path: Vec<SmolStr>,
    },
    /// `string`, `number`, `boolean` and the like.
    Primitive(SmolStr),
    /// A string literal type.
    Text(SmolStr),
    /// `null`, `undefined`, `void`.
    Nil,
    /// Anything else.
    Unknown,
}

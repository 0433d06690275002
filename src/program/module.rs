//! One lowered file.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Class, ClassId, Function, FunctionId, Kind, Node, NodeId, Type};
use crate::source::{Language, Span};

/// The program model of one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Module {
    /// Which front end made it.
    pub language: Language,
    /// What its language takes for false, and other facts of meaning that later stages need.
    pub semantics: Semantics,
    /// All nodes; children before parents.
    pub nodes: Vec<Node>,
    /// All functions; the first is the top level.
    pub functions: Vec<Function>,
    /// All classes.
    pub classes: Vec<Class>,
    /// All bindings.
    pub bindings: Vec<Binding>,
    /// Import declarations.
    pub imports: Vec<Import>,
    /// Exports, CommonJS ones included.
    pub exports: Vec<Export>,
    /// Type aliases.
    pub aliases: Vec<TypeAlias>,
    /// Comments, in order.
    pub comments: Vec<Span>,
    /// Where the parser could not follow the text. What surrounds them was lowered.
    pub errors: Vec<Span>,
    /// Whether the nesting was too deep to follow everywhere, so that some code became an empty [`Kind::Opaque`].
    pub truncated: bool,
}

/// What a language means by its values, as far as the analyses ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Semantics {
    /// Whether `0` counts as false.
    pub zero_is_falsy: bool,
    /// Whether `""` counts as false.
    pub empty_string_is_falsy: bool,
    /// Whether a read of an undefined method or constant is looked up in files that were not imported (Ruby).
    pub shares_constants: bool,
}

impl Module {
    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.0 as usize].kind
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].span
    }

    /// A function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// A class.
    #[must_use]
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }

    /// A binding.
    #[must_use]
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.0 as usize]
    }
}

/// Index of a binding in its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BindingId(pub u32);

/// A name that the file binds, in one scope. Front ends resolve every mention to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Binding {
    /// The name.
    pub name: SmolStr,
    /// What binds it.
    pub kind: BindingKind,
    /// The function whose scope holds it.
    pub function: FunctionId,
    /// Declared type.
    pub ty: Option<Type>,
    /// Never assigned again after its declaration.
    pub is_const: bool,
    /// The name where it is declared.
    pub span: Span,
}

/// What binds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BindingKind {
    /// `let`, `const`, `var`, first assignment.
    Variable,
    /// A parameter, its destructured members included.
    Param,
    /// An import: index into [`Module::imports`].
    Import(u32),
    /// A function declaration.
    Function(FunctionId),
    /// A class, interface, namespace or enum.
    Class(ClassId),
    /// A type alias: index into [`Module::aliases`].
    Alias(u32),
}

/// An imported name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Import {
    /// Module specifier as written.
    pub module: SmolStr,
    /// What of it.
    pub name: ImportName,
    /// The local name; `None` for `import "x"`.
    pub binding: Option<BindingId>,
    /// `import type`.
    pub type_only: bool,
    /// The declaration.
    pub span: Span,
}

/// What an import takes of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportName {
    /// `import x from`
    Default,
    /// `import * as x from`, `import x = require()`
    Namespace,
    /// `import { name } from`
    Named(SmolStr),
    /// `import "x"`
    Nothing,
}

/// An exported name. `module.exports = x` exports `=`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Export {
    /// A name of this file.
    Binding {
        /// Name outside; `default` included.
        name: SmolStr,
        /// Name inside.
        binding: BindingId,
    },
    /// A value: `export default f()`, `exports.name = x`, `module.exports = x` (name `=`).
    Value {
        /// Name outside.
        name: SmolStr,
        /// The value.
        value: NodeId,
    },
    /// `export { a as b } from "x"`.
    From {
        /// Name outside.
        name: SmolStr,
        /// Module specifier.
        module: SmolStr,
        /// What of it.
        import: ImportName,
    },
    /// `export * from "x"`.
    All {
        /// Module specifier.
        module: SmolStr,
    },
}

/// `type Name = …`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeAlias {
    /// Its name.
    pub name: SmolStr,
    /// Names of its type parameters.
    pub params: Vec<SmolStr>,
    /// What those stand for that are not given, in the order of the parameters; [`Type::Unknown`] when that is not said.
    pub defaults: Vec<Type>,
    /// Whether it is itself a type parameter, known by what it extends.
    pub is_param: bool,
    /// What it stands for.
    pub ty: Type,
}

//! The program model: what a front end makes of one file, the same for every language.
//!
//! It is not a syntax tree. It keeps what decides where a value comes from and in which order things happen: names and
//! their bindings, classes, functions, calls with receiver, arguments and block, strings with holes, objects, branches,
//! loops, tries and exits. What has no meaning here is [`Kind::Opaque`] with its children kept, so that no call is lost.
//!
//! Nodes live in one arena per module and are named by [`NodeId`]; children always have a smaller id than their parent,
//! so that walking never recurses further than the front end allowed.

mod class;
mod function;
mod kept;
mod module;
mod node;
mod print;
mod types;
mod visit;

pub use class::{Class, ClassId, ClassKind, Field, Method, MethodKind, Mixin, MixinKind};
pub use function::{Function, FunctionId, FunctionKind, Param, ParamKind};
pub use module::{Binding, BindingId, BindingKind, Export, Import, ImportName, Module, Semantics, TypeAlias};
pub use node::{
    Argument, ArgumentKind, Arm, AssignOp, BinaryOp, Call, CallForm, Entry, EntryKey, ExitKind, Kind, Literal, LogicOp, LoopKind, Node,
    NodeId, Part, PatternEntry, Rescue, Runs, Target, UnaryOp,
};
pub use print::{print, print_node};
pub use types::Type;

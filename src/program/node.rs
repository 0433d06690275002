//! Nodes: expressions and statements in one arena.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{BindingId, ClassId, FunctionId, Type};
use crate::source::Span;

/// Index of a node in its module's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// A node and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    /// The source text it was lowered from.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is. Statements are nodes whose value nobody reads; in Ruby every node has a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// A literal.
    Literal(Literal),
    /// A string with holes: template literal, interpolated string, or a formatting call with a literal format.
    Template(Vec<Part>),
    /// A variable, parameter, function, class or import that the file itself binds.
    Local(BindingId),
    /// A name that the file does not bind: a global of the language's run-time, or an unknown.
    Free(SmolStr),
    /// A variable that all files share: `$redis`, `globalThis.redis`.
    Global(SmolStr),
    /// A constant looked up through `nesting` and its ancestors (Ruby): `["Redis", "Namespace"]`.
    Constant {
        /// The segments as written.
        path: Vec<SmolStr>,
        /// Whether it began with `::`.
        absolute: bool,
        /// The innermost class or module it stands in.
        nesting: Option<ClassId>,
    },
    /// `this` or `self`, explicit or, in front of a [`Target::Own`] call, implied.
    This,
    /// `super` as an object (TypeScript) or the call of the overridden method's target (Ruby).
    Super,
    /// `object.name`: a property, a field (`@name` in Ruby is member `name` of [`Kind::This`]; `@@name` keeps its signs).
    Member {
        /// What is read from.
        object: NodeId,
        /// Property name.
        name: SmolStr,
        /// Where the name stands.
        name_span: Span,
        /// `?.` or `&.`
        optional: bool,
    },
    /// `object[index]`.
    Index {
        /// What is read from.
        object: NodeId,
        /// The index or key.
        index: NodeId,
        /// `?.[`
        optional: bool,
    },
    /// A call or construction.
    Call(Box<Call>),
    /// An object or hash literal.
    Object(Vec<Entry>),
    /// An array literal; members may be [`Kind::Spread`].
    Array(Vec<NodeId>),
    /// `...x`, `*x` or `**x` in an array.
    Spread(NodeId),
    /// A function value: arrow, function expression, lambda, and the place of a function declaration.
    Closure(FunctionId),
    /// The place of a class or module declaration, or a class expression.
    Class(ClassId),
    /// `a ?? b`, `a || b`, `a && b`: as a value one of both, as control flow a branch.
    Logic {
        /// Which test.
        op: LogicOp,
        /// Evaluated always.
        left: NodeId,
        /// Evaluated sometimes.
        right: NodeId,
    },
    /// An operator with one operand.
    Unary {
        /// Operator.
        op: UnaryOp,
        /// Operand.
        operand: NodeId,
    },
    /// An operator with two operands, comparison included.
    Binary {
        /// Operator.
        op: BinaryOp,
        /// Left operand.
        left: NodeId,
        /// Right operand.
        right: NodeId,
    },
    /// `await x`.
    Await(NodeId),
    /// `x as T`, `x satisfies T`, `<T>x`, `x!`: the same value, seen with a type (`None` for `!`).
    Cast {
        /// The value.
        value: NodeId,
        /// The type named.
        ty: Option<Type>,
    },
    /// An assignment; declarations with a value are assignments too.
    Assign {
        /// A [`Kind::Local`], [`Kind::Member`], [`Kind::Index`], [`Kind::Global`], [`Kind::Constant`] or [`Kind::Pattern`].
        target: NodeId,
        /// What is assigned.
        value: NodeId,
        /// Plain or combined with the old value.
        op: AssignOp,
        /// Whether this declares the target (`const`, `let`, first mention).
        declares: bool,
    },
    /// A destructuring pattern; `[a, b]` has keys `0`, `1`.
    Pattern(Vec<PatternEntry>),
    /// The value of another module as an expression: `require("x")`, `await import("x")`.
    Require {
        /// Module specifier as written.
        specifier: SmolStr,
        /// Whether it was a dynamic `import()`.
        dynamic: bool,
    },
    /// Statements in a row; the value is that of the last.
    Block(Vec<NodeId>),
    /// `if`, `unless` (negated), ternary, modifiers.
    Branch {
        /// What is tested.
        condition: NodeId,
        /// Taken when it holds.
        then: NodeId,
        /// Taken otherwise.
        otherwise: Option<NodeId>,
    },
    /// `switch`, `case`: arms are tried in order. A `switch` arm that falls through repeats the arm below it as its end is unknown: front ends mark it by [`Arm::falls_through`].
    Switch {
        /// What is compared, if anything.
        subject: Option<NodeId>,
        /// The arms.
        arms: Vec<Arm>,
        /// `default` or `else`.
        otherwise: Option<NodeId>,
    },
    /// A loop statement. Iterating *calls* (`each`, `forEach`) are calls whose [`Call::runs`] is [`Runs::Each`].
    Loop {
        /// Which form.
        kind: LoopKind,
        /// What each turn binds (for-of, for-in), a target as in [`Kind::Assign`].
        binding: Option<NodeId>,
        /// What is iterated, or the initialiser of a counting loop.
        source: Option<NodeId>,
        /// What is tested before (or, for [`LoopKind::DoWhile`], after) each turn. `until` is negated.
        condition: Option<NodeId>,
        /// What a counting loop does after each turn.
        update: Option<NodeId>,
        /// The body.
        body: NodeId,
    },
    /// `try`/`begin` with its handlers.
    Try {
        /// Protected statements.
        body: NodeId,
        /// Handlers.
        rescues: Vec<Rescue>,
        /// Ruby's `else`: runs when nothing was raised.
        otherwise: Option<NodeId>,
        /// `finally` or `ensure`.
        cleanup: Option<NodeId>,
    },
    /// Leaves the function, loop or turn.
    Exit {
        /// How.
        kind: ExitKind,
        /// With what.
        value: Option<NodeId>,
    },
    /// Ruby's `yield`: calls the block that the method was given.
    Yield(Vec<Argument>),
    /// Anything else; children in evaluation order.
    Opaque(Vec<NodeId>),
}

/// A literal value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// `null`, `undefined`, `nil`.
    Nil,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string, unescaped.
    Str(SmolStr),
    /// A Ruby symbol, without its colon.
    Symbol(SmolStr),
    /// A regular expression, as written.
    Regex(SmolStr),
}

/// A piece of a [`Kind::Template`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Part {
    /// Literal text, unescaped.
    Text(SmolStr),
    /// An interpolated expression.
    Hole(NodeId),
}

/// A call, `new` included.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call {
    /// What is called.
    pub target: Target,
    /// The token that names what is called: the `get` of `.get(`, the `createClient` of `createClient(`, the `new` of `new Redis(`.
    pub name_span: Span,
    /// Arguments in order of writing; Ruby's block is `block`.
    pub args: Vec<Argument>,
    /// The block literal of a Ruby call.
    pub block: Option<FunctionId>,
    /// Call or construction.
    pub form: CallForm,
    /// `?.` or `&.` before the name, or `?.(`.
    pub optional: bool,
    /// When and how often a function given to this call runs, as far as the called name tells in this language.
    pub runs: Runs,
    /// Type arguments, as written.
    pub type_args: Vec<Type>,
    /// The arguments with their parentheses; empty at the end of the name when there are none.
    pub args_span: Span,
}

/// What a call calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Target {
    /// `receiver.name(…)`. `Redis.new` in Ruby is a method of a constant.
    Method {
        /// The object.
        receiver: NodeId,
        /// The method.
        name: SmolStr,
    },
    /// `callee(…)`, `new Callee(…)`.
    Function(NodeId),
    /// A Ruby call without receiver: a method of `self`, or of the language itself.
    Own(SmolStr),
    /// `super(…)`: the overridden method (or constructor) of the same name.
    Super,
}

/// One argument.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Argument {
    /// The value; for [`ArgumentKind::Spread`] what is spread.
    pub value: NodeId,
    /// How it is passed.
    pub kind: ArgumentKind,
}

/// How an argument is passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArgumentKind {
    /// By position.
    Positional,
    /// `...x`, `*x`.
    Spread,
    /// `name: value` (Ruby).
    Keyword(SmolStr),
    /// `**x` (Ruby), or a keyword whose name is not literal.
    KeywordSpread,
    /// `&block`, `&:name` (Ruby).
    Block,
}

/// Call or construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallForm {
    /// `f(x)`
    Call,
    /// `new F(x)`
    New,
}

/// When and how often the functions given to a call run, by the name of the called method in its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Runs {
    /// Nothing is known: maybe never, maybe later, maybe often.
    Unknown,
    /// Once, in place, before the call returns (`tap`, `then`, `synchronize`, an immediately called function).
    Once,
    /// Once for each member of the receiver, one after another (`each`, `forEach`, `map`).
    Each,
    /// Again and again, or a given number of times (`loop`, `times`).
    Repeat,
    /// Later, on an event or a timer (`on`, `setTimeout`).
    Later,
    /// The call waits for all members of its argument at once (`Promise.all`).
    Together,
}

/// A member of an object literal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its key.
    pub key: EntryKey,
    /// Its value; for [`EntryKey::Spread`] what is spread. Methods are closures.
    pub value: NodeId,
    /// Key and value.
    pub span: Span,
}

/// The key of an object member or of a destructured one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum EntryKey {
    /// A literal name.
    Name(SmolStr),
    /// A Ruby symbol key (`a: 1`, `:a => 1`), which is not the string key of the same name.
    Symbol(SmolStr),
    /// `[expression]: value`, `expression => value`.
    Computed(NodeId),
    /// `...x`, `**x`.
    Spread,
}

impl EntryKey {
    /// The literal name, of either kind.
    #[must_use]
    pub fn name(&self) -> Option<&SmolStr> {
        match self {
            Self::Name(name) | Self::Symbol(name) => Some(name),
            Self::Computed(_) | Self::Spread => None,
        }
    }
}

/// A member of a destructuring pattern.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatternEntry {
    /// Which member of the value it takes; [`EntryKey::Spread`] takes the rest.
    pub key: EntryKey,
    /// Where it goes: a target as in [`Kind::Assign`].
    pub target: NodeId,
    /// Used when the member is missing.
    pub default: Option<NodeId>,
}

/// An arm of a [`Kind::Switch`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Arm {
    /// Compared with the subject, or tested.
    pub tests: Vec<NodeId>,
    /// Its statements.
    pub body: NodeId,
    /// Whether the arm may run on into the next one.
    pub falls_through: bool,
}

/// A `catch` or `rescue`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rescue {
    /// The error classes named; empty catches all.
    pub classes: Vec<NodeId>,
    /// What the error is bound to, a target as in [`Kind::Assign`].
    pub binding: Option<NodeId>,
    /// The handler.
    pub body: NodeId,
}

/// The test of a [`Kind::Logic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogicOp {
    /// `a ?? b`: right when left is nil.
    OrNil,
    /// `a || b`: right when left is falsy.
    Or,
    /// `a && b`: right when left is truthy.
    And,
}

/// How an assignment combines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AssignOp {
    /// `=`
    Plain,
    /// `??=`
    OrNil,
    /// `||=`
    Or,
    /// `&&=`
    And,
    /// `+=` and the rest; the target keeps its kind of value.
    Combine,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnaryOp {
    /// `!x`, `not x`
    Not,
    /// `-x`
    Negate,
    /// `typeof x`
    TypeOf,
    /// `void x`
    Void,
    /// `x++`, `x--` and their prefix forms
    Step,
    /// Anything else.
    Other,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `**`
    Power,
    /// `==`, `===`
    Equal,
    /// `!=`, `!==`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<<` (append in Ruby)
    ShiftLeft,
    /// `in`, `instanceof`, `=~`, bit operators and the rest
    Other,
}

/// Forms of loop statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopKind {
    /// `for (x of xs)`, `for x in xs`
    Each,
    /// `for await (x of xs)`
    EachAwait,
    /// `for (k in object)`
    Keys,
    /// `for (init; test; update)`
    Count,
    /// `while`, `until`
    While,
    /// `do … while`, `begin … end while`
    DoWhile,
}

/// Ways to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExitKind {
    /// `return`
    Return,
    /// `throw`, `raise`
    Throw,
    /// `break`
    Break,
    /// `continue`, `next`
    Next,
}

//! Names of the grammar as enums, so that lowering dispatches on integers and a typing error does not compile.

use std::sync::OnceLock;

use tree_sitter::{Language, Node};

/// Declares an enum whose members stand for the named kinds (or fields) of the grammar; `None` of them is `Other`.
macro_rules! names {
    ($(#[$meta:meta])* $enum:ident { $($variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $enum { $(#[doc = $name] $variant,)* /// Anything the lowering does not name.
            Other }

        impl $enum {
            fn of_name(name: &str) -> Self {
                match name { $($name => Self::$variant,)* _ => Self::Other }
            }
        }
    };
}

names! {
    /// A named node kind.
    Syntax {
        Alias = "alias", AlternativePattern = "alternative_pattern", ArgumentList = "argument_list", Array = "array",
        ArrayPattern = "array_pattern", AsPattern = "as_pattern", Assignment = "assignment", BareString = "bare_string",
        BareSymbol = "bare_symbol", Begin = "begin", BeginBlock = "begin_block", Binary = "binary", Block = "block",
        BlockArgument = "block_argument", BlockBody = "block_body", BlockParameter = "block_parameter",
        BlockParameters = "block_parameters", BodyStatement = "body_statement", Break = "break", Call = "call", Case = "case",
        CaseMatch = "case_match", ChainedString = "chained_string", Character = "character", Class = "class",
        ClassVariable = "class_variable", Comment = "comment", Conditional = "conditional", Constant = "constant",
        DelimitedSymbol = "delimited_symbol", DestructuredLeftAssignment = "destructured_left_assignment",
        DestructuredParameter = "destructured_parameter", Do = "do", DoBlock = "do_block", ElementReference = "element_reference",
        Else = "else", Elsif = "elsif", EmptyStatement = "empty_statement", EndBlock = "end_block", Ensure = "ensure",
        EscapeSequence = "escape_sequence", ExceptionVariable = "exception_variable", Exceptions = "exceptions",
        ExpressionReferencePattern = "expression_reference_pattern", False = "false", File = "file", FindPattern = "find_pattern",
        Float = "float", For = "for", ForwardArgument = "forward_argument", ForwardParameter = "forward_parameter",
        GlobalVariable = "global_variable", Hash = "hash", HashKeySymbol = "hash_key_symbol", HashPattern = "hash_pattern",
        HashSplatArgument = "hash_splat_argument", HashSplatNil = "hash_splat_nil", HashSplatParameter = "hash_splat_parameter",
        HeredocBeginning = "heredoc_beginning", HeredocBody = "heredoc_body", HeredocContent = "heredoc_content",
        HeredocEnd = "heredoc_end", Identifier = "identifier", If = "if", IfGuard = "if_guard", IfModifier = "if_modifier",
        In = "in", InClause = "in_clause", InstanceVariable = "instance_variable", Integer = "integer",
        Interpolation = "interpolation", KeywordParameter = "keyword_parameter", KeywordPattern = "keyword_pattern",
        Lambda = "lambda", LambdaParameters = "lambda_parameters", LeftAssignmentList = "left_assignment_list", Line = "line",
        MatchPattern = "match_pattern", Method = "method", MethodParameters = "method_parameters", Module = "module", Next = "next",
        Nil = "nil", OperatorAssignment = "operator_assignment", OptionalParameter = "optional_parameter", Pair = "pair",
        ParenthesizedPattern = "parenthesized_pattern", ParenthesizedStatements = "parenthesized_statements", Pattern = "pattern",
        Program = "program", Range = "range", Redo = "redo", Regex = "regex", Rescue = "rescue", RescueModifier = "rescue_modifier",
        RestAssignment = "rest_assignment", Retry = "retry", Return = "return", RightAssignmentList = "right_assignment_list",
        ScopeResolution = "scope_resolution", SelfObject = "self", Setter = "setter", SimpleSymbol = "simple_symbol",
        SingletonClass = "singleton_class", SingletonMethod = "singleton_method", SplatArgument = "splat_argument",
        SplatParameter = "splat_parameter", String = "string", StringArray = "string_array", StringContent = "string_content",
        Subshell = "subshell", Super = "super", Superclass = "superclass", SymbolArray = "symbol_array", TestPattern = "test_pattern", Then = "then",
        True = "true", Unary = "unary", Undef = "undef", Uninterpreted = "uninterpreted", Unless = "unless",
        UnlessGuard = "unless_guard", UnlessModifier = "unless_modifier", Until = "until", UntilModifier = "until_modifier",
        VariableReferencePattern = "variable_reference_pattern", When = "when", While = "while", WhileModifier = "while_modifier",
        Yield = "yield", Error = "ERROR",
    }
}

names! {
    /// A field of a node.
    Field {
        Alias = "alias", Alternative = "alternative", Alternatives = "alternatives", Arguments = "arguments", Begin = "begin",
        Block = "block", Body = "body", Class = "class", Clauses = "clauses", Condition = "condition", Consequence = "consequence",
        Else = "else", End = "end", Exceptions = "exceptions", Guard = "guard", Handler = "handler", Key = "key", Left = "left",
        Locals = "locals", Method = "method", Name = "name", Object = "object", Operand = "operand", Operator = "operator",
        Parameters = "parameters", Pattern = "pattern", Receiver = "receiver", Right = "right", Scope = "scope",
        Superclass = "superclass", Value = "value", Variable = "variable",
    }
}

/// The grammar's ids, translated once per process.
struct Names {
    kinds: Vec<Syntax>,
    fields: Vec<Field>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let language = Language::from(tree_sitter_ruby::LANGUAGE);
        let kind = |id: u16| match language.node_kind_for_id(id) {
            Some(name) if language.node_kind_is_named(id) => Syntax::of_name(name),
            _ => Syntax::Other,
        };
        let field = |id: u16| language.field_name_for_id(id).map_or(Field::Other, Field::of_name);
        Names {
            kinds: (0..language.node_kind_count() as u16).map(kind).collect(),
            fields: (0..=language.field_count() as u16).map(field).collect(),
        }
    })
}

impl Syntax {
    /// The kind of a node.
    pub(super) fn of(node: Node<'_>) -> Self {
        if node.is_error() {
            return Self::Error;
        }
        names().kinds.get(node.kind_id() as usize).copied().unwrap_or(Self::Other)
    }
}

impl Field {
    /// The field of an id that a cursor gave.
    pub(super) fn of(id: Option<std::num::NonZeroU16>) -> Self {
        id.and_then(|id| names().fields.get(id.get() as usize).copied()).unwrap_or(Self::Other)
    }
}

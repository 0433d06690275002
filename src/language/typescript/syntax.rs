//! The grammar's node kinds and fields as plain enums, so that the walk dispatches on a number and not on a string.
//!
//! TypeScript and TSX are two grammars with two numberings; each has its table, filled once.

use std::num::NonZeroU16;
use std::sync::OnceLock;

use tree_sitter::{Language, Node};

/// Declares [`Syntax`] and the look-up of grammar names.
macro_rules! kinds {
    (named { $($named:ident $named_text:literal)* } tokens { $($token:ident $token_text:literal)* }) => {
        /// A kind of syntax node that the lowering tells apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Syntax {
            $(#[doc = $named_text] $named,)*
            $(#[doc = $token_text] $token,)*
            /// Text that the parser could not follow.
            Error,
            /// Anything else.
            Other,
        }

        fn syntax_of(name: &str, is_named: bool) -> Syntax {
            match (is_named, name) {
                $((true, $named_text) => Syntax::$named,)*
                $((false, $token_text) => Syntax::$token,)*
                (true, "ERROR") => Syntax::Error,
                _ => Syntax::Other,
            }
        }
    };
}

kinds! {
    named {
        AbstractClassDeclaration "abstract_class_declaration"
        AbstractMethodSignature "abstract_method_signature"
        AccessibilityModifier "accessibility_modifier"
        AmbientDeclaration "ambient_declaration"
        Arguments "arguments"
        Array "array"
        ArrayPattern "array_pattern"
        ArrayType "array_type"
        ArrowFunction "arrow_function"
        AsExpression "as_expression"
        Asserts "asserts"
        AssertsAnnotation "asserts_annotation"
        AssignmentExpression "assignment_expression"
        AssignmentPattern "assignment_pattern"
        AugmentedAssignmentExpression "augmented_assignment_expression"
        AwaitExpression "await_expression"
        BinaryExpression "binary_expression"
        BreakStatement "break_statement"
        CallExpression "call_expression"
        CatchClause "catch_clause"
        Class "class"
        ClassBody "class_body"
        ClassDeclaration "class_declaration"
        ClassHeritage "class_heritage"
        ClassStaticBlock "class_static_block"
        Comment "comment"
        ComputedPropertyName "computed_property_name"
        ContinueStatement "continue_statement"
        DebuggerStatement "debugger_statement"
        Decorator "decorator"
        DoStatement "do_statement"
        ElseClause "else_clause"
        EmptyStatement "empty_statement"
        EnumAssignment "enum_assignment"
        EnumBody "enum_body"
        EnumDeclaration "enum_declaration"
        ExportClause "export_clause"
        ExportSpecifier "export_specifier"
        ExportStatement "export_statement"
        ExpressionStatement "expression_statement"
        ExtendsClause "extends_clause"
        ExtendsTypeClause "extends_type_clause"
        False "false"
        FinallyClause "finally_clause"
        FlowMaybeType "flow_maybe_type"
        ForInStatement "for_in_statement"
        ForStatement "for_statement"
        FormalParameters "formal_parameters"
        FunctionDeclaration "function_declaration"
        FunctionExpression "function_expression"
        FunctionSignature "function_signature"
        FunctionType "function_type"
        GeneratorFunction "generator_function"
        GeneratorFunctionDeclaration "generator_function_declaration"
        GenericType "generic_type"
        HashBangLine "hash_bang_line"
        HtmlComment "html_comment"
        Identifier "identifier"
        IfStatement "if_statement"
        ImplementsClause "implements_clause"
        Import "import"
        ImportAlias "import_alias"
        ImportClause "import_clause"
        ImportRequireClause "import_require_clause"
        ImportSpecifier "import_specifier"
        ImportStatement "import_statement"
        IndexSignature "index_signature"
        InstantiationExpression "instantiation_expression"
        InterfaceBody "interface_body"
        InterfaceDeclaration "interface_declaration"
        InternalModule "internal_module"
        IntersectionType "intersection_type"
        JsxAttribute "jsx_attribute"
        JsxClosingElement "jsx_closing_element"
        JsxElement "jsx_element"
        JsxExpression "jsx_expression"
        JsxOpeningElement "jsx_opening_element"
        JsxSelfClosingElement "jsx_self_closing_element"
        JsxText "jsx_text"
        LabeledStatement "labeled_statement"
        LexicalDeclaration "lexical_declaration"
        LiteralType "literal_type"
        LookupType "lookup_type"
        MemberExpression "member_expression"
        MetaProperty "meta_property"
        MethodDefinition "method_definition"
        MethodSignature "method_signature"
        Module "module"
        NamedImports "named_imports"
        NamespaceExport "namespace_export"
        NamespaceImport "namespace_import"
        NestedIdentifier "nested_identifier"
        NestedTypeIdentifier "nested_type_identifier"
        NewExpression "new_expression"
        NonNullExpression "non_null_expression"
        Null "null"
        Number "number"
        Object "object"
        ObjectAssignmentPattern "object_assignment_pattern"
        ObjectPattern "object_pattern"
        ObjectType "object_type"
        OptionalChain "optional_chain"
        OptionalParameter "optional_parameter"
        OptionalType "optional_type"
        OverrideModifier "override_modifier"
        Pair "pair"
        PairPattern "pair_pattern"
        ParenthesizedExpression "parenthesized_expression"
        ParenthesizedType "parenthesized_type"
        PredefinedType "predefined_type"
        PrivatePropertyIdentifier "private_property_identifier"
        Program "program"
        PropertyIdentifier "property_identifier"
        PropertySignature "property_signature"
        PublicFieldDefinition "public_field_definition"
        ReadonlyType "readonly_type"
        Regex "regex"
        RequiredParameter "required_parameter"
        RestPattern "rest_pattern"
        RestType "rest_type"
        ReturnStatement "return_statement"
        SatisfiesExpression "satisfies_expression"
        SequenceExpression "sequence_expression"
        ShorthandProperty "shorthand_property_identifier"
        ShorthandPropertyPattern "shorthand_property_identifier_pattern"
        SpreadElement "spread_element"
        StatementBlock "statement_block"
        StatementIdentifier "statement_identifier"
        String "string"
        SubscriptExpression "subscript_expression"
        Super "super"
        SwitchBody "switch_body"
        SwitchCase "switch_case"
        SwitchDefault "switch_default"
        SwitchStatement "switch_statement"
        TemplateLiteralType "template_literal_type"
        TemplateString "template_string"
        TemplateSubstitution "template_substitution"
        TernaryExpression "ternary_expression"
        This "this"
        ThrowStatement "throw_statement"
        True "true"
        TryStatement "try_statement"
        TupleType "tuple_type"
        TypeAliasDeclaration "type_alias_declaration"
        TypeAnnotation "type_annotation"
        TypeArguments "type_arguments"
        TypeAssertion "type_assertion"
        TypeIdentifier "type_identifier"
        TypeParameter "type_parameter"
        TypeParameters "type_parameters"
        TypePredicate "type_predicate"
        TypePredicateAnnotation "type_predicate_annotation"
        TypeQuery "type_query"
        UnaryExpression "unary_expression"
        Undefined "undefined"
        UnionType "union_type"
        UpdateExpression "update_expression"
        UsingDeclaration "using_declaration"
        VariableDeclaration "variable_declaration"
        VariableDeclarator "variable_declarator"
        WhileStatement "while_statement"
        WithStatement "with_statement"
        YieldExpression "yield_expression"
    }
    tokens {
        TokenAsync "async"
        TokenAwait "await"
        TokenClass "class"
        TokenComma ","
        TokenConst "const"
        TokenDefault "default"
        TokenEquals "="
        TokenGet "get"
        TokenGlobal "global"
        TokenNew "new"
        TokenOptionalDot "?."
        TokenQuestion "?"
        TokenReadonly "readonly"
        TokenSet "set"
        TokenStar "*"
        TokenStatic "static"
        TokenType "type"
        TokenTypeof "typeof"
        TokenUsing "using"
        TokenVar "var"
    }
}

/// Declares [`Field`].
macro_rules! fields {
    ($($field:ident $text:literal)*) => {
        /// A named child of a syntax node.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Field {
            $(#[doc = $text] $field,)*
        }

        const FIELDS: &[&str] = &[$($text),*];
    };
}

fields! {
    Alias "alias"
    Alternative "alternative"
    Argument "argument"
    Arguments "arguments"
    Body "body"
    Condition "condition"
    Consequence "consequence"
    Constraint "constraint"
    Constructor "constructor"
    Declaration "declaration"
    Finalizer "finalizer"
    Function "function"
    Handler "handler"
    Increment "increment"
    Index "index"
    Initializer "initializer"
    Key "key"
    Kind "kind"
    Left "left"
    Module "module"
    Name "name"
    Object "object"
    OpenTag "open_tag"
    Operator "operator"
    Parameter "parameter"
    Parameters "parameters"
    Pattern "pattern"
    Property "property"
    ReturnType "return_type"
    Right "right"
    Source "source"
    Type "type"
    TypeArguments "type_arguments"
    TypeParameters "type_parameters"
    Value "value"
}

/// The tables of one dialect.
pub(super) struct Grammar {
    /// What the parser is set to.
    pub(super) language: Language,
    kinds: Vec<Syntax>,
    fields: Vec<Option<NonZeroU16>>,
}

impl Grammar {
    /// The grammar without JSX.
    pub(super) fn typescript() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()))
    }

    /// The grammar with JSX and without angle bracket casts.
    pub(super) fn tsx() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TSX.into()))
    }

    fn new(language: Language) -> Self {
        let kinds = (0..language.node_kind_count() as u16)
            .map(|id| language.node_kind_for_id(id).map_or(Syntax::Other, |name| syntax_of(name, language.node_kind_is_named(id))))
            .collect();
        let fields = FIELDS.iter().map(|name| language.field_id_for_name(name)).collect();
        Self { language, kinds, fields }
    }

    /// The kind of a node.
    pub(super) fn syntax(&self, node: Node) -> Syntax {
        match self.kinds.get(node.kind_id() as usize) {
            Some(syntax) => *syntax,
            // The number of ERROR lies behind all kinds of the grammar.
            None => Syntax::Error,
        }
    }

    /// The child in a field.
    pub(super) fn field<'t>(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        node.child_by_field_id(self.fields[field as usize]?.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_exists_in_both_grammars() {
        for grammar in [Grammar::typescript(), Grammar::tsx()] {
            let missing: Vec<_> = FIELDS.iter().zip(&grammar.fields).filter(|(_, id)| id.is_none()).map(|(name, _)| *name).collect();
            let jsx: &[&str] = if grammar.language == Grammar::tsx().language { &[] } else { &["open_tag"] };
            assert_eq!(missing, jsx);
        }
    }
}

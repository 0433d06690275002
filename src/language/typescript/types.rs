//! Type annotations, as far as they can name a client.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::lowering::Lowering;
use super::scope::Space;
use super::strings::unescape;
use super::syntax::{Field, Syntax};
use crate::program::{EntryKey, Type};

impl<'t> Lowering<'t> {
    /// Lowers a type, or the annotation around one.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Type {
        if !self.descend() {
            return Type::Unknown;
        }
        let ty = self.ty_inner(node);
        self.ascend();
        ty
    }

    fn ty_inner(&mut self, node: Node<'t>) -> Type {
        match self.syntax(node) {
            Syntax::TypeAnnotation | Syntax::ParenthesizedType | Syntax::ReadonlyType | Syntax::OptionalType | Syntax::FlowMaybeType => {
                self.first_type(node)
            }
            Syntax::TypeIdentifier | Syntax::Identifier => self.named_type(node, Vec::new()),
            Syntax::NestedTypeIdentifier | Syntax::NestedIdentifier => self.named_type(node, Vec::new()),
            Syntax::GenericType => {
                let args = self.type_arguments(node);
                match self.field(node, Field::Name) {
                    Some(name) => self.named_type(name, args),
                    None => Type::Unknown,
                }
            }
            Syntax::UnionType => Type::Union(self.flat_types(node, Syntax::UnionType)),
            Syntax::IntersectionType => Type::Intersection(self.flat_types(node, Syntax::IntersectionType)),
            Syntax::ArrayType | Syntax::RestType => Type::Array(Box::new(self.first_type(node))),
            Syntax::TupleType => self.tuple_type(node),
            Syntax::RequiredParameter | Syntax::OptionalParameter => {
                self.field(node, Field::Type).map_or(Type::Unknown, |inner| self.ty(inner))
            }
            Syntax::ObjectType | Syntax::InterfaceBody => Type::Object(self.object_type(node)),
            Syntax::FunctionType => {
                let result = self.field(node, Field::ReturnType).map_or(Type::Unknown, |result| self.ty(result));
                let params = self.param_types(node);
                Type::Function(Box::new(result), params)
            }
            Syntax::TypeQuery => self.type_query(node),
            Syntax::LookupType => self.lookup_type(node),
            Syntax::MemberExpression | Syntax::CallExpression => self.import_type(node).unwrap_or(Type::Unknown),
            Syntax::LiteralType => match self.first_child(node) {
                Some(literal) => self.literal_type(literal),
                None => Type::Unknown,
            },
            Syntax::PredefinedType => match self.text(node) {
                "void" => Type::Nil,
                "any" | "unknown" => Type::Unknown,
                name => Type::Primitive(name.into()),
            },
            Syntax::TemplateLiteralType => Type::Primitive("string".into()),
            Syntax::TypePredicate | Syntax::TypePredicateAnnotation => Type::Primitive("boolean".into()),
            Syntax::Asserts | Syntax::AssertsAnnotation => Type::Nil,
            _ => Type::Unknown,
        }
    }

    /// The type arguments of a node, if it has any.
    pub(super) fn type_arguments(&mut self, node: Node<'t>) -> Vec<Type> {
        let Some(arguments) = self.field(node, Field::TypeArguments) else { return Vec::new() };
        self.types_in(arguments)
    }

    /// The types that are the children of a node.
    pub(super) fn types_in(&mut self, node: Node<'t>) -> Vec<Type> {
        let children = self.children(node);
        children.into_iter().filter(|child| self.grammar.syntax(*child) != Syntax::Error).map(|child| self.ty(child)).collect()
    }

    fn first_type(&mut self, node: Node<'t>) -> Type {
        match self.first_child(node) {
            Some(inner) => self.ty(inner),
            None => Type::Unknown,
        }
    }

    /// `A.B.C` with what its first segment is bound to.
    fn named_type(&mut self, node: Node<'t>, args: Vec<Type>) -> Type {
        let path: Vec<SmolStr> = self.dotted(node).into_iter().map(|segment| self.text(segment).into()).collect();
        let binding = match path.as_slice() {
            [] => return Type::Unknown,
            [name] => self.scopes.lookup(Space::Type, name),
            [name, ..] => self.scopes.lookup(Space::Type, name).or_else(|| self.scopes.lookup(Space::Value, name)),
        };
        Type::Named { path, binding, args }
    }

    /// The identifiers of `a.b.c`, in order, whatever kind of dotted name it is.
    pub(super) fn dotted(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut segments = Vec::new();
        let mut rest = Some(node);
        while let Some(node) = rest {
            rest = match self.syntax(node) {
                Syntax::NestedTypeIdentifier => {
                    segments.extend(self.field(node, Field::Name));
                    self.field(node, Field::Module)
                }
                Syntax::NestedIdentifier | Syntax::MemberExpression => {
                    segments.extend(self.property(node));
                    self.field(node, Field::Object)
                }
                _ => {
                    segments.push(node);
                    None
                }
            };
        }
        segments.reverse();
        segments
    }

    /// The members of `A | B | C`, which the grammar nests to the left.
    fn flat_types(&mut self, node: Node<'t>, syntax: Syntax) -> Vec<Type> {
        let mut members = Vec::new();
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if self.syntax(node) == syntax {
                let children = self.children(node);
                stack.extend(children.into_iter().rev());
            } else {
                members.push(self.ty(node));
            }
        }
        members
    }

    fn tuple_type(&mut self, node: Node<'t>) -> Type {
        let mut members = self.types_in(node);
        Type::Array(Box::new(if members.len() == 1 { members.remove(0) } else { Type::Union(members) }))
    }

    /// The named members of an object type or interface body; methods are functions.
    pub(super) fn object_type(&mut self, node: Node<'t>) -> Vec<(SmolStr, Type)> {
        let mut fields = Vec::new();
        for child in self.children(node) {
            fields.extend(self.type_member(child));
        }
        fields
    }

    /// The name and type of one member of an object type or interface body.
    pub(super) fn type_member(&mut self, node: Node<'t>) -> Option<(SmolStr, Type)> {
        let syntax = self.syntax(node);
        // `[name: string]: Redis`: the members without a name of their own.
        if syntax == Syntax::IndexSignature {
            let ty = self.field(node, Field::Type)?;
            let ty = self.ty(ty);
            return (!matches!(ty, Type::Unknown | Type::Primitive(_) | Type::Nil)).then_some((SmolStr::default(), ty));
        }
        if !matches!(syntax, Syntax::PropertySignature | Syntax::MethodSignature) {
            return None;
        }
        let name = self.field(node, Field::Name)?;
        let EntryKey::Name(name) = self.property_key(name) else { return None };
        if syntax == Syntax::PropertySignature {
            let ty = self.field(node, Field::Type).map_or(Type::Unknown, |ty| self.ty(ty));
            return Some((name, ty));
        }
        self.scopes.enter();
        self.type_parameters(node);
        let result = self.field(node, Field::ReturnType).map_or(Type::Unknown, |result| self.ty(result));
        let params = self.param_types(node);
        self.scopes.leave();
        let ty = if self.has_token(node, Syntax::TokenGet) { result } else { Type::Function(Box::new(result), params) };
        Some((name, ty))
    }

    /// The types of the parameters of a function type; `this` is none of them.
    fn param_types(&mut self, node: Node<'t>) -> Vec<Type> {
        let Some(parameters) = self.field(node, Field::Parameters) else { return Vec::new() };
        let mut types = Vec::new();
        for child in self.children(parameters) {
            let Some(pattern) = self.field(child, Field::Pattern) else { continue };
            match self.syntax(pattern) {
                Syntax::This => {}
                // What is behind it has no place of its own.
                Syntax::RestPattern => break,
                _ => types.push(self.field(child, Field::Type).map_or(Type::Unknown, |ty| self.ty(ty))),
            }
        }
        types
    }

    fn type_query(&mut self, node: Node<'t>) -> Type {
        let Some(value) = self.first_child(node) else { return Type::Unknown };
        match self.import_type(value) {
            Some(ty) => ty,
            None => Type::TypeOf(self.expression(value)),
        }
    }

    /// `import("module").path`.
    fn import_type(&mut self, node: Node<'t>) -> Option<Type> {
        let mut path = Vec::new();
        let mut call = node;
        while self.syntax(call) == Syntax::MemberExpression {
            path.push(SmolStr::from(self.text(self.property(call)?)));
            call = self.field(call, Field::Object)?;
        }
        let function = self.field(call, Field::Function)?;
        if self.syntax(function) != Syntax::Import {
            return None;
        }
        let arguments = self.field(call, Field::Arguments)?;
        let module = self.first_child(arguments).filter(|module| self.syntax(*module) == Syntax::String)?;
        path.reverse();
        Some(Type::Import { module: self.string_value(module), path })
    }

    fn lookup_type(&mut self, node: Node<'t>) -> Type {
        let children = self.children(node);
        let [object, index] = children[..] else { return Type::Unknown };
        let object = self.ty(object);
        match self.ty(index) {
            Type::Text(name) => Type::Member(Box::new(object), name),
            // `T[number]` is a member of an array.
            Type::Primitive(name) if name == "number" => match object {
                Type::Array(member) => *member,
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    fn literal_type(&mut self, node: Node<'t>) -> Type {
        match self.syntax(node) {
            Syntax::String => Type::Text(self.string_value(node)),
            Syntax::Null | Syntax::Undefined => Type::Nil,
            Syntax::True | Syntax::False => Type::Primitive("boolean".into()),
            Syntax::Number | Syntax::UnaryExpression => Type::Primitive("number".into()),
            _ => Type::Unknown,
        }
    }

    /// The value of a string literal.
    pub(super) fn string_value(&self, node: Node<'t>) -> SmolStr {
        unescape(self.inside(node))
    }

    /// The text between the quotes of a literal.
    pub(super) fn inside(&self, node: Node<'t>) -> &'t str {
        let text = self.text(node);
        let inner = text.get(1..).unwrap_or_default();
        // A string that the parser had to close itself has no second quote.
        match text.chars().next() {
            Some(quote) => inner.strip_suffix(quote).unwrap_or(inner),
            None => inner,
        }
    }
}

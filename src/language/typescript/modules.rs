//! Imports and exports, of both module systems.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::lowering::{Exporting, Lowering};
use super::scope::Space;
use super::syntax::{Field, Syntax};
use crate::program::{BindingKind, Export, Import, ImportName, Kind, NodeId};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// Declares what an import statement imports. Imports are hoisted: this runs before the statements around it.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let span = self.span(node);
        let mut type_only = false;
        let mut clause = None;
        for token in self.tokens(node) {
            match self.syntax(token) {
                Syntax::TokenType | Syntax::TokenTypeof => type_only = true,
                Syntax::ImportClause => clause = Some(token),
                Syntax::ImportRequireClause => {
                    let source = self.field(token, Field::Source);
                    if let (Some(source), Some(name)) = (source, self.first_child(token)) {
                        let module = self.string_value(source);
                        self.import_name(module, ImportName::Namespace, Some(name), type_only, span);
                    }
                    return;
                }
                _ => {}
            }
        }
        let Some(source) = self.field(node, Field::Source) else { return };
        let module = self.string_value(source);
        let Some(clause) = clause else {
            self.import_name(module, ImportName::Nothing, None, type_only, span);
            return;
        };
        for part in self.children(clause) {
            match self.syntax(part) {
                Syntax::Identifier => self.import_name(module.clone(), ImportName::Default, Some(part), type_only, span),
                Syntax::NamespaceImport => {
                    let name = self.first_child(part);
                    self.import_name(module.clone(), ImportName::Namespace, name, type_only, span);
                }
                Syntax::NamedImports => {
                    let specifiers = self.children(part);
                    if specifiers.is_empty() {
                        self.import_name(module.clone(), ImportName::Nothing, None, type_only, span);
                    }
                    for specifier in specifiers {
                        self.import_specifier(&module, specifier, type_only, span);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, module: &SmolStr, node: Node<'t>, type_only: bool, span: Span) {
        let Some(name) = self.field(node, Field::Name) else { return };
        let local = self.field(node, Field::Alias).unwrap_or(name);
        let first = node.child(0).map(|first| self.syntax(first));
        let type_only = type_only || matches!(first, Some(Syntax::TokenType | Syntax::TokenTypeof));
        let import = import_name(self.outside_name(name));
        self.import_name(module.clone(), import, Some(local), type_only, span);
    }

    fn import_name(&mut self, module: SmolStr, name: ImportName, local: Option<Node<'t>>, type_only: bool, span: Span) {
        let index = self.module.imports.len() as u32;
        let binding = local.map(|local| {
            let binding = self.bind(self.text(local), BindingKind::Import(index), self.span(local));
            let text = self.text(local);
            self.scopes.declare(Space::Value, text, Some(binding));
            self.scopes.declare(Space::Type, text, Some(binding));
            binding
        });
        self.module.imports.push(Import { module, name, binding, type_only, span });
    }

    /// A name in an import or export list, which may be a string.
    fn outside_name(&self, node: Node<'t>) -> SmolStr {
        if self.syntax(node) == Syntax::String { self.string_value(node) } else { self.text(node).into() }
    }

    /// Lowers an export statement with what it declares.
    pub(super) fn export(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        self.strays(node);
        let is_default = self.has_token(node, Syntax::TokenDefault);
        let mut decorators = Vec::new();
        for child in self.children(node) {
            if self.syntax(child) == Syntax::Decorator {
                decorators.extend(self.decorator(child));
            }
        }
        if let Some(declaration) = self.field(node, Field::Declaration) {
            self.exported_declaration(declaration, is_default, decorators, out);
        } else if let Some(value) = self.field(node, Field::Value) {
            self.export_expression("default", value, out);
        } else if let Some(source) = self.field(node, Field::Source) {
            self.export_from(node, source);
        } else {
            self.export_list(node, out);
        }
    }

    fn exported_declaration(&mut self, declaration: Node<'t>, is_default: bool, decorators: Vec<NodeId>, out: &mut Vec<NodeId>) {
        if matches!(self.syntax(declaration), Syntax::ClassDeclaration | Syntax::AbstractClassDeclaration) {
            let span = self.span(declaration);
            let class = self.class_declaration(declaration, decorators);
            out.push(self.push(span, Kind::Class(class)));
        } else {
            self.statement(declaration, out);
        }
        for (space, name) in self.declared_names(declaration) {
            if let Some(binding) = self.scopes.lookup(space, self.text(name)) {
                let outside = if is_default { "default".into() } else { SmolStr::from(self.text(name)) };
                let span = self.span(name);
                let export = Export::Binding { name: outside.clone(), binding };
                self.add_export(export, outside, binding, span);
            }
        }
    }

    fn add_export(&mut self, export: Export, name: SmolStr, binding: crate::program::BindingId, span: Span) {
        match self.exporting {
            Exporting::Module => self.module.exports.push(export),
            Exporting::Namespace(class) => self.namespace_member(class, name, binding, span),
            Exporting::Nowhere => {}
        }
    }

    /// The names that a declaration declares, and in which name space to find them.
    fn declared_names(&mut self, declaration: Node<'t>) -> Vec<(Space, Node<'t>)> {
        match self.syntax(declaration) {
            Syntax::LexicalDeclaration | Syntax::VariableDeclaration | Syntax::UsingDeclaration => {
                let mut names = Vec::new();
                for declarator in self.children(declaration) {
                    if let Some(pattern) = self.field(declarator, Field::Name) {
                        names.extend(self.pattern_names(pattern).into_iter().map(|name| (Space::Value, name)));
                    }
                }
                names
            }
            Syntax::InterfaceDeclaration | Syntax::TypeAliasDeclaration => {
                self.field(declaration, Field::Name).map(|name| (Space::Type, name)).into_iter().collect()
            }
            Syntax::InternalModule | Syntax::Module => {
                let name = self.field(declaration, Field::Name);
                let first = name.and_then(|name| self.namespace_segments(name).first().copied());
                first.map(|name| (Space::Value, name)).into_iter().collect()
            }
            Syntax::AmbientDeclaration => match self.first_child(declaration) {
                Some(inner) => self.declared_names(inner),
                None => Vec::new(),
            },
            Syntax::ImportAlias => self.first_child(declaration).map(|name| (Space::Value, name)).into_iter().collect(),
            _ => self.field(declaration, Field::Name).map(|name| (Space::Value, name)).into_iter().collect(),
        }
    }

    /// `export default value`, `export = value`.
    fn export_expression(&mut self, name: &str, value: Node<'t>, out: &mut Vec<NodeId>) {
        let value = self.expression(value);
        out.push(value);
        self.export_value(name.into(), value);
    }

    /// Exports a value by name: a name of this file as itself.
    pub(super) fn export_value(&mut self, name: SmolStr, value: NodeId) {
        let mut value = value;
        // `exports = module.exports = x` exports x.
        while let Kind::Assign { value: inner, .. } = self.kind(value) {
            value = *inner;
        }
        if !matches!(self.exporting, Exporting::Module) {
            return;
        }
        let export = match self.kind(value) {
            Kind::Local(binding) if name != "=" => Export::Binding { name, binding: *binding },
            _ => Export::Value { name, value },
        };
        self.module.exports.push(export);
    }

    fn export_from(&mut self, node: Node<'t>, source: Node<'t>) {
        if !matches!(self.exporting, Exporting::Module) {
            return;
        }
        let module = self.string_value(source);
        for child in self.children(node) {
            match self.syntax(child) {
                Syntax::NamespaceExport => {
                    if let Some(name) = self.first_child(child) {
                        let name = self.outside_name(name);
                        self.module.exports.push(Export::From { name, module: module.clone(), import: ImportName::Namespace });
                    }
                    return;
                }
                Syntax::ExportClause => {
                    for specifier in self.children(child) {
                        let Some(name) = self.field(specifier, Field::Name) else { continue };
                        let outside = self.field(specifier, Field::Alias).unwrap_or(name);
                        let import = import_name(self.outside_name(name));
                        let name = self.outside_name(outside);
                        self.module.exports.push(Export::From { name, module: module.clone(), import });
                    }
                    return;
                }
                _ => {}
            }
        }
        self.module.exports.push(Export::All { module });
    }

    /// `export { a, b as c }` and `export = value`.
    fn export_list(&mut self, node: Node<'t>, out: &mut Vec<NodeId>) {
        if self.has_token(node, Syntax::TokenEquals) {
            if let Some(value) = self.first_child(node).filter(|value| self.syntax(*value) != Syntax::Error) {
                self.export_expression("=", value, out);
            }
            return;
        }
        for child in self.children(node) {
            if self.syntax(child) != Syntax::ExportClause {
                continue;
            }
            for specifier in self.children(child) {
                if let Some(name) = self.field(specifier, Field::Name) {
                    let outside = self.field(specifier, Field::Alias).unwrap_or(name);
                    self.export_name(name, self.outside_name(outside));
                }
            }
        }
    }

    /// A name may be exported as a value and as a type; the value comes first.
    fn export_name(&mut self, name: Node<'t>, outside: SmolStr) {
        let value = self.scopes.lookup(Space::Value, self.text(name));
        let ty = self.scopes.lookup(Space::Type, self.text(name)).filter(|ty| Some(*ty) != value);
        for binding in value.into_iter().chain(ty) {
            let export = Export::Binding { name: outside.clone(), binding };
            self.add_export(export, outside.clone(), binding, self.span(name));
        }
    }

    /// The name under which an assignment exports: `=` for `module.exports`, `x` for `exports.x` and `module.exports.x`.
    pub(super) fn commonjs_export(&self, target: NodeId) -> Option<SmolStr> {
        match self.kind(target) {
            Kind::Member { object, name, .. } => {
                if self.is_free(*object, "module") && name == "exports" {
                    return Some("=".into());
                }
                (self.is_free(*object, "exports") || self.is_module_exports(*object)).then(|| name.clone())
            }
            _ => None,
        }
    }

    fn is_module_exports(&self, id: NodeId) -> bool {
        matches!(self.kind(id), Kind::Member { object, name, .. } if name == "exports" && self.is_free(*object, "module"))
    }

    fn is_free(&self, id: NodeId, text: &str) -> bool {
        matches!(self.kind(id), Kind::Free(name) if name == text)
    }
}

fn import_name(name: SmolStr) -> ImportName {
    if name == "default" { ImportName::Default } else { ImportName::Named(name) }
}

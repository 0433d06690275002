//! The state of one walk: the model under construction, the names in scope and how deep the walk is.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use tree_sitter::{Node, TreeCursor};

use super::scope::{Scopes, Space};
use super::syntax::{Field, Grammar, Syntax};
use crate::program::{
    Binding, BindingId, BindingKind, ClassId, Function, FunctionId, FunctionKind, Kind, Module, Node as Lowered, NodeId, Semantics,
};
use crate::source::{Language, Span};

/// How many levels of syntax the walk follows by recursion. Code written by people stays below 150. With optimisation a
/// level takes at most 2 KiB of stack, without it 8.
const MAX_NESTING: u32 = 250;

/// How deep the nodes of one function may lie below its body, long chains (`a + b + …`, `a.b().c()…`, `else if …`) included,
/// which the walk itself does not recurse into. Stages that recurse over nodes need a stack for this depth.
pub(super) const MAX_DEPTH: u32 = 4_000;

/// What `this` is.
#[derive(Clone, Copy, Default)]
pub(super) struct This {
    /// The class it is an instance of.
    pub(super) class: Option<ClassId>,
    /// Whether it is the class itself.
    pub(super) is_static: bool,
}

/// Where `export` puts what it names.
#[derive(Clone, Copy)]
pub(super) enum Exporting {
    /// Into the module.
    Module,
    /// Into a namespace.
    Namespace(ClassId),
    /// Nowhere: in the body of a `declare module`, which is about another module.
    Nowhere,
}

/// A name for the function or class that is about to be lowered, from the variable or property it is assigned to.
pub(super) struct Hint {
    /// The name.
    pub(super) name: SmolStr,
    /// Where it stands.
    pub(super) span: Span,
    /// For `Foo.prototype.bar = function`: the class of `this`.
    pub(super) class: Option<ClassId>,
}

pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    pub(super) grammar: &'static Grammar,
    pub(super) module: Module,
    pub(super) scopes: Scopes<'t>,
    /// The function whose body is being lowered.
    pub(super) function: FunctionId,
    pub(super) this: This,
    /// The class or namespace whose body is being lowered.
    pub(super) nesting: Option<ClassId>,
    pub(super) exporting: Exporting,
    pub(super) hint: Option<Hint>,
    /// Code out of ERROR nodes that waits for the end of its statement.
    pub(super) stray: Vec<NodeId>,
    /// The classes that `Foo.prototype` made of functions.
    pub(super) prototypes: FxHashMap<BindingId, ClassId>,
    /// The function that a binding holds, when it was made of one.
    pub(super) function_of: FxHashMap<BindingId, FunctionId>,
    /// By binding: assigned after its declaration.
    assigned: Vec<bool>,
    /// By binding: declared with a value, as `var` may be more than once.
    valued: Vec<bool>,
    /// Identities of the ERROR nodes whose children were lowered.
    pub(super) seen_errors: Vec<usize>,
    /// Depth of the node being lowered below the module's body.
    pub(super) depth: u32,
    nesting_depth: u32,
    cursor: TreeCursor<'t>,
}

impl<'t> Lowering<'t> {
    pub(super) fn new(language: Language, grammar: &'static Grammar, text: &'t str, root: Node<'t>) -> Self {
        Self {
            text,
            grammar,
            module: Module {
                language,
                semantics: Semantics { zero_is_falsy: true, empty_string_is_falsy: true, shares_constants: false },
                // Lowered code of real files has about one node for eighteen bytes.
                nodes: Vec::with_capacity(text.len() / 16 + 8),
                functions: Vec::new(),
                classes: Vec::new(),
                bindings: Vec::new(),
                imports: Vec::new(),
                exports: Vec::new(),
                aliases: Vec::new(),
                comments: Vec::new(),
                errors: Vec::new(),
                truncated: false,
            },
            scopes: Scopes::default(),
            function: FunctionId(0),
            this: This::default(),
            nesting: None,
            exporting: Exporting::Module,
            hint: None,
            stray: Vec::new(),
            prototypes: FxHashMap::default(),
            function_of: FxHashMap::default(),
            assigned: Vec::new(),
            valued: Vec::new(),
            seen_errors: Vec::new(),
            depth: 0,
            nesting_depth: 0,
            cursor: root.walk(),
        }
    }

    /// Lowers the whole file.
    pub(super) fn program(mut self, root: Node<'t>) -> Module {
        let span = Span::new(0, self.text.len() as u32);
        let function = self.reserve_function(FunctionKind::Module, span);
        self.scopes.enter();
        let children = self.children(root);
        self.hoist_function_body(&children);
        let mut statements = Vec::new();
        for child in children {
            self.statement(child, &mut statements);
        }
        self.scattered_errors(root, &mut statements);
        let body = self.push(span, Kind::Block(statements));
        self.module.functions[function.0 as usize].body = body;
        self.finish_prototypes();
        for (binding, assigned) in self.module.bindings.iter_mut().zip(&self.assigned) {
            binding.is_const = !assigned;
        }
        self.module.nodes.shrink_to_fit();
        self.module
    }

    // ---- syntax -----------------------------------------------------------------------------------------------------

    pub(super) fn syntax(&self, node: Node) -> Syntax {
        self.grammar.syntax(node)
    }

    pub(super) fn field(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        self.grammar.field(node, field)
    }

    /// The named children, without comments.
    pub(super) fn children(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let grammar = self.grammar;
        self.each_child(node, |child| child.is_named() && !matches!(grammar.syntax(child), Syntax::Comment | Syntax::HtmlComment))
    }

    /// All children, keywords and punctuation included, without comments.
    pub(super) fn tokens(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let grammar = self.grammar;
        self.each_child(node, |child| !matches!(grammar.syntax(child), Syntax::Comment | Syntax::HtmlComment))
    }

    fn each_child(&mut self, node: Node<'t>, keep: impl Fn(Node<'t>) -> bool) -> Vec<Node<'t>> {
        let mut children = Vec::new();
        self.cursor.reset(node);
        if self.cursor.goto_first_child() {
            loop {
                let child = self.cursor.node();
                if keep(child) {
                    children.push(child);
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        children
    }

    /// The first named child that is no comment.
    pub(super) fn first_child(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        (0..node.named_child_count() as u32)
            .filter_map(|index| node.named_child(index))
            .find(|child| !matches!(self.syntax(*child), Syntax::Comment | Syntax::HtmlComment))
    }

    /// Whether a keyword or sign stands directly in a node.
    pub(super) fn has_token(&mut self, node: Node<'t>, token: Syntax) -> bool {
        let grammar = self.grammar;
        !self.each_child(node, |child| grammar.syntax(child) == token).is_empty()
    }

    pub(super) fn text(&self, node: Node) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end.max(start)).unwrap_or_default()
    }

    pub(super) fn span(&self, node: Node) -> Span {
        Span::new(node.start_byte() as u32, node.end_byte() as u32)
    }

    // ---- model ------------------------------------------------------------------------------------------------------

    pub(super) fn push(&mut self, span: Span, kind: Kind) -> NodeId {
        let id = NodeId(self.module.nodes.len() as u32);
        self.module.nodes.push(Lowered { span, kind });
        id
    }

    pub(super) fn kind(&self, id: NodeId) -> &Kind {
        &self.module.nodes[id.0 as usize].kind
    }

    pub(super) fn span_of(&self, id: NodeId) -> Span {
        self.module.nodes[id.0 as usize].span
    }

    /// A place for a function whose number must be known before its body is.
    pub(super) fn reserve_function(&mut self, kind: FunctionKind, span: Span) -> FunctionId {
        let id = FunctionId(self.module.functions.len() as u32);
        self.module.functions.push(Function {
            name: None,
            kind,
            params: Vec::new(),
            body: NodeId(0),
            returns_body: false,
            class: self.this.class,
            is_static: self.this.is_static,
            is_async: false,
            is_generator: false,
            parent: if id.0 == 0 { None } else { Some(self.function) },
            decorators: Vec::new(),
            return_type: None,
            span,
            name_span: Span::new(span.start, span.start),
        });
        id
    }

    /// A new binding, not yet visible.
    pub(super) fn bind(&mut self, name: &str, kind: BindingKind, span: Span) -> BindingId {
        let id = BindingId(self.module.bindings.len() as u32);
        self.module.bindings.push(Binding { name: name.into(), kind, function: self.function, ty: None, is_const: true, span });
        self.assigned.push(false);
        self.valued.push(matches!(kind, BindingKind::Param));
        id
    }

    pub(super) fn binding_mut(&mut self, id: BindingId) -> &mut Binding {
        &mut self.module.bindings[id.0 as usize]
    }

    /// Declares a name in the innermost scope, or finds the declaration that stands there already.
    pub(super) fn declare_name(&mut self, name: Node<'t>, kind: BindingKind, spaces: &[Space]) -> BindingId {
        let text = self.text(name);
        let known = spaces.iter().find_map(|space| self.scopes.lookup_here(*space, text));
        let binding = match known {
            Some(binding) => binding,
            None => self.bind(text, kind, self.span(name)),
        };
        for space in spaces {
            if self.scopes.lookup_here(*space, text) != Some(binding) {
                self.scopes.declare(*space, text, Some(binding));
            }
        }
        binding
    }

    /// Notes an assignment after the declaration.
    pub(super) fn mark_assigned(&mut self, binding: BindingId) {
        self.assigned[binding.0 as usize] = true;
    }

    /// Notes a declaration with a value: `var x = 1; var x = 2` assigns the second time.
    pub(super) fn note_declared(&mut self, target: NodeId) {
        if let Kind::Local(binding) = *self.kind(target) {
            let index = binding.0 as usize;
            self.assigned[index] |= std::mem::replace(&mut self.valued[index], true);
        }
    }

    pub(super) fn nothing(&mut self, span: Span) -> NodeId {
        self.push(span, Kind::Opaque(Vec::new()))
    }

    // ---- depth ------------------------------------------------------------------------------------------------------

    /// Goes one level deeper, or says that this is deep enough and notes that something was left out.
    pub(super) fn descend(&mut self) -> bool {
        if self.nesting_depth >= MAX_NESTING || self.depth >= MAX_DEPTH {
            self.module.truncated = true;
            return false;
        }
        self.nesting_depth += 1;
        self.depth += 1;
        true
    }

    /// Comes back from [`Self::descend`].
    pub(super) fn ascend(&mut self) {
        self.nesting_depth -= 1;
        self.depth -= 1;
    }

    /// How many links a chain that starts here may have.
    pub(super) fn links_left(&self) -> usize {
        MAX_DEPTH.saturating_sub(self.depth) as usize
    }
}

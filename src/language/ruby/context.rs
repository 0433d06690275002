//! The state of one lowering, and the few operations everything else is made of: pushing nodes, reading children,
//! counting depth, opening functions.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use tree_sitter::{Node, TreeCursor};

use super::scopes::{Frame, Scopes};
use super::syntax::{Field, Syntax};
use crate::program::{ClassId, Function, FunctionId, FunctionKind, Kind, Module, Node as ProgramNode, NodeId, Param, ParamKind, Semantics};
use crate::source::{Language, Span};

/// How deep statements and expressions may nest before the rest is cut off and [`Module::truncated`] set. A level costs
/// some kilobytes of stack in an unoptimised build, so that this depth fits a thread of 8 MiB with room to spare.
pub(super) const MAX_DEPTH: u32 = 400;

/// How many links a chain of calls or operators (`a.b.c`, `a + b + c`) may have. Chains are lowered in a loop, but a later
/// stage may follow them by recursion.
pub(super) const MAX_LINKS: usize = 4_000;

/// Lowers one file.
pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    pub(super) module: Module,
    pub(super) scopes: Scopes,
    pub(super) context: Context,
    /// What is known of each class besides its record; same indices as [`Module::classes`].
    pub(super) class_notes: Vec<ClassNotes>,
    /// The body of each heredoc, by the id of its opener.
    pub(super) heredocs: FxHashMap<usize, Node<'t>>,
    /// The constant that the value with this node id is being assigned to.
    pub(super) naming: Option<Naming>,
    cursor: TreeCursor<'t>,
    depth: u32,
}

/// What surrounds the node being lowered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// The innermost function.
    pub(super) function: FunctionId,
    /// The class whose `self` or whose instances `self` is here.
    pub(super) class: Option<ClassId>,
    /// The innermost class in which constants are looked up.
    pub(super) nesting: Option<ClassId>,
    /// Whether `self` is the class itself.
    pub(super) is_static: bool,
    /// Whether `def` defines methods of the class itself (`class << self`).
    pub(super) defines_static: bool,
    /// Whether this code runs when the class is defined, so that `attr_reader` and the like declare something.
    pub(super) in_class_body: bool,
    /// The innermost `def`.
    pub(super) method: Option<FunctionId>,
}

impl Context {
    /// Changes to that of a method of the class.
    pub(super) fn enter_method(&mut self, is_static: bool) {
        self.is_static = is_static;
        self.defines_static = false;
        self.in_class_body = false;
    }

    /// Changes to that of the body of a class, seen from which `nesting` is the place for constants.
    pub(super) fn enter_class(&mut self, class: ClassId, nesting: Option<ClassId>) {
        self.class = Some(class);
        self.nesting = nesting;
        self.is_static = true;
        self.defines_static = false;
        self.in_class_body = true;
        self.method = None;
    }
}

/// What is learned of a class while its body is read, and applied at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct ClassNotes {
    /// `extend self`.
    pub(super) extends_self: bool,
    /// `module_function` without arguments was met: what follows is defined twice.
    pub(super) module_function: bool,
    /// Names given to `module_function`.
    pub(super) module_functions: Vec<SmolStr>,
}

/// The constant a class expression is assigned to.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    /// Id of the syntax node of the value.
    pub(super) value: usize,
    /// The constant's path.
    pub(super) path: Vec<SmolStr>,
    /// Where it stands.
    pub(super) span: Span,
}

/// A child of a syntax node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child<'t> {
    pub(super) node: Node<'t>,
    pub(super) syntax: Syntax,
    pub(super) field: Field,
}

/// The children of a syntax node without comments, heredoc bodies and unnamed tokens that carry no field.
pub(super) struct Children<'t>(pub(super) Vec<Child<'t>>);

impl<'t> Children<'t> {
    /// The first child in a field.
    pub(super) fn field(&self, field: Field) -> Option<Node<'t>> {
        self.0.iter().find(|child| child.field == field).map(|child| child.node)
    }

    /// The first child of a kind.
    pub(super) fn first(&self, syntax: Syntax) -> Option<Node<'t>> {
        self.0.iter().find(|child| child.syntax == syntax).map(|child| child.node)
    }

    /// The named children.
    pub(super) fn named(&self) -> impl Iterator<Item = Child<'t>> + '_ {
        self.0.iter().copied().filter(|child| child.node.is_named())
    }
}

/// What [`Lowering::function`] needs to know of a function before its body.
pub(super) struct FunctionHead {
    pub(super) name: Option<SmolStr>,
    pub(super) kind: FunctionKind,
    pub(super) span: Span,
    pub(super) name_span: Span,
}

impl<'t> Lowering<'t> {
    /// The module of a text that could not be parsed at all.
    pub(super) fn unreadable(text: &str) -> Module {
        let mut module = empty_module();
        let span = Span::new(0, text.len() as u32);
        module.errors.push(span);
        module.nodes.push(ProgramNode { span, kind: Kind::Block(Vec::new()) });
        module.functions.push(Function {
            name: None,
            kind: FunctionKind::Module,
            params: Vec::new(),
            body: NodeId(0),
            returns_body: true,
            class: None,
            is_static: false,
            is_async: false,
            is_generator: false,
            parent: None,
            decorators: Vec::new(),
            return_type: None,
            span,
            name_span: start_of(span),
        });
        module
    }

    /// A lowering of a text whose tree `cursor` walks.
    pub(super) fn new(text: &'t str, cursor: TreeCursor<'t>) -> Self {
        let module = Module { nodes: Vec::with_capacity(text.len() / 12), ..empty_module() };
        let context = Context {
            function: FunctionId(0),
            class: None,
            nesting: None,
            is_static: false,
            defines_static: false,
            in_class_body: false,
            method: None,
        };
        Self {
            text,
            module,
            scopes: Scopes::default(),
            context,
            class_notes: Vec::new(),
            heredocs: FxHashMap::default(),
            naming: None,
            cursor,
            depth: 0,
        }
    }

    /// Lowers the whole file.
    pub(super) fn file(mut self, root: Node<'t>) -> Module {
        self.survey(root);
        let span = Span::new(0, self.text.len() as u32);
        let head = FunctionHead { name: None, kind: FunctionKind::Module, span, name_span: Span::new(0, 0) };
        self.function(head, Frame::closed, |lowering| lowering.statements(root));
        self.clamp();
        self.module
    }

    /// Cuts spans off at the end of the text, behind which a line end may have been added for the parser.
    fn clamp(&mut self) {
        let end = self.text.len() as u32;
        let module = &mut self.module;
        let nodes = module.nodes.iter_mut().map(|node| &mut node.span);
        let functions = module.functions.iter_mut().map(|function| &mut function.span);
        let classes = module.classes.iter_mut().map(|class| &mut class.span);
        for span in nodes.chain(functions).chain(classes).chain(&mut module.errors).chain(&mut module.comments) {
            *span = Span::new(span.start.min(end), span.end.min(end));
        }
    }

    /// Walks the tree once for what may stand anywhere: comments, errors, and the bodies of heredocs, which stand behind the
    /// line of their opener.
    fn survey(&mut self, root: Node<'t>) {
        let mut pending: VecDeque<Node<'t>> = VecDeque::new();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            match Syntax::of(node) {
                Syntax::Comment => self.module.comments.push(span_of(node)),
                Syntax::Error => self.module.errors.push(span_of(node)),
                Syntax::HeredocBeginning => pending.push_back(node),
                Syntax::HeredocBody => self.match_heredoc(&mut pending, node),
                _ if node.is_missing() => self.module.errors.push(span_of(node)),
                _ => {}
            }
            if cursor.goto_first_child() || cursor.goto_next_sibling() {
                continue;
            }
            loop {
                if !cursor.goto_parent() {
                    return;
                }
                if cursor.goto_next_sibling() {
                    break;
                }
            }
        }
    }

    /// Gives a heredoc body to the first opener of its name that waits for one.
    fn match_heredoc(&mut self, pending: &mut VecDeque<Node<'t>>, body: Node<'t>) {
        let children = self.children(body);
        let end = children.first(Syntax::HeredocEnd).map_or("", |node| self.slice(node));
        let name = |node: &Node<'t>| {
            let opener = self.text.get(node.byte_range()).unwrap_or_default();
            opener.trim_start_matches(['<', '~', '-']).trim_matches(['\'', '"', '`']) == end.trim()
        };
        let index = pending.iter().position(name).unwrap_or(0);
        if let Some(opener) = pending.remove(index) {
            self.heredocs.insert(opener.id(), body);
        }
    }

    /// The text of a syntax node.
    pub(super) fn slice(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The children of a syntax node.
    pub(super) fn children(&mut self, node: Node<'t>) -> Children<'t> {
        let mut children = Vec::with_capacity(node.child_count() as usize);
        self.cursor.reset(node);
        let mut more = self.cursor.goto_first_child();
        while more {
            let node = self.cursor.node();
            let field = Field::of(self.cursor.field_id());
            let syntax = Syntax::of(node);
            let extra = matches!(syntax, Syntax::Comment | Syntax::HeredocBody);
            if !extra && (node.is_named() || field != Field::Other) {
                children.push(Child { node, syntax, field });
            }
            more = self.cursor.goto_next_sibling();
        }
        Children(children)
    }

    /// Adds a node. Its children must have been added before.
    pub(super) fn push(&mut self, span: Span, kind: Kind) -> NodeId {
        let id = NodeId(self.module.nodes.len() as u32);
        self.module.nodes.push(ProgramNode { span, kind });
        id
    }

    /// Adds a node that stands for a syntax node.
    pub(super) fn push_at(&mut self, node: Node<'_>, kind: Kind) -> NodeId {
        self.push(span_of(node), kind)
    }

    /// Adds a node without meaning here.
    pub(super) fn opaque(&mut self, span: Span, children: Vec<NodeId>) -> NodeId {
        self.push(span, Kind::Opaque(children))
    }

    /// Runs `lower` one level deeper, or cuts off when the nesting is too deep.
    pub(super) fn deeper(&mut self, node: Node<'t>, lower: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        if self.depth >= MAX_DEPTH {
            return self.cut(node);
        }
        self.depth += 1;
        let id = lower(self);
        self.depth -= 1;
        id
    }

    /// What stands for code that is nested too deep.
    pub(super) fn cut(&mut self, node: Node<'_>) -> NodeId {
        self.module.truncated = true;
        self.opaque(span_of(node), Vec::new())
    }

    /// Opens a function, lowers its body with `body`, and closes it. The class and `self` are those of the context; a caller
    /// that wants others sets them before and restores them behind.
    pub(super) fn function(
        &mut self,
        head: FunctionHead,
        frame: fn(FunctionId) -> Frame,
        body: impl FnOnce(&mut Self) -> NodeId,
    ) -> FunctionId {
        let id = FunctionId(self.module.functions.len() as u32);
        let parent = (id.0 > 0).then_some(self.context.function);
        self.module.functions.push(Function {
            name: head.name,
            kind: head.kind,
            params: Vec::new(),
            body: NodeId(0),
            returns_body: true,
            class: self.context.class,
            is_static: self.context.is_static,
            is_async: false,
            is_generator: false,
            parent,
            decorators: Vec::new(),
            return_type: None,
            span: head.span,
            name_span: head.name_span,
        });
        let outer = std::mem::replace(&mut self.context.function, id);
        self.scopes.open(frame(id));
        let body = body(self);
        self.module.functions[id.0 as usize].body = body;
        let implicit = self.scopes.close();
        for binding in implicit {
            let span = self.module.binding(binding).span;
            let target = self.push(span, Kind::Local(binding));
            self.module.functions[id.0 as usize].params.push(param(target, ParamKind::Positional));
        }
        self.context.function = outer;
        id
    }

    /// Runs `lower` in a changed context and restores the old one.
    pub(super) fn within<T>(&mut self, change: impl FnOnce(&mut Context), lower: impl FnOnce(&mut Self) -> T) -> T {
        let saved = self.context;
        change(&mut self.context);
        let result = lower(self);
        self.context = Context { function: self.context.function, ..saved };
        result
    }
}

fn empty_module() -> Module {
    Module {
        language: Language::Ruby,
        semantics: Semantics { zero_is_falsy: false, empty_string_is_falsy: false, shares_constants: true },
        nodes: Vec::new(),
        functions: Vec::new(),
        classes: Vec::new(),
        bindings: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        aliases: Vec::new(),
        comments: Vec::new(),
        errors: Vec::new(),
        truncated: false,
    }
}

/// A plain parameter.
pub(super) fn param(target: NodeId, kind: ParamKind) -> Param {
    Param { target, kind, default: None, ty: None, optional: false, property: None, decorators: Vec::new() }
}

/// The span of a syntax node.
pub(super) fn span_of(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// The empty span where another begins.
pub(super) fn start_of(span: Span) -> Span {
    Span::new(span.start, span.start)
}

/// The empty span where another ends.
pub(super) fn end_of(span: Span) -> Span {
    Span::new(span.end, span.end)
}

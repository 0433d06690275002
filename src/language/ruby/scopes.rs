//! Local variables: a `def`, class or file sees only its own, a block also those around it.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::program::{Binding, BindingId, BindingKind, FunctionId, Module};
use crate::source::Span;

/// The scopes that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    frames: Vec<Frame>,
}

/// One scope.
#[derive(Debug)]
pub(super) struct Frame {
    function: FunctionId,
    names: FxHashMap<SmolStr, BindingId>,
    sees_outer: bool,
    implicit: Implicit,
}

/// Whether `_1` and `it` are parameters here.
#[derive(Debug)]
enum Implicit {
    /// Not a block, or a block with parameters of its own.
    No,
    /// A block without parameters; those met so far, in order of their number.
    Yes(Vec<BindingId>),
}

impl Frame {
    /// The scope of a `def`, a class body or a file.
    pub(super) fn closed(function: FunctionId) -> Self {
        Self { function, names: FxHashMap::default(), sees_outer: false, implicit: Implicit::No }
    }

    /// The scope of a block with parameters.
    pub(super) fn open(function: FunctionId) -> Self {
        Self { sees_outer: true, ..Self::closed(function) }
    }

    /// The scope of a block without parameters, which may use `_1` or `it`.
    pub(super) fn implicit(function: FunctionId) -> Self {
        Self { implicit: Implicit::Yes(Vec::new()), ..Self::open(function) }
    }
}

impl Scopes {
    /// Opens a scope.
    pub(super) fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    /// Closes the innermost scope and gives the parameters that its body implied.
    pub(super) fn close(&mut self) -> Vec<BindingId> {
        match self.frames.pop().map(|frame| frame.implicit) {
            Some(Implicit::Yes(params)) => params,
            _ => Vec::new(),
        }
    }

    /// The variable of a name, if there is one here.
    pub(super) fn resolve(&self, name: &str) -> Option<BindingId> {
        for frame in self.frames.iter().rev() {
            if let Some(binding) = frame.names.get(name) {
                return Some(*binding);
            }
            if !frame.sees_outer {
                return None;
            }
        }
        None
    }

    /// Binds a name in the innermost scope.
    pub(super) fn declare(&mut self, module: &mut Module, name: &str, kind: BindingKind, span: Span) -> BindingId {
        let id = BindingId(module.bindings.len() as u32);
        let name = SmolStr::new(name);
        let function = self.frames.last().map_or(FunctionId(0), |frame| frame.function);
        module.bindings.push(Binding { name: name.clone(), kind, function, ty: None, is_const: true, span });
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(name, id);
        }
        id
    }

    /// The variable that an assignment to a name writes, and whether this is its first mention.
    pub(super) fn assign(&mut self, module: &mut Module, name: &str, span: Span) -> (BindingId, bool) {
        if let Some(binding) = self.resolve(name) {
            module.bindings[binding.0 as usize].is_const = false;
            return (binding, false);
        }
        (self.declare(module, name, BindingKind::Variable, span), true)
    }

    /// The parameter that `_1` … `_9` or `it` means in a block without parameters.
    pub(super) fn implicit_param(&mut self, module: &mut Module, name: &str, span: Span) -> Option<BindingId> {
        let number = match name.as_bytes() {
            b"it" => 1,
            [b'_', digit @ b'1'..=b'9'] => (digit - b'0') as usize,
            _ => return None,
        };
        // A variable of that name, unless it is the implied parameter of a block further out.
        if self.resolve(name).is_some_and(|binding| !self.is_implied(binding)) {
            return None;
        }
        match self.frames.last() {
            Some(Frame { implicit: Implicit::Yes(params), names, .. }) => {
                if let Some(known) = names.get(name) {
                    return Some(*known);
                }
                if name == "it" && !params.is_empty() {
                    return None;
                }
            }
            _ => return None,
        }
        let mut mentioned = None;
        loop {
            let Some(Frame { implicit: Implicit::Yes(params), .. }) = self.frames.last() else { return mentioned };
            let next = params.len() + 1;
            if next > number {
                return mentioned;
            }
            let known = if name == "it" { SmolStr::new("it") } else { smol_str::format_smolstr!("_{next}") };
            let binding = self.declare(module, &known, BindingKind::Param, span);
            if let Some(Frame { implicit: Implicit::Yes(params), .. }) = self.frames.last_mut() {
                params.push(binding);
            }
            mentioned = Some(binding);
        }
    }

    fn is_implied(&self, binding: BindingId) -> bool {
        self.frames.iter().any(|frame| matches!(&frame.implicit, Implicit::Yes(params) if params.contains(&binding)))
    }
}

//! What a call passes: arguments to parameters, and values to and from the functions it is given.

use super::Evaluator;
use crate::program::{Argument, ArgumentKind, Call, Kind, NodeId, Runs};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, FunctionKey, Values};

impl Evaluator<'_> {
    /// Passes arguments to a project function and gives what it returns. `skip` leading arguments are not passed (`f.call(self, …)`).
    pub(super) fn invoke(&mut self, function: FunctionKey, call: &Call, skip: usize) -> Values {
        let mut hidden = false;
        for (index, argument) in call.args.iter().skip(skip).enumerate() {
            let reference = match &argument.kind {
                ArgumentKind::Positional if !hidden => ParamRef::At(index as u16),
                ArgumentKind::Keyword(name) => ParamRef::Named(name.clone()),
                ArgumentKind::Block => ParamRef::block(),
                ArgumentKind::Spread => {
                    hidden = true;
                    continue;
                }
                _ => continue,
            };
            let values = self.node(argument.value).clone();
            if reference != ParamRef::block() {
                self.add(Slot::Param(function, reference.clone()), &values);
            }
            self.hand_over(function, &reference, argument.value, &values);
        }
        if let Some(block) = call.block {
            let block = self.unit.key(block);
            self.link_callback(function, &ParamRef::block(), block);
        }
        self.read(Slot::Return(function))
    }

    /// A function value given as an argument gets what the callee passes to that parameter; a parameter handed on hands on too.
    fn hand_over(&mut self, callee: FunctionKey, reference: &ParamRef, node: NodeId, values: &Values) {
        let given: Vec<FunctionKey> =
            values.iter().filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }).collect();
        for function in given {
            self.link_callback(callee, reference, function);
        }
        if let Kind::Local(binding) = self.unit.module.kind(node)
            && let Some((own, own_reference)) = self.unit.params[binding.0 as usize].clone()
        {
            let own = self.unit.key(own);
            for position in 0..3 {
                let values = self.read(Slot::Yield(callee, reference.clone(), position));
                self.add(Slot::Yield(own, own_reference.clone(), position), &values);
            }
            let returned = self.read(Slot::YieldReturn(own, own_reference));
            self.add(Slot::YieldReturn(callee, reference.clone()), &returned);
        }
    }

    fn link_callback(&mut self, callee: FunctionKey, reference: &ParamRef, callback: FunctionKey) {
        for position in 0..3 {
            let values = self.read(Slot::Yield(callee, reference.clone(), position));
            self.add(Slot::Param(callback, ParamRef::At(position)), &values);
        }
        let returned = self.read(Slot::Return(callback));
        self.add(Slot::YieldReturn(callee, reference.clone()), &returned);
    }

    /// The current function calls one of its own parameters.
    pub(super) fn pass_on(&mut self, function: FunctionKey, reference: &ParamRef, args: &[Argument]) {
        for (index, argument) in args.iter().enumerate().take(3) {
            let values = self.node(argument.value).clone();
            self.add(Slot::Yield(function, reference.clone(), index as u16), &values);
        }
    }

    /// The functions given to a call: its block, closures and named functions among its arguments.
    fn callbacks(&self, call: &Call) -> Vec<FunctionKey> {
        let mut found: Vec<FunctionKey> = call.block.map(|block| self.unit.key(block)).into_iter().collect();
        for argument in &call.args {
            found.extend(
                self.node(argument.value)
                    .iter()
                    .filter_map(|atom| if let Atom::Function(function) = atom { Some(*function) } else { None }),
            );
        }
        found
    }

    /// Gives values to a parameter of all functions given to a call, and hands them on where the call was given a parameter.
    pub(super) fn callbacks_get(&mut self, call: &Call, position: u16, values: &Values) {
        for callback in self.callbacks(call) {
            self.add(Slot::Param(callback, ParamRef::At(position)), values);
        }
        for argument in &call.args {
            if let Kind::Local(binding) = self.unit.module.kind(argument.value)
                && let Some((own, reference)) = self.unit.params[binding.0 as usize].clone()
            {
                self.add(Slot::Yield(self.unit.key(own), reference, position), values);
            }
        }
    }

    pub(super) fn block_gets(&mut self, call: &Call, position: u16, values: &Values, wanted: bool) {
        if wanted {
            self.callbacks_get(call, position, values);
        }
    }

    pub(super) fn callback_returns(&mut self, call: &Call) -> Values {
        let mut values = Values::NONE;
        for callback in self.callbacks(call) {
            let more = self.read(Slot::Return(callback));
            values.join(&more);
        }
        for argument in call.args.iter().filter(|argument| argument.kind == ArgumentKind::Block) {
            if let Kind::Local(binding) = self.unit.module.kind(argument.value)
                && let Some((own, reference)) = self.unit.params[binding.0 as usize].clone()
            {
                let more = self.read(Slot::YieldReturn(self.unit.key(own), reference));
                values.join(&more);
            }
        }
        values
    }

    /// Calls that hand their receiver, or its members, to a function: `tap`, `then`, `each`, `forEach`; and calls that return it.
    pub(super) fn passes_through(&mut self, call: &Call, receivers: &Values, name: &str) -> Values {
        if receivers.is_empty() {
            return Values::NONE;
        }
        match call.runs {
            Runs::Once => {
                let returned = self.callback_returns(call);
                match name {
                    "tap" => {
                        self.callbacks_get(call, 0, receivers);
                        receivers.clone()
                    }
                    "catch" | "finally" => returned.or(receivers),
                    "then" | "yield_self" => {
                        self.callbacks_get(call, 0, receivers);
                        returned
                    }
                    _ => Values::NONE,
                }
            }
            Runs::Each => {
                let members = self.element(receivers, None);
                self.callbacks_get(call, 0, &members);
                self.callbacks_get(call, 1, &members);
                Values::NONE
            }
            _ if matches!(name, "freeze" | "itself" | "presence" | "dup" | "clone" | "to_h" | "to_proc" | "with_indifferent_access") => {
                receivers.clone()
            }
            _ => Values::NONE,
        }
    }
}

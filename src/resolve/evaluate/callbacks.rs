//! What a call passes: arguments to parameters, and values to and from the functions it is given.

use smol_str::SmolStr;

use super::Evaluator;
use crate::program::{Argument, ArgumentKind, BindingKind, Call, Kind, NodeId, Runs, Type};
use crate::resolve::link::{self, Unit, positions};
use crate::resolve::state::{ParamRef, Slot};
use crate::resolve::value::{Atom, FunctionKey, Place, Values};

impl Evaluator<'_, '_> {
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
                ArgumentKind::KeywordSpread => {
                    let values = self.node(argument.value).clone();
                    self.spread_keywords(function, &values);
                    continue;
                }
                ArgumentKind::Positional => continue,
            };
            let values = self.node(argument.value).clone();
            if reference != ParamRef::block() && !values.is_empty() && !self.take_rest(function, &reference, call, &values) {
                self.add(Slot::Param(function, reference.clone()), &values);
            }
            self.hand_over(function, &reference, argument.value, &values);
            self.hand_over_members(function, &reference, argument.value);
        }
        if let Some(block) = call.block {
            let block = self.unit.key(block);
            self.link_callback(function, &ParamRef::block(), block);
        }
        // What this call's type parameter stands for is known better than what all calls return.
        let generic = self.generic_return(function, call, skip);
        generic.unwrap_or_else(|| self.read(Slot::Return(function)))
    }

    /// What a generic function returns at this call, when an argument tells: `singleton<T>(name: string, make: () => T): T`.
    fn generic_return(&mut self, function: FunctionKey, call: &Call, skip: usize) -> Option<Values> {
        let unit = self.world.links.unit(function.file)?;
        let callee = unit.module.function(function.function);
        let wanted = callee.return_type.as_ref().and_then(|ty| type_parameter(unit, ty))?;
        let mut told: Option<Values> = None;
        for (param, reference) in positions(callee) {
            let (Some(ty), ParamRef::At(at)) = (&param.ty, reference) else { continue };
            let Some(argument) = call.args.get(skip + usize::from(at)) else { continue };
            let given = self.node(argument.value).clone();
            match ty {
                Type::Function(returns, _) if type_parameter(unit, returns) == Some(wanted) => {
                    for atom in given.iter() {
                        if let Atom::Function(given) = atom {
                            let more = self.read(Slot::Return(*given));
                            told.get_or_insert_default().join(&more);
                        }
                    }
                }
                _ if type_parameter(unit, ty) == Some(wanted) && !given.is_empty() => {
                    told.get_or_insert_default().join(&given);
                }
                _ => {}
            }
        }
        told
    }

    /// Hands an argument that no parameter names to the parameter that takes all such, as a member of one object: the rest,
    /// or in Ruby the options that a last parameter without name gets. Gives whether that was so.
    fn take_rest(&mut self, function: FunctionKey, reference: &ParamRef, call: &Call, values: &Values) -> bool {
        let Some(unit) = self.world.links.unit(function.file) else { return false };
        let callee = unit.module.function(function.function);
        if positions(callee).any(|(_, named)| named == *reference) {
            return false;
        }
        let (name, wanted) = match reference {
            ParamRef::At(_) => (SmolStr::default(), ParamRef::rest()),
            ParamRef::Named(name) => (name.clone(), ParamRef::keyword_rest()),
        };
        let (slot, place) = if let Some((param, _)) = link::rests(callee).find(|(_, rest)| *rest == wanted) {
            (wanted, unit.place(param.target))
        } else if let ParamRef::Named(_) = reference {
            let given = call.args.iter().filter(|argument| argument.kind == ArgumentKind::Positional).count();
            (ParamRef::At(given as u16), Place { file: self.unit.file, offset: call.name_span.start })
        } else {
            return false;
        };
        self.add(Slot::Member(place, name), values);
        self.add(Slot::Param(function, slot), &Values::one(Atom::Object(place)));
        true
    }

    /// `**options`: each keyword parameter gets the member of its name.
    fn spread_keywords(&mut self, function: FunctionKey, values: &Values) {
        let Some(unit) = self.world.links.unit(function.file) else { return };
        if values.is_empty() {
            return;
        }
        for (_, reference) in positions(unit.module.function(function.function)) {
            if let ParamRef::Named(name) = &reference
                && reference != ParamRef::block()
            {
                let member = self.element(values, Some(name));
                self.add(Slot::Param(function, reference), &member);
            }
        }
        self.add(Slot::Param(function, ParamRef::keyword_rest()), values);
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

    /// The functions in an object literal get what the declared type of the parameter says: `serve({ get: (redis) => … })`.
    fn hand_over_members(&mut self, callee: FunctionKey, reference: &ParamRef, node: NodeId) {
        let unit = self.unit;
        let Kind::Object(entries) = unit.module.kind(node) else { return };
        let is_function = |value: NodeId| matches!(unit.module.kind(value), Kind::Closure(_));
        if !entries.iter().any(|entry| is_function(entry.value)) {
            return;
        }
        let Some(there) = self.world.links.unit(callee.file) else { return };
        let param = positions(there.module.function(callee.function)).find(|(_, own)| own == reference);
        let Some(ty) = param.and_then(|(param, _)| param.ty.as_ref()) else { return };
        let declared = self.type_of(there, ty);
        for entry in entries.iter().filter(|entry| is_function(entry.value)) {
            let (Some(name), Kind::Closure(function)) = (entry.key.name(), unit.module.kind(entry.value)) else { continue };
            let declared = self.member(&declared, name, 0);
            for (position, passed) in self.passed_by_type(&declared) {
                self.add(Slot::Param(unit.key(*function), ParamRef::At(position)), &passed);
            }
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

    /// What functions that keep the function they are given return: `once(() => new Redis())`, `memoize(f)`.
    pub(super) fn kept_function(&mut self, name: &str, call: &Call) -> Values {
        if !matches!(name, "once" | "memoize" | "memo" | "memoizeOne" | "pMemoize" | "cache") {
            return Values::NONE;
        }
        let Some(first) = call.args.first() else { return Values::NONE };
        self.node(first.value).iter().filter(|atom| matches!(atom, Atom::Function(_))).cloned().collect()
    }

    /// The functions given to a call: its block, closures and named functions among its arguments.
    fn callbacks(&mut self, call: &Call) -> Vec<FunctionKey> {
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
    pub(super) fn passes_through(&mut self, id: NodeId, call: &Call, receivers: &Values, name: &str) -> Values {
        // `Promise.all([…])`: what it gives is looked at as what it is given.
        if call.runs == Runs::Together {
            return call.args.first().map_or(Values::NONE, |first| self.node(first.value).clone());
        }
        // What is handed from turn to turn: `ids.reduce((all, id) => all.del(id), client.pipeline())`.
        let carried = match name {
            "reduce" | "reduceRight" => call.args.get(1).map(|argument| (argument.value, 0)),
            "inject" => call.args.first().map(|argument| (argument.value, 0)),
            "each_with_object" | "with_object" => call.args.first().map(|argument| (argument.value, 1)),
            _ => None,
        };
        if let Some((start, position)) = carried {
            let mut values = self.node(start).clone();
            if !values.is_empty() {
                let returned = self.callback_returns(call);
                values.join(&returned);
                self.callbacks_get(call, position, &values);
                return values;
            }
        }
        // The list of what a function makes of each: `urls.map((url) => new Redis(url))`.
        if call.runs == Runs::Each && matches!(name, "map" | "flatMap" | "collect") {
            let made = self.callback_returns(call);
            let members = self.element(receivers, None);
            self.callbacks_get(call, 0, &members);
            self.callbacks_get(call, 1, &members);
            if !made.iter().any(|atom| matches!(atom, Atom::Client(_) | Atom::Queue(_) | Atom::Instance(_) | Atom::Object(_))) {
                return Values::NONE;
            }
            let place = self.unit.place(id);
            self.add(Slot::Member(place, SmolStr::default()), &made);
            return Values::one(Atom::Object(place));
        }
        if receivers.is_empty() {
            // Whatever is waited for, a promise becomes what its continuation returns: `ready(client).then(() => client)`.
            let goes_on = call.runs == Runs::Once && matches!(name, "then" | "catch" | "finally");
            return if goes_on { self.callback_returns(call) } else { Values::NONE };
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

/// The name of a type parameter, or of another type that its file does not bind, seen through `Promise<…>` and the like.
fn type_parameter<'t>(unit: &Unit, ty: &'t Type) -> Option<&'t SmolStr> {
    let Type::Named { path, binding, args } = ty else { return None };
    let is_free = match binding.map(|binding| unit.module.binding(binding).kind) {
        None => true,
        Some(BindingKind::Alias(alias)) => unit.module.aliases[alias as usize].is_param,
        Some(_) => false,
    };
    match (path.as_slice(), args.as_slice()) {
        ([name], []) if is_free => Some(name),
        ([_], [inner]) if is_free => type_parameter(unit, inner),
        _ => None,
    }
}

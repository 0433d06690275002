//! The steps from a call to where its client was made.

use rustc_hash::FxHashSet;

use super::Cx;
use super::receiver::reached;
use super::site::{article, link, origin};
use crate::operation::{Analysis, Link};
use crate::program::{Kind, NodeId, Target};
use crate::resolve::value::{ClientValue, Place};
use crate::resolve::{Links, Modules, ParamRef, Slot, Spot, Trace, Unit};
use crate::source::FileId;

/// Puts the whole way to the client into [`crate::operation::Operation::origin`] of the operations on a line (1-based).
pub(crate) fn explain(cx: Cx<'_>, modules: &dyn Modules, analysis: &mut Analysis, file: FileId, line: u32) {
    let Some(unit) = cx.resolution.links.unit(file) else { return };
    let text = cx.source(unit);
    let on_line = |offset: u32| text.bytes().take(offset as usize).filter(|byte| *byte == b'\n').count() as u32 + 1 == line;
    let mut asked: Vec<(NodeId, ClientValue)> = Vec::new();
    for (id, call) in unit.calls() {
        if on_line(call.name_span.start)
            && let Some(client) = reached(cx, unit, id, call).and_then(|reached| reached.clients.first().copied())
        {
            asked.push((id, client));
        }
    }
    let wanted: FxHashSet<Place> = asked.iter().map(|(_, client)| client.place).collect();
    for (id, client) in asked {
        let Kind::Call(call) = unit.module.kind(id) else { continue };
        let Target::Method { receiver, .. } = &call.target else { continue };
        let one = wanted.iter().copied().filter(|place| *place == client.place).collect();
        let trace = Trace::new(cx.resolution, modules, cx.catalog, &one);
        let mut steps = told(cx, &trace.way(cx.resolution, Spot::Node(file, *receiver)), &client);
        let end = origin(cx, &client);
        // A construction is both the last step and the origin.
        steps.retain(|step| !end.iter().any(|link| (link.file, link.span.start) == (step.file, step.span.start)));
        steps.extend(end);
        for operation in &mut analysis.operations {
            if operation.site.file == file && operation.site.name == call.name_span {
                operation.origin.clone_from(&steps);
            }
        }
    }
}

/// A way in words: what each slot and variable is, and the expressions through which they got it.
fn told(cx: Cx<'_>, way: &[Spot], client: &ClientValue) -> Vec<Link> {
    let links = &cx.resolution.links;
    let library = &cx.catalog.library(client.library).name;
    let mut steps: Vec<Link> = Vec::new();
    for (index, spot) in way.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| way.get(at));
        let step = match spot {
            Spot::Binding(file, binding) => links.unit(*file).map(|unit| {
                let bound = unit.module.binding(*binding);
                link(unit, bound.span, format!("`{}` holds it", bound.name))
            }),
            Spot::Slot(slot) => slot_step(cx, slot),
            Spot::Node(file, node) => links.unit(*file).and_then(|unit| {
                let span = unit.module.span(*node);
                let made = unit.place(*node) == client.place;
                let text = match before {
                    _ if made => format!("{} {library} client is made here", article(library)),
                    None => "called on this".to_owned(),
                    Some(Spot::Slot(slot)) => flow(slot).to_owned(),
                    // `const name = …` says no more than the name did.
                    Some(Spot::Binding(_, binding)) if span.contains(unit.module.binding(*binding).span) => return None,
                    Some(Spot::Binding(..)) => "given here".to_owned(),
                    // A part of the expression before.
                    Some(Spot::Node(..)) => return None,
                };
                let at = unit.place(*node).offset;
                Some(link(unit, if made { cx.word_at(unit, at) } else { span }, text))
            }),
        };
        if let Some(step) = step
            && steps.last().is_none_or(|last| (last.file, last.span) != (step.file, step.span))
        {
            steps.push(step);
        }
    }
    steps
}

/// What is said of the expression from which a slot got its value.
fn flow(slot: &Slot) -> &'static str {
    match slot {
        Slot::Return(_) | Slot::YieldReturn(..) => "returned here",
        Slot::Param(..) | Slot::Yield(..) => "passed here",
        Slot::Export(..) => "exported here",
        Slot::Super(_) | Slot::Mixin(..) => "inherited here",
        Slot::Forward(_) => "forwarded to here",
        Slot::Field(..) | Slot::Constant(_) | Slot::Global(_) | Slot::Member(..) | Slot::Spread(_) | Slot::Loose(_) => "assigned here",
    }
}

/// A slot that has a place of its own in the source.
fn slot_step(cx: Cx<'_>, slot: &Slot) -> Option<Link> {
    let links = &cx.resolution.links;
    let named = |unit: &Unit, function, text: &dyn Fn(&str) -> String| {
        let function = unit.module.function(function);
        function.name.as_ref().map(|name| link(unit, function.name_span, text(name)))
    };
    match slot {
        Slot::Return(function) => {
            links.unit(function.file).and_then(|unit| named(unit, function.function, &|name| format!("`{name}` returns it")))
        }
        Slot::Param(function, param) => {
            let which = match param {
                ParamRef::At(at) => format!("argument {}", at + 1),
                ParamRef::Named(name) if name == "&" => "its block".to_owned(),
                ParamRef::Named(name) => format!("argument `{name}`"),
            };
            links.unit(function.file).and_then(|unit| named(unit, function.function, &|name| format!("`{name}` gets it as {which}")))
        }
        Slot::Yield(function, ..) => links
            .unit(function.file)
            .and_then(|unit| named(unit, function.function, &|name| format!("`{name}` calls its callback with it"))),
        Slot::Field(class, name, _) => {
            let (file, span) = class_name(links, *class)?;
            let of = &links.class(*class).name;
            Some(Link { file, span, text: format!("field `{name}` of `{of}` holds it") })
        }
        Slot::Forward(class) => {
            let (file, span) = class_name(links, *class)?;
            Some(Link { file, span, text: format!("`{}` forwards to it", links.class(*class).name) })
        }
        _ => None,
    }
}

fn class_name(links: &Links, class: crate::resolve::value::ClassKey) -> Option<(FileId, crate::source::Span)> {
    let (file, part) = *links.class(class).parts.first()?;
    Some((file, links.unit(file)?.module.class(part).name_span))
}

//! Fixes: what a rule says of events becomes text edits, in the words of the client library and of the language.
//!
//! A fix is withheld, not an error, when the client has no form for it or when something of the source would be lost that
//! nobody understood.

mod apply;
mod arguments;
mod call;
mod choose;
mod comment;
mod listener;
mod removal;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub use call::Spelling;
pub use choose::choose;
pub use comment::{Written, comments};

use crate::client::Libraries;
use crate::finding::{Fix, FixEdit, Safety};
use crate::language::writer;
use crate::operation::Analysis;
use crate::rule::{Action, EventId, FixRequest, NoSpeller, Scene, argument};
use crate::source::SourceFile;

/// What one action does to the text.
struct Change {
    edits: Vec<FixEdit>,
    /// Whether a comment disappears.
    comment_lost: bool,
}

impl Change {
    fn edit(edit: FixEdit) -> Self {
        Self { edits: vec![edit], comment_lost: false }
    }
}

/// Spells a fix, or withholds it.
#[must_use]
pub fn spell(request: &FixRequest<'_>, analysis: &Analysis, files: &[SourceFile], libraries: &Libraries) -> Option<Fix> {
    let scene = Scene { analysis, files, speller: &NoSpeller, first: request.first, then: request.then };
    let mut edits = Vec::new();
    let mut safety = request.safety;
    for action in &request.spec.actions {
        let change = change(action, request, &scene, libraries)?;
        edits.extend(change.edits);
        if change.comment_lost {
            safety = Safety::Unsafe;
        }
    }
    edits.sort_by_key(|edit| (edit.file, edit.span));
    let apart = edits.windows(2).all(|pair| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start);
    (apart && !edits.is_empty()).then(|| Fix { title: request.spec.title.clone(), safety, edits })
}

fn change(action: &Action, request: &FixRequest<'_>, scene: &Scene<'_>, libraries: &Libraries) -> Option<Change> {
    let event = |role| request.event(role);
    match action {
        Action::Change(role, command) => {
            call::change(event(*role).operation(scene.analysis)?, &scene.terms(command)?, scene.files, libraries)
        }
        Action::Reshape(role) => call::reshape(event(*role).operation(scene.analysis)?, scene.files, libraries),
        Action::Remove(role) => {
            let site = event(*role).site(scene.analysis)?;
            removal::remove(scene.files.get(site.file.0 as usize)?, site.file, site.statement?)
        }
        Action::Wrap(role, slot, conversion) => {
            let operation = event(*role).operation(scene.analysis)?;
            let span = argument(operation, slot)?.span;
            let file = scene.files.get(operation.site.file.0 as usize)?;
            let text = writer(file.language).convert(file.slice(span), conversion.0)?;
            Some(Change::edit(FixEdit { file: operation.site.file, span, text }))
        }
        Action::Listener(name) => match request.first {
            EventId::Client(_) => listener::append(request.first.client(scene.analysis)?, name, scene.files, libraries),
            _ => None,
        },
    }
}

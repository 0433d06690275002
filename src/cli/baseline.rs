//! `redis-lint baseline`, and the comparison of a check with what it wrote.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::arguments::BaselineArguments;
use super::examine::examine;
use super::save::save;
use super::{Cli, Engine, Error, Input, Outcome, Profiles, Terminal};
use crate::baseline::{Baseline, Scope};
use crate::suppression::CHECKS;

/// Records the findings of today.
///
/// # Errors
/// When the tool cannot do its work, or the file that is there is no baseline.
pub fn baseline(arguments: &BaselineArguments, cli: &Cli, engine: &dyn Engine, terminal: &mut Terminal) -> Result<Outcome, Error> {
    let former = read(&arguments.file, terminal)?;
    let input = Input::read(&arguments.files, cli, terminal)?;
    let profiles = Profiles::new(&input.setup, &input.walked.real, &arguments.rules)?;
    let findings = examine(&input, &profiles, engine)?.findings;
    let found = Baseline::of(&findings, input.files());
    let now = former.as_ref().map_or_else(|| found.clone(), |former| former.updated(&found, &scope(&input, &profiles, Some(former))));
    let directory = terminal.directory().map_err(Error::Directory)?;
    let path = arguments.file.display().to_string();
    save(&directory.join(&arguments.file), now.text().as_bytes())
        .map_err(|error| Error::OutputFile { path: path.clone(), reason: error.to_string() })?;
    if !cli.quiet {
        let change = former.map(|former| format!(" ({} new, {} gone)", now.missing_in(&former), former.missing_in(&now)));
        let findings = if now.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", now.len()) };
        terminal.write(|out| writeln!(out, "{path} holds {findings}{}.", change.unwrap_or_default()))?;
    }
    Ok(Outcome::Clean)
}

/// The baseline that a check is compared with.
pub(super) fn given(file: &Path, terminal: &Terminal) -> Result<Baseline, Error> {
    read(file, terminal)?.ok_or_else(|| Error::NoBaseline { path: file.display().to_string() })
}

/// What a run looked at, and which files of a baseline are no longer there.
pub(super) fn scope(input: &Input, profiles: &Profiles<'_>, baseline: Option<&Baseline>) -> Scope {
    // On disk: the run may have read a part of the repository only.
    let is_gone = |path: &&str| !input.walked.tops.iter().any(|top| top.join(path).exists());
    Scope {
        gone: baseline.into_iter().flat_map(Baseline::paths).filter(is_gone).map(str::to_owned).collect(),
        paths: input.walked.given.clone(),
        checked: profiles.running().map(|rule| rule.id.clone()).chain(profiles.own_running().map(Into::into)).collect(),
        all: profiles.rules.iter().map(|rule| rule.id.clone()).chain(CHECKS.iter().map(|check| check.id.into())).collect(),
    }
}

/// A baseline, if there is one.
fn read(file: &Path, terminal: &Terminal) -> Result<Option<Baseline>, Error> {
    let path = file.display().to_string();
    match fs::read_to_string(terminal.directory().map_err(Error::Directory)?.join(file)) {
        Ok(text) => Ok(Some(Baseline::read(&path, &text)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::BaselineFile { path, reason: error.to_string() }),
    }
}

//! Rule pages and client tables of the user's own.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Error;

/// A page or table: its path, as the folder was given, and its text.
pub(super) type Document = (String, String);

/// The files of folders whose names have an ending, also in folders inside of them, sorted by path. Ignore files do not
/// count: whoever names the folder means what is in it. A README.md is about the folder, and no rule.
pub(super) fn documents(folders: &[PathBuf], ending: &str, directory: &Path) -> Result<Vec<Document>, Error> {
    let mut all = Vec::new();
    for folder in folders {
        all.extend(inside(folder, ending, directory)?);
    }
    Ok(all)
}

fn inside(folder: &Path, ending: &str, directory: &Path) -> Result<Vec<Document>, Error> {
    let real = directory.join(folder);
    let named = |path: &Path| match path.strip_prefix(&real) {
        Ok(inside) if !inside.as_os_str().is_empty() => folder.join(inside).display().to_string(),
        _ => folder.display().to_string(),
    };
    let mut documents = Vec::new();
    for entry in WalkDir::new(&real).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = named(error.path().unwrap_or(&real));
            Error::Own { path, reason: error.io_error().map_or_else(|| error.to_string(), ToString::to_string) }
        })?;
        let name = entry.file_name().to_string_lossy();
        if !entry.file_type().is_file() || !name.ends_with(ending) || name == "README.md" {
            continue;
        }
        let path = named(entry.path());
        match std::fs::read_to_string(entry.path()) {
            Ok(text) => documents.push((path, text)),
            Err(error) => return Err(Error::Own { path, reason: error.to_string() }),
        }
    }
    if documents.is_empty() {
        return Err(Error::NothingOwn { path: folder.display().to_string(), ending: ending.to_owned() });
    }
    Ok(documents)
}

/// Borrowed, as the loaders take them.
pub(super) fn borrowed(documents: &[Document]) -> impl Iterator<Item = (&str, &str)> {
    documents.iter().map(|(path, text)| (path.as_str(), text.as_str()))
}

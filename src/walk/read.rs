//! Reading one file, and what becomes of it.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::MAX_MANIFEST_BYTES;
use crate::project::is_manifest;
use crate::source::{Language, SourceFile};

/// What became of a file.
pub(super) enum Outcome {
    /// It is source text.
    Source(SourceFile),
    /// It is a manifest.
    Manifest(Vec<u8>),
    /// It is both: a Gemfile.
    Both(SourceFile, Vec<u8>),
    /// It should have been read and was not, for this reason.
    Skipped(String),
    /// It says what is to be done about other files, and is read by those who do that.
    Configuration,
    /// It is of no concern.
    Nothing,
}

/// Reads a regular file when it is source or a manifest. A `given` file is read whatever its name and size.
pub(super) fn read(path: &Path, given: bool, max_bytes: u64) -> Outcome {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let language = Language::of_path(path);
    let limit = if given { u64::from(u32::MAX) } else { max_bytes };
    if is_manifest(&name) {
        return match content(path, MAX_MANIFEST_BYTES) {
            Ok(bytes) => match language {
                Some(language) => Outcome::Both(SourceFile::new("", language, bytes.clone()), bytes),
                None => Outcome::Manifest(bytes),
            },
            Err(reason) => Outcome::Skipped(reason),
        };
    }
    if let Some(language) = language {
        if !given && is_generated(&name) {
            return Outcome::Nothing;
        }
        return match content(path, limit) {
            Ok(bytes) => source(language, bytes),
            Err(reason) => Outcome::Skipped(reason),
        };
    }
    if is_mixed(&name) {
        return match content(path, limit) {
            Ok(bytes) if MENTION.is_match(&bytes) => {
                let kind = name.rsplit('.').next().unwrap_or_default();
                Outcome::Skipped(format!("it mentions Redis, but the code inside `.{kind}` files is not analysed yet"))
            }
            Ok(_) => Outcome::Nothing,
            Err(reason) => Outcome::Skipped(reason),
        };
    }
    if given || !name.contains('.') {
        return script(path, given, limit);
    }
    Outcome::Nothing
}

/// Text that stands for a given file.
pub(super) fn buffer(path: &Path, bytes: Vec<u8>) -> Outcome {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let language = Language::of_path(path).or_else(|| Language::of_shebang(&bytes));
    match language {
        Some(language) if is_manifest(&name) => Outcome::Both(SourceFile::new("", language, bytes.clone()), bytes),
        Some(language) => source(language, bytes),
        None if is_manifest(&name) => Outcome::Manifest(bytes),
        None => Outcome::Skipped(UNKNOWN_LANGUAGE.to_owned()),
    }
}

/// A symbolic link met on the way. Links are not followed: what they lead to is read where it really is, or, when that is
/// outside of the project folder, is left out visibly.
pub(super) fn link(path: &Path, folder: &Path) -> Outcome {
    let is_source = Language::of_path(path).is_some();
    match std::fs::canonicalize(path) {
        Ok(target) if target.starts_with(folder) => Outcome::Nothing,
        Ok(target) if target.is_dir() || (target.is_file() && is_source) => {
            Outcome::Skipped("a symbolic link that leads out of the project; give it as a path to read it".to_owned())
        }
        Err(error) if is_source => match error.kind() {
            ErrorKind::NotFound => Outcome::Skipped("a symbolic link that leads nowhere".to_owned()),
            _ => Outcome::Skipped(format!("a symbolic link that cannot be followed: {error}")),
        },
        _ => Outcome::Nothing,
    }
}

/// A pipe, socket or device: opening one may wait forever, so it is never done.
pub(super) fn special(path: &Path, given: bool) -> Outcome {
    if given || Language::of_path(path).is_some() { Outcome::Skipped(NOT_REGULAR.to_owned()) } else { Outcome::Nothing }
}

/// Why the system did not let us read, for a person.
pub(super) fn refused(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it vanished before it was read".to_owned(),
        ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}

const UNKNOWN_LANGUAGE: &str = "neither its name nor its first line tells a language that is analysed";

const NOT_REGULAR: &str = "not a regular file, so it was not opened";

static MENTION: LazyLock<Mentions> =
    LazyLock::new(|| Mentions(AhoCorasick::builder().ascii_case_insensitive(true).build(["redis", "valkey"]).ok()));

/// Whether a text names Redis. Were the searcher not to be had, every text would count as naming it.
struct Mentions(Option<AhoCorasick>);

impl Mentions {
    fn is_match(&self, bytes: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|searcher| searcher.is_match(bytes))
    }
}

/// The bytes of a file, or why not.
fn content(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = open(path)?;
    let size = file.metadata().map_err(|error| refused(&error))?.len();
    let too_large = || format!("larger than {} KiB; give the file itself as a path to read it", limit / 1024);
    if size > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    // A file may grow while it is read.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}

/// Opens a regular file. What it is, is asked before it is opened.
fn open(path: &Path) -> Result<File, String> {
    let kind = std::fs::metadata(path).map_err(|error| refused(&error))?;
    if !kind.is_file() {
        return Err(NOT_REGULAR.to_owned());
    }
    File::open(path).map_err(|error| refused(&error))
}

/// Source text, unless the bytes are something else that shares the file name's ending.
fn source(language: Language, bytes: Vec<u8>) -> Outcome {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Outcome::Skipped("it is UTF-16; save it as UTF-8 to have it analysed".to_owned());
    }
    if memchr::memchr(0, &bytes[..bytes.len().min(8000)]).is_some() {
        return Outcome::Skipped("it holds binary data".to_owned());
    }
    // Qt Linguist translations are called `.ts` too.
    if bytes.starts_with(b"<?xml") || bytes.starts_with(b"<!DOCTYPE") {
        return Outcome::Nothing;
    }
    Outcome::Source(SourceFile::new("", language, bytes))
}

/// A file whose name tells nothing: source when its first line names an interpreter that we read.
fn script(path: &Path, given: bool, limit: u64) -> Outcome {
    let unknown = || match given {
        true => Outcome::Skipped(UNKNOWN_LANGUAGE.to_owned()),
        false => Outcome::Nothing,
    };
    let mut start = Vec::with_capacity(256);
    // A file that nobody asked for and that cannot be read need not be a script.
    match open(path).and_then(|file| file.take(256).read_to_end(&mut start).map_err(|error| refused(&error))) {
        Err(reason) if given => return Outcome::Skipped(reason),
        Err(_) => return Outcome::Nothing,
        Ok(_) => {}
    }
    let Some(language) = Language::of_shebang(&start) else { return unknown() };
    match content(path, limit) {
        Ok(bytes) => source(language, bytes),
        Err(reason) => Outcome::Skipped(reason),
    }
}

/// Whether a tool wrote the file: bundles and type declarations.
fn is_generated(name: &str) -> bool {
    const ENDINGS: [&str; 6] = [".min.js", ".min.mjs", ".min.cjs", ".d.ts", ".d.mts", ".d.cts"];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether the file holds code inside of something else.
fn is_mixed(name: &str) -> bool {
    [".vue", ".svelte", ".astro", ".erb"].iter().any(|ending| name.ends_with(ending))
}

//! One source file as it was read.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{LineIndex, Position, Span};

/// A file's place in the sorted list of the files of a run; stable whatever the number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// The family of languages a file is written in: which front end lowers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// TypeScript and JavaScript, without JSX.
    TypeScript,
    /// TypeScript and JavaScript with JSX: `.tsx`, `.jsx` and plain `.js`.
    Tsx,
    /// Ruby.
    Ruby,
}

impl Language {
    /// The language of a path by its name alone; `None` for files that are not source, or are known only by their first line.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if matches!(name, "Rakefile" | "Gemfile" | "Capfile" | "Guardfile" | "Brewfile" | "Dangerfile" | "Fastfile") {
            return Some(Self::Ruby);
        }
        match path.extension()?.to_str()? {
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" | "jsx" | "js" | "mjs" | "cjs" => Some(Self::Tsx),
            "rb" | "rake" | "ru" | "gemspec" => Some(Self::Ruby),
            _ => None,
        }
    }

    /// The language named by a `#!` line, the first line of a script without an extension.
    #[must_use]
    pub fn of_shebang(text: &[u8]) -> Option<Self> {
        let line = text.strip_prefix(b"#!")?;
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len()).min(256)];
        let words = String::from_utf8_lossy(line);
        let program = words
            .split_whitespace()
            .map(|word| word.rsplit('/').next().unwrap_or(word))
            .find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
        match program {
            "ruby" | "jruby" | "truffleruby" => Some(Self::Ruby),
            "node" | "nodejs" | "bun" | "deno" => Some(Self::Tsx),
            "tsx" | "ts-node" => Some(Self::TypeScript),
            _ => None,
        }
    }

    /// The short tag used in rule pages and reports: `ts` or `ruby`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::TypeScript | Self::Tsx => "ts",
            Self::Ruby => "ruby",
        }
    }
}

/// How a file ends its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    Crlf,
}

/// A source file: its text, read once and shared by search, parser and report.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the working directory, with `/`.
    pub path: SmolStr,
    /// Path from the root of its project, with `/`: what folders above the project are called says nothing of its code, and what
    /// folders between it and the working directory are called does. The same as `path` unless the walk knows better.
    pub in_project: SmolStr,
    /// Path from the top of its repository, with `/`, or of its project where there is no repository: the same from whatever folder
    /// the tool is run, and whatever paths are given. The same as `path` unless the walk knows better.
    pub from_top: SmolStr,
    /// Front end that lowers it.
    pub language: Language,
    /// The text. Bytes that are not UTF-8 were replaced by U+FFFD, and a leading byte order mark is kept.
    pub text: Arc<str>,
    /// Whether some bytes were not UTF-8, so that offsets are those of the repaired text.
    pub repaired: bool,
    /// Where its lines begin.
    pub lines: LineIndex,
}

impl SourceFile {
    /// A file from its bytes.
    #[must_use]
    pub fn new(path: impl Into<SmolStr>, language: Language, bytes: Vec<u8>) -> Self {
        let (text, repaired): (Arc<str>, bool) = match String::from_utf8(bytes) {
            Ok(text) => (text.into(), false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into(), true),
        };
        let lines = LineIndex::new(&text);
        let path = path.into();
        Self { in_project: path.clone(), from_top: path.clone(), path, language, text, repaired, lines }
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The position of a byte offset.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines.position(&self.text, offset)
    }

    /// The 1-based line of a byte offset.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.line(offset)
    }

    /// What most lines of the file end with.
    #[must_use]
    pub fn line_ending(&self) -> LineEnding {
        match memchr::memchr(b'\n', self.text.as_bytes()) {
            Some(at) if at > 0 && self.text.as_bytes()[at - 1] == b'\r' => LineEnding::Crlf,
            _ => LineEnding::Lf,
        }
    }
}

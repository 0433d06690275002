//! Forms of output.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::Error;
use crate::rule::nearest;

/// Forms of output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawings in the source
    #[default]
    Human,
    /// A line a finding, `path:line:column: severity: message [rule]`, for `grep` and editors
    Short,
    /// A stable, versioned JSON document
    Json,
    /// A JSON document a line: findings, what was not analysed, a summary
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML, as test runners write it
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// A summary for a comment on a pull request
    Markdown,
}

impl Format {
    /// The word for it on the command line.
    pub(in crate::cli) fn word(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether its reports have a place for what was not analysed.
    pub(in crate::cli) fn tells_skipped(self) -> bool {
        !matches!(self, Self::Gitlab | Self::Checkstyle)
    }

    /// Whether its reports have a place for entries of a baseline that are stale.
    pub(in crate::cli) fn tells_stale(self) -> bool {
        !matches!(self, Self::Gitlab | Self::Checkstyle | Self::Sarif | Self::Junit)
    }

    /// The error of a command that does not have this form.
    pub(in crate::cli) fn unknown_to(self, command: &'static str, known: &[Self]) -> Error {
        let known: Vec<String> = known.iter().map(|format| format!("`{}`", format.word())).collect();
        Error::Format { format: self.word(), command, help: format!("it writes {}", known.join(", ")) }
    }
}

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// In which form.
    pub format: Format,
    /// Where, relative to the working directory.
    pub path: PathBuf,
}

impl OutputFile {
    /// Reads `FORMAT=FILE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (format, path) = text.split_once('=').unwrap_or((text, ""));
        let known = || Format::value_variants().iter().map(|format| format.word()).collect::<Vec<_>>();
        let format = match Format::from_str(format, false) {
            Ok(format) => format,
            Err(_) if path.is_empty() => return Err("say in which form: FORMAT=FILE, for example `sarif=redis-lint.sarif`".to_owned()),
            Err(_) => {
                let known = known();
                let near = nearest(format, known.iter().map(String::as_str)).map(|near| format!("; did you mean `{near}`?"));
                return Err(format!("there is no form `{format}`{}", near.unwrap_or_else(|| format!(": {}", known.join(", ")))));
            }
        };
        if path.is_empty() {
            return Err(format!("say to which file: `{}=FILE`", format.word()));
        }
        Ok(Self { format, path: path.into() })
    }
}

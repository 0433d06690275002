//! One comment that ignores findings, as it is written.

use smol_str::SmolStr;

use crate::source::{FileId, SourceFile, Span};

/// What every such comment begins with.
pub const MARK: &str = "redis-lint-ignore";

/// Which lines a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// One line: its own, or the next one with code.
    Line,
    /// The whole file.
    File,
    /// From here on.
    Start,
    /// Up to here.
    End,
}

/// A comment that ignores findings.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub file: FileId,
    /// The whole comment.
    pub comment: Span,
    /// The words `redis-lint-ignore…`.
    pub mark: Span,
    pub reach: Reach,
    /// Rules, categories or `all`, each with its place.
    pub names: Vec<(SmolStr, Span)>,
    /// Why, if it says so.
    pub reason: Option<String>,
    /// The word after the mark, when nobody knows it: `redis-lint-ignore-nextline`.
    pub unknown_form: Option<String>,
}

/// The directives of a comment: one for each of its lines that begins with the mark.
pub(super) fn directives(id: FileId, file: &SourceFile, comment: Span) -> Vec<Directive> {
    let text = file.slice(comment);
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = line.len() - line.trim_start_matches([' ', '\t', '/', '*', '#', '!', '<', '-']).len();
        if line[start..].starts_with(MARK) {
            let body = line[start..].trim_end().trim_end_matches("*/").trim_end();
            found.extend(directive(id, comment, comment.start + (offset + start) as u32, body));
        }
        offset += line.len();
    }
    found
}

/// Reads a line that begins with the mark.
fn directive(file: FileId, comment: Span, at: u32, body: &str) -> Option<Directive> {
    let rest = &body[MARK.len()..];
    let form_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    let (form, list) = rest.split_at(form_end);
    let (reach, unknown_form) = match form {
        "" => (Reach::Line, None),
        "-file" => (Reach::File, None),
        "-start" => (Reach::Start, None),
        "-end" => (Reach::End, None),
        // Prose that goes on: "redis-lint-ignored".
        other if !other.starts_with(['-', '_']) => return None,
        other => (Reach::Line, Some(other.trim_start_matches('-').to_owned())),
    };
    let (names, reason) = match list.split_once(':') {
        Some((names, reason)) => (names, Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned)),
        None => (list, None),
    };
    let place = |part: &str| at + (part.as_ptr() as usize - body.as_ptr() as usize) as u32;
    let names = names.split([',', ' ', '\t']).filter(|name| !name.is_empty());
    let names = names.map(|name| (SmolStr::new(name), Span::new(place(name), place(name) + name.len() as u32))).collect();
    let mark = Span::new(at, at + (MARK.len() + form_end) as u32);
    Some(Directive { file, comment, mark, reach, names, reason, unknown_form })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Language;

    #[test]
    fn a_comment_names_rules_and_may_give_a_reason() {
        for (comment, expected) in [
            ("// redis-lint-ignore a-rule: why not", "Line [a-rule] why not"),
            ("// redis-lint-ignore a, b", "Line [a b] "),
            ("# redis-lint-ignore all : x: y", "Line [all] x: y"),
            ("/* redis-lint-ignore-file a: b */", "File [a] b"),
            ("/**\n * Prose.\n * redis-lint-ignore-start a\n */", "Start [a] "),
            ("//redis-lint-ignore-end", "End [] "),
            ("// redis-lint-ignore", "Line [] "),
            ("// redis-lint-ignore: because", "Line [] because"),
            ("// redis-lint-ignore-next-line a", "Line [a] ?next-line"),
            ("// see redis-lint-ignore a", ""),
            ("// redis-lint-ignored a", ""),
        ] {
            let file = SourceFile::new("a.ts", Language::TypeScript, comment.as_bytes().to_vec());
            let found = directives(FileId(0), &file, Span::new(0, comment.len() as u32));
            let shown: Vec<String> = found
                .iter()
                .map(|one| {
                    let names: Vec<&str> = one
                        .names
                        .iter()
                        .map(|(name, span)| {
                            assert_eq!(file.slice(*span), name.as_str());
                            name.as_str()
                        })
                        .collect();
                    let form = one.unknown_form.as_ref().map(|form| format!("?{form}")).unwrap_or_default();
                    format!("{:?} [{}] {}{form}", one.reach, names.join(" "), one.reason.clone().unwrap_or_default())
                })
                .collect();
            assert_eq!(shown.join("; "), expected, "{comment}");
        }
    }
}

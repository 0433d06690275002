//! What a TypeScript or JavaScript text imports, read off its text before it is parsed.

use super::words::hash;

/// An import, a re-export or a `require`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import<'t> {
    /// The specifier, without its quotes.
    pub specifier: &'t str,
    /// What is imported.
    pub names: Names,
    /// Whether all that the module exports is exported again.
    pub passes_on: bool,
}

/// The names that an import takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// The module as a whole, or names that cannot be told from the text.
    Whole,
    /// These, as hashes; `default` for the default export.
    Only(Vec<u32>),
}

/// The imports of a text. What only looks like one, in a comment or a string, is among them.
pub(super) fn imports(text: &str) -> Vec<Import<'_>> {
    let mut found = Vec::new();
    for word in ["from", "require", "import"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), word) {
            let behind = &text[at + word.len()..];
            let rest = behind.trim_start_matches([' ', '\t', '(', '\n', '\r']);
            let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else { continue };
            let Some(end) = rest[1..].find(quote).filter(|end| *end < 300) else { continue };
            let specifier = &rest[1..=end];
            let called = behind.len() > rest.len() && behind[..behind.len() - rest.len()].contains('(');
            let (names, passes_on) = match word {
                "from" => clause(&text[..at]),
                // `import "x"` takes nothing.
                "import" if !called => (Names::Only(Vec::new()), false),
                _ => (Names::Whole, false),
            };
            found.push(Import { specifier, names, passes_on });
        }
    }
    found
}

/// How long the names between `import` and `from` may be, in bytes.
const CLAUSE: usize = 8_000;

/// The names in front of a `from`, and whether they are all of the module, exported again.
fn clause(before: &str) -> (Names, bool) {
    let start = before.len().saturating_sub(CLAUSE);
    let start = (start..before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
    let before = &before[start..];
    let last = |word: &str| before.rmatch_indices(word).map(|(at, _)| at).find(|at| is_alone(before, *at, word.len()));
    let import = last("import").map(|at| (at, false));
    let export = last("export").map(|at| (at, true));
    let Some((at, exports)) = import.max(export) else { return (Names::Whole, false) };
    let clause = before[at + "import".len()..].trim();
    if clause.contains(['"', '\'', ';', '=']) {
        return (Names::Whole, false);
    }
    if clause.contains('*') {
        return (Names::Whole, exports);
    }
    let clause = clause.strip_prefix("type ").unwrap_or(clause);
    let (default, named) = clause.split_once('{').unwrap_or((clause, ""));
    let mut names = Vec::new();
    if !default.trim().trim_end_matches(',').is_empty() {
        names.push(hash("default"));
    }
    for name in named.trim_end().trim_end_matches('}').split(',') {
        let name = name.trim();
        let name = name.strip_prefix("type ").unwrap_or(name);
        names.extend(name.split_whitespace().next().map(hash));
    }
    (Names::Only(names), false)
}

/// Whether a keyword is one, and not a part of a name.
fn is_alone(text: &str, at: usize, length: usize) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    !text[..at].ends_with(is_part) && !text[at + length..].starts_with(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_tell_what_they_take() {
        let only = |names: &[&str]| Names::Only(names.iter().map(|name| hash(name)).collect());
        for (text, specifier, names, passes_on) in [
            ("import a from './a'", "./a", only(&["default"]), false),
            ("import { a, type B as C,\n d } from \"@/x\";", "@/x", only(&["a", "B", "d"]), false),
            ("import type { Redis } from 'ioredis'", "ioredis", only(&["Redis"]), false),
            ("import a, { b } from 'x'", "x", only(&["default", "b"]), false),
            ("import * as all from 'x'", "x", Names::Whole, false),
            ("import 'x'", "x", only(&[]), false),
            ("const x = await import('x')", "x", Names::Whole, false),
            ("const { a } = require('x')", "x", Names::Whole, false),
            ("import x = require('x')", "x", Names::Whole, false),
            ("export * from 'x'", "x", Names::Whole, true),
            ("export * as y from 'x'", "x", Names::Whole, true),
            ("export { a as b } from 'x'", "x", only(&["a"]), false),
            ("import { importAll, reimport } from 'x'", "x", only(&["importAll", "reimport"]), false),
            ("import{a}from'x'", "x", only(&["a"]), false),
        ] {
            let found = imports(text);
            assert!(found.contains(&Import { specifier, names, passes_on }), "{text}: {found:?}");
        }
        assert_eq!(imports("const from = 'x'; // import nothing"), []);
    }
}

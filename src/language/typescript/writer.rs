//! Spelling edits in TypeScript and JavaScript.

use std::fmt::Write;

use crate::language::Writer;

/// Spells edits in TypeScript and JavaScript.
pub struct TypeScriptWriter;

impl Writer for TypeScriptWriter {
    fn string(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        out.push('"');
        for char in text.chars() {
            match char {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                // Line ends to JavaScript, though not to an editor.
                '\u{2028}' | '\u{2029}' => {
                    let _ = write!(out, "\\u{:04x}", char as u32);
                }
                char if char.is_control() => {
                    let _ = write!(out, "\\u{:04x}", char as u32);
                }
                char => out.push(char),
            }
        }
        out.push('"');
        out
    }

    fn options(&self, entries: &[(String, String)]) -> String {
        if entries.is_empty() {
            return "{}".into();
        }
        let entries: Vec<String> = entries
            .iter()
            .map(|(name, value)| match () {
                () if name == value && is_identifier(name) => name.clone(),
                () if is_identifier(name) => format!("{name}: {value}"),
                () => format!("{}: {value}", self.string(name)),
            })
            .collect();
        format!("{{ {} }}", entries.join(", "))
    }

    fn comments(&self, text: &str) -> Vec<String> {
        let closed = text.replace("*/", "* /");
        vec![format!("// {text}"), format!("{{/* {closed} */}}")]
    }

    fn nil(&self) -> &'static str {
        "undefined"
    }

    fn convert(&self, expression: &str, conversion: &str) -> Option<String> {
        let operand = || if is_operand(expression) { expression.to_owned() } else { format!("({expression})") };
        Some(match conversion {
            "json" => format!("JSON.stringify({expression})"),
            "string" => format!("String({expression})"),
            "number" => format!("Number({expression})"),
            "integer" => format!("Math.trunc({expression})"),
            "empty?" => format!("{}.length === 0", operand()),
            "positive?" => format!("{} > 0", operand()),
            _ => return None,
        })
    }

    fn when_not_empty(&self, expression: &str, statement: &str) -> String {
        let operand = if is_operand(expression) { expression.to_owned() } else { format!("({expression})") };
        format!("if ({operand}.length > 0) {{ {statement} }}")
    }
}

/// Whether a property can be written without quotes.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_' || first == '$')
        && chars.all(|char| char.is_alphanumeric() || char == '_' || char == '$')
}

/// Whether an expression is surely a name, a path of names or a bracketed whole, to which `.length` can be appended. Anything
/// else gets parentheses, which are never wrong.
fn is_operand(expression: &str) -> bool {
    !expression.is_empty() && expression.split('.').all(|segment| is_identifier(segment.strip_suffix('?').unwrap_or(segment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_strings() {
        let table = [
            ("plain", r#""plain""#),
            ("it's \"x\"", r#""it's \"x\"""#),
            ("a\\b\n\r\t", r#""a\\b\n\r\t""#),
            ("\u{1}\u{2028}", r#""\u0001\u2028""#),
            ("ü${x}", r#""ü${x}""#),
        ];
        for (text, literal) in table {
            assert_eq!(TypeScriptWriter.string(text), literal);
        }
    }

    #[test]
    fn spells_options() {
        let table: [(&[(&str, &str)], &str); 4] = [
            (&[], "{}"),
            (&[("EX", "60")], "{ EX: 60 }"),
            (&[("EX", "60"), ("NX", "true")], "{ EX: 60, NX: true }"),
            (&[("ttl", "ttl"), ("a-b", "1")], "{ ttl, \"a-b\": 1 }"),
        ];
        for (entries, text) in table {
            let entries: Vec<_> = entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(TypeScriptWriter.options(&entries), text);
        }
    }

    #[test]
    fn spells_conversions() {
        let table = [
            ("user", "json", Some("JSON.stringify(user)")),
            ("a + b", "string", Some("String(a + b)")),
            ("raw", "number", Some("Number(raw)")),
            ("ttl / 1000", "integer", Some("Math.trunc(ttl / 1000)")),
            ("this.keys", "empty?", Some("this.keys.length === 0")),
            ("a ?? b", "empty?", Some("(a ?? b).length === 0")),
            ("n", "positive?", Some("n > 0")),
            ("n", "symbol", None),
        ];
        for (expression, conversion, text) in table {
            assert_eq!(TypeScriptWriter.convert(expression, conversion).as_deref(), text);
        }
    }

    #[test]
    fn guards_a_statement() {
        assert_eq!(TypeScriptWriter.when_not_empty("keys", "await redis.del(keys);"), "if (keys.length > 0) { await redis.del(keys); }");
        assert_eq!(TypeScriptWriter.when_not_empty("a.concat(b)", "f();"), "if ((a.concat(b)).length > 0) { f(); }");
    }
}

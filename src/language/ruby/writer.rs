//! How edits are spelled in Ruby.

use std::fmt::Write as _;

use crate::language::Writer;

/// Spells edits in Ruby.
pub struct RubyWriter;

impl Writer for RubyWriter {
    fn string(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        out.push('"');
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                // `#{`, `#@` and `#$` interpolate.
                '#' if matches!(chars.peek(), Some('{' | '@' | '$')) => out.push_str("\\#"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{1b}' => out.push_str("\\e"),
                control if control.is_control() => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{{{:X}}}", u32::from(control));
                }
                plain => out.push(plain),
            }
        }
        out.push('"');
        out
    }

    fn options(&self, entries: &[(String, String)]) -> String {
        let spelled: Vec<String> = entries
            .iter()
            .map(|(key, value)| match is_label(key) {
                true => format!("{key}: {value}"),
                false => format!("{}: {value}", self.string(key)),
            })
            .collect();
        spelled.join(", ")
    }

    fn comments(&self, text: &str) -> Vec<String> {
        vec![format!("# {text}")]
    }

    fn nil(&self) -> &'static str {
        "nil"
    }

    fn convert(&self, expression: &str, conversion: &str) -> Option<String> {
        // Kernel functions need no parentheses around what they are given; method calls do unless it is a plain chain.
        Some(match conversion {
            "json" => format!("{}.to_json", operand(expression)),
            "string" => format!("{}.to_s", operand(expression)),
            "number" => format!("Float({expression})"),
            "integer" => format!("Integer({expression})"),
            "empty?" => format!("{}.empty?", operand(expression)),
            "positive?" => format!("{}.positive?", operand(expression)),
            _ => return None,
        })
    }

    fn when_not_empty(&self, expression: &str, statement: &str) -> String {
        match statement.contains('\n') {
            true => format!("unless {}.empty?\n{statement}\nend", operand(expression)),
            false => format!("{statement} unless {}.empty?", operand(expression)),
        }
    }
}

/// Whether a name can stand before a colon without quotes.
fn is_label(name: &str) -> bool {
    let stem = name.strip_suffix(['?', '!']).unwrap_or(name);
    let starts = stem.starts_with(|first: char| first == '_' || first.is_alphabetic());
    starts && stem.chars().all(|char| char == '_' || char.is_alphanumeric())
}

/// The expression as a receiver: in parentheses unless it certainly binds tighter than a dot.
fn operand(expression: &str) -> String {
    match binds_tightly(expression) {
        true => expression.to_owned(),
        false => format!("({expression})"),
    }
}

/// Whether an expression is one chain of names, literals and calls with parentheses, or one bracketed or quoted whole.
fn binds_tightly(expression: &str) -> bool {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut chars = expression.char_indices();
    while let Some((at, char)) = chars.next() {
        match (quote, char) {
            (Some(_), '\\') => {
                chars.next();
            }
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            // A quote or hash that begins behind something else is not a link of a chain.
            (None, '"' | '\'') if depth > 0 || at == 0 => quote = Some(char),
            (None, '{') if at == 0 || depth > 0 => depth += 1,
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']' | '}') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            (None, _) if depth > 0 => {}
            (None, '.' | '_' | '@' | '$' | '?' | '!') if char != '!' || at > 0 => {}
            (None, '&') if expression[at..].starts_with("&.") => {}
            (None, ':') if expression[at..].starts_with("::") || expression[..at].ends_with(':') || at == 0 => {}
            (None, name) if name.is_alphanumeric() => {}
            _ => return false,
        }
    }
    depth == 0 && quote.is_none() && !expression.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Kind, Literal};

    #[test]
    fn strings_are_escaped_so_that_ruby_reads_them_back() {
        let cases = [
            ("a:1", r#""a:1""#),
            (r#"say "x" \ y"#, r#""say \"x\" \\ y""#),
            ("#{x} #@y #$z # plain", r##""\#{x} \#@y \#$z # plain""##),
            ("a\n\t\r\u{1b}\u{0}é", r#""a\n\t\r\e\u{0}é""#),
        ];
        for (text, spelled) in cases {
            assert_eq!(RubyWriter.string(text), spelled);
            let module = crate::language::ruby::lower(spelled);
            let read = module.nodes.iter().find_map(|node| match &node.kind {
                Kind::Literal(Literal::Str(read)) => Some(read.clone()),
                _ => None,
            });
            assert_eq!(read.as_deref(), Some(text));
        }
    }

    #[test]
    fn options_are_keywords() {
        let entry = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(RubyWriter.options(&[entry("ex", "60"), entry("nx", "true")]), "ex: 60, nx: true");
        assert_eq!(RubyWriter.options(&[entry("a-b", "1")]), "\"a-b\": 1");
        assert_eq!(RubyWriter.options(&[]), "");
    }

    #[test]
    fn conversions_bracket_what_binds_loosely() {
        let cases = [
            ("user", "json", "user.to_json"),
            ("@user&.name", "string", "@user&.name.to_s"),
            ("a + b", "json", "(a + b).to_json"),
            ("{ a: 1 }", "json", "{ a: 1 }.to_json"),
            ("foo bar", "json", "(foo bar).to_json"),
            ("-x", "string", "(-x).to_s"),
            ("!x", "string", "(!x).to_s"),
            ("Foo::BAR.fetch(:a, 1)[0]", "string", "Foo::BAR.fetch(:a, 1)[0].to_s"),
            ("a)(b", "string", "(a)(b).to_s"),
            ("redis.get(k)", "integer", "Integer(redis.get(k))"),
            ("a || 1", "number", "Float(a || 1)"),
            ("ids", "empty?", "ids.empty?"),
            ("n", "positive?", "n.positive?"),
        ];
        for (expression, conversion, spelled) in cases {
            assert_eq!(RubyWriter.convert(expression, conversion).as_deref(), Some(spelled));
        }
        assert_eq!(RubyWriter.convert("x", "yaml"), None);
    }

    #[test]
    fn guards_stand_behind_one_line_and_around_several() {
        assert_eq!(RubyWriter.when_not_empty("ids", "redis.del(*ids)"), "redis.del(*ids) unless ids.empty?");
        assert_eq!(RubyWriter.when_not_empty("a + b", "x\ny"), "unless (a + b).empty?\nx\ny\nend");
    }
}

//! What a Lua script sends, as far as its text shows: which keys it names, and whether it visits all of them.

/// What was read of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Whether every key is one of `KEYS`; `None` when a key is made in a way that is not followed.
    pub declared: Option<bool>,
    /// Whether it calls KEYS.
    pub scans: bool,
}

/// Reads a script: its calls of `redis.call` and `redis.pcall`, with their first two arguments. `takes_key` says of a command
/// whether its first argument is a key.
pub(crate) fn read(text: &str, takes_key: impl Fn(&str) -> bool) -> Script {
    let text = without_comments(text);
    let mut found = Script { declared: Some(true), scans: false };
    for name in ["redis.call", "redis.pcall"] {
        for (at, _) in text.match_indices(name) {
            let Some(arguments) = text[at + name.len()..].trim_start().strip_prefix('(') else {
                found.declared = found.declared.filter(|declared| !declared);
                continue;
            };
            let mut arguments = arguments_of(arguments).into_iter();
            let Some(command) = arguments.next().and_then(literal) else {
                found.declared = found.declared.filter(|declared| !declared);
                continue;
            };
            found.scans |= command.eq_ignore_ascii_case("KEYS");
            if let Some(key) = arguments.next().filter(|_| takes_key(&command.to_ascii_uppercase())) {
                found.declared = match is_declared(&text, key, 0) {
                    Some(true) => found.declared,
                    Some(false) => Some(false),
                    None => found.declared.filter(|declared| !declared),
                };
            }
        }
    }
    found
}

/// Whether a key expression is one of `KEYS` (yes), or made of text and ARGV alone (no).
fn is_declared(text: &str, key: &str, depth: usize) -> Option<bool> {
    let key = key.trim();
    let is_one_of_keys = key.strip_prefix("KEYS[").is_some_and(|rest| rest.find(']') == Some(rest.len() - 1));
    if is_one_of_keys || key == "unpack(KEYS)" {
        return Some(true);
    }
    if key.contains("KEYS[") {
        // Text behind a declared key: another key, which only a hash tag keeps in the same slot.
        return None;
    }
    if literal(key).is_some() || (key.contains("ARGV[") && key.split("..").all(|part| is_text(part.trim()))) {
        return Some(false);
    }
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || depth > 4 {
        return None;
    }
    let mut assigned = text.lines().filter_map(|line| {
        let rest = line.trim().trim_start_matches("local ").trim_start().strip_prefix(key)?.trim_start().strip_prefix('=')?;
        (!rest.starts_with('=')).then_some(rest.trim().trim_end_matches(';'))
    });
    match (assigned.next(), assigned.next()) {
        (Some(value), None) => is_declared(text, value, depth + 1),
        _ => None,
    }
}

fn is_text(part: &str) -> bool {
    literal(part).is_some() || (part.starts_with("ARGV[") && part.ends_with(']'))
}

/// The text of a string literal.
fn literal(expression: &str) -> Option<&str> {
    let expression = expression.trim();
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = expression.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    })
}

/// The first two arguments of a call whose opening parenthesis is passed.
fn arguments_of(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut begin, mut quote) = (0u32, 0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ')') => {
                found.push(&text[begin..at]);
                return found;
            }
            (None, ',') if depth == 0 => {
                found.push(&text[begin..at]);
                begin = at + 1;
                if found.len() == 2 {
                    return found;
                }
            }
            _ => {}
        }
    }
    Vec::new()
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_declared_written_or_not_followed() {
        for (text, declared, scans) in [
            ("return redis.call('GET', KEYS[1])", Some(true), false),
            ("local key = KEYS[1]\nreturn redis.call(\"incr\", key)", Some(true), false),
            ("return redis.call('GET', 'counter')", Some(false), false),
            ("return redis.call('GET', 'user:' .. ARGV[1])", Some(false), false),
            ("local key = ARGV[1]\nredis.call('DEL', key)", Some(false), false),
            ("redis.call('DEL', KEYS[1] .. ':meta')", None, false),
            ("for _, k in ipairs(redis.call('keys', ARGV[1])) do redis.call('DEL', k) end", None, true),
            ("return redis.call('TIME')", Some(true), false),
            ("return redis.call('PUBLISH', 'channel', ARGV[1])", Some(true), false),
            ("-- redis.call('GET', 'counter')\nreturn redis.call(ARGV[1], KEYS[1])", None, false),
            ("local f = redis.call\nreturn f('GET', 'counter')", None, false),
            ("redis.call('SET', f(KEYS[1], 'a,b'), 1)", None, false),
            ("redis.call('SET'", None, false),
        ] {
            let takes_key = |command: &str| !matches!(command, "TIME" | "PUBLISH" | "KEYS");
            assert_eq!(read(text, takes_key), Script { declared, scans }, "{text}");
        }
    }
}

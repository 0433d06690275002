use super::*;

#[test]
fn finds_keys() {
    let table = CommandTable::builtin();
    // command, words ("?" is a word of unknown text, a last "*" leaves the list open), keys, complete
    let cases: &[(&str, &str, &[usize], bool)] = &[
        ("GET", "a", &[0], true),
        ("GET", "?", &[0], true),
        ("SET", "k v EX 5", &[0], true),
        ("MGET", "a ? c", &[0, 1, 2], true),
        ("MGET", "a *", &[0], false),
        ("MGET", "*", &[], false),
        ("MSET", "a 1 b 2", &[0, 2], true),
        ("DEL", "a b", &[0, 1], true),
        ("EVAL", "script 2 a b x", &[2, 3], true),
        ("EVAL", "script 0", &[], true),
        ("EVAL", "script ? a b", &[], false),
        ("EVAL", "script 2 a *", &[2], false),
        ("XREAD", "COUNT 5 STREAMS a b 0 0", &[3, 4], true),
        ("XREAD", "streams a $", &[1], true),
        ("XREAD", "? a 0", &[], false),
        ("XGROUP CREATE", "s g $", &[0], true),
        ("ZUNIONSTORE", "dst 2 a b", &[0, 2, 3], true),
        ("BLPOP", "a b 0", &[0, 1], true),
        ("BLPOP", "a *", &[0], false),
        ("PING", "", &[], true),
        ("RENAME", "a b", &[0, 1], true),
        ("GEORADIUS", "g 1 2 3 m STORE d", &[0, 6], true),
        ("GEORADIUS", "g 1 2 3 m", &[0], true),
        ("OBJECT ENCODING", "k", &[0], true),
    ];
    for (name, text, keys, complete) in cases {
        let command = table.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        let mut words: Vec<Option<&str>> = text.split_whitespace().map(|word| (word != "?").then_some(word)).collect();
        let open = words.pop_if(|word| *word == Some("*")).is_some();
        let found = if open { command.key_positions_open(&words) } else { command.key_positions(&words) };
        assert_eq!((found.known.as_slice(), found.complete), (*keys, *complete), "{name} {text}");
    }
}

#[test]
fn reads_command_lines() {
    let table = CommandTable::builtin();
    type Case = (&'static [Option<&'static str>], Option<(&'static str, usize)>);
    let cases: &[Case] = &[
        (&[Some("get"), Some("k")], Some(("GET", 1))),
        (&[Some("xgroup"), Some("create"), None], Some(("XGROUP CREATE", 2))),
        (&[Some("XGROUP"), None], Some(("XGROUP", 1))),
        (&[Some("MEMORY"), Some("nonsense")], Some(("MEMORY", 1))),
        (&[Some("frobnicate")], None),
        (&[None], None),
        (&[], None),
    ];
    for (words, want) in cases {
        assert_eq!(table.of_words(words).map(|(command, used)| (command.name.as_str(), used)), *want, "{words:?}");
    }
}

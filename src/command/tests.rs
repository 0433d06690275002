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

#[test]
fn says_what_commands_do() {
    let table = CommandTable::builtin();
    let cases: &[(&str, &str)] = &[
        ("GET", "read"),
        ("SET", "write create overwrite"),
        ("SETEX", "write create overwrite expire"),
        ("SETNX", "write create"),
        ("GETDEL", "read write delete pop"),
        ("GETSET", "read write create"),
        ("DEL", "write delete"),
        ("EXPIRE", "write expire"),
        ("PERSIST", "write persist"),
        ("INCR", "write create count"),
        ("HGETALL", "read full-read"),
        ("HINCRBY", "write create count"),
        ("LPUSH", "write create push"),
        ("BLPOP", "write pop block"),
        ("LMOVE", "write create push pop"),
        ("XADD", "write create push"),
        ("XREAD", "read block"),
        ("SUBSCRIBE", "subscribe"),
        ("PUBLISH", "publish"),
        ("WATCH", "watch"),
        ("EXEC", "transaction"),
        ("SELECT", "select"),
        ("SCAN", "read scan"),
        ("FLUSHALL", "write flush admin"),
        ("CONFIG SET", "admin"),
        ("EVAL", "script"),
        ("RENAME", "write create overwrite rename"),
        ("KEYS", "read"),
        ("PING", ""),
    ];
    for (name, words) in cases {
        let command = table.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(command.does().words().collect::<Vec<_>>().join(" "), *words, "{name}");
    }
}

#[test]
fn facts_of_commands() {
    let table = CommandTable::builtin();
    let command = |name: &str| table.get(name).unwrap_or_else(|| panic!("{name} is missing"));
    let slots = |name: &str| {
        let mark = |slot: &Slot| format!("{}{}{}", slot.name, if slot.repeats { "*" } else { "" }, if slot.optional { "?" } else { "" });
        command(name).slots.iter().map(mark).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(slots("SETEX"), "key seconds value");
    assert_eq!(slots("HSET"), "key field* value*");
    assert_eq!(slots("LPOP"), "key count?");
    assert_eq!(command("SETEX").slots[1].ttl_unit(), Some(TtlUnit::Seconds));
    assert_eq!(command("PEXPIREAT").slots[1].ttl_unit(), Some(TtlUnit::MillisecondsAt));
    assert_eq!(command("SET").slots[1].ttl_unit(), None);
    assert_eq!(command("ZADD").slot_index("member"), Some(2));

    for (name, varies, want) in [
        ("GET", Varies::Key, Batch::Command("MGET")),
        ("HGET", Varies::Field, Batch::Command("HMGET")),
        ("HGET", Varies::Key, Batch::Pipeline),
        ("SISMEMBER", Varies::Member, Batch::Command("SMISMEMBER")),
        ("DEL", Varies::Key, Batch::Variadic),
        ("SADD", Varies::Member, Batch::Variadic),
        ("HGETALL", Varies::Key, Batch::Pipeline),
    ] {
        assert_eq!(command(name).batch(varies), want, "{name} {varies}");
    }
    assert_eq!(command("SET").token("ex").and_then(|token| token.slot.as_deref()), Some("seconds"));
    assert_eq!(command("SET").token("KEEPTTL").map(|token| token.since.as_str()), Some("6.0.0"));
    assert_eq!(command("HEXPIRE").since.redis.as_deref(), Some("7.4.0"));
    assert_eq!(command("HEXPIRE").since.valkey.as_deref(), Some("9.0.0"));
    assert_eq!(command("SETEX").deprecated.redis.as_deref(), Some("2.6.12"));
    assert_eq!(command("SETEX").deprecated.valkey, None);
    assert_eq!(command("GET").equivalent.iter().find(|one| one.with == "DEL").map(|one| one.becomes.as_str()), Some("GETDEL key"));
    assert_eq!(command("XGROUP CREATE").container(), Some("XGROUP"));
    assert!(command("XGROUP").is_container);
    for (name, distinctive) in [
        ("HGETALL", true),
        ("ZADD", true),
        ("SETEX", true),
        ("GET", false),
        ("SET", false),
        ("KEYS", false),
        ("DEL", false),
        ("CONFIG GET", false),
    ] {
        assert_eq!(command(name).is_distinctive(), distinctive, "{name}");
    }
}

#[test]
fn refuses_a_wrong_overlay() {
    let generated = include_str!("../../commands.json");
    for (overlay, message) in [
        ("[GETT]\nslots = \"key\"", "describes `GETT`"),
        ("[GET]\nslot = \"key\"", "unknown field `slot`"),
        ("[GET]\nbatch = { keys = \"MGET\" }", "write `key`, `field` or `member`"),
        ("[GET]\nreply = \"text\"", "unknown variant `text`"),
    ] {
        match CommandTable::load(generated, overlay) {
            Ok(_) => panic!("loaded: {overlay}"),
            Err(error) => assert!(error.to_string().contains(message), "{error}"),
        }
    }
}

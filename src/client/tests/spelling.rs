use super::*;
use crate::command::TtlUnit;

#[test]
fn spells() {
    // library, versions, role, method: command, with its verdict when that is not `exists`
    let cases: &[(&str, &str, Role, &str, &str)] = &[
        ("node-redis", "4", Role::Connection, "hGetAll", "HGETALL"),
        ("node-redis", "5", Role::Connection, "HGETALL", "HGETALL"),
        ("node-redis", "5", Role::Connection, "hgetall", "HGETALL missing"),
        ("node-redis", "3", Role::Connection, "hgetall", "HGETALL"),
        ("node-redis", "3", Role::Connection, "HGETALL", "HGETALL"),
        ("node-redis", "3", Role::Connection, "hGetAll", "HGETALL missing"),
        ("node-redis", "3", Role::Connection, "hgetallAsync", "HGETALL +Async"),
        ("node-redis", "", Role::Connection, "hgetall", "HGETALL missing~"),
        ("node-redis", "", Role::Connection, "get", "GET"),
        ("node-redis", "4", Role::Transaction, "setEx", "SETEX"),
        ("node-redis", "4", Role::Connection, "setNX", "SETNX"),
        ("node-redis", "4", Role::Connection, "pTTL", "PTTL"),
        ("node-redis", "4", Role::Connection, "xGroupCreate", "XGROUP CREATE"),
        ("node-redis", "4", Role::Connection, "XGROUP_CREATE", "XGROUP CREATE"),
        ("node-redis", "4", Role::Connection, "xgroup", "XGROUP missing"),
        ("node-redis", "3", Role::Connection, "xgroup", "XGROUP"),
        ("node-redis", "4", Role::Connection, "configGet", "CONFIG GET"),
        ("node-redis", "4", Role::Connection, "scriptLoad", "SCRIPT LOAD"),
        ("node-redis", "4", Role::Connection, "objectEncoding", "OBJECT ENCODING"),
        ("node-redis", "5", Role::Connection, "hmset", "HMSET removed"),
        ("node-redis", "3", Role::Connection, "hmset", "HMSET"),
        ("node-redis", "5", Role::Connection, "zRevRange", "ZREVRANGE missing"),
        ("node-redis", "5", Role::Connection, "zRangeWithScores", "ZRANGE"),
        ("node-redis", "5", Role::Connection, "ZRANGE_WITHSCORES", "ZRANGE"),
        ("node-redis", "5", Role::Connection, "json.get", "JSON.GET"),
        ("node-redis", "5", Role::Connection, "json.arrAppend", "JSON.ARRAPPEND"),
        ("node-redis", "5", Role::Connection, "json.GET", "JSON.GET"),
        ("node-redis", "5", Role::Connection, "ft.search", "FT.SEARCH"),
        ("node-redis", "4", Role::Connection, "hGetDel", "HGETDEL missing"),
        ("node-redis", "5", Role::Connection, "hGetDel", "HGETDEL"),
        ("node-redis", "4", Role::Connection, "scanIterator", "SCAN keys"),
        ("node-redis", "5", Role::Connection, "scanIterator", "SCAN pages"),
        ("node-redis", "", Role::Connection, "on", "-"),
        ("node-redis", "", Role::Connection, "connect", "-"),
        ("node-redis", "", Role::Connection, "status", "-"),
        ("node-redis", "", Role::Connection, "options", "-"),
        ("node-redis", "", Role::Connection, "frobnicate", "-"),
        ("ioredis", "", Role::Connection, "hgetall", "HGETALL"),
        ("ioredis", "", Role::Connection, "getBuffer", "GET +Buffer"),
        ("ioredis", "", Role::Pipeline, "zadd", "ZADD"),
        ("ioredis", "", Role::Connection, "hGetAll", "HGETALL missing"),
        ("ioredis", "", Role::Connection, "Get", "-"),
        ("ioredis", "", Role::Connection, "xgroup", "XGROUP"),
        ("ioredis", "", Role::Connection, "scanStream", "SCAN pages"),
        ("ioredis", "", Role::Connection, "defineCommand", "SCRIPT LOAD"),
        ("ioredis", "", Role::Connection, "status", "-"),
        ("iovalkey", "", Role::Connection, "zadd", "ZADD"),
        ("iovalkey", "", Role::Connection, "hexpire", "HEXPIRE missing"),
        ("upstash", "", Role::Connection, "hgetall", "HGETALL"),
        ("upstash", "", Role::Connection, "json.get", "JSON.GET"),
        ("upstash", "", Role::Connection, "blpop", "BLPOP missing"),
        ("upstash", "", Role::Connection, "xgroup", "XGROUP"),
        ("redis-rb", "", Role::Connection, "hgetall", "HGETALL"),
        ("redis-rb", "5", Role::Connection, "exists?", "EXISTS"),
        ("redis-rb", "4.1", Role::Connection, "exists?", "EXISTS missing"),
        ("redis-rb", "4", Role::Connection, "exists?", "EXISTS~"),
        ("redis-rb", "5", Role::Connection, "mapped_hmset", "HMSET"),
        ("redis-rb", "5", Role::Connection, "scan_each", "SCAN keys"),
        ("redis-rb", "5", Role::Connection, "with", "-"),
        ("redis-rb", "5", Role::Connection, "queue", "- removed"),
        ("redis-namespace", "5", Role::Connection, "get", "GET"),
        ("redis-namespace", "5", Role::Connection, "getdel", "GETDEL unprefixed"),
        ("redis-namespace", "5", Role::Connection, "xadd", "XADD unprefixed"),
        ("redis-client", "", Role::Connection, "call", "-"),
        ("redis-client", "", Role::Connection, "hgetall", "HGETALL missing"),
        ("redis-client", "", Role::Connection, "scan", "SCAN keys"),
        ("redis-client", "", Role::Config, "get", "-"),
        ("connection-pool", "", Role::Pool, "get", "GET pool"),
        ("connection-pool", "", Role::Pool, "with", "-"),
        ("sidekiq", "7", Role::Lease, "hgetall", "HGETALL"),
        ("sidekiq", "7", Role::Lease, "exists?", "EXISTS missing"),
        ("sidekiq", "7", Role::Lease, "scan", "SCAN keys"),
        ("rails", "", Role::Store, "get", "-"),
        ("bun", "", Role::Connection, "hgetall", "HGETALL"),
        ("valkey-glide", "", Role::Connection, "configGet", "CONFIG GET"),
    ];
    for (name, range, role, method, want) in cases {
        let library = library(name);
        let found = shown(library.spell(method, *role, versions(library, range)), |spelled| {
            let mut text = spelled.command.map_or("-", |command| command.name.as_str()).to_owned();
            for more in [
                (spelled.verdict != MethodVerdict::Exists).then(|| spelled.verdict.word().to_owned()),
                spelled.iterates.map(|iterates| iterates.word().to_owned()),
                spelled.suffix.map(|suffix| format!("+{suffix}")),
            ]
            .into_iter()
            .flatten()
            {
                text = format!("{text} {more}");
            }
            text
        });
        assert_eq!(found, *want, "{name} {range} {method}");
    }
}

#[test]
fn knows_every_command_in_each_casing() {
    for (name, range, case) in [("ioredis", "", Case::Lower), ("redis-rb", "", Case::Lower), ("node-redis", "3", Case::Upper)] {
        let library = library(name);
        for command in CommandTable::builtin().iter().filter(|command| !command.name.contains([' ', '.'])) {
            let method = if case == Case::Upper { command.name.replace('-', "_") } else { command.name.to_lowercase().replace('-', "_") };
            if library.is_other_method(&method) {
                continue;
            }
            let found = library.spell(&method, Role::Connection, versions(library, range)).and_then(|found| found.newest.command);
            assert_eq!(found.map(|found| &found.name), Some(&command.name), "{name} {method}");
        }
    }
}

#[test]
fn writes_commands() {
    let line = |name: &str, range: &str, command: &str, slots: &[LineSlot<&'static str>], options: &[LineOption<&'static str>]| {
        let library = library(name);
        library.spell_call(command, slots, options, versions(library, range)).map_or("-".to_owned(), |call| text_of(&call))
    };
    let key_value = [LineSlot::One("k"), LineSlot::One("v")];
    let ex = [LineOption::Ttl(TtlUnit::Seconds, "n")];
    let nx_px = [LineOption::Condition("NX".into()), LineOption::Ttl(TtlUnit::Milliseconds, "n")];
    let keys = [LineSlot::Many(vec!["a", "b"])];
    let pairs = [LineSlot::One("k"), LineSlot::Pairs(vec![("f", "v"), ("g", "w")])];
    for (name, range, set_ex, set_nx, mget, hset) in [
        ("node-redis", "3", "set(k, v, 'EX', n)", "set(k, v, 'NX', 'PX', n)", "mget(a, b)", "hset(k, f, v, g, w)"),
        ("node-redis", "4", "set(k, v, {EX: n})", "set(k, v, {NX: true, PX: n})", "mGet([a, b])", "hSet(k, {f: v, g: w})"),
        ("node-redis", "5", "set(k, v, {EX: n})", "set(k, v, {NX: true, PX: n})", "mGet([a, b])", "hSet(k, {f: v, g: w})"),
        ("node-redis", ">=4", "set(k, v, {EX: n})", "set(k, v, {NX: true, PX: n})", "mGet([a, b])", "hSet(k, {f: v, g: w})"),
        ("node-redis", "", "-", "-", "-", "-"),
        ("ioredis", "", "set(k, v, 'EX', n)", "set(k, v, 'NX', 'PX', n)", "mget(a, b)", "hset(k, f, v, g, w)"),
        ("upstash", "", "set(k, v, {ex: n})", "set(k, v, {nx: true, px: n})", "mget(a, b)", "hset(k, {f: v, g: w})"),
        ("redis-rb", "", "set(k, v, ex: n)", "set(k, v, nx: true, px: n)", "mget(a, b)", "hset(k, f, v, g, w)"),
        (
            "redis-client",
            "",
            "call('SET', k, v, 'EX', n)",
            "call('SET', k, v, 'NX', 'PX', n)",
            "call('MGET', a, b)",
            "call('HSET', k, f, v, g, w)",
        ),
        ("bun", "", "set(k, v, 'EX', n)", "set(k, v, 'NX', 'PX', n)", "mget(a, b)", "hset(k, f, v, g, w)"),
    ] {
        assert_eq!(line(name, range, "SET", &key_value, &ex), set_ex, "{name} {range}");
        assert_eq!(line(name, range, "SET", &key_value, &nx_px), set_nx, "{name} {range}");
        assert_eq!(line(name, range, "MGET", &keys, &[]), mget, "{name} {range}");
        assert_eq!(line(name, range, "HSET", &pairs, &[]), hset, "{name} {range}");
    }
    assert_eq!(line("ioredis", "", "XGROUP CREATE", &key_value, &[]), "xgroup('CREATE', k, v)");
    assert_eq!(line("node-redis", "5", "XGROUP CREATE", &key_value, &[]), "xGroupCreate(k, v)");
    assert_eq!(line("node-redis", "4", "HGETDEL", &key_value, &[]), "-");
    assert_eq!(line("node-redis", "5", "HMSET", &key_value, &[]), "-");
    assert_eq!(line("upstash", "", "BLPOP", &key_value, &[]), "-");
    assert_eq!(line("redis-rb", "3", "SET", &key_value, &[LineOption::KeepTtl]), "-");
}

fn text_of(call: &WrittenCall<&'static str>) -> String {
    let names = |names: &[(WrittenName<&str>, WrittenValue<&str>)]| {
        let name = |name: &WrittenName<&str>| match name {
            WrittenName::Option(name) => name.to_string(),
            WrittenName::Value(value) => (*value).to_owned(),
        };
        let value = |value: &WrittenValue<&str>| match value {
            WrittenValue::Value(value) => (*value).to_owned(),
            WrittenValue::True => "true".to_owned(),
        };
        names.iter().map(|(one, two)| format!("{}: {}", name(one), value(two))).collect::<Vec<_>>().join(", ")
    };
    let arguments = call.arguments.iter().map(|argument| match argument {
        Written::Value(value) => (*value).to_owned(),
        Written::Word(word) => format!("'{word}'"),
        Written::List(values) => format!("[{}]", values.join(", ")),
        Written::Names(NamesShape::Braces, entries) => format!("{{{}}}", names(entries)),
        Written::Names(NamesShape::Keywords, entries) => names(entries),
    });
    format!("{}({})", call.method, arguments.collect::<Vec<_>>().join(", "))
}

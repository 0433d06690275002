use super::*;
use crate::command::{Reply, ReplyMissing, TtlUnit};

fn libraries() -> &'static Libraries {
    match Libraries::builtin() {
        Ok(libraries) => libraries,
        Err(error) => panic!("{error} {:?}", error.help),
    }
}

fn library(name: &str) -> &'static Library {
    let id = libraries().named(name).unwrap_or_else(|| panic!("no table {name}"));
    libraries().get(id)
}

/// The versions of a library that a range in table form names; `""` for all.
fn versions(library: &Library, range: &str) -> Versions {
    match range {
        "" => library.all_versions(),
        range => library.versions(&[VersionRange::parse(range).unwrap_or_else(|| panic!("range {range}"))]),
    }
}

/// Writes what collapsed: the value, and a `~` when the versions differ.
fn shown<T>(found: Option<Collapsed<T>>, show: impl Fn(&T) -> String) -> String {
    found.map_or("-".to_owned(), |found| format!("{}{}", show(&found.newest), if found.agree { "" } else { "~" }))
}

#[test]
fn ranges() {
    let cases: &[(&str, &str, bool)] = &[
        ("3", "3.9", true),
        ("3", "4.0", false),
        ("4.3", "4.3", true),
        ("4.3", "4.4", false),
        (">=4.3", "6.0", true),
        (">=4.3", "4.2", false),
        (">4", "4.9", false),
        (">4", "5.0", true),
        ("<=4", "4.9", true),
        ("<4.3", "4.2", true),
        ("<4.3", "4.3", false),
        ("4..5", "5.9", true),
        ("4..5", "6.0", false),
        (">=4.6,<5", "4.6", true),
        (">=4.6,<5", "5.0", false),
    ];
    for (range, version, holds) in cases {
        let range_read = VersionRange::parse(range).unwrap_or_else(|| panic!("{range}"));
        assert_eq!(range_read.contains(Version::parse(version).unwrap_or(Version::new(0, 0))), *holds, "{range} {version}");
    }
    for wrong in ["", "x", "~> 4", ">=", "4..x", "^4"] {
        assert_eq!(VersionRange::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Version::parse("v5.10.0-rc.1"), Some(Version::new(5, 10)));
}

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
fn makes_clients() {
    // library, versions, export or constant, how: role, verdict
    let new = CallForm::New;
    let function = CallForm::Function;
    let method = |name: &str| CallForm::Method(name.into());
    let exports = [
        ("node-redis", "3", "createClient", function.clone(), "connection lazy"),
        ("node-redis", "5", "createClient", function.clone(), "connection explicit"),
        ("node-redis", "", "createClient", function.clone(), "connection explicit~"),
        ("node-redis", "4", "createClientPool", function.clone(), "-"),
        ("node-redis", "5", "createClientPool", function.clone(), "pool explicit"),
        ("node-redis", "5", "default.createClient", function, "connection explicit"),
        ("ioredis", "", "default", new.clone(), "connection lazy"),
        ("ioredis", "4", "Redis", new.clone(), "-"),
        ("ioredis", "5", "Redis", new.clone(), "connection lazy"),
        ("ioredis", "5", "default.Cluster", new.clone(), "cluster lazy"),
        ("ioredis", "5", "default", method("createClient"), "connection lazy"),
        ("iovalkey", "", "Valkey", new.clone(), "connection lazy"),
        ("iovalkey", "", "default", new.clone(), "connection lazy"),
        ("upstash", "", "Redis", method("fromEnv"), "connection none"),
        ("bun", "", "RedisClient", new.clone(), "connection lazy"),
        ("valkey-glide", "", "GlideClient", method("createClient"), "connection lazy"),
    ];
    let show = |make: &&Make| {
        let verdict = make.verdict.map(|verdict| format!(" {verdict}")).unwrap_or_default();
        let wraps = make.wraps.as_ref().map(|wraps| format!(" wraps {wraps:?}")).unwrap_or_default();
        format!("{}{}{verdict}{wraps}", make.role, make.connect.map(|connect| format!(" {connect}")).unwrap_or_default())
    };
    for (name, range, export, call, want) in exports {
        let library = library(name);
        assert_eq!(shown(library.make_export(export, &call, versions(library, range)), show), want, "{name} {range} {export} {call:?}");
    }
    let constants = [
        ("redis-rb", "", "Redis", new.clone(), "connection lazy"),
        ("redis-rb", "4.5", "Redis", method("current"), "connection lazy"),
        ("redis-rb", "4.8", "Redis", method("current"), "connection lazy deprecated"),
        ("redis-rb", "5", "Redis", method("current"), "connection lazy removed"),
        ("redis-rb", "3", "Redis", method("connect"), "connection lazy deprecated"),
        ("redis-rb", "5", "Redis::Distributed", new.clone(), "cluster lazy"),
        ("redis-namespace", "5", "Redis::Namespace", new.clone(), "connection wraps Keyword(\"redis\")"),
        ("redis-client", "", "RedisClient", method("config"), "config"),
        ("connection-pool", "", "ConnectionPool", new.clone(), "pool wraps Block"),
        ("connection-pool", "", "ConnectionPool::Wrapper", new, "connection wraps Block"),
    ];
    for (name, range, constant, call, want) in constants {
        let library = library(name);
        assert_eq!(
            shown(library.make_constant(constant, &call, versions(library, range)), show),
            want,
            "{name} {range} {constant} {call:?}"
        );
    }
    let on = [
        ("node-redis", "5", Role::Connection, "duplicate", "connection explicit"),
        ("ioredis", "", Role::Cluster, "duplicate", "cluster lazy"),
        ("redis-client", "", Role::Config, "new_client", "connection lazy"),
        ("redis-client", "", Role::Config, "new_pool", "pool lazy"),
        ("redis-client", "", Role::Connection, "new_pool", "-"),
    ];
    for (name, range, role, method, want) in on {
        let library = library(name);
        assert_eq!(shown(library.make_on(role, method, versions(library, range)), show), want, "{name} {range} {method}");
    }
}

#[test]
fn finds_libraries() {
    let name = |id: Option<LibraryId>| id.map_or("-", |id| libraries().get(id).name.as_str());
    for (specifier, want) in [
        ("redis", "node-redis"),
        ("@redis/client", "node-redis"),
        ("ioredis", "ioredis"),
        ("ioredis/built", "-"),
        ("@upstash/redis", "upstash"),
        ("@upstash/redis/cloudflare", "upstash"),
        ("@upstash/redis/x", "-"),
        ("bun", "bun"),
        ("redis-client", "-"),
    ] {
        assert_eq!(name(libraries().npm(specifier)), want, "{specifier}");
    }
    for (gem, want) in [("redis", "redis-rb"), ("redis-client", "redis-client"), ("sidekiq", "sidekiq"), ("ioredis", "-")] {
        assert_eq!(name(libraries().gem(gem)), want, "{gem}");
    }
    for (constant, want) in [
        ("Redis", vec!["redis-namespace", "redis-rb"]),
        ("Redis::Namespace", vec!["redis-namespace"]),
        ("Sidekiq", vec!["sidekiq"]),
        ("Rails", vec!["rails"]),
        ("Redistribution", vec![]),
    ] {
        let found: Vec<&str> = libraries().by_constant(constant).iter().map(|id| libraries().get(*id).name.as_str()).collect();
        assert_eq!(found, want, "{constant}");
    }
}

#[test]
fn accessors_and_views() {
    let show = |accessor: &&Accessor| {
        let role = |role: Option<Role>| role.map_or("-", Role::word);
        let library = accessor.library.as_ref().map(|library| format!(" {library}")).unwrap_or_default();
        let contains = accessor.contains.as_ref().map(|library| format!(" of {library}")).unwrap_or_default();
        format!("{} {}{library}{contains}{}", role(accessor.role), role(accessor.block), if accessor.wrapped { " wrapped" } else { "" })
    };
    for (name, range, constant, method, want) in [
        ("sidekiq", "6", "Sidekiq", "redis", "- lease redis-rb"),
        ("sidekiq", "7", "Sidekiq", "redis", "- lease"),
        ("sidekiq", "", "Sidekiq", "redis", "- lease~"),
        ("sidekiq", "7", "Sidekiq", "redis_pool", "pool - connection-pool of sidekiq"),
        ("sidekiq", "7", "Sidekiq::Component", "redis", "- lease"),
        ("rails", "", "Rails", "cache", "store -"),
        ("resque", "", "Resque", "redis", "connection - redis-namespace"),
        ("kredis", "", "Kredis", "redis", "connection - redis-rb"),
    ] {
        let library = library(name);
        assert_eq!(
            shown(library.accessor_constant(constant, method, versions(library, range)), show),
            want,
            "{name} {range} {constant}.{method}"
        );
    }
    for (name, range, role, method, want) in [
        ("connection-pool", "", Role::Pool, "with", "- lease wrapped"),
        ("connection-pool", "", Role::Pool, "checkout", "lease - wrapped"),
        ("redis-namespace", "5", Role::Connection, "redis", "connection - wrapped"),
        ("rails", "7.0", Role::Store, "redis", "connection - redis-rb"),
        ("rails", "8", Role::Store, "redis", "pool - connection-pool of redis-rb"),
        ("redis-rb", "", Role::Connection, "with", "- lease"),
        ("node-redis", "5", Role::Pool, "execute", "- lease"),
    ] {
        let library = library(name);
        assert_eq!(shown(library.accessor_on(role, method, versions(library, range)), show), want, "{name} {range} {method}");
    }
    let node = library("node-redis");
    assert_eq!(
        shown(node.view(Role::Connection, "legacy", versions(node, "5")), |view| format!("{:?}", view.effect)),
        "Some(\"callbacks\")"
    );
    assert_eq!(shown(node.view(Role::Connection, "withTypeMapping", versions(node, "4")), |_| "view".into()), "-");
    let bun = library("bun");
    assert_eq!(shown(bun.accessor_export("redis", bun.all_versions()), show), "connection -");
    for (name, range, export, want) in [
        ("node-redis", "5", "RedisClientType", "connection"),
        ("node-redis", "3", "RedisClientType", "-"),
        ("ioredis", "", "Cluster", "cluster"),
        ("ioredis", "", "ChainableCommander", "pipeline"),
    ] {
        let library = library(name);
        assert_eq!(shown(library.type_export(export, versions(library, range)), Role::to_string), want, "{name} {export}");
    }
    let rb = library("redis-rb");
    assert_eq!(shown(rb.type_constant("Redis", rb.all_versions()), Role::to_string), "connection");
}

#[test]
fn forms_values_and_replies() {
    use FormShape::{Fraction, Hash, Keywords, Number, Options, Tokens};
    for (name, range, command, shape, want) in [
        ("node-redis", "3", "SET", Tokens, "accepted"),
        ("node-redis", "3", "SET", Options, "rejected"),
        ("node-redis", "4", "SET", Options, "accepted"),
        ("node-redis", "5", "SET", Tokens, "ignored"),
        ("node-redis", ">=4", "SET", Number, "ignored"),
        ("node-redis", "", "SET", Tokens, "ignored~"),
        ("node-redis", "", "SET", Options, "accepted~"),
        ("ioredis", "", "SET", Tokens, "accepted"),
        ("ioredis", "", "SET", Options, "rejected"),
        ("iovalkey", "", "SET", Options, "rejected"),
        ("upstash", "", "SET", Options, "accepted"),
        ("redis-rb", "3", "SET", Hash, "accepted"),
        ("redis-rb", "4", "SET", Hash, "rejected"),
        ("redis-rb", "4", "BLPOP", Number, "accepted"),
        ("redis-rb", "5", "BLPOP", Number, "timeout-as-key"),
        ("redis-rb", "", "BLPOP", Keywords, "accepted"),
        ("redis-rb", "5", "SETEX", Fraction, "truncated"),
        ("redis-namespace", "5", "BLPOP", Number, "timeout-as-key"),
        ("redis-client", "", "BLPOP", Number, "wrong-method"),
        ("sidekiq", "7", "SET", Keywords, "accepted"),
        ("redis-rb", "", "GET", Options, "-"),
    ] {
        let library = library(name);
        assert_eq!(
            shown(library.form(command, shape, versions(library, range)), |form| form.verdict.to_string()),
            want,
            "{name} {range} {command} {shape}"
        );
    }
    let node = library("node-redis");
    let form = node.form("SET", Options, versions(node, "5")).map(|form| form.newest);
    assert_eq!(form.and_then(|form| form.keys.of("EX")), Some(&Meaning::Ttl(TtlUnit::Seconds)));
    assert_eq!(form.and_then(|form| form.keys.of("ex")), None);
    assert_eq!(form.and_then(|form| form.others), Some(FormVerdict::Ignored));
    assert!(matches!(form.and_then(|form| form.keys.of("expiration")), Some(Meaning::Table(names)) if names.len() == 2));

    for (name, range, kind, command, want) in [
        ("node-redis", ">=4", ValueKind::Object, "SET", "rejected"),
        ("node-redis", ">=4", ValueKind::Object, "HSET", "flattened"),
        ("node-redis", ">=4", ValueKind::Array, "DEL", "flattened"),
        ("node-redis", "", ValueKind::Object, "SET", "rejected"),
        ("ioredis", "", ValueKind::Object, "SET", "stringified"),
        ("ioredis", "", ValueKind::Object, "HSET", "flattened"),
        ("ioredis", "", ValueKind::Nil, "SET", "emptied"),
        ("upstash", "", ValueKind::Object, "SET", "encoded"),
        ("redis-rb", "", ValueKind::Object, "SET", "stringified"),
        ("redis-rb", "", ValueKind::Object, "PUBLISH", "-"),
        ("redis-client", "", ValueKind::Nil, "SET", "rejected"),
        ("redis-client", "", ValueKind::Object, "HSET", "flattened"),
        ("redis-client", "", ValueKind::Object, "SET", "rejected"),
    ] {
        let library = library(name);
        assert_eq!(
            shown(library.value(kind, command, versions(library, range)), ValueVerdict::to_string),
            want,
            "{name} {range} {kind} {command}"
        );
    }

    for (name, range, command, want) in [
        ("node-redis", "4", "EXPIRE", "boolean -"),
        ("node-redis", "5", "EXPIRE", "-"),
        ("node-redis", "4", "SCAN", "cursor-number -"),
        ("node-redis", "3", "GET", "accepted-flag -"),
        ("node-redis", "5", "ZSCORE", "number -"),
        ("upstash", "", "HGETALL", "map nil"),
        ("bun", "", "EXISTS", "boolean -"),
        ("redis-rb", "4.2", "EXISTS", "boolean -"),
        ("redis-rb", "4.3", "EXISTS", "-"),
        ("redis-rb", "4", "SADD", "boolean -"),
        ("redis-rb", "5", "SADD", "integer -"),
        ("redis-rb", "", "SADD", "integer -~"),
        ("redis-rb", "", "EXPIRE", "boolean -"),
    ] {
        let library = library(name);
        let found = shown(library.reply(command, versions(library, range)), |row| {
            format!("{} {}", row.reply.map_or("-", Reply::word), row.missing.map_or("-", ReplyMissing::word))
        });
        assert_eq!(found, want, "{name} {range} {command}");
    }
}

#[test]
fn queues_and_the_rest() {
    let show = |queue: &Queue<'_>| {
        let parameter = queue.parameter.map(|parameter| format!(" {parameter}")).unwrap_or_default();
        let outer = queue.outer.map(|outer| format!(" outer-{outer}")).unwrap_or_default();
        let abort = queue.abort.map(|abort| format!(" abort-{abort}")).unwrap_or_default();
        format!("{} {}{parameter}{outer} {}{abort}", queue.kind, if queue.block { "block" } else { "chain" }, queue.errors)
    };
    for (name, range, open, want) in [
        ("node-redis", "3", "batch", "pipeline chain in-reply"),
        ("node-redis", "5", "batch", "-"),
        ("node-redis", "5", "multi", "transaction chain raised abort-raised"),
        ("node-redis", "3", "multi", "transaction chain in-reply abort-nil-reply"),
        ("ioredis", "", "pipeline", "pipeline chain in-reply"),
        ("ioredis", "", "multi", "transaction chain in-reply abort-nil-reply"),
        ("upstash", "", "multi", "transaction chain raised"),
        ("redis-rb", "4", "pipelined", "pipeline block optional outer-queued raised abort-nil-reply"),
        ("redis-rb", "5", "multi", "transaction block required outer-immediate raised abort-nil-reply"),
        ("sidekiq", "7", "pipelined", "pipeline block required outer-immediate raised abort-nil-reply"),
        ("redis-rb", "", "get", "-"),
    ] {
        let library = library(name);
        assert_eq!(shown(library.queue(open, versions(library, range)), show), want, "{name} {range} {open}");
    }
    let node = library("node-redis");
    for (open, method, range, want) in [
        ("multi", "exec", "5", "transaction"),
        ("multi", "execAsPipeline", "5", "pipeline"),
        ("multi", "execTyped", "4", "-"),
        ("multi", "execTyped", "5", "transaction"),
        ("batch", "exec", "3", "pipeline"),
        ("multi", "get", "5", "-"),
    ] {
        assert_eq!(shown(node.run(open, method, versions(node, range)), |run| run.kind.to_string()), want, "{open} {method} {range}");
    }
    assert!(node.runs("multi", versions(node, "5")).any(|method| method == "execAsPipeline"));
    let iovalkey = library("iovalkey");
    assert_eq!(iovalkey.runs("pipeline", iovalkey.all_versions()).collect::<Vec<_>>(), ["exec"]);

    for (name, range, method, want) in [
        ("node-redis", "4", "quit", "true fine"),
        ("node-redis", "5", "quit", "true deprecated"),
        ("node-redis", "4", "destroy", "-"),
        ("ioredis", "", "disconnect", "false fine"),
        ("redis-rb", "", "close", "true fine"),
    ] {
        let library = library(name);
        assert_eq!(
            shown(library.close(method, versions(library, range)), |close| format!("{} {}", close.graceful, close.verdict)),
            want,
            "{name} {range} {method}"
        );
    }
    for (name, range, of, option, want) in [
        ("node-redis", "3", "createClient", "host", "accepted host"),
        ("node-redis", "5", "createClient", "host", "ignored host -> socket.host"),
        ("node-redis", "5", "createClient", "legacyMode", "removed"),
        ("ioredis", "", "default", "prefix", "misnamed -> keyPrefix"),
        ("ioredis", "", "Redis", "keyPrefix", "accepted prefix"),
        ("redis-rb", "5", "Redis", "logger", "rejected"),
        ("redis-rb", "4", "Redis", "logger", "accepted"),
        ("ioredis", "", "default", "nonsense", "-"),
    ] {
        let library = library(name);
        let found = shown(library.option(of, option, versions(library, range)), |option| {
            let means = option.means.map(|means| format!(" {means}")).unwrap_or_default();
            format!("{}{means}{}", option.verdict, option.instead.map(|instead| format!(" -> {instead}")).unwrap_or_default())
        });
        assert_eq!(found, want, "{name} {range} {option}");
    }
    for (name, range, method, want) in [
        ("node-redis", "5", "sendCommand", "array 0"),
        ("node-redis", "3", "send_command", "name-and-array 0"),
        ("ioredis", "", "call", "arguments 0"),
        ("redis-client", "", "blocking_call", "arguments 1 waits"),
        ("redis-client", "", "call_v", "array 0"),
        ("sidekiq", "7", "call", "arguments 0"),
        ("upstash", "", "call", "-"),
    ] {
        let library = library(name);
        let found = shown(library.raw(method, versions(library, range)), |raw| {
            format!("{} {}{}", raw.words, raw.skip, if raw.waits { " waits" } else { "" })
        });
        assert_eq!(found, want, "{name} {range} {method}");
    }
    for (name, range, want) in
        [("node-redis", "5", "refuses"), ("node-redis", "6", "allows"), ("redis-rb", "4..6", "allows~"), ("bun", "", "refuses")]
    {
        let library = library(name);
        assert_eq!(
            shown(library.subscriber(versions(library, range)), |subscription| subscription.mode.to_string()),
            want,
            "{name} {range}"
        );
    }
    assert_eq!(
        shown(node.blocking(node.all_versions()), |blocking| format!("{} {:?}", blocking.effect, blocking.isolate)),
        "stalls Some(\"duplicate\")"
    );
    assert_eq!(node.listener().map(|listener| listener.need), Some(ListenerNeed::Crash));
    assert_eq!(library("ioredis").listener().map(|listener| listener.need), Some(ListenerNeed::Log));
    assert!(library("redis-rb").environment().is_some_and(|environment| environment.reads_url));
    let rails = library("rails");
    let clear = rails.library_call_on(Role::Store, "clear", rails.all_versions());
    assert_eq!(shown(clear, |call| format!("{} {:?}", call.command, call.unless_option)), "FLUSHDB Some(\"namespace\")");
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

#[test]
fn package_manager_ranges() {
    let rb = library("redis-rb");
    // `~> 4.6`
    let allowed = rb.versions_that(|major, minor| major == 4 && minor >= 6);
    assert_eq!(allowed, versions(rb, ">=4.6,<5"));
    assert_eq!(rb.versions_that(|_, _| true), rb.all_versions());
    assert!(rb.versions_that(|major, _| major < 3).is_empty());
    // A version newer than any the table knows counts as the last.
    assert_eq!(rb.versions_that(|major, _| major == 9), versions(rb, "6"));
}

#[test]
fn strict_tables() {
    let table = |rows: &str| format!("name = \"x\"\necosystem = \"npm\"\npackages = [\"x\"]\nmajors = [1, 2]\n{rows}\n");
    // rows, line, message begins, help
    let cases: &[(&str, usize, &str, Option<&str>)] = &[
        ("colour = 1", 5, "unknown field `colour`", None),
        (
            "\nform = [{ comand = \"SET\", shape = \"options\", verdict = \"accepted\" }]",
            6,
            "unknown field `comand`",
            Some("did you mean `command`?"),
        ),
        (
            "form = [{ command = \"SET\", shape = \"options\", verdict = \"acepted\" }]",
            5,
            "unknown variant `acepted`",
            Some("did you mean `accepted`?"),
        ),
        (
            "form = [{ command = \"SETT\", shape = \"options\", verdict = \"accepted\" }]",
            5,
            "`SETT` is not a command",
            Some("did you mean `SET`?"),
        ),
        (
            "close = [\n  { method = \"quit\", versions = \">=1\", graceful = true, verdict = \"fine\" },\n  { method = [\"end\", \"quit\"], versions = \"2\", graceful = true, verdict = \"fine\" },\n]",
            7,
            "two rows are about `quit`",
            Some("give the rows `versions` that do not overlap, or remove one"),
        ),
        (
            "close = [{ method = \"quit\", versions = \"0\", graceful = true, verdict = \"fine\" }]",
            5,
            "the row holds for no version",
            Some("correct"),
        ),
        ("close = [{ method = \"quit\", versions = \"^1\", graceful = true, verdict = \"fine\" }]", 5, "`^1` is not a range", None),
        ("like = \"ioredi\"", 5, "there is no table `ioredi`", Some("did you mean `ioredis`?")),
        ("like = \"ioredis@2\"", 5, "`ioredis` has no version", Some("write a version")),
        ("like = \"x\"", 5, "there is no table `x`", None),
        ("make = [{ export = \"a\", call = \"method\", role = \"connection\" }]", 5, "unknown variant `method`", None),
        (
            "form = [{ command = \"SET\", shape = \"options\", verdict = \"accepted\", keys = { EX = \"ttl:sec\" } }]",
            5,
            "unknown variant `ttl:sec`",
            Some("did you mean `ttl:s`?"),
        ),
        ("packages = []", 5, "duplicate key", None),
    ];
    for (rows, line, message, help) in cases {
        let text = table(rows);
        let error = match Libraries::load([("clients/x.toml", text.as_str())]) {
            Ok(_) => panic!("loaded: {rows}"),
            Err(error) => error,
        };
        assert!(error.message.starts_with(&format!("clients/x.toml:{line}: {message}")), "{}", error.message);
        assert_eq!(error.line, *line, "{rows}");
        match (help, &error.help) {
            (Some(want), Some(have)) => assert!(have.starts_with(want), "{have}"),
            (Some(want), None) => panic!("no help for {rows}, wanted {want}"),
            (None, _) => {}
        }
    }
}

#[test]
fn a_users_table_takes_the_place_of_the_programs() {
    let text = "name = \"ioredis\"\necosystem = \"npm\"\npackages = [\"my-redis\"]\nmajors = [1]\n";
    let own = match Libraries::load([("mine.toml", text)]) {
        Ok(libraries) => libraries,
        Err(error) => panic!("{error}"),
    };
    assert!(own.npm("my-redis").is_some());
    assert!(own.npm("redis").is_some());
    assert_eq!(own.npm("ioredis"), None);
}

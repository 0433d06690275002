use super::*;
use crate::command::{Reply, ReplyMissing, TtlUnit};

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
        ("node-redis", "", "RedisClient", new.clone(), "connection lazy~"),
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
        ("node-redis", "", "batch", "pipeline chain in-reply~"),
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

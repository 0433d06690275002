//! The command table against a running server: the generated part word for word, the overlay by trying its commands.

mod server;

use std::process::Command as Process;

use redis_lint::command::{Command, CommandTable, Reply as ReplyShape, ReplyMissing, TtlEffect, ValueType};
use server::{Reply, Server};

#[test]
fn generated_part_is_what_the_server_says() {
    let server = Server::start();
    let root = env!("CARGO_MANIFEST_DIR");
    let output = Process::new("python3")
        .arg(format!("{root}/tools/command-table/generate.py"))
        .args(["--port", &server.port.to_string()])
        .output()
        .expect("python3 must be installed to run this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let now = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let kept = include_str!("../commands.json");
    assert_eq!(
        now.lines().next(),
        kept.lines().next(),
        "commands.json was generated from another server: install the same, or write it anew and review the difference"
    );
    for (now, kept) in now.lines().zip(kept.lines()) {
        assert_eq!(now, kept, "write commands.json anew with tools/command-table/generate.py");
    }
    assert_eq!(now.lines().count(), kept.lines().count());
}

const GROUPS: &[&str] = &["string", "bitmap", "generic", "hash", "list", "set", "sorted-set", "geo", "hyperloglog", "stream"];
const TYPES: &[ValueType] = &[ValueType::String, ValueType::Hash, ValueType::List, ValueType::Set, ValueType::Zset, ValueType::Stream];

/// Not tried: needs a second server or database, looks at no key, or waits.
const UNTRIED: &[&str] = &["MIGRATE", "MOVE", "KEYS", "SCAN", "WAIT", "WAITAOF", "RESTORE", "RANDOMKEY"];

/// Words for the slots of a command, keys apart; `None`: not known how to try it.
fn sample(command: &Command) -> Option<Vec<String>> {
    let lex = command.name.contains("BYLEX") || command.name == "ZLEXCOUNT";
    let mut words: Vec<String> = command.name.split(' ').map(str::to_owned).collect();
    for slot in command.slots.iter().filter(|slot| !slot.optional) {
        words.push(
            match slot.name.as_str() {
                "key" | "source" | "sourcekey" => "k",
                "destination" | "destkey" | "newkey" => "d",
                "key2" => "k2",
                "value" | "element" | "pivot" => "1",
                "field" => "f",
                "member" | "member1" => "m",
                "member2" => "m2",
                "seconds" => "100",
                "milliseconds" => "100000",
                "unix-seconds" => "4000000000",
                "unix-milliseconds" => "4000000000000",
                "score" | "increment" | "decrement" | "index" | "numkeys" | "longitude" | "latitude" | "radius" => "1",
                "count" | "start" | "offset" | "bit" | "cursor" | "stop" | "end" => "0",
                "min" | "max" if lex => "[a",
                "min" | "max" => "-5",
                "unit" => "m",
                "where" => "BEFORE",
                "wherefrom" | "whereto" => "LEFT",
                "timeout" => "0.01",
                "operation" => "AND",
                "id" if command.name == "XADD" => "*",
                "id" => "1-1",
                "group" => "g",
                "consumer" => "c",
                "min-idle-time" => "0",
                _ => return None,
            }
            .to_owned(),
        );
    }
    match command.name.as_str() {
        // A message id that is not there; the two ends of a stream; a way to look.
        "XRANGE" | "XREVRANGE" => words.splice(2.., ["-".to_owned(), "+".to_owned()]).for_each(drop),
        "LMPOP" | "BLMPOP" => words.push("LEFT".to_owned()),
        "ZMPOP" | "BZMPOP" => words.push("MIN".to_owned()),
        "GEOSEARCH" | "GEOSEARCHSTORE" => words.extend(["FROMLONLAT", "0", "0", "BYRADIUS", "30000", "km"].map(str::to_owned)),
        "XTRIM" => words.extend(["MAXLEN", "2"].map(str::to_owned)),
        "BITFIELD" => words.extend(["INCRBY", "u8", "0", "1"].map(str::to_owned)),
        "BITFIELD_RO" => words.extend(["GET", "u8", "0"].map(str::to_owned)),
        "ZRANGESTORE" => words.splice(3.., ["0".to_owned(), "-1".to_owned()]).for_each(drop),
        _ => {}
    }
    Some(words)
}

fn seed(server: &mut Server, key: &str, of: ValueType) {
    let commands: &[&[&str]] = match of {
        ValueType::Hash => &[&["HSET", key, "f", "1", "f2", "2", "f3", "3"]],
        ValueType::List => &[&["RPUSH", key, "1", "2", "3"]],
        ValueType::Set => &[&["SADD", key, "1", "2", "m"]],
        ValueType::Zset => &[&["GEOADD", key, "1", "1", "m", "1", "2", "m2", "1", "3", "m3"]],
        ValueType::Stream => &[&["XADD", key, "5-1", "f", "1"], &["XADD", key, "5-2", "f", "2"], &["XGROUP", "CREATE", key, "g", "$"]],
        _ => &[&["SET", key, "10"]],
    };
    for command in commands {
        let reply = server.call(command);
        assert!(!matches!(reply, Reply::Error(_)), "{command:?} {reply:?}");
    }
}

fn run(server: &mut Server, words: &[String]) -> Reply {
    server.call(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Commands of the table that the server has and that can be tried, with a sample.
fn tried(server: &mut Server) -> Vec<(&'static Command, Vec<String>)> {
    let commands = CommandTable::builtin()
        .iter()
        .filter(|command| GROUPS.contains(&command.group.as_str()) && !UNTRIED.contains(&command.name.as_str()));
    let mut tried = Vec::new();
    for command in commands.filter(|command| !command.slots.is_empty()) {
        let name = command.name.replace(' ', "|").to_lowercase();
        let known = matches!(server.call(&["COMMAND", "INFO", &name]), Reply::Array(rows) if rows.iter().all(|row| *row != Reply::Nil));
        if let Some(words) = sample(command).filter(|_| known) {
            tried.push((command, words));
        }
    }
    tried
}

/// A HyperLogLog is a string with a form of its own: other strings are refused with WRONGTYPE, so it is seeded by its command.
fn seed_for(server: &mut Server, command: &Command, key: &str, of: ValueType) {
    if command.group == "hyperloglog" && of == ValueType::String {
        server.call(&["PFADD", key, "1", "2"]);
    } else {
        seed(server, key, of);
    }
}

#[test]
fn overlay_types() {
    let mut server = Server::start();
    let mut wrong = Vec::new();
    let commands = tried(&mut server);
    for (command, words) in &commands {
        let mut accepted = Vec::new();
        for of in TYPES {
            server.call(&["FLUSHALL"]);
            seed_for(&mut server, command, "k", *of);
            if !matches!(run(&mut server, words), Reply::Error(text) if text.starts_with("WRONGTYPE")) {
                accepted.push(*of);
            }
        }
        let fits = match command.value_type {
            ValueType::Any => accepted.len() > 1,
            // Sorted-set algebra reads sets as well.
            ValueType::Zset => {
                accepted.contains(&ValueType::Zset) && accepted.iter().all(|of| matches!(of, ValueType::Zset | ValueType::Set))
            }
            of => accepted == [of],
        };
        if !fits && accepted.len() != TYPES.len() {
            wrong.push(format!("{}: table says {}, server accepts {accepted:?}", command.name, command.value_type));
        }
    }
    assert!(commands.len() > 150, "only {} commands were tried", commands.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn overlay_creates_and_replies_about_missing_keys() {
    let mut server = Server::start();
    let mut wrong = Vec::new();
    for (command, words) in tried(&mut server) {
        server.call(&["FLUSHALL"]);
        let reply = run(&mut server, &words);
        let said = missing(&reply, command);
        if command.reply_missing != said && (command.reply_missing.is_some() || command.has_flag("readonly")) {
            wrong.push(format!(
                "{}: table says reply_missing {:?}, server answered {reply:?} to {words:?}",
                command.name, command.reply_missing
            ));
        }
        let from_source = command.slots.iter().any(|slot| matches!(slot.name.as_str(), "source" | "destination" | "newkey" | "destkey"));
        let made = if from_source {
            server.call(&["FLUSHALL"]);
            let of = if command.value_type == ValueType::Any { ValueType::String } else { command.value_type };
            seed_for(&mut server, command, "k", of);
            run(&mut server, &words);
            server.call(&["EXISTS", "d"]) == Reply::Integer(1)
        } else {
            server.call(&["DBSIZE"]) != Reply::Integer(0)
        };
        if made != command.creates {
            wrong.push(format!("{}: table says creates = {}, server {made} after {words:?}", command.name, command.creates));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a reply about a missing key is, in the words of the table.
fn missing(reply: &Reply, command: &Command) -> Option<ReplyMissing> {
    match reply {
        Reply::Nil => Some(ReplyMissing::Nil),
        // BITPOS answers by the bit that is looked for.
        Reply::Integer(_) if command.name == "BITPOS" => None,
        Reply::Integer(0) => Some(ReplyMissing::Zero),
        Reply::Integer(number) if *number < 0 => Some(ReplyMissing::Negative),
        Reply::Error(_) => Some(ReplyMissing::Error),
        Reply::Array(members) if members.is_empty() && command.reply == ReplyShape::Map => Some(ReplyMissing::EmptyMap),
        Reply::Array(members) if members.is_empty() => Some(ReplyMissing::EmptyArray),
        Reply::Array(members) if command.reply != ReplyShape::CursorString && command.group != "bitmap" => {
            let first = missing(members.first()?, command)?;
            members.iter().all(|member| missing(member, command) == Some(first)).then_some(first)
        }
        _ => None,
    }
}

#[test]
fn overlay_ttl_effects() {
    let mut server = Server::start();
    let mut wrong = Vec::new();
    for (command, words) in tried(&mut server) {
        server.call(&["FLUSHALL"]);
        let own = if command.value_type == ValueType::Any { ValueType::String } else { command.value_type };
        seed_for(&mut server, command, "k", own);
        // What is written is the destination where there is one; it has another TTL than the source.
        let target = if words.iter().any(|word| word == "d") { "d" } else { "k" };
        let copies = command.ttl_effect == TtlEffect::Copies;
        if target == "d" && !copies && command.name != "RENAMENX" {
            seed_for(&mut server, command, "d", own);
            server.call(&["EXPIRE", "d", "5000"]);
        }
        server.call(&["EXPIRE", "k", "7000"]);
        let reply = run(&mut server, &words);
        let ttl = server.call(&["TTL", target]);
        let effect = match ttl {
            Reply::Integer(-2) => TtlEffect::Deletes,
            Reply::Integer(-1) => TtlEffect::Clears,
            Reply::Integer(6990..=7000) if target == "d" => TtlEffect::Copies,
            Reply::Integer(6990..=7000) => TtlEffect::Keeps,
            Reply::Integer(4990..=5000) => TtlEffect::Keeps,
            _ => TtlEffect::Sets,
        };
        if effect != command.ttl_effect {
            wrong.push(format!(
                "{}: table says {}, server {effect} ({ttl:?}) after {words:?} answered {reply:?}",
                command.name, command.ttl_effect
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

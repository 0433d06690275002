//! Analyses written as text, for tests.
//!
//! ```text
//! n: op INCR k; if created(n) { op EXPIRE k s=ttl } else { return }; loop collection { op GET 'a' }
//! ```
//!
//! A statement is `op COMMAND KEY… NAME=EXPR…`, a word (`call`, `pure`, `return`, `throw`, `break`, `next`, `assign NAME`), or
//! a construct with bodies: `if TEST(OF) {} else {}`, `loop KIND {}`, `try {} rescue {} cleanup {}`, `queue KIND {}`,
//! `together {} {}`, `client LIBRARY`. A key is a name (a binding), `'text'`, `name()` (the same by text only) or `?` (unknown). The words after the
//! keys set slots (`value=x`, `value=increment@n` derives from the reply of `n`), facts (`key_purpose=lock`, `loop_varies=key+field`)
//! and `on=NAME`, the receiver. Every statement is a line of a made-up file, so that spans are in order.

use smol_str::SmolStr;

use crate::operation::*;
use crate::program::ExitKind;
use crate::source::{FileId, Language, SourceFile, Span};

/// A parsed notation: one tree, and the file it stands for.
pub(crate) struct Written {
    pub analysis: Analysis,
    pub files: Vec<SourceFile>,
}

/// What commands do and say when a test does not: the facts that every operation has.
fn does(command: &str) -> &'static [&'static str] {
    match command {
        "SET" | "MSET" | "SETEX" => &["write", "create", "overwrite"],
        "GET" | "HGET" | "EXISTS" | "SISMEMBER" | "TTL" => &["read"],
        "INCR" | "HINCRBY" => &["write", "create", "count"],
        "SADD" | "HSET" | "ZADD" | "SETNX" => &["write", "create"],
        "LPUSH" | "RPUSH" => &["write", "create", "push"],
        "EXPIRE" | "PEXPIRE" => &["write", "expire"],
        "DEL" | "UNLINK" => &["write", "delete"],
        "FLUSHALL" | "FLUSHDB" => &["write", "flush"],
        "KEYS" => &["read", "scan"],
        "BLPOP" => &["write", "pop", "block"],
        other => panic!("notation: what does {other} do?"),
    }
}

impl Written {
    pub fn new(text: &str) -> Self {
        let mut parser = Parser { text, at: 0, analysis: Analysis::default(), labels: Vec::new(), queue: None };
        let steps = parser.steps(false);
        assert!(parser.at >= text.len(), "notation: stopped at {}", &text[parser.at..]);
        let mut analysis = parser.analysis;
        let tree = Tree { file: FileId(0), span: Span::new(0, text.len() as u32), name: Some("work".into()), steps };
        analysis.trees.push(tree);
        Self { analysis, files: vec![SourceFile::new("src/work.ts", Language::TypeScript, text.as_bytes().to_vec())] }
    }

    /// The first operation of a command.
    pub fn operation(&self, command: &str) -> OperationId {
        let index = self.analysis.operations.iter().position(|operation| operation.command == command);
        OperationId(index.unwrap_or_else(|| panic!("notation: no {command}")) as u32)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    analysis: Analysis,
    labels: Vec<(&'a str, OperationId)>,
    queue: Option<QueueId>,
}

impl<'a> Parser<'a> {
    fn space(&mut self) {
        while self.text[self.at..].starts_with([' ', '\n', ';']) {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        self.space();
        let found = self.text[self.at..].starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn word(&mut self) -> &'a str {
        self.space();
        let rest = &self.text[self.at..];
        let end = rest.find([' ', '\n', ';', '{', '}', ':']).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn body(&mut self) -> Vec<Step> {
        assert!(self.eat("{"), "notation: expected a body at {}", &self.text[self.at..]);
        let steps = self.steps(true);
        assert!(self.eat("}"), "notation: expected }} at {}", &self.text[self.at..]);
        steps
    }

    fn steps(&mut self, inner: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            self.space();
            if self.at >= self.text.len() || (inner && self.text[self.at..].starts_with('}')) {
                return steps;
            }
            steps.push(self.step());
        }
    }

    fn step(&mut self) -> Step {
        self.space();
        let mut start = self.at;
        let mut word = self.word();
        let mut label = None;
        if self.text[self.at..].starts_with(':') {
            self.at += 1;
            label = Some(word);
            self.space();
            start = self.at;
            word = self.word();
        }
        match word {
            "op" => self.operation(start, label),
            "client" => self.client(start),
            "call" => Step::Call { span: Span::default(), pure: false, may_touch_redis: false },
            "touch" => Step::Call { span: Span::default(), pure: false, may_touch_redis: true },
            "pure" => Step::Call { span: Span::default(), pure: true, may_touch_redis: false },
            "assign" => Step::Assign(self.word().into()),
            "return" => Step::Exit(ExitKind::Return),
            "throw" => Step::Exit(ExitKind::Throw),
            "break" => Step::Exit(ExitKind::Break),
            "next" => Step::Exit(ExitKind::Next),
            "loop" => Step::Loop { kind: Box::leak(self.word().to_owned().into_boxed_str()), body: self.body() },
            "if" => self.branch(),
            "try" => {
                let body = self.body();
                let mut rescues = Vec::new();
                while self.eat("rescue") {
                    rescues.push(self.body());
                }
                let cleanup = if self.eat("cleanup") { self.body() } else { Vec::new() };
                Step::Try { body, rescues, cleanup }
            }
            "queue" => {
                let mut facts = Facts::default();
                facts.set_word(fact::KIND, self.word());
                let queue = QueueId(self.analysis.queues.len() as u32);
                self.analysis.queues.push(Queue { site: site(start, self.at), opened_by: None, tree: Some(TreeId(0)), facts });
                let outer = self.queue.replace(queue);
                let body = self.body();
                self.queue = outer;
                Step::Queue { queue, body }
            }
            "together" => {
                let mut members = Vec::new();
                while self.text[self.at..].trim_start().starts_with('{') {
                    members.push(self.body());
                }
                Step::Together(members)
            }
            other => panic!("notation: what is {other}?"),
        }
    }

    fn branch(&mut self) -> Step {
        let test = self.word();
        let (how, of) = test.strip_suffix(')').and_then(|test| test.split_once('(')).unwrap_or(("other", test));
        let how: &'static str = Box::leak(how.to_owned().into_boxed_str());
        let of = match self.labels.iter().find(|(label, _)| *label == of) {
            Some((_, operation)) => GuardOf::Reply(*operation),
            None => GuardOf::Value(identity(of)),
        };
        let opposite = match how {
            "missing" => "present",
            "present" => "missing",
            _ => "other",
        };
        // `not-created` is the test whose other arm is `created`.
        let (taken, passed) = match how.strip_prefix("not-") {
            Some(how) => ("other", how),
            None => (how, opposite),
        };
        let steps = self.body();
        let otherwise = if self.eat("else") { self.body() } else { Vec::new() };
        Step::Branch(vec![
            Arm { guards: vec![Guard { of: of.clone(), how: taken }], steps },
            Arm { guards: vec![Guard { of, how: passed }], steps: otherwise },
        ])
    }

    fn client(&mut self, start: usize) -> Step {
        let library = self.word();
        let id = ClientId(self.analysis.clients.len() as u32);
        let mut client = Client {
            site: site(start, self.at),
            library: library.into(),
            major: Some(5),
            majors: vec![5],
            versions_differ: false,
            binding: None,
            tree: Some(TreeId(0)),
            function: Some("work".into()),
            option: None,
            address: None,
            target: None,
            facts: basic(),
        };
        for (name, value) in self.attributes() {
            match name {
                "differ" => client.versions_differ = true,
                _ => set_fact(&mut client.facts, EventKind::Client, name, value),
            }
        }
        self.analysis.clients.push(client);
        Step::Client(id)
    }

    fn attributes(&mut self) -> Vec<(&'a str, &'a str)> {
        let mut all = Vec::new();
        loop {
            let at = self.at;
            while self.text[self.at..].starts_with(' ') {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let end = rest.find([' ', '\n', ';', '{', '}']).unwrap_or(rest.len());
            let Some((name, value)) = rest[..end].split_once('=') else {
                self.at = at;
                return all;
            };
            self.at += end;
            all.push((name, value));
        }
    }

    fn operation(&mut self, start: usize, label: Option<&'a str>) -> Step {
        let command = self.word();
        let id = OperationId(self.analysis.operations.len() as u32);
        let mut keys = Vec::new();
        loop {
            while self.text[self.at..].starts_with(' ') {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let end = match rest.strip_prefix('\'') {
                Some(quoted) => quoted.find('\'').unwrap() + 2,
                None => rest.find([' ', '\n', ';', '{', '}']).unwrap_or(rest.len()),
            };
            if end == 0 || rest[..end].contains('=') {
                break;
            }
            keys.push(key(&rest[..end], self.at));
            self.at += end;
        }
        let mut facts = basic();
        facts.set_words(fact::DOES_, does(command).iter().copied());
        facts.set_word(fact::KEY_PURPOSE, "none");
        facts.set_word(fact::LOOP, "none");
        facts.set_word(fact::PLACED, "body");
        facts.set_bool(fact::IN_LOCK, false);
        facts.set_bool(fact::WATCHED, false);
        let mut operation = Operation {
            site: site(start, start),
            command: command.into(),
            method: command.to_lowercase().into(),
            library: "ioredis".into(),
            major: Some(5),
            majors: vec![5],
            versions_differ: false,
            clients: Vec::new(),
            receiver: Some(identity("redis")),
            queue: self.queue,
            keys,
            key_prefix: None,
            slots: Vec::new(),
            arguments_hidden: false,
            option: None,
            origin: Vec::new(),
            loop_at: None,
            tree: Some(TreeId(0)),
            function: Some("work".into()),
            facts,
        };
        for (name, value) in self.attributes() {
            self.attribute(&mut operation, name, value);
        }
        operation.site = site(start, start + self.text[start..self.at].trim_end().len());
        self.analysis.operations.push(operation);
        self.labels.extend(label.map(|label| (label, id)));
        Step::Operation(id)
    }

    fn attribute(&self, operation: &mut Operation, name: &str, value: &str) {
        match name {
            "on" => operation.receiver = Some(identity(value)),
            "of" => operation.clients = vec![ClientId(value.parse().unwrap())],
            "differ" => operation.versions_differ = true,
            "hidden" => operation.arguments_hidden = true,
            "value" | "ttl" | "field" | "member" if fact_value(name, value).is_none() => {
                let derives = match value.split_once('@') {
                    Some((change, label)) => {
                        let (_, id) = self.labels.iter().find(|(known, _)| *known == label).unwrap();
                        vec![Derivation { operation: *id, change: Box::leak(change.to_owned().into_boxed_str()) }]
                    }
                    None => Vec::new(),
                };
                let at = value.as_ptr() as usize - self.text.as_ptr() as usize;
                let span = Span::new(at as u32, (at + value.len()) as u32);
                operation.slots.push(Slot {
                    name: name.into(),
                    span,
                    identity: Some(identity(value)),
                    derives,
                    pure: !value.contains('('),
                });
            }
            _ => set_fact(&mut operation.facts, EventKind::Operation, name, value),
        }
    }
}

/// The word of `ttl=none`, which is a fact, and not that of `ttl=seconds`, which is an argument.
fn fact_value(name: &str, value: &str) -> Option<Value> {
    match fact_named(name, EventKind::Operation)?.row().shape {
        Shape::Word(words) | Shape::Ladder(words) if words.contains(&value) => Some(Value::Word(value.into())),
        Shape::Words(words) => {
            let chosen: Option<Vec<_>> = value.split('+').map(|one| words.iter().copied().find(|word| *word == one)).collect();
            chosen.map(Value::Words)
        }
        _ => None,
    }
}

fn set_fact(facts: &mut Facts, event: EventKind, name: &str, value: &str) {
    let id = fact_named(name, event).unwrap_or_else(|| panic!("notation: no fact {name}"));
    if value == "?" {
        return facts.unset(id);
    }
    match id.row().shape {
        Shape::Bool => facts.set_bool(id, value == "true"),
        Shape::Number => facts.set_number(id, value.parse().unwrap()),
        Shape::Words(words) => facts.set_words(id, value.split('+').map(|one| *words.iter().find(|word| **word == one).unwrap())),
        _ => facts.set_word(id, value),
    }
}

fn basic() -> Facts {
    let mut facts = Facts::default();
    facts.set_word(fact::LAYER, "call");
    facts.set_word(fact::EVIDENCE_, "constructed");
    facts.set_words(fact::RUNS_IN_, ["function"]);
    facts
}

fn site(start: usize, end: usize) -> Site {
    let span = Span::new(start as u32, end as u32);
    Site { file: FileId(0), name: span, call: span, arguments: span, receiver: span, statement: Some(span) }
}

fn identity(text: &str) -> Identity {
    let by_value = !text.ends_with("()");
    let name = text.trim_end_matches("()").split('*').next().unwrap_or(text);
    let bindings = if text.starts_with('\'') { Vec::new() } else { vec![SmolStr::from(name)] };
    Identity { canonical: text.into(), by_value, bindings }
}

fn key(text: &str, at: usize) -> Key {
    let span = Span::new(at as u32, (at + text.len()) as u32);
    let literal = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    match (text, literal) {
        ("?", _) => Key { template: Template::opaque(), identity: None, span },
        (_, Some(literal)) => {
            // `'user:{id}'` has a hole.
            let mut template = Template::default();
            let mut bindings = Vec::new();
            for (index, part) in literal.split(['{', '}']).enumerate() {
                if index % 2 == 0 {
                    template.push_text(part);
                } else {
                    template.0.push(KeyPart::Hole(part.into()));
                    bindings.push(SmolStr::from(part));
                }
            }
            Key { template, identity: Some(Identity { canonical: text.into(), by_value: true, bindings }), span }
        }
        _ => Key { template: Template(vec![KeyPart::Hole(text.into())]), identity: Some(identity(text)), span },
    }
}

//! The one table of facts: every word that a rule may test. Loader, documentation and schema are generated from it.

use smol_str::SmolStr;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// A call on a client.
    Operation,
    /// The construction of a client.
    Client,
    /// A pipeline or transaction.
    Queue,
    /// A row of independent round trips.
    Run,
    /// Operations of one key template.
    Family,
    /// A handler, job or script.
    Entry,
}

impl EventKind {
    /// The word used in rule pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Client => "client",
            Self::Queue => "queue",
            Self::Run => "run",
            Self::Family => "family",
            Self::Entry => "entry",
        }
    }
}

/// The type of a fact's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, which are ordered, lowest first.
    Ladder(&'static [&'static str]),
    /// A set of these words.
    Words(&'static [&'static str]),
    /// The name of a Redis command.
    Command,
    /// Any text.
    Text,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A key template; predicates are templates with `*`.
    Template,
}

/// A fact: a question that every event of its kinds answers with a value or with *unknown*.
#[derive(Debug)]
pub struct Fact {
    /// Its name in rule pages.
    pub name: &'static str,
    /// Which events have it.
    pub events: &'static [EventKind],
    /// Type and values.
    pub shape: Shape,
    /// Whether it is never unknown: its weakest value says "nothing shown".
    pub total: bool,
    /// One sentence.
    pub about: &'static str,
}

/// Index into [`FACTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub u16);

impl FactId {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Fact {
        &FACTS[self.0 as usize]
    }
}

/// The value of a fact. *Unknown* is the absence of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// For [`Shape::Word`], [`Shape::Ladder`], [`Shape::Command`] and [`Shape::Text`].
    Word(SmolStr),
    /// For [`Shape::Words`]; sorted, without repetition.
    Words(Vec<&'static str>),
    /// For [`Shape::Bool`].
    Bool(bool),
    /// For [`Shape::Number`].
    Number(f64),
    /// For [`Shape::Template`].
    Template(super::Template),
}

/// The known facts of one event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Vec<(FactId, Value)>);

impl Facts {
    /// The value of a fact; `None` is unknown.
    #[must_use]
    pub fn get(&self, fact: FactId) -> Option<&Value> {
        self.0.iter().find(|(id, _)| *id == fact).map(|(_, value)| value)
    }

    /// The word of a fact.
    #[must_use]
    pub fn word(&self, fact: FactId) -> Option<&str> {
        match self.get(fact)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether a set-valued fact is known to contain a word.
    #[must_use]
    pub fn has(&self, fact: FactId, word: &str) -> bool {
        matches!(self.get(fact), Some(Value::Words(words)) if words.contains(&word))
    }

    /// Sets a fact, replacing an earlier value.
    pub fn set(&mut self, fact: FactId, value: Value) {
        self.unset(fact);
        self.0.push((fact, value));
    }

    /// Makes a fact unknown.
    pub fn unset(&mut self, fact: FactId) {
        self.0.retain(|(id, _)| *id != fact);
    }

    /// Sets a word.
    pub fn set_word(&mut self, fact: FactId, word: impl Into<SmolStr>) {
        self.set(fact, Value::Word(word.into()));
    }

    /// Sets a set of words.
    pub fn set_words(&mut self, fact: FactId, words: impl IntoIterator<Item = &'static str>) {
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        self.set(fact, Value::Words(words));
    }

    /// Sets a truth value.
    pub fn set_bool(&mut self, fact: FactId, value: bool) {
        self.set(fact, Value::Bool(value));
    }

    /// Sets a number.
    pub fn set_number(&mut self, fact: FactId, value: f64) {
        self.set(fact, Value::Number(value));
    }

    /// All known facts, in the order of the table.
    #[must_use]
    pub fn sorted(&self) -> Vec<(FactId, &Value)> {
        let mut all: Vec<_> = self.0.iter().map(|(id, value)| (*id, value)).collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }
}

/// The fact of a name, for an event.
#[must_use]
pub fn fact_named(name: &str, event: EventKind) -> Option<FactId> {
    FACTS.iter().position(|fact| fact.name == name && fact.events.contains(&event)).map(|index| FactId(index as u16))
}

macro_rules! facts {
    ($($id:ident $name:literal [$($event:ident)+] $shape:expr, $total:ident, $about:literal;)+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Index { $($id),+ }

        /// Ids of the facts, by name.
        pub mod fact {
            use super::{FactId, Index};
            $(#[doc = $about] pub const $id: FactId = FactId(Index::$id as u16);)+
        }

        /// The table.
        pub static FACTS: &[Fact] = &[
            $(Fact { name: $name, events: &[$(EventKind::$event),+], shape: $shape, total: facts!(@total $total), about: $about }),+
        ];
    };
    (@total total) => { true };
    (@total partial) => { false };
}

use Shape::{Bool, Command, Ladder, Number, Text, Word, Words};

const LOOPS: &[&str] = &["none", "collection", "fixed", "chunk", "cursor", "polling", "retry", "consumer"];
const RUNS_IN: &[&str] = &["module-load", "handler", "job", "script", "migration", "test", "library", "function"];
const EVIDENCE: &[&str] = &["named", "imported", "declared", "constructed"];
const ROLES: &[&str] = &["connection", "pool", "lease", "pipeline", "transaction", "subscriber", "cluster"];
const LAYERS: &[&str] = &["call", "library", "wrapper", "script"];
const DOES: &[&str] = &[
    "read",
    "write",
    "create",
    "overwrite",
    "delete",
    "expire",
    "persist",
    "push",
    "pop",
    "count",
    "block",
    "subscribe",
    "publish",
    "watch",
    "transaction",
    "select",
    "scan",
    "flush",
    "admin",
    "script",
    "rename",
    "full-read",
    "connect",
    "close",
];

facts! {
    COMMAND "command" [Operation] Command, total, "The canonical Redis command, container and subcommand joined by a space, or UNKNOWN.";
    DOES_ "does" [Operation Run] Words(DOES), total, "What the command does to the keyspace; for a run, what any member does.";
    TYPE "type" [Operation] Word(&["string", "hash", "list", "set", "zset", "stream", "other", "any"]), partial, "The value type the command works on.";
    COST "cost" [Operation] Ladder(&["const", "args", "range", "collection", "keyspace"]), partial, "How the server's work grows.";
    LAYER "layer" [Operation Client] Word(LAYERS), total, "Written on a client, mapped from a library, restated from a project wrapper, or inside Lua text.";
    EVIDENCE_ "evidence" [Operation Client Run] Ladder(EVIDENCE), total, "How the receiver is known to be a Redis client; for a run, the lowest of its members.";
    ROLE "role" [Operation Client] Word(ROLES), partial, "What kind of object the command is called on.";
    METHOD_VERDICT "method_verdict" [Operation] Word(&["exists", "missing", "deprecated", "removed", "unprefixed", "callback", "pool"]), partial, "Whether the installed client has the method.";
    COMMAND_FROM "command_from" [Operation] Word(&["known", "dynamic", "request"]), partial, "Of a raw command: where its name comes from.";
    UNTRUSTED "untrusted" [Operation] Words(&["array", "pattern"]), partial, "What a request puts into the command as it came: a value that may be a list, which this client takes apart; a part of a pattern.";
    SERVER_VERDICT "server_verdict" [Operation] Word(&["fine", "too-new", "deprecated"]), partial, "What the configured server says of the command and its conditions; unknown without a configured one.";
    SERVER "server" [Operation] Text, partial, "The configured server.";
    SERVICE_VERDICT "service_verdict" [Operation] Word(&["fine", "refused"]), partial, "What the configured managed service says of the command; unknown without a configured one.";
    SERVICE "service" [Operation] Text, partial, "The configured managed service.";
    REPLACED_BY "replaced_by" [Operation] Text, partial, "What the server names in place of a deprecated command.";
    FORM_VERDICT "form_verdict" [Operation] Word(&["accepted", "ignored", "rejected", "swapped", "timeout-as-key", "truncated", "wrong-method"]), partial, "What the installed client makes of the form of the arguments.";
    TTL_CHECKED "ttl_checked" [Operation] Bool, total, "Whether the function also asks for the TTL of the same key, to put a lost one right; of a key that only one may make, also whether it reads its value as a number: when it ends.";
    CONDITION "condition" [Operation] Words(&["none", "NX", "XX", "GT", "LT", "IFEQ", "KEEPTTL", "GET"]), partial, "Conditions among the arguments.";
    TTL "ttl" [Operation] Word(&["none", "fixed", "dynamic", "keeps", "clears"]), partial, "What the call does to the key's time to live; unknown where a spread or object hides it.";
    TTL_SECONDS "ttl_seconds" [Operation] Number, partial, "The time to live in seconds, when it is a constant.";
    TTL_UNIT "ttl_unit" [Operation] Word(&["s", "ms", "s-at", "ms-at"]), partial, "The unit that the TTL argument is read in.";
    TTL_LOOKS "ttl_looks" [Operation] Words(&["s", "ms", "instant", "duration"]), partial, "The unit that the TTL expression looks like: `* 1000`, `_MS`, `1.hour`, `Date.now()`.";
    TTL_WRITTEN "ttl_written" [Operation] Word(&["literal", "expression"]), partial, "Whether the TTL is a bare number where it is used, or a name or computation.";
    TTL_MISSING "ttl_missing" [Operation] Bool, partial, "Whether the TTL is a variable of the environment without a default, where this client leaves a missing TTL out.";
    TTL_NUMBER "ttl_number" [Operation] Word(&["integer", "fraction", "truncated", "zero", "negative"]), partial, "What is known of the number that the TTL is; `truncated` is a fraction that this client cuts off.";
    VALUE "value" [Operation] Words(&["literal", "json", "json-of-json", "json-of-map", "marshal", "number", "string", "object", "map", "array", "boolean", "nil", "time", "duration", "dynamic"]), partial, "What kind of expression is stored; `json-of-json` is JSON text made JSON again, `json-of-map` the JSON of a `Map` or `Set`.";
    STORED_AS "stored_as" [Operation] Words(&["json", "marshal"]), partial, "The encodings in which all writers of the same key template store what is read, where each shows its own.";
    BOUNDED "bounded" [Operation] Bool, partial, "Whether a LIMIT, COUNT, MAXLEN or a range that is not everything bounds the reply or the growth.";
    PATTERN "pattern" [Operation] Word(&["none", "exact", "glob", "all"]), partial, "The pattern argument of KEYS and SCAN.";
    PAGE_USE "page_use" [Operation] Word(&["item"]), partial, "Of a scan that yields its pages: `item` when every use of a page takes it for one key or member.";
    PAGE_EMPTY "page_empty" [Operation] Word(&["asked", "possible"]), partial, "Of a command that takes all of a page of a scan, and refuses to take nothing: whether anything asks if the page is empty.";
    CURSOR_TEST "cursor_test" [Operation] Word(&["meaningful", "never"]), partial, "Of a scan whose cursor is text: whether what the cursor is compared with can be equal to it.";
    VALUE_CREATED "value_created" [Operation] Bool, total, "Whether what is stored comes from a call that makes something elsewhere and is waited for: `await api.createOrder()`, `Order.create!`.";
    BLOCK_SECONDS "block_seconds" [Operation] Number, partial, "For how long a command that waits does so, in seconds, when it is a constant; 0 is for ever.";
    OUTLIVES_READ_TIMEOUT "outlives_read_timeout" [Operation] Bool, partial, "Whether a command waits at least as long as its client waits for any reply, and by a method that does not wait longer.";
    MAKES_STREAM "makes_stream" [Operation] Bool, partial, "Whether XGROUP CREATE makes a missing stream (MKSTREAM).";
    PATTERN_PREFIXED "pattern_prefixed" [Operation] Bool, partial, "Whether the pattern of KEYS or SCAN begins with what the client puts in front of keys; known where the client leaves patterns as they are.";
    NODES_ASKED "nodes_asked" [Operation] Word(&["one", "all"]), partial, "Which nodes of a cluster a command without a key is sent to by this client.";
    DATABASE "database" [Operation Client] Number, partial, "The logical database selected.";
    ARGUMENTS "arguments" [Operation] Number, partial, "Number of arguments, when no spread hides it.";
    KEY "key" [Operation] Shape::Template, partial, "The template of the first key.";
    ADAPTS "adapts" [Operation] Bool, total, "Whether it stands in a method of its own name and hands on what that is given: an adapter, of which the callers decide.";
    SETS_UP "sets_up" [Operation] Bool, total, "Whether it stands in the function that makes its client, which it gets ready.";
    KEY_SEEN "key_seen" [Operation] Bool, total, "Whether any text of the keys is known, and not only that some value is the key.";
    KEY_COUNT "key_count" [Operation] Number, partial, "Number of keys, when no spread hides it.";
    KEY_TEXT "key_text" [Operation] Word(&["prefixed", "unprefixed", "opaque"]), partial, "What the literal text of the first key shows; `unprefixed` when the project's keys have a clear majority convention that this one lacks, or by configuration.";
    KEY_SEPARATOR "key_separator" [Operation] Word(&[":", "/", "|", "#", "_", ".", "-"]), partial, "What divides the first key into its parts.";
    KEY_PARTS "key_parts" [Operation] Words(&["object", "array", "nil", "plain"]), partial, "What is certainly put into the holes of the keys; `plain` when nothing bad shows.";
    KEY_SPACE "key_space" [Operation] Bool, total, "Whether the literal text of a key has white space at an end or beside a separator, or a line break or tab.";
    SLOTS "slots" [Operation] Word(&["same", "different", "may-differ"]), partial, "Whether the keys of the call live in one hash slot of a cluster, by their hash tags.";
    KEY_PURPOSE "key_purpose" [Operation] Word(&["lock", "cache", "session", "token", "rate-limit", "queue", "none"]), total, "What the key is for, by the words in its text and in the names around it.";
    MEANT "meant" [Operation] Word(&["removal", "none"]), total, "What the name of the function around it says it is for: `removal` of things as they are (`clear_all`, `resetQueue`, `forceUnlock`).";
    RUNS_IN_ "runs_in" [Operation Client Run Queue Entry] Words(RUNS_IN), total, "Where the code runs, as far as names, paths and callers show.";
    LOOP "loop" [Operation Client] Word(LOOPS), total, "The innermost loop around it, in the same function or in the callback that a loop runs.";
    LOOP_VARIES "loop_varies" [Operation] Words(&["key", "field", "member", "value", "nothing"]), partial, "The slots that differ between the turns of the loop.";
    LOOP_CARRIED "loop_carried" [Operation] Bool, partial, "Whether the next turn of the loop needs this reply, or the loop may end behind it.";
    TURN "turn" [Operation] Word(&["free", "collects", "waits", "meant", "chained"]), partial, "What else a turn of the loop hangs on: it does nothing but send the command, and at most `collects` its replies, it `waits` for something else than Redis, it is `meant` to go one after another, as a comment above it says, or the command is `chained` to the reply of another one in the same turn, and no command takes several of its kind, or it reads what another one in the loop writes.";
    WAITED "waited" [Operation] Bool, partial, "Whether the code around goes on only when the reply is there; unknown in a block that queues commands.";
    CLUSTERED "clustered" [Operation] Bool, total, "Whether the client is that of a cluster, or may be.";
    TRIP "trip" [Operation] Word(&["alone", "pipeline", "transaction", "script", "concurrent"]), partial, "How the command travels.";
    QUEUE_BYPASS "queue_bypass" [Operation] Word(&["immediate", "queued"]), partial, "What becomes of a command on the outer client inside of a block that queues commands of it; unknown outside of one.";
    BYPASSES "bypasses" [Operation] Number, partial, "How many commands of a block bypass its queue; of the first of them alone.";
    QUEUE_ERRORS "queue_errors" [Operation] Word(&["ignored", "skipped", "read"]), partial, "Of what sends a queue whose commands' errors stand among the replies: whether no reply is looked at, only the values beside the errors, or the errors.";
    STALL "stall" [Operation] Word(&["stalls-others", "isolated"]), partial, "Whether a command that waits keeps others waiting that other code sends on the same connection.";
    INTERLEAVED "interleaved" [Operation] Bool, total, "Whether it goes to a connection on which the commands of the whole process follow each other as they come.";
    IN_LOCK "in_lock" [Operation] Bool, total, "Whether it stands inside a known lock.";
    WATCHED "watched" [Operation Queue] Bool, total, "Whether WATCH precedes it in the function.";
    PLACED "placed" [Operation] Word(&["body", "cleanup", "rescue"]), total, "In the body, in a finally, or in a handler.";
    BATCH "batch" [Operation Run] Text, partial, "What would say the same in one round trip.";
    REPLY "reply" [Operation] Word(&["string", "integer", "boolean", "number", "status", "map", "array", "pairs", "pages", "keys", "cursor-string", "cursor-number", "queue", "future", "accepted-flag", "nothing", "any"]), partial, "The shape of the reply in this client.";
    REPLY_MISSING "reply_missing" [Operation] Word(&["nil", "empty-map", "empty-array", "zero", "negative", "error", "empty-string"]), partial, "The reply for a missing key.";
    REPLY_USE "reply_use" [Operation] Words(&["ignored", "returned", "stored", "passed-on", "truthiness", "nil-test", "emptiness-test", "type-test", "equals", "ordered", "arithmetic", "number-cast", "member-access", "symbol-index", "parsed", "deserialized", "iterated", "awaited-later"]), partial, "What becomes of the reply, over all its uses.";
    REPLY_TEST "reply_test" [Operation] Word(&["meaningful", "always-true", "always-false"]), partial, "Whether the tests made of the reply can come out both ways, given what this client answers and what the language takes for false.";
    NIL_FAILS "nil_fails" [Operation] Bool, partial, "Whether a use of the reply raises an error when there is none, with no test, default or handler before it.";
    VALUE_VERDICT "value_verdict" [Operation] Word(&["accepted", "rejected", "stringified", "flattened", "emptied", "encoded"]), partial, "What the installed client makes of a stored value of this kind, or of a duration as TTL.";
    REPLY_REDUCED "reply_reduced" [Operation] Words(&["none", "length", "membership", "one-field", "first-item", "last-item"]), total, "The one thing that is taken of a reply with many members, when nothing else is done with it.";
    HANDED_ON "handed_on" [Operation] Bool, partial, "Whether the reply, or a member of it, is returned, kept or given to other code, and not only to commands and tests.";
    PROMISE "promise" [Operation] Word(&["awaited", "returned", "collected", "caught", "floating", "none"]), partial, "What becomes of the promise.";
    SCRIPT_TEXT "script_text" [Operation] Word(&["constant", "interpolated"]), partial, "What the text of a script is made of; `interpolated` when expressions are written into it.";
    SCRIPT_KEYS "script_keys" [Operation] Word(&["declared", "undeclared"]), partial, "Whether every key that a script names is one of KEYS; `undeclared` when one is written in the script, or made of ARGV.";
    SCRIPT_SCANS "script_scans" [Operation] Bool, partial, "Whether a script calls KEYS, which visits every key.";
    ABORT_SHOWN "abort_shown" [Operation] Word(&["raised", "nil-reply"]), partial, "How a transaction shows that a watched key changed.";
    FAILURE "failure" [Operation] Word(&["open", "handled", "swallowed", "unrelated"]), partial, "What becomes of an error: nothing here, a handler, an empty handler, or a handler that only takes the errors of another client.";
    HELD "held" [Client] Word(&["module", "class", "instance", "memoised", "injected", "returned", "local", "passed-on"]), partial, "Where the new client is kept.";
    LISTENER "listener" [Client] Word(&["present", "absent"]), partial, "Whether an error listener is attached; unknown when the client escapes to code that was not analysed.";
    LISTENER_NEED "listener_need" [Client] Word(&["crash", "log", "none"]), partial, "What a missing error listener costs with this library.";
    CLOSED "closed" [Client] Word(&["always", "sometimes", "never"]), partial, "Whether the client is closed where it is made.";
    ADDRESS "address" [Client] Word(&["literal", "local", "environment", "environment-default", "configured", "default"]), partial, "Where the server's address comes from.";
    PASSWORD "password" [Client] Word(&["literal", "placeholder", "environment", "none"]), partial, "Where the password comes from.";
    API_VERDICT "api_verdict" [Client] Word(&["fine", "deprecated", "removed"]), partial, "What the installed client says of this way to construct one.";
    ARGUMENTS_VERDICT "arguments_verdict" [Client] Word(&["accepted", "ignored", "rejected"]), partial, "What the installed client makes of the positional arguments of the construction.";
    CONNECT_NEED "connect_need" [Client] Word(&["explicit", "lazy", "none"]), partial, "When the client opens its connection: when told to, by itself, or never.";
    CONNECTED "connected" [Client] Bool, partial, "Whether `connect()` is called anywhere that the client goes to; unknown when it escapes.";
    THREAD_SAFE "thread_safe" [Client] Bool, partial, "Whether several threads may use the client at the same time.";
    SUBSCRIBER_MODE "subscriber_mode" [Client] Word(&["refuses-others", "allows-others"]), partial, "Whether other commands may run on the connection once it is subscribed.";
    USED_FOR "used_for" [Client] Words(&["commands", "blocking", "subscribe", "watch", "select", "queue-library", "sessions", "cache", "lock", "rate-limit", "messages"]), total, "What the project sends on this client, as far as no other can be meant, and what libraries are given it for.";
    CONSUMER_VERDICT "consumer_verdict" [Client] Word(&["accepted", "rejected"]), partial, "What a library that is given the client says of the options it was made with.";
    LINGERS "lingers" [Client] Bool, partial, "Whether the client, left open, keeps a process running that nothing else ends or means to go on.";
    COMMAND_TIMEOUT "command_timeout" [Client] Word(&["given", "absent"]), partial, "Whether the options set a time-out for commands, with libraries that have none by themselves.";
    SAME_TARGET "same_target" [Client] Number, partial, "How many clients of the package, each kept for the whole process, connect to the same server in the same way, this one included.";
    RETRIES "retries" [Client] Word(&["bounded", "unbounded"]), partial, "Whether a command is given up after a number of attempts, where the options say so.";
    DECODES "decodes" [Client] Bool, partial, "Whether the client decodes what looks like JSON before it answers.";
    TLS "tls" [Client] Word(&["verified", "unverified"]), partial, "Whether the server's certificate is checked, where the options say so.";
    OPTION_VERDICT "option_verdict" [Client] Words(&["accepted", "ignored", "rejected", "removed", "misnamed"]), partial, "What the installed client makes of the construction options.";
    KIND "kind" [Queue Entry] Word(&["pipeline", "transaction", "handler", "job", "script", "test"]), total, "Pipeline or transaction; for an entry, what begins there.";
    EXECUTED "executed" [Queue] Word(&["sometimes", "never"]), partial, "Whether anything sends the queue, or drops it on purpose; unknown when it escapes.";
    COMMANDS "commands" [Queue] Number, partial, "Number of commands queued; unknown when it escapes.";
    LENGTH "length" [Run] Number, total, "Number of operations.";
    ONE_COMMAND "one_command" [Run] Bool, total, "Whether all members are the same command.";
    ONE_KEY "one_key" [Run] Bool, total, "Whether all members have the same key.";
    CONCURRENT "concurrent" [Run] Bool, total, "Whether they already travel together in one `Promise.all`.";
    TRIP_COST "trip_cost" [Run Operation Client] Ladder(&["socket", "http"]), partial, "What a round trip is with this client.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_declared_once_per_event() {
        for (index, row) in FACTS.iter().enumerate() {
            for event in row.events {
                assert_eq!(fact_named(row.name, *event), Some(FactId(index as u16)), "{}", row.name);
            }
        }
    }

    #[test]
    fn an_unset_fact_is_unknown() {
        let mut facts = Facts::default();
        facts.set_words(fact::DOES_, ["write", "create", "write"]);
        assert!(facts.has(fact::DOES_, "create"));
        assert_eq!(facts.get(fact::DOES_), Some(&Value::Words(vec!["create", "write"])));
        facts.unset(fact::DOES_);
        assert_eq!(facts.get(fact::DOES_), None);
    }
}

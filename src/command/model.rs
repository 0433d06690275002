//! What is known of one command.

use smol_str::SmolStr;

use super::words::words;
use super::{Deeds, KeySpec};

words! {
    /// The kind of value a command works on.
    ValueType {
        /// A string, number or bitmap.
        String = "string",
        /// A hash.
        Hash = "hash",
        /// A list.
        List = "list",
        /// A set.
        Set = "set",
        /// A sorted set, geo index included.
        Zset = "zset",
        /// A stream.
        Stream = "stream",
        /// A type of a module: JSON document, time series, filter.
        Other = "other",
        /// Whatever the key holds.
        Any = "any",
    }
}

words! {
    /// What a command does to the TTL of the key it writes.
    TtlEffect {
        /// Gives the key one, or changes it.
        Sets = "sets",
        /// Takes it away.
        Clears = "clears",
        /// Leaves it as it was.
        Keeps = "keeps",
        /// The target gets the TTL of the source.
        Copies = "copies",
        /// The key goes, and the TTL with it.
        Deletes = "deletes",
    }
}

words! {
    /// The shape of a reply, as the client gives it or, in the command table, as RESP2 carries it.
    Reply {
        /// Text, or nil.
        String = "string",
        /// A whole number.
        Integer = "integer",
        /// True or false.
        Boolean = "boolean",
        /// A number with a fraction.
        Number = "number",
        /// `OK` and the like.
        Status = "status",
        /// Names with values.
        Map = "map",
        /// A list.
        Array = "array",
        /// A list of pairs.
        Pairs = "pairs",
        /// An iterator over pages.
        Pages = "pages",
        /// An iterator over keys, fields or members.
        Keys = "keys",
        /// A cursor, as text, with a page.
        CursorString = "cursor-string",
        /// A cursor, as a number, with a page.
        CursorNumber = "cursor-number",
        /// The queue itself, for chaining.
        Queue = "queue",
        /// A placeholder that is filled when the queue has run.
        Future = "future",
        /// Whether the command was taken over, not what it answered.
        AcceptedFlag = "accepted-flag",
        /// Nothing of use.
        Nothing = "nothing",
        /// Whatever was stored: the client decodes it.
        Any = "any",
    }
}

words! {
    /// What a command answers about a key that does not exist.
    ReplyMissing {
        /// `null`, `undefined`, `nil`.
        Nil = "nil",
        /// A map without entries.
        EmptyMap = "empty-map",
        /// A list without members.
        EmptyArray = "empty-array",
        /// 0 or false.
        Zero = "zero",
        /// A number below zero: -1, -2.
        Negative = "negative",
        /// An error.
        Error = "error",
    }
}

words! {
    /// What the work of a command grows with, from little to much.
    Cost {
        /// Nothing, or the logarithm of a collection.
        Const = "const",
        /// The number of arguments.
        Args = "args",
        /// The part of a collection that is asked for.
        Range = "range",
        /// A whole collection.
        Collection = "collection",
        /// All keys of the database.
        Keyspace = "keyspace",
    }
}

words! {
    /// The unit of a TTL slot.
    TtlUnit {
        /// Seconds from now.
        Seconds = "s",
        /// Milliseconds from now.
        Milliseconds = "ms",
        /// Seconds since 1970.
        SecondsAt = "s-at",
        /// Milliseconds since 1970.
        MillisecondsAt = "ms-at",
    }
}

words! {
    /// What varies between the commands of a row, when the row could be one.
    Varies {
        /// The key.
        Key = "key",
        /// The field of one hash.
        Field = "field",
        /// The member, element or value of one key.
        Member = "member",
    }
}

/// How several calls of a command become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch<'t> {
    /// Another command takes them all: `GET` of many keys is `MGET`.
    Command(&'t str),
    /// The command itself takes more arguments.
    Variadic,
    /// There is no such command: a pipeline saves the round trips.
    Pipeline,
}

/// A rewrite of a command, with one that follows it or options, to a newer or better one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivalent {
    /// The command that follows in the pattern; empty where the command alone is replaced.
    pub with: SmolStr,
    /// What takes their place, as a command line of slots.
    pub becomes: SmolStr,
    /// First version of each product that has it.
    pub since: PerProduct,
}

/// A version per product, as `major.minor.patch`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerProduct {
    /// Redis.
    pub redis: Option<SmolStr>,
    /// Valkey.
    pub valkey: Option<SmolStr>,
    /// The module that brings the command, by its own numbering.
    pub module: Option<SmolStr>,
}

/// One positional argument after the command name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// `key`, `value`, `field`, `member`, `element`, `seconds`, `milliseconds`, `cursor`, `channel` …
    pub name: SmolStr,
    /// Whether it, with the repeated slots beside it, may come again: `(field value)...`.
    pub repeats: bool,
    /// Whether it may be left out: `LPOP key count?`.
    pub optional: bool,
}

impl Slot {
    /// The unit, when the slot is a TTL or an instant of expiry.
    #[must_use]
    pub fn ttl_unit(&self) -> Option<TtlUnit> {
        match self.name.as_str() {
            "seconds" => Some(TtlUnit::Seconds),
            "milliseconds" => Some(TtlUnit::Milliseconds),
            "unix-seconds" => Some(TtlUnit::SecondsAt),
            "unix-milliseconds" => Some(TtlUnit::MillisecondsAt),
            _ => None,
        }
    }
}

/// An option token of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As the server reads it, upper case.
    pub name: SmolStr,
    /// Version of Redis that brought it.
    pub since: SmolStr,
    /// What stands behind it, when something does.
    pub slot: Option<SmolStr>,
}

/// A command of Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Canonical name, upper case; container and subcommand joined by a space.
    pub name: SmolStr,
    /// Whether it has subcommands, and so does little alone: `XGROUP`.
    pub is_container: bool,
    /// The server's own grouping: `string`, `hash`, `generic`, `module` …
    pub group: SmolStr,
    /// Number of words, name included; negative: at least so many.
    pub arity: i32,
    /// The server's flags: `write`, `readonly`, `blocking`, `denyoom` …
    pub flags: Vec<SmolStr>,
    /// ACL categories.
    pub acl: Vec<SmolStr>,
    /// Where its keys stand.
    pub keys: Vec<KeySpec>,
    /// Its option tokens.
    pub tokens: Vec<Token>,
    /// First version of each product.
    pub since: PerProduct,
    /// Version since which a product calls it deprecated.
    pub deprecated: PerProduct,
    /// Commands and tokens that the server names instead.
    pub replaced_by: Vec<SmolStr>,
    /// Positional arguments in order.
    pub slots: Vec<Slot>,
    /// What its keys hold.
    pub value_type: ValueType,
    /// Whether it makes a key that was not there.
    pub creates: bool,
    /// Whether it replaces whatever the key held, of any type.
    pub overwrites: bool,
    /// Whether it always answers with a whole collection.
    pub full_read: bool,
    /// What it does to the TTL, options aside.
    pub ttl_effect: TtlEffect,
    /// Shape of its reply.
    pub reply: Reply,
    /// Its reply about a missing key; `None` when the question has no sense.
    pub reply_missing: Option<ReplyMissing>,
    /// What its work grows with.
    pub cost: Cost,
    /// Rewrites.
    pub equivalent: Vec<Equivalent>,
    pub(super) batch: Vec<(Varies, SmolStr)>,
    pub(super) deeds: Deeds,
    pub(super) distinctive: bool,
}

impl Command {
    /// The container, when this is a subcommand: `XGROUP` of `XGROUP CREATE`.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        self.name.split_once(' ').map(|(container, _)| container)
    }

    /// What it does, in the words of the fact `does`.
    #[must_use]
    pub fn does(&self) -> Deeds {
        self.deeds
    }

    /// Whether it has a flag.
    #[must_use]
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|have| have == flag)
    }

    /// How several calls that differ in `varies` become one; a pipeline where nothing better exists.
    #[must_use]
    pub fn batch(&self, varies: Varies) -> Batch<'_> {
        match self.batch.iter().find(|(have, _)| *have == varies) {
            Some((_, how)) if how == "variadic" => Batch::Variadic,
            Some((_, how)) => Batch::Command(how),
            None => Batch::Pipeline,
        }
    }

    /// The token of that name, in any case.
    #[must_use]
    pub fn token(&self, name: &str) -> Option<&Token> {
        self.tokens.iter().find(|token| token.name.eq_ignore_ascii_case(name))
    }

    /// Whether its name, as a method name, belongs to Redis alone: `hgetall` and `zadd`, but not `get`, `set` or `del`,
    /// which maps, caches and HTTP clients have as well.
    #[must_use]
    pub fn is_distinctive(&self) -> bool {
        self.distinctive
    }

    /// The place of the slot of that name among the arguments, 0-based.
    #[must_use]
    pub fn slot_index(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.name == name)
    }
}

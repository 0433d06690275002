//! What a command does, as the words of the fact `does`.

use super::model::TtlEffect;
use super::words::words;

words! {
    /// One thing a command does.
    Deed {
        /// Reads a value.
        Read = "read",
        /// Changes the data.
        Write = "write",
        /// Makes a key that was not there.
        Create = "create",
        /// Replaces a value of any type.
        Overwrite = "overwrite",
        /// Deletes keys.
        Delete = "delete",
        /// Gives a key a TTL.
        Expire = "expire",
        /// Takes a TTL away.
        Persist = "persist",
        /// Adds to a list, a stream or a queue made of one.
        Push = "push",
        /// Takes an element away and answers with it.
        Pop = "pop",
        /// Changes a number in place.
        Count = "count",
        /// May wait for data.
        Block = "block",
        /// Begins or ends a subscription.
        Subscribe = "subscribe",
        /// Sends to subscribers.
        Publish = "publish",
        /// WATCH and UNWATCH.
        Watch = "watch",
        /// MULTI, EXEC, DISCARD.
        Transaction = "transaction",
        /// Chooses the database of the connection.
        Select = "select",
        /// Walks with a cursor.
        Scan = "scan",
        /// Empties databases.
        Flush = "flush",
        /// Runs the server, not the data.
        Admin = "admin",
        /// Runs or keeps code in the server.
        Script = "script",
        /// Gives a key another name.
        Rename = "rename",
        /// Answers with a whole collection.
        FullRead = "full-read",
    }
}

/// A set of [`Deed`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Deeds(u32);

impl Deeds {
    /// Whether the set has a member.
    #[must_use]
    pub fn has(self, deed: Deed) -> bool {
        self.0 & (1 << deed as u32) != 0
    }

    /// The set with one more member.
    #[must_use]
    pub fn with(self, deed: Deed) -> Self {
        Self(self.0 | (1 << deed as u32))
    }

    /// The members, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = Deed> {
        Deed::ALL.iter().copied().filter(move |deed| self.has(*deed))
    }

    /// The words of the members.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        self.iter().map(Deed::word)
    }
}

impl FromIterator<Deed> for Deeds {
    fn from_iter<I: IntoIterator<Item = Deed>>(deeds: I) -> Self {
        deeds.into_iter().fold(Self::default(), Self::with)
    }
}

/// What is needed to say what a command does.
pub(super) struct Evidence<'c> {
    pub name: &'c str,
    pub group: &'c str,
    pub flags: &'c [smol_str::SmolStr],
    pub acl: &'c [smol_str::SmolStr],
    pub ttl_effect: TtlEffect,
    pub creates: bool,
    pub overwrites: bool,
    pub full_read: bool,
}

/// Says it, from the server's own flags wherever they tell, from the name where they do not.
pub(super) fn deeds(of: &Evidence<'_>) -> Deeds {
    let flag = |name: &str| of.flags.iter().any(|flag| flag == name);
    let category = |name: &str| of.acl.iter().any(|have| have == name);
    let (first, last) = of.name.split_once(' ').unwrap_or((of.name, ""));
    let rules = [
        // The key specifications say `access` of every command that looks at the old value, INCR included; what counts here is
        // that the reply carries data.
        (
            Deed::Read,
            (flag("readonly") && !matches!(of.group, "pubsub" | "scripting"))
                || matches!(
                    first,
                    "GETSET"
                        | "GETDEL"
                        | "GETEX"
                        | "HGETDEL"
                        | "HGETEX"
                        | "SORT"
                        | "GEORADIUS"
                        | "GEORADIUSBYMEMBER"
                        | "XREADGROUP"
                        | "XCLAIM"
                        | "XAUTOCLAIM"
                ),
        ),
        (Deed::Write, flag("write")),
        (Deed::Create, of.creates),
        (Deed::Overwrite, of.overwrites),
        (Deed::Delete, matches!(first, "DEL" | "UNLINK" | "GETDEL" | "DELEX" | "DELIFEQ" | "JSON.DEL" | "JSON.FORGET")),
        (Deed::Expire, of.ttl_effect == TtlEffect::Sets),
        (Deed::Persist, first == "PERSIST"),
        (
            Deed::Push,
            matches!(first, "LPUSH" | "RPUSH" | "LPUSHX" | "RPUSHX" | "LINSERT" | "XADD" | "RPOPLPUSH" | "BRPOPLPUSH" | "LMOVE" | "BLMOVE"),
        ),
        (
            Deed::Pop,
            matches!(
                first,
                "LPOP" | "RPOP" | "BLPOP" | "BRPOP" | "LMPOP" | "BLMPOP" | "SPOP" | "ZPOPMIN" | "ZPOPMAX" | "BZPOPMIN" | "BZPOPMAX"
            ) || matches!(first, "ZMPOP" | "BZMPOP" | "RPOPLPUSH" | "BRPOPLPUSH" | "LMOVE" | "BLMOVE" | "GETDEL" | "HGETDEL"),
        ),
        (
            Deed::Count,
            matches!(
                first,
                "INCR"
                    | "INCRBY"
                    | "INCRBYFLOAT"
                    | "DECR"
                    | "DECRBY"
                    | "HINCRBY"
                    | "HINCRBYFLOAT"
                    | "ZINCRBY"
                    | "INCREX"
                    | "JSON.NUMINCRBY"
                    | "TS.INCRBY"
                    | "TS.DECRBY"
            ),
        ),
        (Deed::Block, flag("blocking")),
        (Deed::Subscribe, matches!(first, "SUBSCRIBE" | "PSUBSCRIBE" | "SSUBSCRIBE" | "UNSUBSCRIBE" | "PUNSUBSCRIBE" | "SUNSUBSCRIBE")),
        (Deed::Publish, matches!(first, "PUBLISH" | "SPUBLISH")),
        (Deed::Watch, matches!(first, "WATCH" | "UNWATCH")),
        (Deed::Transaction, matches!(first, "MULTI" | "EXEC" | "DISCARD")),
        (Deed::Select, first == "SELECT"),
        (Deed::Scan, matches!(first, "SCAN" | "HSCAN" | "SSCAN" | "ZSCAN" | "CLUSTERSCAN")),
        (Deed::Flush, matches!(first, "FLUSHDB" | "FLUSHALL")),
        (
            Deed::Admin,
            flag("admin")
                || category("admin")
                || matches!(first, "FLUSHDB" | "FLUSHALL" | "SWAPDB" | "CONFIG" | "DEBUG" | "ACL" | "MODULE" | "LATENCY" | "SLOWLOG")
                || (first == "CLUSTER"
                    && !matches!(
                        last,
                        "KEYSLOT" | "INFO" | "MYID" | "NODES" | "SLOTS" | "SHARDS" | "COUNTKEYSINSLOT" | "GETKEYSINSLOT" | "LINKS"
                    )),
        ),
        (Deed::Script, of.group == "scripting"),
        (Deed::Rename, matches!(first, "RENAME" | "RENAMENX")),
        (Deed::FullRead, of.full_read),
    ];
    rules.into_iter().filter_map(|(deed, holds)| holds.then_some(deed)).collect()
}

//! What an accepted option of a command means.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use smol_str::SmolStr;

use crate::command::TtlUnit;

/// What a name in an option object, a keyword or a token means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A TTL or an instant of expiry.
    Ttl(TtlUnit),
    /// A number whose unit a sibling tells: `{ type: "EX", value: 60 }`.
    TtlOfType,
    /// The TTL stays.
    KeepTtl,
    /// The TTL goes.
    ClearTtl,
    /// A condition: `NX`, `XX`, `GT`, `LT`, `IFEQ` …
    Condition(SmolStr),
    /// How many at most.
    Limit,
    /// A hint of how many, or how many.
    Count,
    /// A pattern.
    Match,
    /// A type of value.
    Type,
    /// A cursor.
    Cursor,
    /// How long it may wait, milliseconds.
    BlockMilliseconds,
    /// How long it may wait, seconds.
    BlockSeconds,
    /// A key that takes the result.
    Store,
    /// The old value is the reply.
    Get,
    /// Scores come along.
    WithScores,
    /// How long the stream may grow.
    MaxLength,
    /// The direction is turned round.
    Reverse,
    /// Anything else, named for those who know it.
    Other(SmolStr),
    /// One of these words, which are tokens of the command.
    OneOf(Vec<SmolStr>),
    /// A table of further names.
    Table(Vec<(SmolStr, Meaning)>),
}

impl Meaning {
    /// Every word, for messages; `condition:NAME` and `other:NAME` take any name.
    const WORDS: &'static [&'static str] = &[
        "ttl",
        "ttl:s",
        "ttl:ms",
        "ttl:s-at",
        "ttl:ms-at",
        "ttl:keep",
        "ttl:clear",
        "condition:NX",
        "limit",
        "count",
        "match",
        "type",
        "cursor",
        "block:ms",
        "block:s",
        "store",
        "get",
        "with:scores",
        "max-length",
        "reverse",
        "other:NAME",
    ];

    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "ttl" => Self::TtlOfType,
            "ttl:keep" => Self::KeepTtl,
            "ttl:clear" => Self::ClearTtl,
            "limit" => Self::Limit,
            "count" => Self::Count,
            "match" => Self::Match,
            "type" => Self::Type,
            "cursor" => Self::Cursor,
            "block:ms" => Self::BlockMilliseconds,
            "block:s" => Self::BlockSeconds,
            "store" => Self::Store,
            "get" => Self::Get,
            "with:scores" => Self::WithScores,
            "max-length" => Self::MaxLength,
            "reverse" => Self::Reverse,
            _ => match word.split_once(':')? {
                ("ttl", unit) => Self::Ttl(TtlUnit::of_word(unit)?),
                ("condition", name) if !name.is_empty() => Self::Condition(name.into()),
                ("other", name) if !name.is_empty() => Self::Other(name.into()),
                _ => return None,
            },
        })
    }

    /// What a token of a command means where tokens stand for themselves: `EX` in `{ type: "EX" }`.
    #[must_use]
    pub fn of_token(token: &str) -> Option<Self> {
        Some(match token {
            "EX" => Self::Ttl(TtlUnit::Seconds),
            "PX" => Self::Ttl(TtlUnit::Milliseconds),
            "EXAT" => Self::Ttl(TtlUnit::SecondsAt),
            "PXAT" => Self::Ttl(TtlUnit::MillisecondsAt),
            "KEEPTTL" => Self::KeepTtl,
            "PERSIST" => Self::ClearTtl,
            "NX" | "XX" | "GT" | "LT" | "IFEQ" | "IFNE" | "IFDEQ" | "IFDNE" | "FNX" | "FXX" => Self::Condition(token.into()),
            "GET" => Self::Get,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct AnyMeaning;

        impl<'de> Visitor<'de> for AnyMeaning {
            type Value = Meaning;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a meaning such as \"ttl:s\", a list of tokens, or a table")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Meaning, E> {
                Meaning::of_word(word).ok_or_else(|| E::unknown_variant(word, Meaning::WORDS))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Meaning, A::Error> {
                let mut tokens = Vec::new();
                while let Some(token) = members.next_element()? {
                    tokens.push(token);
                }
                Ok(Meaning::OneOf(tokens))
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Meaning, A::Error> {
                Ok(Meaning::Table(names(entries)?))
            }
        }

        from.deserialize_any(AnyMeaning)
    }
}

/// The `keys` of a form: names with their meaning, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanings(pub Vec<(SmolStr, Meaning)>);

impl Meanings {
    /// The meaning of a name, exactly as written.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Meaning> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, meaning)| meaning)
    }

    /// The meaning of a token, which the server reads in any case.
    #[must_use]
    pub fn of_token(&self, token: &str) -> Option<&Meaning> {
        self.0.iter().find(|(have, _)| have.eq_ignore_ascii_case(token)).map(|(_, meaning)| meaning)
    }
}

impl<'de> Deserialize<'de> for Meanings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Meanings;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a table of names with their meaning")
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Meanings, A::Error> {
                names(entries).map(Meanings)
            }
        }

        from.deserialize_map(Names)
    }
}

fn names<'de, A: MapAccess<'de>>(mut entries: A) -> Result<Vec<(SmolStr, Meaning)>, A::Error> {
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry()? {
        names.push(entry);
    }
    Ok(names)
}

//! The words of relations.

/// Whether the second operation certainly follows the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// Once the first has completed without raising, the second runs.
    Always,
    /// It stands in an arm that may not be taken, or an exit in an arm stands between.
    Sometimes,
}

/// What stands between two operations, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Between {
    /// Nothing.
    Nothing,
    /// What certainly has no effect that matters.
    Pure,
    /// Calls.
    Calls,
}

/// How two operations travel to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trips {
    /// In a round trip each.
    Alone,
    /// In one pipeline.
    Pipeline,
    /// In one transaction.
    Transaction,
    /// At the same time: `Promise.all`.
    Concurrent,
}

/// What two operations must share: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Same(u8);

impl Same {
    /// Nothing.
    pub const NOTHING: Self = Self(0);
    /// The client.
    pub const CLIENT: Self = Self(1);
    /// The key.
    pub const KEY: Self = Self(2);
    /// The field of a hash.
    pub const FIELD: Self = Self(4);
    /// The member of a collection.
    pub const MEMBER: Self = Self(8);
    /// The value written.
    pub const VALUE: Self = Self(16);
    /// The pipeline or transaction.
    pub const QUEUE: Self = Self(32);
    /// Names as rule pages write them.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("client", Self::CLIENT),
        ("key", Self::KEY),
        ("field", Self::FIELD),
        ("member", Self::MEMBER),
        ("value", Self::VALUE),
        ("queue", Self::QUEUE),
    ];

    /// Whether it contains another set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl std::ops::BitOr for Same {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

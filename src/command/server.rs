//! The server that a project talks to.

use std::fmt;

use super::{Command, PerProduct, Token};

/// A product and its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// Whose server it is.
    pub product: Product,
    /// Major and minor version.
    pub version: (u16, u16),
}

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Redis.
    Redis,
    /// Valkey.
    Valkey,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Redis, Self::Valkey];

    /// Its name in configurations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Valkey => "valkey",
        }
    }
}

impl Server {
    /// Reads `redis 7.2` or `valkey 8`; a version without minor is the first of its major.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, version) = text.trim().split_once([' ', ':', '@'])?;
        let product = Product::ALL.into_iter().find(|product| product.word().eq_ignore_ascii_case(name.trim()))?;
        let mut parts = version.trim().split('.').map(|part| part.parse::<u16>().ok());
        let major = parts.next()??;
        let minor = parts.next().unwrap_or(Some(0))?;
        parts.all(|part| part.is_some()).then_some(Self { product, version: (major, minor) })
    }
}

impl Server {
    /// Whether it has what came with a version; `None` when it is a module's, whose versions are not known.
    #[must_use]
    pub fn has(self, since: &PerProduct) -> Option<bool> {
        if since.module.is_some() {
            return None;
        }
        match self.of(since) {
            Some(version) => Some(version <= self.version),
            // The other product has it, this one has not.
            None => (since.redis.is_some() || since.valkey.is_some()).then_some(false),
        }
    }

    /// Whether it reads an option; `None` where only the other product's versions are known.
    #[must_use]
    pub fn reads(self, token: &Token) -> Option<bool> {
        let since = version(&token.since)?;
        match self.product {
            Product::Redis => Some(since <= self.version),
            // Valkey began as Redis 7.2.
            Product::Valkey => (since <= (7, 2)).then_some(true),
        }
    }

    /// Whether it calls a command deprecated.
    #[must_use]
    pub fn has_deprecated(self, command: &Command) -> bool {
        self.of(&command.deprecated).is_some_and(|version| version <= self.version)
    }

    fn of(self, versions: &PerProduct) -> Option<(u16, u16)> {
        version(match self.product {
            Product::Redis => versions.redis.as_deref()?,
            Product::Valkey => versions.valkey.as_deref()?,
        })
    }
}

/// Major and minor of `6.2.0`.
fn version(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split('.').map(|part| part.parse::<u16>().ok());
    Some((parts.next()??, parts.next().unwrap_or(Some(0))?))
}

impl fmt::Display for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}.{}", self.product.word(), self.version.0, self.version.1)
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn a_server_is_a_product_and_a_version() {
        for (text, expected) in [
            ("redis 7.2", "redis 7.2"),
            ("valkey 8", "valkey 8.0"),
            ("Redis 7.2.4", "redis 7.2"),
            ("redis", ""),
            ("7.2", ""),
            ("rediss 7", ""),
            ("redis seven", ""),
        ] {
            assert_eq!(Server::parse(text).map(|server| server.to_string()).unwrap_or_default(), expected, "{text}");
        }
    }
}

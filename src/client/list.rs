//! Small shapes of table values: one or many, a word or a table.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::StrDeserializer};
use serde::{Deserialize, de::IntoDeserializer};
use smol_str::SmolStr;

/// One value, or a list of them; in the file `"a"` and `["a"]` mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Clone> List<T> {
    /// Lists of one member each; the empty list stays what it is.
    pub fn singles(&self) -> Vec<Self> {
        if self.0.is_empty() { vec![self.clone()] } else { self.0.iter().map(|one| Self(vec![one.clone()])).collect() }
    }
}

impl List<SmolStr> {
    /// Whether a name is in it.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|have| have == name)
    }

    /// The first name, or nothing.
    pub fn first_name(&self) -> &str {
        self.0.first().map_or("", SmolStr::as_str)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMany<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
            type Value = List<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a word or a list of words")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<List<T>, E> {
                let one: StrDeserializer<'_, E> = word.into_deserializer();
                Ok(List(vec![T::deserialize(one)?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(member) = members.next_element()? {
                    list.push(member);
                }
                if list.is_empty() { Err(A::Error::custom("the list is empty; leave the key out")) } else { Ok(List(list)) }
            }
        }

        from.deserialize_any(OneOrMany(PhantomData))
    }
}

/// A word for all, or a word for each name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PerName<T> {
    /// One for all.
    All(T),
    /// By name.
    Each(Vec<(SmolStr, T)>),
}

impl<T: Copy> PerName<T> {
    /// What holds for a name.
    pub fn of(&self, name: &str) -> Option<T> {
        match self {
            Self::All(value) => Some(*value),
            Self::Each(values) => values.iter().find(|(have, _)| have == name).map(|(_, value)| *value),
        }
    }
}

impl PerName<SmolStr> {
    /// What holds for a name, as text.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        match self {
            Self::All(value) => Some(value),
            Self::Each(values) => values.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str()),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PerName<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct WordOrTable<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for WordOrTable<T> {
            type Value = PerName<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a word, or a table of a word per name")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<PerName<T>, E> {
                let one: StrDeserializer<'_, E> = word.into_deserializer();
                Ok(PerName::All(T::deserialize(one)?))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<PerName<T>, A::Error> {
                let mut each = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    each.push(entry);
                }
                Ok(PerName::Each(each))
            }
        }

        from.deserialize_any(WordOrTable(PhantomData))
    }
}

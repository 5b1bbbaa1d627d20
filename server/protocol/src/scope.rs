//! Scope (RFC 6749 §3.3): a set of space-delimited, case-sensitive values, kept in the order in which they came.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A set of scope values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<Box<str>>);

/// A scope that breaks RFC 6749 §3.3's grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope value may hold only printable ASCII without space, quote and backslash (RFC 6749 §3.3)")]
pub struct MalformedScope;

impl Scope {
    /// Reads a space-delimited list; repeated values count once.
    pub fn parse(text: &str) -> Result<Self, MalformedScope> {
        let mut values: Vec<Box<str>> = Vec::new();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
            if !value.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
                return Err(MalformedScope);
            }
            if !values.iter().any(|known| **known == *value) {
                values.push(value.into());
            }
        }
        Ok(Self(values))
    }

    /// The values, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|value| &**value)
    }

    /// Whether a value is in it.
    pub fn contains(&self, value: &str) -> bool {
        self.iter().any(|known| known == value)
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every value is in `other`, too.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.iter().all(|value| other.contains(value))
    }

    /// Those values for which `keep` holds.
    pub fn filtered(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|value| keep(value)).cloned().collect())
    }

    /// These values and those of `other`.
    pub fn union(&self, other: &Self) -> Self {
        let mut values = self.0.clone();
        values.extend(other.0.iter().filter(|value| !self.contains(value)).cloned());
        Self(values)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(value)?;
        }
        Ok(())
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

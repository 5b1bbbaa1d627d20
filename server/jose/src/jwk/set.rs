//! Key sets (RFC 7517 §5).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{JwkError, PublicJwk};
use crate::Algorithm;

/// The most keys that a set may hold.
pub const MAX_KEYS: usize = 50;

/// A set of public keys.
///
/// Deserializing one reads a set that someone publishes: RFC 7517 §5, keys "that are not understood …
/// SHOULD" be ignored, so that a new key type does not break old readers. A set with private members
/// is refused whole. [`JwkSet::registered`] is for sets that a person hands in, and says what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys, in the order of the set.
    pub keys: Vec<PublicJwk>,
}

#[derive(Deserialize)]
struct Envelope {
    keys: Vec<Value>,
}

impl JwkSet {
    /// Reads a set that a client registers: every key must be one that can verify its signatures.
    pub fn registered(value: &Value) -> Result<Self, JwkError> {
        let keys = envelope(value)?;
        if keys.is_empty() {
            return Err(JwkError::KeyCount);
        }
        keys.iter().map(PublicJwk::from_value).collect::<Result<_, _>>().map(|keys| Self { keys })
    }

    /// Reads a published set, ignoring keys of no use here.
    pub fn published(value: &Value) -> Result<Self, JwkError> {
        let mut usable = Vec::new();
        for key in &envelope(value)? {
            match PublicJwk::from_value(key) {
                Ok(key) => usable.push(key),
                Err(JwkError::PrivateMembers) => return Err(JwkError::PrivateMembers),
                Err(_) => {}
            }
        }
        Ok(Self { keys: usable })
    }

    /// The keys that may have signed a JWS with this `kid` and `algorithm`. Without a `kid` in the JWS every
    /// key of the algorithm is a candidate (RFC 7515 §6, appendix D); a `kid` that no key has gives none.
    pub fn candidates<'a>(
        &'a self,
        kid: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a PublicJwk> {
        let named = move |key: &&PublicJwk| kid.is_none_or(|kid| key.kid() == Some(kid));
        self.keys.iter().filter(named).filter(move |key| key.usable_for(algorithm))
    }
}

fn envelope(value: &Value) -> Result<Vec<Value>, JwkError> {
    if !value.is_object() {
        return Err(JwkError::Malformed);
    }
    let keys = Envelope::deserialize(value).map_err(|_| JwkError::Malformed)?.keys;
    if keys.len() > MAX_KEYS { Err(JwkError::KeyCount) } else { Ok(keys) }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::published(&value).map_err(serde::de::Error::custom)
    }
}

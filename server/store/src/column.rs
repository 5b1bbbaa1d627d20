//! How values are kept in columns: moments as milliseconds, structures as JSON.

use crate::error::StoreError;
use chrono::DateTime;
use serde::Serialize;
use serde::de::DeserializeOwned;
use signet_protocol::environment::Moment;
use signet_protocol::secret::SecretHash;

/// A stored moment.
pub fn moment(millis: i64) -> Result<Moment, StoreError> {
    DateTime::from_timestamp_millis(millis)
        .ok_or_else(|| StoreError::Corrupt("a moment is out of range".into()))
}

/// A stored moment that may be absent.
pub fn moment_or_none(millis: Option<i64>) -> Result<Option<Moment>, StoreError> {
    millis.map(moment).transpose()
}

/// A moment to store.
pub fn millis(moment: Moment) -> i64 {
    moment.timestamp_millis()
}

/// A structure to store.
pub fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt("a value has no JSON form".into()))
}

/// A stored structure; `what` names it in the error, never its content.
pub fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt(format!("{what} is not readable").into()))
}

/// A stored counter.
pub fn count(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt("a counter is negative".into()))
}

/// A counter to store.
pub fn stored_count(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Corrupt("a counter is too large".into()))
}

/// A stored hash.
pub fn secret_hash(bytes: &[u8]) -> Result<SecretHash, StoreError> {
    bytes.try_into().map(SecretHash).map_err(|_| StoreError::Corrupt("a hash has another length".into()))
}

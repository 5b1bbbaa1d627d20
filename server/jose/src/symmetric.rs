//! 256-bit symmetric keys: their names, and how they are made.

use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

use crate::base64url;

/// The operating system gave no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct RandomnessFailed;

/// Not the text of a [`KeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key id")]
pub struct InvalidKeyId;

/// Names a 256-bit key without saying anything useful about it: the first 8 bytes of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The name of `key`, which must be random: the name of a guessable key would confirm the guess.
    pub fn of(key: &[u8; 32]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, key);
        let mut id = [0; 8];
        id.copy_from_slice(&digest.as_ref()[..8]);
        Self(id)
    }
}

/// Eleven base64url characters.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

/// Reads what `Display` writes.
impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let bytes = base64url::decode(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(InvalidKeyId)
    }
}

/// A fresh 256-bit key.
pub fn generate_symmetric_key() -> Result<Zeroizing<[u8; 32]>, RandomnessFailed> {
    let mut key = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(key.as_mut()).map_err(|_| RandomnessFailed)?;
    Ok(key)
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], RandomnessFailed> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| RandomnessFailed)?;
    Ok(bytes)
}

/// Joins `parts` so that no two different lists give the same bytes: each part after its length
/// (eight bytes, big-endian).
pub(crate) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

//! Secrets at rest: sealed under the operator's master key.
//!
//! A sealed value is version (1 byte) ‖ master key id (8) ‖ nonce (12) ‖ AES-256-GCM ciphertext and tag. Its
//! associated data name table, column and row, so that a value moved to another place does not open.

#[cfg(test)]
mod tests;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use zeroize::Zeroizing;

use crate::MessageSealer;
use crate::symmetric::{KeyId, RandomnessFailed, length_prefixed, random};

const VERSION: u8 = 1;
const HEADER_LEN: usize = 1 + 8 + NONCE_LEN;

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not a sealed value of a known version.
    #[error("not a sealed value of a known version")]
    Malformed,
    /// Sealed with a master key that is not configured.
    #[error("sealed with a key that is not configured")]
    UnknownKey,
    /// Changed, moved to another place, or sealed with another key.
    #[error("the sealed value does not belong here or was changed")]
    Refused,
    /// Nothing could be sealed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailed),
    /// More than the cipher can take at once (64 GiB).
    #[error("too long to be sealed")]
    TooLong,
}

struct MasterKey {
    id: KeyId,
    key: LessSafeKey,
    messages: MessageSealer,
}

impl MasterKey {
    fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        // RFC 5869: the master key is uniformly random, so that it needs no salt of its own.
        let mut derived = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, &[])
            .extract(key)
            .expand(&[b"signet messages under the master key"], HKDF_SHA256)
            .and_then(|output| output.fill(derived.as_mut()))
            .map_err(|_| SealError::Malformed)?;
        Ok(Self { id: KeyId::of(key), key: aes_256_gcm(key)?, messages: MessageSealer::new(&derived) })
    }
}

/// The operator's master keys: one seals, all open.
pub struct MasterKeys {
    current: MasterKey,
    previous: Vec<MasterKey>,
}

impl MasterKeys {
    /// `current` seals from now on; `previous` only open what they have sealed. All must be random.
    pub fn new(current: &[u8; 32], previous: &[[u8; 32]]) -> Result<Self, SealError> {
        let previous = previous.iter().map(MasterKey::new).collect::<Result<_, _>>()?;
        Ok(Self { current: MasterKey::new(current)?, previous })
    }

    /// The name of the current key.
    pub fn key_id(&self) -> KeyId {
        self.current.id
    }

    /// Seals `plaintext` for one place in the database.
    pub fn seal(&self, table: &str, column: &str, row: &str, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = Vec::with_capacity(HEADER_LEN + plaintext.len() + AES_256_GCM.tag_len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.current.id.0);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&encrypt(&self.current.key, nonce, &place(table, column, row), plaintext)?);
        Ok(sealed)
    }

    /// Opens what was sealed for the same place.
    pub fn open(
        &self,
        table: &str,
        column: &str,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, rest) = sealed_by(sealed)?;
        let mut known = std::iter::once(&self.current).chain(&self.previous);
        let key = known.find(|key| key.id == id).ok_or(SealError::UnknownKey)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(SealError::Malformed)?;
        decrypt(&key.key, *nonce, &place(table, column, row), ciphertext)
    }

    /// Seals messages that must outlive the keys in the database.
    pub fn message_sealer(&self) -> &MessageSealer {
        &self.current.messages
    }

    /// Everything that may open such a message, the current one first.
    pub fn message_sealers(&self) -> impl Iterator<Item = &MessageSealer> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| &key.messages)
    }

    /// Whether `sealed` was sealed with another key than the current one.
    pub fn needs_reseal(&self, sealed: &[u8]) -> bool {
        sealed_by(sealed).is_ok_and(|(id, _)| id != self.current.id)
    }
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKeys").field("current", &self.current.id).finish_non_exhaustive()
    }
}

fn sealed_by(sealed: &[u8]) -> Result<(KeyId, &[u8]), SealError> {
    match sealed.split_first() {
        Some((&VERSION, rest)) => {
            rest.split_first_chunk().map(|(id, rest)| (KeyId(*id), rest)).ok_or(SealError::Malformed)
        }
        _ => Err(SealError::Malformed),
    }
}

fn place(table: &str, column: &str, row: &str) -> Vec<u8> {
    length_prefixed(&[table.as_bytes(), column.as_bytes(), row.as_bytes()])
}

pub(crate) fn aes_256_gcm(key: &[u8; 32]) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| SealError::Malformed)
}

/// Ciphertext and tag. The nonce must be fresh: 96 random bits, for far fewer than 2³² messages under one key
/// (NIST SP 800-38D §8.3).
pub(crate) fn encrypt(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, SealError> {
    // Room for the tag from the start: growing would leave a copy of the plaintext behind.
    let mut text = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
    text.extend_from_slice(plaintext);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(associated), &mut text)
        .map_err(|_| SealError::TooLong)?;
    Ok(text)
}

pub(crate) fn decrypt(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    associated: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let len = key
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(associated), &mut text)
        .map_err(|_| SealError::Refused)?
        .len();
    text.truncate(len);
    Ok(text)
}

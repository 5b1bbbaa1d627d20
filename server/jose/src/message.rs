//! Messages that travel through a browser and come back: sealed, and bound to their purpose and bearer.
//!
//! base64url of version (1 byte) ‖ salt (16) ‖ nonce (12) ‖ AES-256-GCM ciphertext and tag. The cipher's key is
//! derived for each message by HKDF-SHA-256 (RFC 5869) from the random salt, so that any number of messages
//! can be sealed under one key without a nonce ever meeting the same key twice.

use ring::aead::{AES_256_GCM, LessSafeKey, NONCE_LEN, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use zeroize::Zeroizing;

use crate::SealError;
use crate::base64url;
use crate::seal::{decrypt, encrypt};
use crate::symmetric::{KeyId, length_prefixed, random};

const VERSION: u8 = 1;
const SALT_LEN: usize = 16;

/// Seals and opens messages under one 256-bit key.
pub struct MessageSealer {
    key: Zeroizing<[u8; 32]>,
}

impl MessageSealer {
    /// A sealer with a random `key`.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: Zeroizing::new(*key) }
    }

    /// The name of the key.
    pub fn key_id(&self) -> KeyId {
        KeyId::of(&self.key)
    }

    /// Seals `plaintext`. Only an equal `purpose`, `issuer` and `binding` open it.
    pub fn seal(
        &self,
        purpose: &str,
        issuer: &str,
        binding: &[u8],
        plaintext: &[u8],
    ) -> Result<String, SealError> {
        let salt: [u8; SALT_LEN] = random()?;
        let nonce: [u8; NONCE_LEN] = random()?;
        let context = context(purpose, issuer, binding);
        let ciphertext = encrypt(&self.derive(&salt)?, nonce, &context, plaintext)?;
        Ok(base64url::encode(&[&[VERSION], salt.as_slice(), &nonce, &ciphertext].concat()))
    }

    /// Opens what was sealed under the same key, purpose, issuer and binding.
    pub fn open(
        &self,
        purpose: &str,
        issuer: &str,
        binding: &[u8],
        sealed: &str,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = base64url::decode(sealed).ok_or(SealError::Malformed)?;
        let Some((&VERSION, rest)) = bytes.split_first() else { return Err(SealError::Malformed) };
        let (salt, rest) = rest.split_first_chunk::<SALT_LEN>().ok_or(SealError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(SealError::Malformed)?;
        decrypt(&self.derive(salt)?, *nonce, &context(purpose, issuer, binding), ciphertext)
    }

    fn derive(&self, salt: &[u8; SALT_LEN]) -> Result<LessSafeKey, SealError> {
        let pseudorandom = Salt::new(HKDF_SHA256, salt).extract(self.key.as_slice());
        // Any failure here would be a wrong output length, which the cipher's own type rules out.
        let derived = pseudorandom
            .expand(&[b"signet sealed message"], &AES_256_GCM)
            .map_err(|_| SealError::Malformed)?;
        Ok(LessSafeKey::new(UnboundKey::from(derived)))
    }
}

impl std::fmt::Debug for MessageSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageSealer").field("key", &self.key_id()).finish()
    }
}

fn context(purpose: &str, issuer: &str, binding: &[u8]) -> Vec<u8> {
    length_prefixed(&[purpose.as_bytes(), issuer.as_bytes(), binding])
}

#[cfg(test)]
mod tests;

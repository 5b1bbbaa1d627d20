//! Refresh tokens: opaque to clients, recognised without a query.
//!
//! base64url of version (1 byte) ‖ key id (8) ‖ handle (16) ‖ generation (8, big-endian) ‖ HMAC-SHA-256 (32) over
//! purpose, issuer and all that comes before it. The same inputs always give the same token, so a grant's
//! successor can be computed again instead of being stored.

#[cfg(test)]
mod tests;

use ring::hmac;

use crate::base64url;
use crate::symmetric::{KeyId, length_prefixed};

const VERSION: u8 = 1;
const PURPOSE: &[u8] = b"signet refresh token";
/// Version, key id, handle and generation.
const BODY_LEN: usize = 1 + 8 + 16 + 8;
const MAC_LEN: usize = 32;

/// Not a refresh token that this issuer made with a key it still accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an authentic refresh token")]
pub struct Forged;

/// No such key is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no refresh-token key with this id")]
pub struct NoSuchKey;

/// What an authentic refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedRefresh {
    /// The key it was made with.
    pub kid: KeyId,
    /// The grant's handle.
    pub handle: [u8; 16],
    /// Which token of the grant it is.
    pub generation: u64,
}

/// The HMAC keys that refresh tokens are made and recognised with.
#[derive(Clone, Default)]
pub struct RefreshKeys {
    keys: Vec<(KeyId, hmac::Key)>,
}

impl RefreshKeys {
    /// Holds `keys`, which must be random.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a [u8; 32]>) -> Self {
        let named = |key: &[u8; 32]| (KeyId::of(key), hmac::Key::new(hmac::HMAC_SHA256, key));
        Self { keys: keys.into_iter().map(named).collect() }
    }

    /// Whether the key that a token claims to be made with is held. A token with an unknown one is forged, or another
    /// node has made the key a moment ago.
    pub fn holds_key_of(&self, token: &str) -> bool {
        let claimed = base64url::decode(token).and_then(|bytes| bytes.get(1..9)?.try_into().ok().map(KeyId));
        claimed.is_some_and(|kid| self.key(kid).is_some())
    }

    /// Makes the token of `generation` of the grant with `handle`.
    pub fn encode(
        &self,
        kid: KeyId,
        handle: &[u8; 16],
        generation: u64,
        issuer: &str,
    ) -> Result<String, NoSuchKey> {
        let key = self.key(kid).ok_or(NoSuchKey)?;
        let mut token = Vec::with_capacity(BODY_LEN + MAC_LEN);
        token.push(VERSION);
        token.extend_from_slice(&kid.0);
        token.extend_from_slice(handle);
        token.extend_from_slice(&generation.to_be_bytes());
        let mac = hmac::sign(key, &authenticated(issuer, &token));
        token.extend_from_slice(mac.as_ref());
        Ok(base64url::encode(&token))
    }

    /// Reads a token, if it is authentic.
    pub fn open(&self, token: &str, issuer: &str) -> Result<OpenedRefresh, Forged> {
        let bytes =
            base64url::decode(token).filter(|bytes| bytes.len() == BODY_LEN + MAC_LEN).ok_or(Forged)?;
        let (body, mac) = bytes.split_at(BODY_LEN);
        let (&VERSION, rest) = body.split_first().ok_or(Forged)? else { return Err(Forged) };
        let (kid, rest) = rest.split_first_chunk().ok_or(Forged)?;
        let (handle, rest) = rest.split_first_chunk().ok_or(Forged)?;
        let (generation, _) = rest.split_first_chunk().ok_or(Forged)?;
        let kid = KeyId(*kid);
        // Constant time in the tag; the key id is no secret.
        hmac::verify(self.key(kid).ok_or(Forged)?, &authenticated(issuer, body), mac).map_err(|_| Forged)?;
        Ok(OpenedRefresh { kid, handle: *handle, generation: u64::from_be_bytes(*generation) })
    }

    fn key(&self, kid: KeyId) -> Option<&hmac::Key> {
        self.keys.iter().find(|(id, _)| *id == kid).map(|(_, key)| key)
    }
}

impl std::fmt::Debug for RefreshKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|(id, _)| id)).finish()
    }
}

fn authenticated(issuer: &str, body: &[u8]) -> Vec<u8> {
    length_prefixed(&[PURPOSE, issuer.as_bytes(), body])
}

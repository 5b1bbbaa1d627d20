//! Verifying tokens with a key set: any signed token, and access tokens as a resource server must
//! (RFC 9068 §4). Time is always passed in.

mod access_token;
#[cfg(test)]
mod tests;

pub use access_token::{AccessToken, Audience, ClaimError, Expected, NumericDate, verify_access_token};

use crate::{Algorithm, JwkSet, JwsError, Parsed, VerifyingKey};

/// How many keys are tried on one token, at most: a set with many keys must not make a token without `kid`
/// expensive.
pub const MAX_CANDIDATES: usize = 8;

/// Verifies `token` with the keys of `keys`, and gives it back taken apart. Nothing but the signature has been
/// checked then: type and claims are the caller's.
///
/// The header's `alg` must be one of `allowed`, and only keys that are of that algorithm by type and by
/// their own `alg` are tried, so a header cannot make a key serve an algorithm that is not its own
/// (RFC 8725 §3.1). A `kid` in the header narrows the keys to those with that `kid`.
pub fn verify_signed<'a>(
    keys: &JwkSet,
    token: &'a str,
    allowed: &[Algorithm],
) -> Result<Parsed<'a>, JwsError> {
    let parsed = Parsed::parse(token)?;
    let algorithm = parsed.header.algorithm()?;
    if !allowed.contains(&algorithm) {
        return Err(JwsError::AlgorithmNotAllowed);
    }
    let mut outcome = Err(JwsError::NoKey);
    for jwk in keys.candidates(parsed.header.kid.as_deref(), algorithm).take(MAX_CANDIDATES) {
        let Ok(key) = VerifyingKey::from_jwk(jwk, algorithm) else { continue };
        outcome = parsed.verify(&key);
        if outcome.is_ok() {
            break;
        }
    }
    outcome.map(|()| parsed)
}

//! Which tokens the demo believes.

#[cfg(test)]
mod tests;

use super::CLIENT_ID;
use crate::pages::Verdict;
use serde::Deserialize;
use serde_json::{Map, Value};
use signet_jose::verify::{Audience, Expected, NumericDate, verify_access_token, verify_signed};
use signet_jose::{Algorithm, JwkSet, JwsError, Parsed};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::claims::at_hash;

/// What the demo is registered for, by default (OpenID Connect Dynamic Client Registration §2).
const ID_TOKEN_ALG: SigningAlg = SigningAlg::RS256;
/// How many seconds the clocks may differ.
const LEEWAY: u32 = 30;
/// How much of a key's identifier is shown, in characters.
const SHOWN_KID: usize = 8;

/// The claims of an ID token that the demo goes by (OpenID Connect Core §2).
#[derive(Clone, Debug, Deserialize)]
pub struct IdToken {
    iss: String,
    pub sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: NumericDate,
    auth_time: Option<NumericDate>,
    nonce: Option<String>,
    azp: Option<String>,
    at_hash: Option<String>,
}

/// Why an ID token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    #[error(transparent)]
    Signature(#[from] JwsError),
    #[error("a required claim is missing or malformed")]
    Malformed,
    #[error("the token comes from another issuer")]
    WrongIssuer,
    #[error("the token is meant for another client")]
    WrongAudience,
    #[error("the token has expired")]
    Expired,
    #[error("the token was issued in the future")]
    NotYetValid,
    #[error("the token answers another request (nonce)")]
    WrongNonce,
    #[error("the token belongs to another access token (at_hash)")]
    WrongAtHash,
    #[error("the token is about another sign-in")]
    OtherSignIn,
}

/// On which occasion an ID token came.
#[derive(Clone, Copy)]
pub enum Occasion<'a> {
    /// A sign-in whose request had this nonce.
    SignIn { nonce: &'a str },
    /// A refresh; this one came with the sign-in.
    Refresh { first: &'a IdToken },
}

/// Validates an ID token (OpenID Connect Core §3.1.3.7; after a refresh §12.2).
pub fn check_id_token(
    keys: &JwkSet,
    (id_token, access_token): (&str, &str),
    issuer: &str,
    occasion: Occasion<'_>,
    now_unix_seconds: i64,
) -> Result<IdToken, IdTokenError> {
    // Items 6 to 8: the algorithm is the registered one, whatever the header would like.
    let parsed = verify_signed(keys, id_token, &[Algorithm::RS256])?;
    let claims: IdToken = serde_json::from_slice(&parsed.payload).map_err(|_| IdTokenError::Malformed)?;
    // Item 2.
    if claims.iss != issuer {
        return Err(IdTokenError::WrongIssuer);
    }
    // Items 3 to 5: "The ID Token MUST be rejected if the ID Token does not list the Client as a valid audience, or if
    // it contains additional audiences not trusted by the Client." There are none that this one trusts.
    let is_ours = |name: &String| name == CLIENT_ID;
    if claims.aud.0.is_empty() || !claims.aud.0.iter().all(is_ours) || !claims.azp.iter().all(is_ours) {
        return Err(IdTokenError::WrongAudience);
    }
    // Items 9 and 10.
    let leeway = i64::from(LEEWAY);
    if now_unix_seconds >= claims.exp.0.saturating_add(leeway) {
        return Err(IdTokenError::Expired);
    }
    if claims.iat.0 > now_unix_seconds.saturating_add(leeway) {
        return Err(IdTokenError::NotYetValid);
    }
    match occasion {
        // Item 11.
        Occasion::SignIn { nonce } if claims.nonce.as_deref() != Some(nonce) => {
            return Err(IdTokenError::WrongNonce);
        }
        Occasion::SignIn { .. } => {}
        Occasion::Refresh { first } => claims.check_continues(first)?,
    }
    // OpenID Connect Core §3.1.3.8: the claim may be left out with the code flow, but it may not be wrong.
    if claims.at_hash.as_ref().is_some_and(|found| *found != at_hash(access_token, ID_TOKEN_ALG)) {
        return Err(IdTokenError::WrongAtHash);
    }
    Ok(claims)
}

impl IdToken {
    /// OpenID Connect Core §12.2: the same person, by the same authentication; "it SHOULD NOT have a nonce Claim […];
    /// however, if it is present, its value MUST be the same as in the ID Token issued when the original
    /// authentication occurred".
    fn check_continues(&self, first: &Self) -> Result<(), IdTokenError> {
        if self.sub != first.sub || (self.auth_time.is_some() && self.auth_time != first.auth_time) {
            return Err(IdTokenError::OtherSignIn);
        }
        if self.nonce.is_some() && self.nonce != first.nonce {
            return Err(IdTokenError::WrongNonce);
        }
        Ok(())
    }
}

/// What an API would say to this access token (RFC 9068 §4). A client has no need to look into one: it is shown here
/// to whoever builds the API. With no API in the scope it is meant for the issuer itself.
pub fn judge_access_token(keys: &JwkSet, access_token: &str, issuer: &str, now_unix_seconds: i64) -> Verdict {
    let expected =
        Expected { issuer, audience: issuer, algorithms: &[Algorithm::ES256], leeway_seconds: LEEWAY };
    match verify_access_token(keys, access_token, &expected, now_unix_seconds) {
        Ok(_) => valid(access_token),
        Err(error) => Verdict::Invalid { reason: error.to_string() },
    }
}

/// The verdict on a token whose signature was verified.
pub fn valid(token: &str) -> Verdict {
    match Parsed::parse(token).map(|parsed| parsed.header) {
        Ok(header) => {
            let kid = header.kid.iter().flat_map(|kid| kid.chars()).take(SHOWN_KID).collect();
            Verdict::Valid { alg: header.alg.to_string(), kid }
        }
        Err(error) => Verdict::Invalid { reason: error.to_string() },
    }
}

/// A token's claims, to be shown.
pub fn claims_of(token: &str) -> Vec<(String, String)> {
    let payload = Parsed::parse(token).map(|parsed| parsed.payload).unwrap_or_default();
    serde_json::from_slice(&payload).map(shown).unwrap_or_default()
}

/// Claims as they are shown: texts as they are, everything else as JSON.
pub fn shown(claims: Map<String, Value>) -> Vec<(String, String)> {
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    claims.into_iter().map(|(name, value)| (name, text(value))).collect()
}

//! The claims of a client's assertion (RFC 7523 §3, OpenID Connect Core §9 `private_key_jwt`).

use super::invalid_client;
use crate::claims::audiences;
use crate::environment::Moment;
use crate::error::TokenRefusal;
use crate::explanation::Rule;
use crate::id::ClientId;
use serde::{Deserialize, Deserializer};

/// How far ahead `exp` may lie, in seconds: for so long its `jti` has to be remembered.
pub const ASSERTION_LIFETIME: i64 = 600;
/// The longest `jti`, in bytes.
pub const MAX_ASSERTION_ID_LENGTH: usize = 256;
/// How far `iat` and `nbf` may lie ahead, in seconds, as clocks differ. `exp` has no such allowance, so that a `jti` need
/// not be remembered beyond it.
const CLOCK_SKEW: i64 = 60;

/// What an assertion says. Times are in seconds since 1970.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)] // The names are the standard's.
pub struct AssertionClaims {
    pub iss: String,
    pub sub: String,
    #[serde(deserialize_with = "audiences")]
    pub aud: Vec<String>,
    #[serde(deserialize_with = "numeric_date")]
    pub exp: i64,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    pub nbf: Option<i64>,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    pub iat: Option<i64>,
    pub jti: Option<String>,
}

impl AssertionClaims {
    /// Reads a JWT's payload. A missing `iss`, `sub`, `aud` or `exp` is `invalid_client` (RFC 7523 §3).
    pub fn parse(payload: &[u8]) -> Result<Self, TokenRefusal> {
        serde_json::from_slice(payload).map_err(|error| {
            // serde_json's message may quote the input; its position says enough.
            let reason = format!("malformed assertion claims at byte {}", error.column());
            invalid_client(Rule::ClientAssertionInvalid, "malformed assertion claims").because(reason)
        })
    }
}

/// Whether a verified assertion is this client's, for this server, and for now. Its `jti` is still to be spent once.
pub fn check_assertion(
    claims: &AssertionClaims,
    client_id: &ClientId,
    issuer: &str,
    token_endpoint: &str,
    now: Moment,
) -> Result<(), TokenRefusal> {
    let now = now.timestamp();
    // RFC 7523 §3 (1), (2): for client authentication, both `iss` and `sub` are the client_id.
    if claims.iss != client_id.as_str() || claims.sub != client_id.as_str() {
        return Err(invalid_client(
            Rule::ClientAssertionInvalid,
            "assertion: iss and sub are not the client",
        ));
    }
    // (3): "The JWT MUST contain an "aud" (audience) claim containing a value that identifies the authorization server".
    if !claims.aud.iter().any(|aud| aud == issuer || aud == token_endpoint) {
        return Err(invalid_client(Rule::ClientAssertionInvalid, "assertion: aud is not this server"));
    }
    // (4): "The authorization server MUST reject any JWT with an expiration time that has passed", and "may reject JWTs
    // with an "exp" claim value that is unreasonably far in the future".
    if claims.exp <= now {
        return Err(invalid_client(Rule::ClientAssertionInvalid, "assertion: expired"));
    }
    if claims.exp > now.saturating_add(ASSERTION_LIFETIME) {
        return Err(invalid_client(
            Rule::ClientAssertionInvalid,
            "assertion: exp is more than ten minutes ahead",
        ));
    }
    // (5), (6).
    let ahead = |at: Option<i64>| at.is_some_and(|at| at > now.saturating_add(CLOCK_SKEW));
    if ahead(claims.nbf) || ahead(claims.iat) {
        return Err(invalid_client(Rule::ClientAssertionInvalid, "assertion: not valid yet"));
    }
    // (7): OpenID Connect Core §9 requires it.
    match claims.jti.as_deref() {
        Some(jti) if !jti.is_empty() && jti.len() <= MAX_ASSERTION_ID_LENGTH => Ok(()),
        Some(_) => Err(invalid_client(Rule::ClientAssertionInvalid, "assertion: jti is empty or too long")),
        None => Err(invalid_client(Rule::ClientAssertionInvalid, "assertion: jti is missing")),
    }
}

/// RFC 7519 §2: a NumericDate may have a fraction, which is cut off.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole = || {
        let seconds = number.as_f64()?.floor();
        // Beyond 2^53 a double no longer tells seconds apart; no date lies there.
        #[allow(clippy::cast_possible_truncation)]
        (seconds.abs() < 9_007_199_254_740_992.0).then_some(seconds as i64)
    };
    number.as_i64().or_else(whole).ok_or_else(|| serde::de::Error::custom("not a date"))
}

fn optional_numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    numeric_date(deserializer).map(Some)
}

//! JWT access tokens (RFC 9068).

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::verify_signed;
use crate::{Algorithm, JwkSet, JwsError};

/// What a resource server expects of the access tokens that it takes.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The authorization server's issuer identifier; compared as it is.
    pub issuer: &'a str,
    /// The resource server's own identifier, which must be in `aud`.
    pub audience: &'a str,
    /// The algorithms that the resource server takes.
    pub algorithms: &'a [Algorithm],
    /// How many seconds clocks may differ.
    pub leeway_seconds: u32,
}

/// Why an access token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// The token or its signature.
    #[error(transparent)]
    Signature(#[from] JwsError),
    /// `typ` is not `at+jwt`: an ID token, say, is no access token.
    #[error("the token is not of type at+jwt")]
    WrongType,
    /// The claims are not a JSON object, a required one is missing, or one has the wrong type.
    #[error("a required claim is missing or malformed")]
    Malformed,
    /// `iss` is someone else.
    #[error("the token comes from another issuer")]
    WrongIssuer,
    /// `aud` does not name this resource server.
    #[error("the token is meant for another audience")]
    WrongAudience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` has not come, or `iat` lies in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
}

/// Seconds since the epoch (RFC 7519 §2 allows fractions: they are cut off).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate(pub i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        let whole = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64));
        whole.map(Self).ok_or_else(|| serde::de::Error::custom("not a date"))
    }
}

/// The `aud` claim (RFC 7519 §4.1.3): one string or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(pub Vec<String>);

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(one) => Ok(Self(vec![one])),
            several => Vec::deserialize(several).map(Self).map_err(serde::de::Error::custom),
        }
    }
}

/// The claims of an access token. The first seven are required (RFC 9068 §2.2).
#[derive(Clone, Debug, Deserialize)]
pub struct AccessToken {
    /// The issuer.
    pub iss: String,
    /// When it expires.
    pub exp: NumericDate,
    /// Whom it is meant for.
    pub aud: Audience,
    /// Whom it is about: the user, or the client itself.
    pub sub: String,
    /// The client that it was issued to.
    pub client_id: String,
    /// When it was issued.
    pub iat: NumericDate,
    /// Its own identifier.
    pub jti: String,
    /// Not to be used before.
    #[serde(default)]
    pub nbf: Option<NumericDate>,
    /// The granted scope, separated by spaces (RFC 9068 §2.2.3).
    #[serde(default)]
    pub scope: Option<String>,
    /// All other claims.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl AccessToken {
    /// Whether the granted scope includes `value`.
    pub fn has_scope(&self, value: &str) -> bool {
        self.scope.as_deref().is_some_and(|scope| scope.split(' ').any(|one| one == value))
    }

    fn check(&self, expected: &Expected<'_>, now_unix_seconds: i64) -> Result<(), ClaimError> {
        let leeway = i64::from(expected.leeway_seconds);
        // RFC 9068 §4: "The issuer identifier … MUST exactly match the value of the iss claim."
        if self.iss != expected.issuer {
            return Err(ClaimError::WrongIssuer);
        }
        if !self.aud.0.iter().any(|audience| audience == expected.audience) {
            return Err(ClaimError::WrongAudience);
        }
        // RFC 7519 §4.1.4: "the current date/time MUST be before the expiration date/time".
        if now_unix_seconds >= self.exp.0.saturating_add(leeway) {
            return Err(ClaimError::Expired);
        }
        let latest_start = now_unix_seconds.saturating_add(leeway);
        if self.iat.0 > latest_start || self.nbf.is_some_and(|start| start.0 > latest_start) {
            return Err(ClaimError::NotYetValid);
        }
        Ok(())
    }
}

/// Verifies an access token as RFC 9068 §4 demands: type, signature, issuer, audience and time. Whether it
/// has been revoked since, only its issuer knows (RFC 7662).
pub fn verify_access_token(
    keys: &JwkSet,
    token: &str,
    expected: &Expected<'_>,
    now_unix_seconds: i64,
) -> Result<AccessToken, ClaimError> {
    let parsed = verify_signed(keys, token, expected.algorithms)?;
    // "The resource server MUST verify that the 'typ' header value is 'at+jwt' or 'application/at+jwt'".
    if !parsed.header.is_type("at+jwt") {
        return Err(ClaimError::WrongType);
    }
    let claims: AccessToken = serde_json::from_slice(&parsed.payload).map_err(|_| ClaimError::Malformed)?;
    claims.check(expected, now_unix_seconds)?;
    Ok(claims)
}

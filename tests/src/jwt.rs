//! Tokens, as a library that nobody here wrote sees them.

use crate::Http;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use signet_protocol::environment::Moment;

/// A fetched key set.
#[derive(Clone, Debug)]
pub struct Jwks {
    /// The document as it came.
    pub document: Value,
    keys: JwkSet,
}

/// What a verifier insists on.
pub struct Expected<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// One of `aud`.
    pub audience: &'a str,
    /// The header's `typ`, if it matters (`at+jwt`).
    pub typ: Option<&'a str>,
    /// The verifier's time, where a fake clock made the token; `None`: the system's.
    pub at: Option<Moment>,
}

impl Jwks {
    /// Fetches the set.
    pub async fn fetch(http: &Http, jwks_uri: &str) -> Self {
        Self::from_document(http.get(jwks_uri).await.expect_status(200).json())
    }

    /// A set at hand.
    pub fn from_document(document: Value) -> Self {
        let keys = serde_json::from_value(document.clone()).expect("a JWK set");
        Self { document, keys }
    }

    /// The key ids, in their order.
    pub fn kids(&self) -> Vec<String> {
        self.keys.keys.iter().filter_map(|key| key.common.key_id.clone()).collect()
    }

    /// Verifies signature and claims; returns the claims, or what is wrong.
    pub fn verify(&self, token: &str, expected: &Expected) -> Result<Value, String> {
        let header = decode_header(token).map_err(|error| error.to_string())?;
        if let Some(typ) = expected.typ
            && header.typ.as_deref() != Some(typ)
        {
            return Err(format!("typ is {:?}, not {typ}", header.typ));
        }
        let kid = header.kid.as_deref().ok_or("the token names no key")?;
        let key = self.keys.find(kid).ok_or_else(|| format!("key {kid} is not published"))?;
        // The key decides the algorithm, never the token.
        let algorithm = key.common.key_algorithm.ok_or("the key names no algorithm")?;
        let algorithm = algorithm.to_string().parse().map_err(|_| format!("{algorithm} signs nothing"))?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = 0;
        validation.set_issuer(&[expected.issuer]);
        validation.set_audience(&[expected.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_exp = expected.at.is_none();
        let key = DecodingKey::from_jwk(key).map_err(|error| error.to_string())?;
        let claims = decode::<Value>(token, &key, &validation).map_err(|error| error.to_string())?.claims;
        if let Some(now) = expected.at
            && claims["exp"].as_i64().is_none_or(|exp| exp <= now.timestamp())
        {
            return Err(format!("expired: {} at {}", claims["exp"], now.timestamp()));
        }
        Ok(claims)
    }
}

/// The claims of a JWT whose signature does not matter to the test.
#[track_caller]
pub fn claims_unchecked(token: &str) -> Value {
    part(token, 1)
}

/// The header of a JWT.
#[track_caller]
pub fn header_unchecked(token: &str) -> Value {
    part(token, 0)
}

#[track_caller]
fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap_or_else(|| panic!("no JWT: {token}"));
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|error| panic!("{error}: {token}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {token}"))
}

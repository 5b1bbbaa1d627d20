use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

/// What the API wants to know of a token.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub client_id: String,
    #[serde(default)]
    pub scope: String,
}

impl Claims {
    pub fn allow(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|value| value == scope)
    }
}

/// The claims of a good access token; none: answer 401. A token with an unknown key is worth fetching the keys again.
pub fn validate(token: &str, keys: &JwkSet, issuer: &str) -> Option<Claims> {
    let header = decode_header(token).ok()?;
    // Else an ID token would do, which is for the application and not for the API (RFC 9068 §4).
    if header.typ.as_deref() != Some("at+jwt") {
        return None;
    }
    let key = DecodingKey::from_jwk(keys.find(&header.kid?)?).ok()?;
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&["https://orders.example.test"]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    Some(decode(token, &key, &rules).ok()?.claims)
}

//! `id_token_hint` (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2): an ID token of ours, however old.

use crate::keys::KeyRing;
use serde::Deserialize;
use signet_jose::jws::Parsed;
use signet_protocol::id::SessionId;
use signet_protocol::logout::HintClaims;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    sid: Option<SessionId>,
    client_id: Option<String>,
    /// Signed userinfo (OpenID Connect Core §5.3.2) has the other claims, too, but neither of these; ours always have
    /// both. Their values do not matter.
    #[serde(rename = "auth_time")]
    _auth_time: i64,
    #[serde(rename = "exp")]
    _exp: i64,
}

/// Reads a hint; `None` if it is not an ID token that this issuer signed. Its expiry does not matter.
pub fn read(keys: &KeyRing, issuer: &str, token: &str) -> Option<HintClaims> {
    let parsed = Parsed::parse(token).ok()?;
    let snapshot = keys.snapshot();
    parsed.verify(snapshot.hint_verifier(parsed.header.kid.as_deref()?)?).ok()?;
    let claims: Claims = serde_json::from_slice(&parsed.payload).ok()?;
    // An access token has a client_id; an ID token has none.
    if claims.iss != issuer || claims.client_id.is_some() || !parsed.header.is_type("jwt") {
        return None;
    }
    Some(HintClaims { user_id: claims.sub.into(), client_id: claims.aud.into(), sid: claims.sid })
}

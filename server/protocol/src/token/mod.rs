//! The token endpoint (RFC 6749 §3.2): one file per grant type, and what they share.

pub mod audience;
pub mod authorization_code;
pub mod client_authentication;
pub mod client_credentials;
pub mod refresh_token;
pub mod request;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
#[cfg(feature = "server")]
mod oracle;

use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown};
use crate::parameters::Parameters;
use crate::scope::Scope;
use serde::Serialize;

/// A successful answer of the token endpoint (RFC 6749 §5.1). It is sent with `Cache-Control: no-store`.
#[derive(Serialize)]
pub struct TokenResponse<'a> {
    /// The access token.
    pub access_token: &'a str,
    /// How to use it: always `Bearer` (RFC 6750 §4).
    pub token_type: &'static str,
    /// How long it lives, in seconds.
    pub expires_in: u32,
    /// For the next access token (RFC 6749 §6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    /// What the access token allows. RFC 6749 §3.3: it must be said if it differs from what was asked for.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: &'a Scope,
    /// If `openid` was granted (OpenID Connect Core §3.1.3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<&'a str>,
}

/// RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
pub(crate) fn refuse_repetition(parameters: &Parameters) -> Result<(), TokenRefusal> {
    match parameters.repeated().next() {
        None => Ok(()),
        Some(name) => {
            let reason = format!("repeated: {}", shown(name));
            Err(TokenRefusal::new(
                TokenError::InvalidRequest,
                Rule::ParameterRepeated,
                "a parameter came more than once",
            )
            .because(reason)
            .having(shown(name)))
        }
    }
}

//! Token introspection (RFC 7662): who may ask, and what the answer holds.

pub use crate::revocation::{PresentedToken, TokenTypeHint};

use crate::claims::PresentedAccessToken;
use crate::client::Client;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::Rule;
use crate::grant::Grant;
use crate::id::ClientId;
use crate::resource::Resource;
use crate::scope::Scope;
use crate::session::Acr;
use serde::{Serialize, Serializer};

/// RFC 7662 §2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of authorization to access
/// this endpoint": a public client cannot give it.
pub fn check_caller(caller: &Client) -> Result<(), TokenRefusal> {
    if caller.is_public() {
        return Err(TokenRefusal::new(
            TokenError::InvalidClient,
            Rule::IntrospectionNeedsSecret,
            "client authentication failed",
        )
        .because("a public client may not introspect"));
    }
    Ok(())
}

/// Whether a caller may learn about an access token: it is the client's own, or the token is for an API that names the
/// caller. Anyone else is told that it is inactive (RFC 7662 §2.2).
pub fn may_introspect_access(
    caller: &ClientId,
    token_client: &ClientId,
    aud: &[String],
    resources: &[Resource],
) -> bool {
    caller == token_client
        || resources.iter().any(|api| {
            api.introspection_clients.contains(caller) && aud.iter().any(|aud| aud == api.identifier.as_str())
        })
}

/// Whether a caller may learn about a refresh token: only the client that it was issued to.
pub fn may_introspect_refresh(caller: &ClientId, grant: &Grant) -> bool {
    *caller == grant.authorization.client_id
}

/// The answer (RFC 7662 §2.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Introspection<'a> {
    /// "… SHOULD NOT include any additional information about an inactive token, including why the token is inactive."
    Inactive,
    /// An active token.
    Active(ActiveToken<'a>),
}

/// What is said about an active token.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveToken<'a> {
    active: bool,
    /// What it allows.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: &'a Scope,
    /// Whom it was issued to.
    pub client_id: &'a ClientId,
    /// The user's name for people; none for a client's own token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<&'a str>,
    /// `Bearer`; none for a refresh token, which is no token type of RFC 6749 §7.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// From when it is refused, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// The user as its client knows them, or the client itself.
    pub sub: &'a str,
    /// Whom it is for; none for a refresh token.
    #[serde(skip_serializing_if = "<[String]>::is_empty", serialize_with = "one_or_many")]
    pub aud: &'a [String],
    /// The issuer identifier.
    pub iss: &'a str,
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<&'a str>,
    /// When the user authenticated, in seconds since 1970 (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How strongly they did (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<Acr>,
}

impl<'a> ActiveToken<'a> {
    /// An access token, which says it all itself.
    pub fn access(token: &'a PresentedAccessToken, username: Option<&'a str>) -> Self {
        Self {
            active: true,
            scope: &token.scope,
            client_id: &token.client_id,
            username,
            token_type: Some("Bearer"),
            exp: token.exp,
            iat: token.iat,
            sub: &token.sub,
            aud: &token.aud,
            iss: &token.iss,
            jti: Some(token.jti.as_str()),
            auth_time: token.auth_time,
            acr: token.acr,
        }
    }

    /// A refresh token: its grant says it all. It expires when the grant does, by disuse or for good; a grant that hangs
    /// on its browser session also does with that.
    pub fn refresh(grant: &'a Grant, sub: &'a str, username: Option<&'a str>, issuer: &'a str) -> Self {
        let authorization = &grant.authorization;
        let mut end = grant.idle_expires_at.min(grant.expires_at);
        if !authorization.offline {
            end = end.min(authorization.session_expires_at);
        }
        Self {
            active: true,
            scope: &authorization.scope,
            client_id: &authorization.client_id,
            username,
            token_type: None,
            exp: end.timestamp(),
            iat: grant.rotated_at.timestamp(),
            sub,
            aud: &[],
            iss: issuer,
            jti: None,
            auth_time: Some(authorization.authentication.auth_time.timestamp()),
            acr: Some(authorization.authentication.acr),
        }
    }
}

impl Serialize for Introspection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Inactive {
            active: bool,
        }
        match self {
            Self::Inactive => Inactive { active: false }.serialize(serializer),
            Self::Active(token) => token.serialize(serializer),
        }
    }
}

fn one_or_many<S: Serializer>(aud: &&[String], serializer: S) -> Result<S::Ok, S::Error> {
    match aud {
        [one] => serializer.serialize_str(one),
        many => many.serialize(serializer),
    }
}

#[cfg(test)]
mod tests;

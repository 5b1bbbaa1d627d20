//! Token revocation (RFC 7009).

use crate::claims::PresentedAccessToken;
use crate::environment::Moment;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::Rule;
use crate::grant::Grant;
use crate::id::{ClientId, GrantId, Jti};
use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::token::refuse_repetition;
use chrono::DateTime;

/// `token_type_hint` (RFC 7009 §2.1): what to try first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTypeHint {
    /// `access_token`.
    AccessToken,
    /// `refresh_token`.
    RefreshToken,
}

/// The token that a revocation (RFC 7009 §2.1) or introspection (RFC 7662 §2.1) request is about.
#[derive(Clone, Debug)]
pub struct PresentedToken {
    /// `token`.
    pub token: Secret<String>,
    /// `token_type_hint`. RFC 7009 §2.1: "An authorization server MAY ignore this parameter", and unknown values are.
    pub hint: Option<TokenTypeHint>,
}

impl PresentedToken {
    /// Reads the form.
    pub fn parse(parameters: &Parameters) -> Result<Self, TokenRefusal> {
        refuse_repetition(parameters)?;
        let token = parameters.get("token").ok_or_else(|| {
            TokenRefusal::new(TokenError::InvalidRequest, Rule::ParameterMissing, "token is missing")
        })?;
        let hint = match parameters.get("token_type_hint") {
            Some("access_token") => Some(TokenTypeHint::AccessToken),
            Some("refresh_token") => Some(TokenTypeHint::RefreshToken),
            _ => None,
        };
        Ok(Self { token: token.to_owned().into(), hint })
    }
}

/// What the presented token turned out to be.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// An authentic refresh token, of whatever generation, and the grant that its handle names.
    Refresh(Option<&'a Grant>),
    /// An access token whose signature was verified.
    Access(&'a PresentedAccessToken),
    /// Nothing of ours. RFC 7009 §2.2: "invalid tokens do not cause an error response".
    Nothing,
}

/// What is to be recorded before the request is answered with 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationDecision {
    /// The grant ends, and its access tokens with it (RFC 7009 §2.1).
    EndGrant(GrantId),
    /// This access token alone ends.
    EndToken {
        /// Its identifier.
        jti: Jti,
        /// Its `exp`: so long it has to be remembered.
        expires_at: Moment,
    },
    /// There is nothing to do.
    Nothing,
}

/// Decides what a client's revocation request ends. RFC 7009 §2.1: the server "verifies whether the token was issued to the
/// client making the revocation request"; another client's token is left alone, and nobody learns that it exists.
pub fn decide(client_id: &ClientId, found: Found<'_>, now: Moment) -> RevocationDecision {
    match found {
        Found::Refresh(Some(grant))
            if grant.authorization.client_id == *client_id && grant.revoked_at.is_none() =>
        {
            RevocationDecision::EndGrant(grant.id.clone())
        }
        Found::Access(token) if token.client_id == *client_id => {
            match DateTime::from_timestamp(token.exp, 0).filter(|end| *end > now) {
                Some(expires_at) => RevocationDecision::EndToken { jti: token.jti.clone(), expires_at },
                None => RevocationDecision::Nothing,
            }
        }
        Found::Refresh(_) | Found::Access(_) | Found::Nothing => RevocationDecision::Nothing,
    }
}

#[cfg(test)]
mod tests;

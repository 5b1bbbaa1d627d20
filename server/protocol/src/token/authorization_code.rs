//! Redeeming an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6, OAuth 2.1 §4.1.3).

use crate::client::{Client, GrantType};
use crate::environment::Moment;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown_uri};
use crate::grant::AuthorizationCode;
use crate::id::GrantId;
use crate::pkce;

/// What becomes of a presented code.
#[derive(Clone, Debug, PartialEq)]
pub enum RedeemDecision {
    /// Tokens may be issued, if the code is still unredeemed at commit.
    Redeem,
    /// No tokens.
    Refuse {
        /// The answer.
        refusal: TokenRefusal,
        /// The grant to revoke, also though the answer is an error.
        revoke: Option<GrantId>,
    },
}

/// Decides about a code that was looked up by its hash. What is wrong with the binding comes first, and has no effect on
/// the code: otherwise one client could spend or revoke what is another's.
pub fn decide(
    code: Option<&AuthorizationCode>,
    client: &Client,
    redirect_uri: Option<&str>,
    code_verifier: Option<&str>,
    now: Moment,
) -> RedeemDecision {
    let code = match bound(code, client, redirect_uri, code_verifier) {
        Ok(code) => code,
        Err(refusal) => return RedeemDecision::Refuse { refusal, revoke: None },
    };
    // RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the request
    // and SHOULD revoke (when possible) all tokens previously issued based on that authorization code." That holds after
    // the code's expiry, too.
    if let Some(grant) = &code.redeemed_as {
        return RedeemDecision::Refuse {
            refusal: invalid_grant(Rule::CodeUsed, "the code was used before"),
            revoke: Some(grant.clone()),
        };
    }
    if code.expires_at <= now {
        return RedeemDecision::Refuse {
            refusal: invalid_grant(Rule::CodeExpired, "the code has expired"),
            revoke: None,
        };
    }
    // Withdrawn from the client in the seconds since the code was issued.
    if !code.authorization.scope.is_subset_of(&client.scope) {
        let description = "the scope holds values that the client is not registered for any more";
        let refusal = TokenRefusal::new(TokenError::InvalidScope, Rule::ScopeNotRegistered, description);
        return RedeemDecision::Refuse { refusal, revoke: None };
    }
    RedeemDecision::Redeem
}

fn bound<'a>(
    code: Option<&'a AuthorizationCode>,
    client: &Client,
    redirect_uri: Option<&str>,
    code_verifier: Option<&str>,
) -> Result<&'a AuthorizationCode, TokenRefusal> {
    if !client.may_use(GrantType::AuthorizationCode) {
        return Err(TokenRefusal::new(
            TokenError::UnauthorizedClient,
            Rule::GrantTypeNotAllowed,
            "the client is not registered for this grant_type",
        ));
    }
    let code = code.ok_or_else(|| invalid_grant(Rule::CodeUnknown, "the code is unknown"))?;
    // RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated confidential client, or if the
    // client is public, ensure that the code was issued to "client_id" in the request".
    if code.authorization.client_id != client.client_id {
        return Err(invalid_grant(Rule::CodeForeign, "the code was issued to another client"));
    }
    match redirect_uri {
        // "… ensure that their values are identical."
        Some(uri) if uri != code.redirect_uri => {
            let reason = "redirect_uri differs from the authorization request's";
            let refusal = invalid_grant(Rule::RedirectUriDiffers, reason);
            let asked = code.redirect_uri.as_str();
            return Err(refusal.expecting([asked]).having(shown_uri(uri, [asked])));
        }
        // OAuth 2.1 §10.2: PKCE binds the code, so that a client that uses it may leave the URI out.
        None if code.code_challenge.is_none() => {
            return Err(TokenRefusal::new(
                TokenError::InvalidRequest,
                Rule::ParameterMissing,
                "redirect_uri is missing",
            ));
        }
        _ => {}
    }
    pkce::check_verifier(code.code_challenge.as_deref(), code_verifier)?;
    Ok(code)
}

/// One description for all that can be wrong with a code: whoever guesses learns nothing.
fn invalid_grant(rule: Rule, reason: &'static str) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidGrant, rule, "the code is not valid for this request")
        .because(reason)
}

#[cfg(test)]
mod tests;

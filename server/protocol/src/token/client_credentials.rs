//! The client credentials grant (RFC 6749 §4.4): a client acting for itself.

use crate::claims::is_user_scope;
use crate::client::{Client, GrantType};
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown_words};
use crate::scope::Scope;
use std::borrow::Cow;

/// The scope of a client's own token: what it asks for, or all API scopes that it is registered for.
pub fn decide<'a>(client: &'a Client, requested: Option<&'a Scope>) -> Result<Cow<'a, Scope>, TokenRefusal> {
    // RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
    if client.is_public() || !client.may_use(GrantType::ClientCredentials) {
        return Err(TokenRefusal::new(
            TokenError::UnauthorizedClient,
            Rule::GrantTypeNotAllowed,
            "the client is not registered for this grant_type",
        ));
    }
    let Some(requested) = requested else {
        return Ok(if client.scope.iter().any(is_user_scope) {
            Cow::Owned(client.scope.filtered(|value| !is_user_scope(value)))
        } else {
            Cow::Borrowed(&client.scope)
        });
    };
    // They are about a person, and there is none here.
    if requested.iter().any(is_user_scope) {
        return Err(TokenRefusal::new(
            TokenError::InvalidScope,
            Rule::ScopeAboutPerson,
            "scope values about a person need a user: they cannot be granted here",
        ));
    }
    if !requested.is_subset_of(&client.scope) {
        let surplus = requested.filtered(|value| !client.scope.contains(value)).to_string();
        return Err(TokenRefusal::new(
            TokenError::InvalidScope,
            Rule::ScopeNotRegistered,
            "the scope holds values that the client is not registered for",
        )
        .expecting(client.scope.iter())
        .having(shown_words(&surplus)));
    }
    Ok(Cow::Borrowed(requested))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::AuthMethod;
    use crate::token::fixtures::{client, scope};

    #[test]
    fn a_requested_scope_is_granted_as_asked() {
        let requested = scope("orders:read");
        assert_eq!(*decide(&client(), Some(&requested)).unwrap(), requested);
    }

    #[test]
    fn an_absent_scope_means_the_registered_api_scopes() {
        let client = client();
        assert_eq!(decide(&client, None).unwrap().to_string(), "orders:read orders:write");
        let plain = Client { scope: scope("orders:read"), ..client };
        assert!(matches!(decide(&plain, None), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn scopes_about_a_person_or_not_registered_are_invalid_scope() {
        for text in
            ["openid", "profile orders:read", "offline_access", "stock:read", "orders:read stock:read"]
        {
            let requested = scope(text);
            assert_eq!(
                decide(&client(), Some(&requested)).unwrap_err().error,
                TokenError::InvalidScope,
                "{text}"
            );
        }
    }

    #[test]
    fn a_client_not_registered_for_the_grant_is_unauthorized() {
        let mut client = client();
        client.grant_types.remove(&GrantType::ClientCredentials);
        assert_eq!(decide(&client, None).unwrap_err().error, TokenError::UnauthorizedClient);
    }

    #[test]
    fn a_public_client_never_gets_a_token_of_its_own() {
        let client = Client { token_endpoint_auth_method: AuthMethod::None, ..client() };
        assert_eq!(decide(&client, None).unwrap_err().error, TokenError::UnauthorizedClient);
    }
}

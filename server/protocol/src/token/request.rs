//! The token request (RFC 6749 §4.1.3, §4.4.2, §6; RFC 7636 §4.5; RFC 8707 §2.2), read once.

use super::refuse_repetition;
use crate::client::GrantType;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown, shown_words};
use crate::id::ResourceId;
use crate::parameters::Parameters;
use crate::scope::Scope;
use crate::secret::Secret;

/// What a client asks the token endpoint for. Parameters of other grant types are ignored (RFC 6749 §3.2).
#[derive(Clone, Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.1.3.
    AuthorizationCode {
        /// The code.
        code: Secret<String>,
        /// As in the authorization request.
        redirect_uri: Option<String>,
        /// RFC 7636 §4.5.
        code_verifier: Option<Secret<String>>,
        /// RFC 8707 §2.2.
        resources: Vec<ResourceId>,
    },
    /// RFC 6749 §4.4.2.
    ClientCredentials {
        /// None: all that the client is registered for.
        scope: Option<Scope>,
        /// RFC 8707 §2.2.
        resources: Vec<ResourceId>,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// The refresh token.
        refresh_token: Secret<String>,
        /// None: all that was granted.
        scope: Option<Scope>,
        /// RFC 8707 §2.2.
        resources: Vec<ResourceId>,
    },
}

impl TokenRequest {
    /// Reads a token request from its form.
    pub fn parse(parameters: &Parameters) -> Result<Self, TokenRefusal> {
        refuse_repetition(parameters)?;
        match required(parameters, "grant_type", "grant_type is missing")? {
            "authorization_code" => Ok(Self::AuthorizationCode {
                code: required(parameters, "code", "code is missing")?.to_owned().into(),
                redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
                code_verifier: parameters.get("code_verifier").map(|value| value.to_owned().into()),
                resources: resources(parameters),
            }),
            "client_credentials" => {
                Ok(Self::ClientCredentials { scope: scope(parameters)?, resources: resources(parameters) })
            }
            "refresh_token" => Ok(Self::RefreshToken {
                refresh_token: required(parameters, "refresh_token", "refresh_token is missing")?
                    .to_owned()
                    .into(),
                scope: scope(parameters)?,
                resources: resources(parameters),
            }),
            other => {
                let reason = format!("grant_type: {}", shown(other));
                Err(TokenRefusal::new(
                    TokenError::UnsupportedGrantType,
                    Rule::GrantTypeUnsupported,
                    "this grant_type is not supported",
                )
                .because(reason)
                .expecting(["authorization_code", "client_credentials", "refresh_token"])
                .having(shown(other)))
            }
        }
    }

    /// Its grant type.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
        }
    }
}

/// RFC 6749 §5.2, `invalid_request`: "The request is missing a required parameter".
fn required<'a>(
    parameters: &'a Parameters,
    name: &str,
    description: &'static str,
) -> Result<&'a str, TokenRefusal> {
    parameters
        .get(name)
        .ok_or_else(|| TokenRefusal::new(TokenError::InvalidRequest, Rule::ParameterMissing, description))
}

fn scope(parameters: &Parameters) -> Result<Option<Scope>, TokenRefusal> {
    let Some(text) = parameters.get("scope") else { return Ok(None) };
    // RFC 6749 §3.3: scope = scope-token *( SP scope-token ), so blanks alone are malformed.
    match Scope::parse(text) {
        Ok(scope) if !scope.is_empty() => Ok(Some(scope)),
        _ => Err(TokenRefusal::new(TokenError::InvalidScope, Rule::ScopeMalformed, "the scope is malformed")
            .having(shown_words(text))),
    }
}

/// Their form is not looked at: one that is not registered is refused with the same `invalid_target`.
fn resources(parameters: &Parameters) -> Vec<ResourceId> {
    parameters.all("resource").map(ResourceId::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(form: &str) -> Result<TokenRequest, TokenError> {
        TokenRequest::parse(&Parameters::parse(form.as_bytes()).unwrap()).map_err(|refusal| refusal.error)
    }

    #[test]
    fn malformed_requests_get_the_code_of_rfc_6749_section_5_2() {
        for (form, error) in [
            ("", TokenError::InvalidRequest),
            ("grant_type=", TokenError::InvalidRequest),
            ("code=x", TokenError::InvalidRequest),
            ("grant_type=authorization_code", TokenError::InvalidRequest),
            ("grant_type=authorization_code&code=", TokenError::InvalidRequest),
            ("grant_type=authorization_code&code=a&code=a", TokenError::InvalidRequest),
            ("grant_type=client_credentials&grant_type=client_credentials", TokenError::InvalidRequest),
            ("grant_type=client_credentials&scope=a&scope=b", TokenError::InvalidRequest),
            ("grant_type=refresh_token", TokenError::InvalidRequest),
            ("grant_type=refresh_token&refresh_token=r&refresh_token=s", TokenError::InvalidRequest),
            ("grant_type=password&username=a&password=b", TokenError::UnsupportedGrantType),
            ("grant_type=Client_Credentials", TokenError::UnsupportedGrantType),
            ("grant_type=implicit", TokenError::UnsupportedGrantType),
            ("grant_type=client_credentials&scope=a%22b", TokenError::InvalidScope),
            ("grant_type=client_credentials&scope=%C3%A9", TokenError::InvalidScope),
            ("grant_type=client_credentials&scope=+", TokenError::InvalidScope),
            ("grant_type=refresh_token&refresh_token=r&scope=a%5Cb", TokenError::InvalidScope),
        ] {
            assert_eq!(parse(form).err(), Some(error), "{form}");
        }
    }

    #[test]
    fn a_code_request_carries_its_binding_parameters() {
        let form = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.test%2Fcb&code_verifier=v\
                    &resource=https://api.test&scope=ignored";
        let Ok(TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier, resources }) =
            parse(form)
        else {
            panic!("not a code request")
        };
        assert_eq!(code.expose(), "c");
        assert_eq!(redirect_uri.as_deref(), Some("https://a.test/cb"));
        assert_eq!(code_verifier.map(|verifier| verifier.expose().clone()).as_deref(), Some("v"));
        assert_eq!(resources, [ResourceId::from("https://api.test")]);
    }

    #[test]
    fn resource_may_come_several_times() {
        let form = "grant_type=client_credentials&resource=https://a.test&resource=https://b.test";
        let Ok(TokenRequest::ClientCredentials { scope, resources }) = parse(form) else {
            panic!("not a client credentials request")
        };
        assert_eq!((scope, resources.len()), (None, 2));
    }

    #[test]
    fn empty_parameters_count_as_absent() {
        let Ok(TokenRequest::RefreshToken { refresh_token, scope, resources }) =
            parse("grant_type=refresh_token&refresh_token=r&scope=&resource=")
        else {
            panic!("not a refresh request")
        };
        assert_eq!((refresh_token.expose().as_str(), scope, resources.len()), ("r", None, 0));
    }

    #[test]
    fn the_grant_type_is_that_of_the_variant() {
        for (form, grant_type) in [
            ("grant_type=authorization_code&code=c", GrantType::AuthorizationCode),
            ("grant_type=client_credentials", GrantType::ClientCredentials),
            ("grant_type=refresh_token&refresh_token=r", GrantType::RefreshToken),
        ] {
            assert_eq!(parse(form).unwrap().grant_type(), grant_type);
        }
    }

    #[test]
    fn a_request_shows_no_secret_when_debugged() {
        let form = "grant_type=authorization_code&code=hunter2&code_verifier=hunter3";
        assert!(!format!("{:?}", parse(form)).contains("hunter"));
    }
}

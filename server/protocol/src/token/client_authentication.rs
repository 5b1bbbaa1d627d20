//! Client authentication (RFC 6749 §2.3, RFC 7521 §4.2, RFC 7523 §3): what a client presents, and whether it is the one
//! way that it registered.

mod assertion;

pub use assertion::{ASSERTION_LIFETIME, AssertionClaims, MAX_ASSERTION_ID_LENGTH, check_assertion};

use super::refuse_repetition;
use crate::client::{AuthMethod, RegisteredClient};
use crate::environment::Moment;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::Rule;
use crate::id::ClientId;
use crate::parameters::{MAX_VALUE_LENGTH, Parameters, decode};
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The only `client_assertion_type` (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a request presents for its client's identity. Nothing of it is proved yet.
#[derive(Clone, Debug)]
pub enum PresentedClient {
    /// `client_secret_basic`.
    Basic {
        /// The user name of HTTP Basic, form-decoded.
        client_id: ClientId,
        /// Its password, form-decoded.
        secret: Secret<String>,
    },
    /// `client_secret_post`.
    Post {
        /// `client_id`.
        client_id: ClientId,
        /// `client_secret`.
        secret: Secret<String>,
    },
    /// `private_key_jwt`.
    Assertion {
        /// `client_id`, which is optional here: the assertion's `sub` says who it is (RFC 7521 §4.2).
        client_id: Option<ClientId>,
        /// The JWT.
        assertion: Secret<String>,
    },
    /// A public client, which only says who it is.
    None {
        /// `client_id`.
        client_id: ClientId,
    },
}

impl PresentedClient {
    /// Whom the request names outside an assertion.
    pub const fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::Basic { client_id, .. } | Self::Post { client_id, .. } | Self::None { client_id } => {
                Some(client_id)
            }
            Self::Assertion { client_id, .. } => client_id.as_ref(),
        }
    }

    /// The method that was used.
    pub const fn method(&self) -> AuthMethod {
        match self {
            Self::Basic { .. } => AuthMethod::ClientSecretBasic,
            Self::Post { .. } => AuthMethod::ClientSecretPost,
            Self::Assertion { .. } => AuthMethod::PrivateKeyJwt,
            Self::None { .. } => AuthMethod::None,
        }
    }
}

/// Reads what a request presents. `authorization` is the value of its `Authorization` header.
///
/// A refusal with `invalid_client` is answered with 401 and, if there was such a header, with `WWW-Authenticate: Basic`
/// (RFC 6749 §5.2).
pub fn presented(
    authorization: Option<&str>,
    parameters: &Parameters,
) -> Result<PresentedClient, TokenRefusal> {
    refuse_repetition(parameters)?;
    let client_id = parameters.get("client_id");
    let secret = parameters.get("client_secret");
    let assertion = (parameters.get("client_assertion"), parameters.get("client_assertion_type"));
    match (authorization, secret, assertion) {
        (Some(header), None, (None, None)) => {
            let (user, password) = basic(header)?;
            // The body may repeat who it is, but not name another.
            if client_id.is_some_and(|named| named != *user) {
                return Err(invalid_request(
                    Rule::ClientMismatch,
                    "client_id differs from the one that authenticates",
                ));
            }
            Ok(PresentedClient::Basic { client_id: user.as_str().into(), secret: password })
        }
        (None, Some(secret), (None, None)) => match client_id {
            Some(id) => Ok(PresentedClient::Post { client_id: id.into(), secret: secret.to_owned().into() }),
            None => Err(invalid_request(Rule::ParameterMissing, "client_id is missing")),
        },
        (None, None, (Some(assertion), Some(JWT_BEARER))) => Ok(PresentedClient::Assertion {
            client_id: client_id.map(ClientId::from),
            assertion: assertion.to_owned().into(),
        }),
        (None, None, (Some(_), Some(_))) => {
            Err(invalid_client(Rule::ClientAuthenticationMalformed, "unknown client_assertion_type"))
        }
        (None, None, (Some(_), None)) => {
            Err(invalid_request(Rule::ParameterMissing, "client_assertion_type is missing"))
        }
        (None, None, (None, Some(_))) => {
            Err(invalid_request(Rule::ParameterMissing, "client_assertion is missing"))
        }
        (None, None, (None, None)) => match client_id {
            Some(id) => Ok(PresentedClient::None { client_id: id.into() }),
            None => {
                Err(invalid_client(Rule::ClientAuthenticationMissing, "no client authentication included"))
            }
        },
        // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
        _ => Err(invalid_request(
            Rule::ClientAuthenticationSeveral,
            "the client authenticates in more than one way",
        )),
    }
}

/// RFC 6749 §2.3.1: HTTP Basic, with user name and password form-encoded.
fn basic(header: &str) -> Result<(Zeroizing<String>, Secret<String>), TokenRefusal> {
    let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(invalid_client(
            Rule::ClientAuthenticationMalformed,
            "Authorization header of another scheme",
        ));
    }
    let malformed = || invalid_client(Rule::ClientAuthenticationMalformed, "malformed Basic credentials");
    let decoded = Zeroizing::new(STANDARD.decode(credentials.trim_matches(' ')).map_err(|_| malformed())?);
    let colon = decoded.iter().position(|byte| *byte == b':').ok_or_else(malformed)?;
    let (user, password) = decoded.split_at(colon);
    let user = decode(user, MAX_VALUE_LENGTH).map_err(|_| malformed())?;
    let password = password.get(1..).unwrap_or_default();
    let password = decode(password, MAX_VALUE_LENGTH).map_err(|_| malformed())?.into();
    if user.is_empty() { Err(malformed()) } else { Ok((Zeroizing::new(user), password)) }
}

/// Whether the client that was found may act and presents itself in the one way that it registered. A secret is compared
/// here; an assertion is still to be verified, with the client's keys and [`check_assertion`].
pub fn check_method(
    client: &RegisteredClient,
    presented: &PresentedClient,
    now: Moment,
) -> Result<(), TokenRefusal> {
    if presented.client_id().is_some_and(|named| *named != client.client.client_id) {
        return Err(invalid_client(Rule::ClientMismatch, "the request names another client"));
    }
    if client.disabled {
        return Err(invalid_client(Rule::ClientDisabled, "the client is disabled"));
    }
    if presented.method() != client.client.token_endpoint_auth_method {
        let registered = client.client.token_endpoint_auth_method.as_str();
        let refusal =
            invalid_client(Rule::ClientAuthenticationMethod, "not the registered token_endpoint_auth_method");
        return Err(refusal.expecting([registered]).having(presented.method().as_str()));
    }
    match presented {
        PresentedClient::Basic { secret, .. } | PresentedClient::Post { secret, .. } => {
            if client.accepts_secret(secret, now) {
                Ok(())
            } else {
                Err(invalid_client(Rule::ClientSecretWrong, "wrong or expired secret"))
            }
        }
        PresentedClient::Assertion { .. } | PresentedClient::None { .. } => Ok(()),
    }
}

/// One description for every failure: which client exists and how it authenticates is not the caller's business.
fn invalid_client(rule: Rule, reason: &'static str) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidClient, rule, "client authentication failed").because(reason)
}

fn invalid_request(rule: Rule, description: &'static str) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidRequest, rule, description)
}

#[cfg(test)]
mod tests;

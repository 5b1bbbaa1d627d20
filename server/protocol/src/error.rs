//! One enum per RFC error surface, each with one table to code and status, and refusals that keep what the
//! client is told apart from what the log is told.

use crate::explanation::{Evidence, Rule};
use crate::id::ClientId;
use crate::rate_limit::Limited;
use crate::scope::Scope;
use crate::session::Acr;
use std::borrow::Cow;
use std::fmt;

/// Error codes of the token, revocation and introspection endpoints (RFC 6749 §5.2, RFC 8707 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the standard's.
pub enum TokenError {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    InvalidScope,
    InvalidTarget,
    TemporarilyUnavailable,
    ServerError,
}

impl TokenError {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::UnsupportedTokenType,
        Self::InvalidScope,
        Self::InvalidTarget,
        Self::TemporarilyUnavailable,
        Self::ServerError,
    ];

    /// The value of `error`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            Self::TemporarilyUnavailable => 503,
            Self::ServerError => 500,
            _ => 400,
        }
    }
}

/// Error codes of the authorization endpoint (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6, RFC 8707 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the standard's.
pub enum AuthorizeError {
    InvalidRequest,
    UnauthorizedClient,
    AccessDenied,
    UnsupportedResponseType,
    InvalidScope,
    ServerError,
    TemporarilyUnavailable,
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
    AccountSelectionRequired,
    InvalidTarget,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    /// OpenID Connect Core Unmet Authentication Requirements 1.0 §2, RFC 9470 §5.
    UnmetAuthenticationRequirements,
}

impl AuthorizeError {
    /// Every code.
    pub const ALL: [Self; 16] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::ConsentRequired,
        Self::InteractionRequired,
        Self::AccountSelectionRequired,
        Self::InvalidTarget,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::UnmetAuthenticationRequirements,
    ];

    /// The value of `error`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::InvalidTarget => "invalid_target",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
        }
    }

    /// Whether it only says that the person would have to be asked something (OpenID Connect Core §3.1.2.6).
    pub const fn asks_for_a_page(self) -> bool {
        matches!(
            self,
            Self::LoginRequired
                | Self::ConsentRequired
                | Self::InteractionRequired
                | Self::AccountSelectionRequired
        )
    }

    /// The HTTP status of the page that shows it, when it may not be sent to the client.
    pub const fn page_status(self) -> u16 {
        match self {
            Self::AccessDenied => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// A refusal with the code `E`: what the client is told, and why, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<E> {
    /// The standard's code.
    pub error: E,
    /// `error_description`: printable ASCII without quote and backslash (RFC 6749 §5.2). It never holds input.
    pub description: &'static str,
    /// The reason as the operator needs it. It goes to the log, and to whoever may ask why.
    pub reason: Cow<'static, str>,
    /// The rule that was broken.
    pub rule: Rule,
    /// What was expected and what came, for whoever may ask why.
    pub evidence: Option<Box<Evidence>>,
    /// The limit that was met: the answer is 429 then, whatever the code.
    pub limited: Option<Box<Limited>>,
}

/// A refusal by the token, revocation or introspection endpoint.
pub type TokenRefusal = Refusal<TokenError>;

/// A refusal by the authorization endpoint. Whether it is shown as a page or sent to the client is told by the
/// type that carries it.
pub type AuthorizeRefusal = Refusal<AuthorizeError>;

impl<E> Refusal<E> {
    /// A refusal whose description says all there is to say.
    pub const fn new(error: E, rule: Rule, description: &'static str) -> Self {
        Self { error, description, reason: Cow::Borrowed(description), rule, evidence: None, limited: None }
    }

    /// The same refusal with its own reason for the log.
    #[must_use]
    pub fn because(self, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: reason.into(), ..self }
    }

    /// Keeps what would have been right: any of these.
    #[must_use]
    pub fn expecting<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.evidence().expect(values);
        self
    }

    /// Keeps what came, as it may be shown: see [`crate::explanation::shown`].
    #[must_use]
    pub fn having(mut self, shown: impl Into<String>) -> Self {
        self.evidence().came = Some(shown.into());
        self
    }

    /// Keeps which client it was.
    #[must_use]
    pub fn of(mut self, client_id: &ClientId) -> Self {
        self.evidence().client_id.get_or_insert_with(|| client_id.clone());
        self
    }

    fn evidence(&mut self) -> &mut Evidence {
        self.evidence.get_or_insert_default()
    }
}

impl TokenRefusal {
    /// A limit let no more through. RFC 6749 has no code of its own for it.
    pub fn limited(limited: Limited) -> Self {
        let error = TokenError::TemporarilyUnavailable;
        let refusal = Self::new(error, Rule::LimitReached, "too many requests: try again later");
        let reason = format!("the limit {} is reached", limited.limit.policy);
        Self { limited: Some(Box::new(limited)), ..refusal.because(reason) }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        if self.limited.is_some() { 429 } else { self.error.status() }
    }
}

impl fmt::Display for TokenRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error.code(), self.reason)
    }
}

impl fmt::Display for AuthorizeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error.code(), self.reason)
    }
}

impl std::error::Error for TokenRefusal {}
impl std::error::Error for AuthorizeRefusal {}

/// What a protected resource answers to a request whose bearer token does not suffice (RFC 6750 §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BearerError {
    /// The request carried no token at all.
    NoToken,
    /// Malformed, or a token sent in more than one way.
    InvalidRequest,
    /// Expired, revoked, malformed or not for this resource.
    InvalidToken,
    /// Valid, but it does not reach this far.
    InsufficientScope {
        /// The scope that is needed.
        scope: Scope,
    },
    /// Valid, but its user has to show more of who they are (RFC 9470 §3).
    InsufficientUserAuthentication {
        /// How strongly they have to be authenticated.
        acr: Acr,
    },
}

impl BearerError {
    /// The value of `error`; none if no token came.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            // RFC 6750 §3.1: "If the request lacks any authentication information … the resource server SHOULD NOT
            // include an error code or other error information."
            Self::NoToken => None,
            Self::InvalidRequest => Some("invalid_request"),
            Self::InvalidToken => Some("invalid_token"),
            Self::InsufficientScope { .. } => Some("insufficient_scope"),
            Self::InsufficientUserAuthentication { .. } => Some("insufficient_user_authentication"),
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::NoToken | Self::InvalidToken | Self::InsufficientUserAuthentication { .. } => 401,
            Self::InsufficientScope { .. } => 403,
        }
    }

    /// `error_description`, as far as a client may know.
    pub const fn description(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => None,
            Self::InvalidRequest => Some("the request is malformed, or carries a token in more than one way"),
            Self::InvalidToken => {
                Some("the access token is expired, revoked, malformed or not for this resource")
            }
            Self::InsufficientScope { .. } => Some("the access token does not have the scope that is needed"),
            Self::InsufficientUserAuthentication { .. } => {
                Some("the user has to be asked for a second factor: send them back with these acr_values")
            }
        }
    }

    /// The value of `WWW-Authenticate` (RFC 6750 §3).
    pub fn www_authenticate(&self, realm: &str) -> String {
        let mut value = String::from("Bearer realm=");
        push_quoted(&mut value, realm);
        if let Some(code) = self.code() {
            value.push_str(", error=");
            push_quoted(&mut value, code);
        }
        if let Some(description) = self.description() {
            value.push_str(", error_description=");
            push_quoted(&mut value, description);
        }
        if let Self::InsufficientScope { scope } = self {
            value.push_str(", scope=");
            push_quoted(&mut value, &scope.to_string());
        }
        if let Self::InsufficientUserAuthentication { acr } = self {
            value.push_str(", acr_values=");
            push_quoted(&mut value, acr.as_str());
        }
        value
    }
}

/// Appends an HTTP quoted-string (RFC 9110 §5.6.4); what cannot stand in one is left out.
fn push_quoted(value: &mut String, text: &str) {
    value.push('"');
    for c in text.chars().filter(|c| matches!(c, ' '..='~')) {
        if matches!(c, '"' | '\\') {
            value.push('\\');
        }
        value.push(c);
    }
    value.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_errors_have_the_statuses_of_the_standard() {
        for error in TokenError::ALL {
            let expected = match error.code() {
                "invalid_client" => 401,
                "temporarily_unavailable" => 503,
                "server_error" => 500,
                _ => 400,
            };
            assert_eq!(error.status(), expected, "{}", error.code());
        }
    }

    #[test]
    fn every_code_is_distinct() {
        let mut token: Vec<_> = TokenError::ALL.iter().map(|error| error.code()).collect();
        let mut authorize: Vec<_> = AuthorizeError::ALL.iter().map(|error| error.code()).collect();
        token.sort_unstable();
        token.dedup();
        authorize.sort_unstable();
        authorize.dedup();
        assert_eq!((token.len(), authorize.len()), (TokenError::ALL.len(), AuthorizeError::ALL.len()));
    }

    #[test]
    fn a_request_without_a_token_is_told_no_error() {
        assert_eq!(BearerError::NoToken.www_authenticate("signet"), "Bearer realm=\"signet\"");
    }

    #[test]
    fn an_insufficient_scope_names_what_is_needed() {
        let error = BearerError::InsufficientScope { scope: Scope::parse("openid email").unwrap() };
        let value = error.www_authenticate("signet");
        assert_eq!(error.status(), 403);
        assert!(value.contains("error=\"insufficient_scope\""), "{value}");
        assert!(value.ends_with("scope=\"openid email\""), "{value}");
    }

    #[test]
    fn a_realm_cannot_break_out_of_its_quotes() {
        let value = BearerError::NoToken.www_authenticate("a\"b\\c\r\nX: y");
        assert_eq!(value, "Bearer realm=\"a\\\"b\\\\cX: y\"");
    }

    #[test]
    fn the_reason_stays_apart_from_the_description() {
        let refusal = TokenRefusal::new(TokenError::InvalidGrant, Rule::CodeExpired, "the code is not valid")
            .because("expired");
        assert_eq!((refusal.description, &*refusal.reason), ("the code is not valid", "expired"));
        assert_eq!(refusal.to_string(), "invalid_grant: expired");
    }
}

//! An authorization request that was validated against its client.

use crate::id::{ClientId, ResourceId};
use crate::scope::Scope;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A `prompt` value (OpenID Connect Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// No page may be shown.
    None,
    /// Authenticate anew.
    Login,
    /// Ask for consent even if it was given before.
    Consent,
    /// Let the person choose an account.
    SelectAccount,
}

impl Prompt {
    /// Reads one value; unknown ones are none of ours.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "none" => Some(Self::None),
            "login" => Some(Self::Login),
            "consent" => Some(Self::Consent),
            "select_account" => Some(Self::SelectAccount),
            _ => None,
        }
    }

    /// As it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}

/// How the answer reaches the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the redirect URI's query (OAuth 2.0 Multiple Response Types §2.1).
    #[default]
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

/// Where the answer to a request goes, once its client and redirect URI are known good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseTarget {
    /// The redirect URI, as requested.
    pub redirect_uri: String,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// The client's `state`, to be returned.
    pub state: Option<String>,
}

/// A request in which everything was checked that can be checked without its user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizeRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes: one of the client's.
    pub redirect_uri: String,
    /// How it goes there.
    #[serde(default)]
    pub response_mode: ResponseMode,
    /// What is asked for: never empty, all registered for the client.
    pub scope: Scope,
    /// Returned as it came (RFC 6749 §4.1.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// For the ID token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// PKCE, `S256` (RFC 7636 §4.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// What the pages have to do; `none` stands alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompt: Vec<Prompt>,
    /// How old the authentication may be, in seconds: as requested, or the client's `default_max_age`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// What the person may want to sign in as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// An ID token that tells who is expected, not yet verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_hint: Option<String>,
    /// The APIs asked for (RFC 8707 §2.1), each of them known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceId>,
    /// Requested `acr` values in order of preference; voluntary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
    /// Languages for the pages, in order of preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
}

impl AuthorizeRequest {
    /// Where the answer goes.
    pub fn target(&self) -> ResponseTarget {
        ResponseTarget {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: self.state.clone(),
        }
    }

    /// Whether `prompt` holds a value.
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }

    /// Whether this is an OpenID Connect authentication request (OpenID Connect Core §3.1.2.1).
    pub fn is_openid(&self) -> bool {
        self.scope.contains("openid")
    }
}

/// Without `state`, `nonce` and the hints, which belong to the client and its user.
impl fmt::Debug for AuthorizeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeRequest")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("prompt", &self.prompt)
            .field("max_age", &self.max_age)
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_its_journey() {
        let request = AuthorizeRequest {
            client_id: "shop".into(),
            redirect_uri: "https://shop.test/cb".into(),
            response_mode: ResponseMode::FormPost,
            scope: Scope::parse("openid orders:read").unwrap(),
            state: Some("s".into()),
            nonce: None,
            code_challenge: Some("c".into()),
            prompt: vec![Prompt::Login, Prompt::SelectAccount],
            max_age: Some(0),
            login_hint: None,
            id_token_hint: None,
            resources: vec!["https://api.test".into()],
            acr_values: vec![],
            ui_locales: None,
        };
        let json = serde_json::to_vec(&request).unwrap();
        assert_eq!(serde_json::from_slice::<AuthorizeRequest>(&json).unwrap(), request);
    }
}

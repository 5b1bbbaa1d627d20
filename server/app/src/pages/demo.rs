//! The demo application's pages: a relying party on an origin of its own.

use super::{Form, Page};
use serde::Serialize;

/// Before signing in. The form's button is `#demo-sign-in`.
#[derive(Clone, Debug, Serialize)]
pub struct DemoHome {
    /// Begins the sign-in.
    pub sign_in: Form,
    /// The server that it signs in with.
    pub issuer: String,
    /// Whether the person has just signed out.
    pub signed_out: bool,
}

impl Page for DemoHome {
    const TEMPLATE: &'static str = "demo/home.html";
}

/// After signing in: `#demo-verdict`, `#demo-id-token`, `#demo-access-token`, `#demo-userinfo-result`, and a form for
/// each of `#demo-refresh`, `#demo-userinfo` and `#demo-sign-out`.
#[derive(Clone, Debug, Serialize)]
pub struct DemoSignedIn {
    /// The person's name from the ID token.
    pub name: String,
    /// The server that was signed in with.
    pub issuer: String,
    /// The ID token's claims, in order.
    pub id_token_claims: Vec<(String, String)>,
    /// Whether the ID token is valid (OpenID Connect Core §3.1.3.7).
    pub id_token_valid: Verdict,
    /// The access token's claims, in order.
    pub access_token_claims: Vec<(String, String)>,
    /// Whether the access token is valid (RFC 9068 §4).
    pub access_token_valid: Verdict,
    /// What userinfo answered, once it has been asked.
    pub userinfo: Option<Vec<(String, String)>>,
    /// How often the tokens have been refreshed.
    pub refreshed_count: u32,
    /// What went wrong with the last button, in English.
    pub problem: Option<String>,
    /// Refreshes the tokens.
    pub refresh: Form,
    /// Asks userinfo.
    pub ask_userinfo: Form,
    /// Signs out here and at the server.
    pub sign_out: Form,
}

impl Page for DemoSignedIn {
    const TEMPLATE: &'static str = "demo/signed_in.html";
}

/// What checking a token came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It is good.
    Valid {
        /// The algorithm that it is signed with.
        alg: String,
        /// The beginning of its key's identifier.
        kid: String,
    },
    /// It is refused.
    Invalid {
        /// Why, in English, for whoever builds applications.
        reason: String,
    },
}

/// Sign-in did not work: `#error` as on the server's own refusals.
#[derive(Clone, Debug, Serialize)]
pub struct DemoError {
    /// The OAuth error code, or the like.
    pub code: String,
    /// What is wrong, in English.
    pub description: String,
    /// Tries again.
    pub sign_in: Form,
    /// The server that it signs in with.
    pub issuer: String,
}

impl Page for DemoError {
    const TEMPLATE: &'static str = "demo/error.html";
}

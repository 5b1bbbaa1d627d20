//! After a client's code flow was tried out.

use super::{Page, Words};
use serde::Serialize;

/// Tells what the application would have got: `#tried`.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    /// The client's name.
    pub name: String,
    /// Where the answer would have gone.
    pub redirect_uri: String,
    /// What it would have got; none: a refusal.
    pub tokens: Option<TriedTokens>,
    /// The refusal.
    pub refusal: Option<TriedRefusal>,
    /// Where the next trial begins.
    pub again_url: String,
    /// The client's page.
    pub back_url: String,
}

impl Page for Tried {
    const TEMPLATE: &'static str = "tried.html";
}

/// The token endpoint's answer (RFC 6749 §5.1), without the tokens.
#[derive(Clone, Debug, Serialize)]
pub struct TriedTokens {
    /// `scope`.
    pub scope: String,
    /// What was asked for and not granted, as a scope.
    pub withheld: String,
    /// `expires_in`, in seconds.
    pub expires_in: i64,
    /// Whether there was a refresh token.
    pub refreshable: bool,
    /// Each token there was, with its claims; none: the claims are about somebody whom the administrator may not look at.
    pub claims: Option<Vec<TriedToken>>,
}

/// A token.
#[derive(Clone, Debug, Serialize)]
pub struct TriedToken {
    /// Its name in the answer.
    pub name: &'static str,
    /// Its claims: names, and values as JSON.
    pub claims: Vec<(String, String)>,
}

/// A refusal.
#[derive(Clone, Debug, Serialize)]
pub struct TriedRefusal {
    /// By which endpoint.
    pub at: Words,
    /// `error`.
    pub code: String,
    /// `error_description`.
    pub description: String,
    /// The rule that refused it.
    pub about: Words,
    /// What helps.
    pub mend: Words,
    /// Where the standard says so.
    pub clause: &'static str,
    /// By which it is found in the log.
    pub request_id: String,
}

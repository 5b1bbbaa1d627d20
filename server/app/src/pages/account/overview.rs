//! The account's first page.

use super::Frame;
use crate::pages::{AskProblem, Form, Page, When};
use serde::Serialize;

/// Says who is signed in, and where what stands: `#account`. Whoever should have a second factor is told so:
/// `#account-unprotected`. An address that was not verified yet can be: form `#verify-send`, button `#verify-send-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountOverview {
    /// What is around it.
    pub frame: Frame,
    /// What the person signs in with.
    pub username: String,
    /// Their email address.
    pub email: Option<String>,
    /// Whether that was shown to be theirs.
    pub email_verified: bool,
    /// The address that it is going to be when the links were used that were sent.
    pub email_pending: Option<String>,
    /// Where the address is changed.
    pub email_url: String,
    /// Sends a link that verifies the address; none: there is nothing to verify, or no mail.
    pub verify_form: Option<Form>,
    /// Why no such link was sent.
    pub verify_problem: Option<AskProblem>,
    /// When they signed in here.
    pub signed_in_at: When,
    /// Whether they have an authenticator app.
    pub app: bool,
    /// Whether they have a passkey.
    pub passkey: bool,
    /// Whether they should have one of both, and have none.
    pub advised: bool,
    /// Where that is changed.
    pub security_url: String,
    /// Where they are signed in, this browser included.
    pub sessions: usize,
    /// How many applications have access.
    pub applications: usize,
}

impl Page for AccountOverview {
    const TEMPLATE: &'static str = "account/overview.html";
}

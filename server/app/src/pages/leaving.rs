//! Signing out (OpenID Connect RP-Initiated Logout 1.0).

use super::{Form, Page, WebLink};
use serde::Serialize;

/// Asks whether to sign out (§2: without a valid hint the person must be asked). Form `#logout`, button
/// `#logout-confirm`.
#[derive(Clone, Debug, Serialize)]
pub struct SignOut {
    /// Holds the request and the token against cross-site requests.
    pub form: Form,
    /// Who is signed in, as that person is shown.
    pub user_name: String,
    /// The application that asked for it, if it is known.
    pub client_name: Option<String>,
}

impl Page for SignOut {
    const TEMPLATE: &'static str = "sign_out.html";
}

/// Says that the person is signed out.
#[derive(Clone, Debug, Serialize)]
pub struct SignedOut {
    /// Where to go on: the application's address after sign-out, if it gave a good one.
    pub continue_to: Option<WebLink>,
    /// That application's name.
    pub client_name: Option<String>,
}

impl Page for SignedOut {
    const TEMPLATE: &'static str = "signed_out.html";
}

//! The page at `/`.

use super::{Page, WebLink, When};
use serde::Serialize;

/// Says what answers at this address, and where to go from here.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// The issuer identifier.
    pub issuer: String,
    /// Where the discovery document is (OpenID Connect Discovery §4).
    pub discovery_url: String,
    /// The demo application, while there is one.
    pub demo_url: Option<WebLink>,
    /// The folder that mails are written into, if that is where they go.
    pub mail_folder: Option<String>,
    /// Who is signed in on this browser.
    pub signed_in_as: Option<String>,
    /// When that person signed in.
    pub signed_in_at: Option<When>,
    /// Where that person's account is.
    pub account_url: Option<String>,
    /// The console, if they may administer anything.
    pub console_url: Option<String>,
    /// Where that person can sign out.
    pub sign_out_url: Option<String>,
    /// This program's version.
    pub version: &'static str,
}

impl Page for Home {
    const TEMPLATE: &'static str = "home.html";
}

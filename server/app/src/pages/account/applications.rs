//! The applications that a person let in.

use super::Frame;
use crate::pages::{Form, Page, ScopeLine, WebLink, When};
use serde::Serialize;

/// Lists the applications with access. Form `#applications`, a button `withdraw` for each (its value is the client's
/// identifier).
#[derive(Clone, Debug, Serialize)]
pub struct AccountApplications {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// By name.
    pub applications: Vec<ApplicationLine>,
}

impl Page for AccountApplications {
    const TEMPLATE: &'static str = "account/applications.html";
}

/// An application.
#[derive(Clone, Debug, Serialize)]
pub struct ApplicationLine {
    /// Its identifier.
    pub client_id: String,
    /// Its name as registered.
    pub name: String,
    /// Its home page.
    pub uri: Option<WebLink>,
    /// What it may do.
    pub scopes: Vec<ScopeLine>,
    /// Since when.
    pub since: When,
    /// When it last had a token; none: it has none now.
    pub last_used: Option<When>,
    /// Whether it keeps its access when the person signs out.
    pub offline: bool,
}

//! The list of clients, and registering one.

use super::kind::KindWords;
use super::{ClientForm, ConsoleFrame, KindChoice, Snippet};
use crate::pages::{Form, Page, When};
use serde::Serialize;

/// Lists clients. Form `#search` (GET) with the field `search`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleClients {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the search is sent.
    pub action: String,
    /// What was searched for.
    pub search: String,
    /// By name.
    pub clients: Vec<ClientLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Where one is registered; none: this administrator may not.
    pub new_url: Option<String>,
}

impl Page for ConsoleClients {
    const TEMPLATE: &'static str = "console/clients.html";
}

/// A client in the list.
#[derive(Clone, Debug, Serialize)]
pub struct ClientLine {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its identifier.
    pub client_id: String,
    /// Whether it keeps no secret.
    pub public: bool,
    /// Whether it is switched off.
    pub disabled: bool,
    /// When it was last changed.
    pub changed: When,
}

/// Asks what is to be registered: a link for each kind, `#kind-NAME`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleKinds {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// The kinds.
    pub kinds: Vec<KindChoice>,
}

impl Page for ConsoleKinds {
    const TEMPLATE: &'static str = "console/kinds.html";
}

/// Asks what a client is called and where it is. Form `#client`, fields by their metadata's names, `scope:VALUE` for each
/// scope, button `#client-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleNewClient {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the kind.
    pub form: Form,
    /// What is said of its kind.
    pub kind: KindWords,
    /// What stands in it.
    pub fields: ClientForm,
}

impl Page for ConsoleNewClient {
    const TEMPLATE: &'static str = "console/new_client.html";
}

/// Tells what was registered, with the secret: `#client-secret`, shown once.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleClientMade {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Its name.
    pub name: String,
    /// Its identifier.
    pub client_id: String,
    /// Its secret, if it has one.
    pub secret: Option<String>,
    /// Its page.
    pub url: String,
    /// How it is brought into an application.
    pub snippets: Vec<Snippet>,
}

impl Page for ConsoleClientMade {
    const TEMPLATE: &'static str = "console/client_made.html";
}

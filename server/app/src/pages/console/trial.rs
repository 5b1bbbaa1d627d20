//! Before a client's code flow is tried out.

use super::{ConsoleFrame, PreviewScope};
use crate::pages::{Form, Page};
use serde::Serialize;

/// Asks what the application would ask for: form `#trial`, button `#trial-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleTrial {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties the form to the administrator.
    pub form: Form,
    /// The client's name.
    pub name: String,
    /// Where its answers may go.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<PreviewScope>,
    /// The APIs that it may call.
    pub resources: Vec<String>,
    /// The client's page.
    pub back_url: String,
}

impl Page for ConsoleTrial {
    const TEMPLATE: &'static str = "console/trial.html";
}

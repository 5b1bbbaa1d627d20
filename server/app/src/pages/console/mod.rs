//! The console, page by page.

mod client;
mod clients;
mod form;
mod kind;
mod refusals;
pub(super) mod samples;
mod snippets;

pub use client::{
    Asked, ConsoleAsk, ConsoleClient, ConsoleSecret, LintLine, SecretLine, Settings, lint_lines,
};
pub use clients::{ClientLine, ConsoleClientMade, ConsoleClients, ConsoleKinds, ConsoleNewClient};
pub use form::{ClientForm, ScopeChoice, ScopeGroup};
pub use kind::{ClientKind, KindChoice};
pub use refusals::{ConsoleRefusals, Differing, Explained, RefusalLine};
pub use snippets::{Snippet, snippets};

use super::Words;
use super::account::AccountLink;
use serde::Serialize;

/// What surrounds each page of the console: the way to the others, and who administers.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleFrame {
    /// Every page that this administrator may open.
    pub links: Vec<AccountLink>,
    /// What the administrator is called.
    pub name: String,
    /// Their own account.
    pub account_url: String,
    /// Where they sign out.
    pub sign_out_url: String,
    /// What was just done.
    pub done: Option<Words>,
}

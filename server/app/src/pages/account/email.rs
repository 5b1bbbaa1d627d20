//! Another email address.

use super::Frame;
use crate::pages::{AskProblem, Form, Page, When};
use serde::Serialize;

/// Asks for another address: form `#email-change`, field `email`, button `#email-submit`. A change that waits for its links:
/// `#email-pending`, buttons `#email-again` and `#email-cancel`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountEmail {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// The present address.
    pub email: Option<String>,
    /// Whether that was shown to be theirs.
    pub email_verified: bool,
    /// Whether mails leave this server: without, nobody can show that an address is theirs.
    pub offered: bool,
    /// Fills the field in.
    pub typed: String,
    /// A change that is not done yet.
    pub pending: Option<PendingChange>,
    /// Why none was asked for.
    pub problem: Option<EmailProblem>,
}

impl Page for AccountEmail {
    const TEMPLATE: &'static str = "account/email.html";
}

/// A change that waits for its links to be used.
#[derive(Clone, Debug, Serialize)]
pub struct PendingChange {
    /// The new address.
    pub address: String,
    /// Whether the link to it was used.
    pub confirmed: bool,
    /// Whether the link to the present address was used; none: that one is not asked.
    pub approved: Option<bool>,
    /// Until when the links are good.
    pub until: When,
}

/// Why no change was asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EmailProblem {
    /// It is the present address.
    Same,
    /// The user name is an address that cannot go along.
    NameStays,
    /// Accounts are for addresses of other domains.
    Domain {
        /// These, in one text.
        domains: String,
    },
    /// No link is sent to it.
    NotAsked {
        /// Why.
        problem: AskProblem,
    },
}

//! Why a request was refused.

use super::ConsoleFrame;
use crate::pages::{Page, When, Words};
use serde::Serialize;

/// Asks for a request's id and tells why it was refused. Form `#explain` (GET) with the field `id`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleRefusals {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the form is sent.
    pub action: String,
    /// The id that was asked for.
    pub id: String,
    /// Whether anything is kept at all.
    pub kept: bool,
    /// Why that request was refused, if it is kept.
    pub explained: Option<Explained>,
    /// The client whose refusals are listed; none: those of all.
    pub client_id: Option<String>,
    /// Newest first.
    pub latest: Vec<RefusalLine>,
    /// The next page.
    pub next_url: Option<String>,
}

impl Page for ConsoleRefusals {
    const TEMPLATE: &'static str = "console/refusals.html";
}

/// Why a request was refused.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// The rule's name.
    pub rule: String,
    /// What the rule wants.
    pub about: Words,
    /// Where it is written; none: this version does not know the rule.
    pub clause: Option<&'static str>,
    /// Where all rules are told.
    pub rule_url: String,
    /// How to mend it.
    pub mend: Words,
    /// What would have been right.
    pub expected: Vec<String>,
    /// What came.
    pub came: Option<String>,
    /// Where they begin to differ.
    pub difference: Option<Differing>,
    /// What the caller was told.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// What the log says.
    pub reason: String,
    /// Method and route.
    pub endpoint: String,
    /// When.
    pub at: When,
    /// From which address.
    pub address: Option<String>,
    /// The client.
    pub client_id: Option<String>,
    /// Its page, for whoever may see it.
    pub client_url: Option<String>,
    /// How many more were like it.
    pub alike: u64,
}

/// Two texts that begin alike.
#[derive(Clone, Debug, Serialize)]
pub struct Differing {
    /// How both begin.
    pub same: String,
    /// How the expected one goes on.
    pub expected: String,
    /// How the one that came goes on.
    pub came: String,
}

/// A refusal in the list.
#[derive(Clone, Debug, Serialize)]
pub struct RefusalLine {
    /// Where it is explained.
    pub url: String,
    /// What the rule wants.
    pub about: Words,
    /// The rule's name.
    pub rule: String,
    /// Method and route.
    pub endpoint: String,
    /// The client.
    pub client_id: Option<String>,
    /// When.
    pub at: When,
    /// How many more were like it.
    pub alike: u64,
}

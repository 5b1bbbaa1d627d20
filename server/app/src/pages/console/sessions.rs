//! Sessions of everybody's, and the emergency.

use super::form::Problem;
use super::{ConsoleFrame, Count};
use crate::pages::account::SessionLine;
use crate::pages::{Form, Page};
use serde::Serialize;

/// Lists the sessions, the latest first: `#sessions`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleSessions {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the search is sent.
    pub action: String,
    /// Whose are wanted: a user name or an address; empty: everybody's.
    pub user: String,
    /// In which of them this client has tokens; empty: any.
    pub client: String,
    /// Whether this administrator may ask by person.
    pub by_user: bool,
    /// Whether they may ask by client.
    pub by_client: bool,
    /// Whether they may end one.
    pub may_end: bool,
    /// The sessions.
    pub sessions: Vec<SessionOf>,
    /// The next page.
    pub next_url: Option<String>,
}

impl Page for ConsoleSessions {
    const TEMPLATE: &'static str = "console/sessions.html";
}

/// Somebody's session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionOf {
    /// Their page.
    pub base: String,
    /// What they sign in with; none: this administrator may not see people.
    pub username: Option<String>,
    /// What names them.
    pub user_id: String,
    /// The session.
    pub session: SessionLine,
}

/// Asks before everything ends: form `#emergency`, fields `reason` and `word`, button `#emergency-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleEmergency {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// So many sessions would end.
    pub sessions: Count,
    /// So many grants would end.
    pub grants: Count,
    /// What has to be typed.
    pub word: String,
    /// Why, as it was typed before.
    pub reason: String,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
}

impl Page for ConsoleEmergency {
    const TEMPLATE: &'static str = "console/emergency.html";
}

/// Tells that everything has ended, the session of whoever reads it included: `#everything-ended`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleEverythingEnded {
    /// So many sessions ended.
    pub sessions: u64,
    /// So many grants ended.
    pub grants: u64,
    /// Where to sign in again.
    pub console_url: String,
}

impl Page for ConsoleEverythingEnded {
    const TEMPLATE: &'static str = "console/everything_ended.html";
}

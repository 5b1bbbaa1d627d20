//! Where a person is signed in.

use super::Frame;
use crate::pages::{Form, Page, When};
use serde::Serialize;

/// Lists a person's sessions. Form `#sessions`, a button `end` for each other session (its value names it), and
/// `#sessions-end-others`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSessions {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// This browser's first.
    pub sessions: Vec<SessionLine>,
}

impl Page for AccountSessions {
    const TEMPLATE: &'static str = "account/sessions.html";
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionLine {
    /// Its public name.
    pub sid: String,
    /// Whether it is this browser's.
    pub here: bool,
    /// What the browser seems to be.
    pub browser: Option<&'static str>,
    /// What it seems to run on.
    pub system: Option<&'static str>,
    /// Where it was when the session began.
    pub address: Option<String>,
    /// When it began.
    pub since: When,
    /// When it was last used.
    pub seen: When,
}

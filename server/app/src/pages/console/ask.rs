//! The question before something is done that cannot be undone.

use super::ConsoleFrame;
use crate::pages::{Form, Page, Words};
use serde::Serialize;

/// What is asked before it is done.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Asked {
    /// What it is: `remove`. The form says it as `do`.
    pub name: &'static str,
    /// The heading.
    pub heading: Words,
    /// What is lost.
    pub loss: Words,
    /// What the button says.
    pub button: Words,
    /// Whether something is lost.
    pub danger: bool,
}

/// Asks before something is done. Form `#ask`, button `#ask-submit`; for a client's new secret, `overlap` in seconds.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleAsk {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// What it is done to.
    pub name: String,
    /// What tells that from others of its name.
    pub id: Option<String>,
    /// What is asked.
    pub asked: Asked,
    /// Where whoever leaves it goes.
    pub back_url: String,
}

impl Page for ConsoleAsk {
    const TEMPLATE: &'static str = "console/ask.html";
}

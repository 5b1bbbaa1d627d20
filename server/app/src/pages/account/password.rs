//! Changing the password.

use super::Frame;
use crate::pages::{ChoiceProblem, Form, Page, Wait};
use serde::Serialize;

/// Asks for the present password and a new one. Form `#password-change`, fields `current` and `password`, button
/// `#password-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPassword {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// What they sign in with, for whatever keeps their passwords.
    pub username: String,
    /// Whether they have a password.
    pub has_password: bool,
    /// The least number of characters.
    pub min_length: u32,
    /// What was wrong with the present password.
    pub current: Option<CurrentProblem>,
    /// What was wrong with the new one.
    pub problem: Option<ChoiceProblem>,
}

impl Page for AccountPassword {
    const TEMPLATE: &'static str = "account/password.html";
}

/// What was wrong with the present password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CurrentProblem {
    /// It is another one.
    Wrong,
    /// It was wrong too often; also sent as `Retry-After`.
    Limited {
        /// How long until the next try.
        wait: Wait,
    },
}

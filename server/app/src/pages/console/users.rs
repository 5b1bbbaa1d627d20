//! The list of people, and making somebody an account.

use super::form::Problem;
use super::{ConsoleFrame, RoleChoice};
use crate::pages::{Form, Page, When, Words};
use serde::Serialize;
use signet_protocol::parameters::Parameters;

/// Lists the people: `#users`, with a search.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleUsers {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the search is sent.
    pub action: String,
    /// What was searched for.
    pub search: String,
    /// `active`, `disabled`, or nothing: either.
    pub state: String,
    /// The role that they hold; empty: any.
    pub role: String,
    /// Every role that can be asked for.
    pub roles: Vec<String>,
    /// By user name.
    pub users: Vec<UserLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Where somebody gets an account; none: this administrator may make none.
    pub new_url: Option<String>,
}

impl Page for ConsoleUsers {
    const TEMPLATE: &'static str = "console/users.html";
}

/// A person in the list.
#[derive(Clone, Debug, Serialize)]
pub struct UserLine {
    /// Their page.
    pub url: String,
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: Option<String>,
    /// The roles that are their own.
    pub roles: Vec<String>,
    /// Whether they are disabled.
    pub disabled: bool,
    /// Whether they asked for their account to be deleted.
    pub leaving: bool,
    /// When the account was last changed.
    pub changed: When,
}

/// Asks who gets an account. Form `#user`, button `#user-submit`; either by an invitation (`email`, `name`, `locale`) or with a
/// user name (`username`, `password`, `email`, `name`); `role:NAME` for each role.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleNewUser {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// Whether they are invited.
    pub invites: bool,
    /// Where the other way is.
    pub other_url: String,
    /// What stands in it.
    pub fields: NewUserFields,
    /// The roles to give.
    pub roles: Vec<RoleChoice>,
}

impl Page for ConsoleNewUser {
    const TEMPLATE: &'static str = "console/new_user.html";
}

/// What stands in the form; never a password.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewUserFields {
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The language of an invitation.
    pub locale: String,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
}

impl NewUserFields {
    /// As they were sent.
    pub fn again(sent: &Parameters, problems: Vec<Problem>) -> Self {
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            username: text("username"),
            email: text("email"),
            name: text("name"),
            locale: text("locale"),
            problems,
        }
    }
}

/// Shows a link that somebody else has to pass on, for no mail leaves this server: `#link`, this once.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleLink {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// What it is for.
    pub heading: Words,
    /// Whom it is for.
    pub name: String,
    /// The link.
    pub link: String,
    /// For how long it is good.
    pub count: u32,
    /// In what that is counted: `minutes` or `days`.
    pub unit: &'static str,
    /// Where to go on.
    pub url: String,
}

impl Page for ConsoleLink {
    const TEMPLATE: &'static str = "console/link.html";
}

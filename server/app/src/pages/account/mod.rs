//! A person's own account, page by page.

mod applications;
mod data;
mod email;
mod history;
mod overview;
mod password;
mod profile;
pub(super) mod samples;
mod security;
mod sessions;

pub use applications::{AccountApplications, ApplicationLine};
pub use data::{AccountData, AccountDelete, AccountLeaving};
pub use email::{AccountEmail, EmailProblem, PendingChange};
pub use history::{AccountHistory, EventLine, what_happened};
pub use overview::AccountOverview;
pub use password::{AccountPassword, CurrentProblem};
pub use profile::{AccountProfile, ClaimField, claim_fields};
pub use security::{
    AccountRecoveryCodes, AccountSecurity, AppLine, BrowserLine, PasskeyLine, SecurityProblem,
};
pub use sessions::{AccountSessions, SessionLine};

use super::Words;
use serde::Serialize;

/// What surrounds each page of the account: the way to the others, and whose it is.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// Every page that there is.
    pub links: Vec<AccountLink>,
    /// What the person is called.
    pub name: String,
    /// Where they sign out.
    pub sign_out_url: String,
    /// What was just done.
    pub done: Option<Words>,
}

/// The way to one of the account's pages.
#[derive(Clone, Debug, Serialize)]
pub struct AccountLink {
    /// Its address.
    pub url: String,
    /// What it is called.
    pub label: Words,
    /// Whether this is it.
    pub current: bool,
}

//! Taking one's data along, and having the account deleted.

use super::Frame;
use crate::pages::{Form, Page, When};
use serde::Serialize;

/// Offers both: links `#data-export` and `#data-delete`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountData {
    /// What is around it.
    pub frame: Frame,
    /// Where the data is.
    pub export_url: String,
    /// Where the account is deleted.
    pub delete_url: String,
    /// How many days a person has to think again.
    pub grace_days: u32,
}

impl Page for AccountData {
    const TEMPLATE: &'static str = "account/data.html";
}

/// Asks before the account is deleted, and names what is lost. Form `#delete`, button `#delete-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountDelete {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// What tells the account from others.
    pub account: String,
    /// The names of the applications that lose it.
    pub applications: Vec<String>,
    /// How many days a person has to think again.
    pub grace_days: u32,
    /// Whether it was refused, because nobody else could administer this server: `#delete-refused`.
    pub refused: bool,
}

impl Page for AccountDelete {
    const TEMPLATE: &'static str = "account/delete.html";
}

/// Says that the account is going to be deleted: `#leaving`. Whoever signed in again can keep it: form `#keep`, button
/// `#keep-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountLeaving {
    /// When.
    pub at: When,
    /// Keeps the account; none: this browser is signed out, and the person has to sign in for that.
    pub form: Option<Form>,
    /// Where they sign in, or out.
    pub url: String,
}

impl Page for AccountLeaving {
    const TEMPLATE: &'static str = "account/leaving.html";
}

//! Factors and remembered browsers.

use super::Frame;
use crate::pages::{Form, Page, When};
use serde::Serialize;

/// Lists a person's factors and remembered browsers: `#security`. Links `#add-app` and `#add-passkey`; forms `#app-remove`
/// (button `remove_app`), `#codes` (button `#codes-new`), `#browsers` (a button `forget` for each, and
/// `#browsers-forget-all`); for each passkey a form `.passkey-rename` (field `name`, button `rename_passkey`) and a form
/// `.passkey-remove` (button `remove_passkey`), whose buttons' value names it.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSecurity {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// Whether policy wants a second factor of this person.
    pub required: bool,
    /// Whether they have one.
    pub any: bool,
    /// The authenticator app.
    pub app: Option<AppLine>,
    /// Oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Browsers that are not asked, latest first.
    pub browsers: Vec<BrowserLine>,
    /// Where an authenticator app is set up.
    pub add_app_url: String,
    /// Where a passkey is made; none: there are as many as there may be, or they cannot be had here.
    pub add_passkey_url: Option<String>,
    /// Why nothing was done.
    pub problem: Option<SecurityProblem>,
}

impl Page for AccountSecurity {
    const TEMPLATE: &'static str = "account/security.html";
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityProblem {
    /// The last factor of somebody who must have one stays.
    Last,
    /// A passkey cannot be called that.
    Name,
}

/// An authenticator app.
#[derive(Clone, Debug, Serialize)]
pub struct AppLine {
    /// Since when.
    pub since: When,
    /// When it was last used.
    pub last_used: Option<When>,
}

/// A passkey.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyLine {
    /// Names it in forms.
    pub id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Whether it can leave the device it was made on.
    pub synchronised: bool,
    /// Since when.
    pub since: When,
    /// When it was last used.
    pub last_used: Option<When>,
}

/// A remembered browser.
#[derive(Clone, Debug, Serialize)]
pub struct BrowserLine {
    /// Names it in forms.
    pub id: String,
    /// What it seems to be.
    pub browser: Option<&'static str>,
    /// What it seems to run on.
    pub system: Option<&'static str>,
    /// Where it was when it began.
    pub address: Option<String>,
    /// Since when.
    pub since: When,
    /// Until when.
    pub until: When,
}

/// Shows new recovery codes, once: `#recovery-codes`, link `#codes-kept`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountRecoveryCodes {
    /// What is around it.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
    /// Where to go on.
    pub back_url: String,
}

impl Page for AccountRecoveryCodes {
    const TEMPLATE: &'static str = "account/recovery_codes.html";
}

//! Signing in, and choosing who to be.

use super::{Form, Page, PasskeyQuestion, Wait};
use serde::Serialize;

/// Asks for user name and password. Form `#login`, fields `username` and `password`, button `#login-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    /// Holds the sealed request.
    pub form: Form,
    /// Holds the same, and posts a passkey's answer: `#login-passkey`, button `#passkey-submit`.
    pub passkey_form: Form,
    /// What any passkey of this browser is asked.
    pub passkey: Option<PasskeyQuestion>,
    /// The application that the person is on the way to; `None` when it is this server itself.
    pub client_name: Option<String>,
    /// Why a person who may think to be signed in already is asked.
    pub why: Option<WhySignIn>,
    /// What went wrong with the last try.
    pub problem: Option<SignInProblem>,
    /// Where a forgotten password is replaced, if it can be.
    pub forgot_url: Option<String>,
    /// Where people open accounts of their own, if they may.
    pub register_url: Option<String>,
    /// Fills the user name in: the last try's, the `login_hint`, or who has to confirm; else empty.
    pub username: String,
}

impl Page for SignIn {
    const TEMPLATE: &'static str = "sign_in.html";
}

/// Why someone with a session has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhySignIn {
    /// The application wants it confirmed who sits here (`prompt=login`).
    Confirm,
    /// The last sign-in is longer ago than the application accepts (`max_age`).
    TooLongAgo,
    /// The application expects someone else (`id_token_hint`).
    OtherAccountExpected,
    /// What protects the account is to be changed.
    BeforeChange,
    /// The person chose to use another account.
    OtherAccountChosen,
}

/// Why a try failed. Nothing here tells whether an account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInProblem {
    /// User name or password is wrong, or the account may not sign in.
    Wrong,
    /// A field was left empty.
    Incomplete,
    /// Too many failures; also sent as `Retry-After`.
    Limited {
        /// How long until the next try.
        wait: Wait,
    },
    /// The server checks as many passwords as it can; also sent as `Retry-After`.
    Busy {
        /// How long until the next try.
        wait: Wait,
    },
    /// The passkey's answer was not accepted.
    PasskeyRefused,
    /// The page was too old, or belongs to another browser; here is a new one.
    Stale,
}

/// Asks which account to go on with (`prompt=select_account`, OpenID Connect Core §3.1.2.1). Form `#select-account`,
/// buttons `#account-continue` (`account=current`) and `#account-other` (`account=other`).
#[derive(Clone, Debug, Serialize)]
pub struct SelectAccount {
    /// Holds the sealed request.
    pub form: Form,
    /// The application.
    pub client_name: String,
    /// The signed-in person's name.
    pub name: String,
    /// And what tells that account from another: user name or email address.
    pub account: String,
}

impl Page for SelectAccount {
    const TEMPLATE: &'static str = "select_account.html";
}

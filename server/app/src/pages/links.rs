//! Pages that send links by mail, and those that the links open.

use super::{Form, Page, Wait, Words};
use serde::Serialize;
use signet_protocol::password::PasswordFault;

/// Asks whose password was forgotten, or says that a mail is on its way, whether there is such an account or not. Form
/// `#forgot`, field `username`, button `#forgot-submit`; afterwards `#forgot-sent`.
#[derive(Clone, Debug, Serialize)]
pub struct Forgot {
    /// Holds the sealed form.
    pub form: Form,
    /// Fills the field in.
    pub username: String,
    /// Whether a link was asked for.
    pub sent: bool,
    /// How long a link is good for.
    pub minutes: u32,
    /// Why none was.
    pub problem: Option<AskProblem>,
}

impl Page for Forgot {
    const TEMPLATE: &'static str = "forgot.html";
}

/// Asks for the address of whoever wants an account. Form `#register`, field `email`, button `#register-submit`; afterwards
/// `#register-sent`.
#[derive(Clone, Debug, Serialize)]
pub struct Register {
    /// Holds the sealed form.
    pub form: Form,
    /// Fills the field in.
    pub email: String,
    /// The domains that accounts are open to, in one text; none: all.
    pub domains: Option<String>,
    /// Whether a link was asked for.
    pub sent: bool,
    /// Why none was.
    pub problem: Option<AskProblem>,
}

impl Page for Register {
    const TEMPLATE: &'static str = "register.html";
}

/// Why no link was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AskProblem {
    /// The field holds nothing that it could be.
    Unfit,
    /// There were too many; also sent as `Retry-After`.
    Limited {
        /// How long until the next try.
        wait: Wait,
    },
    /// Too many ask just now; also sent as `Retry-After`.
    Busy {
        /// How long until the next try.
        wait: Wait,
    },
}

/// Asks for a new password, by a link. Form `#reset`, field `password`, button `#reset-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct Reset {
    /// Holds the sealed link.
    pub form: Form,
    /// Whose password it is.
    pub account: String,
    /// The least number of characters.
    pub min_length: u32,
    /// What was wrong with the last try.
    pub problem: Option<ChoiceProblem>,
}

impl Page for Reset {
    const TEMPLATE: &'static str = "reset.html";
}

/// Asks for what a new account needs, by a link. Form `#join`, fields `username`, `name` and `password`, button
/// `#join-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct Join {
    /// Holds the sealed link.
    pub form: Form,
    /// The address that the link was sent to.
    pub address: String,
    /// Fills the user name in.
    pub username: String,
    /// Fills the name in.
    pub name: String,
    /// The least number of characters.
    pub min_length: u32,
    /// What was wrong with the last try.
    pub problem: Option<ChoiceProblem>,
}

impl Page for Join {
    const TEMPLATE: &'static str = "join.html";
}

/// What was wrong with what a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChoiceProblem {
    /// With the password.
    pub faults: Vec<Fault>,
    /// With the user name.
    pub username: Option<UsernameProblem>,
    /// Nothing, but the server looks at as many passwords as it can; also sent as `Retry-After`.
    pub wait: Option<Wait>,
    /// Nothing, but there were too many tries; also sent as `Retry-After`.
    pub limited: Option<Wait>,
}

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UsernameProblem {
    /// Nobody can be called so.
    Unfit,
    /// Somebody is.
    Taken,
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its name: `too-short`, `too-long`, `breached`, `own-words` or `guessable`.
    pub kind: &'static str,
    /// How many characters there must be, or may be.
    pub count: u32,
}

impl From<PasswordFault> for Fault {
    fn from(fault: PasswordFault) -> Self {
        let count = match fault {
            PasswordFault::TooShort { min } => min,
            PasswordFault::TooLong { max } => max,
            _ => 0,
        };
        Self { kind: fault.as_str(), count }
    }
}

/// Asks whether an address is confirmed: only the button does it. Form `#verify-email`, button `#verify-email-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyEmail {
    /// Holds the sealed link.
    pub form: Form,
    /// The address.
    pub address: String,
    /// Whose it is.
    pub account: String,
}

impl Page for VerifyEmail {
    const TEMPLATE: &'static str = "verify_email.html";
}

/// Asks whether an account is to have another address: only the buttons answer. Form `#change-email`, button
/// `#change-email-submit`, and `#change-email-refuse` for the owner of the old one.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeEmail {
    /// Holds the sealed link.
    pub form: Form,
    /// Whether the link was sent to the old address.
    pub approves: bool,
    /// The new address.
    pub address: String,
    /// Whose it is going to be.
    pub account: String,
}

impl Page for ChangeEmail {
    const TEMPLATE: &'static str = "change_email.html";
}

/// Says what came of a link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkResult {
    /// The element's id: `password-changed`, `email-verified`, `email-changed`, `email-change-waiting`,
    /// `email-change-refused`, `sign-in-first`, `joined` or `link-gone`.
    pub id: &'static str,
    /// The heading.
    pub title: Words,
    /// What is to be done now.
    pub text: Words,
    /// Where a new link is asked for.
    pub again_url: Option<String>,
    /// Where the person's account is, once something came of it: `#link-account`.
    pub account_url: Option<String>,
}

impl LinkResult {
    /// The password was replaced.
    pub const fn password_changed() -> Self {
        Self::good("password-changed", Words("reset-done-title"), Words("reset-done"))
    }

    /// The address was confirmed.
    pub const fn email_verified() -> Self {
        Self::good("email-verified", Words("verify-email-done-title"), Words("verify-email-done"))
    }

    /// The account has another address.
    pub const fn email_changed() -> Self {
        Self::good("email-changed", Words("change-email-done-title"), Words("change-email-done"))
    }

    /// The other mailbox has to agree, too.
    pub const fn email_change_waiting() -> Self {
        Self::good("email-change-waiting", Words("change-email-waiting-title"), Words("change-email-waiting"))
    }

    /// Whoever opened the link has to sign in first.
    pub const fn sign_in_first() -> Self {
        Self::good("sign-in-first", Words("change-email-first-title"), Words("change-email-first"))
    }

    /// The account keeps its address.
    pub const fn email_change_refused() -> Self {
        Self::good("email-change-refused", Words("change-email-refused-title"), Words("change-email-refused"))
    }

    /// The account was made.
    pub const fn joined() -> Self {
        Self::good("joined", Words("join-done-title"), Words("join-done"))
    }

    /// The link is good for nothing.
    pub const fn gone(again_url: Option<String>) -> Self {
        let (title, text) = (Words("link-gone-title"), Words("link-gone"));
        Self { id: "link-gone", title, text, again_url, account_url: None }
    }

    const fn good(id: &'static str, title: Words, text: Words) -> Self {
        Self { id, title, text, again_url: None, account_url: None }
    }
}

impl Page for LinkResult {
    const TEMPLATE: &'static str = "link_result.html";
}

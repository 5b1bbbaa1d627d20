//! The second step of a sign-in, and setting a factor up.

use super::{Form, Page, Wait};
use serde::Serialize;
use signet_protocol::factor::Factor;
use signet_service::factors::FactorProblem;

/// Asks for a second factor. Form `#mfa`, field `code`, button `#mfa-submit`; a passkey has the form `#mfa-passkey`, and
/// `#mfa-instead` holds a button for each other factor (`instead`).
#[derive(Clone, Debug, Serialize)]
pub struct SecondFactor {
    /// Holds the sealed request.
    pub form: Form,
    /// Holds the same, for whoever is someone else: form `#mfa-other`, button `#account-other`.
    pub other_account: Form,
    /// The application that the person is on the way to; `None` when it is this server itself.
    pub client_name: Option<String>,
    /// What the person's account is called.
    pub account: String,
    /// The factor that a code is asked for.
    pub code_of: Option<Factor>,
    /// The passkey that will do as well.
    pub passkey: Option<PasskeyQuestion>,
    /// What else will do.
    pub others: Vec<Factor>,
    /// For how many days this browser can be remembered; 0: not at all.
    pub remember_days: u32,
    /// What was wrong with the last try.
    pub problem: Option<Trouble>,
}

impl Page for SecondFactor {
    const TEMPLATE: &'static str = "second_factor.html";
}

/// A question to an authenticator, as `passkey.js` reads it.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyQuestion {
    /// The options as JSON (WebAuthn §5.1.3, §5.1.4).
    pub options: String,
    /// What the answer is checked against, sealed.
    pub state: String,
}

/// Lets the person choose which factor to set up. Form `#enrol`, buttons `#enrol-totp` and `#enrol-passkey` (`factor`).
#[derive(Clone, Debug, Serialize)]
pub struct ChooseFactor {
    /// Holds the sealed request.
    pub form: Form,
    /// Holds the same, for whoever is someone else: button `#account-other`.
    pub other_account: Form,
    /// What the person's account is called.
    pub account: String,
    /// What can be set up.
    pub allowed: Vec<Factor>,
    /// Why that has to wait.
    pub problem: Option<Trouble>,
    /// The page that they came from, if it is one of their account.
    pub back_url: Option<String>,
}

impl Page for ChooseFactor {
    const TEMPLATE: &'static str = "choose_factor.html";
}

/// Sets an authenticator app up. Form `#enrol-totp`, field `code`, button `#enrol-totp-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolTotp {
    /// Holds the sealed request and the sealed secret.
    pub form: Form,
    /// The secret for typing, in groups.
    pub secret: String,
    /// The `otpauth:` address, for a link on a phone.
    pub uri: String,
    /// The same as a QR code: an SVG element.
    pub qr: String,
    /// Whether it takes the place of another one.
    pub replaces: bool,
    /// What was wrong with the last try.
    pub problem: Option<Trouble>,
    /// The page that they came from, if it is one of their account.
    pub back_url: Option<String>,
}

impl Page for EnrolTotp {
    const TEMPLATE: &'static str = "enrol_totp.html";
}

/// Has a passkey made. Form `#enrol-passkey`, field `name`, button `#passkey-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPasskey {
    /// Holds the sealed request.
    pub form: Form,
    /// What the browser is asked.
    pub passkey: PasskeyQuestion,
    /// What was wrong with the last try.
    pub problem: Option<Trouble>,
    /// The page that they came from, if it is one of their account.
    pub back_url: Option<String>,
}

impl Page for EnrolPasskey {
    const TEMPLATE: &'static str = "enrol_passkey.html";
}

/// Shows recovery codes, once: `#recovery-codes`. Form `#continue`, button `#continue-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodes {
    /// Goes on.
    pub form: Form,
    /// The codes.
    pub codes: Vec<String>,
}

impl Page for RecoveryCodes {
    const TEMPLATE: &'static str = "recovery_codes.html";
}

/// Why a factor was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// It is not right.
    Wrong,
    /// It was right, and has been used before.
    Used,
    /// The page was open for too long.
    Expired,
    /// The passkey has been copied.
    Cloned,
    /// Too many tries.
    Limited {
        /// How long until the next one.
        wait: Wait,
    },
}

impl Trouble {
    /// As the page tells it.
    pub fn of(problem: &FactorProblem) -> Self {
        match problem {
            FactorProblem::Used => Self::Used,
            FactorProblem::Expired => Self::Expired,
            FactorProblem::Cloned => Self::Cloned,
            FactorProblem::Limited(limited) => Self::Limited { wait: Wait(limited.retry_after) },
            _ => Self::Wrong,
        }
    }
}

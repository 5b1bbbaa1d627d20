//! What the browser is shown on the way.

use crate::factors::FactorProblem;
use crate::limits::Limited;
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::client::RegisteredClient;
use signet_protocol::factor::Factor;
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use std::sync::Arc;

/// A page of an interaction.
#[derive(Debug)]
pub struct Page {
    /// The sealed request, for the form's hidden field `request`.
    pub request: String,
    /// The client that the person is on the way to; none: their own account here.
    pub client: Option<Arc<RegisteredClient>>,
    /// Where the client will get its answer.
    pub redirect_uri: Option<String>,
    /// The page of the account that the person came from to set a factor up.
    pub back: Option<String>,
    /// What is asked.
    pub kind: PageKind,
}

/// What a page asks.
#[derive(Debug)]
pub enum PageKind {
    /// User name and password.
    SignIn {
        /// Why now.
        reason: SignInReason,
        /// What to put into the user name's field.
        username: String,
        /// What was wrong with the last attempt.
        problem: Option<SignInProblem>,
        /// Signing in with a passkey instead.
        passkey: Option<PasskeyAsk>,
    },
    /// Another factor.
    SecondFactor(Box<FactorPage>),
    /// Which factor is to be set up?
    ChooseFactor {
        /// Whose.
        user: User,
        /// Those that will do.
        allowed: Vec<Factor>,
        /// Too much was begun of late: when it goes on.
        limited: Option<Limited>,
    },
    /// An authenticator app is being set up.
    EnrolTotp(Box<TotpPage>),
    /// A passkey is being made.
    EnrolPasskey {
        /// What the browser is asked.
        ask: PasskeyAsk,
        /// What was wrong with the last attempt.
        problem: Option<FactorProblem>,
    },
    /// Recovery codes, shown once.
    RecoveryCodes {
        /// The codes.
        codes: Vec<Secret<String>>,
    },
    /// Go on as this person, or as someone else?
    SelectAccount {
        /// Who is signed in.
        user: User,
    },
    /// May this client do this?
    Consent {
        /// Who is asked.
        user: User,
        /// All that is asked for.
        scope: Scope,
        /// What was not granted before.
        new: Scope,
    },
}

/// A question to an authenticator (WebAuthn §5.1.3, §5.1.4).
#[derive(Debug, Clone)]
pub struct PasskeyAsk {
    /// The options as JSON.
    pub options: String,
    /// What the answer is checked against, sealed.
    pub state: String,
}

/// What is asked for as a second step.
#[derive(Debug)]
pub struct FactorPage {
    /// Who is asked.
    pub user: User,
    /// The factor that a code is asked for, if any.
    pub code_of: Option<Factor>,
    /// The passkey that will do as well.
    pub passkey: Option<PasskeyAsk>,
    /// What else will do.
    pub others: Vec<Factor>,
    /// For how many days this browser can be remembered; 0: not at all.
    pub remember_days: u32,
    /// What was wrong with the last attempt.
    pub problem: Option<FactorProblem>,
}

/// An authenticator app that is being set up.
#[derive(Debug)]
pub struct TotpPage {
    /// Whether it takes the place of another one.
    pub replaces: bool,
    /// The secret, sealed.
    pub state: String,
    /// The secret for typing, in groups.
    pub base32: Secret<String>,
    /// The `otpauth:` address, for a link on a phone.
    pub uri: Secret<String>,
    /// The same as a QR code (SVG).
    pub qr: Secret<String>,
    /// What was wrong with the last attempt.
    pub problem: Option<FactorProblem>,
}

/// Why a sign-in did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// User name or password: it is not told which.
    WrongCredentials,
    /// Too many failures.
    Limited(Limited),
    /// Too many sign-ins at once.
    Busy,
    /// The page was open for too long.
    PageExpired,
    /// The passkey's answer was not accepted.
    PasskeyRefused,
}

//! Which limits there are, and what they let through unless an operator says otherwise.

use signet_store::{Rule, Strategy};
use std::time::Duration;

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitName {
    /// Failed sign-ins at one account, from anywhere.
    SignInAccount,
    /// Failed sign-ins from one network, at any account.
    SignInNetwork,
    /// Failed sign-ins at one account from one network.
    SignInPair,
    /// Failed sign-ins at one account from a browser that signed in there before: in place of the three others.
    SignInDevice,
    /// Wrong second factors at one account.
    SecondFactor,
    /// Wrong recovery codes at one account.
    RecoveryCode,
    /// Steps of setting a factor up, by one account: whoever has only the password could have them made without end.
    Enrolment,
    /// Changes of one kind that one person makes to their own account, and copies of its data: for each a mail is sent, or an
    /// event recorded.
    AccountChange,
    /// Mails with a link to a new password, to one account, asked for from one network or in one browser that it was signed
    /// in with before.
    ResetMail,
    /// Mails with a link to a new password, to one account, asked for by strangers from anywhere.
    ResetMailAccount,
    /// Mails with a link to a new password, asked for from one network, or in one browser that somebody signed in with
    /// before: there, for accounts that it does not know, from its network, too.
    ResetMailNetwork,
    /// Passwords that are chosen by one link.
    Link,
    /// Passwords that are chosen by links, from one network.
    LinkNetwork,
    /// Mails that verify or change an address or bring a code, to one account, or to one address, asked for from one network.
    VerificationMail,
    /// Mails to one address that is to be somebody's: asked for by strangers from anywhere, and, for itself, by people in
    /// their accounts.
    VerificationMailAddress,
    /// Failed client authentication, for one client from one network.
    ClientAuthentication,
    /// Failed client authentication from one network, for any client.
    ClientAuthenticationNetwork,
    /// New accounts from one network.
    Registration,
    /// Requests to the token endpoint by one client; by a public one, from one network.
    TokenClient,
    /// Requests to the introspection endpoint by one client.
    IntrospectionClient,
    /// Requests to the revocation endpoint by one client; by a public one, from one network.
    RevocationClient,
    /// Requests to the userinfo endpoint about one person, by one client.
    UserinfoSubject,
    /// Calls of the administration API by one person with one client, or by one client in its own name.
    AdministrationSubject,
}

/// What a limit lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// How what has passed weighs on what comes.
    pub strategy: Strategy,
    /// How many; `None`: any number.
    pub number: Option<u32>,
    /// In how long a time, in seconds.
    pub period: u32,
    /// How many at once, where the strategy has such a thing.
    pub burst: Option<u32>,
}

impl LimitSettings {
    /// The rule to count by; `None`: any number.
    pub(super) fn rule(self) -> Option<Rule> {
        let Self { strategy, number, period, burst } = self;
        Some(Rule::new(strategy, number?, Duration::from_secs(period.into()), burst))
    }
}

impl LimitName {
    /// Every limit, in the order of the README.
    pub const ALL: [Self; 23] = [
        Self::SignInAccount,
        Self::SignInNetwork,
        Self::SignInPair,
        Self::SignInDevice,
        Self::SecondFactor,
        Self::RecoveryCode,
        Self::Enrolment,
        Self::AccountChange,
        Self::ResetMail,
        Self::ResetMailAccount,
        Self::ResetMailNetwork,
        Self::Link,
        Self::LinkNetwork,
        Self::VerificationMail,
        Self::VerificationMailAddress,
        Self::ClientAuthentication,
        Self::ClientAuthenticationNetwork,
        Self::Registration,
        Self::TokenClient,
        Self::IntrospectionClient,
        Self::RevocationClient,
        Self::UserinfoSubject,
        Self::AdministrationSubject,
    ];

    /// Its name: in the configuration, in answers, in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInAccount => "sign_in_account",
            Self::SignInNetwork => "sign_in_network",
            Self::SignInPair => "sign_in_pair",
            Self::SignInDevice => "sign_in_device",
            Self::SecondFactor => "second_factor",
            Self::RecoveryCode => "recovery_code",
            Self::Enrolment => "enrolment",
            Self::AccountChange => "account_change",
            Self::ResetMail => "reset_mail",
            Self::ResetMailAccount => "reset_mail_account",
            Self::ResetMailNetwork => "reset_mail_network",
            Self::Link => "link",
            Self::LinkNetwork => "link_network",
            Self::VerificationMail => "verification_mail",
            Self::VerificationMailAddress => "verification_mail_address",
            Self::ClientAuthentication => "client_authentication",
            Self::ClientAuthenticationNetwork => "client_authentication_network",
            Self::Registration => "registration",
            Self::TokenClient => "token_client",
            Self::IntrospectionClient => "introspection_client",
            Self::RevocationClient => "revocation_client",
            Self::UserinfoSubject => "userinfo_subject",
            Self::AdministrationSubject => "administration_subject",
        }
    }

    /// What it lets through if nobody says otherwise.
    pub const fn default_settings(self) -> LimitSettings {
        let (strategy, number, period) = match self {
            Self::SignInAccount => (Strategy::FixedWindow, Some(20), 900),
            Self::SignInNetwork => (Strategy::FixedWindow, Some(50), 900),
            Self::SignInPair | Self::SignInDevice | Self::SecondFactor => {
                (Strategy::FixedWindow, Some(10), 900)
            }
            Self::RecoveryCode => (Strategy::FixedWindow, Some(10), 3600),
            Self::Enrolment => (Strategy::SlidingWindow, Some(30), 900),
            Self::AccountChange => (Strategy::SlidingWindow, Some(30), 3600),
            Self::ResetMail => (Strategy::SlidingWindow, Some(3), 3600),
            Self::ResetMailNetwork => (Strategy::SlidingWindow, Some(20), 3600),
            Self::LinkNetwork => (Strategy::SlidingWindow, Some(60), 3600),
            Self::VerificationMail => (Strategy::SlidingWindow, Some(5), 3600),
            Self::VerificationMailAddress => (Strategy::SlidingWindow, Some(20), 3600),
            Self::ClientAuthentication => (Strategy::SlidingWindow, Some(20), 300),
            Self::ClientAuthenticationNetwork => (Strategy::SlidingWindow, Some(300), 300),
            Self::ResetMailAccount | Self::Link | Self::Registration => {
                (Strategy::SlidingWindow, Some(10), 3600)
            }
            Self::TokenClient
            | Self::IntrospectionClient
            | Self::RevocationClient
            | Self::UserinfoSubject
            | Self::AdministrationSubject => (Strategy::TokenBucket, None, 60),
        };
        LimitSettings { strategy, number, period, burst: None }
    }

    /// The limit of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.as_str() == name)
    }

    /// Whether it may let more or less through for the clients of a tier: it counts what clients ask for.
    pub const fn has_tiers(self) -> bool {
        matches!(
            self,
            Self::TokenClient
                | Self::IntrospectionClient
                | Self::RevocationClient
                | Self::UserinfoSubject
                | Self::AdministrationSubject
        )
    }

    /// Whether it stands before guesses at somebody's secrets, or before what would flood their mailbox: it protects people,
    /// whoever administers.
    pub const fn guards(self) -> bool {
        !matches!(
            self,
            Self::Registration
                | Self::TokenClient
                | Self::IntrospectionClient
                | Self::RevocationClient
                | Self::UserinfoSubject
                | Self::AdministrationSubject
        )
    }

    /// Whether it counts guesses at what somebody proves themselves with besides the password: few in a million.
    pub(crate) const fn counts_factors(self) -> bool {
        matches!(self, Self::SecondFactor | Self::RecoveryCode)
    }

    /// Whether whoever uses it up again and again waits longer each time: where what is counted are guesses at one secret.
    pub(super) const fn rises(self) -> bool {
        matches!(
            self,
            Self::SignInAccount
                | Self::SignInPair
                | Self::SignInDevice
                | Self::SecondFactor
                | Self::RecoveryCode
        )
    }
}

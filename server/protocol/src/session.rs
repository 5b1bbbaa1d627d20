//! A browser session: who signed in, how, and until when it counts.

use crate::environment::Moment;
use crate::factor::{Factor, Proof};
use crate::id::{InteractionId, SessionId, UserId};
use serde::{Deserialize, Serialize};

/// How strongly a person was authenticated (`acr`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "aal1")]
    Aal1,
    /// Two factors.
    #[serde(rename = "aal2")]
    Aal2,
    /// Phishing-resistant.
    #[serde(rename = "phr")]
    Phr,
}

impl Acr {
    /// Every value, weakest first.
    pub const ALL: [Self; 3] = [Self::Aal1, Self::Aal2, Self::Phr];

    /// The level that a value names.
    pub fn named(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == value)
    }

    /// The `acr` claim's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
            Self::Phr => "phr",
        }
    }
}

/// The facts of an authentication that tokens repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// When the person proved themselves (`auth_time`).
    pub auth_time: Moment,
    /// How strongly (`acr`).
    pub acr: Acr,
    /// By which means (`amr`, RFC 8176).
    pub amr: Vec<String>,
}

/// RFC 8176 §2: "Multiple-factor authentication […]. When this is present, specific authentication methods used may also be
/// included."
const MFA: &str = "mfa";

impl Authentication {
    /// A password alone.
    pub fn by_password(at: Moment) -> Self {
        Self { auth_time: at, acr: Acr::Aal1, amr: vec!["pwd".to_owned()] }
    }

    /// A passkey alone: it is held, and it verified its user.
    pub fn by_passkey(proof: Proof) -> Self {
        let nothing = Self { auth_time: proof.at, acr: Acr::Aal1, amr: Vec::new() };
        let mut proved = nothing.raised(proof);
        proved.amr.push(MFA.to_owned());
        proved
    }

    /// The same with one more factor. `auth_time` stays: what was proved then is no younger for it.
    #[must_use]
    pub fn raised(mut self, proof: Proof) -> Self {
        let second = !self.amr.is_empty() && proof.factor.acr() > Acr::Aal1;
        for value in proof.amr().iter().copied().chain(second.then_some(MFA)) {
            if !self.amr.iter().any(|known| known == value) {
                self.amr.push(value.to_owned());
            }
        }
        self.acr = self.acr.max(proof.factor.acr());
        self
    }
}

/// A signed-in browser session, as loaded while it is live.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its public identifier, stable for its whole life.
    pub sid: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// The latest authentication.
    pub authentication: Authentication,
    /// The interaction that the latest authentication was recorded with: proof that `prompt=login` was obeyed.
    pub authenticated_in: Option<InteractionId>,
    /// How the second step was taken, if there was one.
    pub second_step: Option<SecondStep>,
    /// When it began.
    pub created_at: Moment,
    /// When it was last used (kept to a minute's precision).
    pub last_seen_at: Moment,
    /// Its absolute end.
    pub expires_at: Moment,
}

/// How a sign-in's second step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondStep {
    /// With a factor.
    Factor(Factor),
    /// Not at all: this browser is remembered from an earlier one, which raises no `acr`.
    Remembered,
}

impl SecondStep {
    const ALL: [Self; 5] = [
        Self::Factor(Factor::Totp),
        Self::Factor(Factor::Passkey),
        Self::Factor(Factor::RecoveryCode),
        Self::Factor(Factor::EmailCode),
        Self::Remembered,
    ];

    /// Its name as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Factor(factor) => factor.as_str(),
            Self::Remembered => "remembered",
        }
    }

    /// The step that a name stands for.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }
}

/// A sign-in whose password was right and that owes a second factor. It is no session: nothing but the next step accepts
/// it, and a second factor alone makes a session of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialSignIn {
    /// Whose password it was.
    pub user_id: UserId,
    /// The interaction it was typed in.
    pub tx: InteractionId,
    /// When.
    pub at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::fixtures::{now, seconds};

    fn proof(factor: Factor, synchronised: bool) -> Proof {
        Proof { factor, synchronised, at: now() }
    }

    /// RFC 8176 §2; the contract's `acr` values.
    #[test]
    fn amr_and_acr_tell_what_was_proved() {
        let password = || Authentication::by_password(now() - seconds(60));
        for (authentication, acr, amr) in [
            (password(), Acr::Aal1, "pwd"),
            (password().raised(proof(Factor::Totp, false)), Acr::Aal2, "pwd otp mfa"),
            (password().raised(proof(Factor::RecoveryCode, false)), Acr::Aal2, "pwd otp mfa"),
            (password().raised(proof(Factor::EmailCode, false)), Acr::Aal1, "pwd otp"),
            (password().raised(proof(Factor::Passkey, false)), Acr::Phr, "pwd hwk user mfa"),
            (password().raised(proof(Factor::Passkey, true)), Acr::Phr, "pwd swk user mfa"),
            (Authentication::by_passkey(proof(Factor::Passkey, true)), Acr::Phr, "swk user mfa"),
        ] {
            assert_eq!((authentication.acr, authentication.amr.join(" ").as_str()), (acr, amr));
        }
    }

    #[test]
    fn a_later_factor_makes_the_password_no_younger() {
        let raised = Authentication::by_password(now() - seconds(60)).raised(proof(Factor::Totp, false));
        assert_eq!(raised.auth_time, now() - seconds(60));
        let again = raised.raised(proof(Factor::EmailCode, false));
        assert_eq!((again.acr, again.amr.join(" ").as_str()), (Acr::Aal2, "pwd otp mfa"));
    }
}

//! Codes sent by mail: the weakest factor, for whoever has no other, where the operator allows it.

use super::{FactorProblem, Factors, proof};
use crate::limits::{LimitKey, LimitName};
use crate::mail::Mail;
use chrono::TimeDelta;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::factor::{Factor, Proof};
use signet_protocol::user::User;
use signet_store::{Committed, SentCode};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// How long a code counts, in minutes (NIST SP 800-63B-4 §3.1.3.2: ten at most).
const MINUTES: u32 = 10;
/// How many guesses a code stands.
const GUESSES: u32 = 5;
/// The digits of a code.
const DIGITS: usize = 8;

impl Factors {
    /// Whether codes can be sent to a person: to a verified address, where the operator allows it and mail is on.
    pub(super) fn may_send_codes(&self, user: &User) -> bool {
        self.settings.email_codes && self.mails.is_on() && user.email_verified && user.email.is_some()
    }

    /// Sends a new code to a person's address; any earlier one counts no more.
    pub async fn send_email_code(&self, user: &User, origin: &Origin) -> Result<(), FactorProblem> {
        let address = user.email.clone().filter(|_| self.may_send_codes(user));
        let address = address.ok_or(FactorProblem::NotOffered)?;
        let taken = self.limits.take(LimitName::VerificationMail, &LimitKey::account(&user.id)).await;
        taken.map_err(|limited| {
            self.refused((Some(&user.id), Factor::EmailCode), origin, FactorProblem::Limited(limited))
        })?;
        // 2⁶⁴ is so much more than 10⁸ that no code is likelier than another.
        let number = u64::from_be_bytes(self.random.bytes()?) % 10_u64.pow(DIGITS as u32);
        let code = Zeroizing::new(format!("{number:0DIGITS$}"));
        let sealed = self.master.seal("email_codes", "code", user.id.as_str(), code.as_bytes())?;
        let mail = Mail::EmailCode { code: code.to_string(), minutes: MINUTES };
        let told = self.told(user, origin, (Event::EmailCodeSent, mail))?;
        let now = self.clock.now();
        let times = (now, now + TimeDelta::minutes(MINUTES.into()));
        let sent = SentCode { user_id: user.id.clone(), address, code: sealed };
        match self.store.email_codes().put(sent, times, told).await? {
            Committed::Yes => {
                self.mails.wake();
                Ok(())
            }
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::NotEnrolled),
        }
    }

    /// Checks a code that was sent, and uses it up. [`FactorProblem::Expired`]: there is none that counts, or it was
    /// guessed at too often; another one has to be sent.
    pub async fn check_email_code(
        &self,
        user: &User,
        code: &str,
        origin: &Origin,
    ) -> Result<Proof, FactorProblem> {
        let compare = self.compare_email_code(user, code, origin);
        self.guess(LimitName::SecondFactor, (&user.id, Factor::EmailCode), origin, compare).await
    }

    async fn compare_email_code(
        &self,
        user: &User,
        code: &str,
        origin: &Origin,
    ) -> Result<Proof, FactorProblem> {
        if !self.may_send_codes(user) {
            return Err(FactorProblem::NotOffered);
        }
        let code = Zeroizing::new(code.chars().filter(|digit| !digit.is_whitespace()).collect::<String>());
        if code.len() != DIGITS || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(FactorProblem::Malformed);
        }
        let now = self.clock.now();
        let sent = self.store.email_codes().guess(user.id.clone(), now, GUESSES).await?;
        // It shows that an address is theirs: not the one that they had when it was sent.
        let sent = sent.filter(|sent| user.email.as_ref() == Some(&sent.address));
        let sent = sent.ok_or(FactorProblem::Expired)?;
        let right = self.master.open("email_codes", "code", user.id.as_str(), &sent.code)?;
        if !bool::from(right.ct_eq(code.as_bytes())) {
            return Err(FactorProblem::Wrong);
        }
        let event = self.event(&user.id, origin, Event::FactorUsed { factor: Factor::EmailCode });
        match self.store.email_codes().spend(sent, vec![event]).await? {
            Committed::Yes => Ok(proof(Factor::EmailCode, now)),
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::Used),
        }
    }
}

//! A person changes their password.

use super::{Account, NotDone};
use crate::authorize::{Present, Visit};
use crate::limits::{LimitKey, LimitName, Limited};
use crate::mail::Mail;
use crate::signin::password::{Unfit, Verdict};
use signet_protocol::audit::Event;
use signet_protocol::password::{PasswordFault, PasswordPolicy, Person};
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, PasswordChange, StoreError};

/// What the form holds.
#[derive(Debug)]
pub struct PasswordForm {
    /// The present password; without meaning for whoever has none.
    pub current: Secret<String>,
    /// The one to come.
    pub new: Secret<String>,
}

/// How it came out.
#[derive(Debug)]
pub enum PasswordOutcome {
    /// It is changed. This session goes on under a new secret, every other one has ended.
    Done {
        /// What the session cookie holds from now on.
        session: Secret<String>,
    },
    /// The present one was not right.
    WrongCurrent,
    /// The new one cannot be chosen.
    Faulty(Vec<PasswordFault>),
    /// The present one was wrong too often.
    Limited {
        /// When to come again, in seconds.
        retry_after: u32,
    },
    /// Too many passwords are looked at already.
    Busy,
    /// The password or the session changed meanwhile.
    Overtaken,
}

impl Account {
    /// How long passwords must be.
    pub fn password_policy(&self) -> PasswordPolicy {
        self.passwords.policy()
    }

    /// Changes the password of whoever knows the present one, and ends everything that was signed in by it but the session
    /// it is changed from.
    pub async fn change_password(
        &self,
        present: &Present,
        form: PasswordForm,
        visit: &Visit<'_>,
    ) -> Result<PasswordOutcome, NotDone> {
        if let Some(refused) = self.check_current(present, &form.current).await {
            return Ok(refused);
        }
        self.take(present, "password", visit.origin).await?;
        let password_hash = match self.passwords.choose(&form.new, Person::of(&present.user)).await {
            Ok(hash) => hash,
            Err(Unfit::Faults(faults)) => return Ok(PasswordOutcome::Faulty(faults)),
            Err(Unfit::Busy(_)) => return Ok(PasswordOutcome::Busy),
        };
        let Some(old) = visit.session else { return Ok(PasswordOutcome::Overtaken) };
        let session = Secret::new(self.random.secret().map_err(unready)?);
        let event = self.event(present, visit.origin, Event::PasswordChanged { by: "self" });
        let change = PasswordChange {
            password_hash,
            verified: present.user.password_hash.clone(),
            sid: present.session.sid.clone(),
            old: SecretHash::of(old.expose().as_bytes()),
            new: SecretHash::of(session.expose().as_bytes()),
            now: event.at,
        };
        let mails = self.mails.to_user(&present.user, Mail::PasswordChanged).map_err(StoreError::from)?;
        let written = self.of(present).change_password(change, (vec![event], mails)).await?;
        self.feed.announce(&written.changes).await;
        self.mails.wake();
        Ok(match written.committed {
            Committed::Yes => PasswordOutcome::Done { session },
            Committed::Stale | Committed::SubjectGone => PasswordOutcome::Overtaken,
        })
    }

    /// What stands in the way, unless the present password is right: a session alone, be it stolen or left open, changes
    /// nothing. Guesses count like failed sign-ins.
    async fn check_current(&self, present: &Present, current: &Secret<String>) -> Option<PasswordOutcome> {
        let hash = present.user.password_hash.as_ref()?;
        let key = LimitKey::account(&present.user.id);
        if let Err(Limited { retry_after, .. }) = self.limits.take(LimitName::SignInAccount, &key).await {
            return Some(PasswordOutcome::Limited { retry_after });
        }
        let compared =
            async { self.passwords.verify(self.passwords.place().await?, current, Some(hash)).await };
        let refused = match compared.await {
            Ok(Verdict::Right | Verdict::RightButWeak(_)) => None,
            Ok(Verdict::Wrong) => return Some(PasswordOutcome::WrongCurrent),
            Err(_) => Some(PasswordOutcome::Busy),
        };
        self.limits.give_back(LimitName::SignInAccount, &key).await;
        refused
    }
}

fn unready(error: impl ToString) -> StoreError {
    StoreError::Unavailable(error.to_string().into())
}

//! A person has their account deleted: after some days, in which they may sign in and think again.

use super::{Account, NotDone};
use crate::authorize::Present;
use crate::mail::Mail;
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Moment;
use signet_protocol::principal::Principal;
use signet_store::{Leaving, StoreError};

/// How many accounts are removed in one go.
const AT_ONCE: u64 = 100;

/// How having one's account deleted came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionOutcome {
    /// It is going to be deleted at this moment.
    At(Moment),
    /// Nobody else could administer this server, or nobody else owns it: somebody else has to be able to first.
    LastAdministrator,
}

impl Account {
    /// When this person's account is going to be deleted, if it is.
    pub async fn deletion(&self, present: &Present) -> Result<Option<Moment>, StoreError> {
        self.of(present).deletion().await
    }

    /// How many days a person has to think again.
    pub fn grace_days(&self) -> u32 {
        self.settings.live().deletion_grace_days
    }

    /// Has the account deleted when its days of grace are over; gives that moment. Everything that is signed in by it
    /// ends now, this browser's session too.
    pub async fn schedule_deletion(
        &self,
        present: &Present,
        origin: &Origin,
    ) -> Result<DeletionOutcome, NotDone> {
        self.take(present, "deletion", origin).await?;
        let now = self.clock.now();
        let at = now + TimeDelta::days(self.grace_days().into());
        let event = self.event(present, origin, Event::DeletionScheduled { at });
        let mail = Mail::AccountDeletionScheduled { at };
        let mails = self.mails.to_user(&present.user, mail).map_err(StoreError::from)?;
        match self.of(present).schedule_deletion(at, now, (vec![event], mails)).await? {
            Leaving::Yes(changes) => {
                self.feed.announce(&changes).await;
                self.mails.wake();
                Ok(DeletionOutcome::At(at))
            }
            // Another tab was faster: what it was told holds.
            Leaving::Already => Ok(DeletionOutcome::At(self.deletion(present).await?.unwrap_or(at))),
            Leaving::LastAdministrator => Ok(DeletionOutcome::LastAdministrator),
        }
    }

    /// Keeps the account after all.
    pub async fn keep(&self, present: &Present, origin: &Origin) -> Result<(), StoreError> {
        let event = self.event(present, origin, Event::DeletionCancelled);
        self.of(present).cancel_deletion(vec![event]).await?;
        Ok(())
    }

    /// Removes the accounts whose days of grace are over.
    pub(crate) async fn remove_due(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        for id in self.store.users().due_for_deletion(now, AT_ONCE).await? {
            let subjects = Subjects { user_id: Some(id.clone()), ..Subjects::default() };
            let event = Event::UserRemoved;
            let events =
                vec![AuditEvent { at: now, origin: Origin::local(Principal::Server), subjects, event }];
            // One that cannot be removed keeps nobody else's waiting.
            match self.store.users().remove_due(id, now, events).await {
                Ok(written) => self.feed.announce(&written.changes).await,
                Err(error) => tracing::warn!(%error, "an account could not be deleted; it is tried again"),
            }
        }
        Ok(())
    }
}

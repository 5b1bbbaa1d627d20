//! A person has their account deleted: after some days, in which they may sign in and think again.

use super::Account;
use crate::authorize::Present;
use crate::mail::Mail;
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Moment;
use signet_store::{Committed, StoreError};

/// How many accounts are removed in one go.
const AT_ONCE: u64 = 100;

impl Account {
    /// When this person's account is going to be deleted, if it is.
    pub async fn deletion(&self, present: &Present) -> Result<Option<Moment>, StoreError> {
        self.of(present).deletion().await
    }

    /// How many days a person has to think again.
    pub fn grace_days(&self) -> u32 {
        self.settings.deletion_grace_days
    }

    /// Has the account deleted when its days of grace are over; gives that moment. Everything that is signed in by it
    /// ends now, this browser's session too.
    pub async fn schedule_deletion(&self, present: &Present, origin: &Origin) -> Result<Moment, StoreError> {
        let now = self.clock.now();
        let at = now + TimeDelta::days(self.grace_days().into());
        let event = self.event(present, origin, Event::DeletionScheduled { at });
        let mails = self.mails.to_user(&present.user, Mail::AccountDeletionScheduled { at })?;
        let written = self.of(present).schedule_deletion(at, now, (vec![event], mails)).await?;
        self.feed.announce(&written.changes).await;
        self.mails.wake();
        match written.committed {
            Committed::Yes => Ok(at),
            // Another tab was faster: what it was told holds.
            Committed::Stale | Committed::SubjectGone => Ok(self.deletion(present).await?.unwrap_or(at)),
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
            let event = Event::UserRemoved { by: "self" };
            let events = vec![AuditEvent { at: now, origin: Origin::default(), subjects, event }];
            // One that cannot be removed keeps nobody else's waiting.
            match self.store.users().remove_due(id, now, events).await {
                Ok(written) => self.feed.announce(&written.changes).await,
                Err(error) => tracing::warn!(%error, "an account could not be deleted; it is tried again"),
            }
        }
        Ok(())
    }
}

//! A person's own account: what they see of it and what they change there.
//!
//! Every use case takes the [`Present`] who asks, as [`Authorizations::account`] let them in, and nobody else's
//! identifier: what is another's is as unknown here as what does not exist.
//!
//! [`Authorizations::account`]: crate::authorize::Authorizations::account

mod applications;
mod deletion;
mod export;
mod factors;
mod form;
mod history;
mod password;
mod profile;
mod sessions;

pub use applications::Connected;
pub use deletion::DeletionOutcome;
pub use factors::{OwnFactors, Protection};
pub use form::{AccountForm, FormProblem};
pub use history::{HistoryPage, Told};
pub use password::{PasswordForm, PasswordOutcome};
pub use profile::ProfileOutcome;
pub use signet_store::OwnSession;

use crate::audit::AuditLog;
use crate::authorize::{Authorizations, Present};
use crate::directory::Directory;
use crate::factors::Factors;
use crate::forms::Forms;
use crate::limits::{LimitKey, LimitName, Limited, Limits};
use crate::mail::Mails;
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::password::Passwords;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Clock, Random};
use signet_protocol::principal::Principal;
use signet_store::{Store, StoreError};
use std::sync::Arc;

/// Why nothing was done.
#[derive(Debug)]
pub enum NotDone {
    /// It was done too often.
    Limited(Limited),
    /// The database could not be asked.
    Store(StoreError),
}

impl From<Limited> for NotDone {
    fn from(limited: Limited) -> Self {
        Self::Limited(limited)
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The parts that a person's account needs.
#[derive(Clone)]
pub struct Account {
    pub(crate) directory: Directory,
    pub(crate) store: Store,
    pub(crate) forms: Forms,
    pub(crate) factors: Factors,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) audit: AuditLog,
    pub(crate) mails: Mails,
    pub(crate) feed: Feed,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
}

impl Account {
    /// The account of the same server as these authorizations.
    pub(crate) fn beside(authorizations: &Authorizations, mails: &Mails) -> Self {
        let Authorizations {
            directory,
            store,
            forms,
            factors,
            passwords,
            limits,
            audit,
            feed,
            clock,
            random,
            settings,
            ..
        } = authorizations.clone();
        let mails = mails.clone();
        Self {
            directory,
            store,
            forms,
            factors,
            passwords,
            limits,
            audit,
            mails,
            feed,
            clock,
            random,
            settings,
        }
    }

    /// What belongs to this person.
    fn of(&self, present: &Present) -> signet_store::Account<'_> {
        self.store.account(&present.user.id)
    }

    /// Counts what a person does here that leaves a mail or an event behind, each kind for itself: one form, sent over and
    /// over, fills neither their mailbox nor the log.
    async fn take(&self, present: &Present, kind: &'static str, origin: &Origin) -> Result<(), Limited> {
        let key = LimitKey::account(&present.user.id).of_kind(kind);
        let taken = self.limits.take(LimitName::AccountChange, &key).await;
        taken.map(drop).inspect_err(|limited| {
            let event = self.event(present, origin, Event::Limited { limit: limited.limit.policy, count: 1 });
            self.audit.note(&event.origin, event.subjects, event.event);
        })
    }

    /// An event of this moment about what a person did in their own session.
    fn event(&self, present: &Present, origin: &Origin, event: Event) -> AuditEvent {
        let subjects = Subjects {
            user_id: Some(present.user.id.clone()),
            sid: Some(present.session.sid.clone()),
            ..Subjects::default()
        };
        let origin = origin.by(Principal::User(present.user.id.clone()));
        AuditEvent { at: self.clock.now(), origin, subjects, event }
    }
}

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

use crate::authorize::{Authorizations, Present};
use crate::directory::Directory;
use crate::factors::Factors;
use crate::forms::Forms;
use crate::limits::Limits;
use crate::mail::Mails;
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::password::Passwords;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Clock, Random};
use signet_protocol::principal::Principal;
use signet_store::Store;
use std::sync::Arc;

/// The parts that a person's account needs.
#[derive(Clone)]
pub struct Account {
    pub(crate) directory: Directory,
    pub(crate) store: Store,
    pub(crate) forms: Forms,
    pub(crate) factors: Factors,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
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
            feed,
            clock,
            random,
            settings,
            ..
        } = authorizations.clone();
        let mails = mails.clone();
        Self { directory, store, forms, factors, passwords, limits, mails, feed, clock, random, settings }
    }

    /// What belongs to this person.
    fn of(&self, present: &Present) -> signet_store::Account<'_> {
        self.store.account(&present.user.id)
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

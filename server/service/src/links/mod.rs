//! Links that are sent by mail, each good for one thing, once: a new password for whoever forgot theirs, an address that is
//! shown to be somebody's, an account that was offered or asked for.
//!
//! Opening a link changes nothing, however often a mail scanner does it; its page's button does. Whether somebody has an
//! account is told to whoever reads their mail, and to nobody else.

mod ask;
mod change;
mod form;
mod join;
pub mod paths;
mod reset;
mod verify;

pub use ask::{Asked, NotAsked, RESET_MINUTES};
pub use change::{ChangeOpened, ChangeOutcome, NoChange, OpenChange};
pub use form::SealedForm;
pub use join::{JoinOutcome, NewAccount};
pub use reset::ResetOutcome;
pub use signet_store::{Mailbox, PendingEmailChange};

use crate::audit::AuditLog;
use crate::authorize::{Authorizations, Visit, unavailable};
use crate::forms::Forms;
use crate::limits::{LimitKey, LimitName, Limited, Limits};
use crate::mail::{Addressee, Mail, Mails};
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::device::Devices;
use crate::signin::password::{Passwords, Unfit};
use form::{Carried, LINK};
use serde::{Deserialize, Serialize};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Clock, Random};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::id::UserId;
use signet_protocol::password::PasswordFault;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{ActionPurpose, ActionToken, Committed, NewActionToken, Store, StoreError};
use std::sync::Arc;

/// The parts that links need.
#[derive(Clone)]
pub struct Links {
    pub(crate) store: Store,
    pub(crate) forms: Forms,
    pub(crate) mails: Mails,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) devices: Devices,
    pub(crate) audit: AuditLog,
    pub(crate) feed: Feed,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
    /// What is done after the answer went out.
    pub(crate) afterwards: ask::Afterwards,
}

/// A link that is good for something, on the page that it opened.
#[derive(Debug)]
pub struct OpenLink {
    /// The page's form.
    pub form: SealedForm,
    /// The address that the link was sent to.
    pub address: String,
    /// What the account is called, or may be called.
    pub name: Option<String>,
}

/// Why a password was not taken. The link is as good as before.
#[derive(Debug)]
pub enum NotChosen {
    /// It may not be chosen.
    Unfit(Vec<PasswordFault>),
    /// Too many passwords are looked at just now.
    Busy,
    /// Too many were chosen by this link, or from this network.
    Limited(Limited),
}

impl From<Unfit> for NotChosen {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Faults(faults) => Self::Unfit(faults),
            Unfit::Busy(_) => Self::Busy,
        }
    }
}

impl From<Limited> for NotChosen {
    fn from(limited: Limited) -> Self {
        Self::Limited(limited)
    }
}

/// What an account that is to be made will have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Offered {
    pub(crate) name: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) language: Option<String>,
}

impl Links {
    /// Links of the same server as these authorizations.
    pub(crate) fn beside(authorizations: &Authorizations, mails: &Mails) -> Self {
        let Authorizations {
            store,
            forms,
            passwords,
            limits,
            devices,
            audit,
            feed,
            clock,
            random,
            settings,
            ..
        } = authorizations.clone();
        let mails = mails.clone();
        let afterwards = ask::Afterwards::new();
        Self {
            store,
            forms,
            mails,
            passwords,
            limits,
            devices,
            audit,
            feed,
            clock,
            random,
            settings,
            afterwards,
        }
    }

    /// Whether a forgotten password can be replaced: by mail, if there is mail.
    pub fn offers_reset(&self) -> bool {
        self.mails.is_on()
    }

    /// Whether people may make accounts of their own.
    pub fn offers_registration(&self) -> bool {
        self.settings.live().self_registration && self.mails.is_on()
    }

    /// Opens the page of a link; `None`: the link is good for nothing (any more).
    pub async fn open_reset(
        &self,
        token: &str,
        visit: &Visit<'_>,
    ) -> Result<Option<OpenLink>, AuthorizeRefusal> {
        self.open(token, &[ActionPurpose::ResetPassword], visit).await
    }

    /// The same for a link that shows that an address is somebody's.
    pub async fn open_verification(
        &self,
        token: &str,
        visit: &Visit<'_>,
    ) -> Result<Option<OpenLink>, AuthorizeRefusal> {
        self.open(token, &[ActionPurpose::VerifyEmail], visit).await
    }

    /// The same for a link by which an account is made.
    pub async fn open_joining(
        &self,
        token: &str,
        visit: &Visit<'_>,
    ) -> Result<Option<OpenLink>, AuthorizeRefusal> {
        self.open(token, &[ActionPurpose::Invitation, ActionPurpose::Registration], visit).await
    }

    async fn open(
        &self,
        token: &str,
        purposes: &[ActionPurpose],
        visit: &Visit<'_>,
    ) -> Result<Option<OpenLink>, AuthorizeRefusal> {
        let Some((found, _)) = self.find(token, purposes).await? else { return Ok(None) };
        let form = self.seal(LINK, &Carried { token: token.to_owned() }, visit)?;
        let name = match &found.user {
            Some(user) => user.profile.name.clone().or_else(|| Some(user.username.clone())),
            None => offered(&found).name,
        };
        Ok(Some(OpenLink { form, address: found.address, name }))
    }

    /// What the page of a link brought back, if the link is good for something still.
    async fn carried(
        &self,
        sealed: &str,
        purposes: &[ActionPurpose],
        visit: &Visit<'_>,
    ) -> Result<Option<(ActionToken, SecretHash)>, AuthorizeRefusal> {
        let carried: Carried = self.unseal(LINK, sealed, visit)?;
        self.find(&carried.token, purposes).await
    }

    async fn find(
        &self,
        token: &str,
        purposes: &[ActionPurpose],
    ) -> Result<Option<(ActionToken, SecretHash)>, AuthorizeRefusal> {
        let hash = SecretHash::of(token.as_bytes());
        let found = self.store.action_tokens().find(&hash, self.clock.now()).await.map_err(unavailable)?;
        let good = |found: &ActionToken| purposes.contains(&found.purpose) && self.is_offered(found);
        Ok(found.filter(good).map(|found| (found, hash)))
    }

    /// Whether the operator still wants what the link is good for.
    fn is_offered(&self, found: &ActionToken) -> bool {
        found.purpose != ActionPurpose::Registration
            || (self.offers_registration() && self.is_welcome(&found.address))
    }

    /// Before a password is looked at: a link would be an open door to the work that it makes.
    async fn take_choice(
        &self,
        hash: &SecretHash,
        user_id: Option<&UserId>,
        visit: &Visit<'_>,
    ) -> Result<(), Limited> {
        let network = LimitKey::network(visit.origin.address);
        self.take(LimitName::LinkNetwork, &network, (visit.origin, user_id)).await?;
        self.take(LimitName::Link, &LimitKey::link(hash), (visit.origin, user_id)).await
    }

    /// Takes one of a limit; the audit log learns of whoever is refused.
    async fn take(
        &self,
        name: LimitName,
        key: &LimitKey,
        (origin, user_id): (&Origin, Option<&UserId>),
    ) -> Result<(), Limited> {
        let taken = self.limits.take(name, key).await;
        taken.map(drop).inspect_err(|_| {
            let subjects = Subjects { user_id: user_id.cloned(), ..Subjects::default() };
            self.audit.note(origin, subjects, Event::Limited { limit: name.as_str(), count: 1 });
        })
    }

    fn event(&self, origin: &Origin, user_id: Option<&UserId>, event: Event) -> AuditEvent {
        let subjects = Subjects { user_id: user_id.cloned(), ..Subjects::default() };
        AuditEvent { at: self.clock.now(), origin: origin.clone(), subjects, event }
    }
}

fn offered(found: &ActionToken) -> Offered {
    serde_json::from_value(found.details.clone()).unwrap_or_default()
}

/// What the audit log calls a link; nothing can be done with it.
pub(crate) fn name_of(hash: &SecretHash) -> String {
    hash.0.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Where a link of ours leads: below the issuer, whatever host a request named.
pub(crate) fn link(issuer: &str, path: &str, secret: &Secret<String>) -> String {
    format!("{issuer}{path}?token={}", secret.expose())
}

/// A link to send, and the mail that holds it.
pub(crate) struct Sending<'a> {
    pub(crate) store: &'a Store,
    pub(crate) mails: &'a Mails,
    pub(crate) token: NewActionToken,
    pub(crate) to: Addressee,
    pub(crate) mail: Mail,
}

impl Sending<'_> {
    /// Keeps the link's hash and queues its mail.
    pub(crate) async fn send(self, events: Vec<AuditEvent>) -> Result<Committed, StoreError> {
        let mails = self.mails.to(self.to, self.mail)?;
        let committed = self.store.action_tokens().issue(self.token, (events, mails)).await?;
        self.mails.wake();
        Ok(committed)
    }
}

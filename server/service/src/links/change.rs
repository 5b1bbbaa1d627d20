//! Another email address. Both mailboxes have to agree: the new one, so that nobody takes an address that is not theirs; the
//! old one, if it was verified, so that nobody takes an account by its password alone.
//!
//! The link to the new address works for whoever is signed in as the person: where it was mistyped it is a stranger's, who
//! could otherwise press the button and then choose a new password.

use super::form::{Carried, LINK};
use super::{Links, NotAsked, SealedForm, link, paths};
use crate::authorize::{Present, Visit, unavailable};
use crate::limits::{LimitKey, LimitName, Limited};
use crate::mail::{Addressee, Mail, is_address};
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::login::login_key;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{
    AddressStep, Committed, EmailChangeAsked, EmailChangeLink, EmailChangeLinks, Mailbox, NewEmailChange,
    NewMail, PendingEmailChange, Standing, StoreError,
};

/// How long the links are good for: two mailboxes are to be looked into, and one link is worth nothing without the other.
const HOURS: u32 = 24;

/// Why no change was asked for.
#[derive(Debug)]
pub enum NoChange {
    /// No link is sent, whatever is changed; [`NotAsked::Address`]: it is no address.
    NotAsked(NotAsked),
    /// Accounts are for addresses of other domains.
    Domain,
    /// It is the person's address already.
    Same,
    /// The person's user name is an address that cannot go along.
    NameStays,
    /// Something changed meanwhile.
    Overtaken,
    /// The database.
    Store(StoreError),
}

impl<E: Into<NotAsked>> From<E> for NoChange {
    fn from(not_asked: E) -> Self {
        Self::NotAsked(not_asked.into())
    }
}

impl From<StoreError> for NoChange {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A link of a change, on the page that it opened.
#[derive(Debug)]
pub struct OpenChange {
    /// The page's form.
    pub form: SealedForm,
    /// Which mailbox it was sent to.
    pub mailbox: Mailbox,
    /// The new address.
    pub address: String,
    /// What the account is called.
    pub account: String,
}

/// What opening a link came to.
#[derive(Debug)]
pub enum ChangeOpened {
    /// Its page.
    Open(Box<OpenChange>),
    /// Whoever opened it has to sign in first.
    SignIn,
    /// It is good for nothing any more.
    Gone,
}

/// What the page of a link came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// The account has the new address.
    Changed,
    /// The other mailbox has to agree, too.
    Waiting,
    /// Nothing yet: whoever pressed the button has to sign in first.
    SignIn,
    /// The owner of the old address will not have it.
    Refused,
    /// The link is good for nothing any more.
    Gone,
}

/// Links with their hashes.
struct ChangeLinks {
    confirm: Secret<String>,
    approve: Option<Secret<String>>,
    hashes: EmailChangeLinks,
}

impl Links {
    /// A person's change that is not done yet.
    pub async fn pending_change(&self, present: &Present) -> Result<Option<PendingEmailChange>, StoreError> {
        self.store.email_changes().pending(&present.user.id, self.clock.now()).await
    }

    /// Somebody signed in wants another address. What they are told is the same if it is somebody else's: that one learns of
    /// it by mail.
    pub async fn ask_change(
        &self,
        present: &Present,
        address: &str,
        visit: &Visit<'_>,
    ) -> Result<(), NoChange> {
        let (user, address) = (&present.user, address.trim());
        if !self.mails.is_on() || !is_address(address) {
            return Err(NotAsked::Address.into());
        }
        if has_address(user, address) {
            return Err(NoChange::Same);
        }
        if !self.is_welcome(address) {
            return Err(NoChange::Domain);
        }
        let Some(session) = visit.session else { return Err(NoChange::Overtaken) };
        self.take_change(present, address, visit.origin).await?;
        let links = self.change_links(user.email_verified && user.email.is_some())?;
        let mails = self.change_mails((user, address), &links, HOURS).await?;
        let now = self.clock.now();
        let change = NewEmailChange {
            user: user.clone(),
            sid: present.session.sid.clone(),
            session: SecretHash::of(session.expose().as_bytes()),
            address: address.to_owned(),
            links: links.hashes,
            created_at: now,
            expires_at: now + TimeDelta::hours(HOURS.into()),
        };
        let event = own_event(present, self.event(visit.origin, Some(&user.id), Event::EmailChangeAsked));
        let asked = self.store.email_changes().ask(change, (vec![event], mails)).await?;
        self.mails.wake();
        match asked {
            EmailChangeAsked::Yes => Ok(()),
            EmailChangeAsked::NameStays => Err(NoChange::NameStays),
            EmailChangeAsked::Stale => Err(NoChange::Overtaken),
        }
    }

    /// Sends new links in place of those that were not used yet. They end when those would have ended.
    pub async fn send_change_again(&self, present: &Present, visit: &Visit<'_>) -> Result<(), NoChange> {
        let Some(session) = visit.session else { return Err(NoChange::Overtaken) };
        let Some(seen) = self.pending_change(present).await? else { return Err(NoChange::Overtaken) };
        self.take_change(present, &seen.address, visit.origin).await?;
        let links = self.change_links(seen.approved == Some(false))?;
        let now = self.clock.now();
        let hours = u32::try_from((seen.expires_at - now).num_hours()).unwrap_or(0).max(1);
        let mut mails = self.change_mails((&present.user, &seen.address), &links, hours).await?;
        if seen.confirmed {
            mails.retain(|mail| login_key(&mail.recipient) != login_key(&seen.address));
        }
        let event = Event::LinkSent { purpose: "email_change" };
        let event = own_event(present, self.event(visit.origin, Some(&present.user.id), event));
        let session = SecretHash::of(session.expose().as_bytes());
        let standing = Standing::Session(present.session.sid.clone(), session);
        let (changes, whose) = (self.store.email_changes(), (present.user.id.clone(), seen));
        let sent = changes.send_again(whose, (standing, now), links.hashes, (vec![event], mails)).await?;
        self.mails.wake();
        if sent == Committed::Yes { Ok(()) } else { Err(NoChange::Overtaken) }
    }

    /// Gives a change up. Whether there was one or not: now there is none.
    pub async fn cancel_change(&self, present: &Present, origin: &Origin) -> Result<(), StoreError> {
        let event = self.event(origin, Some(&present.user.id), Event::EmailChangeEnded { by: "self" });
        let events = vec![own_event(present, event)];
        self.store.email_changes().cancel(present.user.id.clone(), events).await.map(drop)
    }

    /// Opens the page of a link.
    pub async fn open_change(
        &self,
        token: &str,
        present: Option<&Present>,
        visit: &Visit<'_>,
    ) -> Result<ChangeOpened, AuthorizeRefusal> {
        let hash = SecretHash::of(token.as_bytes());
        let found = self.store.email_changes().find(&hash, self.clock.now()).await.map_err(unavailable)?;
        let Some(found) = found else { return Ok(ChangeOpened::Gone) };
        if !may_answer(&found, present) {
            return Ok(ChangeOpened::SignIn);
        }
        let form = self.seal(LINK, &Carried { token: token.to_owned() }, visit)?;
        let account = found.user.profile.name.unwrap_or(found.user.username);
        let (mailbox, address) = (found.mailbox, found.address);
        Ok(ChangeOpened::Open(Box::new(OpenChange { form, mailbox, address, account })))
    }

    /// The page's button was pressed: the owner of a mailbox agrees, or does not.
    pub async fn answer_change(
        &self,
        sealed: &str,
        agrees: bool,
        present: Option<&Present>,
        visit: &Visit<'_>,
    ) -> Result<ChangeOutcome, AuthorizeRefusal> {
        let carried: Carried = self.unseal(LINK, sealed, visit)?;
        let hash = SecretHash::of(carried.token.as_bytes());
        let (changes, now) = (self.store.email_changes(), self.clock.now());
        let Some(found) = changes.find(&hash, now).await.map_err(unavailable)? else {
            return Ok(ChangeOutcome::Gone);
        };
        if !may_answer(&found, present) {
            return Ok(ChangeOutcome::SignIn);
        }
        let event = |event| vec![self.event(visit.origin, Some(&found.user.id), event)];
        if !agrees {
            let ended = event(Event::EmailChangeEnded { by: "link" });
            let refused = changes.refuse(hash, now, ended).await.map_err(unavailable)?;
            let done = refused == Committed::Yes;
            return Ok(if done { ChangeOutcome::Refused } else { ChangeOutcome::Gone });
        }
        let mails =
            self.mails.to_user(&found.user, Mail::EmailChanged).map_err(crate::authorize::internal)?;
        let told = (event(Event::EmailChangeAgreed), (event(Event::EmailChanged), mails));
        let step = changes.take(hash, now, told).await.map_err(unavailable)?;
        self.mails.wake();
        Ok(match step {
            AddressStep::Changed => ChangeOutcome::Changed,
            AddressStep::Waiting => ChangeOutcome::Waiting,
            AddressStep::Gone => ChangeOutcome::Gone,
        })
    }

    /// Counts the mails of a change, by the person and to the address that they named. Strangers who ask for accounts with
    /// that address are counted apart: they keep nobody from changing to it.
    async fn take_change(&self, present: &Present, address: &str, origin: &Origin) -> Result<(), Limited> {
        let whom = (origin, Some(&present.user.id));
        self.take(LimitName::VerificationMail, &LimitKey::account(&present.user.id), whom).await?;
        let address = LimitKey::name(address).of_kind("email_change");
        self.take(LimitName::VerificationMailAddress, &address, whom).await
    }

    /// New links; one to the old address, too, if that is asked.
    fn change_links(&self, asks_old: bool) -> Result<ChangeLinks, StoreError> {
        let (confirm, confirm_hash) = self.secret()?;
        let (approve, approve_hash) = asks_old.then(|| self.secret()).transpose()?.unzip();
        let hashes = EmailChangeLinks { confirm: confirm_hash, approve: approve_hash };
        Ok(ChangeLinks { confirm, approve, hashes })
    }

    /// The mails that go out with a change, whose links are good for so many hours.
    async fn change_mails(
        &self,
        (user, address): (&User, &str),
        links: &ChangeLinks,
        hours: u32,
    ) -> Result<Vec<NewMail>, StoreError> {
        let url = |secret: &Secret<String>| link(&self.settings.issuer, paths::CHANGE_EMAIL, secret);
        let namesake = self.store.users().by_login(address).await?.filter(|other| other.id != user.id);
        let mut mails = match namesake {
            Some(owner) if owner.disabled || !has_address(&owner, address) => Vec::new(),
            Some(owner) => self.mails.to_user(&owner, Mail::AddressTaken)?,
            None => {
                let stranger = Addressee::stranger(address.to_owned(), user.profile.locale.clone());
                let mail = Mail::ConfirmAddress { link: url(&links.confirm), hours };
                self.mails.to(stranger, mail)?
            }
        };
        if let Some(approve) = &links.approve {
            let address = address.to_owned();
            let mail = Mail::ApproveAddress { link: url(approve), new: address, hours };
            mails.extend(self.mails.to_user(user, mail)?);
        }
        Ok(mails)
    }
}

/// Whether a link is for whoever is signed in here.
fn may_answer(link: &EmailChangeLink, present: Option<&Present>) -> bool {
    link.mailbox == Mailbox::Old || present.is_some_and(|present| present.user.id == link.user.id)
}

fn has_address(user: &User, address: &str) -> bool {
    user.email.as_deref().is_some_and(|own| login_key(own) == login_key(address))
}

/// An event that happened in a person's own session.
fn own_event(present: &Present, event: AuditEvent) -> AuditEvent {
    let subjects = Subjects { sid: Some(present.session.sid.clone()), ..event.subjects };
    AuditEvent { subjects, ..event }
}

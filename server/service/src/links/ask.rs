//! Asking for a link. The answer says nothing of whether there is an account: what there is to look up is looked up after it
//! went out, so that it takes the same time, too.

use super::{Links, Offered, SealedForm, Sending, link, paths};
use crate::authorize::{Visit, internal};
use crate::limits::{LimitKey, LimitName, Limited};
use crate::mail::{Addressee, Mail, is_address};
use crate::signin::device::Device;
use chrono::TimeDelta;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::environment::Moment;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::id::UserId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{ActionPurpose, NewActionToken, StoreError};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What the seals of the two forms are for.
const FORGOT: &str = "forgot";
const REGISTER: &str = "register";
/// How long a link to a new password is good for.
pub const RESET_MINUTES: u32 = 30;
/// How long a link that verifies an address is good for.
const VERIFY_HOURS: u32 = 24;
/// The most that is done after answers at once; whoever comes then is told to come again.
const AT_ONCE: u32 = 64;

/// A link was asked for: if there is an account, a mail is on its way.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked;

/// Why no link is made, whoever asked.
#[derive(Debug)]
pub enum NotAsked {
    /// There have been too many.
    Limited(Limited),
    /// Too many ask just now.
    Busy,
    /// It is no address, or none that accounts are made for.
    Address,
    /// The form is not ours.
    Refused(AuthorizeRefusal),
}

impl From<AuthorizeRefusal> for NotAsked {
    fn from(refusal: AuthorizeRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Limited> for NotAsked {
    fn from(limited: Limited) -> Self {
        Self::Limited(limited)
    }
}

/// Places for what is done after the answer.
#[derive(Clone)]
pub(crate) struct Afterwards(Arc<Semaphore>);

impl Afterwards {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE as usize)))
    }

    /// Does it when there is a place.
    fn spawn(
        &self,
        work: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) -> Result<(), NotAsked> {
        let place = self.0.clone().try_acquire_owned().map_err(|_| NotAsked::Busy)?;
        tokio::spawn(async move {
            if let Err(error) = work.await {
                tracing::error!(%error, "a link that was asked for could not be made; whoever asked has to ask again");
            }
            drop(place);
        });
        Ok(())
    }

    /// Waits until all of it is done.
    pub(crate) async fn finished(&self) {
        // Nobody closes it.
        let _ = self.0.acquire_many(AT_ONCE).await;
    }
}

impl Links {
    /// Waits until all links are made that were asked for.
    pub(crate) async fn finished(&self) {
        self.afterwards.finished().await;
    }

    /// The form of the page where a link to a new password is asked for.
    pub fn forgot_form(&self, visit: &Visit<'_>) -> Result<SealedForm, AuthorizeRefusal> {
        self.seal(FORGOT, &(), visit)
    }

    /// The form of the page where an account is asked for.
    pub fn register_form(&self, visit: &Visit<'_>) -> Result<SealedForm, AuthorizeRefusal> {
        self.seal(REGISTER, &(), visit)
    }

    /// Somebody forgot the password of the account with this user name or address.
    pub async fn forgot(&self, sealed: &str, login: &str, visit: &Visit<'_>) -> Result<Asked, NotAsked> {
        self.unseal::<()>(FORGOT, sealed, visit)?;
        let network = LimitKey::network(visit.origin.address);
        let device = visit.device.and_then(|cookie| self.devices.read(cookie));
        let place = device.as_ref().map_or_else(|| network.clone(), |device| LimitKey::device(device.id()));
        self.take(LimitName::ResetMailNetwork, &place, (visit.origin, None)).await?;
        let asked = LimitKey::name(login).and(&place);
        self.take(LimitName::ResetMail, &asked, (visit.origin, None)).await?;
        let (links, login, origin) = (self.clone(), login.trim().to_owned(), visit.origin.clone());
        self.afterwards.spawn(async move { links.send_reset(&login, device.as_ref(), &origin).await })?;
        Ok(Asked)
    }

    /// Counts a mail to an account. Its owner, in a browser that signed in there before, is counted apart: strangers who ask
    /// as often as they may do not keep them out.
    async fn take_reset(
        &self,
        user_id: &UserId,
        device: Option<&Device>,
        origin: &Origin,
    ) -> Result<(), Limited> {
        let (account, whom) = (LimitKey::account(user_id), (origin, Some(user_id)));
        if let Some(device) = device.filter(|device| device.knows(user_id)) {
            return self.take(LimitName::ResetMail, &account.and(&LimitKey::device(device.id())), whom).await;
        }
        let network = LimitKey::network(origin.address);
        // The browser alone was counted before: strangers to this account are counted by their network, too.
        if device.is_some() {
            self.take(LimitName::ResetMailNetwork, &network, whom).await?;
        }
        let pair = account.and(&network);
        self.take(LimitName::ResetMail, &pair, whom).await?;
        self.take(LimitName::ResetMailAccount, &account, whom).await
    }

    async fn send_reset(
        &self,
        login: &str,
        device: Option<&Device>,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        let Some(user) = self.store.users().by_login(login).await? else { return Ok(()) };
        let Some(to) = Addressee::of(&user).filter(|_| !user.disabled) else { return Ok(()) };
        // Under another of the account's names, or from elsewhere, there may have been enough. Nobody is told but the audit
        // log: that it is one account is its owner's to know.
        if self.take_reset(&user.id, device, origin).await.is_err() {
            return Ok(());
        }
        let (secret, hash) = self.secret()?;
        let link = link(&self.settings.issuer, paths::RESET, &secret);
        let mail = Mail::ResetPassword { link, minutes: RESET_MINUTES };
        let lifetime = TimeDelta::minutes(RESET_MINUTES.into());
        let event = self.event(origin, Some(&user.id), Event::LinkSent { purpose: "reset_password" });
        let token = self.token((ActionPurpose::ResetPassword, hash), (&to, Some(user)), lifetime);
        let sending = Sending { store: &self.store, mails: &self.mails, token, to, mail };
        sending.send(vec![event]).await.map(drop)
    }

    /// Somebody wants an account with this address. Its owner, if there is one, learns of it by mail.
    pub async fn register(
        &self,
        sealed: &str,
        (address, language): (&str, &str),
        visit: &Visit<'_>,
    ) -> Result<Asked, NotAsked> {
        self.unseal::<()>(REGISTER, sealed, visit)?;
        let address = address.trim();
        if !is_address(address) || !self.is_welcome(address) {
            return Err(NotAsked::Address);
        }
        let (network, whom) = (LimitKey::network(visit.origin.address), (visit.origin, None));
        self.take(LimitName::Registration, &network, whom).await?;
        let address_key = LimitKey::name(address);
        self.take(LimitName::VerificationMail, &address_key.and(&network), whom).await?;
        self.take(LimitName::VerificationMailAddress, &address_key.of_kind("registration"), whom).await?;
        let offered = Offered { language: Some(language.to_owned()), ..Offered::default() };
        let (links, address, origin) = (self.clone(), address.to_owned(), visit.origin.clone());
        self.afterwards.spawn(async move { links.send_registration(address, offered, &origin).await })?;
        Ok(Asked)
    }

    /// Whether accounts are made for addresses of this domain.
    pub(super) fn is_welcome(&self, address: &str) -> bool {
        let domains = &self.settings.live().registration_domains;
        let domain = address.rsplit('@').next().unwrap_or_default();
        domains.is_empty() || domains.iter().any(|welcome| welcome.eq_ignore_ascii_case(domain))
    }

    async fn send_registration(
        &self,
        address: String,
        offered: Offered,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        let issuer = &self.settings.issuer;
        if let Some(user) = self.store.users().by_login(&address).await? {
            let forgot_link = format!("{issuer}{}", paths::FORGOT);
            if user.disabled {
                return Ok(());
            }
            let mails = self.mails.to_user(&user, Mail::AlreadyRegistered { forgot_link })?;
            let event = self.event(origin, Some(&user.id), Event::LinkSent { purpose: "already_registered" });
            return self.mails.queue(mails, vec![event]).await;
        }
        let (secret, hash) = self.secret()?;
        let mail =
            Mail::ConfirmRegistration { link: link(issuer, paths::JOIN, &secret), hours: VERIFY_HOURS };
        let to = Addressee::stranger(address, offered.language.clone());
        let details = serde_json::json!(offered);
        let lifetime = TimeDelta::hours(VERIFY_HOURS.into());
        let token = self.token((ActionPurpose::Registration, hash), (&to, None), lifetime);
        let token = NewActionToken { details, ..token };
        let event = self.event(origin, None, Event::LinkSent { purpose: "registration" });
        let sending = Sending { store: &self.store, mails: &self.mails, token, to, mail };
        sending.send(vec![event]).await.map(drop)
    }

    /// Sends a signed-in person a link that shows that their address is theirs.
    pub async fn send_verification(&self, user: &User, visit: &Visit<'_>) -> Result<Asked, NotAsked> {
        let Some(to) = Addressee::of(user).filter(|_| self.mails.is_on()) else {
            return Err(NotAsked::Address);
        };
        let whom = (visit.origin, Some(&user.id));
        self.take(LimitName::VerificationMail, &LimitKey::account(&user.id), whom).await?;
        let (secret, hash) = self.secret().map_err(internal)?;
        let link = link(&self.settings.issuer, paths::VERIFY_EMAIL, &secret);
        let mail = Mail::VerifyEmail { link, hours: VERIFY_HOURS };
        let lifetime = TimeDelta::hours(VERIFY_HOURS.into());
        let token = self.token((ActionPurpose::VerifyEmail, hash), (&to, Some(user.clone())), lifetime);
        let event = self.event(visit.origin, Some(&user.id), Event::LinkSent { purpose: "verify_email" });
        let sending = Sending { store: &self.store, mails: &self.mails, token, to, mail };
        sending.send(vec![event]).await.map_err(crate::authorize::unavailable)?;
        Ok(Asked)
    }

    pub(super) fn secret(&self) -> Result<(Secret<String>, SecretHash), StoreError> {
        let failed = |_| StoreError::Unavailable("there is no randomness".into());
        let secret = Secret::new(self.random.secret().map_err(failed)?);
        let hash = SecretHash::of(secret.expose().as_bytes());
        Ok((secret, hash))
    }

    fn token(
        &self,
        (purpose, hash): (ActionPurpose, SecretHash),
        (to, user): (&Addressee, Option<User>),
        lifetime: TimeDelta,
    ) -> NewActionToken {
        let created_at: Moment = self.clock.now();
        NewActionToken {
            hash,
            purpose,
            user,
            address: to.address.clone(),
            details: serde_json::Value::Null,
            created_at,
            expires_at: created_at + lifetime,
        }
    }
}

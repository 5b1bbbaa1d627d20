//! Mails to people: what they say is a typed value, sealed and queued in the transaction of what it tells of; a worker
//! sends what is due. Pages and words belong to the app, which hands the worker a function that renders.

mod delivery;
mod letter;
mod masked;
mod message;
mod target;
#[cfg(test)]
mod tests;
mod transport;

pub use letter::{Addressee, Letter, Mail};
pub use message::{Rendered, Sender, is_address};
pub use target::{InvalidTarget, SmtpServer, Target, Tls};
pub use transport::{InvalidAuthority, Transport};

pub(crate) use delivery::{Delivery, LEASE, run};
pub use masked::{masked, veiled};

use signet_jose::MasterKeys;
use signet_jose::seal::SealError;
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::{Clock, Moment, Random, RandomFailed};
use signet_protocol::user::User;
pub use signet_store::{MailRecord, MailState, NewMail, Undelivered};
use signet_store::{Store, StoreError};
use std::sync::Arc;
use tokio::sync::Notify;
use zeroize::Zeroizing;

/// Where a payload is sealed for.
const TABLE: &str = "mails";
const COLUMN: &str = "payload";

/// Turns a letter into its texts.
pub type Render = Arc<dyn Fn(&Letter) -> Result<Rendered, NotRendered> + Send + Sync>;

/// A template that failed. The text names it and holds nothing of the letter.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotRendered(pub String);

/// How mails leave this server.
pub struct Post {
    /// Where to.
    pub transport: Transport,
    /// In whose name.
    pub sender: Sender,
    /// How they read.
    pub render: Render,
}

/// Why a mail could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It has no JSON form.
    #[error("a mail has no JSON form")]
    Json,
}

impl From<Unwritable> for StoreError {
    /// For writes that cannot do without their mail: nothing is written, and the same call may succeed later.
    fn from(unwritable: Unwritable) -> Self {
        Self::Unavailable(format!("a mail could not be made ready: {unwritable}").into())
    }
}

/// Makes mails ready to be queued. Cloning it is cheap.
#[derive(Clone)]
pub struct Mails(Arc<Inner>);

struct Inner {
    store: Store,
    master: Arc<MasterKeys>,
    clock: Clock,
    random: Random,
    is_on: bool,
    queued: Notify,
}

/// What makes mails ready, and what sends them, if there is a way.
pub(crate) fn open(
    store: &Store,
    master: &Arc<MasterKeys>,
    environment: (Clock, Random),
    post: Option<Post>,
) -> (Mails, Option<Delivery>) {
    let mails = Mails::new(store.clone(), master.clone(), environment, post.is_some());
    let delivery = post.map(|post| Delivery { mails: mails.clone(), post: Arc::new(post) });
    (mails, delivery)
}

impl Mails {
    /// `is_on`: whether there is a way for mails to leave. If not, none are made.
    pub fn new(store: Store, master: Arc<MasterKeys>, (clock, random): (Clock, Random), is_on: bool) -> Self {
        Self(Arc::new(Inner { store, master, clock, random, is_on, queued: Notify::new() }))
    }

    /// Whether mails leave this server at all.
    pub fn is_on(&self) -> bool {
        self.0.is_on
    }

    /// A mail to a user, for the store verb that does what it tells of; none if the user has no address, or mail is off.
    /// Call [`Mails::wake`] once it is committed.
    ///
    /// It goes to an address that nobody has verified, too. Nobody gives themselves such a one: whoever joins or changes
    /// their address has shown that it is theirs, so it is the operator's word, by a resource file. By that word the address
    /// gets links to a new password already, and whoever reads it would learn of a thief in no other way.
    pub fn to_user(&self, user: &User, mail: Mail) -> Result<Vec<NewMail>, Unwritable> {
        Addressee::of(user).map_or(Ok(Vec::new()), |addressee| self.to(addressee, mail))
    }

    /// A mail to an address; none if mail is off.
    pub fn to(&self, addressee: Addressee, mail: Mail) -> Result<Vec<NewMail>, Unwritable> {
        if !self.0.is_on {
            return Ok(Vec::new());
        }
        let queued_at = self.0.clock.now();
        let id = self.0.random.id()?;
        let (kind, expires_at) = (mail.kind().to_owned(), mail.expires_at(queued_at));
        let letter = Letter { to: addressee, mail, written_at: queued_at };
        let text = serde_json::to_vec(&letter).map(Zeroizing::new).map_err(|_| Unwritable::Json)?;
        let payload = self.0.master.seal(TABLE, COLUMN, &id, &text)?;
        let Addressee { user_id, address, .. } = letter.to;
        Ok(vec![NewMail { id, kind, user_id, recipient: address, payload, queued_at, expires_at }])
    }

    /// Queues mails that belong to no other write.
    pub async fn queue(&self, mails: Vec<NewMail>, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.0.store.mails().queue(mails, events).await?;
        self.wake();
        Ok(())
    }

    /// Tells this node's worker that something was queued, so that it does not wait for its next look.
    pub fn wake(&self) {
        self.0.queued.notify_one();
    }

    /// How many mails wait or were given up.
    pub async fn undelivered(&self) -> Result<Undelivered, StoreError> {
        self.0.store.mails().undelivered().await
    }

    /// The mails that were given up within the last week, newest first.
    pub async fn dead(&self, limit: u64) -> Result<Vec<MailRecord>, StoreError> {
        self.0.store.mails().dead(limit).await
    }

    fn open(&self, id: &str, payload: &[u8]) -> Option<Letter> {
        let text = self.0.master.open(TABLE, COLUMN, id, payload).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn now(&self) -> Moment {
        self.0.clock.now()
    }
}

/// Seals again, with the present master key, whatever an earlier one sealed; returns how many mails that were.
pub(crate) async fn reseal(store: &Store, master: &MasterKeys) -> Result<u32, ResealError> {
    let mut count = 0;
    for (id, old) in store.mails().sealed().await? {
        if !master.needs_reseal(&old) {
            continue;
        }
        let opened = master.open(TABLE, COLUMN, &id, &old)?;
        let sealed = master.seal(TABLE, COLUMN, &id, &opened)?;
        if store.mails().reseal(id, old, sealed).await? == signet_store::Committed::Yes {
            count += 1;
        }
    }
    Ok(count)
}

/// Why mails could not be sealed again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResealError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
}

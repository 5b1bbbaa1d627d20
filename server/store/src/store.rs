//! The store as a whole: opening, closing, and the way to each of its parts.

use crate::column::moment;
use crate::connect;
use crate::error::StoreError;
use crate::write::Door;
use crate::writer::Queue;
use crate::{
    Account, ActionTokens, Assertions, Audit, AuditKeys, AuditSeals, AuditSinks, Changes, Clients, Codes,
    Consents, EmailChanges, EmailCodes, Emergency, EventCounts, Factors, Grants, Groups, Idempotency, Keys,
    Mails, Nodes, Partials, Passkeys, RecoveryCodes, Refusals, RememberedDevices, Resources, Roles,
    RunTimeSettings, Sessions, Tokens, Totps, Users,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use std::sync::Arc;
use std::time::Duration;

/// How a write that depends on the state of the database came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is durable.
    Yes,
    /// The state is no longer the one that the write was decided on. Nothing was written.
    Stale,
    /// A user, client or session that must be live no longer is. Nothing was written.
    SubjectGone,
}

/// How a write came out that may have ended grants or changed what nodes keep in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Whether it is durable.
    pub committed: Committed,
    /// The entries it added to the feed, for this node's own memory.
    pub changes: Vec<Change>,
}

impl Written {
    pub(crate) fn yes(changes: Vec<Change>) -> Self {
        Self { committed: Committed::Yes, changes }
    }

    pub(crate) fn not(committed: Committed) -> Self {
        Self { committed, changes: Vec::new() }
    }
}

/// Something that may have been declared in a resource file.
#[derive(Clone, Debug, PartialEq)]
pub struct Managed<T> {
    /// The thing itself.
    pub item: T,
    /// Which declaration made it; none: made by hand.
    pub managed_by: Option<String>,
}

/// How the database is opened.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Connections in PostgreSQL's pool, or in SQLite's pool of readers.
    pub connections: u32,
    /// How long a SQLite write waits for another process to finish its own.
    pub busy_timeout: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { connections: 8, busy_timeout: Duration::from_secs(5) }
    }
}

/// The database. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    options: StoreOptions,
    reads: DatabaseConnection,
    door: Door,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The URL may hold a password.
        f.debug_struct("Store").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database that `url` names: `sqlite://data/signet.db?mode=rwc` (the folder is made) or
    /// `postgres://user:password@host/database`. The schema is left as it is: see [`Store::migrate`].
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let (reads, door) = if connect::is_sqlite(url) {
            connect::make_sqlite_file(url)?;
            // The writer comes first: it makes the file and turns write-ahead logging on.
            let queue = Queue::start(url.to_owned(), options.busy_timeout).await?;
            let reads = connect::sqlite_readers(url, options.connections, options.busy_timeout).await?;
            (reads, Door::Queue(queue))
        } else if connect::is_postgres(url) {
            let pool = connect::postgres(url, options.connections).await?;
            (pool.clone(), Door::Pool(pool))
        } else {
            return Err(StoreError::Url("it must begin with sqlite:// or postgres://".into()));
        };
        Ok(Self { inner: Arc::new(Inner { url: url.to_owned(), options, reads, door }) })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.reads().ping().await?)
    }

    /// The database's own time, to compare clocks with. SQLite's is this machine's.
    pub async fn clock(&self) -> Result<Moment, StoreError> {
        let backend = self.reads().get_database_backend();
        // There is no one expression for this.
        let sql = match backend {
            DbBackend::Sqlite => "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            _ => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        };
        let row = self
            .reads()
            .query_one_raw(Statement::from_string(backend, sql))
            .await?
            .ok_or_else(|| StoreError::Corrupt("the database has no clock".into()))?;
        moment(row.try_get_by_index(0)?)
    }

    /// Finishes the writes that were accepted, refuses further ones, and lets the connections go.
    pub async fn close(&self) {
        if let Err(error) = self.reads().close_by_ref().await {
            tracing::warn!(reason = %StoreError::from(error), "the database did not close");
        }
        // SQLite's writer goes last: readers may not fold the write-ahead log into the file, which then stands alone.
        if let Door::Queue(queue) = self.door() {
            queue.close().await;
        }
    }

    pub(crate) fn reads(&self) -> &DatabaseConnection {
        &self.inner.reads
    }

    pub(crate) fn door(&self) -> &Door {
        &self.inner.door
    }

    pub(crate) fn url(&self) -> &str {
        &self.inner.url
    }

    pub(crate) fn options(&self) -> StoreOptions {
        self.inner.options
    }

    /// What makes an emergency pass.
    pub fn emergency(&self) -> Emergency<'_> {
        Emergency(self)
    }

    /// Clients and their secrets.
    pub fn clients(&self) -> Clients<'_> {
        Clients(self)
    }

    /// APIs.
    pub fn resources(&self) -> Resources<'_> {
        Resources(self)
    }

    /// Declared roles.
    pub fn roles(&self) -> Roles<'_> {
        Roles(self)
    }

    /// Groups.
    pub fn groups(&self) -> Groups<'_> {
        Groups(self)
    }

    /// People.
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    /// What people prove themselves with besides the password.
    pub fn factors(&self) -> Factors<'_> {
        Factors(self)
    }

    /// Authenticator apps.
    pub fn totp(&self) -> Totps<'_> {
        Totps(self)
    }

    /// Passkeys.
    pub fn passkeys(&self) -> Passkeys<'_> {
        Passkeys(self)
    }

    /// Codes sent by mail.
    pub fn email_codes(&self) -> EmailCodes<'_> {
        EmailCodes(self)
    }

    /// Browsers in which no second factor is asked for.
    pub fn remembered_devices(&self) -> RememberedDevices<'_> {
        RememberedDevices(self)
    }

    /// Recovery codes.
    pub fn recovery_codes(&self) -> RecoveryCodes<'_> {
        RecoveryCodes(self)
    }

    /// What belongs to one person, as they see and change it themselves.
    pub fn account(&self, person: &UserId) -> Account<'_> {
        Account::of(self, person.clone())
    }

    /// What was counted of events.
    pub fn event_counts(&self) -> EventCounts<'_> {
        EventCounts(self)
    }

    /// The processes that serve.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes(self)
    }

    /// Settings that were changed while the server runs.
    pub fn settings(&self) -> RunTimeSettings<'_> {
        RunTimeSettings(self)
    }

    /// Browser sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Sign-ins that owe a second step.
    pub fn partials(&self) -> Partials<'_> {
        Partials(self)
    }

    /// Authorization codes.
    pub fn codes(&self) -> Codes<'_> {
        Codes(self)
    }

    /// Remembered consent.
    pub fn consents(&self) -> Consents<'_> {
        Consents(self)
    }

    /// Grants and their refresh tokens.
    pub fn grants(&self) -> Grants<'_> {
        Grants(self)
    }

    /// Access tokens, of which only revocations are kept.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// The feed of what every node must hear of.
    pub fn changes(&self) -> Changes<'_> {
        Changes(self)
    }

    /// Keys, sealed.
    pub fn keys(&self) -> Keys<'_> {
        Keys(self)
    }

    /// Keys that callers of the administration API chose.
    pub fn idempotency(&self) -> Idempotency<'_> {
        Idempotency(self)
    }

    /// Why requests were refused.
    pub fn refusals(&self) -> Refusals<'_> {
        Refusals(self)
    }

    /// Client assertions that were used up.
    pub fn assertions(&self) -> Assertions<'_> {
        Assertions(self)
    }

    /// Links that were sent by mail.
    pub fn action_tokens(&self) -> ActionTokens<'_> {
        ActionTokens(self)
    }

    /// Changes of email addresses that are not done yet.
    pub fn email_changes(&self) -> EmailChanges<'_> {
        EmailChanges(self)
    }

    /// Mails that wait to be sent.
    pub fn mails(&self) -> Mails<'_> {
        Mails(self)
    }

    /// The audit log.
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    /// The seals over the audit log.
    pub fn audit_seals(&self) -> AuditSeals<'_> {
        AuditSeals(self)
    }

    /// How far they were sent.
    pub fn audit_sinks(&self) -> AuditSinks<'_> {
        AuditSinks(self)
    }

    /// The keys that sign them.
    pub fn audit_keys(&self) -> AuditKeys<'_> {
        AuditKeys(self)
    }
}

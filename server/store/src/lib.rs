//! What is kept: SQL through one write door; Redis or this process for what is short-lived.
//!
//! Reads are queries; writes are verbs that take the audit events which belong to them and record them in the same
//! transaction. Nothing of the database (entities, transactions, SQL) leaves the crate.

mod account;
mod action_tokens;
mod assertions;
mod audit;
mod changes;
mod clients;
mod codes;
mod column;
mod connect;
mod consents;
mod email_changes;
mod emergency;
mod entity;
mod ephemeral;
mod error;
mod event_counts;
mod factors;
mod grants;
mod groups;
mod idempotency;
mod keys;
mod limit;
mod lock;
mod mails;
mod nodes;
mod page;
mod partials;
mod refusals;
mod resources;
mod revoke;
mod roles;
mod schema;
mod sessions;
mod settings;
mod store;
mod sweep;
mod tokens;
mod users;
mod write;
mod writer;

pub use account::{Account, Applications, Leaving, OwnSession, PasswordChange, RememberedConsent};
pub use action_tokens::{ActionPurpose, ActionToken, ActionTokens, Joined, NewActionToken};
pub use assertions::Assertions;
pub use audit::{
    Audit, AuditKeyRow, AuditKeys, AuditSeals, AuditSinks, DigestedRow, EventFilter, EventSort,
    RecordedEvent, SignedSeal, SinkState,
};
pub use changes::Changes;
pub use clients::{ClientFilter, ClientSort, Clients, NewSecret};
pub use codes::{Codes, NewCode};
pub use consents::Consents;
pub use email_changes::{
    AddressStep, EmailChangeAsked, EmailChangeLink, EmailChangeLinks, EmailChanges, Mailbox, NewEmailChange,
    PendingEmailChange,
};
pub use emergency::{Emergency, Everything};
pub use ephemeral::{ChangeFeed, Ephemeral, EphemeralError, LocalState};
pub use error::StoreError;
pub use event_counts::{Counted, EventCount, EventCounts, Span, Tally};
pub use factors::{
    Answered, EmailCodes, Factors, Grounds, MAX_PASSKEYS, PasskeyAdded, PasskeyRow, Passkeys, RecoveryCodes,
    RememberedDevice, RememberedDevices, Removal, RemovalMails, Removed, SentCode, Standing, TakenAway,
    TakenOutcome, TotpRow, Totps,
};
pub use grants::{GrantFilter, GrantSort, Grants, LoadedGrant, Rotation};
pub use groups::{GroupChange, GroupMember, Groups, Membership};
pub use idempotency::{Claim, Claimed, Idempotency};
pub use keys::{KeyChanges, KeyPurpose, KeyRow, KeyTimes, Keys, Retiming};
pub use limit::{Rule, Step, Strategy, Verdict};
pub use lock::NodeLock;
pub use mails::{LeasedMail, MailFate, MailRecord, MailSort, MailState, Mails, NewMail, Undelivered};
pub use nodes::{Node, Nodes};
pub use page::{ByName, COUNTED, Paging, Position, Record, SortBy, SortKey};
pub use partials::{NewPartial, Partials};
pub use refusals::{KeptRefusal, RefusalSort, Refusals, RefusedRequest};
pub use resources::Resources;
pub use revoke::EndedSessions;
pub use roles::Roles;
pub use schema::MigrationState;
pub use sessions::{NewSession, Reauthentication, SessionFilter, SessionSort, Sessions};
pub use settings::{ChangedSettings, RunTimeSettings};
pub use store::{Committed, Managed, Store, StoreOptions, Written};
pub use tokens::Tokens;
pub use users::{UserEntry, UserFilter, UserSort, UserWritten, Users};

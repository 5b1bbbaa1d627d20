//! Administration: what an operator or an administrator may change, authorised, validated and audited.

mod actor;
mod adoption;
mod apply;
mod audit;
mod body;
mod clients;
mod emergency;
mod error;
mod first_start;
mod grants;
mod groups;
mod idempotent;
mod invite;
mod keys;
mod limits;
mod mails;
mod overview;
mod page;
mod plan;
mod preview;
mod reach;
mod refusals;
mod resources;
mod roles;
mod sessions;
mod settings;
mod users;
mod weak_passwords;

pub use crate::keys::{KeyStatus, RotationPlan};
pub use crate::limits::Counting;
pub use actor::{Actor, Forbidden};
pub use apply::{ApplyError, CarriedOut};
pub use audit::{ReadEvent, SealsState, Subject};
pub use body::{read as read_body, without_value};
pub(crate) use clients::may_try;
pub use clients::{Changed, Changing, ClientRecord, Made, ShownSecret};
pub use error::AdminError;
pub use groups::GroupRecord;
pub use idempotent::Idempotent;
pub(crate) use idempotent::reseal as reseal_idempotency;
pub use invite::{Invite, Invited};
pub use keys::{KeyList, Rotating, Withdrawal};
pub use limits::{HeldBackSeen, LimitsSeen, Release};
pub use overview::{Back, Course, Overview};
pub use page::{Page, PageRequest};
pub use plan::{Action, Declared, DeclaredClient, Kind, Plan, PlannedStep, Planning};
pub use preview::{Preview, PreviewRequest, UserinfoClaim};
pub use resources::{LosingClient, ResourceRecord};
pub use roles::RoleRecord;
pub use settings::SettingsSeen;
pub use signet_store::{
    ByName, COUNTED, ClientFilter, ClientSort, GroupMember, TakenAway, UserFilter, UserSort,
};
pub use signet_store::{
    Counted, Everything, GrantFilter, GrantSort, KeyPurpose, KeyRow, MailFate, MailRecord, MailSort,
    MailState, Node, OwnSession, SessionFilter, SessionSort,
};
pub use signet_store::{KeptRefusal, RefusalSort, RefusedRequest};
pub use users::{KnownFactors, OfferedRole, ResetLink, Standing, UserRecord};

use crate::audit::AuditWatch;
use crate::authorize::Authorizations;
use crate::configuration::Configuration;
use crate::doctor::Doctor;
use crate::factors::Factors;
use crate::keys::KeyRing;
use crate::limits::Limits;
use crate::mail::Mails;
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::password::{Hashing, Passwords};
use signet_jose::MasterKeys;
use signet_protocol::change::Change;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::password::PasswordPolicy;
use signet_store::{Store, Written};
use std::sync::Arc;

/// The parts that administration needs. A running server is not needed: it hears of changes within a second.
#[derive(Clone)]
pub struct Admin {
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// How passwords are hashed.
    pub hashing: Hashing,
    /// What a running server adds.
    pub(crate) server: Option<Running>,
}

/// What a running server adds.
#[derive(Clone)]
pub(crate) struct Running {
    /// What hears of changes at once.
    pub feed: Feed,
    /// The keys that seal what must be read again.
    pub master: Arc<MasterKeys>,
    /// Judges and hashes passwords.
    pub passwords: Passwords,
    /// What is counted.
    pub limits: Limits,
    /// The keys.
    pub keys: KeyRing,
    /// Second factors.
    pub factors: Factors,
    /// Mails to people.
    pub mails: Mails,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// The same, key by key.
    pub configuration: Configuration,
    /// Looks at everything.
    pub doctor: Doctor,
    /// How the audit log is kept up.
    pub audit: AuditWatch,
}

impl Admin {
    /// The administration of the same server as these authorizations.
    pub(crate) fn beside(
        parts: &Authorizations,
        hashing: Hashing,
        (master, mails): (Arc<MasterKeys>, &Mails),
        (configuration, doctor): (Configuration, Doctor),
    ) -> Self {
        let parts = parts.clone();
        let Authorizations {
            store,
            keys,
            clock,
            random,
            feed,
            passwords,
            limits,
            factors,
            settings,
            audit,
            ..
        } = parts;
        let mails = mails.clone();
        let server = Running {
            feed,
            master,
            keys,
            passwords,
            limits,
            factors,
            mails,
            settings,
            configuration,
            doctor,
            audit: audit.watch().clone(),
        };
        Self { store, clock, random, hashing, server: Some(server) }
    }

    /// What only a running server can do.
    fn server(&self) -> Result<&Running, AdminError> {
        let missing = || AdminError::Internal("only a running server can do that".to_owned());
        self.server.as_ref().ok_or_else(missing)
    }

    /// What a password has to be; none is judged without a running server.
    fn password_policy(&self) -> PasswordPolicy {
        self.server.as_ref().map(|server| server.passwords.policy()).unwrap_or_default()
    }

    /// Has this process hear of what it has just changed.
    async fn announce(&self, written: &Written) {
        self.announce_changes(&written.changes).await;
    }

    async fn announce_changes(&self, changes: &[Change]) {
        if let Some(Running { feed, .. }) = &self.server {
            feed.announce(changes).await;
        }
    }
}

//! Administration: what an operator or an administrator may change, authorised, validated and audited.

mod actor;
mod apply;
mod body;
mod clients;
mod error;
mod first_start;
mod idempotent;
mod invite;
mod page;
mod plan;
mod plan_groups;
mod weak_passwords;

pub use actor::{Actor, Forbidden};
pub use apply::{ApplyError, CarriedOut};
pub use clients::{Changed, Changing, ClientRecord, Made, ShownSecret};
pub use error::AdminError;
pub use idempotent::Idempotent;
pub use invite::{Invite, Invited};
pub use page::{Page, PageRequest};
pub use plan::{Action, Declared, DeclaredClient, Kind, Plan, PlannedStep};
pub use signet_store::{ClientFilter, ClientSort};

use crate::authorize::Authorizations;
use crate::revocation::Feed;
use crate::signin::password::Hashing;
use signet_jose::MasterKeys;
use signet_protocol::environment::{Clock, Random};
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
}

impl Admin {
    /// The administration of the same server as these authorizations.
    pub(crate) fn beside(parts: &Authorizations, hashing: Hashing, master: Arc<MasterKeys>) -> Self {
        let Authorizations { store, clock, random, feed, .. } = parts.clone();
        Self { store, clock, random, hashing, server: Some(Running { feed, master }) }
    }

    /// Has this process hear of what it has just changed.
    async fn announce(&self, written: &Written) {
        if let Some(Running { feed, .. }) = &self.server {
            feed.announce(&written.changes).await;
        }
    }
}

//! Administration: what an operator or an administrator may change, authorised, validated and audited.

mod actor;
mod apply;
mod first_start;
mod invite;
mod plan;
mod weak_passwords;

pub use actor::{Actor, Forbidden};
pub use apply::{ApplyError, CarriedOut};
pub use invite::{Invite, Invited};
pub use plan::{Action, Declared, DeclaredClient, Kind, Plan, PlannedStep};

use crate::signin::password::Hashing;
use signet_protocol::environment::{Clock, Random};
use signet_store::Store;

/// The parts that administration needs. A running server is not needed: it hears of changes through the feed.
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
}

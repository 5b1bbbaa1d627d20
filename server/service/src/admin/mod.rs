//! Administration: what an operator or an administrator may change, authorised, validated and audited.

mod apply;
mod first_start;
mod invite;
mod plan;
mod weak_passwords;

pub use apply::{ApplyError, CarriedOut};
pub use invite::{Invite, Invited};
pub use plan::{Action, Declared, DeclaredClient, Kind, Plan, PlannedStep};

use crate::signin::password::Hashing;
use signet_protocol::environment::{Clock, Random};
use signet_store::Store;

/// Who administers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run the server's own command line, with its configuration and its database.
    CommandLine,
    /// The server itself, on its first start.
    FirstStart,
}

impl Actor {
    /// The actor as the audit log names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommandLine => "command line",
            Self::FirstStart => "first start",
        }
    }
}

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

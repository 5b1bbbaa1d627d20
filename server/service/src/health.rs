//! Whether this node can do its work.

use crate::Service;
use crate::limits::Counting;
use signet_jose::Algorithm;
use signet_store::StoreError;

/// A node's clock may differ from the database's by so many milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 2_000;

/// Why a node is not ready. The text is for the log; it holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The database does not answer.
    #[error("database: {0}")]
    Database(String),
    /// Redis does not answer.
    #[error("redis: {0}")]
    Redis(String),
    /// The database forgot this node's lock when it restarted, and another node has it now.
    #[error("lock: another node is running on this database")]
    Lock,
    /// There is nothing to sign with.
    #[error("keys: none to sign with")]
    Keys,
    /// The clocks disagree.
    #[error("clock: {0} ms away from the database's")]
    Clock(i64),
}

impl NotReady {
    /// What anybody may know of it: which part it is, and nothing of what that part said.
    pub const fn told(&self) -> &'static str {
        match self {
            Self::Database(_) => "database: it does not answer",
            Self::Redis(_) => "redis: it does not answer",
            Self::Lock => "lock: another node is running on this database",
            Self::Keys => "keys: none to sign with",
            Self::Clock(_) => "clock: it differs from the database's",
        }
    }
}

impl Service {
    /// Where limits are counted now.
    pub fn counting(&self) -> Counting {
        self.limits.counting()
    }

    /// What does not work although the node can do its work, in a word each.
    pub fn warnings(&self) -> Vec<&'static str> {
        self.authorizations.audit.watch().health().alarms()
    }

    /// Asks the database, Redis, the keys and the clock.
    pub async fn ready(&self) -> Result<(), NotReady> {
        let database = |error: StoreError| NotReady::Database(error.to_string());
        let theirs = self.store.clock().await.map_err(database)?;
        self.limits.ping().await.map_err(|error| NotReady::Redis(error.to_string()))?;
        if let Some(only_node) = &self.only_node {
            only_node.insist().await.map_err(|error| match error {
                StoreError::Locked => NotReady::Lock,
                error => database(error),
            })?;
        }
        let now = self.clock.now();
        if self.keys.snapshot().signer(Algorithm::RS256, now).is_none() {
            return Err(NotReady::Keys);
        }
        let apart = (theirs - now).num_milliseconds();
        if apart.abs() > CLOCK_TOLERANCE_MS { Err(NotReady::Clock(apart)) } else { Ok(()) }
    }
}

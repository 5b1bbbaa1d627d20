//! Which node makes the seals.

use signet_store::{Store, StoreError};
use std::time::Duration;
use tokio::time::Instant;

/// How long the other nodes leave the work to one that was heard of.
const LEASE: Duration = Duration::from_secs(4);
/// How often it is heard of, and the others ask.
const RENEWAL: Duration = Duration::from_secs(1);

/// Whether this node makes the seals.
pub(super) enum Lead {
    /// There is no other node.
    Alone,
    /// As whom it takes the lease, when it is to ask next, and what it was told last.
    Shared { holder: String, next: Instant, leads: bool },
}

impl Lead {
    /// `holder`: this node's name, if there may be others.
    pub fn of(holder: Option<String>) -> Self {
        match holder {
            Some(holder) => Self::Shared { holder, next: Instant::now(), leads: false },
            None => Self::Alone,
        }
    }

    pub async fn is_ours(&mut self, store: &Store) -> Result<bool, StoreError> {
        let Self::Shared { holder, next, leads } = self else { return Ok(true) };
        if Instant::now() >= *next {
            *leads = false;
            *leads = store.audit_seals().lead(holder, LEASE).await?;
            *next = Instant::now() + RENEWAL;
        }
        Ok(*leads)
    }

    /// Leaves the work to the others.
    pub async fn end(self, store: &Store) {
        if let Self::Shared { holder, .. } = self
            && let Err(error) = store.audit_seals().step_down(&holder).await
        {
            tracing::warn!(%error, "the other nodes will seal in a few seconds");
        }
    }
}

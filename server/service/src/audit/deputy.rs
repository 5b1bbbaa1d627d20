//! Whether a node that leaves the sealing to another has to do it itself: because that one hangs, or somebody put a lease into
//! the database that is nobody's.

use signet_store::{Store, StoreError};
use std::time::Duration;
use tokio::time::Instant;

/// How often it is looked.
const LOOKING: Duration = Duration::from_secs(2);
/// By then the node that leads has sealed what was recorded.
const OVERDUE: Duration = Duration::from_secs(5);
/// For how long a node acts before it lets the other one try again.
const ACTING: Duration = Duration::from_secs(30);

/// What a node knows of the one that leads. It goes by its own clock alone.
#[derive(Debug)]
pub(super) struct Deputy {
    look: Instant,
    /// The first event that waits for its seal, since when it was seen to.
    waits: Option<(i64, Instant)>,
    until: Option<Instant>,
}

impl Deputy {
    pub fn new() -> Self {
        Self { look: Instant::now(), waits: None, until: None }
    }

    /// Whether this node acts in place of the one that leads.
    pub async fn must_act(&mut self, store: &Store) -> Result<bool, StoreError> {
        let now = Instant::now();
        if self.until.is_some_and(|until| now < until) {
            return Ok(true);
        }
        self.until = None;
        if now < self.look {
            return Ok(false);
        }
        self.look = now + LOOKING;
        // What could not be looked at is looked at anew: it has not waited all the while.
        let known = self.waits.take();
        let sealed = store.audit_seals().greatest_id(i64::MAX).await?;
        let first = store.audit().numbers_after(sealed, 1).await?.into_iter().next();
        self.waits = match (first, known) {
            (Some((id, _)), Some(known)) if known.0 == id => Some(known),
            (first, _) => first.map(|(id, _)| (id, now)),
        };
        let overdue = self.waits.is_some_and(|(_, since)| now - since >= OVERDUE);
        if overdue {
            tracing::warn!("the node that should seal the audit log does not: this one does");
            self.until = Some(now + ACTING);
            self.waits = None;
        }
        Ok(overdue)
    }

    /// What could not be sealed is tried again for as long as it takes, so that the alarm about it stays.
    pub fn has_acted(&mut self, sealed: bool) {
        if !sealed {
            self.until = Some(Instant::now() + ACTING);
        }
    }
}

//! Behind the glass that is broken when there is nothing else left.

use super::error::fault;
use super::{Actor, Admin, AdminError};
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::permission::Permission;
use signet_store::Everything;

/// The longest reason, in characters.
const LONGEST: usize = 500;

impl Admin {
    /// How much would end in an emergency; of each [`COUNTED`](super::COUNTED): at least so many.
    pub async fn everything(&self, actor: &Actor) -> Result<Everything, AdminError> {
        actor.must_have(Permission::EmergencyWrite)?;
        Ok(self.store.emergency().everything(self.clock.now()).await?)
    }

    /// Ends every session, grant and token of everybody's, those of clients and of whoever asks included, on every node within
    /// a second. People sign in again, clients ask for tokens again. `dry_run` only counts, and no
    /// further than [`Admin::everything`].
    pub async fn end_everything(
        &self,
        actor: &Actor,
        reason: String,
        dry_run: bool,
    ) -> Result<Everything, AdminError> {
        actor.must_have(Permission::EmergencyWrite)?;
        if reason.trim().is_empty() || reason.chars().count() > LONGEST || reason.contains(char::is_control) {
            return Err(fault("reason", format!("must say why, in 1 to {LONGEST} characters")));
        }
        let now = self.clock.now();
        if dry_run {
            return self.everything(actor).await;
        }
        let event = actor.event(now, Subjects::default(), Event::EverythingEnded { reason });
        let (ended, changes) = self.store.emergency().end_everything(now, vec![event]).await?;
        self.announce_changes(&changes).await;
        Ok(ended)
    }
}

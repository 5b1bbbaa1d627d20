//! Ending what is signed in and granted in somebody's name. Nobody gets further by that, so whoever may end things at all may
//! end those of whoever may do more than they: a stolen session of an owner's is not to wait for another owner.

use super::super::{Actor, Admin, AdminError};
use super::of;
use signet_protocol::audit::Event;
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;

/// Why the log says that something ended.
pub const REASON: &str = "ended_by_administration";

impl Admin {
    /// Ends every session, grant and token of somebody's, and forgets the browsers in which they are not asked for a second
    /// step. They may sign in again at once.
    pub async fn end_everything_of(&self, actor: &Actor, id: &UserId) -> Result<(), AdminError> {
        actor.must_have(Permission::SessionsWrite)?;
        actor.must_have(Permission::GrantsWrite)?;
        self.known_user(id).await?;
        let now = self.clock.now();
        let event = actor.event(now, of(id), Event::SessionEnded { reason: REASON });
        let written = self.store.users().end_everything(id.clone(), now, (REASON, vec![event])).await?;
        self.user_written(written).await
    }
}

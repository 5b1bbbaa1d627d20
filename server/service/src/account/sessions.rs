//! A person's sessions: where they are signed in.

use super::Account;
use crate::authorize::Present;
use signet_protocol::audit::Origin;
use signet_protocol::id::SessionId;
use signet_store::{EndedSessions, OwnSession, StoreError};

/// Why the log says that a session ended.
const REASON: &str = "ended_by_user";

impl Account {
    /// Where this person is signed in, this browser first.
    pub async fn sessions(&self, present: &Present) -> Result<Vec<OwnSession>, StoreError> {
        let mut sessions = self.of(present).sessions(self.clock.now()).await?;
        sessions.sort_by_key(|own| own.session.sid != present.session.sid);
        Ok(sessions)
    }

    /// Ends one of this person's sessions; false: there is none of that name, or not theirs.
    pub async fn end_session(
        &self,
        present: &Present,
        sid: SessionId,
        origin: &Origin,
    ) -> Result<bool, StoreError> {
        let ended = self.of(present).end_session(sid, self.clock.now(), (REASON, origin.clone())).await?;
        self.announce(&ended).await;
        Ok(!ended.sids.is_empty())
    }

    /// Ends all of this person's sessions but the one they ask from; gives how many there were.
    pub async fn end_other_sessions(&self, present: &Present, origin: &Origin) -> Result<usize, StoreError> {
        let kept = Some(present.session.sid.clone());
        let now = self.clock.now();
        let ended = self.of(present).end_other_sessions(kept, now, (REASON, origin.clone())).await?;
        self.announce(&ended).await;
        Ok(ended.sids.len())
    }

    async fn announce(&self, ended: &EndedSessions) {
        self.feed.announce(&ended.changes).await;
    }
}

//! Who is signed in where.

use super::users::REASON;
use super::{Actor, Admin, AdminError, Page, PageRequest};
use signet_protocol::id::{SessionId, UserId};
use signet_protocol::permission::Permission;
use signet_store::{EndedSessions, OwnSession, SessionFilter, SessionSort};

impl Admin {
    /// A page of the sessions that are live. To ask by client is to ask which client acts for whom.
    pub async fn sessions(
        &self,
        actor: &Actor,
        filter: &SessionFilter,
        request: &PageRequest<SessionSort>,
    ) -> Result<Page<OwnSession>, AdminError> {
        actor.must_have(Permission::SessionsRead)?;
        if filter.client_id.is_some() {
            actor.must_have(Permission::GrantsRead)?;
        }
        let found = self.store.sessions().page(filter, request.paging()?, self.clock.now()).await?;
        Ok(request.page(found, |own| request.sort.position(own)))
    }

    /// Whose session this is, while it is live, for whoever is about to end it.
    pub async fn session_owner(&self, actor: &Actor, sid: &SessionId) -> Result<Option<UserId>, AdminError> {
        actor.must_have(Permission::SessionsWrite)?;
        Ok(self.store.sessions().owner(sid, self.clock.now()).await?)
    }

    /// Ends a session, and what was granted for as long as it lasts.
    pub async fn end_session(&self, actor: &Actor, sid: SessionId) -> Result<(), AdminError> {
        actor.must_have(Permission::SessionsWrite)?;
        let now = self.clock.now();
        let owner = self.store.sessions().owner(&sid, now).await?.ok_or(AdminError::NotFound("session"))?;
        let why = (REASON, actor.origin().clone());
        let ended = self.store.account(&owner).end_session(sid, now, why).await?;
        self.sessions_ended(ended).await;
        Ok(())
    }

    /// Ends every session of somebody's, and what was granted for as long as they last; gives how many there were.
    pub async fn end_sessions_of(&self, actor: &Actor, id: &UserId) -> Result<usize, AdminError> {
        actor.must_have(Permission::SessionsWrite)?;
        self.known_user(id).await?;
        let why = (REASON, actor.origin().clone());
        let ended = self.store.account(id).end_other_sessions(None, self.clock.now(), why).await?;
        Ok(self.sessions_ended(ended).await)
    }

    async fn sessions_ended(&self, ended: EndedSessions) -> usize {
        self.announce_changes(&ended.changes).await;
        ended.sids.len()
    }
}

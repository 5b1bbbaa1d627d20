//! Which client may act for whom.

use super::users::REASON;
use super::{Actor, Admin, AdminError, Page, PageRequest};
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::grant::Grant;
use signet_protocol::id::{GrantId, UserId};
use signet_protocol::permission::Permission;
use signet_store::{GrantFilter, GrantSort};

impl Admin {
    /// A page of the grants that are live.
    pub async fn grants(
        &self,
        actor: &Actor,
        filter: &GrantFilter,
        request: &PageRequest<GrantSort>,
    ) -> Result<Page<Grant>, AdminError> {
        actor.must_have(Permission::GrantsRead)?;
        let found = self.store.grants().page(filter, request.paging()?, self.clock.now()).await?;
        Ok(request.page(found, |grant| request.sort.position(grant)))
    }

    /// For whom a client acts by this grant, for whoever is about to end it.
    pub async fn grant_owner(&self, actor: &Actor, id: &GrantId) -> Result<Option<UserId>, AdminError> {
        actor.must_have(Permission::GrantsWrite)?;
        let grant = self.store.grants().by_id(id).await?;
        Ok(grant.map(|grant| grant.authorization.user_id))
    }

    /// Ends a grant and its tokens.
    pub async fn end_grant(&self, actor: &Actor, id: GrantId) -> Result<(), AdminError> {
        actor.must_have(Permission::GrantsWrite)?;
        let grant = self.store.grants().by_id(&id).await?.ok_or(AdminError::NotFound("grant"))?;
        let subjects = Subjects {
            user_id: Some(grant.authorization.user_id),
            client_id: Some(grant.authorization.client_id),
            sid: Some(grant.authorization.sid),
            grant_id: Some(id.clone()),
        };
        let now = self.clock.now();
        let event = actor.event(now, subjects, Event::GrantRevoked { reason: REASON });
        let change = self.store.grants().revoke(id, now, REASON, vec![event]).await?;
        let change = change.ok_or(AdminError::NotFound("grant"))?;
        self.announce_changes(&[change]).await;
        Ok(())
    }

    /// Ends every grant of somebody's, with their tokens; what they consented to stays.
    pub async fn end_grants_of(&self, actor: &Actor, id: &UserId) -> Result<usize, AdminError> {
        actor.must_have(Permission::GrantsWrite)?;
        self.known_user(id).await?;
        let why = (REASON, actor.origin().clone());
        let written = self.store.grants().end_of_user(id.clone(), self.clock.now(), why).await?;
        self.announce(&written).await;
        Ok(written.changes.len())
    }
}

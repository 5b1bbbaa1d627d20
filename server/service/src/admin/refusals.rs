//! Why a request was refused.

use super::{Actor, Admin, AdminError, Page, PageRequest};
use signet_protocol::id::{ClientId, RequestId};
use signet_protocol::permission::Permission;
use signet_store::{KeptRefusal, RefusalSort};

impl Admin {
    /// Why the request of this name was refused.
    pub async fn refusal(&self, actor: &Actor, request_id: &RequestId) -> Result<KeptRefusal, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        self.store.refusals().find(request_id).await?.ok_or(AdminError::NotFound("refusal"))
    }

    /// A page of refused requests: a client's, or all.
    pub async fn refusals(
        &self,
        actor: &Actor,
        client_id: Option<&ClientId>,
        request: &PageRequest<RefusalSort>,
    ) -> Result<Page<KeptRefusal>, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        let found = self.store.refusals().page(client_id, request.paging()?).await?;
        Ok(request.page(found, |kept| request.sort.position(kept)))
    }
}

//! An address is shown to be somebody's.

use super::Links;
use crate::authorize::{Visit, unavailable};
use signet_protocol::audit::Event;
use signet_protocol::error::AuthorizeRefusal;
use signet_store::{ActionPurpose, Committed};

impl Links {
    /// The page's button was pressed. False: the link is good for nothing any more.
    pub async fn verify(&self, sealed: &str, visit: &Visit<'_>) -> Result<bool, AuthorizeRefusal> {
        let found = self.carried(sealed, &[ActionPurpose::VerifyEmail], visit).await?;
        let Some((link, hash)) = found else { return Ok(false) };
        let user_id = link.user.as_ref().map(|user| &user.id);
        let events = vec![self.event(visit.origin, user_id, Event::EmailVerified)];
        let verified = self.store.action_tokens().verify_email(hash, self.clock.now(), events).await;
        Ok(verified.map_err(unavailable)? == Committed::Yes)
    }
}

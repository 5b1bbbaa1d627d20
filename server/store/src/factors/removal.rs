//! Taking a factor away: by whoever has proved one, and never the last one of somebody who must have one.

use super::devices::forget_all;
use super::{Grounds, forget_idle_recovery_codes, tell};
use crate::error::StoreError;
use crate::mails::NewMail;
use sea_orm::DatabaseTransaction;
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;

/// Whose factor is taken away, and what that was decided on.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Whose.
    pub user: UserId,
    /// By what they are there.
    pub grounds: Grounds,
    /// Whether they must keep an authenticator app or a passkey.
    pub keeps_one: bool,
    /// When.
    pub now: Moment,
}

/// What taking a factor away came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone; with the last one, recovery codes and remembered browsers, too.
    Yes,
    /// The person has no such factor.
    Unknown,
    /// It is the last one of somebody who must have one, and stays.
    Last,
    /// The person is not live, or the grounds hold no more.
    Overtaken,
}

impl Removal {
    /// Whether the grounds hold. The person is held until the transaction ends, so that of two removals at once the second
    /// sees what the first has left.
    pub(super) async fn holds(&self, transaction: &DatabaseTransaction) -> Result<bool, StoreError> {
        self.grounds.hold(transaction, &self.user, self.now).await
    }

    /// What goes along with a factor that is gone.
    pub(super) async fn complete(
        &self,
        transaction: &DatabaseTransaction,
        told: &(Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Removed, StoreError> {
        forget_idle_recovery_codes(transaction, &self.user).await?;
        forget_all(transaction, &self.user).await?;
        tell(transaction, told).await?;
        Ok(Removed::Yes)
    }
}

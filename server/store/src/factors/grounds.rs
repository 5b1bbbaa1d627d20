//! What an enrolment was decided on. It is looked at once more where the factor is kept.

use super::has_factor;
use crate::column::millis;
use crate::entity::{partial_sign_in, session, user};
use crate::error::StoreError;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::environment::Moment;
use signet_protocol::id::{SessionId, UserId};
use signet_protocol::secret::SecretHash;

/// By what somebody is there who sets a factor up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Half a sign-in, by the hash of its secret.
    Half(SecretHash),
    /// A session, by the hash of the secret that it had.
    Session(SessionId, SecretHash),
}

/// What an enrolment was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// It must not have ended.
    pub standing: Standing,
    /// Whether it is to be the person's first factor: whoever has one by now proves that one instead.
    pub first: bool,
}

impl Grounds {
    /// Whether they still hold, and the person is live; held in that state until the transaction ends.
    pub(super) async fn hold(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        now: Moment,
    ) -> Result<bool, StoreError> {
        // The person comes first: whoever ends all that is theirs does it in this order, too.
        Ok(holds_user(transaction, user).await?
            && self.standing.holds(transaction, user, now).await?
            && !(self.first && has_factor(transaction, user).await?))
    }
}

/// Whether a user is live. Nobody else who holds them so goes on before the transaction ends: of two first factors, of
/// whatever kinds, one sees the other.
async fn holds_user(transaction: &DatabaseTransaction, id: &UserId) -> Result<bool, StoreError> {
    let found: Option<String> = user::Entity::find_by_id(id.as_str())
        .filter(user::Column::Disabled.eq(false))
        .select_only()
        .column(user::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(found.is_some())
}

impl Standing {
    /// Whether it has not ended, held in that state until the transaction ends.
    pub(crate) async fn holds(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        now: Moment,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Half(secret) => {
                let half = partial_sign_in::Entity::find_by_id(secret.0.to_vec())
                    .filter(partial_sign_in::Column::UserId.eq(user.as_str()))
                    .filter(partial_sign_in::Column::ExpiresAt.gt(millis(now)));
                Ok(half.lock_shared().one(transaction).await?.is_some())
            }
            Self::Session(sid, secret) => {
                let session = session::Entity::find_by_id(sid.as_str())
                    .filter(session::Column::UserId.eq(user.as_str()))
                    .filter(session::Column::SecretHash.eq(secret.0.to_vec()))
                    .filter(session::Column::EndedAt.is_null())
                    .filter(session::Column::ExpiresAt.gt(millis(now)));
                Ok(session.lock_shared().one(transaction).await?.is_some())
            }
        }
    }
}

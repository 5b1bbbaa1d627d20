//! Recovery codes, of which only hashes are kept.

use super::{Grounds, has_factor, tell};
use crate::Store;
use crate::column::millis;
use crate::entity::recovery_code::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use crate::mails::NewMail;
use crate::store::Committed;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::secret::SecretHash;

/// Recovery codes.
#[derive(Clone, Copy, Debug)]
pub struct RecoveryCodes<'a>(pub(crate) &'a Store);

impl RecoveryCodes<'_> {
    /// Gives a person these codes in place of all they had. [`Committed::SubjectGone`]: the person is not live, the grounds
    /// hold no more, or there is no factor that the codes could stand in for.
    pub async fn replace(
        self,
        (user, grounds): (UserId, Grounds),
        hashes: Vec<SecretHash>,
        now: Moment,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let whose = (user, grounds);
        self.0
            .write((whose, hashes, now, told), |((user, grounds), hashes, now, told), transaction| {
                Box::pin(async move {
                    let holds = grounds.hold(transaction, user, *now).await?;
                    if !holds || !has_factor(transaction, user).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    Entity::delete_many().filter(Column::UserId.eq(user.as_str())).exec(transaction).await?;
                    let rows = hashes.iter().map(|hash| ActiveModel {
                        user_id: Set(user.as_str().to_owned()),
                        code_hash: Set(hash.0.to_vec()),
                        created_at: Set(millis(*now)),
                        used_at: Set(None),
                    });
                    Entity::insert_many(rows).exec_without_returning(transaction).await?;
                    tell(transaction, told).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Uses a code up. [`Committed::Stale`]: it was used before. [`Committed::SubjectGone`]: the person has no such code.
    pub async fn spend(
        self,
        user: UserId,
        hash: SecretHash,
        now: Moment,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        self.0
            .write((user, hash, now, told), |(user, hash, now, told), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::UsedAt, Expr::value(millis(*now)))
                        .filter(Column::UserId.eq(user.as_str()))
                        .filter(Column::CodeHash.eq(hash.0.to_vec()))
                        .filter(Column::UsedAt.is_null())
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 1 {
                        tell(transaction, told).await?;
                        return Ok(Committed::Yes);
                    }
                    let key = (user.as_str().to_owned(), hash.0.to_vec());
                    let known = Entity::find_by_id(key).one(transaction).await?.is_some();
                    Ok(if known { Committed::Stale } else { Committed::SubjectGone })
                })
            })
            .await
    }
}

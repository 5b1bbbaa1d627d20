//! Codes sent by mail: the newest of each person.

use super::tell;
use crate::Store;
use crate::audit;
use crate::column::millis;
use crate::entity::email_code::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mails::NewMail;
use crate::revoke::user_is_live;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;

/// Codes sent by mail.
#[derive(Clone, Copy, Debug)]
pub struct EmailCodes<'a>(pub(crate) &'a Store);

/// A code that was sent by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// To whom.
    pub user_id: UserId,
    /// Where.
    pub address: String,
    /// The code, sealed.
    pub code: Vec<u8>,
}

impl EmailCodes<'_> {
    /// Keeps a code in place of any other one of the person's, and queues its mail. [`Committed::SubjectGone`]: the person
    /// is not live.
    pub async fn put(
        self,
        sent: SentCode,
        (created_at, expires_at): (Moment, Moment),
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let row = Model {
            user_id: sent.user_id.as_str().to_owned(),
            address: sent.address,
            code: sent.code,
            tries: 0,
            created_at: millis(created_at),
            expires_at: millis(expires_at),
        };
        self.0
            .write((sent.user_id, row, told), |(user, row, told), transaction| {
                Box::pin(async move {
                    if !user_is_live(transaction, user).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    let replaced =
                        [Column::Address, Column::Code, Column::Tries, Column::CreatedAt, Column::ExpiresAt];
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::UserId).update_columns(replaced).to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    tell(transaction, told).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// The code to compare a guess with, which is counted before it is. `None`: there is no code that counts, or `most`
    /// guesses were made.
    pub async fn guess(self, user: UserId, now: Moment, most: u32) -> Result<Option<SentCode>, StoreError> {
        self.0
            .write((user, now, most), |(user, now, most), transaction| {
                Box::pin(async move {
                    let counted = Entity::update_many()
                        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
                        .filter(Column::UserId.eq(user.as_str()))
                        .filter(Column::Tries.lt(i64::from(*most)))
                        .filter(Column::ExpiresAt.gt(millis(*now)))
                        .exec(transaction)
                        .await?;
                    if counted.rows_affected == 0 {
                        return Ok(None);
                    }
                    let row = Entity::find_by_id(user.as_str()).one(transaction).await?;
                    let user_id = user.clone();
                    Ok(row.map(|row| SentCode { user_id, address: row.address, code: row.code }))
                })
            })
            .await
    }

    /// Uses a code up. [`Committed::Stale`]: it was, or a newer one was sent.
    pub async fn spend(self, sent: SentCode, events: Vec<AuditEvent>) -> Result<Committed, StoreError> {
        self.0
            .write((sent, events), |(sent, events), transaction| {
                Box::pin(async move {
                    let deleted = Entity::delete_many()
                        .filter(Column::UserId.eq(sent.user_id.as_str()))
                        .filter(Column::Code.eq(sent.code.clone()))
                        .exec(transaction)
                        .await?;
                    if deleted.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }
}

//! What was made for a key that its caller chose, so that asking again makes nothing twice
//! (draft-ietf-httpapi-idempotency-key-header).

use crate::Store;
use crate::column::millis;
use crate::entity::idempotency::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use signet_protocol::environment::Moment;
use signet_protocol::secret::SecretHash;

/// How long a key stands for what was made under it.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Something that is about to be made, under a key.
#[derive(Clone, Debug)]
pub struct Claim {
    /// SHA-256 over who asks and the key.
    pub key: SecretHash,
    /// SHA-256 over what is asked.
    pub request: SecretHash,
    /// What is made, sealed: a secret may be in it.
    pub answer: Vec<u8>,
    /// When.
    pub at: Moment,
}

/// What was made under a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// SHA-256 over what was asked.
    pub request: Vec<u8>,
    /// What was made, sealed.
    pub answer: Vec<u8>,
}

/// Keys that callers chose.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency<'a>(pub(crate) &'a Store);

impl Idempotency<'_> {
    /// What was made under a key within the last day.
    pub async fn claimed(self, key: SecretHash, now: Moment) -> Result<Option<Claimed>, StoreError> {
        let row = Entity::find_by_id(key.0.to_vec())
            .filter(Column::ExpiresAt.gt(millis(now)))
            .one(self.0.reads())
            .await?;
        Ok(row.map(|row| Claimed { request: row.request, answer: row.answer }))
    }
}

impl Idempotency<'_> {
    /// Everything that is kept, sealed: there is a day's worth of it.
    pub async fn sealed(self) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let rows = Entity::find().all(self.0.reads()).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.answer)).collect())
    }

    /// Replaces what was sealed by the same, sealed anew.
    pub async fn reseal(self, key: Vec<u8>, answer: Vec<u8>) -> Result<(), StoreError> {
        self.0
            .write((key, answer), |(key, answer), transaction| {
                Box::pin(async move {
                    Entity::update_many()
                        .col_expr(Column::Answer, Expr::value(answer.clone()))
                        .filter(Column::Key.eq(key.clone()))
                        .exec(transaction)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

/// Takes a key, if there is one; `false`: it is taken. One whose day is over is free again, swept or not.
pub(crate) async fn claim(
    transaction: &DatabaseTransaction,
    claim: Option<&Claim>,
) -> Result<bool, StoreError> {
    let Some(claim) = claim else { return Ok(true) };
    let over = Column::ExpiresAt.lte(millis(claim.at));
    Entity::delete_many().filter(Column::Key.eq(claim.key.0.to_vec())).filter(over).exec(transaction).await?;
    let row = ActiveModel {
        key: Set(claim.key.0.to_vec()),
        request: Set(claim.request.0.to_vec()),
        answer: Set(claim.answer.clone()),
        expires_at: Set(millis(claim.at + KEPT)),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted == 1)
}

/// Gives a key back that was taken in this transaction: nothing was made after all.
pub(crate) async fn let_go(
    transaction: &DatabaseTransaction,
    claim: Option<&Claim>,
) -> Result<(), StoreError> {
    if let Some(claim) = claim {
        Entity::delete_by_id(claim.key.0.to_vec()).exec(transaction).await?;
    }
    Ok(())
}

//! The keys that sign seals: apart from all others, their private halves sealed before they come here.

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis, moment};
use crate::entity::audit_key::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;

/// A key that signs seals, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditKeyRow {
    /// Its identifier.
    pub kid: KeyId,
    /// Its public half as a JWK.
    pub public: serde_json::Value,
    /// Its private half, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Moment,
}

/// The keys that sign seals.
#[derive(Clone, Copy, Debug)]
pub struct AuditKeys<'a>(pub(crate) &'a Store);

impl AuditKeys<'_> {
    /// Every key, oldest first.
    pub async fn list(self) -> Result<Vec<AuditKeyRow>, StoreError> {
        let rows = Entity::find()
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Kid)
            .all(self.0.reads())
            .await?;
        rows.into_iter().map(key).collect()
    }

    /// Adds a key.
    pub async fn add(self, key: AuditKeyRow, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        let row = Model {
            kid: key.kid.as_str().to_owned(),
            public: json(&key.public)?,
            sealed: key.sealed,
            created_at: millis(key.created_at),
        };
        self.0
            .write((row, events), |(row, events), transaction| {
                Box::pin(async move {
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::Kid).do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }

    /// Puts a newly sealed form of the same key in place of the old one. [`Committed::Stale`]: it is not as `old` says.
    pub async fn reseal(
        self,
        kid: KeyId,
        (old, new): (Vec<u8>, Vec<u8>),
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((kid, old, new, events), |(kid, old, new, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Sealed, Expr::value(new.clone()))
                        .filter(Column::Kid.eq(kid.as_str()))
                        .filter(Column::Sealed.eq(old.clone()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }
}

fn key(row: Model) -> Result<AuditKeyRow, StoreError> {
    Ok(AuditKeyRow {
        kid: KeyId::new(row.kid),
        public: from_json(&row.public, "a public key of the audit log")?,
        sealed: row.sealed,
        created_at: moment(row.created_at)?,
    })
}

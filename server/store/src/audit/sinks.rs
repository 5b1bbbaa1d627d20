//! How far seals were sent, and how it went.

use crate::Store;
use crate::column::{millis, moment_or_none};
use crate::entity::audit_sink::{Column, Entity, Model};
use crate::error::StoreError;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use signet_protocol::environment::Moment;

/// How it stands with a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkState {
    /// What names it.
    pub name: String,
    /// The last seal that reached it; 0: none did.
    pub seq: i64,
    /// When that was.
    pub shipped_at: Option<Moment>,
    /// Since when nothing reaches it.
    pub failing_since: Option<Moment>,
    /// Why.
    pub error: Option<String>,
}

/// Sinks.
#[derive(Clone, Copy, Debug)]
pub struct AuditSinks<'a>(pub(crate) &'a Store);

impl AuditSinks<'_> {
    /// The last seal that reached a sink; 0: none did.
    pub async fn position(self, name: &str) -> Result<i64, StoreError> {
        Ok(Entity::find_by_id(name).one(self.0.reads()).await?.map_or(0, |row| row.seq))
    }

    /// All of them, by name.
    pub async fn all(self) -> Result<Vec<SinkState>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::Name).all(self.0.reads()).await?;
        rows.into_iter().map(state).collect()
    }

    /// A sink was reached by every seal up to this one. It never goes back.
    pub async fn advance(self, name: &str, seq: i64, now: Moment) -> Result<(), StoreError> {
        let row = Model { seq, shipped_at: Some(millis(now)), ..unknown(name) };
        self.0
            .write(row, |row, transaction| {
                Box::pin(async move {
                    insert(row, transaction).await?;
                    Entity::update_many()
                        .col_expr(Column::Seq, Expr::value(row.seq))
                        .col_expr(Column::ShippedAt, Expr::value(row.shipped_at))
                        .filter(Column::Name.eq(row.name.as_str()))
                        .filter(Column::Seq.lt(row.seq))
                        .exec(transaction)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// How it went: `error` says why nothing reaches it. What is known already is not written again.
    pub async fn tell(self, name: &str, error: Option<String>, now: Moment) -> Result<(), StoreError> {
        let known = Entity::find_by_id(name).one(self.0.reads()).await?;
        let known = known.map(|row| (row.error, row.failing_since)).unwrap_or_default();
        if known.0 == error {
            return Ok(());
        }
        let since = error.as_ref().map(|_| known.1.unwrap_or(millis(now)));
        let row = Model { failing_since: since, error, ..unknown(name) };
        self.0
            .write(row, |row, transaction| {
                Box::pin(async move {
                    insert(row, transaction).await?;
                    Entity::update_many()
                        .col_expr(Column::FailingSince, Expr::value(row.failing_since))
                        .col_expr(Column::Error, Expr::value(row.error.clone()))
                        .filter(Column::Name.eq(row.name.as_str()))
                        .exec(transaction)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

fn unknown(name: &str) -> Model {
    Model { name: name.to_owned(), seq: 0, shipped_at: None, failing_since: None, error: None }
}

/// Makes the row of a sink that has none.
async fn insert(row: &Model, transaction: &sea_orm::DatabaseTransaction) -> Result<(), StoreError> {
    Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

fn state(row: Model) -> Result<SinkState, StoreError> {
    Ok(SinkState {
        name: row.name,
        seq: row.seq,
        shipped_at: moment_or_none(row.shipped_at)?,
        failing_since: moment_or_none(row.failing_since)?,
        error: row.error,
    })
}

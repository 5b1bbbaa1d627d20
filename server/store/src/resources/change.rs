//! APIs as administration makes, changes and removes them: one by one, each as it was seen.

use super::{Resources, row};
use crate::audit;
use crate::changes;
use crate::column::{from_json, millis, moment};
use crate::entity::resource::{Column, Entity, Model};
use crate::error::StoreError;
use crate::idempotency::{self, Claim};
use crate::page::{ByName, Paging, Record, next_change, page};
use crate::store::{Committed, Written};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::ResourceId;
use signet_protocol::resource::Resource;

/// PostgreSQL's advisory lock that lets one transaction at a time give scopes to APIs.
const LOCK: i64 = 0x7369_676e_6574_0005;

impl Resources<'_> {
    /// One API.
    pub async fn record(self, identifier: &ResourceId) -> Result<Option<Record<Resource>>, StoreError> {
        Entity::find_by_id(identifier.as_str()).one(self.0.reads()).await?.map(record).transpose()
    }

    /// A page of the APIs.
    pub async fn page(self, paging: Paging<ByName>) -> Result<Vec<Record<Resource>>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        let paging = Paging { sort: (), descending, after, limit };
        let columns = (Column::Identifier, Column::Identifier);
        let rows = page(Entity::find(), columns, paging).all(self.0.reads()).await?;
        rows.into_iter().map(record).collect()
    }

    /// Makes an API. [`Committed::Stale`]: there is one of this identifier, another has one of its scopes, or the key of the
    /// claim is taken.
    pub async fn create(
        self,
        resource: Resource,
        claim: Option<Claim>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(&resource, None, now)?;
        self.0
            .write((row, resource, claim, now, events), |(row, resource, claim, now, events), transaction| {
                Box::pin(async move {
                    if !idempotency::claim(transaction, claim.as_ref()).await? {
                        return Ok(Written::not(Committed::Stale));
                    }
                    let inserted = match scopes_are_free(transaction, resource).await? {
                        true => insert(transaction, row).await?,
                        false => 0,
                    };
                    if inserted == 0 {
                        idempotency::let_go(transaction, claim.as_ref()).await?;
                        return Ok(Written::not(Committed::Stale));
                    }
                    changed(transaction, *now, events).await
                })
            })
            .await
    }

    /// Changes an API that is still as it was at `seen`. [`Committed::Stale`], too: another has one of its scopes now.
    pub async fn change(
        self,
        resource: Resource,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(&resource, None, now)?;
        self.0
            .write(
                (row, resource, (seen, now), events),
                |(row, resource, (seen, now), events), transaction| {
                    Box::pin(async move {
                        if !scopes_are_free(transaction, resource).await? {
                            return Ok(Written::not(Committed::Stale));
                        }
                        let updated = Entity::update_many()
                            .col_expr(Column::Definition, Expr::value(&*row.definition))
                            .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, row.updated_at))
                            .filter(Column::Identifier.eq(&*row.identifier))
                            .filter(Column::UpdatedAt.eq(millis(*seen)))
                            .exec(transaction)
                            .await?;
                        match updated.rows_affected {
                            0 => not_as_seen(transaction, &row.identifier).await,
                            _ => changed(transaction, *now, events).await,
                        }
                    })
                },
            )
            .await
    }

    /// Removes an API that is still as it was at `seen`.
    pub async fn remove_as_seen(
        self,
        identifier: ResourceId,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((identifier, (seen, now), events), |(identifier, (seen, now), events), transaction| {
                Box::pin(async move {
                    let deleted = Entity::delete_by_id(identifier.as_str())
                        .filter(Column::UpdatedAt.eq(millis(*seen)))
                        .exec(transaction)
                        .await?;
                    match deleted.rows_affected {
                        0 => not_as_seen(transaction, identifier.as_str()).await,
                        _ => changed(transaction, *now, events).await,
                    }
                })
            })
            .await
    }
}

async fn insert(transaction: &DatabaseTransaction, row: &Model) -> Result<u64, StoreError> {
    let inserted = Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Identifier).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted)
}

/// Whether no other API has one of these scopes. Until the end of the transaction none gets one. SQLite has one writer and
/// needs no lock for that.
async fn scopes_are_free(transaction: &DatabaseTransaction, resource: &Resource) -> Result<bool, StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    let others = Entity::find().filter(Column::Identifier.ne(resource.identifier.as_str()));
    for row in others.all(transaction).await? {
        let other = definition(&row)?;
        if other.scopes.iter().any(|scope| resource.scopes.contains(scope)) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn changed(
    transaction: &DatabaseTransaction,
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    let changes = vec![Change::ResourcesChanged];
    changes::insert(transaction, &changes, now).await?;
    audit::insert(transaction, events).await?;
    Ok(Written::yes(changes))
}

/// Why a statement about an API in the state of a moment met no row.
async fn not_as_seen(transaction: &DatabaseTransaction, identifier: &str) -> Result<Written, StoreError> {
    let exists = Entity::find_by_id(identifier).one(transaction).await?.is_some();
    Ok(Written::not(if exists { Committed::Stale } else { Committed::SubjectGone }))
}

fn record(row: Model) -> Result<Record<Resource>, StoreError> {
    Ok(Record {
        item: definition(&row)?,
        managed_by: row.managed_by,
        created_at: moment(row.created_at)?,
        updated_at: moment(row.updated_at)?,
    })
}

fn definition(row: &Model) -> Result<Resource, StoreError> {
    from_json(&row.definition, "a resource")
}

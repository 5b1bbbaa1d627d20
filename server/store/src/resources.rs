//! APIs.

mod change;

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis};
use crate::entity::resource::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::{Committed, Managed, Written};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::ResourceId;
use signet_protocol::resource::Resource;

/// APIs.
#[derive(Clone, Copy, Debug)]
pub struct Resources<'a>(pub(crate) &'a Store);

impl Resources<'_> {
    /// Every API, by identifier.
    pub async fn all(self) -> Result<Vec<Managed<Resource>>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::Identifier).all(self.0.reads()).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Managed { item: from_json(&row.definition, "a resource")?, managed_by: row.managed_by })
            })
            .collect()
    }

    /// Makes or replaces an API.
    pub async fn put(
        self,
        resource: Resource,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(&resource, managed_by, now)?;
        self.0
            .write((row, now, events), |(row, now, events), transaction| {
                Box::pin(async move {
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(
                            OnConflict::column(Column::Identifier)
                                .update_columns([Column::Definition, Column::ManagedBy, Column::UpdatedAt])
                                .to_owned(),
                        )
                        .exec_without_returning(transaction)
                        .await?;
                    let changes = vec![Change::ResourcesChanged];
                    changes::insert(transaction, &changes, *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Written::yes(changes))
                })
            })
            .await
    }

    /// Removes an API. [`Committed::Stale`]: there is none.
    pub async fn remove(
        self,
        identifier: ResourceId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((identifier, now, events), |(identifier, now, events), transaction| {
                Box::pin(async move {
                    let deleted = Entity::delete_by_id(identifier.as_str()).exec(transaction).await?;
                    if deleted.rows_affected == 0 {
                        return Ok(Written::not(Committed::Stale));
                    }
                    let changes = vec![Change::ResourcesChanged];
                    changes::insert(transaction, &changes, *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Written::yes(changes))
                })
            })
            .await
    }
}

fn row(resource: &Resource, managed_by: Option<String>, now: Moment) -> Result<Model, StoreError> {
    Ok(Model {
        identifier: resource.identifier.as_str().to_owned(),
        definition: json(resource)?,
        managed_by,
        created_at: millis(now),
        updated_at: millis(now),
    })
}

//! Declared roles.

use crate::Store;
use crate::audit;
use crate::column::millis;
use crate::entity::role::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Managed;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::role::Role;

/// Declared roles.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'a>(pub(crate) &'a Store);

impl Roles<'_> {
    /// Every role, by name.
    pub async fn all(self) -> Result<Vec<Managed<Role>>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::Name).all(self.0.reads()).await?;
        let role = |row: Model| Managed {
            item: Role { name: row.name, description: row.description },
            managed_by: row.managed_by,
        };
        Ok(rows.into_iter().map(role).collect())
    }

    /// Makes or replaces a role.
    pub async fn put(
        self,
        role: Role,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<(), StoreError> {
        let (created_at, updated_at) = (millis(now), millis(now));
        let row =
            Model { name: role.name, description: role.description, managed_by, created_at, updated_at };
        self.0
            .write((row, events), |(row, events), transaction| {
                Box::pin(async move {
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(
                            OnConflict::column(Column::Name)
                                .update_columns([Column::Description, Column::ManagedBy, Column::UpdatedAt])
                                .to_owned(),
                        )
                        .exec_without_returning(transaction)
                        .await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }

    /// Removes a role; whoever holds it by name holds nothing any more.
    pub async fn remove(self, name: String, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.0
            .write((name, events), |(name, events), transaction| {
                Box::pin(async move {
                    Entity::delete_by_id(name.as_str()).exec(transaction).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }
}

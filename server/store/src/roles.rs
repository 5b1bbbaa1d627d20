//! Declared roles.

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis};
use crate::entity::role::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Managed;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::id::ClientId;
use signet_protocol::role::{Role, RoleBook};

/// Declared roles.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'a>(pub(crate) &'a Store);

impl Roles<'_> {
    /// Every role, by name.
    pub async fn all(self) -> Result<Vec<Managed<Role>>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::Name).all(self.0.reads()).await?;
        rows.into_iter().map(role).collect()
    }

    /// Every role and every group.
    pub async fn book(self) -> Result<RoleBook, StoreError> {
        let roles = self.all().await?.into_iter().map(|managed| managed.item);
        let groups = self.0.groups().all().await?.into_iter().map(|managed| managed.item);
        Ok(RoleBook::new(roles, groups))
    }

    /// Makes or replaces a role.
    pub async fn put(
        self,
        role: Role,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<(), StoreError> {
        let row = Model {
            name: role.name,
            description: role.description,
            second_factor: role.second_factor.map(|policy| policy.as_str().to_owned()),
            permissions: json(&role.permissions)?,
            client_id: role.client_id.map(|id| id.as_str().to_owned()),
            managed_by,
            created_at: millis(now),
            updated_at: millis(now),
        };
        let replaced = [
            Column::Description,
            Column::SecondFactor,
            Column::Permissions,
            Column::ClientId,
            Column::ManagedBy,
            Column::UpdatedAt,
        ];
        self.0
            .write((row, replaced, now, events), |(row, replaced, now, events), transaction| {
                Box::pin(async move {
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::Name).update_columns(*replaced).to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    changes::insert(transaction, &[Change::RolesChanged], *now).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }

    /// Removes a role; whoever holds it by name holds nothing any more.
    pub async fn remove(self, name: String, now: Moment, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.0
            .write((name, now, events), |(name, now, events), transaction| {
                Box::pin(async move {
                    Entity::delete_by_id(name.as_str()).exec(transaction).await?;
                    changes::insert(transaction, &[Change::RolesChanged], *now).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }
}

fn role(row: Model) -> Result<Managed<Role>, StoreError> {
    let unknown = || StoreError::Corrupt("a role's policy is unknown".into());
    let policy = row.second_factor.map(|name| FactorPolicy::named(&name).ok_or_else(unknown));
    let second_factor = policy.transpose()?;
    let item = Role {
        name: row.name,
        description: row.description,
        second_factor,
        permissions: from_json(&row.permissions, "a role's permissions")?,
        client_id: row.client_id.map(ClientId::new),
    };
    Ok(Managed { item, managed_by: row.managed_by })
}

//! Declared roles.

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis, moment};
use crate::entity::role::{Column, Entity, Model};
use crate::error::StoreError;
use crate::idempotency::{self, Claim};
use crate::page::{ByName, Paging, Record, next_change, page};
use crate::store::{Committed, Managed, Written};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::id::ClientId;
use signet_protocol::permission::Permission;
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

    /// The roles that belong to one client, by name.
    pub async fn of_client(self, client_id: &ClientId) -> Result<Vec<Role>, StoreError> {
        let own = Entity::find().filter(Column::ClientId.eq(client_id.as_str())).order_by_asc(Column::Name);
        own.all(self.0.reads()).await?.into_iter().map(|row| role(row).map(|managed| managed.item)).collect()
    }

    /// Every role and every group.
    pub async fn book(self) -> Result<RoleBook, StoreError> {
        let roles = self.all().await?.into_iter().map(|managed| managed.item);
        let groups = self.0.groups().all().await?.into_iter().map(|managed| managed.item);
        Ok(RoleBook::new(roles, groups))
    }

    /// One role, with what administration needs to know of it.
    pub async fn record(self, name: &str) -> Result<Option<Record<Role>>, StoreError> {
        Entity::find_by_id(name).one(self.0.reads()).await?.map(record).transpose()
    }

    /// A page of the roles.
    pub async fn page(self, paging: Paging<ByName>) -> Result<Vec<Record<Role>>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        let paging = Paging { sort: (), descending, after, limit };
        let rows = page(Entity::find(), (Column::Name, Column::Name), paging).all(self.0.reads()).await?;
        rows.into_iter().map(record).collect()
    }

    /// Makes a role. [`Committed::Stale`]: there is one of this name, or the key of the claim is taken.
    pub async fn create(
        self,
        role: Role,
        claim: Option<Claim>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(role, None, now)?;
        self.0
            .write((row, claim, now, events), |(row, claim, now, events), transaction| {
                Box::pin(async move {
                    if !idempotency::claim(transaction, claim.as_ref()).await? {
                        return Ok(Written::not(Committed::Stale));
                    }
                    let inserted = Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    if inserted == 0 {
                        idempotency::let_go(transaction, claim.as_ref()).await?;
                        return Ok(Written::not(Committed::Stale));
                    }
                    roles_changed(transaction, *now, events).await
                })
            })
            .await
    }

    /// Changes a role that is still as it was at `seen`.
    pub async fn change(
        self,
        role: Role,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(role, None, now)?;
        self.0
            .write((row, (seen, now), events), |(row, (seen, now), events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Description, Expr::value(row.description.clone()))
                        .col_expr(Column::SecondFactor, Expr::value(row.second_factor.clone()))
                        .col_expr(Column::Permissions, Expr::value(&*row.permissions))
                        .col_expr(Column::ClientId, Expr::value(row.client_id.clone()))
                        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, row.updated_at))
                        .filter(Column::Name.eq(&*row.name))
                        .filter(Column::UpdatedAt.eq(millis(*seen)))
                        .exec(transaction)
                        .await?;
                    match updated.rows_affected {
                        0 => not_as_seen(transaction, &row.name).await,
                        _ => roles_changed(transaction, *now, events).await,
                    }
                })
            })
            .await
    }

    /// Removes a role that is still as it was at `seen`; whoever holds it by name holds nothing any more.
    pub async fn remove_as_seen(
        self,
        name: String,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((name, (seen, now), events), |(name, (seen, now), events), transaction| {
                Box::pin(async move {
                    let deleted = Entity::delete_by_id(name.as_str())
                        .filter(Column::UpdatedAt.eq(millis(*seen)))
                        .exec(transaction)
                        .await?;
                    match deleted.rows_affected {
                        0 => not_as_seen(transaction, name).await,
                        _ => roles_changed(transaction, *now, events).await,
                    }
                })
            })
            .await
    }

    /// Makes or replaces a role.
    pub async fn put(
        self,
        role: Role,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<(), StoreError> {
        let row = row(role, managed_by, now)?;
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

fn row(role: Role, managed_by: Option<String>, now: Moment) -> Result<Model, StoreError> {
    Ok(Model {
        name: role.name,
        description: role.description,
        second_factor: role.second_factor.map(|policy| policy.as_str().to_owned()),
        permissions: json(&role.permissions)?,
        client_id: role.client_id.map(|id| id.as_str().to_owned()),
        managed_by,
        created_at: millis(now),
        updated_at: millis(now),
    })
}

fn record(row: Model) -> Result<Record<Role>, StoreError> {
    let (created_at, updated_at) = (moment(row.created_at)?, moment(row.updated_at)?);
    let Managed { item, managed_by } = role(row)?;
    Ok(Record { item, managed_by, created_at, updated_at })
}

/// Says in the feed that roles and groups must be read again, and records the events.
pub(crate) async fn roles_changed(
    transaction: &DatabaseTransaction,
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    changes::insert(transaction, &[Change::RolesChanged], now).await?;
    audit::insert(transaction, events).await?;
    Ok(Written::yes(vec![Change::RolesChanged]))
}

/// Why a statement about a role in the state of a moment met no row.
async fn not_as_seen(transaction: &DatabaseTransaction, name: &str) -> Result<Written, StoreError> {
    let exists = Entity::find_by_id(name).one(transaction).await?.is_some();
    Ok(Written::not(if exists { Committed::Stale } else { Committed::SubjectGone }))
}

fn role(row: Model) -> Result<Managed<Role>, StoreError> {
    let unknown = || StoreError::Corrupt("a role's policy is unknown".into());
    let policy = row.second_factor.map(|name| FactorPolicy::named(&name).ok_or_else(unknown));
    let second_factor = policy.transpose()?;
    let permissions: Vec<String> = from_json(&row.permissions, "a role's permissions")?;
    let item = Role {
        name: row.name,
        description: row.description,
        second_factor,
        // One that only another version knows lets nobody do anything here.
        permissions: permissions.iter().filter_map(|name| Permission::named(name)).collect(),
        client_id: row.client_id.map(ClientId::new),
    };
    Ok(Managed { item, managed_by: row.managed_by })
}

//! Groups, and who is in them.

mod change;
mod list;
mod owners;

pub use change::GroupChange;
pub use list::GroupMember;

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis};
use crate::entity::group::{Column, Entity, Model};
use crate::entity::{group_member, user};
use crate::error::StoreError;
use crate::page::next_change;
use crate::store::Managed;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::group::Group;
use signet_protocol::id::UserId;

/// The most rows that one statement inserts or names.
const AT_ONCE: usize = 500;

/// Groups.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a>(pub(crate) &'a Store);

/// Who comes into a group and who leaves it.
#[derive(Clone, Debug, Default)]
pub struct Membership {
    /// They come.
    pub join: Vec<UserId>,
    /// They leave.
    pub leave: Vec<UserId>,
}

impl Groups<'_> {
    /// Every group, by name.
    pub async fn all(self) -> Result<Vec<Managed<Group>>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::Name).all(self.0.reads()).await?;
        rows.into_iter().map(group).collect()
    }

    /// The groups that somebody is in, by name.
    pub async fn of(self, user: &UserId) -> Result<Vec<String>, StoreError> {
        Ok(group_member::Entity::find()
            .filter(group_member::Column::UserId.eq(user.as_str()))
            .order_by_asc(group_member::Column::GroupName)
            .select_only()
            .column(group_member::Column::GroupName)
            .into_tuple()
            .all(self.0.reads())
            .await?)
    }

    /// Everybody who is in a group, with their user names, by these.
    pub async fn members(self, group: &str) -> Result<Vec<(UserId, String)>, StoreError> {
        let ids = Query::select()
            .column(group_member::Column::UserId)
            .from(group_member::Entity)
            .and_where(group_member::Column::GroupName.eq(group))
            .take();
        let rows: Vec<(String, String)> = user::Entity::find()
            .filter(user::Column::Id.in_subquery(ids))
            .order_by_asc(user::Column::UsernameKey)
            .select_only()
            .columns([user::Column::Id, user::Column::Username])
            .into_tuple()
            .all(self.0.reads())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (UserId::new(id), name)).collect())
    }

    /// Makes or replaces a group, and has people come and go.
    pub async fn put(
        self,
        group: Group,
        membership: Membership,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<(), StoreError> {
        let row = Model {
            roles: json(&group.roles)?,
            name: group.name,
            description: group.description,
            managed_by,
            created_at: millis(now),
            updated_at: millis(now),
        };
        self.0
            .write((row, membership, now, events), |(row, membership, now, events), transaction| {
                Box::pin(async move {
                    let replaced = [Column::Description, Column::Roles, Column::ManagedBy, Column::UpdatedAt];
                    Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::Name).update_columns(replaced).to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    come_and_go(transaction, &row.name, membership, *now).await?;
                    changes::insert(transaction, &[Change::RolesChanged], *now).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }

    /// Removes a group; whoever is in it holds nothing by it any more.
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

async fn come_and_go(
    transaction: &DatabaseTransaction,
    name: &str,
    membership: &Membership,
    now: Moment,
) -> Result<(), StoreError> {
    for ids in membership.leave.chunks(AT_ONCE) {
        group_member::Entity::delete_many()
            .filter(group_member::Column::GroupName.eq(name))
            .filter(group_member::Column::UserId.is_in(ids.iter().map(UserId::as_str)))
            .exec(transaction)
            .await?;
    }
    for ids in membership.join.chunks(AT_ONCE) {
        let rows = ids.iter().map(|id| {
            let (group_name, user_id) = (name.to_owned(), id.as_str().to_owned());
            group_member::Model { group_name, user_id, created_at: millis(now) }.into_active_model()
        });
        group_member::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await?;
    }
    // What they may do has changed: whoever looked at them before has to look again.
    for ids in membership.leave.chunks(AT_ONCE).chain(membership.join.chunks(AT_ONCE)) {
        user::Entity::update_many()
            .col_expr(user::Column::UpdatedAt, next_change(user::Column::UpdatedAt, millis(now)))
            .filter(user::Column::Id.is_in(ids.iter().map(UserId::as_str)))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

fn group(row: Model) -> Result<Managed<Group>, StoreError> {
    let roles = from_json(&row.roles, "a group's roles")?;
    let item = Group { name: row.name, description: row.description, roles };
    Ok(Managed { item, managed_by: row.managed_by })
}

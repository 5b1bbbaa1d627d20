//! Groups as administration sees them.

use super::{Groups, group};
use crate::column::moment;
use crate::entity::group::{Column, Entity, Model};
use crate::entity::{group_member, user};
use crate::error::StoreError;
use crate::page::{ByName, Paging, Record, page};
use crate::store::Managed;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use signet_protocol::group::Group;
use signet_protocol::id::UserId;

/// Somebody who is in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// Who.
    pub id: UserId,
    /// Their user name.
    pub username: String,
    /// The same as it is compared: what the list is sorted by.
    pub username_key: String,
}

impl Groups<'_> {
    /// One group, with what administration needs to know of it.
    pub async fn record(self, name: &str) -> Result<Option<Record<Group>>, StoreError> {
        Entity::find_by_id(name).one(self.0.reads()).await?.map(record).transpose()
    }

    /// A page of the groups.
    pub async fn page(self, paging: Paging<ByName>) -> Result<Vec<Record<Group>>, StoreError> {
        let rows =
            page(Entity::find(), (Column::Name, Column::Name), plain(paging)).all(self.0.reads()).await?;
        rows.into_iter().map(record).collect()
    }

    /// A page of those who are in a group, by user name.
    pub async fn member_page(
        self,
        group: &str,
        paging: Paging<ByName>,
    ) -> Result<Vec<GroupMember>, StoreError> {
        let ids = Query::select()
            .column(group_member::Column::UserId)
            .from(group_member::Entity)
            .and_where(group_member::Column::GroupName.eq(group))
            .take();
        let members = user::Entity::find().filter(user::Column::Id.in_subquery(ids));
        let columns = (user::Column::UsernameKey, user::Column::UsernameKey);
        let rows = page(members, columns, plain(paging)).all(self.0.reads()).await?;
        let member = |row: user::Model| GroupMember {
            id: UserId::new(row.id),
            username: row.username,
            username_key: row.username_key,
        };
        Ok(rows.into_iter().map(member).collect())
    }
}

fn plain(paging: Paging<ByName>) -> Paging<()> {
    let Paging { descending, after, limit, .. } = paging;
    Paging { sort: (), descending, after, limit }
}

fn record(row: Model) -> Result<Record<Group>, StoreError> {
    let (created_at, updated_at) = (moment(row.created_at)?, moment(row.updated_at)?);
    let Managed { item, managed_by } = group(row)?;
    Ok(Record { item, managed_by, created_at, updated_at })
}

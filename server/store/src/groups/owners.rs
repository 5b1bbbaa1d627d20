//! Somebody owns this server, and no change of a group leaves it without.

use crate::column::from_json;
use crate::entity::{group, group_member, user};
use crate::error::StoreError;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::permission::BuiltIn;

/// Whether there is an owner who may act, by a role of their own or by a group. Groups and owners are held until the
/// transaction ends, in one order: of two changes at once, the second sees what the first one left.
pub(super) async fn is_owned(transaction: &DatabaseTransaction) -> Result<bool, StoreError> {
    let owner = BuiltIn::Owner.name();
    let groups =
        group::Entity::find().order_by_asc(group::Column::Name).lock_exclusive().all(transaction).await?;
    let mut owning = Vec::new();
    for group in groups {
        let roles: Vec<String> = from_json(&group.roles, "a group's roles")?;
        owning.extend(roles.iter().any(|role| role == owner).then_some(group.name));
    }
    let members = Query::select()
        .column(group_member::Column::UserId)
        .from(group_member::Entity)
        .and_where(group_member::Column::GroupName.is_in(owning))
        .take();
    // Roles are kept as a JSON list: a whole name stands between quotes.
    let owns = Condition::any()
        .add(user::Column::Roles.contains(format!("\"{owner}\"")))
        .add(user::Column::Id.in_subquery(members));
    let owners: Vec<String> = user::Entity::find()
        .filter(owns)
        .filter(user::Column::Disabled.eq(false))
        .filter(user::Column::DeletesAt.is_null())
        .order_by_asc(user::Column::Id)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(!owners.is_empty())
}

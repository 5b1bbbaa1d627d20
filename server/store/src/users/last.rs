//! Whoever is the last to hold what a server cannot do without keeps it.

use super::list::holds;
use crate::column::from_json;
use crate::entity::user::{Column, Entity};
use crate::entity::{group, group_member};
use crate::error::StoreError;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::id::UserId;
use signet_protocol::permission::BuiltIn;
use std::collections::HashSet;

/// The roles of which somebody live has to hold the first that anybody holds: an owner can make administrators, so that
/// nobody else has to be one.
const KEPT: [BuiltIn; 2] = [BuiltIn::Owner, BuiltIn::Administrator];

/// A role that one live person holds and nobody else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OnlyHolder {
    /// The role.
    pub(crate) role: BuiltIn,
    /// Whether a group gives it to them.
    pub(crate) by_group: bool,
}

/// The role that this live person holds and nobody else does, if the server cannot do without. All who could are held until the transaction ends, in one
/// order: of two who leave at once, the second sees that the first has gone.
pub(crate) async fn only_holder(
    transaction: &DatabaseTransaction,
    person: &UserId,
) -> Result<Option<OnlyHolder>, StoreError> {
    for role in KEPT {
        let members = members(transaction, role).await?;
        let may = Condition::any().add(holds(Column::Roles, role.name())).add(Column::Id.is_in(&members));
        let holders: Vec<String> = Entity::find()
            .filter(may)
            .filter(Column::Disabled.eq(false))
            .filter(Column::DeletesAt.is_null())
            .order_by_asc(Column::Id)
            .select_only()
            .column(Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(transaction)
            .await?;
        if !holders.is_empty() {
            let only = holders == [person.as_str()];
            return Ok(only.then(|| OnlyHolder { role, by_group: members.contains(person.as_str()) }));
        }
    }
    Ok(None)
}

/// Who holds a role because they are in a group. All groups are held, before people are: as changes of groups do.
async fn members(transaction: &DatabaseTransaction, role: BuiltIn) -> Result<HashSet<String>, StoreError> {
    let groups =
        group::Entity::find().order_by_asc(group::Column::Name).lock_exclusive().all(transaction).await?;
    let mut names = Vec::new();
    for group in groups {
        let roles: Vec<String> = from_json(&group.roles, "a group's roles")?;
        names.extend(roles.iter().any(|held| held == role.name()).then_some(group.name));
    }
    let members: Vec<String> = group_member::Entity::find()
        .filter(group_member::Column::GroupName.is_in(names))
        .select_only()
        .column(group_member::Column::UserId)
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(members.into_iter().collect())
}

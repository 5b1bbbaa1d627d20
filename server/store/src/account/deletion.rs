//! A person's account is deleted: not at once, so that they may think again.

use super::Account;
use crate::audit;
use crate::column::{from_json, millis, moment_or_none};
use crate::entity::user::{Column, Entity};
use crate::entity::{group, group_member};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::revoke::{Ending, end_all_of_user};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::role::ADMIN;
use std::collections::HashSet;

/// How having an account deleted came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It is going to be; with what nodes must hear of.
    Yes(Vec<Change>),
    /// It was going to be already, or there is none.
    Already,
    /// Nobody else could administer this server.
    LastAdministrator,
}

impl Account<'_> {
    /// When this account is going to be deleted, if it is.
    pub async fn deletion(&self) -> Result<Option<Moment>, StoreError> {
        let found: Option<Option<i64>> = Entity::find_by_id(self.person.as_str())
            .select_only()
            .column(Column::DeletesAt)
            .into_tuple()
            .one(self.store.reads())
            .await?;
        moment_or_none(found.flatten())
    }

    /// Has the account deleted at `due`. Its sessions, grants and codes end now, and no application gets a code for it
    /// from now on.
    pub async fn schedule_deletion(
        &self,
        due: Moment,
        now: Moment,
        (events, mails): (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Leaving, StoreError> {
        let data = (self.person.clone(), due, now, events, mails);
        self.store
            .write(data, |(person, due, now, events, mails), transaction| {
                Box::pin(async move {
                    if is_last_administrator(transaction, person).await? {
                        return Ok(Leaving::LastAdministrator);
                    }
                    let updated = Entity::update_many()
                        .col_expr(Column::DeletesAt, Expr::value(millis(*due)))
                        .filter(Column::Id.eq(person.as_str()))
                        .filter(Column::DeletesAt.is_null())
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Leaving::Already);
                    }
                    let ending = Ending::told_by(events, *now, "deletion_scheduled");
                    let changes = end_all_of_user(transaction, person, &ending).await?;
                    mails::insert(transaction, mails).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Leaving::Yes(changes))
                })
            })
            .await
    }

    /// Keeps the account after all; false: it was not going to be deleted.
    pub async fn cancel_deletion(&self, events: Vec<AuditEvent>) -> Result<bool, StoreError> {
        self.store
            .write((self.person.clone(), events), |(person, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::DeletesAt, Expr::value(None::<i64>))
                        .filter(Column::Id.eq(person.as_str()))
                        .filter(Column::DeletesAt.is_not_null())
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(false);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// Whether nobody else could administer this server. All who could are held until the transaction ends, in one order: of two
/// who leave at once, the second sees that the first has gone.
async fn is_last_administrator(
    transaction: &DatabaseTransaction,
    person: &UserId,
) -> Result<bool, StoreError> {
    let members = members_of_administering_groups(transaction).await?;
    let may = Condition::any().add(Column::Roles.contains(ADMIN)).add(Column::Id.is_in(&members));
    let rows: Vec<(String, String)> = Entity::find()
        .filter(may)
        .filter(Column::Disabled.eq(false))
        .filter(Column::DeletesAt.is_null())
        .order_by_asc(Column::Id)
        .select_only()
        .columns([Column::Id, Column::Roles])
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?;
    let mut administrators = Vec::new();
    for (id, roles) in rows {
        let roles: Vec<String> = from_json(&roles, "a list of roles")?;
        let administers = roles.iter().any(|role| role == ADMIN) || members.contains(&id);
        administrators.extend(administers.then_some(id));
    }
    Ok(administrators == [person.as_str()])
}

/// Who administers because they are in a group.
async fn members_of_administering_groups(
    transaction: &DatabaseTransaction,
) -> Result<HashSet<String>, StoreError> {
    let groups = group::Entity::find().filter(group::Column::Roles.contains(ADMIN)).all(transaction).await?;
    let mut names = Vec::new();
    for group in groups {
        let roles: Vec<String> = from_json(&group.roles, "a group's roles")?;
        names.extend(roles.iter().any(|role| role == ADMIN).then_some(group.name));
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

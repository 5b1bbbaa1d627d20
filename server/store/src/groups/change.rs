//! Making, changing and removing a group, and having people come and go, one by one.

use super::owners::is_owned;
use super::{Groups, Membership, come_and_go};
use crate::audit;
use crate::column::{json, millis};
use crate::entity::group::{Column, Entity, Model};
use crate::entity::user;
use crate::error::StoreError;
use crate::idempotency::{self, Claim};
use crate::page::next_change;
use crate::roles::roles_changed;
use crate::store::{Committed, Written};
use futures_util::future::BoxFuture;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    TransactionTrait,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::group::Group;
use signet_protocol::id::UserId;

/// How a change came out that may take something from people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// As it says.
    Written(Written),
    /// Nobody would own this server any more. Nothing was written.
    LastOwner,
}

impl Groups<'_> {
    /// Makes a group. [`Committed::Stale`]: there is one of this name, or the key of the claim is taken.
    pub async fn create(
        self,
        group: Group,
        claim: Option<Claim>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = row(group, now)?;
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

    /// Changes a group that is still as it was at `seen`.
    pub async fn change(
        self,
        group: Group,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<GroupChange, StoreError> {
        let row = row(group, now)?;
        self.0
            .write((row, (seen, now), events), |data, transaction| {
                Box::pin(keeping_an_owner(transaction, data, |(row, (seen, now), events), transaction| {
                    Box::pin(async move {
                        let updated = Entity::update_many()
                            .col_expr(Column::Description, Expr::value(row.description.clone()))
                            .col_expr(Column::Roles, Expr::value(&*row.roles))
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
                }))
            })
            .await
    }

    /// Removes a group that is still as it was at `seen`; whoever is in it holds nothing by it any more.
    pub async fn remove_as_seen(
        self,
        name: String,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<GroupChange, StoreError> {
        self.0
            .write((name, (seen, now), events), |data, transaction| {
                Box::pin(keeping_an_owner(transaction, data, |(name, (seen, now), events), transaction| {
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
                }))
            })
            .await
    }

    /// Has people come into a group and leave it. [`Committed::SubjectGone`]: there is no such group, or one of those who
    /// are to come is nobody.
    pub async fn move_people(
        self,
        group: String,
        membership: Membership,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<GroupChange, StoreError> {
        self.0
            .write((group, membership, now, events), |data, transaction| {
                Box::pin(keeping_an_owner(
                    transaction,
                    data,
                    |(group, membership, now, events), transaction| {
                        Box::pin(async move {
                            if !exist(transaction, group, &membership.join).await? {
                                return Ok(Written::not(Committed::SubjectGone));
                            }
                            come_and_go(transaction, group, membership, *now).await?;
                            // Who is in a group is in nobody's memory: nothing has to be read again.
                            audit::insert(transaction, events).await?;
                            Ok(Written::yes(Vec::new()))
                        })
                    },
                ))
            })
            .await
    }
}

/// Makes a change, and takes it back if it leaves this server without an owner that had one.
async fn keeping_an_owner<D: Sync>(
    transaction: &DatabaseTransaction,
    data: &D,
    change: for<'c> fn(&'c D, &'c DatabaseTransaction) -> BoxFuture<'c, Result<Written, StoreError>>,
) -> Result<GroupChange, StoreError> {
    let attempt = transaction.begin().await?;
    let owned = is_owned(&attempt).await?;
    let written = change(data, &attempt).await?;
    if owned && !is_owned(&attempt).await? {
        attempt.rollback().await?;
        return Ok(GroupChange::LastOwner);
    }
    attempt.commit().await?;
    Ok(GroupChange::Written(written))
}

/// Whether there are such a group and such people; they stay until the transaction ends.
async fn exist(
    transaction: &DatabaseTransaction,
    group: &str,
    people: &[UserId],
) -> Result<bool, StoreError> {
    let known: Vec<String> = user::Entity::find()
        .filter(user::Column::Id.is_in(people.iter().map(UserId::as_str)))
        .select_only()
        .column(user::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(known.len() == people.len() && Entity::find_by_id(group).one(transaction).await?.is_some())
}

/// Why a statement about a group in the state of a moment met no row.
async fn not_as_seen(transaction: &DatabaseTransaction, name: &str) -> Result<Written, StoreError> {
    let exists = Entity::find_by_id(name).one(transaction).await?.is_some();
    Ok(Written::not(if exists { Committed::Stale } else { Committed::SubjectGone }))
}

fn row(group: Group, now: Moment) -> Result<Model, StoreError> {
    Ok(Model {
        roles: json(&group.roles)?,
        name: group.name,
        description: group.description,
        managed_by: None,
        created_at: millis(now),
        updated_at: millis(now),
    })
}

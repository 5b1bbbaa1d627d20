//! Whose password is still the one that a resource file declared.

use super::{Users, replace_password};
use crate::entity::declared_password::{Column, Entity, Model};
use crate::entity::user;
use crate::error::StoreError;
use crate::store::{Committed, Written};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::secret::{Secret, SecretHash};
use std::collections::{BTreeMap, BTreeSet};

impl Users<'_> {
    /// Remembers that the password of somebody who was made from a declaration came of it.
    pub async fn made_with_declared(
        self,
        id: UserId,
        password_hash: &Secret<String>,
    ) -> Result<(), StoreError> {
        self.0
            .write((id, password_hash.clone()), |(id, hash), transaction| {
                Box::pin(remember(transaction, id, hash))
            })
            .await
    }

    /// Replaces a password by a declared one, as [`Users::set_password`] does, and remembers it.
    /// [`Committed::Stale`]: it is no longer `before`.
    pub async fn declare_password(
        self,
        id: UserId,
        (before, after): (Option<Secret<String>>, Secret<String>),
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let told = (events, Vec::new());
        self.0
            .write((id, (before, after), now, told), |(id, (before, after), now, told), transaction| {
                Box::pin(async move {
                    let unchanged = match before {
                        Some(hash) => user::Column::PasswordHash.eq(hash.expose().as_str()),
                        None => user::Column::PasswordHash.is_null(),
                    };
                    // Nobody else changes the row from here on.
                    let held = user::Entity::update_many()
                        .col_expr(user::Column::PasswordHash, Expr::value(after.expose().as_str()))
                        .filter(user::Column::Id.eq(id.as_str()))
                        .filter(unchanged)
                        .exec(transaction)
                        .await?;
                    if held.rows_affected == 0 {
                        return Ok(Written::not(Committed::Stale));
                    }
                    remember(transaction, id, after).await?;
                    replace_password(transaction, id, after, *now, told).await
                })
            })
            .await
    }

    /// The people whose password is the one that was declared for them: nobody has changed it or taken it away since.
    pub async fn with_declared_passwords(self) -> Result<BTreeSet<UserId>, StoreError> {
        let declared = Entity::find().all(self.0.reads()).await?;
        let declared: BTreeMap<_, _> = declared.into_iter().map(|row| (row.user_id, row.made)).collect();
        let hashes =
            user::Entity::find().select_only().columns([user::Column::Id, user::Column::PasswordHash]);
        let hashes: Vec<(String, Option<String>)> = hashes.into_tuple().all(self.0.reads()).await?;
        let still = hashes.into_iter().filter(|(id, hash)| match (declared.get(id), hash) {
            (Some(declared), Some(hash)) => *declared == made(hash),
            _ => false,
        });
        Ok(still.map(|(id, _)| UserId::new(id)).collect())
    }
}

async fn remember(
    transaction: &DatabaseTransaction,
    id: &UserId,
    password_hash: &Secret<String>,
) -> Result<(), StoreError> {
    let row = Model { user_id: id.as_str().to_owned(), made: made(password_hash.expose()) };
    let again = OnConflict::column(Column::UserId).update_column(Column::Made).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(transaction).await?;
    Ok(())
}

/// The same password has another hash.
pub(super) async fn rehashed(
    transaction: &DatabaseTransaction,
    id: &UserId,
    (old, new): (&Secret<String>, &Secret<String>),
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Made, Expr::value(made(new.expose())))
        .filter(Column::UserId.eq(id.as_str()))
        .filter(Column::Made.eq(made(old.expose())))
        .exec(transaction)
        .await?;
    Ok(())
}

fn made(password_hash: &str) -> Vec<u8> {
    SecretHash::of(password_hash.as_bytes()).0.to_vec()
}

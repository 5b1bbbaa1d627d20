//! What the verbs on clients do within their transactions.

use super::NewSecret;
use crate::audit;
use crate::changes;
use crate::column::{count, from_json, millis, moment, moment_or_none, secret_hash};
use crate::entity::{client, client_secret, removed_client, role};
use crate::error::StoreError;
use crate::page::next_change;
use crate::revoke::end_all_of_client;
use crate::store::{Committed, Written};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, UpdateMany};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::client::{ClientSecret, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;

/// An update of one client, which at least says when it happened.
pub(super) fn this(client_id: &ClientId, now: Moment) -> UpdateMany<client::Entity> {
    client::Entity::update_many()
        .col_expr(client::Column::UpdatedAt, next_change(client::Column::UpdatedAt, millis(now)))
        .filter(client::Column::ClientId.eq(client_id.as_str()))
}

/// The same for a client that is still as it was at `seen`.
pub(super) fn as_seen(
    update: UpdateMany<client::Entity>,
    seen: Option<Moment>,
) -> UpdateMany<client::Entity> {
    match seen {
        Some(seen) => update.filter(client::Column::UpdatedAt.eq(millis(seen))),
        None => update,
    }
}

/// Why an update met no row: the client is gone, or is no longer as it was seen.
pub(super) async fn not_updated(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
) -> Result<Written, StoreError> {
    let exists = client::Entity::find_by_id(client_id.as_str()).one(transaction).await?.is_some();
    Ok(Written::not(if exists { Committed::Stale } else { Committed::SubjectGone }))
}

/// Inserts a client whose counter goes on from where it stood when the same identifier was removed: tokens issued before
/// that must not come back to life.
pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    row: &client::Model,
) -> Result<bool, StoreError> {
    let before = removed_client::Entity::find_by_id(&*row.client_id).one(transaction).await?;
    let mut row = row.clone();
    row.revocation_counter = before.map_or(0, |before| before.revocation_counter);
    let inserted = client::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(client::Column::ClientId).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted == 1)
}

pub(super) async fn insert_secret(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
    secret: &NewSecret,
    now: Moment,
) -> Result<(), StoreError> {
    let row = client_secret::ActiveModel {
        id: Set(secret.id.clone()),
        client_id: Set(client_id.as_str().to_owned()),
        hash: Set(secret.hash.0.to_vec()),
        sealed: Set(secret.sealed.clone()),
        created_at: Set(millis(now)),
        expires_at: Set(secret.expires_at.map(millis)),
    };
    client_secret::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Applies `update`, raises the counter and ends the client's grants.
pub(super) async fn end_all(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
    update: UpdateMany<client::Entity>,
    reason: &'static str,
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    let counter = client::Column::RevocationCounter;
    let updated = update.col_expr(counter, Expr::col(counter).add(1)).exec(transaction).await?;
    if updated.rows_affected == 0 {
        return not_updated(transaction, client_id).await;
    }
    end_all_of_client(transaction, client_id, (now, reason)).await?;
    changed(transaction, client_id, Vec::new(), now, events).await
}

/// Deletes a client whose tokens have been revoked, with the roles that belong to it, and keeps its counter.
pub(super) async fn delete(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
    now: Moment,
) -> Result<Option<Change>, StoreError> {
    if let Some(row) = client::Entity::find_by_id(client_id.as_str()).one(transaction).await? {
        let kept = removed_client::ActiveModel {
            client_id: Set(row.client_id),
            revocation_counter: Set(row.revocation_counter),
        };
        removed_client::Entity::insert(kept)
            .on_conflict(
                OnConflict::column(removed_client::Column::ClientId)
                    .update_column(removed_client::Column::RevocationCounter)
                    .to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
    }
    client::Entity::delete_by_id(client_id.as_str()).exec(transaction).await?;
    let own = role::Column::ClientId.eq(client_id.as_str());
    if role::Entity::delete_many().filter(own).exec(transaction).await?.rows_affected == 0 {
        return Ok(None);
    }
    changes::insert(transaction, &[Change::RolesChanged], now).await?;
    Ok(Some(Change::RolesChanged))
}

/// Says in the feed that a client must be read again, and records the events.
pub(super) async fn changed(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
    mut changes: Vec<Change>,
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    let change = Change::ClientChanged { client_id: client_id.clone() };
    changes::insert(transaction, std::slice::from_ref(&change), now).await?;
    audit::insert(transaction, events).await?;
    changes.push(change);
    Ok(Written::yes(changes))
}

pub(super) fn registered(
    row: &client::Model,
    secrets: &[client_secret::Model],
) -> Result<RegisteredClient, StoreError> {
    let secrets = secrets.iter().map(|secret| {
        Ok(ClientSecret {
            id: secret.id.clone(),
            hash: secret_hash(&secret.hash)?,
            created_at: moment(secret.created_at)?,
            expires_at: moment_or_none(secret.expires_at)?,
        })
    });
    Ok(RegisteredClient {
        client: from_json(&row.metadata, "a client's metadata")?,
        secrets: secrets.collect::<Result<_, StoreError>>()?,
        revocation_counter: count(row.revocation_counter)?,
        disabled: row.disabled,
    })
}

//! Clients and their secrets.

mod list;
mod rows;

pub use self::list::{ClientFilter, ClientSort};
use self::rows::{as_seen, changed, delete, end_all, insert, insert_secret, not_updated, registered, this};
use crate::Store;
use crate::column::{json, millis};
use crate::entity::{client, client_secret};
use crate::error::StoreError;
use crate::idempotency::{self, Claim};
use crate::store::{Committed, Managed, Written};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::client::{Client, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::secret::SecretHash;
use std::collections::HashMap;

/// A secret to register for a client.
#[derive(Clone, Debug)]
pub struct NewSecret {
    /// Names the secret, not its value.
    pub id: String,
    /// SHA-256 of it.
    pub hash: SecretHash,
    /// The secret itself, sealed, if a registered method needs it.
    pub sealed: Option<Vec<u8>>,
    /// From when it is refused.
    pub expires_at: Option<Moment>,
}

/// Clients and their secrets.
#[derive(Clone, Copy, Debug)]
pub struct Clients<'a>(pub(crate) &'a Store);

impl Clients<'_> {
    /// One client with its secrets, disabled or not.
    pub async fn get(self, client_id: &ClientId) -> Result<Option<RegisteredClient>, StoreError> {
        let reads = self.0.reads();
        let Some(row) = client::Entity::find_by_id(client_id.as_str()).one(reads).await? else {
            return Ok(None);
        };
        let secrets = client_secret::Entity::find()
            .filter(client_secret::Column::ClientId.eq(client_id.as_str()))
            .order_by_desc(client_secret::Column::CreatedAt)
            .all(reads)
            .await?;
        registered(&row, &secrets).map(Some)
    }

    /// Every client as it is registered, by identifier, without its secrets.
    pub async fn all(self) -> Result<Vec<Client>, StoreError> {
        let rows = client::Entity::find().order_by_asc(client::Column::ClientId).all(self.0.reads()).await?;
        rows.iter().map(|row| Ok(registered(row, &[])?.client)).collect()
    }

    /// Every client's identifier.
    pub async fn ids(self) -> Result<Vec<ClientId>, StoreError> {
        let ids = client::Entity::find().select_only().column(client::Column::ClientId);
        let ids: Vec<String> = ids.into_tuple().all(self.0.reads()).await?;
        Ok(ids.into_iter().map(ClientId::new).collect())
    }

    /// Every client with its secrets, by identifier.
    pub async fn list(self) -> Result<Vec<Managed<RegisteredClient>>, StoreError> {
        let reads = self.0.reads();
        let rows = client::Entity::find().order_by_asc(client::Column::ClientId).all(reads).await?;
        let mut secrets: HashMap<String, Vec<client_secret::Model>> = HashMap::new();
        for secret in
            client_secret::Entity::find().order_by_desc(client_secret::Column::CreatedAt).all(reads).await?
        {
            secrets.entry(secret.client_id.clone()).or_default().push(secret);
        }
        rows.into_iter()
            .map(|row| {
                let own = secrets.remove(&row.client_id).unwrap_or_default();
                Ok(Managed { item: registered(&row, &own)?, managed_by: row.managed_by })
            })
            .collect()
    }

    /// Registers a client. [`Committed::Stale`]: the identifier is taken, or the key of the claim is.
    pub async fn put(
        self,
        client: Client,
        (secret, claim): (Option<NewSecret>, Option<Claim>),
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = client::Model {
            metadata: json(&client)?,
            name: client.client_name.clone(),
            client_id: client.client_id.as_str().to_owned(),
            disabled: false,
            revocation_counter: 0,
            managed_by,
            created_at: millis(now),
            updated_at: millis(now),
        };
        self.0
            .write(
                (client.client_id, row, (secret, claim), now, events),
                |(id, row, (secret, claim), now, events), transaction| {
                    Box::pin(async move {
                        if !idempotency::claim(transaction, claim.as_ref()).await? {
                            return Ok(Written::not(Committed::Stale));
                        }
                        if !insert(transaction, row).await? {
                            idempotency::let_go(transaction, claim.as_ref()).await?;
                            return Ok(Written::not(Committed::Stale));
                        }
                        if let Some(secret) = secret {
                            insert_secret(transaction, id, secret, *now).await?;
                        }
                        changed(transaction, id, Vec::new(), *now, events).await
                    })
                },
            )
            .await
    }

    /// Replaces a client's metadata and declaration and, if `secret` is given, all its secrets by that one.
    /// [`Committed::SubjectGone`]: no such client. [`Committed::Stale`]: it is no longer as it was at `seen`.
    pub async fn update(
        self,
        client: Client,
        secret: Option<NewSecret>,
        managed_by: Option<String>,
        (seen, now): (Option<Moment>, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let metadata = json(&client)?;
        let data =
            (client.client_id, (metadata, client.client_name), managed_by, secret, (seen, now), events);
        self.0
            .write(data, |(id, (metadata, name), managed_by, secret, (seen, now), events), transaction| {
                Box::pin(async move {
                    let updated = as_seen(this(id, *now), *seen)
                        .col_expr(client::Column::Metadata, Expr::value(&**metadata))
                        .col_expr(client::Column::Name, Expr::value(&**name))
                        .col_expr(client::Column::ManagedBy, Expr::value(managed_by.clone()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return not_updated(transaction, id).await;
                    }
                    if let Some(secret) = secret {
                        client_secret::Entity::delete_many()
                            .filter(client_secret::Column::ClientId.eq(id.as_str()))
                            .exec(transaction)
                            .await?;
                        insert_secret(transaction, id, secret, *now).await?;
                    }
                    changed(transaction, id, Vec::new(), *now, events).await
                })
            })
            .await
    }

    /// Changes the metadata of a client that is still as it was at `seen`, and disables or enables it. Disabling ends its
    /// grants and, through its counter, all its tokens. [`Committed::Stale`]: it is no longer as it was.
    pub async fn change(
        self,
        client: Client,
        disabled: bool,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let metadata = json(&client)?;
        let data = (client.client_id, (metadata, client.client_name), disabled, (seen, now), events);
        self.0
            .write(data, |(id, (metadata, name), disabled, (seen, now), events), transaction| {
                Box::pin(async move {
                    let was_enabled = client::Column::Disabled.eq(false);
                    let update = as_seen(this(id, *now), Some(*seen))
                        .col_expr(client::Column::Metadata, Expr::value(&**metadata))
                        .col_expr(client::Column::Name, Expr::value(&**name));
                    if *disabled {
                        let ending = this(id, *now).filter(was_enabled);
                        let ending = ending.col_expr(client::Column::Disabled, Expr::value(true));
                        if update.exec(transaction).await?.rows_affected == 0 {
                            return not_updated(transaction, id).await;
                        }
                        let ended = end_all(transaction, id, ending, "client_disabled", *now, events).await?;
                        if ended.committed == Committed::Yes {
                            return Ok(ended);
                        }
                        // It was disabled before: there is nothing to end.
                        return changed(transaction, id, Vec::new(), *now, events).await;
                    }
                    let update = update.col_expr(client::Column::Disabled, Expr::value(false));
                    if update.exec(transaction).await?.rows_affected == 0 {
                        return not_updated(transaction, id).await;
                    }
                    changed(transaction, id, Vec::new(), *now, events).await
                })
            })
            .await
    }

    /// Adds a secret; those that have expired go, and the others stay until `others_expire_at`, or as they were if that is none.
    /// [`Committed::Stale`]: the client is no longer as it was at `seen`.
    pub async fn add_secret(
        self,
        client_id: ClientId,
        secret: NewSecret,
        others_expire_at: Option<Moment>,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let data = (client_id, secret, others_expire_at, (seen, now), events);
        self.0
            .write(data, |(id, secret, others_expire_at, (seen, now), events), transaction| {
                Box::pin(async move {
                    if as_seen(this(id, *now), Some(*seen)).exec(transaction).await?.rows_affected == 0 {
                        return not_updated(transaction, id).await;
                    }
                    let expires_at = client_secret::Column::ExpiresAt;
                    client_secret::Entity::delete_many()
                        .filter(client_secret::Column::ClientId.eq(id.as_str()))
                        .filter(expires_at.lte(millis(*now)))
                        .exec(transaction)
                        .await?;
                    if let Some(end) = others_expire_at {
                        client_secret::Entity::update_many()
                            .col_expr(expires_at, Expr::value(millis(*end)))
                            .filter(client_secret::Column::ClientId.eq(id.as_str()))
                            .filter(expires_at.is_null().or(expires_at.gt(millis(*end))))
                            .exec(transaction)
                            .await?;
                    }
                    insert_secret(transaction, id, secret, *now).await?;
                    changed(transaction, id, Vec::new(), *now, events).await
                })
            })
            .await
    }

    /// Disables or enables a client. Disabling ends its grants and, through its counter, all its tokens.
    /// [`Committed::Stale`]: it is no longer as it was at `seen`.
    pub async fn set_disabled(
        self,
        client_id: ClientId,
        disabled: bool,
        (seen, now): (Option<Moment>, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let data = (client_id, disabled, (seen, now), events);
        self.0
            .write(data, |(id, disabled, (seen, now), events), transaction| {
                Box::pin(async move {
                    let update = as_seen(this(id, *now), *seen)
                        .col_expr(client::Column::Disabled, Expr::value(*disabled));
                    if !*disabled {
                        if update.exec(transaction).await?.rows_affected == 0 {
                            return not_updated(transaction, id).await;
                        }
                        return changed(transaction, id, Vec::new(), *now, events).await;
                    }
                    end_all(transaction, id, update, "client_disabled", *now, events).await
                })
            })
            .await
    }

    /// Removes one of a client's secrets. [`Committed::Stale`]: it has no such secret.
    pub async fn remove_secret(
        self,
        client_id: ClientId,
        secret_id: String,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((client_id, secret_id, now, events), |(id, secret_id, now, events), transaction| {
                Box::pin(async move {
                    if this(id, *now).exec(transaction).await?.rows_affected == 0 {
                        return Ok(Written::not(Committed::SubjectGone));
                    }
                    let removed = client_secret::Entity::delete_many()
                        .filter(client_secret::Column::Id.eq(&**secret_id))
                        .filter(client_secret::Column::ClientId.eq(id.as_str()))
                        .exec(transaction)
                        .await?;
                    if removed.rows_affected == 0 {
                        return Ok(Written::not(Committed::Stale));
                    }
                    changed(transaction, id, Vec::new(), *now, events).await
                })
            })
            .await
    }

    /// Revokes everything that was issued to a client: its grants end and its counter rises.
    pub async fn revoke_all_tokens(
        self,
        client_id: ClientId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((client_id, now, events), |(id, now, events), transaction| {
                Box::pin(async move {
                    end_all(transaction, id, this(id, *now), "client_tokens_revoked", *now, events).await
                })
            })
            .await
    }

    /// Removes a client; its grants end first, so that every node hears of it. [`Committed::Stale`]: it is no longer as it
    /// was at `seen`.
    pub async fn remove(
        self,
        client_id: ClientId,
        (seen, now): (Option<Moment>, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((client_id, (seen, now), events), |(id, (seen, now), events), transaction| {
                Box::pin(async move {
                    let update =
                        as_seen(this(id, *now), *seen).col_expr(client::Column::Disabled, Expr::value(true));
                    let mut written =
                        end_all(transaction, id, update, "client_removed", *now, events).await?;
                    if written.committed == Committed::Yes {
                        written.changes.extend(delete(transaction, id, *now).await?);
                    }
                    Ok(written)
                })
            })
            .await
    }
}

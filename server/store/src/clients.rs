//! Clients and their secrets.

mod rows;

use self::rows::{changed, delete, end_all, insert, insert_secret, registered, this};
use crate::Store;
use crate::column::{json, millis};
use crate::entity::{client, client_secret};
use crate::error::StoreError;
use crate::store::{Committed, Managed, Written};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
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

    /// Every client, by identifier.
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

    /// Registers a client. [`Committed::Stale`]: the identifier is taken.
    pub async fn put(
        self,
        client: Client,
        secret: Option<NewSecret>,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let row = client::Model {
            metadata: json(&client)?,
            client_id: client.client_id.as_str().to_owned(),
            disabled: false,
            revocation_counter: 0,
            managed_by,
            created_at: millis(now),
            updated_at: millis(now),
        };
        self.0
            .write(
                (client.client_id, row, secret, now, events),
                |(id, row, secret, now, events), transaction| {
                    Box::pin(async move {
                        if !insert(transaction, row).await? {
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
    /// [`Committed::SubjectGone`]: no such client.
    pub async fn update(
        self,
        client: Client,
        secret: Option<NewSecret>,
        managed_by: Option<String>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let metadata = json(&client)?;
        let data = (client.client_id, metadata, managed_by, secret, now, events);
        self.0
            .write(data, |(id, metadata, managed_by, secret, now, events), transaction| {
                Box::pin(async move {
                    let updated = this(id, *now)
                        .col_expr(client::Column::Metadata, Expr::value(&**metadata))
                        .col_expr(client::Column::ManagedBy, Expr::value(managed_by.clone()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Written::not(Committed::SubjectGone));
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

    /// Adds a secret; the ones there are stay until `others_expire_at`, or as they were if that is none.
    pub async fn add_secret(
        self,
        client_id: ClientId,
        secret: NewSecret,
        others_expire_at: Option<Moment>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let data = (client_id, secret, others_expire_at, now, events);
        self.0
            .write(data, |(id, secret, others_expire_at, now, events), transaction| {
                Box::pin(async move {
                    if this(id, *now).exec(transaction).await?.rows_affected == 0 {
                        return Ok(Written::not(Committed::SubjectGone));
                    }
                    if let Some(end) = others_expire_at {
                        let expires_at = client_secret::Column::ExpiresAt;
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
    pub async fn set_disabled(
        self,
        client_id: ClientId,
        disabled: bool,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((client_id, disabled, now, events), |(id, disabled, now, events), transaction| {
                Box::pin(async move {
                    let update = this(id, *now).col_expr(client::Column::Disabled, Expr::value(*disabled));
                    if !*disabled {
                        if update.exec(transaction).await?.rows_affected == 0 {
                            return Ok(Written::not(Committed::SubjectGone));
                        }
                        return changed(transaction, id, Vec::new(), *now, events).await;
                    }
                    end_all(transaction, id, update, "client_disabled", *now, events).await
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

    /// Removes a client; its grants end first, so that every node hears of it.
    pub async fn remove(
        self,
        client_id: ClientId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((client_id, now, events), |(id, now, events), transaction| {
                Box::pin(async move {
                    let update = this(id, *now).col_expr(client::Column::Disabled, Expr::value(true));
                    let written = end_all(transaction, id, update, "client_removed", *now, events).await?;
                    if written.committed == Committed::Yes {
                        delete(transaction, id).await?;
                    }
                    Ok(written)
                })
            })
            .await
    }
}

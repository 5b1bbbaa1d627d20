//! Clients, their secrets, and the assertions they have used up.

use crate::{belongs_to, drop_tables, identifier, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clients = Table::create()
            .table("clients")
            .col(identifier("client_id"))
            .col(text("metadata"))
            .col(boolean("disabled"))
            .col(big_integer("revocation_counter"))
            .col(text_null("managed_by"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .take();
        manager.create_table(clients).await?;

        // Where the counter of a removed client goes on from, should its identifier be registered again.
        let removed_clients = Table::create()
            .table("removed_clients")
            .col(identifier("client_id"))
            .col(big_integer("revocation_counter"))
            .take();
        manager.create_table(removed_clients).await?;

        let mut secrets = Table::create()
            .table("client_secrets")
            .col(identifier("id"))
            .col(text("client_id"))
            .col(blob("hash"))
            .col(blob_null("sealed"))
            .col(big_integer("created_at"))
            .col(big_integer_null("expires_at"))
            .take();
        secrets.foreign_key(&mut belongs_to(
            "fk_client_secrets_client",
            ("client_secrets", "client_id"),
            ("clients", "client_id"),
        ));
        manager.create_table(secrets).await?;
        index(manager, "client_secrets", &["client_id"]).await?;

        let assertions = Table::create()
            .table("assertions")
            .col(text("client_id"))
            .col(blob("jti_hash"))
            .col(big_integer("expires_at"))
            .primary_key(Index::create().col("client_id").col("jti_hash"))
            .take();
        manager.create_table(assertions).await?;
        index(manager, "assertions", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["assertions", "client_secrets", "removed_clients", "clients"]).await
    }
}

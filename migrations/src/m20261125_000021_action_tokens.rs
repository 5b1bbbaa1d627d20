//! Links that were sent by mail, each good for one thing, once.

use crate::{belongs_to, drop_tables, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tokens = Table::create()
            .table("action_tokens")
            .col(ColumnDef::new("token_hash").blob().not_null().primary_key())
            .col(text("purpose"))
            .col(text_null("user_id"))
            // The address that the link was sent to, as it is looked up.
            .col(text("address_key"))
            .col(text("address"))
            // What the user's password was when the link was made, hashed again.
            .col(blob_null("password_hash_hash"))
            .col(text("details"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("used_at"))
            .foreign_key(&mut belongs_to(
                "fk_action_tokens_user",
                ("action_tokens", "user_id"),
                ("users", "id"),
            ))
            .take();
        manager.create_table(tokens).await?;
        index(manager, "action_tokens", &["user_id"]).await?;
        index(manager, "action_tokens", &["address_key"]).await?;
        index(manager, "action_tokens", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["action_tokens"]).await
    }
}

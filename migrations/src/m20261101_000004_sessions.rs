//! Browser sessions.

use crate::{belongs_to, drop_tables, identifier, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut sessions = Table::create()
            .table("sessions")
            .col(identifier("sid"))
            .col(text("user_id"))
            .col(blob("secret_hash"))
            .col(big_integer("auth_time"))
            .col(text("acr"))
            .col(text("amr"))
            .col(text_null("authenticated_in"))
            .col(big_integer("created_at"))
            .col(big_integer("last_seen_at"))
            // How long it may lie idle, in milliseconds.
            .col(big_integer("idle_lifetime"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("ended_at"))
            .col(text_null("address"))
            .col(text_null("user_agent"))
            .take();
        sessions.foreign_key(&mut belongs_to("fk_sessions_user", ("sessions", "user_id"), ("users", "id")));
        manager.create_table(sessions).await?;
        unique(manager, "sessions", "secret_hash").await?;
        index(manager, "sessions", &["user_id"]).await?;
        index(manager, "sessions", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sessions"]).await
    }
}

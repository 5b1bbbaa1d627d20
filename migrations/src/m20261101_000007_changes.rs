//! The feed of what every node must hear of.

use crate::{drop_tables, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let changes = Table::create()
            .table("changes")
            .col(big_pk_auto("seq"))
            .col(text("kind"))
            .col(text("subject"))
            .col(text("payload"))
            .col(big_integer("expires_at"))
            .col(big_integer("created_at"))
            .take();
        manager.create_table(changes).await?;
        index(manager, "changes", &["kind", "subject"]).await?;
        index(manager, "changes", &["created_at"]).await?;
        index(manager, "changes", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["changes"]).await
    }
}

//! What the overview shows without looking through the audit log: events counted by the minute, the hour and the day; and
//! the processes that serve.

use crate::{drop_tables, identifier};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let counts = Table::create()
            .table("event_counts")
            // How long it is counted for, in milliseconds, and when that begins.
            .col(big_integer("span"))
            .col(big_integer("begins_at"))
            .col(text("kind"))
            .col(big_integer("count"))
            .primary_key(Index::create().col("span").col("begins_at").col("kind"))
            .take();
        manager.create_table(counts).await?;
        let nodes = Table::create()
            .table("nodes")
            .col(identifier("id"))
            .col(text("address"))
            .col(text("version"))
            .col(big_integer("started_at"))
            .col(big_integer("seen_at"))
            .take();
        manager.create_table(nodes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["nodes", "event_counts"]).await
    }
}

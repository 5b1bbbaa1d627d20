//! How far the seals of the audit log were sent to each sink.

use crate::{drop_tables, identifier};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sinks = Table::create()
            .table("audit_sinks")
            .col(identifier("name"))
            .col(big_integer("seq"))
            .col(big_integer_null("shipped_at"))
            .col(big_integer_null("failing_since"))
            .col(text_null("error"))
            .take();
        manager.create_table(sinks).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_sinks"]).await
    }
}

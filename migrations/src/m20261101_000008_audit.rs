//! What an auditor reads.

use crate::drop_tables;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let audit = Table::create()
            .table("audit")
            .col(big_pk_auto("id"))
            .col(big_integer("at"))
            .col(text("event"))
            .col(text_null("request_id"))
            .col(text_null("address"))
            .col(text_null("user_id"))
            .col(text_null("client_id"))
            .col(text_null("sid"))
            .col(text_null("grant_id"))
            .col(text("details"))
            .take();
        // Identifiers rise with time, so that the primary key serves for reading what is recent.
        manager.create_table(audit).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit"]).await
    }
}

//! Mails that wait to be sent, and what became of them.

use crate::{drop_tables, identifier, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mails = Table::create()
            .table("mails")
            .col(identifier("id"))
            .col(text("kind"))
            // Not a foreign key: a person hears of their account's removal, too.
            .col(text_null("user_id"))
            .col(text("recipient"))
            // Sealed; gone once the mail was sent or given up.
            .col(blob_null("payload"))
            .col(big_integer("attempts"))
            .col(big_integer("queued_at"))
            // When it is to be tried next; while it is being sent, when another node may take it over; none: never again.
            .col(big_integer_null("due_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("sent_at"))
            .col(big_integer_null("dead_at"))
            // Why the latest attempt failed.
            .col(text_null("reason"))
            .take();
        manager.create_table(mails).await?;
        index(manager, "mails", &["due_at"]).await?;
        index(manager, "mails", &["queued_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["mails"]).await
    }
}

//! Changes of an email address that were asked for.

use crate::{belongs_to, drop_tables, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let changes = Table::create()
            .table("email_changes")
            // One at a time for each person.
            .col(text("user_id").primary_key())
            // The session that it was asked for in.
            .col(text("sid"))
            // The address that it is a change from, as it is looked up; none: there was none.
            .col(text_null("old_key"))
            .col(text("address_key"))
            .col(text("address"))
            // By the link that was sent to the new address.
            .col(blob("confirm_hash"))
            .col(big_integer_null("confirmed_at"))
            // By the link that was sent to the old one; none: that one is not asked.
            .col(blob_null("approve_hash"))
            .col(big_integer_null("approved_at"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut belongs_to(
                "fk_email_changes_user",
                ("email_changes", "user_id"),
                ("users", "id"),
            ))
            .take();
        manager.create_table(changes).await?;
        unique(manager, "email_changes", "confirm_hash").await?;
        unique(manager, "email_changes", "approve_hash").await?;
        index(manager, "email_changes", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["email_changes"]).await
    }
}

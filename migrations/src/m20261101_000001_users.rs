//! People.

use crate::{drop_tables, identifier, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let users = Table::create()
            .table("users")
            .col(identifier("id"))
            .col(text("username"))
            // Lower-cased, for look-up and uniqueness.
            .col(text("username_key"))
            .col(text_null("email"))
            .col(text_null("email_key"))
            .col(boolean("email_verified"))
            .col(text("profile"))
            .col(text("roles"))
            .col(boolean("disabled"))
            .col(text_null("password_hash"))
            // Which declaration made the row; `apply --prune` removes only its own.
            .col(text_null("managed_by"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .take();
        manager.create_table(users).await?;
        unique(manager, "users", "username_key").await?;
        unique(manager, "users", "email_key").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["users"]).await
    }
}

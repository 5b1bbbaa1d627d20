//! What roles let do, and whose they are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite changes one column at a time.
        for column in [text("permissions").default("[]").take(), text_null("client_id").take()] {
            manager.alter_table(Table::alter().table("roles").add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["client_id", "permissions"] {
            manager.alter_table(Table::alter().table("roles").drop_column(column).take()).await?;
        }
        Ok(())
    }
}

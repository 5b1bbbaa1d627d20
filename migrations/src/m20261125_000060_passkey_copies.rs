//! When the owner of a passkey was last told that it may have been copied.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let told = Table::alter().table("passkeys").add_column(big_integer_null("copy_told_at")).take();
        manager.alter_table(told).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let told = Table::alter().table("passkeys").drop_column("copy_told_at").take();
        manager.alter_table(told).await
    }
}

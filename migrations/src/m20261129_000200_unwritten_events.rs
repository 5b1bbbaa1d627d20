//! How many events a process holds in its memory because it cannot write them: said with each sign of life.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A process of an earlier version does not say it.
        let unwritten = big_integer("unwritten").default(0).take();
        manager.alter_table(Table::alter().table("nodes").add_column(unwritten).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("nodes").drop_column("unwritten").take()).await
    }
}

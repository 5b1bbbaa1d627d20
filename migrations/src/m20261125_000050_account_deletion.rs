//! When an account is going to be deleted, for those whose people asked for it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_users_deletes_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("deletes_at");
        manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        let index = Index::create()
            .name(INDEX)
            .table("users")
            .col("deletes_at")
            .cond_where(Expr::col("deletes_at").is_not_null())
            .take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("users").to_owned()).await?;
        manager.alter_table(Table::alter().table("users").drop_column("deletes_at").take()).await
    }
}

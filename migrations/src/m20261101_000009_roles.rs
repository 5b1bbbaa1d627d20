//! The roles that people may hold.

use crate::{drop_tables, identifier};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let roles = Table::create()
            .table("roles")
            .col(identifier("name"))
            .col(text_null("description"))
            .col(text_null("managed_by"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .take();
        manager.create_table(roles).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["roles"]).await
    }
}

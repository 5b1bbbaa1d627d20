//! What clients are called, for lists and searches.

use crate::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = text("name").default("").take();
        manager.alter_table(Table::alter().table("clients").add_column(name).take()).await?;
        let stated = match manager.get_database_backend() {
            DbBackend::Sqlite => "json_extract(metadata, '$.client_name')",
            _ => "metadata::json ->> 'client_name'",
        };
        let named = format!("UPDATE clients SET name = COALESCE({stated}, client_id)");
        manager.get_connection().execute_unprepared(&named).await?;
        index(manager, "clients", &["name", "client_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("ix_clients_name_client_id").table("clients").to_owned())
            .await?;
        manager.alter_table(Table::alter().table("clients").drop_column("name").take()).await
    }
}

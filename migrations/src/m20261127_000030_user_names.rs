//! What people are called, for lists and searches.

use crate::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What lists are sorted by; the user name has an index of its own.
const SORTED_BY: [&[&str]; 3] = [&["name_key", "id"], &["created_at", "id"], &["updated_at", "id"]];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = text("name_key").default("").take();
        manager.alter_table(Table::alter().table("users").add_column(name).take()).await?;
        let stated = match manager.get_database_backend() {
            DbBackend::Sqlite => "json_extract(profile, '$.name')",
            _ => "profile::json ->> 'name'",
        };
        let named = format!("UPDATE users SET name_key = lower(COALESCE({stated}, ''))");
        manager.get_connection().execute_unprepared(&named).await?;
        for columns in SORTED_BY {
            index(manager, "users", columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in SORTED_BY {
            let name = format!("ix_users_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("users").to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("users").drop_column("name_key").take()).await
    }
}

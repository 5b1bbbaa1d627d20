//! What was made under keys that callers chose.

use crate::{drop_tables, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let idempotency = Table::create()
            .table("idempotency")
            .col(ColumnDef::new("key").blob().not_null().primary_key())
            .col(blob("request"))
            .col(blob("answer"))
            .col(big_integer("expires_at"))
            .take();
        manager.create_table(idempotency).await?;
        index(manager, "idempotency", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency"]).await
    }
}

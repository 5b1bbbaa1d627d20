//! Seals over the audit log, the keys that sign them, and who makes them just now.

use crate::{drop_tables, identifier, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let seals = Table::create()
            .table("audit_seals")
            // Given by whoever makes the seal: a number that is taken refuses it.
            .col(ColumnDef::new("seq").big_integer().not_null().primary_key())
            .col(big_integer("at"))
            .col(blob("previous"))
            .col(blob("rows"))
            .col(big_integer("first_id"))
            .col(big_integer("last_id"))
            .col(big_integer("dropped_through"))
            .col(text("kid"))
            .col(blob("signature"))
            .take();
        manager.create_table(seals).await?;
        index(manager, "audit_seals", &["last_id"]).await?;
        let keys = Table::create()
            .table("audit_keys")
            .col(identifier("kid"))
            .col(text("public"))
            .col(blob("sealed"))
            .col(big_integer("created_at"))
            .take();
        manager.create_table(keys).await?;
        let leases = Table::create()
            .table("audit_leases")
            .col(identifier("work"))
            .col(text("holder"))
            .col(big_integer("until"))
            .take();
        manager.create_table(leases).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_leases", "audit_keys", "audit_seals"]).await
    }
}

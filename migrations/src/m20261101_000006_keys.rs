//! Keys, their private halves sealed.

use crate::{drop_tables, identifier};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::create()
            .table("keys")
            .col(identifier("kid"))
            .col(text("purpose"))
            .col(text("alg"))
            .col(text_null("public"))
            .col(blob("sealed"))
            .col(big_integer("created_at"))
            .col(big_integer("activates_at"))
            .col(big_integer_null("retires_at"))
            .col(big_integer_null("unpublish_at"))
            .col(big_integer_null("revoked_at"))
            .take();
        manager.create_table(keys).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["keys"]).await
    }
}

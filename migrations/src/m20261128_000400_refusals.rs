//! Why requests were refused, for as long as somebody may ask.

use crate::{drop_tables, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "refusals";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let refusals = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(text("request_id"))
            .col(big_integer("at"))
            .col(text("endpoint"))
            .col(integer("status"))
            .col(text("code"))
            .col(text("reason"))
            .col(text("rule"))
            .col(text_null("client_id"))
            .col(text_null("address"))
            .col(text("evidence"))
            .col(big_integer("alike"))
            .take();
        manager.create_table(refusals).await?;
        unique(manager, TABLE, "request_id").await?;
        index(manager, TABLE, &["client_id", "id"]).await?;
        index(manager, TABLE, &["at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }
}

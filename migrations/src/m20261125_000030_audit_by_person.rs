//! What the audit log says about one person, newest first.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_audit_user_id_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Most events are about no person: a client's own tokens above all. They cost the index nothing.
        let index = Index::create()
            .name(INDEX)
            .table("audit")
            .col("user_id")
            .col("id")
            .cond_where(Expr::col("user_id").is_not_null())
            .take();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("audit").to_owned()).await
    }
}

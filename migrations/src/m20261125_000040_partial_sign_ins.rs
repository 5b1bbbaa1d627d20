//! Sign-ins that owe a second step, and how sessions took theirs.

use crate::{belongs_to, drop_tables, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut partials = Table::create()
            .table("partial_sign_ins")
            .col(blob("secret_hash").primary_key())
            .col(text("user_id"))
            .col(text("tx"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .take();
        partials.foreign_key(&mut belongs_to(
            "fk_partial_sign_ins_user",
            ("partial_sign_ins", "user_id"),
            ("users", "id"),
        ));
        manager.create_table(partials).await?;
        index(manager, "partial_sign_ins", &["user_id"]).await?;
        index(manager, "partial_sign_ins", &["expires_at"]).await?;
        let step = Table::alter().table("sessions").add_column(text_null("second_step")).take();
        manager.alter_table(step).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let step = Table::alter().table("sessions").drop_column("second_step").take();
        manager.alter_table(step).await?;
        drop_tables(manager, &["partial_sign_ins"]).await
    }
}

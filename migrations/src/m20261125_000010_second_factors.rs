//! Second factors: authenticator apps, recovery codes, and the roles whose holders must have one.

use crate::{belongs_to, drop_tables};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut totp = Table::create()
            .table("totp")
            .col(ColumnDef::new("user_id").text().not_null().primary_key())
            // Sealed with the master key.
            .col(blob("secret"))
            // The latest time step whose code was accepted: an earlier one is not accepted any more.
            .col(big_integer("last_step"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .take();
        totp.foreign_key(&mut belongs_to("fk_totp_user", ("totp", "user_id"), ("users", "id")));
        manager.create_table(totp).await?;
        let mut codes = Table::create()
            .table("recovery_codes")
            .col(text("user_id"))
            .col(blob("code_hash"))
            .col(big_integer("created_at"))
            .col(big_integer_null("used_at"))
            .primary_key(Index::create().col("user_id").col("code_hash"))
            .take();
        let owner = ("recovery_codes", "user_id");
        codes.foreign_key(&mut belongs_to("fk_recovery_codes_user", owner, ("users", "id")));
        manager.create_table(codes).await?;
        manager.alter_table(Table::alter().table("roles").add_column(text_null("second_factor")).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("roles").drop_column("second_factor").take()).await?;
        drop_tables(manager, &["recovery_codes", "totp"]).await
    }
}

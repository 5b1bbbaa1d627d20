//! Codes sent by mail, and browsers in which no second factor is asked for.

use crate::{belongs_to, drop_tables, identifier, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One a person: the newest.
        let mut codes = Table::create()
            .table("email_codes")
            .col(identifier("user_id"))
            // Where it was sent.
            .col(text("address"))
            // Sealed with the master key.
            .col(blob("code"))
            // How often somebody tried.
            .col(big_integer("tries"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .take();
        codes.foreign_key(&mut belongs_to(
            "fk_email_codes_user",
            ("email_codes", "user_id"),
            ("users", "id"),
        ));
        manager.create_table(codes).await?;
        index(manager, "email_codes", &["expires_at"]).await?;
        let mut devices = Table::create()
            .table("remembered_devices")
            .col(identifier("id"))
            .col(text("user_id"))
            .col(blob("secret_hash"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(text_null("address"))
            .col(text_null("user_agent"))
            .take();
        let owner = ("remembered_devices", "user_id");
        devices.foreign_key(&mut belongs_to("fk_remembered_devices_user", owner, ("users", "id")));
        manager.create_table(devices).await?;
        unique(manager, "remembered_devices", "secret_hash").await?;
        index(manager, "remembered_devices", &["user_id"]).await?;
        index(manager, "remembered_devices", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["remembered_devices", "email_codes"]).await
    }
}

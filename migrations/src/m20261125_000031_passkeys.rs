//! Passkeys, and the challenges that were answered.

use crate::{belongs_to, drop_tables, identifier, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut passkeys = Table::create()
            .table("passkeys")
            .col(identifier("id"))
            .col(text("user_id"))
            // As the authenticator names it; no two people may have the same.
            .col(blob("credential_id"))
            .col(text("name"))
            // Its public key and what else was learnt when it was made.
            .col(text("credential"))
            // How often it has signed, as it counts itself; 0: it does not count.
            .col(big_integer("counter"))
            .col(boolean("synchronised"))
            .col(big_integer("created_at"))
            .col(big_integer_null("last_used_at"))
            .take();
        passkeys.foreign_key(&mut belongs_to("fk_passkeys_user", ("passkeys", "user_id"), ("users", "id")));
        manager.create_table(passkeys).await?;
        unique(manager, "passkeys", "credential_id").await?;
        index(manager, "passkeys", &["user_id"]).await?;
        let challenges = Table::create()
            .table("answered_challenges")
            .col(ColumnDef::new("challenge_hash").blob().not_null().primary_key())
            .col(big_integer("expires_at"))
            .take();
        manager.create_table(challenges).await?;
        index(manager, "answered_challenges", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["answered_challenges", "passkeys"]).await
    }
}

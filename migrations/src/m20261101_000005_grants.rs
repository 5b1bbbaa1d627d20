//! Codes, consents and grants.

use crate::{belongs_to, drop_tables, identifier, index, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_codes(manager).await?;
        create_consents(manager).await?;
        create_grants(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["grants", "consents", "codes"]).await
    }
}

/// Both foreign keys of a table whose rows belong to a user and a client.
fn belongs_to_user_and_client(
    table: &'static str,
    names: (&'static str, &'static str),
) -> [ForeignKeyCreateStatement; 2] {
    [
        belongs_to(names.0, (table, "user_id"), ("users", "id")),
        belongs_to(names.1, (table, "client_id"), ("clients", "client_id")),
    ]
}

async fn create_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut codes = Table::create()
        .table("codes")
        .col(ColumnDef::new("code_hash").blob().not_null().primary_key())
        .col(text("tx"))
        .col(text("user_id"))
        .col(text("client_id"))
        .col(text("sid"))
        .col(boolean("offline"))
        .col(text("authorization"))
        .col(text("redirect_uri"))
        .col(text_null("code_challenge"))
        .col(text_null("nonce"))
        .col(big_integer("expires_at"))
        .col(text_null("redeemed_as"))
        .take();
    for mut key in belongs_to_user_and_client("codes", ("fk_codes_user", "fk_codes_client")) {
        codes.foreign_key(&mut key);
    }
    manager.create_table(codes).await?;
    unique(manager, "codes", "tx").await?;
    index(manager, "codes", &["user_id"]).await?;
    index(manager, "codes", &["client_id"]).await?;
    index(manager, "codes", &["expires_at"]).await
}

async fn create_consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut consents = Table::create()
        .table("consents")
        .col(text("user_id"))
        .col(text("client_id"))
        .col(text("scope"))
        .col(big_integer("updated_at"))
        .primary_key(Index::create().col("user_id").col("client_id"))
        .take();
    for mut key in belongs_to_user_and_client("consents", ("fk_consents_user", "fk_consents_client")) {
        consents.foreign_key(&mut key);
    }
    manager.create_table(consents).await?;
    index(manager, "consents", &["client_id"]).await
}

/// No index covers a column that a refresh changes, so that a refresh rewrites the row and nothing else.
async fn create_grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut grants = Table::create()
        .table("grants")
        .col(identifier("id"))
        .col(blob("handle"))
        .col(text("user_id"))
        .col(text("client_id"))
        .col(text("sid"))
        .col(boolean("offline"))
        .col(text("authorization"))
        .col(boolean("refreshable"))
        .col(big_integer("created_at"))
        .col(big_integer("idle_expires_at"))
        .col(big_integer("expires_at"))
        .col(big_integer("access_token_expires_at"))
        .col(big_integer("generation"))
        .col(text("refresh_key"))
        .col(big_integer("rotated_at"))
        .col(text_null("rotated_from"))
        .col(big_integer_null("revoked_at"))
        .col(text_null("revoked_because"))
        .take();
    for mut key in belongs_to_user_and_client("grants", ("fk_grants_user", "fk_grants_client")) {
        grants.foreign_key(&mut key);
    }
    manager.create_table(grants).await?;
    unique(manager, "grants", "handle").await?;
    index(manager, "grants", &["user_id"]).await?;
    index(manager, "grants", &["client_id"]).await?;
    index(manager, "grants", &["sid"]).await
}

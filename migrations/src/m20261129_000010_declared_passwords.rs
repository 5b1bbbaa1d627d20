//! Whose password is still the one that a resource file declared: the file may change that, and no other.

use crate::{belongs_to, drop_tables, identifier};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let declared = Table::create()
            .table("declared_passwords")
            .col(identifier("user_id"))
            // SHA-256 of the password hash that came of the declaration. Another one beside the user: somebody else's doing.
            .col(blob("made"))
            .foreign_key(&mut belongs_to(
                "fk_declared_passwords_user",
                ("declared_passwords", "user_id"),
                ("users", "id"),
            ))
            .take();
        manager.create_table(declared).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["declared_passwords"]).await
    }
}

//! Groups, and who is in them.

use crate::{belongs_to, drop_tables, identifier, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let groups = Table::create()
            .table("groups")
            .col(identifier("name"))
            .col(text_null("description"))
            .col(text("roles"))
            .col(text_null("managed_by"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .take();
        manager.create_table(groups).await?;
        let members = "group_members";
        let mut table = Table::create()
            .table(members)
            .col(text("group_name"))
            .col(text("user_id"))
            .col(big_integer("created_at"))
            // Both directions are asked for: who is in a group, and which groups somebody is in.
            .primary_key(Index::create().col("group_name").col("user_id"))
            .take();
        table.foreign_key(&mut belongs_to(
            "fk_group_members_group",
            (members, "group_name"),
            ("groups", "name"),
        ));
        table.foreign_key(&mut belongs_to("fk_group_members_user", (members, "user_id"), ("users", "id")));
        manager.create_table(table).await?;
        index(manager, members, &["user_id", "group_name"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["group_members", "groups"]).await
    }
}

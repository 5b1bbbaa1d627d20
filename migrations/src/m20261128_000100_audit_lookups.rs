//! The audit log by what an auditor looks for, newest first.
//!
//! Issued tokens are nearly all of it, so each thing has two indexes: one of their rows and one of all others. A row is in one
//! of them, and whoever looks for something else than tokens never walks past those.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Name, what it finds by, and which rows are in it. Those of all rows hold what the issue of a client's own tokens leaves empty,
/// or what rises with time, which costs little.
const INDEXES: [(&str, &[&str], &str); 11] = [
    ("ix_audit_others_at", &["at"], "event <> 'token_issued'"),
    ("ix_audit_others_event", &["event", "at"], "event <> 'token_issued'"),
    ("ix_audit_others_actor", &["actor", "at"], "event <> 'token_issued'"),
    ("ix_audit_others_client", &["client_id", "at"], "event <> 'token_issued'"),
    ("ix_audit_others_address", &["address", "at"], "event <> 'token_issued'"),
    ("ix_audit_tokens_at", &["at"], "event = 'token_issued'"),
    ("ix_audit_tokens_client", &["client_id", "at"], "event = 'token_issued'"),
    ("ix_audit_tokens_address", &["address", "at"], "event = 'token_issued'"),
    ("ix_audit_user", &["user_id", "at"], "user_id IS NOT NULL"),
    ("ix_audit_sid", &["sid", "at"], "sid IS NOT NULL"),
    ("ix_audit_grant", &["grant_id", "at"], "grant_id IS NOT NULL"),
];
const REQUEST: &str = "ix_audit_request";
/// The one by person that was there before.
const FORMER: &str = "ix_audit_user_id_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, columns, rows) in INDEXES {
            let mut index = named(name);
            for column in columns {
                index.col(*column);
            }
            index.col("id");
            manager.create_index(index.cond_where(Expr::cust(rows)).take()).await?;
        }
        let request =
            named(REQUEST).col("request_id").cond_where(Expr::cust("request_id IS NOT NULL")).take();
        manager.create_index(request).await?;
        manager.drop_index(Index::drop().name(FORMER).table("audit").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let former =
            named(FORMER).col("user_id").col("id").cond_where(Expr::cust("user_id IS NOT NULL")).take();
        manager.create_index(former).await?;
        for name in INDEXES.map(|(name, ..)| name).into_iter().chain([REQUEST]) {
            manager.drop_index(Index::drop().name(name).table("audit").to_owned()).await?;
        }
        Ok(())
    }
}

fn named(name: &'static str) -> IndexCreateStatement {
    Index::create().name(name).table("audit").take()
}

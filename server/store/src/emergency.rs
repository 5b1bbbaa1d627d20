//! Everything ends at once.

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::millis;
use crate::entity::{client, code, email_change, grant, partial_sign_in, remembered_device, session};
use crate::error::StoreError;
use crate::grants;
use crate::page::counted;
use crate::sessions;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;

/// How much is signed in and granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Everything {
    /// Sessions that are live.
    pub sessions: u64,
    /// Grants that are live.
    pub grants: u64,
}

/// What makes an emergency pass.
#[derive(Clone, Copy, Debug)]
pub struct Emergency<'a>(pub(crate) &'a Store);

/// Whoever is about to write a session, code or grant waits, and whoever has begun to is waited for. SQLite has one writer
/// anyway.
const HOLD: &str = "LOCK TABLE sessions, codes, grants IN SHARE ROW EXCLUSIVE MODE";

impl Emergency<'_> {
    /// How much would end; of each [`COUNTED`](crate::COUNTED): at least so many.
    pub async fn everything(self, now: Moment) -> Result<Everything, StoreError> {
        let reads = self.0.reads();
        Ok(Everything {
            sessions: counted(session::Entity::find().filter(sessions::live(now)), reads).await?,
            grants: counted(grant::Entity::find().filter(grants::live(now)), reads).await?,
        })
    }

    /// Ends every session, code, grant and token of everybody's, those that clients have for themselves included: each
    /// client's counter rises, so that no token is named one by one. Half sign-ins, remembered browsers and changes of address
    /// go along. The number of statements depends on nothing.
    pub async fn end_everything(
        self,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<(Everything, Vec<Change>), StoreError> {
        self.0
            .write((now, events), |(now, events), transaction| {
                Box::pin(async move {
                    let ended = end_everything(transaction, *now).await?;
                    let changes = vec![Change::ClientsChanged];
                    changes::insert(transaction, &changes, *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok((ended, changes))
                })
            })
            .await
    }
}

async fn end_everything(transaction: &DatabaseTransaction, now: Moment) -> Result<Everything, StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(HOLD).await?;
    }
    client::Entity::update_many()
        .col_expr(client::Column::RevocationCounter, Expr::col(client::Column::RevocationCounter).add(1))
        .exec(transaction)
        .await?;
    let sessions = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(millis(now)))
        .filter(session::Column::EndedAt.is_null())
        .exec(transaction)
        .await?;
    partial_sign_in::Entity::delete_many().exec(transaction).await?;
    remembered_device::Entity::delete_many().exec(transaction).await?;
    email_change::Entity::delete_many().exec(transaction).await?;
    code::Entity::delete_many().filter(code::Column::RedeemedAs.is_null()).exec(transaction).await?;
    let grants = grant::Entity::update_many()
        .col_expr(grant::Column::RevokedAt, Expr::value(millis(now)))
        .col_expr(grant::Column::RevokedBecause, Expr::value("emergency"))
        .filter(grant::Column::RevokedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(Everything { sessions: sessions.rows_affected, grants: grants.rows_affected })
}

//! Grants: one row each, for as long as it lives.

mod list;
mod load;
mod rotate;

pub use list::{GrantFilter, GrantSort};
pub use load::LoadedGrant;
pub(crate) use load::{grant, row};
pub use rotate::Rotation;

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::millis;
use crate::entity::grant::{Column, Entity};
use crate::entity::session;
use crate::error::StoreError;
use crate::revoke::{Ending, revocation, update_grants};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::grant::Grant;
use signet_protocol::id::GrantId;

/// Grants and their refresh tokens.
#[derive(Clone, Copy, Debug)]
pub struct Grants<'a>(pub(crate) &'a Store);

impl Grants<'_> {
    /// One grant, ended or not.
    pub async fn by_id(self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let row = Entity::find_by_id(id.as_str()).one(self.0.reads()).await?;
        row.map(grant).transpose()
    }

    /// Ends a grant and with it its access tokens; gives what nodes must hear of. None: it had ended already, or there is
    /// no such grant; then nothing is recorded either.
    pub async fn revoke(
        self,
        id: GrantId,
        now: Moment,
        reason: &'static str,
        events: Vec<AuditEvent>,
    ) -> Result<Option<Change>, StoreError> {
        self.0
            .write((id, now, reason, events), |(id, now, reason, events), transaction| {
                Box::pin(async move {
                    let ending = Ending::told_by(events, *now, reason);
                    let this = Column::Id.eq(id.as_str()).into_condition();
                    let ended = update_grants(transaction, this, &ending).await?;
                    let Some(row) = ended.first() else {
                        return Ok(None);
                    };
                    let change = revocation(row)?;
                    changes::insert(transaction, std::slice::from_ref(&change), *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Some(change))
                })
            })
            .await
    }
}

/// Grants by which a token may be had or used at this moment.
pub(crate) fn live(now: Moment) -> Condition {
    live_while(Expr::exists(their_session()), now)
}

/// The same for the first few of many: PostgreSQL looks each session up and does not read all of them first.
fn live_one_by_one(now: Moment) -> Condition {
    live_while(SimpleExpr::SubQuery(None, Box::new(their_session().into())).is_not_null(), now)
}

fn their_session() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(session::Entity)
        .and_where(Expr::col((session::Entity, session::Column::Sid)).equals((Entity, Column::Sid)))
        .and_where(Expr::col((session::Entity, session::Column::EndedAt)).is_null())
        .take()
}

fn live_while(session: SimpleExpr, now: Moment) -> Condition {
    let now = millis(now);
    let refreshable = Condition::all()
        .add(Column::Refreshable.eq(true))
        .add(Column::IdleExpiresAt.gt(now))
        .add(Column::ExpiresAt.gt(now));
    let used = Column::AccessTokenExpiresAt.gt(now).into_condition();
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Condition::any().add(Column::Offline.eq(true)).add(session))
        .add(Condition::any().add(refreshable).add(used))
}

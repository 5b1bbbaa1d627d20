//! Sessions as administration sees them.

use super::{Sessions, live};
use crate::account::{OwnSession, own};
use crate::entity::grant;
use crate::entity::session::{Column, Entity};
use crate::error::StoreError;
use crate::grants;
use crate::page::{Paging, Position, SortBy, SortKey, page};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, SessionId, UserId};

/// What sessions are sorted by: when they began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionSort;

impl SessionSort {
    /// Where a session stands in the list.
    pub fn position(self, own: &OwnSession) -> Position {
        let key = SortKey::Number(own.session.created_at.timestamp_millis());
        Position { key, id: own.session.sid.to_string() }
    }
}

impl SortBy for SessionSort {
    fn is_text(self) -> bool {
        false
    }
}

/// Which sessions are wanted.
#[derive(Clone, Debug, Default)]
pub struct SessionFilter {
    /// Whose.
    pub user_id: Option<UserId>,
    /// A grant of this client's came from it and is live.
    pub client_id: Option<ClientId>,
}

impl Sessions<'_> {
    /// A page of the sessions that are live.
    pub async fn page(
        self,
        filter: &SessionFilter,
        paging: Paging<SessionSort>,
        now: Moment,
    ) -> Result<Vec<OwnSession>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        let mut query = Entity::find().filter(live(now));
        if let Some(user) = &filter.user_id {
            query = query.filter(Column::UserId.eq(user.as_str()));
        }
        if let Some(client) = &filter.client_id {
            let granted = Query::select()
                .column(grant::Column::Sid)
                .from(grant::Entity)
                .and_where(grant::Column::ClientId.eq(client.as_str()))
                .cond_where(grants::live(now))
                .take();
            query = query.filter(Column::Sid.in_subquery(granted));
        }
        let paging = Paging { sort: (), descending, after, limit };
        let rows = page(query, (Column::CreatedAt, Column::Sid), paging).all(self.0.reads()).await?;
        rows.into_iter().map(own).collect()
    }

    /// Whose session this is, while it is live.
    pub async fn owner(self, sid: &SessionId, now: Moment) -> Result<Option<UserId>, StoreError> {
        let row = Entity::find_by_id(sid.as_str()).filter(live(now)).one(self.0.reads()).await?;
        Ok(row.map(|row| UserId::new(row.user_id)))
    }
}

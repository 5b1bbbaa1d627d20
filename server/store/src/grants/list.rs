//! Grants as administration sees them.

use super::{Grants, grant, live, live_one_by_one};
use crate::column::millis;
use crate::entity::code;
use crate::entity::grant::{Column, Entity};
use crate::error::StoreError;
use crate::page::{Paging, Position, SortBy, SortKey, counted, page};
use crate::revoke::{Ending, end_grants, forget_codes};
use crate::store::Written;
use sea_orm::sea_query::IntoCondition;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::grant::Grant;
use signet_protocol::id::{ClientId, KeyId, UserId};

/// Which grants are wanted.
#[derive(Clone, Debug, Default)]
pub struct GrantFilter {
    /// Whose.
    pub user_id: Option<UserId>,
    /// What for.
    pub client_id: Option<ClientId>,
}

/// What grants are sorted by: their identifiers, which say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantSort;

impl GrantSort {
    /// Where a grant stands in the list.
    pub fn position(self, grant: &Grant) -> Position {
        Position { key: SortKey::Text(grant.id.to_string()), id: grant.id.to_string() }
    }
}

impl SortBy for GrantSort {
    fn is_text(self) -> bool {
        true
    }
}

impl Grants<'_> {
    /// A page of the grants by which a token may be had or used at this moment.
    pub async fn page(
        self,
        filter: &GrantFilter,
        paging: Paging<GrantSort>,
        now: Moment,
    ) -> Result<Vec<Grant>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        let mut query = Entity::find().filter(live_one_by_one(now));
        if let Some(user) = &filter.user_id {
            query = query.filter(Column::UserId.eq(user.as_str()));
        }
        if let Some(client) = &filter.client_id {
            query = query.filter(Column::ClientId.eq(client.as_str()));
        }
        let paging = Paging { sort: (), descending, after, limit };
        let rows = page(query, (Column::Id, Column::Id), paging).all(self.0.reads()).await?;
        rows.into_iter().map(grant).collect()
    }

    /// How many grants there are by which an access token lives at this moment;
    /// [`COUNTED`](crate::COUNTED): at least so many.
    pub async fn with_live_token(self, now: Moment) -> Result<u64, StoreError> {
        let used = Column::AccessTokenExpiresAt.gt(millis(now));
        // What is cheaper to see is looked at first.
        counted(Entity::find().filter(used).filter(live(now)), self.0.reads()).await
    }

    /// How many grants there are whose refresh token is proven by a key; [`COUNTED`](crate::COUNTED): at least
    /// so many.
    pub async fn proven_by(self, key: &KeyId, now: Moment) -> Result<u64, StoreError> {
        let refreshable = Condition::all()
            .add(Column::Refreshable.eq(true))
            .add(Column::IdleExpiresAt.gt(millis(now)))
            .add(Column::RefreshKey.eq(key.as_str()));
        counted(Entity::find().filter(refreshable).filter(live(now)), self.0.reads()).await
    }

    /// Ends every grant of somebody's, with their tokens and unspent codes; what they consented to stays.
    pub async fn end_of_user(
        self,
        user: UserId,
        now: Moment,
        (reason, origin): (&'static str, Origin),
    ) -> Result<Written, StoreError> {
        let ending = Ending { now, reason, origin };
        self.0
            .write((user, ending), |(user, ending), transaction| {
                Box::pin(async move {
                    // Codes first: one that is being redeemed is waited for, and its grant is then there to end.
                    forget_codes(transaction, code::Column::UserId.eq(user.as_str()).into_condition())
                        .await?;
                    let theirs = Column::UserId.eq(user.as_str()).into_condition();
                    Ok(Written::yes(end_grants(transaction, theirs, ending).await?))
                })
            })
            .await
    }
}

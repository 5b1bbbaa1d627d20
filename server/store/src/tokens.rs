//! Access tokens. They are not stored; their revocations are entries of the feed, kept until the token's `exp`.

use crate::Store;
use crate::audit;
use crate::changes::{self, GRANT_REVOKED, TOKEN_REVOKED};
use crate::entity::change::{Column, Entity};
use crate::error::StoreError;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::{GrantId, Jti};

/// Access tokens.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(crate) &'a Store);

impl Tokens<'_> {
    /// Revokes one access token; `expires_at` is its `exp`.
    pub async fn revoke(
        self,
        jti: Jti,
        expires_at: Moment,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Change, StoreError> {
        let change = Change::TokenRevoked { jti, expires_at };
        self.0
            .write((change.clone(), now, events), |(change, now, events), transaction| {
                Box::pin(async move {
                    changes::insert(transaction, std::slice::from_ref(change), *now).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await?;
        Ok(change)
    }

    /// Whether a token, or the grant it belongs to, was revoked: the truth, for a node whose memory may lag behind.
    pub async fn is_revoked(self, jti: &Jti, grant: Option<&GrantId>) -> Result<bool, StoreError> {
        let named = |kind: &str, subject: &str| {
            Condition::all().add(Column::Kind.eq(kind)).add(Column::Subject.eq(subject))
        };
        let mut condition = Condition::any().add(named(TOKEN_REVOKED, jti.as_str()));
        if let Some(grant) = grant {
            condition = condition.add(named(GRANT_REVOKED, grant.as_str()));
        }
        let found: Option<i64> = Entity::find()
            .filter(condition)
            .select_only()
            .column(Column::Seq)
            .into_tuple()
            .one(self.0.reads())
            .await?;
        Ok(found.is_some())
    }
}

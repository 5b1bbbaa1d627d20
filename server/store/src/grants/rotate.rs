//! Rotating refresh tokens: one `UPDATE`, whose row count decides every race.

use super::Grants;
use crate::audit;
use crate::column::{millis, stored_count};
use crate::entity::grant::Entity;
use crate::error::StoreError;
use crate::revoke::subjects_are_live;
use crate::store::Committed;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Statement, Value};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, GrantId, KeyId, UserId};

/// Both statements hold only for a live grant of a live user and client. The latest `exp` never goes back: a revocation
/// must be remembered as long as the longest-lived access token.
const ROTATE: &str = "UPDATE grants SET generation = $1, refresh_key = $2, rotated_at = $3, rotated_from = $4, \
    idle_expires_at = $5, access_token_expires_at = \
    CASE WHEN access_token_expires_at > $6 THEN access_token_expires_at ELSE $6 END \
    WHERE id = $7 AND generation = $8 AND revoked_at IS NULL \
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = grants.user_id AND NOT u.disabled) \
    AND EXISTS (SELECT 1 FROM clients c WHERE c.client_id = grants.client_id AND NOT c.disabled)";
const RETRY: &str = "UPDATE grants SET access_token_expires_at = \
    CASE WHEN access_token_expires_at > $1 THEN access_token_expires_at ELSE $1 END \
    WHERE id = $2 AND generation = $3 AND revoked_at IS NULL \
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = grants.user_id AND NOT u.disabled) \
    AND EXISTS (SELECT 1 FROM clients c WHERE c.client_id = grants.client_id AND NOT c.disabled)";

/// A refresh token's succession.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The grant.
    pub grant_id: GrantId,
    /// The generation that the decision was made on.
    pub from_generation: u64,
    /// The generation that counts from now on.
    pub to_generation: u64,
    /// The key that it is made with.
    pub key_id: KeyId,
    /// Now.
    pub rotated_at: Moment,
    /// The network it was asked from.
    pub rotated_from: Option<String>,
    /// When the grant ends if unused.
    pub idle_expires_at: Moment,
    /// `exp` of the access token that goes with it.
    pub access_token_expires_at: Moment,
}

impl Grants<'_> {
    /// Rotates a refresh token. [`Committed::Stale`]: the generation has changed or the grant has ended meanwhile.
    /// [`Committed::SubjectGone`]: the user or the client is not live.
    pub async fn rotate(self, rotation: Rotation, events: Vec<AuditEvent>) -> Result<Committed, StoreError> {
        let from = stored_count(rotation.from_generation)?;
        let to = stored_count(rotation.to_generation)?;
        self.0
            .write((rotation, from, to, events), |(rotation, from, to, events), transaction| {
                Box::pin(async move {
                    let values: [Value; 8] = [
                        (*to).into(),
                        rotation.key_id.as_str().into(),
                        millis(rotation.rotated_at).into(),
                        rotation.rotated_from.clone().into(),
                        millis(rotation.idle_expires_at).into(),
                        millis(rotation.access_token_expires_at).into(),
                        rotation.grant_id.as_str().into(),
                        (*from).into(),
                    ];
                    update(transaction, ROTATE, values, &rotation.grant_id, events).await
                })
            })
            .await
    }

    /// Notes the access token of an answer that repeats the last rotation. The outcomes are those of
    /// [`rotate`](Self::rotate).
    pub async fn retry(
        self,
        grant_id: GrantId,
        generation: u64,
        access_token_expires_at: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let generation = stored_count(generation)?;
        let data = (grant_id, generation, access_token_expires_at, events);
        self.0
            .write(data, |(grant_id, generation, expires_at, events), transaction| {
                Box::pin(async move {
                    let values: [Value; 3] =
                        [millis(*expires_at).into(), grant_id.as_str().into(), (*generation).into()];
                    update(transaction, RETRY, values, grant_id, events).await
                })
            })
            .await
    }
}

async fn update<const N: usize>(
    transaction: &DatabaseTransaction,
    sql: &'static str,
    values: [Value; N],
    grant_id: &GrantId,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    let statement = Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
    if transaction.execute_raw(statement).await?.rows_affected() == 1 {
        audit::insert(transaction, events).await?;
        return Ok(Committed::Yes);
    }
    // Only now does it matter why.
    let Some(row) = Entity::find_by_id(grant_id.as_str()).one(transaction).await? else {
        return Ok(Committed::Stale);
    };
    let (user_id, client_id) = (UserId::new(row.user_id), ClientId::new(row.client_id));
    let live = subjects_are_live(transaction, &user_id, &client_id, None).await?;
    Ok(if live { Committed::Stale } else { Committed::SubjectGone })
}

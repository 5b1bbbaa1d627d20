//! Forgetting what nobody can ask for any more, in batches small enough that no sign-in waits for one.

use crate::Store;
use crate::column::millis;
use crate::entity::{
    action_token, answered_challenge, assertion, change, code, email_code, grant, mail, partial_sign_in,
    remembered_device, session,
};
use crate::error::StoreError;
use chrono::TimeDelta;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::environment::Moment;

/// How long an ended session or grant is kept, so that its tokens are refused as ended rather than as unknown.
const AFTER_THE_END: TimeDelta = TimeDelta::days(1);
/// How long an operator can see what became of a mail.
const MAILS_KEPT: TimeDelta = TimeDelta::days(7);

impl Store {
    /// Deletes at most `limit` expired rows of each kind and gives how many went. Call it again while it gives some.
    pub async fn sweep(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        Ok(self.sweep_codes(now, limit).await?
            + self.sweep_grants(now, limit).await?
            + self.sweep_sessions(now, limit).await?
            + self.sweep_partial_sign_ins(now, limit).await?
            + self.sweep_changes(now, limit).await?
            + self.sweep_assertions(now, limit).await?
            + self.sweep_mails(now, limit).await?
            + self.sweep_challenges(now, limit).await?
            + self.sweep_email_codes(now, limit).await?
            + self.sweep_devices(now, limit).await?
            + self.sweep_action_tokens(now, limit).await?)
    }

    async fn sweep_action_tokens(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let hashes: Vec<Vec<u8>> = action_token::Entity::find()
            .filter(action_token::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(action_token::Column::TokenHash)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(hashes, |hashes, transaction| {
            Box::pin(async move {
                let hashes = action_token::Column::TokenHash.is_in(hashes.clone());
                Ok(action_token::Entity::delete_many().filter(hashes).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    async fn sweep_mails(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let ids: Vec<String> = mail::Entity::find()
            .filter(mail::Column::DueAt.is_null())
            .filter(mail::Column::QueuedAt.lt(millis(now - MAILS_KEPT)))
            .select_only()
            .column(mail::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(ids, |ids, transaction| {
            Box::pin(async move {
                let ids = mail::Column::Id.is_in(ids.clone());
                Ok(mail::Entity::delete_many().filter(ids).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    /// A redeemed code stays as long as an access token of its grant may live, so that a replay still ends the grant.
    async fn sweep_codes(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let live_grant = Query::select()
            .expr(Expr::val(1))
            .from(grant::Entity)
            .and_where(
                Expr::col((grant::Entity, grant::Column::Id))
                    .equals((code::Entity, code::Column::RedeemedAs)),
            )
            .and_where(Expr::col((grant::Entity, grant::Column::AccessTokenExpiresAt)).gt(millis(now)))
            .take();
        let hashes: Vec<Vec<u8>> = code::Entity::find()
            .filter(code::Column::ExpiresAt.lt(millis(now)))
            .filter(Expr::exists(live_grant).not())
            .select_only()
            .column(code::Column::CodeHash)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(hashes, |hashes, transaction| {
            Box::pin(async move {
                let hashes = code::Column::CodeHash.is_in(hashes.clone());
                Ok(code::Entity::delete_many().filter(hashes).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    async fn sweep_grants(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        // Sought on a reader, so that the writer is not kept from its work; deleted under the same condition again,
        // since a grant may have been refreshed meanwhile.
        let ids: Vec<String> = grant::Entity::find()
            .filter(over(now))
            .select_only()
            .column(grant::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.write((ids, now), |(ids, now), transaction| {
            Box::pin(async move {
                let deleted = grant::Entity::delete_many()
                    .filter(grant::Column::Id.is_in(ids.clone()))
                    .filter(over(*now))
                    .exec(transaction)
                    .await?;
                Ok(deleted.rows_affected)
            })
        })
        .await
    }

    async fn sweep_sessions(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let kept_from = millis(now - AFTER_THE_END);
        let sids: Vec<String> = session::Entity::find()
            .filter(
                Condition::any()
                    .add(session::Column::ExpiresAt.lt(kept_from))
                    .add(session::Column::EndedAt.lt(kept_from)),
            )
            .select_only()
            .column(session::Column::Sid)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(sids, |sids, transaction| {
            Box::pin(async move {
                let sids = session::Column::Sid.is_in(sids.clone());
                Ok(session::Entity::delete_many().filter(sids).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    async fn sweep_partial_sign_ins(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let hashes: Vec<Vec<u8>> = partial_sign_in::Entity::find()
            .filter(partial_sign_in::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(partial_sign_in::Column::SecretHash)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(hashes, |hashes, transaction| {
            Box::pin(async move {
                let hashes = partial_sign_in::Column::SecretHash.is_in(hashes.clone());
                let deleted = partial_sign_in::Entity::delete_many().filter(hashes).exec(transaction).await?;
                Ok(deleted.rows_affected)
            })
        })
        .await
    }

    async fn sweep_changes(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let seqs: Vec<i64> = change::Entity::find()
            .filter(change::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(change::Column::Seq)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(seqs, |seqs, transaction| {
            Box::pin(async move {
                let seqs = change::Column::Seq.is_in(seqs.clone());
                Ok(change::Entity::delete_many().filter(seqs).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    async fn sweep_assertions(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let hashes: Vec<Vec<u8>> = assertion::Entity::find()
            .filter(assertion::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(assertion::Column::JtiHash)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        if hashes.is_empty() {
            return Ok(0);
        }
        self.write((hashes, now), |(hashes, now), transaction| {
            Box::pin(async move {
                // Another client may have used the same `jti`, and may still be within its time.
                let deleted = assertion::Entity::delete_many()
                    .filter(assertion::Column::JtiHash.is_in(hashes.clone()))
                    .filter(assertion::Column::ExpiresAt.lt(millis(*now)))
                    .exec(transaction)
                    .await?;
                Ok(deleted.rows_affected)
            })
        })
        .await
    }

    async fn sweep_challenges(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let hashes: Vec<Vec<u8>> = answered_challenge::Entity::find()
            .filter(answered_challenge::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(answered_challenge::Column::ChallengeHash)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(hashes, |hashes, transaction| {
            Box::pin(async move {
                let hashes = answered_challenge::Column::ChallengeHash.is_in(hashes.clone());
                let deleted = answered_challenge::Entity::delete_many().filter(hashes);
                Ok(deleted.exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    async fn sweep_email_codes(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let users: Vec<String> = email_code::Entity::find()
            .filter(email_code::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(email_code::Column::UserId)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        if users.is_empty() {
            return Ok(0);
        }
        self.write((users, now), |(users, now), transaction| {
            Box::pin(async move {
                // A newer one may have been sent meanwhile.
                let deleted = email_code::Entity::delete_many()
                    .filter(email_code::Column::UserId.is_in(users.clone()))
                    .filter(email_code::Column::ExpiresAt.lt(millis(*now)))
                    .exec(transaction)
                    .await?;
                Ok(deleted.rows_affected)
            })
        })
        .await
    }

    async fn sweep_devices(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let ids: Vec<String> = remembered_device::Entity::find()
            .filter(remembered_device::Column::ExpiresAt.lt(millis(now)))
            .select_only()
            .column(remembered_device::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.reads())
            .await?;
        self.delete_found(ids, |ids, transaction| {
            Box::pin(async move {
                let ids = remembered_device::Column::Id.is_in(ids.clone());
                Ok(remembered_device::Entity::delete_many()
                    .filter(ids)
                    .exec(transaction)
                    .await?
                    .rows_affected)
            })
        })
        .await
    }

    async fn delete_found<K: Send + Sync + 'static>(
        &self,
        keys: Vec<K>,
        delete: crate::write::Job<Vec<K>, u64>,
    ) -> Result<u64, StoreError> {
        if keys.is_empty() { Ok(0) } else { self.write(keys, delete).await }
    }
}

/// Grants that ended a day ago and whose access tokens have expired.
fn over(now: Moment) -> Condition {
    let kept_from = millis(now - AFTER_THE_END);
    let ended = Condition::any()
        .add(grant::Column::ExpiresAt.lt(kept_from))
        .add(grant::Column::IdleExpiresAt.lt(kept_from))
        .add(grant::Column::RevokedAt.lt(kept_from));
    grant::Column::AccessTokenExpiresAt.lt(millis(now)).into_condition().add(ended)
}

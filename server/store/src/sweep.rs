//! Forgetting what nobody can ask for any more, in batches small enough that no sign-in waits for one.

use crate::Store;
use crate::column::millis;
use crate::entity::{
    action_token, answered_challenge, assertion, change, client_secret, code, email_change, email_code,
    grant, idempotency, mail, partial_sign_in, remembered_device, session,
};
use crate::error::StoreError;
use chrono::TimeDelta;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, TryGetable, Value,
};
use signet_protocol::environment::Moment;

/// How long an ended session or grant is kept, so that its tokens are refused as ended rather than as unknown.
const AFTER_THE_END: TimeDelta = TimeDelta::days(1);
/// How long an operator can see what became of a mail.
const MAILS_KEPT: TimeDelta = TimeDelta::days(7);

/// The rows of `$entity` that expired before a moment, by their column `expires_at`, known by the column `$key` of type
/// `$type`.
macro_rules! forget_expired {
    ($store:ident, $now:ident, $limit:ident, $($entity:ident . $key:ident: $type:ty),+ $(,)?) => {
        0 $(+ {
            let over = $entity::Column::ExpiresAt.lt(millis($now)).into_condition();
            $store.forget::<$entity::Entity, $type>($entity::Column::$key, over, $limit).await?
        })+
    };
}

impl Store {
    /// Deletes at most `limit` expired rows of each kind and gives how many went. Call it again while it gives some.
    pub async fn sweep(&self, now: Moment, limit: u64) -> Result<u64, StoreError> {
        let expired = forget_expired!(
            self,
            now,
            limit,
            partial_sign_in.SecretHash: Vec<u8>,
            change.Seq: i64,
            assertion.JtiHash: Vec<u8>,
            answered_challenge.ChallengeHash: Vec<u8>,
            email_code.UserId: String,
            remembered_device.Id: String,
            action_token.TokenHash: Vec<u8>,
            email_change.UserId: String,
            idempotency.Key: Vec<u8>,
            client_secret.Id: String,
        );
        Ok(expired
            + self.forget_letters(now).await?
            + self.forget_counts(now).await?
            + self.forget::<code::Entity, Vec<u8>>(code::Column::CodeHash, codes(now), limit).await?
            + self.forget::<grant::Entity, String>(grant::Column::Id, grants(now), limit).await?
            + self.forget::<session::Entity, String>(session::Column::Sid, sessions(now), limit).await?
            + self.forget::<mail::Entity, String>(mail::Column::Id, mails(now), limit).await?)
    }

    /// Forgets what mails said that were given up, as soon as it holds no more.
    async fn forget_letters(&self, now: Moment) -> Result<u64, StoreError> {
        let over = mail::Column::DeadAt
            .is_not_null()
            .into_condition()
            .add(mail::Column::Payload.is_not_null())
            .add(mail::Column::ExpiresAt.lte(millis(now)));
        if mail::Entity::find().filter(over.clone()).count(self.reads()).await? == 0 {
            return Ok(0);
        }
        self.write(over, |over, transaction| {
            Box::pin(async move {
                let forgotten = mail::Entity::update_many()
                    .col_expr(mail::Column::Payload, Expr::value(Option::<Vec<u8>>::None))
                    .filter(over.clone());
                Ok(forgotten.exec(transaction).await?.rows_affected)
            })
        })
        .await
    }

    /// Deletes rows that are over. They are sought on a reader, so that the writer is not kept from its work; and deleted
    /// under the same condition again, for a row may have been renewed meanwhile, or share its key with one that is not over.
    async fn forget<E, K>(&self, key: E::Column, over: Condition, limit: u64) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        K: TryGetable + Into<Value> + Clone + Send + Sync + 'static,
    {
        let found = E::find().filter(over.clone()).select_only().column(key).limit(limit);
        let keys: Vec<K> = found.into_tuple().all(self.reads()).await?;
        if keys.is_empty() {
            return Ok(0);
        }
        self.write((keys, key, over), |(keys, key, over), transaction| {
            Box::pin(async move {
                let these = E::delete_many().filter(key.is_in(keys.clone())).filter(over.clone());
                Ok(these.exec(transaction).await?.rows_affected)
            })
        })
        .await
    }
}

/// A redeemed code stays as long as an access token of its grant may live, so that a replay still ends the grant.
fn codes(now: Moment) -> Condition {
    let live_grant = Query::select()
        .expr(Expr::val(1))
        .from(grant::Entity)
        .and_where(
            Expr::col((grant::Entity, grant::Column::Id)).equals((code::Entity, code::Column::RedeemedAs)),
        )
        .and_where(Expr::col((grant::Entity, grant::Column::AccessTokenExpiresAt)).gt(millis(now)))
        .take();
    code::Column::ExpiresAt.lt(millis(now)).into_condition().add(Expr::exists(live_grant).not())
}

/// Grants that ended a day ago and whose access tokens have expired.
fn grants(now: Moment) -> Condition {
    let kept_from = millis(now - AFTER_THE_END);
    let ended = Condition::any()
        .add(grant::Column::ExpiresAt.lt(kept_from))
        .add(grant::Column::IdleExpiresAt.lt(kept_from))
        .add(grant::Column::RevokedAt.lt(kept_from));
    grant::Column::AccessTokenExpiresAt.lt(millis(now)).into_condition().add(ended)
}

/// Sessions that ended a day ago.
fn sessions(now: Moment) -> Condition {
    let kept_from = millis(now - AFTER_THE_END);
    Condition::any().add(session::Column::ExpiresAt.lt(kept_from)).add(session::Column::EndedAt.lt(kept_from))
}

/// Mails that have been over for a week.
fn mails(now: Moment) -> Condition {
    mail::Column::DueAt.is_null().into_condition().add(mail::Column::QueuedAt.lt(millis(now - MAILS_KEPT)))
}

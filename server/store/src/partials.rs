//! Sign-ins whose password was right and that owe a second step. They become sessions in [`Sessions`], or expire.
//!
//! [`Sessions`]: crate::Sessions

use crate::Store;
use crate::audit;
use crate::column::{millis, moment};
use crate::entity::partial_sign_in::{ActiveModel, Column, Entity};
use crate::entity::user;
use crate::error::StoreError;
use crate::revoke::user_is_live;
use crate::sessions::is_password_hash;
use crate::store::Committed;
use crate::users;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Order, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{InteractionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::PartialSignIn;
use signet_protocol::user::User;

/// So many of one person may wait for their second step; more push out the oldest.
const MOST: u64 = 20;

/// A partial sign-in to begin.
#[derive(Clone, Debug)]
pub struct NewPartial {
    /// What is known.
    pub partial: PartialSignIn,
    /// SHA-256 of the secret that its cookie holds.
    pub secret_hash: SecretHash,
    /// From when it counts no more.
    pub expires_at: Moment,
    /// The hash that the person's password was compared with. If it is no longer theirs, nothing begins.
    pub verified: Option<Secret<String>>,
    /// The one that this browser had before.
    pub replaces: Option<SecretHash>,
}

/// Partial sign-ins.
#[derive(Clone, Copy, Debug)]
pub struct Partials<'a>(pub(crate) &'a Store);

impl Partials<'_> {
    /// What a cookie's secret proves, and whose password it was, while it counts.
    pub async fn by_secret(
        self,
        secret: &SecretHash,
        now: Moment,
    ) -> Result<Option<(PartialSignIn, User)>, StoreError> {
        let found = Entity::find_by_id(secret.0.to_vec())
            .filter(Column::ExpiresAt.gt(millis(now)))
            .filter(user::Column::Disabled.eq(false))
            .find_also_related(user::Entity)
            .one(self.0.reads())
            .await?;
        let Some((row, Some(person))) = found else { return Ok(None) };
        let partial = PartialSignIn {
            user_id: UserId::new(row.user_id),
            tx: InteractionId::new(row.tx),
            at: moment(row.created_at)?,
        };
        Ok(Some((partial, users::user(person)?)))
    }

    /// Forgets one: whoever is at the browser left, or came in another way.
    pub async fn forget(self, secret: SecretHash) -> Result<(), StoreError> {
        self.0
            .write(secret, |secret, transaction| {
                Box::pin(async move {
                    Entity::delete_by_id(secret.0.to_vec()).exec(transaction).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Begins one. [`Committed::SubjectGone`]: the user is not live, or has got another password meanwhile.
    pub async fn begin(self, new: NewPartial, events: Vec<AuditEvent>) -> Result<Committed, StoreError> {
        self.0
            .write((new, events), |(new, events), transaction| {
                Box::pin(async move {
                    let user_id = &new.partial.user_id;
                    if !user_is_live(transaction, user_id).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    if let Some(verified) = &new.verified
                        && !is_password_hash(transaction, user_id, verified).await?
                    {
                        return Ok(Committed::SubjectGone);
                    }
                    if let Some(old) = &new.replaces {
                        Entity::delete_by_id(old.0.to_vec()).exec(transaction).await?;
                    }
                    make_room(transaction, user_id).await?;
                    Entity::insert(row(new)).exec_without_returning(transaction).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }
}

async fn make_room(transaction: &DatabaseTransaction, user_id: &UserId) -> Result<(), StoreError> {
    let newest = Query::select()
        .column(Column::SecretHash)
        .from(Entity)
        .and_where(Column::UserId.eq(user_id.as_str()))
        .order_by(Column::CreatedAt, Order::Desc)
        .limit(MOST - 1)
        .take();
    Entity::delete_many()
        .filter(Column::UserId.eq(user_id.as_str()))
        .filter(Column::SecretHash.not_in_subquery(newest))
        .exec(transaction)
        .await?;
    Ok(())
}

fn row(new: &NewPartial) -> ActiveModel {
    ActiveModel {
        secret_hash: Set(new.secret_hash.0.to_vec()),
        user_id: Set(new.partial.user_id.as_str().to_owned()),
        tx: Set(new.partial.tx.as_str().to_owned()),
        created_at: Set(millis(new.partial.at)),
        expires_at: Set(millis(new.expires_at)),
    }
}

/// Uses a partial sign-in up within a transaction; false: it was used up before, or ended with its password.
pub(crate) async fn complete(
    transaction: &DatabaseTransaction,
    secret: &SecretHash,
    now: Moment,
) -> Result<bool, StoreError> {
    let deleted = Entity::delete_many()
        .filter(Column::SecretHash.eq(secret.0.to_vec()))
        .filter(Column::ExpiresAt.gt(millis(now)))
        .exec(transaction)
        .await?;
    Ok(deleted.rows_affected == 1)
}

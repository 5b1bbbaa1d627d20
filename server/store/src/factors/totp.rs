//! Authenticator apps: one a person.

use super::{Grounds, Removal, Removed, has_app, has_passkey_besides, strengthened, tell};
use crate::Store;
use crate::audit;
use crate::column::{millis, moment};
use crate::entity::totp::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mails::NewMail;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;

/// Authenticator apps.
#[derive(Clone, Copy, Debug)]
pub struct Totps<'a>(pub(crate) &'a Store);

/// A person's authenticator app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpRow {
    /// Whose it is.
    pub user_id: UserId,
    /// Its secret, sealed.
    pub secret: Vec<u8>,
    /// The latest time step whose code was accepted.
    pub last_step: i64,
    /// When it was enrolled.
    pub created_at: Moment,
    /// When it was last used.
    pub last_used_at: Moment,
}

impl Totps<'_> {
    /// A person's app.
    pub async fn get(self, user: &UserId) -> Result<Option<TotpRow>, StoreError> {
        Entity::find_by_id(user.as_str()).one(self.0.reads()).await?.map(row).transpose()
    }

    /// Keeps a person's app in place of the one sealed as `before`, if they have that. [`Committed::Stale`]: they have
    /// another one by now. [`Committed::SubjectGone`]: the person is not live, or the grounds hold no more.
    pub async fn put(
        self,
        totp: TotpRow,
        before: Option<Vec<u8>>,
        grounds: Grounds,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        self.0
            .write((totp, before, grounds, told), |(totp, before, grounds, told), transaction| {
                Box::pin(async move {
                    if !grounds.hold(transaction, &totp.user_id, totp.created_at).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    let put = match before {
                        Some(before) => replace(transaction, totp, before).await?,
                        None => insert(transaction, totp).await?,
                    };
                    if put == 0 {
                        return Ok(Committed::Stale);
                    }
                    strengthened(transaction, &totp.user_id, &grounds.standing).await?;
                    tell(transaction, told).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Accepts the code of a time step, once, if the person's secret is still sealed as it was when the code was checked.
    /// [`Committed::Stale`]: it is not, or a code of that step or a later one was accepted before.
    pub async fn spend(
        self,
        (user, secret): (UserId, Vec<u8>),
        step: i64,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((user, secret, step, now, events), |(user, secret, step, now, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::LastStep, Expr::value(*step))
                        .col_expr(Column::LastUsedAt, Expr::value(millis(*now)))
                        .filter(Column::UserId.eq(user.as_str()))
                        .filter(Column::Secret.eq(secret.clone()))
                        .filter(Column::LastStep.lt(*step))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Removes a person's app.
    pub async fn remove(
        self,
        removal: Removal,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Removed, StoreError> {
        self.0
            .write((removal, told), |(removal, told), transaction| {
                Box::pin(async move {
                    if !removal.holds(transaction).await? {
                        return Ok(Removed::Overtaken);
                    }
                    let user = &removal.user;
                    if !has_app(transaction, user).await? {
                        return Ok(Removed::Unknown);
                    }
                    if removal.keeps_one && !has_passkey_besides(transaction, user, None).await? {
                        return Ok(Removed::Last);
                    }
                    Entity::delete_by_id(user.as_str()).exec(transaction).await?;
                    removal.complete(transaction, told).await
                })
            })
            .await
    }

    /// The sealed secrets of at most `limit` people whose identifiers come after this one, in order.
    pub async fn sealed_after(
        self,
        user: Option<&UserId>,
        limit: u64,
    ) -> Result<Vec<(UserId, Vec<u8>)>, StoreError> {
        let after = user.map_or("", UserId::as_str);
        let rows = Entity::find()
            .filter(Column::UserId.gt(after))
            .order_by_asc(Column::UserId)
            .limit(limit)
            .all(self.0.reads())
            .await?;
        Ok(rows.into_iter().map(|row| (UserId::new(row.user_id), row.secret)).collect())
    }

    /// Puts newly sealed forms of the same secrets in place of the old ones, each `(user, old, new)`. All or none:
    /// [`Committed::Stale`] if one is not as it was.
    pub async fn reseal(
        self,
        secrets: Vec<(UserId, Vec<u8>, Vec<u8>)>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((secrets, events), |(secrets, events), transaction| {
                Box::pin(async move {
                    // Everything is looked at before anything is written.
                    for (user, old, _) in secrets {
                        let same = Entity::find_by_id(user.as_str()).filter(Column::Secret.eq(old.clone()));
                        if same.lock_exclusive().one(transaction).await?.is_none() {
                            return Ok(Committed::Stale);
                        }
                    }
                    for (user, _, new) in secrets {
                        Entity::update_many()
                            .col_expr(Column::Secret, Expr::value(new.clone()))
                            .filter(Column::UserId.eq(user.as_str()))
                            .exec(transaction)
                            .await?;
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }
}

async fn insert(transaction: &DatabaseTransaction, totp: &TotpRow) -> Result<u64, StoreError> {
    let inserted = Entity::insert(model(totp).into_active_model())
        .on_conflict(OnConflict::column(Column::UserId).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted)
}

async fn replace(
    transaction: &DatabaseTransaction,
    totp: &TotpRow,
    before: &[u8],
) -> Result<u64, StoreError> {
    let updated = Entity::update_many()
        .col_expr(Column::Secret, Expr::value(totp.secret.clone()))
        .col_expr(Column::LastStep, Expr::value(totp.last_step))
        .col_expr(Column::CreatedAt, Expr::value(millis(totp.created_at)))
        .col_expr(Column::LastUsedAt, Expr::value(millis(totp.last_used_at)))
        .filter(Column::UserId.eq(totp.user_id.as_str()))
        .filter(Column::Secret.eq(before.to_vec()))
        .exec(transaction)
        .await?;
    Ok(updated.rows_affected)
}

fn row(row: Model) -> Result<TotpRow, StoreError> {
    Ok(TotpRow {
        user_id: UserId::new(row.user_id),
        secret: row.secret,
        last_step: row.last_step,
        created_at: moment(row.created_at)?,
        last_used_at: moment(row.last_used_at)?,
    })
}

fn model(totp: &TotpRow) -> Model {
    Model {
        user_id: totp.user_id.as_str().to_owned(),
        secret: totp.secret.clone(),
        last_step: totp.last_step,
        created_at: millis(totp.created_at),
        last_used_at: millis(totp.last_used_at),
    }
}

//! Passkeys: several a person. What their credentials mean is known to whoever made them.

use super::{Grounds, Removal, Removed, has_app, has_passkey_besides, strengthened, tell};
use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis, moment, moment_or_none};
use crate::entity::answered_challenge;
use crate::entity::passkey::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::store::Committed;
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{PasskeyId, UserId};
use signet_protocol::secret::SecretHash;

/// How many passkeys a person may have: all of them are named to the browser.
pub const MAX_PASSKEYS: usize = 20;

/// How keeping a new passkey came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyAdded {
    /// It is kept.
    Yes,
    /// The challenge was answered before, or the credential is known.
    Known,
    /// The person has as many as they may have.
    TooMany,
    /// The person is not live, or the grounds hold no more.
    Overtaken,
}

/// Passkeys.
#[derive(Clone, Copy, Debug)]
pub struct Passkeys<'a>(pub(crate) &'a Store);

/// A person's passkey.
#[derive(Clone, Debug, PartialEq)]
pub struct PasskeyRow {
    /// Names it here.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Names it in its authenticator.
    pub credential_id: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// Its public key and what else was learnt when it was made.
    pub credential: serde_json::Value,
    /// How often it has signed, as it counts itself; 0: it does not count.
    pub counter: u32,
    /// Whether it can leave the device it was made on.
    pub synchronised: bool,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
}

/// A challenge that is answered, so that it is not answered again while it counts.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// Its hash.
    pub challenge: SecretHash,
    /// Until when it counts.
    pub expires_at: Moment,
}

impl Passkeys<'_> {
    /// A person's passkeys, oldest first.
    pub async fn of(self, user: &UserId) -> Result<Vec<PasskeyRow>, StoreError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.as_str()))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.0.reads())
            .await?;
        rows.into_iter().map(row).collect()
    }

    /// The passkey that an authenticator names so.
    pub async fn by_credential(self, credential_id: &[u8]) -> Result<Option<PasskeyRow>, StoreError> {
        let found = Entity::find().filter(Column::CredentialId.eq(credential_id.to_vec()));
        found.one(self.0.reads()).await?.map(row).transpose()
    }

    /// Keeps a new passkey.
    pub async fn add(
        self,
        passkey: PasskeyRow,
        answered: Answered,
        grounds: Grounds,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<PasskeyAdded, StoreError> {
        let (owner, now, passkey) = (passkey.user_id.clone(), passkey.created_at, model(&passkey)?);
        let new = (passkey, answered, owner, now);
        self.0
            .write((new, grounds, told), |((passkey, answered, owner, now), grounds, told), transaction| {
                Box::pin(async move {
                    if !grounds.hold(transaction, owner, *now).await? {
                        return Ok(PasskeyAdded::Overtaken);
                    }
                    // An answer that comes to nothing is an answer, too.
                    if !answer(transaction, answered).await? {
                        return Ok(PasskeyAdded::Known);
                    }
                    // The person is held: of several made at once, each sees those that were kept before it.
                    let theirs = Entity::find().filter(Column::UserId.eq(owner.as_str()));
                    if theirs.count(transaction).await? >= MAX_PASSKEYS as u64 {
                        return Ok(PasskeyAdded::TooMany);
                    }
                    let inserted = Entity::insert(passkey.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::CredentialId).do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    if inserted == 0 {
                        return Ok(PasskeyAdded::Known);
                    }
                    strengthened(transaction, owner, &grounds.standing).await?;
                    tell(transaction, told).await?;
                    Ok(PasskeyAdded::Yes)
                })
            })
            .await
    }

    /// Notes that a passkey signed: its counter, its credential and when. [`Committed::Stale`]: the challenge was answered
    /// before. [`Committed::SubjectGone`]: the passkey is not there any more, or its counter is as high by now.
    pub async fn used(
        self,
        passkey: PasskeyRow,
        answered: Answered,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let passkey = model(&passkey)?;
        self.0
            .write((passkey, answered, events), |(passkey, answered, events), transaction| {
                Box::pin(async move {
                    // An answer that comes to nothing is an answer, too.
                    if !answer(transaction, answered).await? {
                        return Ok(Committed::Stale);
                    }
                    // WebAuthn §7.2 step 22: it must rise, unless it is and stays 0.
                    let rises = Column::Counter.lt(passkey.counter.max(1));
                    let updated = Entity::update_many()
                        .col_expr(Column::Counter, Expr::value(passkey.counter))
                        .col_expr(Column::Credential, Expr::value(&*passkey.credential))
                        .col_expr(Column::Synchronised, Expr::value(passkey.synchronised))
                        .col_expr(Column::LastUsedAt, Expr::value(passkey.last_used_at))
                        .filter(Column::Id.eq(&*passkey.id))
                        .filter(rises)
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Committed::SubjectGone);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Reports that a passkey's counter went back. Its owner gets the mails at most once in so long.
    /// [`Committed::Stale`]: the challenge was answered before, and nothing is reported.
    pub async fn copied(
        self,
        id: PasskeyId,
        answered: Answered,
        (now, once_in): (Moment, TimeDelta),
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let (now, before) = (millis(now), millis(now - once_in));
        self.0
            .write((id, answered, (now, before), told), |(id, answered, (now, before), told), transaction| {
                Box::pin(async move {
                    if !answer(transaction, answered).await? {
                        return Ok(Committed::Stale);
                    }
                    let long_ago = Condition::any()
                        .add(Column::CopyToldAt.is_null())
                        .add(Column::CopyToldAt.lte(*before));
                    let due = Entity::update_many()
                        .col_expr(Column::CopyToldAt, Expr::value(*now))
                        .filter(Column::Id.eq(id.as_str()))
                        .filter(long_ago)
                        .exec(transaction)
                        .await?;
                    let (events, mails) = told;
                    if due.rows_affected == 1 {
                        mails::insert(transaction, mails).await?;
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Gives a person's passkey another name. [`Committed::Stale`]: they have no such passkey.
    pub async fn rename(
        self,
        user: UserId,
        id: PasskeyId,
        name: String,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((user, id, name, events), |(user, id, name, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Name, Expr::value(name.as_str()))
                        .filter(Column::Id.eq(id.as_str()))
                        .filter(Column::UserId.eq(user.as_str()))
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

    /// Removes a person's passkey.
    pub async fn remove(
        self,
        removal: Removal,
        id: PasskeyId,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Removed, StoreError> {
        self.0
            .write((removal, id, told), |(removal, id, told), transaction| {
                Box::pin(async move {
                    if !removal.holds(transaction).await? {
                        return Ok(Removed::Overtaken);
                    }
                    let user = &removal.user;
                    let theirs = Condition::all()
                        .add(Column::Id.eq(id.as_str()))
                        .add(Column::UserId.eq(user.as_str()));
                    if Entity::find().filter(theirs.clone()).one(transaction).await?.is_none() {
                        return Ok(Removed::Unknown);
                    }
                    let others = has_app(transaction, user).await?
                        || has_passkey_besides(transaction, user, Some(id)).await?;
                    if removal.keeps_one && !others {
                        return Ok(Removed::Last);
                    }
                    Entity::delete_many().filter(theirs).exec(transaction).await?;
                    removal.complete(transaction, told).await
                })
            })
            .await
    }
}

/// Answers a challenge; false: it was answered before.
async fn answer(transaction: &DatabaseTransaction, answered: &Answered) -> Result<bool, StoreError> {
    let row = answered_challenge::ActiveModel {
        challenge_hash: Set(answered.challenge.0.to_vec()),
        expires_at: Set(millis(answered.expires_at)),
    };
    let inserted = answered_challenge::Entity::insert(row)
        .on_conflict(OnConflict::column(answered_challenge::Column::ChallengeHash).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(inserted == 1)
}

fn row(row: Model) -> Result<PasskeyRow, StoreError> {
    let counter =
        u32::try_from(row.counter).map_err(|_| StoreError::Corrupt("a counter is out of range".into()))?;
    Ok(PasskeyRow {
        credential: from_json(&row.credential, "a credential")?,
        created_at: moment(row.created_at)?,
        last_used_at: moment_or_none(row.last_used_at)?,
        id: PasskeyId::new(row.id),
        user_id: UserId::new(row.user_id),
        credential_id: row.credential_id,
        name: row.name,
        counter,
        synchronised: row.synchronised,
    })
}

fn model(passkey: &PasskeyRow) -> Result<Model, StoreError> {
    Ok(Model {
        id: passkey.id.as_str().to_owned(),
        user_id: passkey.user_id.as_str().to_owned(),
        credential_id: passkey.credential_id.clone(),
        name: passkey.name.clone(),
        credential: json(&passkey.credential)?,
        counter: passkey.counter.into(),
        synchronised: passkey.synchronised,
        created_at: millis(passkey.created_at),
        last_used_at: passkey.last_used_at.map(millis),
        copy_told_at: None,
    })
}

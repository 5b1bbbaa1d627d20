//! Keys, their private halves sealed before they come here.
//!
//! The live keys of one purpose and algorithm are a chain with one end: at most one of them has no `retires_at`.
//! Two nodes that lengthen or begin the same chain at once would make it two; so that is decided in the transaction.

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis, moment, moment_or_none};
use crate::entity::key::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;

/// PostgreSQL's advisory lock that lets one transaction at a time change the chains.
const LOCK: i64 = 0x7369_676e_6574_0003;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// Signs tokens.
    Jwt,
    /// Authenticates refresh tokens.
    Refresh,
    /// Seals what travels in forms.
    Form,
}

impl KeyPurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Refresh => "refresh",
            Self::Form => "form",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Jwt, Self::Refresh, Self::Form]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or_else(|| StoreError::Corrupt("a key's purpose is unknown".into()))
    }
}

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyRow {
    /// Its identifier.
    pub kid: KeyId,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// Its algorithm.
    pub alg: String,
    /// Its public half as a JWK, if it has one.
    pub public: Option<serde_json::Value>,
    /// Its private half, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Moment,
    /// From when it is used; it is published before that.
    pub activates_at: Moment,
    /// From when it is used no more.
    pub retires_at: Option<Moment>,
    /// From when it is published no more: the last token it signed has expired.
    pub unpublish_at: Option<Moment>,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
}

/// The times that a key's state follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// From when it is used.
    pub activates_at: Moment,
    /// From when it is used no more.
    pub retires_at: Option<Moment>,
    /// From when it is published no more.
    pub unpublish_at: Option<Moment>,
}

impl KeyTimes {
    /// A key's times as they stand.
    pub fn of(key: &KeyRow) -> Self {
        Self { activates_at: key.activates_at, retires_at: key.retires_at, unpublish_at: key.unpublish_at }
    }
}

/// Other times for a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Retiming {
    /// The key.
    pub kid: KeyId,
    /// The times that this was decided on.
    pub from: KeyTimes,
    /// The times that it gets.
    pub to: KeyTimes,
}

/// What is to become of the keys, all of it or nothing.
#[derive(Clone, Debug, Default)]
pub struct KeyChanges {
    /// Keys to add.
    pub add: Vec<KeyRow>,
    /// Keys to use earlier, later or no more.
    pub retime: Vec<Retiming>,
    /// A key that counts no more from now on.
    pub revoke: Option<KeyId>,
}

/// Keys.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a>(pub(crate) &'a Store);

impl Keys<'_> {
    /// Every key, oldest first.
    pub async fn list(self) -> Result<Vec<KeyRow>, StoreError> {
        let rows = Entity::find()
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Kid)
            .all(self.0.reads())
            .await?;
        rows.into_iter().map(key).collect()
    }

    /// Adds, retimes and revokes keys in one transaction. [`Committed::Stale`]: a key to retime or revoke is not as it
    /// was when that was decided, or a key to add is there already or would be a second end of its chain.
    pub async fn change(
        self,
        changes: KeyChanges,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let KeyChanges { add, retime, revoke } = changes;
        let add = add.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        self.0
            .write((add, retime, revoke, now, events), |(add, retime, revoke, now, events), transaction| {
                Box::pin(async move {
                    // Everything is looked at before anything is written, the rows held until the end.
                    hold_chains(transaction).await?;
                    for retiming in retime {
                        if !is_as_decided(transaction, retiming).await? {
                            return Ok(Committed::Stale);
                        }
                    }
                    for row in add {
                        if !is_free(transaction, row, retime, revoke.as_ref()).await? {
                            return Ok(Committed::Stale);
                        }
                    }
                    if let Some(kid) = revoke
                        && !set_revoked(transaction, kid, *now).await?
                    {
                        return Ok(Committed::Stale);
                    }
                    for retiming in retime {
                        set_times(transaction, retiming).await?;
                    }
                    for row in add {
                        insert(transaction, row).await?;
                    }
                    changed(transaction, *now, events).await
                })
            })
            .await
    }

    /// Puts a newly sealed form of the same key in place of the old one. [`Committed::Stale`]: it is not as `old` says.
    pub async fn reseal(
        self,
        kid: KeyId,
        old: Vec<u8>,
        new: Vec<u8>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((kid, old, new, now, events), |(kid, old, new, now, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Sealed, Expr::value(new.clone()))
                        .filter(Column::Kid.eq(kid.as_str()))
                        .filter(Column::Sealed.eq(old.clone()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    changed(transaction, *now, events).await
                })
            })
            .await
    }
}

/// A row that is not there yet can't be locked. SQLite has one writer and needs none of this.
async fn hold_chains(transaction: &DatabaseTransaction) -> Result<(), StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}

/// Whether a key can be added: it is new, and if it has no end no other key of its chain will be without one.
async fn is_free(
    transaction: &DatabaseTransaction,
    row: &Model,
    retime: &[Retiming],
    revoke: Option<&KeyId>,
) -> Result<bool, StoreError> {
    if Entity::find_by_id(&*row.kid).one(transaction).await?.is_some() {
        return Ok(false);
    }
    if row.retires_at.is_some() {
        return Ok(true);
    }
    let ends = Entity::find()
        .filter(Column::Purpose.eq(&*row.purpose))
        .filter(Column::Alg.eq(&*row.alg))
        .filter(Column::RetiresAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .all(transaction)
        .await?;
    let gets_an_end = |kid: &str| {
        retime.iter().any(|retiming| retiming.kid.as_str() == kid && retiming.to.retires_at.is_some())
            || revoke.is_some_and(|revoked| revoked.as_str() == kid)
    };
    Ok(ends.iter().all(|end| gets_an_end(&end.kid)))
}

async fn is_as_decided(transaction: &DatabaseTransaction, retiming: &Retiming) -> Result<bool, StoreError> {
    let live = Entity::find_by_id(retiming.kid.as_str()).filter(Column::RevokedAt.is_null());
    match live.lock_exclusive().one(transaction).await? {
        Some(row) => Ok(KeyTimes::of(&key(row)?) == retiming.from),
        None => Ok(false),
    }
}

async fn set_times(transaction: &DatabaseTransaction, retiming: &Retiming) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::ActivatesAt, Expr::value(millis(retiming.to.activates_at)))
        .col_expr(Column::RetiresAt, Expr::value(retiming.to.retires_at.map(millis)))
        .col_expr(Column::UnpublishAt, Expr::value(retiming.to.unpublish_at.map(millis)))
        .filter(Column::Kid.eq(retiming.kid.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn set_revoked(
    transaction: &DatabaseTransaction,
    kid: &KeyId,
    now: Moment,
) -> Result<bool, StoreError> {
    let updated = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(millis(now)))
        .filter(Column::Kid.eq(kid.as_str()))
        .filter(Column::RevokedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn insert(transaction: &DatabaseTransaction, row: &Model) -> Result<(), StoreError> {
    Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Kid).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

async fn changed(
    transaction: &DatabaseTransaction,
    now: Moment,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    changes::insert(transaction, &[Change::KeysChanged], now).await?;
    audit::insert(transaction, events).await?;
    Ok(Committed::Yes)
}

fn key(row: Model) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        purpose: KeyPurpose::parse(&row.purpose)?,
        public: row.public.as_deref().map(|text| from_json(text, "a public key")).transpose()?,
        created_at: moment(row.created_at)?,
        activates_at: moment(row.activates_at)?,
        retires_at: moment_or_none(row.retires_at)?,
        unpublish_at: moment_or_none(row.unpublish_at)?,
        revoked_at: moment_or_none(row.revoked_at)?,
        kid: KeyId::new(row.kid),
        alg: row.alg,
        sealed: row.sealed,
    })
}

fn row(key: &KeyRow) -> Result<Model, StoreError> {
    Ok(Model {
        kid: key.kid.as_str().to_owned(),
        purpose: key.purpose.as_str().to_owned(),
        alg: key.alg.clone(),
        public: key.public.as_ref().map(json).transpose()?,
        sealed: key.sealed.clone(),
        created_at: millis(key.created_at),
        activates_at: millis(key.activates_at),
        retires_at: key.retires_at.map(millis),
        unpublish_at: key.unpublish_at.map(millis),
        revoked_at: key.revoked_at.map(millis),
    })
}

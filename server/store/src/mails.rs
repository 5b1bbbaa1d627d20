//! Mails that wait to be sent. They are queued in the transaction of what they tell of, so that neither is there without
//! the other; whoever sends one leases its row first, so that two nodes do not send it twice.

mod by_hand;

pub use by_hand::{MailFate, MailSort};

use crate::Store;
use crate::audit;
use crate::column::{count, millis, moment, moment_or_none};
use crate::entity::mail::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;

/// Mails.
#[derive(Clone, Copy, Debug)]
pub struct Mails<'a>(pub(crate) &'a Store);

/// A mail to queue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMail {
    /// Its identifier, which its `Message-ID` is made from.
    pub id: String,
    /// What it is about, in a word.
    pub kind: String,
    /// Whom it is for, if that is a user.
    pub user_id: Option<UserId>,
    /// The address.
    pub recipient: String,
    /// What it says, sealed.
    pub payload: Vec<u8>,
    /// When it was queued.
    pub queued_at: Moment,
    /// After that it would tell something that holds no more, and is not sent.
    pub expires_at: Moment,
}

/// A mail that is this node's to send until its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub struct LeasedMail {
    /// Its identifier.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// Whom it is for, if that is a user.
    pub user_id: Option<UserId>,
    /// The address.
    pub recipient: String,
    /// What it says, sealed.
    pub payload: Vec<u8>,
    /// Which attempt this is, from 1.
    pub attempt: u64,
    /// When it was queued.
    pub queued_at: Moment,
    /// When it is not to be sent any more.
    pub expires_at: Moment,
    /// When the lease ends; it names the lease.
    pub leased_until: Moment,
}

/// A mail as an operator sees it: what it says is not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MailRecord {
    /// Its identifier.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// Whom it is for, if that is a user.
    pub user_id: Option<UserId>,
    /// The address.
    pub recipient: String,
    /// How often it was tried.
    pub attempts: u64,
    /// When it was queued.
    pub queued_at: Moment,
    /// What became of it.
    pub state: MailState,
    /// Why the latest attempt failed, if it did.
    pub reason: Option<String>,
    /// When what it says holds no more.
    pub expires_at: Moment,
    /// Whether what it says is kept, so that it could be sent.
    pub kept: bool,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It waits for its first or next attempt, at this moment.
    Waiting(Moment),
    /// It was handed over.
    Sent(Moment),
    /// It was given up.
    Dead(Moment),
}

/// How many mails were not delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undelivered {
    /// Mails that failed at least once and are tried again.
    pub failing: u64,
    /// Mails that wait, those that failed included.
    pub waiting: u64,
    /// Mails that were given up; they are kept for a week.
    pub dead: u64,
}

impl Mails<'_> {
    /// Queues mails that belong to no other write.
    pub async fn queue(self, mails: Vec<NewMail>, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.0
            .write((mails, events), |(mails, events), transaction| {
                Box::pin(async move {
                    insert(transaction, mails).await?;
                    audit::insert(transaction, events).await
                })
            })
            .await
    }

    /// Takes at most `limit` mails that are due, until the moment `until`; then they are due again.
    pub async fn lease(self, now: Moment, until: Moment, limit: u64) -> Result<Vec<LeasedMail>, StoreError> {
        let due = Entity::find()
            .filter(Column::DueAt.lte(millis(now)))
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(self.0.reads())
            .await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let leased = self
            .0
            .write((due, until), |(due, until), transaction| {
                Box::pin(async move {
                    let mut leased = Vec::with_capacity(due.len());
                    for row in due {
                        // As it was seen: of two nodes that saw it so, one comes first.
                        let taken = Entity::update_many()
                            .col_expr(Column::DueAt, Expr::value(millis(*until)))
                            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
                            .filter(Column::Id.eq(&*row.id))
                            .filter(Column::DueAt.eq(row.due_at))
                            .exec(transaction)
                            .await?;
                        if taken.rows_affected == 1 {
                            leased.push(row.clone());
                        }
                    }
                    Ok(leased)
                })
            })
            .await?;
        leased.into_iter().map(|row| to_send(row, until)).collect()
    }

    /// A mail was handed over; what it said is forgotten. [`Committed::Stale`]: the lease had ended.
    pub async fn sent(
        self,
        mail: &LeasedMail,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((mail.clone(), now, events), |(mail, now, events), transaction| {
                let over = over(mail).col_expr(Column::SentAt, Expr::value(millis(*now)));
                Box::pin(async move { settle(transaction, over, events).await })
            })
            .await
    }

    /// A mail is given up; what it said is kept until it would hold no more, so that an operator can have it sent again.
    /// [`Committed::Stale`]: the lease had ended.
    pub async fn give_up(
        self,
        mail: &LeasedMail,
        reason: String,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((mail.clone(), reason, now, events), |(mail, reason, now, events), transaction| {
                let keeps = mail.expires_at > *now;
                let over = if keeps { ended(mail) } else { over(mail) };
                let over = over
                    .col_expr(Column::DeadAt, Expr::value(millis(*now)))
                    .col_expr(Column::Reason, Expr::value(reason.as_str()));
                Box::pin(async move { settle(transaction, over, events).await })
            })
            .await
    }

    /// A mail could not be handed over and is tried again at `due_at`. [`Committed::Stale`]: the lease had ended.
    pub async fn retry(
        self,
        mail: &LeasedMail,
        reason: String,
        due_at: Moment,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((mail.clone(), reason, due_at), |(mail, reason, due_at), transaction| {
                let again = leased(mail)
                    .col_expr(Column::DueAt, Expr::value(millis(*due_at)))
                    .col_expr(Column::Reason, Expr::value(reason.as_str()));
                Box::pin(async move { settle(transaction, again, &[]).await })
            })
            .await
    }

    /// How many mails wait or were given up.
    pub async fn undelivered(self) -> Result<Undelivered, StoreError> {
        let reads = self.0.reads();
        let waiting = Entity::find().filter(Column::DueAt.is_not_null());
        Ok(Undelivered {
            failing: waiting.clone().filter(Column::Reason.is_not_null()).count(reads).await?,
            waiting: waiting.count(reads).await?,
            dead: Entity::find().filter(Column::DeadAt.is_not_null()).count(reads).await?,
        })
    }

    /// The mails that were given up, newest first.
    pub async fn dead(self, limit: u64) -> Result<Vec<MailRecord>, StoreError> {
        let dead = Entity::find().filter(Column::DeadAt.is_not_null());
        let rows = dead.order_by_desc(Column::DeadAt).limit(limit).all(self.0.reads()).await?;
        rows.into_iter().map(record).collect()
    }

    /// One mail, whatever became of it, as long as it is kept.
    pub async fn get(self, id: &str) -> Result<Option<MailRecord>, StoreError> {
        Entity::find_by_id(id).one(self.0.reads()).await?.map(record).transpose()
    }

    /// What is sealed in this table: identifier and sealed value.
    pub async fn sealed(self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = Entity::find().filter(Column::Payload.is_not_null()).all(self.0.reads()).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.id, row.payload?))).collect())
    }

    /// Puts a newly sealed form of the same payload in place of the old one. [`Committed::Stale`]: it was sent meanwhile.
    pub async fn reseal(self, id: String, old: Vec<u8>, new: Vec<u8>) -> Result<Committed, StoreError> {
        self.0
            .write((id, old, new), |(id, old, new), transaction| {
                let update = Entity::update_many()
                    .col_expr(Column::Payload, Expr::value(new.clone()))
                    .filter(Column::Id.eq(id.as_str()))
                    .filter(Column::Payload.eq(old.clone()));
                Box::pin(async move { settle(transaction, update, &[]).await })
            })
            .await
    }
}

/// Queues mails within a transaction.
pub(crate) async fn insert(transaction: &DatabaseTransaction, mails: &[NewMail]) -> Result<(), StoreError> {
    for mail in mails {
        Entity::insert(row(mail).into_active_model()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// A change to a row that still has this lease.
fn leased(mail: &LeasedMail) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.eq(&*mail.id)).filter(Column::DueAt.eq(millis(mail.leased_until)))
}

/// It is not due any more.
fn ended(mail: &LeasedMail) -> UpdateMany<Entity> {
    leased(mail).col_expr(Column::DueAt, Expr::value(Option::<i64>::None))
}

/// Nor is what it said kept.
fn over(mail: &LeasedMail) -> UpdateMany<Entity> {
    ended(mail).col_expr(Column::Payload, Expr::value(Option::<Vec<u8>>::None))
}

async fn settle(
    transaction: &DatabaseTransaction,
    update: UpdateMany<Entity>,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    if update.exec(transaction).await?.rows_affected == 0 {
        return Ok(Committed::Stale);
    }
    audit::insert(transaction, events).await?;
    Ok(Committed::Yes)
}

fn row(mail: &NewMail) -> Model {
    Model {
        id: mail.id.clone(),
        kind: mail.kind.clone(),
        user_id: mail.user_id.as_ref().map(|id| id.as_str().to_owned()),
        recipient: mail.recipient.clone(),
        payload: Some(mail.payload.clone()),
        attempts: 0,
        queued_at: millis(mail.queued_at),
        due_at: Some(millis(mail.queued_at)),
        expires_at: millis(mail.expires_at),
        sent_at: None,
        dead_at: None,
        reason: None,
    }
}

fn to_send(row: Model, until: Moment) -> Result<LeasedMail, StoreError> {
    let payload = row.payload.ok_or_else(|| StoreError::Corrupt("a mail that is due says nothing".into()))?;
    Ok(LeasedMail {
        id: row.id,
        kind: row.kind,
        user_id: row.user_id.map(UserId::new),
        recipient: row.recipient,
        payload,
        attempt: count(row.attempts)? + 1,
        queued_at: moment(row.queued_at)?,
        expires_at: moment(row.expires_at)?,
        leased_until: until,
    })
}

fn record(row: Model) -> Result<MailRecord, StoreError> {
    let state = match (moment_or_none(row.sent_at)?, moment_or_none(row.dead_at)?, row.due_at) {
        (Some(at), _, _) => MailState::Sent(at),
        (None, Some(at), _) => MailState::Dead(at),
        (None, None, Some(at)) => MailState::Waiting(moment(at)?),
        (None, None, None) => return Err(StoreError::Corrupt("a mail has no state".into())),
    };
    Ok(MailRecord {
        id: row.id,
        kind: row.kind,
        user_id: row.user_id.map(UserId::new),
        recipient: row.recipient,
        attempts: count(row.attempts)?,
        queued_at: moment(row.queued_at)?,
        state,
        reason: row.reason,
        expires_at: moment(row.expires_at)?,
        kept: row.payload.is_some(),
    })
}

//! The queue as an operator looks at it, and what they do with a mail.

use super::{MailRecord, Mails, record, settle};
use crate::column::millis;
use crate::entity::mail::{Column, Entity};
use crate::error::StoreError;
use crate::page::{Paging, Position, SortBy, SortKey, page};
use crate::store::Committed;
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;

/// What became of the mails that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFate {
    /// They wait for their first or next attempt.
    Waiting,
    /// They were handed over.
    Sent,
    /// They were given up.
    Dead,
}

/// What mails are sorted by: when they were queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailSort {
    /// When they were queued.
    #[default]
    QueuedAt,
}

impl MailSort {
    /// Where a mail stands in the list.
    pub fn position(self, mail: &MailRecord) -> Position {
        Position { key: SortKey::Number(millis(mail.queued_at)), id: mail.id.clone() }
    }
}

impl SortBy for MailSort {
    fn is_text(self) -> bool {
        false
    }
}

impl Mails<'_> {
    /// A page of the mails that are kept.
    pub async fn page(
        self,
        fate: Option<MailFate>,
        paging: Paging<MailSort>,
    ) -> Result<Vec<MailRecord>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        let wanted = match fate {
            None => Condition::all(),
            Some(MailFate::Waiting) => Column::DueAt.is_not_null().into_condition(),
            Some(MailFate::Sent) => Column::SentAt.is_not_null().into_condition(),
            Some(MailFate::Dead) => Column::DeadAt.is_not_null().into_condition(),
        };
        let paging = Paging { sort: (), descending, after, limit };
        let rows = page(Entity::find().filter(wanted), (Column::QueuedAt, Column::Id), paging);
        rows.all(self.0.reads()).await?.into_iter().map(record).collect()
    }

    /// Makes a mail due now, with all its attempts before it: one that was given up and still holds, or one that waits until
    /// after `leased`, so that nobody is sending it. [`Committed::Stale`]: it is none of these.
    pub async fn send_again(
        self,
        id: &str,
        (now, leased): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let waits = Condition::any().add(Column::DeadAt.is_not_null()).add(Column::DueAt.gt(millis(leased)));
        let again = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(millis(now)))
            .col_expr(Column::DeadAt, Expr::value(Option::<i64>::None))
            .col_expr(Column::Reason, Expr::value(Option::<String>::None))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .filter(Column::Id.eq(id))
            .filter(Column::Payload.is_not_null())
            .filter(Column::ExpiresAt.gt(millis(now)))
            .filter(waits);
        self.0
            .write((again, events), |(again, events), transaction| {
                Box::pin(settle(transaction, again.clone(), events))
            })
            .await
    }

    /// Gives a mail up for good: what it said is forgotten. One that is on its way this very moment may still arrive.
    /// [`Committed::Stale`]: it was sent, or nothing of it is left.
    pub async fn drop_letter(
        self,
        id: &str,
        reason: &'static str,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let over = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(Option::<i64>::None))
            .col_expr(Column::DeadAt, Expr::value(millis(now)))
            .col_expr(Column::Payload, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(Column::Reason, Expr::value(reason))
            .filter(Column::Id.eq(id))
            .filter(Column::Payload.is_not_null());
        self.0
            .write((over, events), |(over, events), transaction| {
                Box::pin(settle(transaction, over.clone(), events))
            })
            .await
    }
}

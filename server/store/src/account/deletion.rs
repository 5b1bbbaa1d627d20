//! A person's account is deleted: not at once, so that they may think again.

use super::Account;
use crate::audit;
use crate::column::{millis, moment_or_none};
use crate::entity::user::{Column, Entity};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::revoke::{Ending, end_all_of_user};
use crate::users::last::only_holder;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;

/// How having an account deleted came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It is going to be; with what nodes must hear of.
    Yes(Vec<Change>),
    /// It was going to be already, or there is none.
    Already,
    /// Nobody else could administer this server, or nobody else owns it.
    LastAdministrator,
}

impl Account<'_> {
    /// When this account is going to be deleted, if it is.
    pub async fn deletion(&self) -> Result<Option<Moment>, StoreError> {
        let found: Option<Option<i64>> = Entity::find_by_id(self.person.as_str())
            .select_only()
            .column(Column::DeletesAt)
            .into_tuple()
            .one(self.store.reads())
            .await?;
        moment_or_none(found.flatten())
    }

    /// Has the account deleted at `due`. Its sessions, grants and codes end now, and no application gets a code for it
    /// from now on.
    pub async fn schedule_deletion(
        &self,
        due: Moment,
        now: Moment,
        (events, mails): (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Leaving, StoreError> {
        let data = (self.person.clone(), due, now, events, mails);
        self.store
            .write(data, |(person, due, now, events, mails), transaction| {
                Box::pin(async move {
                    if only_holder(transaction, person).await?.is_some() {
                        return Ok(Leaving::LastAdministrator);
                    }
                    let updated = Entity::update_many()
                        .col_expr(Column::DeletesAt, Expr::value(millis(*due)))
                        .filter(Column::Id.eq(person.as_str()))
                        .filter(Column::DeletesAt.is_null())
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Leaving::Already);
                    }
                    let ending = Ending::told_by(events, *now, "deletion_scheduled");
                    let changes = end_all_of_user(transaction, person, &ending).await?;
                    mails::insert(transaction, mails).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Leaving::Yes(changes))
                })
            })
            .await
    }

    /// Keeps the account after all; false: it was not going to be deleted.
    pub async fn cancel_deletion(&self, events: Vec<AuditEvent>) -> Result<bool, StoreError> {
        self.store
            .write((self.person.clone(), events), |(person, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::DeletesAt, Expr::value(None::<i64>))
                        .filter(Column::Id.eq(person.as_str()))
                        .filter(Column::DeletesAt.is_not_null())
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(false);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(true)
                })
            })
            .await
    }
}

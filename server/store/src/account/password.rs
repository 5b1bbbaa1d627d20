//! A person's password, changed by themselves.

use super::Account;
use crate::action_tokens;
use crate::audit;
use crate::column::millis;
use crate::entity::{code, grant, session, user};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::revoke::{Ending, end_grants, end_sessions, forget_codes, forget_ways_back};
use crate::store::{Committed, Written};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};

/// A new password.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    /// Its hash, as a PHC string.
    pub password_hash: Secret<String>,
    /// The hash that the present password was compared with; none: there was no password. If it is no longer theirs,
    /// nothing changes.
    pub verified: Option<Secret<String>>,
    /// The session that it is changed from, the one that goes on.
    pub sid: SessionId,
    /// SHA-256 of the secret that its cookie holds.
    pub old: SecretHash,
    /// SHA-256 of the secret that it will hold.
    pub new: SecretHash,
    /// The present moment.
    pub now: Moment,
}

impl Account<'_> {
    /// Sets a new password. The session that it is changed from goes on under a new secret; every other one ends, and so
    /// do all grants, unspent codes and links that were sent by mail. [`Committed::Stale`]: the password has changed or the session has ended meanwhile.
    pub async fn change_password(
        &self,
        change: PasswordChange,
        (events, mails): (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Written, StoreError> {
        self.store
            .write(
                (self.person.clone(), change, events, mails),
                |(person, change, events, mails), transaction| {
                    Box::pin(async move {
                        if !replace(transaction, person, change).await? {
                            return Ok(Written::not(Committed::Stale));
                        }
                        let ending = Ending::told_by(events, change.now, "password_changed");
                        let changes = end_what_else(transaction, (person, &change.sid), &ending).await?;
                        mails::insert(transaction, mails).await?;
                        audit::insert(transaction, events).await?;
                        Ok(Written::yes(changes))
                    })
                },
            )
            .await
    }
}

async fn replace(
    transaction: &DatabaseTransaction,
    person: &UserId,
    change: &PasswordChange,
) -> Result<bool, StoreError> {
    let own = Condition::all()
        .add(Expr::col((session::Entity, session::Column::Sid)).eq(change.sid.as_str()))
        .add(Expr::col((session::Entity, session::Column::UserId)).eq(person.as_str()))
        .add(Expr::col((session::Entity, session::Column::SecretHash)).eq(change.old.0.to_vec()))
        .add(Expr::col((session::Entity, session::Column::EndedAt)).is_null());
    let live = Query::select().expr(Expr::val(1)).from(session::Entity).cond_where(own).take();
    let verified = match &change.verified {
        Some(hash) => user::Column::PasswordHash.eq(hash.expose().as_str()),
        None => user::Column::PasswordHash.is_null(),
    };
    let updated = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(change.password_hash.expose().as_str()))
        .col_expr(user::Column::UpdatedAt, Expr::value(millis(change.now)))
        .filter(user::Column::Id.eq(person.as_str()))
        .filter(verified)
        .filter(user::Column::Disabled.eq(false))
        .filter(Expr::exists(live))
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    session::Entity::update_many()
        .col_expr(session::Column::SecretHash, Expr::value(change.new.0.to_vec()))
        .filter(session::Column::Sid.eq(change.sid.as_str()))
        .filter(session::Column::SecretHash.eq(change.old.0.to_vec()))
        .exec(transaction)
        .await?;
    Ok(true)
}

async fn end_what_else(
    transaction: &DatabaseTransaction,
    (person, kept): (&UserId, &SessionId),
    ending: &Ending,
) -> Result<Vec<signet_protocol::change::Change>, StoreError> {
    let others = session::Column::UserId.eq(person.as_str()).and(session::Column::Sid.ne(kept.as_str()));
    let mut changes = end_sessions(transaction, others.into_condition(), ending).await?.changes;
    forget_codes(transaction, code::Column::UserId.eq(person.as_str()).into_condition()).await?;
    forget_ways_back(transaction, person).await?;
    action_tokens::end_all(transaction, person).await?;
    let grants = grant::Column::UserId.eq(person.as_str()).into_condition();
    changes.extend(end_grants(transaction, grants, ending).await?);
    Ok(changes)
}

//! An administrator changes somebody's account. What was seen and who is last are decided under the rows' locks.

use super::last::only_holder;
use super::{Users, remove, row};
use crate::action_tokens::{self, NewActionToken};
use crate::audit;
use crate::column::millis;
use crate::email_changes;
use crate::entity::user::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::page::next_change;
use crate::revoke::{Ending, end_all_of_user};
use crate::store::Written;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::permission::BuiltIn;
use signet_protocol::user::User;

/// How changing an account came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserWritten {
    /// It is durable; with what nodes must hear of.
    Yes(Vec<Change>),
    /// It is no longer as it was seen.
    Overtaken,
    /// The user name or the email address belongs to someone else.
    Taken,
    /// There is no such person.
    Gone,
    /// Nobody else holds this role.
    LastOf(BuiltIn),
}

impl From<Written> for UserWritten {
    fn from(written: Written) -> Self {
        match written.committed {
            crate::store::Committed::Yes => Self::Yes(written.changes),
            _ => Self::Gone,
        }
    }
}

impl Users<'_> {
    /// Changes names, address, claims, roles and whether somebody is disabled (which ends their sessions and grants), if the
    /// account is still as it was at `seen`. A change of address that its owner has begun ends with the address.
    pub async fn change(
        self,
        user: User,
        (seen, now): (Moment, Moment),
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<UserWritten, StoreError> {
        let row = row(&user, None)?;
        self.0
            .write((user, row, seen, now, told), |(user, row, seen, now, told), transaction| {
                Box::pin(change(transaction, (user, row), (*seen, *now), told))
            })
            .await
    }

    /// Removes somebody who is still as they were at `seen`; their sessions and grants end first.
    pub async fn remove_as_seen(
        self,
        id: UserId,
        (seen, now): (Moment, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<UserWritten, StoreError> {
        self.0
            .write((id, seen, now, events), |(id, seen, now, events), transaction| {
                Box::pin(async move {
                    if let Some(only) = only_holder(transaction, id).await? {
                        return Ok(UserWritten::LastOf(only.role));
                    }
                    let this = as_seen(id, *seen);
                    match UserWritten::from(remove(transaction, (id, this), *now, events).await?) {
                        UserWritten::Gone => not_as_seen(transaction, id).await,
                        removed => Ok(removed),
                    }
                })
            })
            .await
    }

    /// Takes somebody's password away, ends whatever it let in, and makes a link by which they choose a new one.
    pub async fn reset_password(
        self,
        link: NewActionToken,
        now: Moment,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<UserWritten, StoreError> {
        self.0
            .write((link, now, told), |(link, now, (events, mails)), transaction| {
                Box::pin(async move {
                    let Some(user) = &link.user else { return Ok(UserWritten::Gone) };
                    let updated = Entity::update_many()
                        .col_expr(Column::PasswordHash, Expr::value(None::<String>))
                        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(*now)))
                        .filter(as_seen(&user.id, user.updated_at))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return not_as_seen(transaction, &user.id).await;
                    }
                    action_tokens::end_all(transaction, &user.id).await?;
                    let ending = Ending::told_by(events, *now, "password_reset");
                    let changes = end_all_of_user(transaction, &user.id, &ending).await?;
                    action_tokens::insert(transaction, link).await?;
                    mails::insert(transaction, mails).await?;
                    audit::insert(transaction, events).await?;
                    Ok(UserWritten::Yes(changes))
                })
            })
            .await
    }

    /// Ends everything that is signed in or granted in somebody's name.
    pub async fn end_everything(
        self,
        id: UserId,
        now: Moment,
        (reason, events): (&'static str, Vec<AuditEvent>),
    ) -> Result<UserWritten, StoreError> {
        self.0
            .write((id, now, reason, events), |(id, now, reason, events), transaction| {
                Box::pin(async move {
                    let found = Entity::find_by_id(id.as_str()).lock_exclusive().one(transaction).await?;
                    if found.is_none() {
                        return Ok(UserWritten::Gone);
                    }
                    let ending = Ending::told_by(events, *now, reason);
                    let changes = end_all_of_user(transaction, id, &ending).await?;
                    audit::insert(transaction, events).await?;
                    Ok(UserWritten::Yes(changes))
                })
            })
            .await
    }
}

async fn change(
    transaction: &DatabaseTransaction,
    (user, row): (&User, &Model),
    (seen, now): (Moment, Moment),
    (events, mails): &(Vec<AuditEvent>, Vec<NewMail>),
) -> Result<UserWritten, StoreError> {
    if let Some(only) = only_holder(transaction, &user.id).await? {
        let stays = only.by_group || user.roles.iter().any(|held| held == only.role.name());
        if user.disabled || !stays {
            return Ok(UserWritten::LastOf(only.role));
        }
    }
    let before = Entity::find_by_id(&*row.id).lock_exclusive().one(transaction).await?;
    let Some(before) = before else { return Ok(UserWritten::Gone) };
    if before.updated_at != millis(seen) {
        return Ok(UserWritten::Overtaken);
    }
    if taken(transaction, row).await? {
        return Ok(UserWritten::Taken);
    }
    Entity::update_many()
        .col_expr(Column::Username, Expr::value(&*row.username))
        .col_expr(Column::UsernameKey, Expr::value(&*row.username_key))
        .col_expr(Column::Email, Expr::value(row.email.clone()))
        .col_expr(Column::EmailKey, Expr::value(row.email_key.clone()))
        .col_expr(Column::EmailVerified, Expr::value(row.email_verified))
        .col_expr(Column::Profile, Expr::value(&*row.profile))
        .col_expr(Column::NameKey, Expr::value(&*row.name_key))
        .col_expr(Column::Roles, Expr::value(&*row.roles))
        .col_expr(Column::Disabled, Expr::value(row.disabled))
        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(now)))
        .filter(as_seen(&user.id, seen))
        .exec(transaction)
        .await?;
    if before.email_key != row.email_key {
        email_changes::end(transaction, &user.id).await?;
    }
    let changes = if row.disabled && !before.disabled {
        end_all_of_user(transaction, &user.id, &Ending::told_by(events, now, "user_disabled")).await?
    } else {
        Vec::new()
    };
    mails::insert(transaction, mails).await?;
    audit::insert(transaction, events).await?;
    Ok(UserWritten::Yes(changes))
}

/// Whether somebody else goes by the user name or the address.
async fn taken(transaction: &DatabaseTransaction, row: &Model) -> Result<bool, StoreError> {
    // Nobody goes by no address: equal to none would be everybody else without one.
    let either = Condition::any()
        .add(Column::UsernameKey.eq(&*row.username_key))
        .add_option(row.email_key.as_deref().map(|key| Column::EmailKey.eq(key)));
    let other = Entity::find().filter(Column::Id.ne(&*row.id)).filter(either).one(transaction).await?;
    Ok(other.is_some())
}

fn as_seen(id: &UserId, seen: Moment) -> Condition {
    Column::Id.eq(id.as_str()).and(Column::UpdatedAt.eq(millis(seen))).into_condition()
}

async fn not_as_seen(transaction: &DatabaseTransaction, id: &UserId) -> Result<UserWritten, StoreError> {
    let found = Entity::find_by_id(id.as_str()).one(transaction).await?;
    Ok(if found.is_some() { UserWritten::Overtaken } else { UserWritten::Gone })
}

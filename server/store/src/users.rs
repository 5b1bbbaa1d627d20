//! People.

mod change;
mod declared;
pub(crate) mod last;
mod list;

pub use change::UserWritten;
pub use list::{UserEntry, UserFilter, UserSort};

pub(crate) use list::name_key;

use crate::Store;
use crate::action_tokens;
use crate::audit;
use crate::column::{from_json, json, millis, moment};
use crate::entity::group_member;
use crate::entity::user::{Column, Entity, Model};
use crate::error::StoreError;
use crate::idempotency::{self, Claim};
use crate::mails::{self, NewMail};
use crate::page::next_change;
use crate::revoke::{Ending, end_all_of_user};
use crate::store::{Committed, Managed, Written};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::login::login_key;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;

/// People.
#[derive(Clone, Copy, Debug)]
pub struct Users<'a>(pub(crate) &'a Store);

impl Users<'_> {
    /// One user, disabled or not.
    pub async fn get(self, id: &UserId) -> Result<Option<User>, StoreError> {
        let row = Entity::find_by_id(id.as_str()).one(self.0.reads()).await?;
        row.map(user).transpose()
    }

    /// One user with the groups that they are in, disabled or not.
    pub async fn with_groups(self, id: &UserId) -> Result<Option<(User, Vec<String>)>, StoreError> {
        let found = Entity::find_by_id(id.as_str())
            .find_with_related(group_member::Entity)
            .all(self.0.reads())
            .await?
            .pop();
        let names = |members: Vec<group_member::Model>| members.into_iter().map(|member| member.group_name);
        found.map(|(row, members)| Ok((user(row)?, names(members).collect()))).transpose()
    }

    /// The user whose user name or email address this is, in any case. A user name wins over an address.
    pub async fn by_login(self, login: &str) -> Result<Option<User>, StoreError> {
        let key = login_key(login);
        let rows = Entity::find()
            .filter(Condition::any().add(Column::UsernameKey.eq(&*key)).add(Column::EmailKey.eq(&*key)))
            .all(self.0.reads())
            .await?;
        let by_name = rows.iter().position(|row| row.username_key == key).unwrap_or(0);
        rows.into_iter().nth(by_name).map(user).transpose()
    }

    /// Every user, by user name.
    pub async fn list(self) -> Result<Vec<Managed<User>>, StoreError> {
        let rows = Entity::find().order_by_asc(Column::UsernameKey).all(self.0.reads()).await?;
        rows.into_iter()
            .map(|mut row| {
                let managed_by = row.managed_by.take();
                Ok(Managed { item: user(row)?, managed_by })
            })
            .collect()
    }

    /// Whether there is any user.
    pub async fn any(self) -> Result<bool, StoreError> {
        Ok(Entity::find().one(self.0.reads()).await?.is_some())
    }

    /// Makes a user. [`Committed::Stale`]: the identifier, the user name or the email address is taken.
    pub async fn create(
        self,
        user: User,
        managed_by: Option<String>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.create_once(user, managed_by, None, events).await
    }

    /// The same, once for a key that its caller chose. [`Committed::Stale`]: the key may be taken, too.
    pub async fn create_once(
        self,
        user: User,
        managed_by: Option<String>,
        claim: Option<Claim>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let row = row(&user, managed_by)?;
        self.0
            .write((row, claim, events), |(row, claim, events), transaction| {
                Box::pin(async move {
                    if !idempotency::claim(transaction, claim.as_ref()).await? {
                        return Ok(Committed::Stale);
                    }
                    let inserted = Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::new().do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    if inserted == 0 {
                        idempotency::let_go(transaction, claim.as_ref()).await?;
                        return Ok(Committed::Stale);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Changes names, address, claims, roles and declaration; password and `disabled` have verbs of their own.
    /// [`Committed::Stale`]: the new user name or email address is taken. [`Committed::SubjectGone`]: no such user.
    pub async fn update(
        self,
        user: User,
        managed_by: Option<String>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let row = row(&user, managed_by)?;
        self.0
            .write((row, events), |(row, events), transaction| Box::pin(update(transaction, row, events)))
            .await
    }

    /// Disables or enables a user. Disabling ends their sessions and grants.
    pub async fn set_disabled(
        self,
        id: UserId,
        disabled: bool,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((id, disabled, now, events), |(id, disabled, now, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Disabled, Expr::value(*disabled))
                        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(*now)))
                        .filter(Column::Id.eq(id.as_str()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Written::not(Committed::SubjectGone));
                    }
                    let changes = if *disabled {
                        let ending = Ending::told_by(events, *now, "user_disabled");
                        end_all_of_user(transaction, id, &ending).await?
                    } else {
                        Vec::new()
                    };
                    audit::insert(transaction, events).await?;
                    Ok(Written::yes(changes))
                })
            })
            .await
    }

    /// Sets a new password (a PHC string), ends the user's sessions and grants, and queues the mails that tell of it.
    pub async fn set_password(
        self,
        id: UserId,
        password_hash: Secret<String>,
        now: Moment,
        (events, mails): (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Written, StoreError> {
        let told = (events, mails);
        self.0
            .write((id, password_hash, now, told), |(id, password_hash, now, told), transaction| {
                Box::pin(replace_password(transaction, id, password_hash, *now, told))
            })
            .await
    }

    /// Replaces the hash of the same password by a stronger one. [`Committed::Stale`]: the password changed meanwhile.
    pub async fn rehash(
        self,
        id: UserId,
        old: Secret<String>,
        new: Secret<String>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((id, old, new, events), |(id, old, new, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::PasswordHash, Expr::value(new.expose().as_str()))
                        .filter(Column::Id.eq(id.as_str()))
                        .filter(Column::PasswordHash.eq(old.expose().as_str()))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    declared::rehashed(transaction, id, (old, new)).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Removes a user; their grants end first, so that every node hears of it.
    pub async fn remove(
        self,
        id: UserId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((id, now, events), |(id, now, events), transaction| {
                let this = Column::Id.eq(id.as_str()).into_condition();
                Box::pin(remove(transaction, (id, this), *now, events))
            })
            .await
    }

    /// Those whose accounts were to be deleted by now, at most `limit`.
    pub async fn due_for_deletion(self, now: Moment, limit: u64) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<String> = Entity::find()
            .filter(Column::DeletesAt.lte(millis(now)))
            .select_only()
            .column(Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.0.reads())
            .await?;
        Ok(ids.into_iter().map(UserId::new).collect())
    }

    /// Removes a user whose account was to be deleted by now. [`Committed::SubjectGone`]: they kept it after all, or are
    /// gone already.
    pub async fn remove_due(
        self,
        id: UserId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((id, now, events), |(id, now, events), transaction| {
                let due = Column::Id.eq(id.as_str()).and(Column::DeletesAt.lte(millis(*now)));
                Box::pin(remove(transaction, (id, due.into_condition()), *now, events))
            })
            .await
    }
}

async fn remove(
    transaction: &DatabaseTransaction,
    (id, condition): (&UserId, Condition),
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    // Disabled first: whoever is issuing for this user waits for the row, and then finds it so.
    let updated = Entity::update_many()
        .col_expr(Column::Disabled, Expr::value(true))
        .filter(condition)
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(Written::not(Committed::SubjectGone));
    }
    let changes = end_all_of_user(transaction, id, &Ending::told_by(events, now, "user_removed")).await?;
    Entity::delete_by_id(id.as_str()).exec(transaction).await?;
    audit::insert(transaction, events).await?;
    Ok(Written::yes(changes))
}

/// Sets a new password within a transaction; whatever the old one let in ends, and so do links that were asked for until then.
pub(crate) async fn replace_password(
    transaction: &DatabaseTransaction,
    id: &UserId,
    password_hash: &Secret<String>,
    now: Moment,
    (events, mails): &(Vec<AuditEvent>, Vec<NewMail>),
) -> Result<Written, StoreError> {
    let updated = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(password_hash.expose().as_str()))
        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(now)))
        .filter(Column::Id.eq(id.as_str()))
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(Written::not(Committed::SubjectGone));
    }
    action_tokens::end_all(transaction, id).await?;
    let ending = Ending::told_by(events, now, "password_changed");
    let changes = end_all_of_user(transaction, id, &ending).await?;
    mails::insert(transaction, mails).await?;
    audit::insert(transaction, events).await?;
    Ok(Written::yes(changes))
}

async fn update(
    transaction: &DatabaseTransaction,
    row: &Model,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    let taken = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "other")
        .and_where(Expr::col(("other", Column::Id)).ne(&*row.id))
        .cond_where(
            Condition::any()
                .add(Expr::col(("other", Column::UsernameKey)).eq(&*row.username_key))
                .add_option(
                    row.email_key.as_deref().map(|key| Expr::col(("other", Column::EmailKey)).eq(key)),
                ),
        )
        .take();
    let updated = Entity::update_many()
        .col_expr(Column::Username, Expr::value(&*row.username))
        .col_expr(Column::UsernameKey, Expr::value(&*row.username_key))
        .col_expr(Column::Email, Expr::value(row.email.clone()))
        .col_expr(Column::EmailKey, Expr::value(row.email_key.clone()))
        .col_expr(Column::EmailVerified, Expr::value(row.email_verified))
        .col_expr(Column::Profile, Expr::value(&*row.profile))
        .col_expr(Column::NameKey, Expr::value(&*row.name_key))
        .col_expr(Column::Roles, Expr::value(&*row.roles))
        .col_expr(Column::ManagedBy, Expr::value(row.managed_by.clone()))
        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, row.updated_at))
        .filter(Column::Id.eq(&*row.id))
        .filter(Expr::exists(taken).not())
        .exec(transaction)
        .await?;
    if updated.rows_affected == 1 {
        audit::insert(transaction, events).await?;
        return Ok(Committed::Yes);
    }
    let exists = Entity::find_by_id(&*row.id).one(transaction).await?.is_some();
    Ok(if exists { Committed::Stale } else { Committed::SubjectGone })
}

pub(crate) fn user(row: Model) -> Result<User, StoreError> {
    Ok(User {
        id: UserId::new(row.id),
        username: row.username,
        email: row.email,
        email_verified: row.email_verified,
        profile: from_json(&row.profile, "a profile")?,
        roles: from_json(&row.roles, "a list of roles")?,
        disabled: row.disabled,
        password_hash: row.password_hash.map(Secret::new),
        updated_at: moment(row.updated_at)?,
    })
}

pub(crate) fn row(user: &User, managed_by: Option<String>) -> Result<Model, StoreError> {
    Ok(Model {
        id: user.id.as_str().to_owned(),
        username: user.username.clone(),
        username_key: login_key(&user.username),
        email: user.email.clone(),
        email_key: user.email.as_deref().map(login_key),
        name_key: name_key(&user.profile),
        email_verified: user.email_verified,
        profile: json(&user.profile)?,
        roles: json(&user.roles)?,
        disabled: user.disabled,
        password_hash: user.password_hash.as_ref().map(|hash| hash.expose().clone()),
        managed_by,
        deletes_at: None,
        created_at: millis(user.updated_at),
        updated_at: millis(user.updated_at),
    })
}

//! Links that were sent by mail, each good for one thing, once, by whoever reads the mailbox it was sent to.
//!
//! A link dies of itself when what it was made for changes: the address that it was sent to is no longer the user's; the
//! password that it replaces has been replaced already; the address that it changes is another one, or whoever asked for it
//! was shut out by a new password since.

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis};
use crate::entity::action_token::{Column, Entity, Model};
use crate::entity::user;
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::store::{Committed, Written};
use crate::users;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::login::login_key;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionPurpose {
    /// Replacing a forgotten password.
    ResetPassword,
    /// Showing that an address is the user's.
    VerifyEmail,
    /// Showing that another address is the user's, which becomes theirs by that.
    ChangeEmail,
    /// Making an account that someone with a say in it offered.
    Invitation,
    /// Making an account that someone asked for.
    Registration,
}

impl ActionPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::VerifyEmail => "verify_email",
            Self::ChangeEmail => "change_email",
            Self::Invitation => "invitation",
            Self::Registration => "registration",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::ResetPassword, Self::VerifyEmail, Self::ChangeEmail, Self::Invitation, Self::Registration]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or_else(|| StoreError::Corrupt("a link's purpose is unknown".into()))
    }
}

/// What an account is made by.
const JOINING: [ActionPurpose; 2] = [ActionPurpose::Invitation, ActionPurpose::Registration];

/// A link to send.
#[derive(Clone, Debug)]
pub struct NewActionToken {
    /// SHA-256 of its secret.
    pub hash: SecretHash,
    /// What it is good for.
    pub purpose: ActionPurpose,
    /// Whose it is; none: somebody's who has no account yet.
    pub user: Option<User>,
    /// The address that it is sent to.
    pub address: String,
    /// What else it stands for.
    pub details: serde_json::Value,
    /// When it was made.
    pub created_at: Moment,
    /// When it ends unused.
    pub expires_at: Moment,
}

/// A link that is good for something still.
#[derive(Clone, Debug)]
pub struct ActionToken {
    /// What it is good for.
    pub purpose: ActionPurpose,
    /// Whose it is.
    pub user: Option<User>,
    /// The address that it was sent to.
    pub address: String,
    /// What else it stands for.
    pub details: serde_json::Value,
}

/// How making an account by a link came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The account is there.
    Yes,
    /// The link is good for nothing any more, or the address belongs to an account meanwhile.
    LinkGone,
    /// Someone has the user name. The link is as good as before.
    NameTaken,
}

/// Links that were sent by mail.
#[derive(Clone, Copy, Debug)]
pub struct ActionTokens<'a>(pub(crate) &'a Store);

impl ActionTokens<'_> {
    /// Makes a link, and queues the mail that holds it. Earlier ones for the same thing are good for nothing from then on.
    /// [`Committed::SubjectGone`]: the user is not live, or has another address or password by now.
    pub async fn issue(
        self,
        new: NewActionToken,
        (events, mails): (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let row = row(&new)?;
        self.0
            .write((row, events, mails), |(row, events, mails), transaction| {
                Box::pin(async move {
                    if !holds(transaction, row).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    let owner = match &row.user_id {
                        Some(user_id) => Column::UserId.eq(&**user_id),
                        None => Column::AddressKey.eq(&*row.address_key),
                    };
                    Entity::delete_many()
                        .filter(Column::Purpose.eq(&*row.purpose))
                        .filter(owner)
                        .exec(transaction)
                        .await?;
                    Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(transaction)
                        .await?;
                    mails::insert(transaction, mails).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// A link that could be used now. That it could be when it is used is decided then.
    pub async fn find(self, hash: &SecretHash, now: Moment) -> Result<Option<ActionToken>, StoreError> {
        let Some(row) = Entity::find_by_id(hash.0.to_vec()).one(self.0.reads()).await? else {
            return Ok(None);
        };
        if !is_open(&row, now) || !holds(self.0.reads(), &row).await? {
            return Ok(None);
        }
        let user = match &row.user_id {
            Some(id) => self.0.users().get(&UserId::from(id.as_str())).await?,
            None => None,
        };
        Ok(Some(ActionToken {
            purpose: ActionPurpose::parse(&row.purpose)?,
            user,
            details: from_json(&row.details, "what a link stands for")?,
            address: row.address,
        }))
    }

    /// Replaces a password (by a PHC string), as [`set_password`](crate::Users::set_password) does, and uses the link up.
    /// [`Committed::Stale`]: the link is good for nothing any more.
    pub async fn reset_password(
        self,
        hash: SecretHash,
        password_hash: Secret<String>,
        now: Moment,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Written, StoreError> {
        self.0
            .write((hash, password_hash, now, told), |(hash, password_hash, now, told), transaction| {
                Box::pin(async move {
                    match use_up(transaction, (hash, &[ActionPurpose::ResetPassword]), *now).await? {
                        Some(Model { user_id: Some(id), .. }) => {
                            let id = UserId::from(id);
                            users::replace_password(transaction, &id, password_hash, *now, told).await
                        }
                        _ => Ok(Written::not(Committed::Stale)),
                    }
                })
            })
            .await
    }

    /// Records that the address is the user's, and uses the link up. [`Committed::Stale`]: it is good for nothing any more.
    pub async fn verify_email(
        self,
        hash: SecretHash,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((hash, now, events), |(hash, now, events), transaction| {
                Box::pin(async move {
                    let used = use_up(transaction, (hash, &[ActionPurpose::VerifyEmail]), *now).await?;
                    let Some(Model { user_id: Some(id), .. }) = used else { return Ok(Committed::Stale) };
                    user::Entity::update_many()
                        .col_expr(user::Column::EmailVerified, Expr::value(true))
                        .col_expr(user::Column::UpdatedAt, Expr::value(millis(*now)))
                        .filter(user::Column::Id.eq(id))
                        .exec(transaction)
                        .await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Gives the user the address that the link was sent to, and uses the link up; a user name that was their old address
    /// goes along. [`Committed::Stale`]: it is good for nothing any more, or somebody else has the address, or is called so,
    /// or the user's name is an address that cannot go along.
    pub async fn change_email(
        self,
        hash: SecretHash,
        now: Moment,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let changed = self.0.write((hash, now, told), |(hash, now, (events, mails)), transaction| {
            Box::pin(async move {
                let used = use_up(transaction, (hash, &[ActionPurpose::ChangeEmail]), *now).await?;
                let Some(link) = used else { return Ok(Committed::Stale) };
                if !replace_address(transaction, &link, *now).await? {
                    return Ok(Committed::Stale);
                }
                mails::insert(transaction, mails).await?;
                audit::insert(transaction, events).await?;
                Ok(Committed::Yes)
            })
        });
        match changed.await {
            // Somebody else got the address, or was called so, at the same moment.
            Err(StoreError::Conflict(_)) => Ok(Committed::Stale),
            outcome => outcome,
        }
    }

    /// Makes an account by an invitation or a registration, and uses the link up.
    pub async fn join(
        self,
        hash: SecretHash,
        user: User,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Joined, StoreError> {
        let row = users::row(&user, None)?;
        self.0
            .write((hash, row, now, events), |(hash, row, now, events), transaction| {
                Box::pin(async move {
                    let taken = |column: user::Column, key: Option<String>| {
                        user::Entity::find().filter(column.eq(key)).one(transaction)
                    };
                    // A user name wins at sign-in over an address: whoever is called so would stand in the way.
                    for column in [user::Column::EmailKey, user::Column::UsernameKey] {
                        if taken(column, row.email_key.clone()).await?.is_some() {
                            return Ok(Joined::LinkGone);
                        }
                    }
                    if taken(user::Column::UsernameKey, Some(row.username_key.clone())).await?.is_some() {
                        return Ok(Joined::NameTaken);
                    }
                    let used = use_up(transaction, (hash, &JOINING), *now).await?;
                    if used.is_none_or(|used| Some(used.address_key) != row.email_key) {
                        return Ok(Joined::LinkGone);
                    }
                    let inserted = user::Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::new().do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    if inserted == 0 {
                        // Someone took the name just now.
                        give_back(transaction, hash).await?;
                        return Ok(Joined::NameTaken);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Joined::Yes)
                })
            })
            .await
    }
}

fn is_open(row: &Model, now: Moment) -> bool {
    row.used_at.is_none() && row.expires_at > millis(now)
}

/// Whether what a link was made for is still so.
async fn holds(connection: &impl ConnectionTrait, row: &Model) -> Result<bool, StoreError> {
    let Some(user_id) = &row.user_id else { return Ok(true) };
    let user = user::Entity::find_by_id(user_id.as_str()).one(connection).await?;
    let same_password = |user: &user::Model| {
        row.password_hash_hash
            == bound(&row.purpose, user.password_hash.as_deref(), user.email_key.as_deref())
    };
    // A link to another address is for one that is not the user's yet.
    let same_address = |user: &user::Model| {
        row.purpose == ActionPurpose::ChangeEmail.as_str()
            || user.email_key.as_deref() == Some(&*row.address_key)
    };
    Ok(user.is_some_and(|user| !user.disabled && same_address(&user) && same_password(&user)))
}

/// Uses a link up, if it is good for this; the row is held until the end of the transaction.
async fn use_up(
    transaction: &DatabaseTransaction,
    (hash, purposes): (&SecretHash, &[ActionPurpose]),
    now: Moment,
) -> Result<Option<Model>, StoreError> {
    let open = Condition::all()
        .add(Column::TokenHash.eq(hash.0.to_vec()))
        .add(Column::Purpose.is_in(purposes.iter().map(|purpose| purpose.as_str())))
        .add(Column::UsedAt.is_null())
        .add(Column::ExpiresAt.gt(millis(now)));
    let updated = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(millis(now)))
        .filter(open)
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let row = Entity::find_by_id(hash.0.to_vec()).one(transaction).await?;
    let Some(row) = row else { return Ok(None) };
    if let Some(user_id) = &row.user_id {
        // Held, so that neither address nor password changes between the look and the end.
        user::Entity::find_by_id(user_id.as_str()).lock_exclusive().one(transaction).await?;
    }
    // A link that does not hold any more is used up as well: it never will again.
    Ok(if holds(transaction, &row).await? { Some(row) } else { None })
}

/// A link that was not used after all.
async fn give_back(transaction: &DatabaseTransaction, hash: &SecretHash) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(Option::<i64>::None))
        .filter(Column::TokenHash.eq(hash.0.to_vec()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Gives the user of a link its address, unless somebody else goes by it. A user name that was the old address goes along:
/// it must be nobody's address but the user's own. A declared user's name stays, for their declaration knows them by it.
async fn replace_address(
    transaction: &DatabaseTransaction,
    link: &Model,
    now: Moment,
) -> Result<bool, StoreError> {
    let Some(user_id) = &link.user_id else { return Ok(false) };
    let Some(old) = user::Entity::find_by_id(user_id.as_str()).one(transaction).await? else {
        return Ok(false);
    };
    let key = &*link.address_key;
    let moves = old.username_key.contains('@') && old.username_key != key;
    if moves && (old.managed_by.is_some() || old.email_key.as_ref() != Some(&old.username_key)) {
        return Ok(false);
    }
    let others = Query::select()
        .expr(Expr::val(1))
        .from_as(user::Entity, "other")
        .and_where(Expr::col(("other", user::Column::Id)).ne(user_id.as_str()))
        .cond_where(
            Condition::any()
                .add(Expr::col(("other", user::Column::UsernameKey)).eq(key))
                .add(Expr::col(("other", user::Column::EmailKey)).eq(key)),
        )
        .take();
    let mut update = user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value(&*link.address))
        .col_expr(user::Column::EmailKey, Expr::value(key))
        .col_expr(user::Column::EmailVerified, Expr::value(true))
        .col_expr(user::Column::UpdatedAt, Expr::value(millis(now)));
    if moves {
        update = update
            .col_expr(user::Column::Username, Expr::value(&*link.address))
            .col_expr(user::Column::UsernameKey, Expr::value(key));
    }
    let update = update.filter(user::Column::Id.eq(user_id.as_str())).filter(Expr::exists(others).not());
    Ok(update.exec(transaction).await?.rows_affected == 1)
}

/// Ends the links of a user that were not used yet.
pub(crate) async fn end_all(transaction: &DatabaseTransaction, id: &UserId) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::UserId.eq(id.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// The password, and where an address is to be changed that address, too, that a link is good for, by a hash: the
/// password's own hash belongs in one table.
fn bound(purpose: &str, password_hash: Option<&str>, email_key: Option<&str>) -> Option<Vec<u8>> {
    let password = password_hash.unwrap_or_default();
    let hashed = |text: &str| Some(SecretHash::of(text.as_bytes()).0.to_vec());
    if purpose == ActionPurpose::ResetPassword.as_str() {
        hashed(password)
    } else if purpose == ActionPurpose::ChangeEmail.as_str() {
        hashed(&format!("{password}\n{}", email_key.unwrap_or_default()))
    } else {
        None
    }
}

fn row(new: &NewActionToken) -> Result<Model, StoreError> {
    let user = new.user.as_ref();
    let bound = |user: &User| {
        let password_hash = user.password_hash.as_ref().map(|hash| hash.expose().as_str());
        bound(new.purpose.as_str(), password_hash, user.email.as_deref().map(login_key).as_deref())
    };
    Ok(Model {
        token_hash: new.hash.0.to_vec(),
        purpose: new.purpose.as_str().to_owned(),
        user_id: user.map(|user| user.id.as_str().to_owned()),
        address_key: login_key(&new.address),
        address: new.address.clone(),
        password_hash_hash: user.and_then(bound),
        details: json(&new.details)?,
        created_at: millis(new.created_at),
        expires_at: millis(new.expires_at),
        used_at: None,
    })
}

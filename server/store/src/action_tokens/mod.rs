//! Links that were sent by mail, each good for one thing, once, by whoever reads the mailbox it was sent to.
//!
//! A link dies of itself when what it was made for changes: the address that it was sent to is no longer the user's; the
//! password that it replaces has been replaced already.

mod join;

pub use join::Joined;

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis};
use crate::entity::action_token::{Column, Entity, Model};
use crate::entity::user;
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::page::next_change;
use crate::store::{Committed, Written};
use crate::users;
use sea_orm::sea_query::Expr;
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
            Self::Invitation => "invitation",
            Self::Registration => "registration",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::ResetPassword, Self::VerifyEmail, Self::Invitation, Self::Registration]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or_else(|| StoreError::Corrupt("a link's purpose is unknown".into()))
    }
}

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
                        .col_expr(user::Column::UpdatedAt, next_change(user::Column::UpdatedAt, millis(*now)))
                        .filter(user::Column::Id.eq(id))
                        .exec(transaction)
                        .await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
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
    let same_password =
        |user: &user::Model| row.password_hash_hash == bound(&row.purpose, user.password_hash.as_deref());
    let same_address = |user: &user::Model| user.email_key.as_deref() == Some(&*row.address_key);
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

/// Keeps a link within a transaction.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    new: &NewActionToken,
) -> Result<(), StoreError> {
    Entity::insert(row(new)?.into_active_model()).exec_without_returning(transaction).await?;
    Ok(())
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

/// The password that a link to a new one is good for, by a hash: the password's own hash belongs in one table.
fn bound(purpose: &str, password_hash: Option<&str>) -> Option<Vec<u8>> {
    let hash = SecretHash::of(password_hash.unwrap_or_default().as_bytes());
    (purpose == ActionPurpose::ResetPassword.as_str()).then(|| hash.0.to_vec())
}

fn row(new: &NewActionToken) -> Result<Model, StoreError> {
    let user = new.user.as_ref();
    let bound = |user: &User| {
        let password_hash = user.password_hash.as_ref().map(|hash| hash.expose().as_str());
        bound(new.purpose.as_str(), password_hash)
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

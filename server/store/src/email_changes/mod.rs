//! Changes of an email address: asked for by whoever is signed in, and done once the links were used that went to the new
//! address and, where that one was verified, to the old one.
//!
//! There is one at a time for each person. It ends with the session that it was asked for in, if that is ended on purpose,
//! with every other end of what lets a person in, and when the address is another one already. One that does not ask the
//! old address ends, too, when that one is verified, and when a factor is set up in another session.

mod address;
mod step;

pub use step::AddressStep;

use crate::Store;
use crate::audit;
use crate::column::{millis, moment};
use crate::entity::email_change::{Column, Entity, Model};
use crate::entity::user;
use crate::error::StoreError;
use crate::factors::Standing;
use crate::mails::{self, NewMail};
use crate::store::Committed;
use crate::users;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{SessionId, UserId};
use signet_protocol::login::login_key;
use signet_protocol::secret::SecretHash;
use signet_protocol::user::User;

/// A change to ask for.
#[derive(Clone, Debug)]
pub struct NewEmailChange {
    /// Whose address it is, as they were when it was decided who is asked.
    pub user: User,
    /// The session that it is asked for in.
    pub sid: SessionId,
    /// SHA-256 of the secret that its cookie holds.
    pub session: SecretHash,
    /// The new address.
    pub address: String,
    /// Which links are sent.
    pub links: EmailChangeLinks,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it ends undone.
    pub expires_at: Moment,
}

/// The links of a change, by SHA-256 of their secrets.
#[derive(Clone, Copy, Debug)]
pub struct EmailChangeLinks {
    /// Goes to the new address.
    pub confirm: SecretHash,
    /// Goes to the old one, if that is asked.
    pub approve: Option<SecretHash>,
}

/// How asking for a change came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChangeAsked {
    /// The links are on their way.
    Yes,
    /// The session has ended, or the person is another one than it was decided on. Nothing was written.
    Stale,
    /// The person's user name is an address that cannot go along. Nothing was written.
    NameStays,
}

/// A change that is not done yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailChange {
    /// The new address.
    pub address: String,
    /// Whether the link to it was used.
    pub confirmed: bool,
    /// Whether the link to the old address was used; none: that one is not asked.
    pub approved: Option<bool>,
    /// When its links were made.
    pub sent_at: Moment,
    /// When it ends undone.
    pub expires_at: Moment,
}

/// Which of the two mailboxes a link was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// That of the address to come.
    New,
    /// That of the address so far.
    Old,
}

/// A link that could be used now.
#[derive(Clone, Debug)]
pub struct EmailChangeLink {
    /// Where it was sent to.
    pub mailbox: Mailbox,
    /// Whose address is to be changed.
    pub user: User,
    /// The new address.
    pub address: String,
}

/// Changes of email addresses.
#[derive(Clone, Copy, Debug)]
pub struct EmailChanges<'a>(pub(crate) &'a Store);

impl EmailChanges<'_> {
    /// Keeps a change in place of any other one of the person's, and queues the mails that hold its links.
    pub async fn ask(
        self,
        new: NewEmailChange,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<EmailChangeAsked, StoreError> {
        self.0.write((new, told), |(new, told), transaction| Box::pin(ask(transaction, new, told))).await
    }

    /// The person's change that is not done yet, if there is one.
    pub async fn pending(self, user: &UserId, now: Moment) -> Result<Option<PendingEmailChange>, StoreError> {
        let row = Entity::find_by_id(user.as_str()).filter(Column::ExpiresAt.gt(millis(now)));
        let Some(row) = row.one(self.0.reads()).await? else { return Ok(None) };
        let owner = user::Entity::find_by_id(user.as_str()).one(self.0.reads()).await?;
        if owner.is_some_and(|owner| holds(&row, &owner)) { pending(row).map(Some) } else { Ok(None) }
    }

    /// Puts new links in place of those that were not used yet, and queues their mails. They are good for as long as the
    /// change was when it was asked for. [`Committed::Stale`]: the change is no longer as it was seen, or has ended.
    /// [`Committed::SubjectGone`]: the session has ended.
    pub async fn send_again(
        self,
        (user, seen): (UserId, PendingEmailChange),
        (standing, now): (Standing, Moment),
        links: EmailChangeLinks,
        told: (Vec<AuditEvent>, Vec<NewMail>),
    ) -> Result<Committed, StoreError> {
        let data = (user, seen, standing, now, links, told);
        self.0
            .write(data, |(user, seen, standing, now, links, told), transaction| {
                Box::pin(async move {
                    // The person comes first: whoever ends all that is theirs does it in this order, too.
                    let owner = lock_owner(transaction, user).await?;
                    if !standing.holds(transaction, user, *now).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    let row = Entity::find_by_id(user.as_str()).filter(Column::ExpiresAt.gt(millis(*now)));
                    let row = row.one(transaction).await?;
                    if !owner.zip(row).is_some_and(|(owner, row)| holds(&row, &owner)) {
                        return Ok(Committed::Stale);
                    }
                    let renewed = renew(user, seen, links, *now).exec(transaction).await?;
                    tell_if(transaction, renewed.rows_affected, told).await
                })
            })
            .await
    }

    /// Gives a change up. [`Committed::Stale`]: there is none.
    pub async fn cancel(self, user: UserId, events: Vec<AuditEvent>) -> Result<Committed, StoreError> {
        self.0
            .write((user, (events, Vec::new())), |(user, told), transaction| {
                Box::pin(async move {
                    let deleted = Entity::delete_by_id(user.as_str()).exec(transaction).await?;
                    tell_if(transaction, deleted.rows_affected, told).await
                })
            })
            .await
    }

    /// A link that could be used now. That it could be when it is used is decided then.
    pub async fn find(self, hash: &SecretHash, now: Moment) -> Result<Option<EmailChangeLink>, StoreError> {
        let found = Entity::find().filter(unused(hash, now)).one(self.0.reads()).await?;
        let Some(row) = found else { return Ok(None) };
        let owner = user::Entity::find_by_id(row.user_id.as_str()).one(self.0.reads()).await?;
        let Some(owner) = owner.filter(|owner| holds(&row, owner)) else { return Ok(None) };
        let mailbox = if row.confirm_hash == hash.0 { Mailbox::New } else { Mailbox::Old };
        Ok(Some(EmailChangeLink { mailbox, user: users::user(owner)?, address: row.address }))
    }
}

/// A link that was not used yet, of a change that has not ended.
fn unused(hash: &SecretHash, now: Moment) -> Condition {
    let hash = hash.0.to_vec();
    let confirm = Column::ConfirmHash.eq(hash.clone()).and(Column::ConfirmedAt.is_null());
    let approve = Column::ApproveHash.eq(hash).and(Column::ApprovedAt.is_null());
    Condition::all().add(Column::ExpiresAt.gt(millis(now))).add(Condition::any().add(confirm).add(approve))
}

/// Whether a change is still one from the address that the person has, and asks that one if it has to be asked: it may have
/// been verified since.
fn holds(row: &Model, owner: &user::Model) -> bool {
    let asks_enough = row.approve_hash.is_some() || row.old_key.is_none() || !owner.email_verified;
    !owner.disabled && owner.email_key == row.old_key && asks_enough
}

/// A person, held until the end of the transaction.
async fn lock_owner(
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<Option<user::Model>, StoreError> {
    Ok(user::Entity::find_by_id(user.as_str()).lock(LockType::NoKeyUpdate).one(transaction).await?)
}

async fn ask(
    transaction: &DatabaseTransaction,
    new: &NewEmailChange,
    (events, mails): &(Vec<AuditEvent>, Vec<NewMail>),
) -> Result<EmailChangeAsked, StoreError> {
    let NewEmailChange { user, sid, session, address, links, created_at, expires_at } = new;
    // The person comes first: whoever ends all that is theirs does it in this order, too.
    let owner = lock_owner(transaction, &user.id).await?.filter(|owner| {
        let old_key = user.email.as_deref().map(login_key);
        !owner.disabled && owner.email_key == old_key && owner.email_verified == user.email_verified
    });
    let standing = Standing::Session(sid.clone(), *session);
    let Some(owner) = owner else { return Ok(EmailChangeAsked::Stale) };
    if !standing.holds(transaction, &user.id, *created_at).await? {
        return Ok(EmailChangeAsked::Stale);
    }
    let address_key = login_key(address);
    if address::name_stays(&owner, &address_key) {
        return Ok(EmailChangeAsked::NameStays);
    }
    let row = Model {
        user_id: owner.id,
        sid: sid.as_str().to_owned(),
        old_key: owner.email_key,
        address_key,
        address: address.clone(),
        confirm_hash: links.confirm.0.to_vec(),
        confirmed_at: None,
        approve_hash: links.approve.map(|hash| hash.0.to_vec()),
        approved_at: None,
        created_at: millis(*created_at),
        expires_at: millis(*expires_at),
    };
    Entity::delete_by_id(user.id.as_str()).exec(transaction).await?;
    Entity::insert(row.into_active_model()).exec_without_returning(transaction).await?;
    mails::insert(transaction, mails).await?;
    audit::insert(transaction, events).await?;
    Ok(EmailChangeAsked::Yes)
}

/// The change with new links where they were not used yet, provided that it is as it was seen.
fn renew(
    user: &UserId,
    seen: &PendingEmailChange,
    links: &EmailChangeLinks,
    now: Moment,
) -> sea_orm::UpdateMany<Entity> {
    let is_used = |column: Column, used: bool| if used { column.is_not_null() } else { column.is_null() };
    let mut renewed = Entity::update_many()
        .col_expr(Column::CreatedAt, Expr::value(millis(now)))
        .filter(Column::UserId.eq(user.as_str()))
        .filter(Column::Address.eq(&*seen.address))
        .filter(Column::CreatedAt.eq(millis(seen.sent_at)))
        .filter(is_used(Column::ConfirmedAt, seen.confirmed))
        .filter(is_used(Column::ApproveHash, seen.approved.is_some()))
        .filter(is_used(Column::ApprovedAt, seen.approved == Some(true)));
    if !seen.confirmed {
        renewed = renewed.col_expr(Column::ConfirmHash, Expr::value(links.confirm.0.to_vec()));
    }
    if let (Some(false), Some(approve)) = (seen.approved, links.approve) {
        renewed = renewed.col_expr(Column::ApproveHash, Expr::value(approve.0.to_vec()));
    }
    renewed
}

/// Tells of what was done, if anything was.
async fn tell_if(
    transaction: &DatabaseTransaction,
    rows: u64,
    (events, mails): &(Vec<AuditEvent>, Vec<NewMail>),
) -> Result<Committed, StoreError> {
    if rows == 0 {
        return Ok(Committed::Stale);
    }
    mails::insert(transaction, mails).await?;
    audit::insert(transaction, events).await?;
    Ok(Committed::Yes)
}

/// Ends a person's change within a transaction.
pub(crate) async fn end(transaction: &DatabaseTransaction, user: &UserId) -> Result<(), StoreError> {
    Entity::delete_by_id(user.as_str()).exec(transaction).await?;
    Ok(())
}

/// The same, if it waits for no agreement of the old mailbox and was not asked for by whoever stands there: they have set a
/// factor up, and it may have been asked for without.
pub(crate) async fn end_of_others(
    transaction: &DatabaseTransaction,
    user: &UserId,
    standing: &Standing,
) -> Result<(), StoreError> {
    let mut others = Entity::delete_by_id(user.as_str()).filter(Column::ApproveHash.is_null());
    if let Standing::Session(sid, _) = standing {
        others = others.filter(Column::Sid.ne(sid.as_str()));
    }
    others.exec(transaction).await?;
    Ok(())
}

/// The same, if it was asked for in this session.
pub(crate) async fn end_of_session(
    transaction: &DatabaseTransaction,
    user: &UserId,
    sid: &SessionId,
) -> Result<(), StoreError> {
    Entity::delete_by_id(user.as_str()).filter(Column::Sid.eq(sid.as_str())).exec(transaction).await?;
    Ok(())
}

fn pending(row: Model) -> Result<PendingEmailChange, StoreError> {
    Ok(PendingEmailChange {
        address: row.address,
        confirmed: row.confirmed_at.is_some(),
        approved: row.approve_hash.map(|_| row.approved_at.is_some()),
        sent_at: moment(row.created_at)?,
        expires_at: moment(row.expires_at)?,
    })
}

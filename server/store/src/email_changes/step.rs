//! A link of a change is used.

use super::{EmailChanges, address, holds, tell_if, unused};
use crate::action_tokens;
use crate::audit;
use crate::column::millis;
use crate::entity::email_change::{Column, Entity, Model};
use crate::entity::{email_code, user};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::store::Committed;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::secret::SecretHash;

/// What using a link came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressStep {
    /// The person has the new address.
    Changed,
    /// The other link has to be used, too.
    Waiting,
    /// The link is good for nothing any more; or somebody else has the address by now, or is called so.
    Gone,
}

impl EmailChanges<'_> {
    /// Uses a link up. If it was the last, the person has the new address, as a verified one, and links and codes that were
    /// sent to the old one are good for nothing. `waiting` tells of a step, `changed` of the change itself.
    pub async fn take(
        self,
        hash: SecretHash,
        now: Moment,
        (waiting, changed): (Vec<AuditEvent>, (Vec<AuditEvent>, Vec<NewMail>)),
    ) -> Result<AddressStep, StoreError> {
        let data = (hash, now, waiting, changed);
        let taken = self.0.write(data, |(hash, now, waiting, (events, mails)), transaction| {
            Box::pin(async move {
                let step = take(transaction, hash, *now).await?;
                match step {
                    AddressStep::Changed => {
                        mails::insert(transaction, mails).await?;
                        audit::insert(transaction, events).await?;
                    }
                    AddressStep::Waiting => audit::insert(transaction, waiting).await?,
                    AddressStep::Gone => {}
                }
                Ok(step)
            })
        });
        match taken.await {
            // Somebody else got the address, or was called so, at the same moment.
            Err(StoreError::Conflict(_)) => Ok(AddressStep::Gone),
            outcome => outcome,
        }
    }

    /// Gives a change up by the link to the old address. [`Committed::Stale`]: the link is good for nothing any more.
    pub async fn refuse(
        self,
        hash: SecretHash,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((hash, now, (events, Vec::new())), |(hash, now, told), transaction| {
                Box::pin(async move {
                    let by_the_old = Column::ApproveHash.eq(hash.0.to_vec());
                    let refused = Entity::delete_many().filter(unused(hash, *now)).filter(by_the_old);
                    tell_if(transaction, refused.exec(transaction).await?.rows_affected, told).await
                })
            })
            .await
    }
}

async fn take(
    transaction: &DatabaseTransaction,
    hash: &SecretHash,
    now: Moment,
) -> Result<AddressStep, StoreError> {
    let Some(owner) = lock_owner(transaction, hash, now).await? else { return Ok(AddressStep::Gone) };
    let Some(row) = use_up(transaction, hash, now).await? else { return Ok(AddressStep::Gone) };
    let is_last = row.confirmed_at.is_some() && (row.approve_hash.is_none() || row.approved_at.is_some());
    let holds = holds(&row, &owner);
    if holds && !is_last {
        return Ok(AddressStep::Waiting);
    }
    // Whatever comes of it, the change is over.
    let user_id = UserId::new(row.user_id.as_str());
    super::end(transaction, &user_id).await?;
    if !holds || !address::replace(transaction, &owner, &row, now).await? {
        return Ok(AddressStep::Gone);
    }
    // A change back would wake what was sent to the old address before.
    action_tokens::end_all(transaction, &user_id).await?;
    email_code::Entity::delete_by_id(user_id.as_str()).exec(transaction).await?;
    Ok(AddressStep::Changed)
}

/// The person whom a link is about, held until the end of the transaction: of two links used at once one comes second, and
/// neither address nor password changes between the look and the end.
async fn lock_owner(
    transaction: &DatabaseTransaction,
    hash: &SecretHash,
    now: Moment,
) -> Result<Option<user::Model>, StoreError> {
    let Some(found) = Entity::find().filter(unused(hash, now)).one(transaction).await? else {
        return Ok(None);
    };
    Ok(user::Entity::find_by_id(found.user_id).lock_exclusive().one(transaction).await?)
}

/// Marks a link as used, and gives the change as it is then; none: it was used already.
async fn use_up(
    transaction: &DatabaseTransaction,
    hash: &SecretHash,
    now: Moment,
) -> Result<Option<Model>, StoreError> {
    let links = [(Column::ConfirmHash, Column::ConfirmedAt), (Column::ApproveHash, Column::ApprovedAt)];
    for (link, used_at) in links {
        let used = Entity::update_many()
            .col_expr(used_at, Expr::value(millis(now)))
            .filter(link.eq(hash.0.to_vec()))
            .filter(unused(hash, now))
            .exec_with_returning(transaction)
            .await?;
        if let Some(row) = used.into_iter().next() {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

//! An account is made by a link.

use super::{ActionPurpose, ActionTokens, use_up};
use crate::audit;
use crate::entity::action_token;
use crate::entity::user::{Column, Entity, Model};
use crate::error::StoreError;
use crate::users;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::secret::SecretHash;
use signet_protocol::user::User;

/// What an account is made by.
const JOINING: [ActionPurpose; 2] = [ActionPurpose::Invitation, ActionPurpose::Registration];

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

impl ActionTokens<'_> {
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
                Box::pin(join(transaction, (hash, row), *now, events))
            })
            .await
    }
}

async fn join(
    transaction: &DatabaseTransaction,
    (hash, row): (&SecretHash, &Model),
    now: Moment,
    events: &[AuditEvent],
) -> Result<Joined, StoreError> {
    let taken = |column: Column, key: Option<String>| Entity::find().filter(column.eq(key)).one(transaction);
    // A user name wins at sign-in over an address: whoever is called so would stand in the way.
    for column in [Column::EmailKey, Column::UsernameKey] {
        if taken(column, row.email_key.clone()).await?.is_some() {
            return Ok(Joined::LinkGone);
        }
    }
    if taken(Column::UsernameKey, Some(row.username_key.clone())).await?.is_some() {
        return Ok(Joined::NameTaken);
    }
    let used = use_up(transaction, (hash, &JOINING), now).await?;
    if used.is_none_or(|used| Some(used.address_key) != row.email_key) {
        return Ok(Joined::LinkGone);
    }
    let inserted = Entity::insert(row.clone().into_active_model())
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
}

/// A link that was not used after all.
async fn give_back(transaction: &DatabaseTransaction, hash: &SecretHash) -> Result<(), StoreError> {
    action_token::Entity::update_many()
        .col_expr(action_token::Column::UsedAt, Expr::value(Option::<i64>::None))
        .filter(action_token::Column::TokenHash.eq(hash.0.to_vec()))
        .exec(transaction)
        .await?;
    Ok(())
}

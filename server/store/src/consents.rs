//! What users allowed clients for good. Written where the code is issued that it led to.

use crate::Store;
use crate::audit;
use crate::column::millis;
use crate::entity::consent::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::scope::Scope;

/// Remembered consent.
#[derive(Clone, Copy, Debug)]
pub struct Consents<'a>(pub(crate) &'a Store);

impl Consents<'_> {
    /// What a user has allowed a client.
    pub async fn get(self, user_id: &UserId, client_id: &ClientId) -> Result<Option<Scope>, StoreError> {
        let row = Entity::find_by_id((user_id.as_str().to_owned(), client_id.as_str().to_owned()))
            .one(self.0.reads())
            .await?;
        row.map(|row| {
            Scope::parse(&row.scope).map_err(|_| StoreError::Corrupt("a consent is not readable".into()))
        })
        .transpose()
    }

    /// Forgets what a user has allowed a client; they will be asked again. False: there was nothing to forget.
    pub async fn forget(
        self,
        user_id: UserId,
        client_id: ClientId,
        events: Vec<AuditEvent>,
    ) -> Result<bool, StoreError> {
        self.0
            .write((user_id, client_id, events), |(user_id, client_id, events), transaction| {
                Box::pin(async move {
                    let key = (user_id.as_str().to_owned(), client_id.as_str().to_owned());
                    let deleted = Entity::delete_by_id(key).exec(transaction).await?;
                    if deleted.rows_affected == 0 {
                        return Ok(false);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// Remembers consent within a transaction, in place of what was remembered before.
pub(crate) async fn remember(
    transaction: &DatabaseTransaction,
    user_id: &UserId,
    client_id: &ClientId,
    scope: &Scope,
    now: Moment,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        user_id: Set(user_id.as_str().to_owned()),
        client_id: Set(client_id.as_str().to_owned()),
        scope: Set(scope.to_string()),
        updated_at: Set(millis(now)),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::UserId, Column::ClientId])
                .update_columns([Column::Scope, Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

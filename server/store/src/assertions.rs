//! Client assertions (RFC 7523): each `jti` counts once.

use crate::Store;
use crate::column::millis;
use crate::entity::assertion::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::secret::SecretHash;

/// Used-up client assertions.
#[derive(Clone, Copy, Debug)]
pub struct Assertions<'a>(pub(crate) &'a Store);

impl Assertions<'_> {
    /// Uses up a `jti` of a client until `expires_at`; false: it was used before (RFC 7523 §3 item 7).
    pub async fn spend(
        self,
        client_id: &ClientId,
        jti_hash: SecretHash,
        expires_at: Moment,
    ) -> Result<bool, StoreError> {
        let row = ActiveModel {
            client_id: Set(client_id.as_str().to_owned()),
            jti_hash: Set(jti_hash.0.to_vec()),
            expires_at: Set(millis(expires_at)),
        };
        self.0
            .write(row, |row, transaction| {
                Box::pin(async move {
                    let inserted = Entity::insert(row.clone())
                        .on_conflict(
                            OnConflict::columns([Column::ClientId, Column::JtiHash]).do_nothing().to_owned(),
                        )
                        .exec_without_returning(transaction)
                        .await?;
                    Ok(inserted == 1)
                })
            })
            .await
    }
}

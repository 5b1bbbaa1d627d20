//! All that is kept of a person's doings, ended or not, for whoever asks for their data.

use super::{Account, OwnSession, sessions};
use crate::entity::{grant, session};
use crate::error::StoreError;
use crate::grants::grant as loaded;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use signet_protocol::grant::Grant;

impl Account<'_> {
    /// Every session that is still kept, the latest first.
    pub async fn all_sessions(&self) -> Result<Vec<OwnSession>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::UserId.eq(self.person.as_str()))
            .order_by_desc(session::Column::CreatedAt)
            .all(self.store.reads())
            .await?;
        rows.into_iter().map(sessions::own).collect()
    }

    /// Every grant that is still kept, the latest first.
    pub async fn all_grants(&self) -> Result<Vec<Grant>, StoreError> {
        let rows = grant::Entity::find()
            .filter(grant::Column::UserId.eq(self.person.as_str()))
            .order_by_desc(grant::Column::CreatedAt)
            .all(self.store.reads())
            .await?;
        rows.into_iter().map(loaded).collect()
    }
}

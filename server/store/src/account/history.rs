//! What the audit log says about a person.

use super::Account;
use crate::audit::{RecordedEvent, beyond, recorded};
use crate::entity::audit::{Column, Entity};
use crate::error::StoreError;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

impl Account<'_> {
    /// Events about this person, by when they happened, newest first: at most `limit`, older than the one numbered `before`,
    /// and of certain `names` alone if there are any.
    pub async fn history(
        &self,
        before: Option<i64>,
        names: &[&str],
        limit: u64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut query = Entity::find().filter(Column::UserId.eq(self.person.as_str()));
        if let Some(before) = before {
            let own = Entity::find_by_id(before).filter(Column::UserId.eq(self.person.as_str()));
            let Some(row) = own.one(self.store.reads()).await? else { return Ok(Vec::new()) };
            query = query.filter(beyond((row.at, row.id), true));
        }
        if !names.is_empty() {
            query = query.filter(Column::Event.is_in(names.iter().copied()));
        }
        let rows = query
            .order_by_desc(Column::At)
            .order_by_desc(Column::Id)
            .limit(limit)
            .all(self.store.reads())
            .await?;
        rows.into_iter().map(recorded).collect()
    }
}

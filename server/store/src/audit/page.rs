//! Reading the audit log by what an auditor looks for.

use super::{Audit, RecordedEvent, recorded};
use crate::column::millis;
use crate::entity::audit::{Column, Entity};
use crate::error::StoreError;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, UserId};

/// Which events are wanted; what is not told does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// Since then.
    pub from: Option<Moment>,
    /// Before then.
    pub to: Option<Moment>,
    /// With one of these names; none: with any.
    pub names: Vec<String>,
    /// About this user.
    pub user: Option<UserId>,
    /// About this client.
    pub client: Option<ClientId>,
}

impl EventFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.from.map(|from| Column::At.gte(millis(from))))
            .add_option(self.to.map(|to| Column::At.lt(millis(to))))
            .add_option((!self.names.is_empty()).then(|| Column::Event.is_in(self.names.clone())))
            .add_option(self.user.as_ref().map(|user| Column::UserId.eq(user.as_str())))
            .add_option(self.client.as_ref().map(|client| Column::ClientId.eq(client.as_str())))
    }
}

impl Audit<'_> {
    /// Such events after the one with this number, oldest first, so many at most.
    pub async fn matching_after(
        self,
        filter: &EventFilter,
        id: i64,
        limit: u64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let rows = Entity::find()
            .filter(filter.condition())
            .filter(Column::Id.gt(id))
            .order_by_asc(Column::Id)
            .limit(limit);
        rows.all(self.0.reads()).await?.into_iter().map(recorded).collect()
    }
}

//! Clients as administration sees them.

use super::Clients;
use super::rows::registered;
use crate::column::moment;
use crate::entity::{client, client_secret};
use crate::error::StoreError;
use crate::page::{Paging, Position, Record, SortBy, SortKey, contains, page};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use signet_protocol::client::RegisteredClient;
use signet_protocol::id::ClientId;
use std::collections::HashMap;

/// What clients are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientSort {
    /// Their identifier.
    #[default]
    ClientId,
    /// The name that people see.
    Name,
    /// When they were registered.
    CreatedAt,
    /// When they were last changed.
    UpdatedAt,
}

/// Which clients are wanted.
#[derive(Clone, Debug, Default)]
pub struct ClientFilter {
    /// Their identifier or name holds this text.
    pub search: Option<String>,
    /// They are disabled, or are not.
    pub disabled: Option<bool>,
}

impl ClientSort {
    const fn column(self) -> client::Column {
        match self {
            Self::ClientId => client::Column::ClientId,
            Self::Name => client::Column::Name,
            Self::CreatedAt => client::Column::CreatedAt,
            Self::UpdatedAt => client::Column::UpdatedAt,
        }
    }

    /// Where a client stands in a list that is sorted like this.
    pub fn position(self, record: &Record<RegisteredClient>) -> Position {
        let client = &record.item.client;
        let key = match self {
            Self::ClientId => SortKey::Text(client.client_id.to_string()),
            Self::Name => SortKey::Text(client.client_name.clone()),
            Self::CreatedAt => SortKey::Number(record.created_at.timestamp_millis()),
            Self::UpdatedAt => SortKey::Number(record.updated_at.timestamp_millis()),
        };
        Position { key, id: client.client_id.to_string() }
    }
}

impl SortBy for ClientSort {
    fn is_text(self) -> bool {
        matches!(self, Self::ClientId | Self::Name)
    }
}

impl Clients<'_> {
    /// One client, with what administration needs to know of it.
    pub async fn record(self, client_id: &ClientId) -> Result<Option<Record<RegisteredClient>>, StoreError> {
        let reads = self.0.reads();
        let row = client::Entity::find_by_id(client_id.as_str()).one(reads).await?;
        Ok(self.with_secrets(Vec::from_iter(row)).await?.pop())
    }

    /// A page of the clients that are wanted.
    pub async fn page(
        self,
        filter: &ClientFilter,
        paging: Paging<ClientSort>,
    ) -> Result<Vec<Record<RegisteredClient>>, StoreError> {
        let Paging { sort, descending, after, limit } = paging;
        let mut wanted = Condition::all();
        if let Some(text) = &filter.search {
            let either = Condition::any()
                .add(contains(client::Column::ClientId, text))
                .add(contains(client::Column::Name, text));
            wanted = wanted.add(either);
        }
        if let Some(disabled) = filter.disabled {
            wanted = wanted.add(client::Column::Disabled.eq(disabled));
        }
        let paging = Paging { sort: (), descending, after, limit };
        let columns = (sort.column(), client::Column::ClientId);
        let rows = page(client::Entity::find().filter(wanted), columns, paging).all(self.0.reads()).await?;
        self.with_secrets(rows).await
    }

    async fn with_secrets(
        self,
        rows: Vec<client::Model>,
    ) -> Result<Vec<Record<RegisteredClient>>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut secrets: HashMap<String, Vec<client_secret::Model>> = HashMap::new();
        let theirs = client_secret::Column::ClientId.is_in(rows.iter().map(|row| row.client_id.as_str()));
        let found = client_secret::Entity::find()
            .filter(theirs)
            .order_by_desc(client_secret::Column::CreatedAt)
            .all(self.0.reads())
            .await?;
        for secret in found {
            secrets.entry(secret.client_id.clone()).or_default().push(secret);
        }
        let record = |row: client::Model| {
            let own = secrets.remove(&row.client_id).unwrap_or_default();
            Ok(Record {
                item: registered(&row, &own)?,
                managed_by: row.managed_by,
                created_at: moment(row.created_at)?,
                updated_at: moment(row.updated_at)?,
            })
        };
        rows.into_iter().map(record).collect()
    }
}

//! People as administration sees them.

use super::{Users, user};
use crate::column::{moment, moment_or_none};
use crate::entity::user::{Column, Entity, Model};
use crate::error::StoreError;
use crate::page::{Paging, Position, Record, SortBy, SortKey, contains_key, page};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::login::login_key;
use signet_protocol::user::{Profile, User};
use std::collections::{BTreeMap, BTreeSet};

/// So many people are looked up one by one.
const FEW: u64 = 1000;

/// What people are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserSort {
    /// Their user name, in any case.
    #[default]
    Username,
    /// Their name, in any case.
    Name,
    /// When their account was made.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
}

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Their user name, email address or name holds this text, in any case.
    pub search: Option<String>,
    /// They are disabled, or are not.
    pub disabled: Option<bool>,
    /// They hold this role.
    pub role: Option<String>,
}

/// A person, with what is decided about their account.
#[derive(Clone, Debug)]
pub struct UserEntry {
    /// The person.
    pub user: User,
    /// When the account is going to be deleted, if it is.
    pub deletes_at: Option<Moment>,
}

impl UserSort {
    const fn column(self) -> Column {
        match self {
            Self::Username => Column::UsernameKey,
            Self::Name => Column::NameKey,
            Self::CreatedAt => Column::CreatedAt,
            Self::UpdatedAt => Column::UpdatedAt,
        }
    }

    /// Where a person stands in a list that is sorted like this.
    pub fn position(self, record: &Record<UserEntry>) -> Position {
        let user = &record.item.user;
        let key = match self {
            Self::Username => SortKey::Text(login_key(&user.username)),
            Self::Name => SortKey::Text(name_key(&user.profile)),
            Self::CreatedAt => SortKey::Number(record.created_at.timestamp_millis()),
            Self::UpdatedAt => SortKey::Number(record.updated_at.timestamp_millis()),
        };
        Position { key, id: user.id.to_string() }
    }
}

impl SortBy for UserSort {
    fn is_text(self) -> bool {
        matches!(self, Self::Username | Self::Name)
    }
}

impl Users<'_> {
    /// What these people sign in with.
    pub async fn usernames(self, ids: BTreeSet<UserId>) -> Result<BTreeMap<UserId, String>, StoreError> {
        let ids = ids.iter().map(UserId::as_str);
        let columns = Entity::find().select_only().columns([Column::Id, Column::Username]);
        let rows: Vec<(String, String)> =
            columns.filter(Column::Id.is_in(ids)).into_tuple().all(self.0.reads()).await?;
        Ok(rows.into_iter().map(|(id, name)| (UserId::new(id), name)).collect())
    }

    /// One person, with what administration needs to know of their account.
    pub async fn record(self, id: &UserId) -> Result<Option<Record<UserEntry>>, StoreError> {
        let row = Entity::find_by_id(id.as_str()).one(self.0.reads()).await?;
        row.map(record).transpose()
    }

    /// A page of the people who are wanted.
    pub async fn page(
        self,
        filter: &UserFilter,
        paging: Paging<UserSort>,
    ) -> Result<Vec<Record<UserEntry>>, StoreError> {
        let Paging { sort, descending, after, limit } = paging;
        let mut wanted = Condition::all();
        if let Some(text) = &filter.search {
            let key = login_key(text);
            let either = Condition::any()
                .add(contains_key(Column::UsernameKey, &key))
                .add(contains_key(Column::EmailKey, &key))
                .add(contains_key(Column::NameKey, &key));
            wanted = wanted.add(either);
        }
        if let Some(disabled) = filter.disabled {
            wanted = wanted.add(Column::Disabled.eq(disabled));
        }
        if let Some(role) = &filter.role {
            wanted = wanted.add(holds(Column::Roles, role));
        }
        if !wanted.is_empty()
            && let Some(few) = self.few(wanted.clone()).await?
        {
            wanted = wanted.add(Column::Id.is_in(few));
        }
        let paging = Paging { sort: (), descending, after, limit };
        let rows = page(Entity::find().filter(wanted), (sort.column(), Column::Id), paging);
        rows.all(self.0.reads()).await?.into_iter().map(record).collect()
    }

    /// The people who are wanted, if they are few. Going through everybody in the order of an index, to find few of them, is many
    /// times the work of one pass over the table; where they are many, the first page is full soon.
    async fn few(self, wanted: Condition) -> Result<Option<Vec<String>>, StoreError> {
        let ids = Entity::find().select_only().column(Column::Id).filter(wanted).limit(FEW + 1);
        let mut ids: Vec<String> = ids.into_tuple().all(self.0.reads()).await?;
        if ids.len() as u64 > FEW {
            return Ok(None);
        }
        // A statement for each number of them would push out those that are prepared for every request.
        if let Some(last) = ids.last().cloned() {
            ids.resize(ids.len().next_power_of_two(), last);
        }
        Ok(Some(ids))
    }
}

/// Whether the list of roles, which is kept as JSON, holds one: it is there after the bracket or a comma, where within a name
/// no quotation mark follows without a backslash.
pub(super) fn holds(column: impl ColumnTrait, role: &str) -> SimpleExpr {
    let name = serde_json::Value::from(role).to_string();
    let without = |from: SimpleExpr, text: String| -> SimpleExpr {
        Func::cust("replace").arg(from).arg(text).arg("").into()
    };
    let roles = Expr::col(column.as_column_ref());
    without(without(roles.clone(), format!("[{name}")), format!(",{name}")).ne(roles)
}

/// What a person is sorted and searched by besides user name and address.
pub(crate) fn name_key(profile: &Profile) -> String {
    let name = profile.name.as_deref().map(login_key).unwrap_or_default();
    name.replace(char::is_control, " ")
}

fn record(row: Model) -> Result<Record<UserEntry>, StoreError> {
    Ok(Record {
        managed_by: row.managed_by.clone(),
        created_at: moment(row.created_at)?,
        updated_at: moment(row.updated_at)?,
        item: UserEntry { deletes_at: moment_or_none(row.deletes_at)?, user: user(row)? },
    })
}

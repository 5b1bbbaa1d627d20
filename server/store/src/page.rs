//! Reading long lists page by page: by what rows are sorted by, never by counting them off.

use crate::error::StoreError;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Value,
};
use serde::{Deserialize, Serialize};
use signet_protocol::environment::Moment;

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct Paging<S> {
    /// What it is sorted by.
    pub sort: S,
    /// From the end.
    pub descending: bool,
    /// After which row; none: from the beginning.
    pub after: Option<Position>,
    /// How many rows at most.
    pub limit: u64,
}

/// Something that a list can be sorted by.
pub trait SortBy: Copy {
    /// Whether it is a text; else it is a number.
    fn is_text(self) -> bool;
}

/// A list that is sorted by names and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ByName {
    /// By name.
    #[default]
    Name,
}

impl SortBy for ByName {
    fn is_text(self) -> bool {
        true
    }
}

impl Position {
    /// Where a name stands in a list of names, each of which is there once.
    pub fn of_name(name: &str) -> Self {
        Self { key: SortKey::Text(name.to_owned()), id: name.to_owned() }
    }
}

/// A row's place in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// What it is sorted by.
    pub key: SortKey,
    /// Its identifier, which tells rows with the same key apart.
    pub id: String,
}

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortKey {
    /// A number, or a moment in milliseconds.
    Number(i64),
    /// A text.
    Text(String),
}

impl SortKey {
    /// Whether a list that is sorted by `sort` has such keys.
    pub fn fits(&self, sort: impl SortBy) -> bool {
        matches!(self, Self::Text(_)) == sort.is_text()
    }
}

impl From<SortKey> for Value {
    fn from(key: SortKey) -> Self {
        match key {
            SortKey::Number(number) => number.into(),
            SortKey::Text(text) => text.into(),
        }
    }
}

/// Something kept, with what administration needs to know of its row.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<T> {
    /// The thing itself.
    pub item: T,
    /// Which declaration made it; none: made by hand.
    pub managed_by: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed; no two changes have the same moment, so it also names this state of it.
    pub updated_at: Moment,
}

/// Narrows a query to the rows of one page, sorted.
pub(crate) fn page<E: EntityTrait>(
    select: Select<E>,
    (sorted_by, id): (E::Column, E::Column),
    paging: Paging<()>,
) -> Select<E> {
    let Paging { descending, after, limit, .. } = paging;
    let select = match after {
        Some(Position { key, id: after }) => {
            let key = Value::from(key);
            let (from, beyond, further) = if descending {
                (sorted_by.lte(key.clone()), sorted_by.lt(key), id.lt(after))
            } else {
                (sorted_by.gte(key.clone()), sorted_by.gt(key), id.gt(after))
            };
            // An index finds by the first condition where the page begins.
            select.filter(from).filter(Condition::any().add(beyond).add(further))
        }
        None => select,
    };
    let select = if descending {
        select.order_by_desc(sorted_by).order_by_desc(id)
    } else {
        select.order_by_asc(sorted_by).order_by_asc(id)
    };
    select.limit(limit)
}

/// So far rows are counted and no further: it takes time, and nobody needs to know it to the last of them.
pub const COUNTED: u64 = 10_000;

/// How many rows a query finds; [`COUNTED`]: at least so many.
pub(crate) async fn counted<E: EntityTrait>(
    rows: Select<E>,
    reads: &DatabaseConnection,
) -> Result<u64, StoreError> {
    let found = rows.select_only().expr_as(Expr::cust("1"), "one").limit(COUNTED).into_query();
    let count = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(found, "found").take();
    let counted: Option<i64> =
        reads.query_one(&count).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(counted.map_or(0, i64::unsigned_abs))
}

/// Whether a column holds a text, in any case (of ASCII, on SQLite).
pub(crate) fn contains(column: impl ColumnTrait, text: &str) -> Expr {
    let column = Expr::expr(Func::lower(Expr::col(column.as_column_ref())));
    column.like(containing(&text.to_lowercase()))
}

/// Whether a column of folded texts (`login_key`) holds a folded text.
pub(crate) fn contains_key(column: impl ColumnTrait, key: &str) -> Expr {
    Expr::col(column.as_column_ref()).like(containing(key))
}

fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// The next moment for a row that changes: now, or a little later if it was changed in this very millisecond already.
pub(crate) fn next_change(column: impl ColumnTrait, now: i64) -> Expr {
    let column = Expr::col(column.as_column_ref());
    Expr::case(column.clone().lt(now), now).finally(column.add(1)).into()
}

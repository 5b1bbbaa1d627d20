//! The audit log.

mod keys;
mod page;
mod rows;
mod seals;
mod sinks;

pub use keys::{AuditKeyRow, AuditKeys};
pub(crate) use page::beyond;
pub use page::{EventFilter, EventSort};
pub use rows::DigestedRow;
pub use seals::{AuditSeals, SignedSeal};
pub use sinks::{AuditSinks, SinkState};

use crate::Store;
use crate::column::{from_json, json, millis, moment};
use crate::entity::audit::{Column, Entity, Model};
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder, QuerySelect, Statement, Value};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The columns of [`INSERT`], in order.
const COLUMNS: usize = 10;
const INSERT: &str = "INSERT INTO audit \
     (at, event, request_id, address, actor, user_id, client_id, sid, grant_id, details) VALUES ";
/// Nearly every write records one event: its statement is never put together.
const INSERT_ONE: &str = "INSERT INTO audit \
     (at, event, request_id, address, actor, user_id, client_id, sid, grant_id, details) VALUES \
     ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
/// Rows per statement. SQLite looks parameters up by name, in time that grows with the square of their number.
const ROWS: usize = 12;

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    /// Rises with each event.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// The event's name.
    pub name: String,
    /// The request it happened in.
    pub request_id: Option<String>,
    /// The address it came from.
    pub address: Option<String>,
    /// Who did it, as far as they had shown who they are.
    pub actor: Option<String>,
    /// The user concerned.
    pub user_id: Option<String>,
    /// The client concerned.
    pub client_id: Option<String>,
    /// The session concerned.
    pub sid: Option<String>,
    /// The grant concerned.
    pub grant_id: Option<String>,
    /// The event's own fields, with its name as `event`.
    pub details: serde_json::Value,
}

/// The audit log.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(pub(crate) &'a Store);

impl Audit<'_> {
    /// Records events that belong to no other write.
    pub async fn record(self, events: Vec<AuditEvent>) -> Result<(), StoreError> {
        self.0.write(events, |events, transaction| Box::pin(insert(transaction, events))).await
    }

    /// The latest events, newest first.
    pub async fn recent(self, limit: u64) -> Result<Vec<RecordedEvent>, StoreError> {
        let rows = Entity::find().order_by_desc(Column::Id).limit(limit).all(self.0.reads()).await?;
        rows.into_iter().map(recorded).collect()
    }
}

pub(crate) fn recorded(row: Model) -> Result<RecordedEvent, StoreError> {
    Ok(RecordedEvent {
        id: row.id,
        at: moment(row.at)?,
        name: row.event,
        request_id: row.request_id,
        address: row.address,
        actor: row.actor,
        user_id: row.user_id,
        client_id: row.client_id,
        sid: row.sid,
        grant_id: row.grant_id,
        details: from_json(&row.details, "an audit event")?,
    })
}

/// Records events within a transaction, many rows to a statement.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    events: &[AuditEvent],
) -> Result<(), StoreError> {
    for events in events.chunks(ROWS) {
        let mut values = Vec::with_capacity(events.len() * COLUMNS);
        for event in events {
            values.extend(row(event)?);
        }
        let statement = Statement::from_sql_and_values(
            transaction.get_database_backend(),
            insert_rows(events.len()),
            values,
        );
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

fn insert_rows(rows: usize) -> Cow<'static, str> {
    if rows == 1 {
        return Cow::Borrowed(INSERT_ONE);
    }
    let mut sql = String::with_capacity(INSERT.len() + rows * 48);
    sql.push_str(INSERT);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let separator = if column == 1 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{separator}${}", row * COLUMNS + column);
        }
        sql.push(')');
    }
    Cow::Owned(sql)
}

fn row(event: &AuditEvent) -> Result<[Value; COLUMNS], StoreError> {
    let text = |id: Option<&str>| Value::from(id.map(str::to_owned));
    let subjects = &event.subjects;
    Ok([
        millis(event.at).into(),
        event.event.name().into(),
        text(event.origin.request_id.as_ref().map(|id| id.as_str())),
        event.origin.address.map(|address| address.to_string()).into(),
        event.origin.actor.as_ref().map(ToString::to_string).into(),
        text(subjects.user_id.as_ref().map(|id| id.as_str())),
        text(subjects.client_id.as_ref().map(|id| id.as_str())),
        text(subjects.sid.as_ref().map(|id| id.as_str())),
        text(subjects.grant_id.as_ref().map(|id| id.as_str())),
        json(&event.event)?.into(),
    ])
}

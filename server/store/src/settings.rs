//! Settings that were changed while the server runs. All of them have one state, which is named by when it last changed.

use crate::Store;
use crate::audit;
use crate::changes;
use crate::column::{from_json, json, millis, moment};
use crate::entity::setting::{Column, Entity, Model};
use crate::error::StoreError;
use crate::store::{Committed, Written};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::Value;
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::collections::BTreeMap;

/// PostgreSQL's advisory lock that lets one transaction at a time change settings.
const LOCK: i64 = 0x7369_676e_6574_0006;

/// Settings that were changed while the server runs.
#[derive(Clone, Copy, Debug)]
pub struct RunTimeSettings<'a>(pub(crate) &'a Store);

/// The settings that were changed, and the state that they are in.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedSettings {
    /// By their keys.
    pub values: BTreeMap<String, Value>,
    /// When one was last changed or taken back; 1970 if none ever was.
    pub updated_at: Moment,
}

impl RunTimeSettings<'_> {
    /// All of them.
    pub async fn all(self) -> Result<ChangedSettings, StoreError> {
        let rows = Entity::find().all(self.0.reads()).await?;
        let latest = rows.iter().map(|row| row.updated_at).max().unwrap_or(0);
        let kept = rows.into_iter().filter_map(|row| Some((row.key, row.value?)));
        let values = kept.map(|(key, value)| Ok((key, from_json(&value, "a setting")?)));
        Ok(ChangedSettings {
            values: values.collect::<Result<_, StoreError>>()?,
            updated_at: moment(latest)?,
        })
    }

    /// Changes settings, or takes them back where there is no value. [`Committed::Stale`]: they are not as they were at
    /// `seen`.
    pub async fn change(
        self,
        changed: Vec<(String, Option<Value>)>,
        (seen, now): (Option<Moment>, Moment),
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let texts = changed.into_iter().map(|(key, value)| Ok((key, value.as_ref().map(json).transpose()?)));
        let changed = texts.collect::<Result<Vec<_>, StoreError>>()?;
        self.0
            .write((changed, (seen, now), events), |(changed, (seen, now), events), transaction| {
                Box::pin(async move {
                    let latest = latest(transaction).await?;
                    if seen.is_some_and(|seen| millis(seen) != latest) {
                        return Ok(Written::not(Committed::Stale));
                    }
                    let updated_at = millis(*now).max(latest + 1);
                    for (key, value) in changed {
                        let row = Model { key: key.clone(), value: value.clone(), updated_at };
                        put(transaction, row).await?;
                    }
                    let told = vec![Change::SettingsChanged];
                    changes::insert(transaction, &told, *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Written::yes(told))
                })
            })
            .await
    }
}

/// When a setting was last changed; nobody changes one until the end of the transaction. SQLite has one writer and needs no
/// lock for that.
async fn latest(transaction: &DatabaseTransaction) -> Result<i64, StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    let times: Vec<i64> =
        Entity::find().select_only().column(Column::UpdatedAt).into_tuple().all(transaction).await?;
    Ok(times.into_iter().max().unwrap_or(0))
}

async fn put(transaction: &DatabaseTransaction, row: Model) -> Result<(), StoreError> {
    let replaced =
        OnConflict::column(Column::Key).update_columns([Column::Value, Column::UpdatedAt]).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(replaced).exec_without_returning(transaction).await?;
    Ok(())
}

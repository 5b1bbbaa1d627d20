//! The feed of what every node must hear of.

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis};
use crate::entity::change::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::store::Written;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::time::Duration;

/// How long an entry stays that says "read it again": far longer than any node goes without polling.
pub(crate) const KEPT: Duration = Duration::from_secs(600);

pub(crate) const TOKEN_REVOKED: &str = "token_revoked";
pub(crate) const GRANT_REVOKED: &str = "grant_revoked";

/// Every kind that there is.
const KINDS: [&str; 9] = [
    TOKEN_REVOKED,
    GRANT_REVOKED,
    "client_changed",
    "clients_changed",
    "resources_changed",
    "roles_changed",
    "keys_changed",
    "settings_changed",
    "limits_lifted",
];

/// The feed.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'a>(pub(crate) &'a Store);

impl Changes<'_> {
    /// Entries after `after_seq`, and those made since `overlap_from`: numbers can become visible out of order.
    pub async fn since(self, after_seq: i64, overlap_from: Moment) -> Result<Vec<(i64, Change)>, StoreError> {
        let condition =
            Condition::any().add(Column::Seq.gt(after_seq)).add(Column::CreatedAt.gte(millis(overlap_from)));
        self.read(condition).await
    }

    /// Every revocation that some token still needs, for a node that starts.
    pub async fn live_revocations(self, now: Moment) -> Result<Vec<(i64, Change)>, StoreError> {
        let condition = Condition::all()
            .add(Column::Kind.is_in([TOKEN_REVOKED, GRANT_REVOKED]))
            .add(Column::ExpiresAt.gt(millis(now)));
        self.read(condition).await
    }

    /// The number of the latest entry, 0 if there is none.
    pub async fn latest_seq(self) -> Result<i64, StoreError> {
        let latest: Option<Option<i64>> = Entity::find()
            .select_only()
            .column_as(Column::Seq.max(), "latest")
            .into_tuple()
            .one(self.0.reads())
            .await?;
        Ok(latest.flatten().unwrap_or(0))
    }

    /// Tells every node of changes that belong to no row, with the events that they are recorded by.
    pub async fn tell(
        self,
        changes: Vec<Change>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        self.0
            .write((changes, now, events), |(changes, now, events), transaction| {
                Box::pin(async move {
                    insert(transaction, changes, *now).await?;
                    audit::insert(transaction, events).await?;
                    Ok(Written::yes(changes.clone()))
                })
            })
            .await
    }

    async fn read(self, condition: Condition) -> Result<Vec<(i64, Change)>, StoreError> {
        let rows = Entity::find().filter(condition).order_by_asc(Column::Seq).all(self.0.reads()).await?;
        // What only a later version knows does not hold up what this one does: both may run for a while.
        let known = rows.iter().filter(|row: &&Model| KINDS.contains(&&*row.kind));
        known.map(|row| Ok((row.seq, from_json(&row.payload, "a change")?))).collect()
    }
}

/// Adds entries to the feed within a transaction.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    changes: &[Change],
    now: Moment,
) -> Result<(), StoreError> {
    for changes in changes.chunks(500) {
        let rows = changes.iter().map(|change| row(change, now)).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}

fn row(change: &Change, now: Moment) -> Result<ActiveModel, StoreError> {
    let (kind, subject, expires_at) = match change {
        Change::TokenRevoked { jti, expires_at } => (TOKEN_REVOKED, jti.as_str(), *expires_at),
        Change::GrantRevoked { grant_id, expires_at } => (GRANT_REVOKED, grant_id.as_str(), *expires_at),
        Change::ClientChanged { client_id } => ("client_changed", client_id.as_str(), now + KEPT),
        Change::ClientsChanged => ("clients_changed", "", now + KEPT),
        Change::ResourcesChanged => ("resources_changed", "", now + KEPT),
        Change::RolesChanged => ("roles_changed", "", now + KEPT),
        Change::KeysChanged => ("keys_changed", "", now + KEPT),
        Change::SettingsChanged => ("settings_changed", "", now + KEPT),
        Change::LimitsLifted { .. } => ("limits_lifted", "", now + KEPT),
    };
    Ok(ActiveModel {
        seq: NotSet,
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        payload: Set(json(change)?),
        expires_at: Set(millis(expires_at)),
        created_at: Set(millis(now)),
    })
}

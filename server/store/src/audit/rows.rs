//! The rows of the audit log as they are sealed and verified.

use super::Audit;
use crate::entity::audit::{Column, Entity, Model};
use crate::error::StoreError;
use crate::event_counts::{Counted, counted};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use signet_protocol::audit::seal::{Digest, StoredRow};

/// So many ranges of row numbers are asked for in one statement.
const RANGES: usize = 64;

/// A row with the digest of what the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestedRow {
    /// Its number.
    pub id: i64,
    /// When, in milliseconds since 1970, whatever that may be.
    pub at: i64,
    /// The event's name.
    pub event: String,
    /// Its digest.
    pub digest: Digest,
    /// What it counts for, and for how many it stands.
    pub counted: Option<(Counted, u32)>,
}

impl Audit<'_> {
    /// Rows after the one with this number, in their order, so many at most.
    pub async fn digests_after(self, id: i64, limit: u64) -> Result<Vec<DigestedRow>, StoreError> {
        self.digests(Condition::all().add(Column::Id.gt(id)), limit).await
    }

    /// Rows with numbers in any of these rising ranges, both ends included, in their order, so many at most.
    pub async fn digests_within(
        self,
        ranges: &[(i64, i64)],
        limit: u64,
    ) -> Result<Vec<DigestedRow>, StoreError> {
        let mut rows = Vec::new();
        for ranges in ranges.chunks(RANGES) {
            let within = ranges.iter().fold(Condition::any(), |condition, (first, last)| {
                condition.add(Column::Id.between(*first, *last))
            });
            rows.extend(self.digests(within, limit - rows.len() as u64).await?);
            if rows.len() as u64 >= limit {
                break;
            }
        }
        Ok(rows)
    }

    /// The numbers and times of rows after the one with this number, in their order, so many at most.
    pub async fn numbers_after(self, id: i64, limit: u64) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows = Entity::find()
            .select_only()
            .columns([Column::Id, Column::At])
            .filter(Column::Id.gt(id))
            .order_by_asc(Column::Id)
            .limit(limit);
        Ok(rows.into_tuple().all(self.0.reads()).await?)
    }

    async fn digests(self, condition: Condition, limit: u64) -> Result<Vec<DigestedRow>, StoreError> {
        let rows = Entity::find().filter(condition).order_by_asc(Column::Id).limit(limit);
        Ok(rows.all(self.0.reads()).await?.into_iter().map(digested).collect())
    }
}

fn digested(row: Model) -> DigestedRow {
    let texts = [
        Some(&row.event),
        row.request_id.as_ref(),
        row.address.as_ref(),
        row.actor.as_ref(),
        row.user_id.as_ref(),
        row.client_id.as_ref(),
        row.sid.as_ref(),
        row.grant_id.as_ref(),
        Some(&row.details),
    ];
    let stored = StoredRow { id: row.id, at: row.at, texts: texts.map(|text| text.map(String::as_str)) };
    let counted = counted(&row.event, &row.details);
    DigestedRow { id: row.id, at: row.at, digest: stored.digest(), event: row.event, counted }
}

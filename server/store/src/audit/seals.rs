//! Seals over the audit log: their rows are only ever added, each under the number after the last.

use crate::Store;
use crate::column::{millis, moment};
use crate::entity::audit;
use crate::entity::audit_seal::{Column, Entity, Model};
use crate::error::StoreError;
use crate::event_counts::{self, Tally};
use crate::store::Committed;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use signet_protocol::audit::seal::{Digest, Seal};
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;
use std::time::Duration;

/// A seal and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedSeal {
    /// The seal.
    pub seal: Seal,
    /// The signature over its hash.
    pub signature: Vec<u8>,
}

/// Seals.
#[derive(Clone, Copy, Debug)]
pub struct AuditSeals<'a>(pub(crate) &'a Store);

impl AuditSeals<'_> {
    /// The last one.
    pub async fn last(self) -> Result<Option<SignedSeal>, StoreError> {
        let row = Entity::find().order_by_desc(Column::Seq).limit(1).one(self.0.reads()).await?;
        row.map(seal).transpose()
    }

    /// Those after the one with this number, in order, so many at most.
    pub async fn after(self, seq: i64, limit: u64) -> Result<Vec<SignedSeal>, StoreError> {
        let rows = Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).limit(limit);
        rows.all(self.0.reads()).await?.into_iter().map(seal).collect()
    }

    /// The number of the last seal that is older than `moment`; 0 if there is none. Looks at the latest first.
    pub async fn last_before(self, moment: Moment) -> Result<i64, StoreError> {
        let older = Entity::find()
            .select_only()
            .column(Column::Seq)
            .filter(Column::At.lt(millis(moment)))
            .order_by_desc(Column::Seq)
            .limit(1);
        Ok(older.into_tuple().one(self.0.reads()).await?.unwrap_or(0))
    }

    /// The greatest number of a row in all seals up to this one; 0 if there is none.
    pub async fn greatest_id(self, through: i64) -> Result<i64, StoreError> {
        let greatest = Entity::find()
            .select_only()
            .column(Column::LastId)
            .filter(Column::Seq.lte(through))
            .order_by_desc(Column::LastId)
            .limit(1);
        Ok(greatest.into_tuple().one(self.0.reads()).await?.unwrap_or(0))
    }

    /// Those that hold numbers of rows as great as this one, by the greatest that they hold: after so many, so many at most.
    pub async fn reaching(self, id: i64, (skip, limit): (u64, u64)) -> Result<Vec<SignedSeal>, StoreError> {
        let rows = Entity::find()
            .filter(Column::LastId.gte(id))
            .order_by_asc(Column::LastId)
            .order_by_asc(Column::Seq)
            .offset(skip)
            .limit(limit);
        rows.all(self.0.reads()).await?.into_iter().map(seal).collect()
    }

    /// Adds one. [`Committed::Stale`]: there is one of this number already.
    pub async fn append(self, signed: SignedSeal) -> Result<Committed, StoreError> {
        self.append_counting(signed, Vec::new()).await
    }

    /// Adds one, and counts the events under it. [`Committed::Stale`]: there is one of this number already, and nothing was
    /// counted.
    pub async fn append_counting(
        self,
        signed: SignedSeal,
        tallies: Vec<Tally>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((model(signed), tallies), |(row, tallies), transaction| {
                Box::pin(async move {
                    let committed = insert(row, transaction).await?;
                    if committed == Committed::Yes {
                        event_counts::add(transaction, tallies).await?;
                    }
                    Ok(committed)
                })
            })
            .await
    }

    /// Adds a seal that says that these rows were dropped, and drops them: rising ranges of their numbers, both ends
    /// included. [`Committed::Stale`]: there is a seal of this number already, and nothing was dropped.
    pub async fn drop_rows(
        self,
        signed: SignedSeal,
        ranges: Vec<(i64, i64)>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((model(signed), ranges), |(row, ranges), transaction| {
                Box::pin(async move {
                    let committed = insert(row, transaction).await?;
                    if committed == Committed::Yes {
                        for (first, last) in ranges {
                            let these =
                                audit::Entity::delete_many().filter(audit::Column::Id.between(*first, *last));
                            these.exec(transaction).await?;
                        }
                    }
                    Ok(committed)
                })
            })
            .await
    }

    /// Becomes or stays the one node that makes seals, for so long by the database's clock. It spares the others the work;
    /// two that believe it of themselves do no harm. A lease that is longer than any that is given was put there, and holds
    /// nobody up.
    pub async fn lead(self, holder: &str, lease: Duration) -> Result<bool, StoreError> {
        let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
        self.0
            .write((holder.to_owned(), lease), |(holder, lease), transaction| {
                Box::pin(async move {
                    let backend = transaction.get_database_backend();
                    let now = match backend {
                        DbBackend::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
                        _ => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
                    };
                    let sql = format!(
                        "INSERT INTO audit_leases (work, holder, until) VALUES ('seal', $1, {now} + $2) \
                         ON CONFLICT (work) DO UPDATE SET holder = excluded.holder, until = excluded.until \
                         WHERE audit_leases.holder = excluded.holder OR audit_leases.until < {now} \
                         OR audit_leases.until > {now} + 2 * $2"
                    );
                    let values = [holder.clone().into(), (*lease).into()];
                    let statement = Statement::from_sql_and_values(backend, sql, values);
                    Ok(transaction.execute_raw(statement).await?.rows_affected() == 1)
                })
            })
            .await
    }

    /// Lets another node make seals at once.
    pub async fn step_down(self, holder: &str) -> Result<(), StoreError> {
        self.0
            .write(holder.to_owned(), |holder, transaction| {
                Box::pin(async move {
                    let sql = "DELETE FROM audit_leases WHERE work = 'seal' AND holder = $1";
                    let backend = transaction.get_database_backend();
                    let statement = Statement::from_sql_and_values(backend, sql, [holder.clone().into()]);
                    transaction.execute_raw(statement).await?;
                    Ok(())
                })
            })
            .await
    }
}

async fn insert(row: &Model, transaction: &DatabaseTransaction) -> Result<Committed, StoreError> {
    let added = Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Seq).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(if added == 1 { Committed::Yes } else { Committed::Stale })
}

fn seal(row: Model) -> Result<SignedSeal, StoreError> {
    // A hash of another length is none; what names it will not fit.
    let previous = Digest(row.previous.try_into().unwrap_or_default());
    let seal = Seal {
        seq: row.seq,
        at: moment(row.at)?,
        previous,
        rows: row.rows,
        first_id: row.first_id,
        last_id: row.last_id,
        dropped_through: row.dropped_through,
        kid: KeyId::new(row.kid),
    };
    Ok(SignedSeal { seal, signature: row.signature })
}

fn model(SignedSeal { seal, signature }: SignedSeal) -> Model {
    Model {
        seq: seal.seq,
        at: millis(seal.at),
        previous: seal.previous.0.to_vec(),
        rows: seal.rows,
        first_id: seal.first_id,
        last_id: seal.last_id,
        dropped_through: seal.dropped_through,
        kid: seal.kid.as_str().to_owned(),
        signature,
    }
}

//! The one door through which everything is written.

use crate::Store;
use crate::error::StoreError;
use crate::writer::Queue;
use futures_util::future::BoxFuture;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};

/// How often a PostgreSQL transaction is tried when it collides with others.
const ATTEMPTS: u32 = 8;
/// How many dead connections are passed over before a transaction begins.
const DEAD_CONNECTIONS: u32 = 64;

/// What a write does, given its data and a transaction. A plain function over borrowed data: it keeps nothing between
/// runs, so it can be run again.
pub(crate) type Job<D, T> =
    for<'c> fn(&'c D, &'c DatabaseTransaction) -> BoxFuture<'c, Result<T, StoreError>>;

/// Where writes go.
#[derive(Clone, Debug)]
pub(crate) enum Door {
    /// SQLite: one writer, which commits what has queued up as one transaction.
    Queue(Queue),
    /// PostgreSQL: a transaction per job, on a pooled connection.
    Pool(DatabaseConnection),
}

impl Store {
    /// Runs `job` in a transaction and answers once it has committed. What has been accepted commits even if the caller
    /// goes away. A job that fails leaves nothing behind.
    pub(crate) async fn write<D, T>(&self, data: D, job: Job<D, T>) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        match self.door() {
            Door::Queue(queue) => queue.submit(data, job).await,
            Door::Pool(pool) => {
                let pool = pool.clone();
                tokio::spawn(async move { in_own_transaction(&pool, &data, job).await })
                    .await
                    .unwrap_or_else(|_| Err(StoreError::Unavailable("the write was interrupted".into())))
            }
        }
    }
}

/// Runs a job in a transaction of its own, again if it collided with another one (40001, 40P01).
async fn in_own_transaction<D: Sync, T>(
    pool: &DatabaseConnection,
    data: &D,
    job: Job<D, T>,
) -> Result<T, StoreError> {
    let mut attempt = 1;
    loop {
        match once(begin(pool).await?, data, job).await {
            Err(StoreError::Contended(reason)) if attempt < ATTEMPTS => {
                tracing::debug!(%reason, attempt, "a transaction is tried again");
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Begins a transaction. A connection that died while it lay in the pool is no failure, for nothing was asked of it yet;
/// after a restart of the database the whole pool may be such connections.
async fn begin(pool: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    for _ in 0..DEAD_CONNECTIONS {
        match pool.begin().await {
            Ok(transaction) => return Ok(transaction),
            Err(error @ DbErr::ConnectionAcquire(_)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    Ok(pool.begin().await?)
}

async fn once<D, T>(transaction: DatabaseTransaction, data: &D, job: Job<D, T>) -> Result<T, StoreError> {
    match job(data, &transaction).await {
        Ok(value) => {
            transaction.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // A rollback that fails leaves the transaction to the connection's end, which undoes it as well.
            if let Err(failed) = transaction.rollback().await {
                tracing::debug!(reason = %StoreError::from(failed), "a rollback failed");
            }
            Err(error)
        }
    }
}

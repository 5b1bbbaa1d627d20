//! Without Redis a second node is refused. Both locks die with their process, so that a crash never blocks a restart.

use crate::Store;
use crate::connect;
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::fs::{File, OpenOptions, TryLockError};

/// PostgreSQL's advisory lock that the one node holds.
const LOCK: i64 = 0x7369_676e_6574_0002;

/// Being the only node. Dropping it lets another one in.
#[derive(Debug)]
pub struct NodeLock {
    held: Held,
}

#[derive(Debug)]
enum Held {
    File(File),
    Session(DatabaseConnection),
}

impl NodeLock {
    /// Whether the lock is still held: a PostgreSQL session can be lost.
    pub async fn is_held(&self) -> bool {
        match &self.held {
            Held::File(_) => true,
            Held::Session(connection) => holds(connection).await.unwrap_or(false),
        }
    }

    /// Lets the lock go now.
    pub async fn release(self) {
        match self.held {
            Held::File(file) => {
                if let Err(error) = file.unlock() {
                    tracing::warn!(reason = %error.kind(), "the node lock did not open");
                }
            }
            Held::Session(connection) => {
                if let Err(error) = connection.close_by_ref().await {
                    tracing::warn!(reason = %StoreError::from(error), "the node lock did not open");
                }
            }
        }
    }
}

impl Store {
    /// Becomes the only node on this database, or says [`StoreError::Locked`].
    pub async fn lock_single_node(&self) -> Result<NodeLock, StoreError> {
        if connect::is_sqlite(self.url()) {
            return lock_file(self.url());
        }
        let connection = connect::single(self.url(), self.options().busy_timeout).await?;
        let row = connection
            .query_one_raw(Statement::from_string(
                DbBackend::Postgres,
                format!("SELECT pg_try_advisory_lock({LOCK})"),
            ))
            .await?;
        match row.map(|row| row.try_get_by_index::<bool>(0)).transpose()? {
            Some(true) => Ok(NodeLock { held: Held::Session(connection) }),
            _ => Err(StoreError::Locked),
        }
    }
}

fn lock_file(url: &str) -> Result<NodeLock, StoreError> {
    let mut path = connect::sqlite_file(url)?.into_os_string();
    path.push(".lock");
    let unavailable =
        |kind: std::io::ErrorKind| StoreError::Unavailable(format!("its lock file: {kind}").into());
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| unavailable(error.kind()))?;
    match file.try_lock() {
        Ok(()) => Ok(NodeLock { held: Held::File(file) }),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
        Err(TryLockError::Error(error)) => Err(unavailable(error.kind())),
    }
}

async fn holds(connection: &DatabaseConnection) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() \
         AND classid = {} AND objid = {})",
        LOCK >> 32,
        LOCK & 0xffff_ffff
    );
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

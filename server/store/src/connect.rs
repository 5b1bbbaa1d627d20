//! Connections: how each database is opened.

use crate::error::StoreError;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How long a caller waits for a pooled connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// A PostgreSQL statement that takes longer is stuck.
const STATEMENT: Duration = Duration::from_secs(15);

/// Whether a URL means SQLite.
pub(crate) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// Whether a URL means PostgreSQL.
pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The file of a SQLite URL. A database in memory is refused: its readers would each see another one.
pub(crate) fn sqlite_file(url: &str) -> Result<PathBuf, StoreError> {
    let options = SqliteConnectOptions::from_str(url).map_err(|_| {
        StoreError::Url("it is not a SQLite URL such as sqlite://data/signet.db?mode=rwc".into())
    })?;
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(StoreError::Url("a SQLite database must be a file".into()));
    }
    Ok(options.get_filename().to_owned())
}

/// Makes the SQLite file and the folder that it lies in, unless the URL says that it must exist already. A new file is
/// its owner's alone, and so are those that SQLite puts beside it: it holds what people are called and hashes of what
/// they know.
pub(crate) fn make_sqlite_file(url: &str) -> Result<(), StoreError> {
    let file = sqlite_file(url)?;
    if !url.contains("mode=rwc") || file.exists() {
        return Ok(());
    }
    let cannot = |what: &str, error: std::io::Error| {
        StoreError::Unavailable(format!("{what} cannot be made: {}", error.kind()).into())
    };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| cannot("its folder", error))?;
    }
    let mut options = OpenOptions::new();
    // Not `create_new`: another process may be as fast.
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(|error| cannot("its file", error))
}

fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // Neither statements nor values belong in logs or spans.
    options.sqlx_logging(false).record_stmt_in_spans(false).acquire_timeout(ACQUIRE);
    options
}

/// The one connection that writes to a SQLite database.
pub(crate) async fn sqlite_writer(
    url: &str,
    busy_timeout: Duration,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = quiet(url);
    options
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(busy_timeout)
        });
    Ok(Database::connect(options).await?)
}

/// The connections that read from a SQLite database, and cannot do anything else.
pub(crate) async fn sqlite_readers(
    url: &str,
    connections: u32,
    busy_timeout: Duration,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |options| options.read_only(true).busy_timeout(busy_timeout));
    Ok(Database::connect(options).await?)
}

/// The pool of a PostgreSQL database.
pub(crate) async fn postgres(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        // A connection in steady use is not asked each time whether it lives.
        .test_before_acquire_if_idle_for(Duration::from_secs(1))
        .statement_timeout(STATEMENT)
        .set_application_name("signet");
    Ok(Database::connect(options).await?)
}

/// One connection, kept as long as the pool: for what belongs to a session of the database, or to no pool at all.
pub(crate) async fn single(url: &str, busy_timeout: Duration) -> Result<DatabaseConnection, StoreError> {
    if is_sqlite(url) {
        return sqlite_writer(url, busy_timeout).await;
    }
    let mut options = quiet(url);
    options
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .set_application_name("signet");
    Ok(Database::connect(options).await?)
}

//! What can go wrong with the database, said without SQL text and without a stored value.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use sqlx::error::ErrorKind;
use std::borrow::Cow;

/// A failure of the store. Expected outcomes (a race lost, a name taken) are not among them: see [`Committed`].
///
/// [`Committed`]: crate::Committed
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or does not answer; the same call may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(Cow<'static, str>),
    /// Concurrent transactions kept colliding; the same call may succeed later.
    #[error("the database is too contended: {0}")]
    Contended(Cow<'static, str>),
    /// A constraint of the schema refused the write.
    #[error("the database refused the write: {0}")]
    Conflict(Cow<'static, str>),
    /// Something stored cannot be read, or the schema is not the expected one.
    #[error("the database holds something unexpected: {0}")]
    Corrupt(Cow<'static, str>),
    /// Another node holds the single-node lock.
    #[error("another node is running on this database: stop it, or set redis.url for both of them")]
    Locked,
    /// The URL cannot be used.
    #[error("the database URL cannot be used: {0}")]
    Url(Cow<'static, str>),
}

impl StoreError {
    /// Whether the transaction that met this error can be undone alone, leaving its connection and its batch sound.
    pub(crate) fn is_the_jobs_own(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Corrupt(_))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => {
                Self::Unavailable("no connection became free in time".into())
            }
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                Self::Unavailable("it was closed".into())
            }
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::from(&*error),
            // sea-orm's own complaint about a URL, which it repeats with the password in it.
            DbErr::Conn(_) => Self::Url("it is malformed".into()),
            DbErr::TryIntoErr { .. } | DbErr::Type(_) | DbErr::Json(_) => {
                Self::Corrupt("a column has another type".into())
            }
            DbErr::Migration(_) => Self::Corrupt("the migrations do not match this version".into()),
            DbErr::RecordNotInserted | DbErr::RecordNotUpdated => Self::Conflict("no row was written".into()),
            _ => Self::Unavailable("the statement failed".into()),
        }
    }
}

impl From<&sqlx::Error> for StoreError {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                match (error.kind(), &*code) {
                    // Serialization failure and deadlock (PostgreSQL, Appendix A).
                    (_, "40001" | "40P01") => Self::Contended(format!("code {code}").into()),
                    (
                        ErrorKind::UniqueViolation
                        | ErrorKind::ForeignKeyViolation
                        | ErrorKind::NotNullViolation
                        | ErrorKind::CheckViolation,
                        _,
                    ) => Self::Conflict(format!("code {code}").into()),
                    // Undefined table and column: PostgreSQL 42P01 and 42703, SQLite's generic 1.
                    (_, "42P01" | "42703" | "1") => {
                        Self::Corrupt(format!("code {code}; is the schema up to date?").into())
                    }
                    _ => Self::Unavailable(format!("code {code}").into()),
                }
            }
            sqlx::Error::Io(error) => Self::Unavailable(error.kind().to_string().into()),
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection became free in time".into()),
            sqlx::Error::PoolClosed => Self::Unavailable("it was closed".into()),
            sqlx::Error::Tls(_) => Self::Unavailable("TLS failed".into()),
            sqlx::Error::Configuration(_) => Self::Url("it is malformed".into()),
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::TypeNotFound { .. } => Self::Corrupt("a column has another type".into()),
            _ => Self::Unavailable("the connection failed".into()),
        }
    }
}

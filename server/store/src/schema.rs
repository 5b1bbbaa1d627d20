//! The schema's state, and bringing it up to date.

use crate::Store;
use crate::connect;
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use signet_migrations::{Migrator, MigratorTrait};

/// PostgreSQL's advisory lock that lets one process at a time change the schema.
const LOCK: i64 = 0x7369_676e_6574_0001;

/// One migration, and whether it has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

impl Store {
    /// Applies the migrations that the database lacks. Two processes doing this at once wait for each other.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.alter_schema(true).await
    }

    /// Undoes every migration, and with them everything stored.
    pub async fn migrate_down(&self) -> Result<(), StoreError> {
        self.alter_schema(false).await
    }

    /// Every migration, oldest first. Changes nothing, not even in an empty database.
    pub async fn migration_status(&self) -> Result<Vec<MigrationState>, StoreError> {
        let pending: Vec<String> = self.pending_migrations().await?;
        Ok(Migrator::migrations()
            .iter()
            .map(|migration| {
                let name = migration.name().to_owned();
                MigrationState { applied: !pending.contains(&name), name }
            })
            .collect())
    }

    /// The names of the migrations that the database lacks, oldest first.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let pending = Migrator::get_pending_migrations_read_only(self.reads()).await?;
        Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
    }

    async fn alter_schema(&self, up: bool) -> Result<(), StoreError> {
        // One connection, so that an advisory lock and the migrations share a session.
        let connection = connect::single(self.url(), self.options().busy_timeout).await?;
        let outcome = alter(&connection, up).await;
        // Closing it frees the lock, whatever happened.
        connection.close_by_ref().await?;
        outcome
    }
}

async fn alter(connection: &DatabaseConnection, up: bool) -> Result<(), StoreError> {
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    }
    if up {
        Migrator::up(connection, None).await?;
    } else {
        Migrator::down(connection, None).await?;
    }
    Ok(())
}

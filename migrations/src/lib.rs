//! The schema, for SQLite and PostgreSQL from one definition.
//!
//! Conventions: identifiers are text; moments are whole milliseconds since 1970 in a BIGINT; structured values that no
//! query looks into are JSON in a TEXT column; machine secrets are SHA-256 in a BLOB.

mod m20261101_000001_users;
mod m20261101_000002_clients;
mod m20261101_000003_resources;
mod m20261101_000004_sessions;
mod m20261101_000005_grants;
mod m20261101_000006_keys;
mod m20261101_000007_changes;
mod m20261101_000008_audit;
mod m20261101_000009_roles;
mod m20261125_000010_second_factors;
mod m20261125_000020_mails;
mod m20261125_000021_action_tokens;
mod m20261125_000030_audit_by_person;
mod m20261125_000031_passkeys;
mod m20261125_000032_email_codes_and_devices;
mod m20261125_000040_partial_sign_ins;
mod m20261125_000050_account_deletion;
mod m20261125_000060_passkey_copies;
mod m20261125_000070_email_changes;
mod m20261126_000010_audit_actor;
mod m20261126_000020_client_names;
mod m20261126_000030_idempotency;
mod m20261127_000010_role_permissions;
mod m20261127_000020_groups;
mod m20261127_000030_user_names;
mod m20261127_000040_audit_seals;
mod m20261127_000040_session_lists;
mod m20261128_000100_audit_lookups;
mod m20261128_000110_audit_sinks;
mod m20261128_000310_dead_mails;
mod m20261128_000320_settings;
mod m20261128_000330_overview;
mod m20261128_000400_refusals;
mod m20261129_000010_declared_passwords;
mod m20261129_000200_unwritten_events;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_users::Migration),
            Box::new(m20261101_000002_clients::Migration),
            Box::new(m20261101_000003_resources::Migration),
            Box::new(m20261101_000004_sessions::Migration),
            Box::new(m20261101_000005_grants::Migration),
            Box::new(m20261101_000006_keys::Migration),
            Box::new(m20261101_000007_changes::Migration),
            Box::new(m20261101_000008_audit::Migration),
            Box::new(m20261101_000009_roles::Migration),
            Box::new(m20261125_000010_second_factors::Migration),
            Box::new(m20261125_000030_audit_by_person::Migration),
            Box::new(m20261125_000020_mails::Migration),
            Box::new(m20261125_000031_passkeys::Migration),
            Box::new(m20261125_000032_email_codes_and_devices::Migration),
            Box::new(m20261125_000040_partial_sign_ins::Migration),
            Box::new(m20261125_000021_action_tokens::Migration),
            Box::new(m20261125_000050_account_deletion::Migration),
            Box::new(m20261125_000060_passkey_copies::Migration),
            Box::new(m20261125_000070_email_changes::Migration),
            Box::new(m20261126_000010_audit_actor::Migration),
            Box::new(m20261126_000020_client_names::Migration),
            Box::new(m20261126_000030_idempotency::Migration),
            Box::new(m20261127_000010_role_permissions::Migration),
            Box::new(m20261127_000020_groups::Migration),
            Box::new(m20261127_000030_user_names::Migration),
            Box::new(m20261127_000040_session_lists::Migration),
            Box::new(m20261127_000040_audit_seals::Migration),
            Box::new(m20261128_000100_audit_lookups::Migration),
            Box::new(m20261128_000110_audit_sinks::Migration),
            Box::new(m20261128_000310_dead_mails::Migration),
            Box::new(m20261128_000320_settings::Migration),
            Box::new(m20261128_000330_overview::Migration),
            Box::new(m20261128_000400_refusals::Migration),
            Box::new(m20261129_000010_declared_passwords::Migration),
            Box::new(m20261129_000200_unwritten_events::Migration),
        ]
    }
}

/// A text column that identifies the row.
fn identifier(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().primary_key().take()
}

/// A foreign key whose rows go when the row they belong to goes, so that it never blocks a deletion.
fn belongs_to(
    name: &'static str,
    (table, column): (&'static str, &'static str),
    (owner, key): (&'static str, &'static str),
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table, column)
        .to(owner, key)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

/// Makes a plain index named after its table and columns.
async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create().name(format!("ix_{table}_{}", columns.join("_"))).table(table).take();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// Makes a unique index named after its table and column.
async fn unique(manager: &SchemaManager<'_>, table: &'static str, column: &'static str) -> Result<(), DbErr> {
    let index = Index::create().name(format!("ux_{table}_{column}")).table(table).col(column).unique().take();
    manager.create_index(index).await
}

/// Drops tables, in the order given.
async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The date and number that a migration's name begins with; released ones keep theirs.
    const SHARED: &str = "m20261127_000040";

    #[test]
    fn no_two_migrations_have_one_date_and_number() {
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for migration in Migrator::migrations() {
            let name = migration.name().to_owned();
            let prefix = name.splitn(3, '_').take(2).collect::<Vec<_>>().join("_");
            seen.entry(prefix).or_default().push(name);
        }
        seen.remove(SHARED);
        for (prefix, names) in seen {
            assert_eq!(names.len(), 1, "{prefix}: {names:?}");
        }
    }
}

//! Many rows: what a deployment has after some years. They are made by the database itself, on SQLite and PostgreSQL alike.

use crate::Settings;
use sea_orm::{ConnectionTrait as _, Database, DbBackend};

/// People, clients, sessions and grants, and events.
pub(super) const USERS: u64 = 100_000;
pub(super) const CLIENTS: u64 = 2_000;
pub(super) const SESSIONS: u64 = 200_000;
pub(super) const EVENTS: u64 = 1_000_000;

/// Who is listed, and who lists.
pub(super) const RESOURCES: &str = r#"
[[users]]
username = "model"
password = "correct horse battery staple"

[[roles]]
name = "clerk"

[[clients]]
client_id = "model"
client_secret = "bench-secret-bench-secret-bench-secret"
redirect_uris = ["http://localhost:9/callback"]
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
scope = "openid profile offline_access orders:read"

[[clients]]
client_id = "lister"
client_secret = "bench-secret-bench-secret-bench-secret"
grant_types = ["client_credentials"]
scope = "signet:users:read signet:clients:read signet:groups:read signet:roles:read signet:sessions:read signet:grants:read signet:audit:read signet:keys:read signet:keys:write signet:emergency:write"
"#;

/// A number for each row, spread as a hash would.
const SPREAD: &str = "(i * 7919 % 1000003)";

/// Fills the database.
pub(super) async fn fill(settings: &Settings) {
    let database = Database::connect(settings.get("database.url")).await.expect("the database");
    let postgres = database.get_database_backend() == DbBackend::Postgres;
    for statement in statements() {
        let statement = if postgres { statement.replace("AS BLOB", "AS BYTEA") } else { statement };
        let filled = database.execute_unprepared(&statement).await;
        filled.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    if postgres {
        // It would do so by itself within a minute.
        database.execute_unprepared("ANALYZE").await.expect("statistics");
    }
    database.close().await.expect("an end");
}

fn rows(count: u64) -> String {
    format!(
        "(WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n) AS n"
    )
}

fn statements() -> Vec<String> {
    let (users, clients, sessions, events) = (rows(USERS), rows(CLIENTS), rows(SESSIONS), rows(EVENTS));
    let of_user = format!("'u' || ({SPREAD} % {USERS} + 1)");
    let of_client = format!("'client-' || ({SPREAD} % {CLIENTS} + 1)");
    let now = "(SELECT MAX(created_at) FROM users)";
    vec![
        format!(
            "INSERT INTO users (id, username, username_key, email, email_key, name_key, email_verified, profile, roles, \
             disabled, password_hash, managed_by, deletes_at, created_at, updated_at) \
             SELECT 'u' || i, 'person-' || {SPREAD}, 'person-' || {SPREAD}, 'p' || i || '@example.test', \
             'p' || i || '@example.test', 'somebody number ' || {SPREAD}, email_verified, profile, \
             CASE WHEN i % 50 = 0 THEN '[\"clerk\"]' ELSE '[]' END, i % 100 = 0, password_hash, NULL, NULL, \
             created_at - i * 1000, updated_at - i * 900 FROM users, {users} WHERE username = 'model'"
        ),
        format!(
            "INSERT INTO clients (client_id, metadata, name, disabled, revocation_counter, managed_by, created_at, updated_at) \
             SELECT 'client-' || i, REPLACE(metadata, '\"model\"', '\"client-' || i || '\"'), 'Application ' || {SPREAD}, \
             i % 100 = 0, 0, NULL, created_at - i * 1000, updated_at - i * 900 FROM clients, {clients} \
             WHERE client_id = 'model'"
        ),
        format!(
            "INSERT INTO sessions (sid, user_id, secret_hash, auth_time, acr, amr, created_at, last_seen_at, idle_lifetime, \
             expires_at, address, user_agent) SELECT 's' || i, {of_user}, CAST('s' || i AS BLOB), {now}, 'aal1', '[\"pwd\"]', \
             {now} - i * 100, {now}, 86400000, {now} + 1209600000, '192.0.2.1', 'a browser' FROM {sessions}"
        ),
        format!(
            "INSERT INTO grants (id, handle, user_id, client_id, sid, offline, \"authorization\", refreshable, created_at, \
             idle_expires_at, expires_at, access_token_expires_at, generation, refresh_key, rotated_at) \
             SELECT 'g' || {SPREAD} || '-' || i, CAST('grant-' || (1000000000 + i) AS BLOB), {of_user}, {of_client}, 's' || i, i % 2 = 0, \
             '{{\"user_id\":\"u' || ({SPREAD} % {USERS} + 1) || '\",\"client_id\":\"client-' || ({SPREAD} % {CLIENTS} + 1) || \
             '\",\"scope\":\"openid offline_access\",\"resources\":[],\"sid\":\"s' || i || '\",\"offline\":' || \
             CASE WHEN i % 2 = 0 THEN 'true' ELSE 'false' END || ',\"authentication\":{{\"auth_time\":\"2026-01-01T00:00:00Z\",\
             \"acr\":\"aal1\",\"amr\":[\"pwd\"]}},\"session_expires_at\":\"2036-01-01T00:00:00Z\"}}', i % 3 = 0, {now}, \
             {now} + 604800000, {now} + 7776000000, {now} + 600000, 0, 'k', {now} FROM {sessions}"
        ),
        // Nine in ten are tokens that clients got for themselves, half of these one client's.
        format!(
            "INSERT INTO audit (at, event, request_id, address, actor, user_id, client_id, sid, grant_id, details) \
             SELECT {now} - ({EVENTS} - i) * 60, \
             CASE WHEN i % 10 > 0 THEN 'token_issued' WHEN i % 100 = 0 THEN 'client_changed' WHEN i % 100 = 10 THEN \
             'sign_in_failed' ELSE 'sign_in_succeeded' END, 'r' || i, '192.0.2.' || ({SPREAD} % 200), \
             CASE WHEN i % 10 > 0 THEN 'client:client-' ELSE 'user:u' END || \
             CASE WHEN i % 2 = 1 THEN 1 ELSE {SPREAD} % {CLIENTS} + 1 END, CASE WHEN i % 10 = 0 THEN {of_user} END, \
             'client-' || CASE WHEN i % 2 = 1 THEN 1 ELSE {SPREAD} % {CLIENTS} + 1 END, \
             CASE WHEN i % 10 = 0 THEN 's' || (i / 10) END, CASE WHEN i % 10 = 0 THEN 'g' || (i / 10) END, \
             '{{\"event\":\"x\",\"changes\":[]}}' FROM {events}"
        ),
    ]
}

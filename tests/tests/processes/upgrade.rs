//! A database of an earlier version, with what it holds, under this one.

use crate::BINARY;
use crate::shop::{CALLBACK, PASSWORD, SHOP, Shop, Tokens};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::digest::{SHA256, digest};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use serde_json::json;
use signet_migrations::{Migrator, MigratorTrait as _};
use signet_tests::{ServerProcess, Services, Settings, run_command, system_clock};

/// The migrations of the first version: users, clients, resources, sessions, grants, keys, changes, audit, roles.
const FIRST_VERSION: u32 = 9;
/// What Alice's browser has held since then.
const COOKIE: &str = "a-session-secret-of-the-first-version";

/// A PHC string as the first version wrote it.
fn password_hash() -> String {
    let (salt, mut output) = (b"sixteen bytes !!", [0; 32]);
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    hasher.hash_password_into(PASSWORD.as_bytes(), salt, &mut output).unwrap();
    let [salt, output] = [&salt[..], &output].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${output}")
}

/// The SHA-256 of a machine's secret as a literal.
fn hash(backend: DbBackend, secret: &str) -> String {
    let digits: String =
        digest(&SHA256, secret.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    if backend == DbBackend::Postgres { format!("'\\x{digits}'") } else { format!("X'{digits}'") }
}

/// A person who is signed in, an API, and a client: rows as the first version wrote them.
async fn fill(database: &DatabaseConnection) {
    let now = system_clock().now().timestamp_millis();
    let backend = database.get_database_backend();
    let (shop, secret) = SHOP;
    let client = json!({
        "client_id": shop, "client_name": "Shop", "application_type": "web",
        "redirect_uris": [CALLBACK], "post_logout_redirect_uris": [],
        "grant_types": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_basic", "jwks": null,
        "scope": "openid offline_access orders:read", "require_pkce": true, "skip_consent": true,
        "allowed_origins": [], "id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": null,
        "default_max_age": null, "access_token_lifetime": null, "refresh_token_idle_lifetime": null,
        "refresh_token_lifetime": null, "client_uri": null, "policy_uri": null, "tos_uri": null
    });
    let resource = json!({
        "identifier": "https://api.example.test", "scopes": ["orders:read"], "signing_alg": "ES256",
        "introspection_clients": [], "access_token_lifetime": null
    });
    let rows = [
        format!(
            "INSERT INTO users (id, username, username_key, email, email_key, email_verified, profile, roles, disabled,
                password_hash, managed_by, created_at, updated_at)
             VALUES ('u1', 'alice', 'alice', 'alice@example.test', 'alice@example.test', TRUE, '{{\"name\":\"Alice\"}}',
                '[\"admin\"]', FALSE, '{}', 'apply', {now}, {now})",
            password_hash()
        ),
        format!(
            "INSERT INTO resources (identifier, definition, managed_by, created_at, updated_at)
             VALUES ('https://api.example.test', '{resource}', 'apply', {now}, {now})"
        ),
        format!(
            "INSERT INTO clients (client_id, metadata, disabled, revocation_counter, managed_by, created_at, updated_at)
             VALUES ('{shop}', '{client}', FALSE, 3, 'apply', {now}, {now})"
        ),
        format!(
            "INSERT INTO client_secrets (id, client_id, hash, created_at)
             VALUES ('s1', '{shop}', {}, {now})",
            hash(backend, secret)
        ),
        format!(
            "INSERT INTO sessions (sid, user_id, secret_hash, auth_time, acr, amr, created_at, last_seen_at,
                idle_lifetime, expires_at)
             VALUES ('sid1', 'u1', {}, {now}, 'aal1', '[\"pwd\"]', {now}, {now}, 86400000, {})",
            hash(backend, COOKIE),
            now + 86_400_000
        ),
    ];
    for row in rows {
        database.execute_unprepared(&row).await.unwrap_or_else(|error| panic!("{row}: {error}"));
    }
}

async fn carries_over(settings: Settings) {
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    Migrator::up(&database, Some(FIRST_VERSION)).await.unwrap();
    fill(&database).await;
    database.close().await.unwrap();
    let status = run_command(BINARY, &settings, &["migrate", "status"]).await.expect_success().stdout;
    let (applied, pending): (Vec<_>, Vec<_>) = status.lines().partition(|line| line.starts_with("applied"));
    assert!(applied.len() == FIRST_VERSION as usize && !pending.is_empty(), "{status}");

    // The policy does not ask her for a factor here: what is looked at is what she had.
    let settings = settings.with("factors.policy", "off");
    let server = ServerProcess::start(BINARY, settings).await;
    let shop = Shop::at(&server).await;
    // She still is signed in where she was, and signs in elsewhere with the password that she had.
    let browser = shop.browser();
    browser.set_cookie("signet-session", COOKIE);
    let tokens = shop.tokens(&browser).await;
    assert!(shop.is_active(&tokens.access).await);
    let elsewhere = shop.signed_in().await;
    let tokens = shop.tokens(&elsewhere).await;
    Tokens::of(&shop.refresh(&tokens.refresh).send().await.expect_status(200));
    shop.own_token().await.expect_status(200);
    // And what the declaration says is still what it says.
    let again = server.apply(&crate::shop::resources()).await;
    assert!(!again.stdout.contains("create"), "{}", again.stdout);
}

#[tokio::test]
async fn what_the_first_version_kept_lives_on_in_sqlite() {
    carries_over(Settings::new()).await;
}

#[tokio::test]
async fn what_the_first_version_kept_lives_on_in_postgres() {
    carries_over(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

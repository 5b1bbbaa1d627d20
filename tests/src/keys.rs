//! Signing keys under a server whose clock is not ours to set.

use crate::{Settings, eventually, system_clock};
use sea_orm::ConnectionTrait;
use signet_store::{KeyChanges, KeyPurpose, Store, StoreOptions};
use std::collections::BTreeSet;
use std::time::Duration;

/// Lets ten minutes pass for the keys, once each that signs has its successor: what was published a moment ago is then known
/// to every verifier. The server's own clock is not ours to set.
pub async fn let_keys_be_seen(settings: &Settings) {
    let url = settings.get("database.url");
    let store = Store::open(&url, StoreOptions::default()).await.unwrap();
    let now = system_clock().now();
    eventually(Duration::from_secs(90), async || {
        let keys = store.keys().list().await.unwrap();
        let algorithms = |follows: bool| -> BTreeSet<&str> {
            let signing = keys.iter().filter(|key| key.purpose == KeyPurpose::Jwt);
            signing.filter(|key| (key.activates_at > now) == follows).map(|key| key.alg.as_str()).collect()
        };
        algorithms(true) == algorithms(false)
    })
    .await;
    let database = sea_orm::Database::connect(&url).await.unwrap();
    let columns = ["created_at", "activates_at", "retires_at", "unpublish_at"];
    let earlier = columns.map(|column| format!("{column} = {column} - 600000")).join(", ");
    database.execute_unprepared(&format!("UPDATE keys SET {earlier}")).await.unwrap();
    database.close().await.unwrap();
    // Whoever remembers the keys reads them again.
    store.keys().change(KeyChanges::default(), now, vec![]).await.unwrap();
    store.close().await;
}

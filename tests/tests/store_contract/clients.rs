//! Clients and their secrets.

use crate::fixture::{Fixture, after, client, now};
use signet_protocol::change::Change;
use signet_protocol::client::RegisteredClient;
use signet_protocol::id::ClientId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, NewSecret};

fn shop() -> ClientId {
    ClientId::from("shop")
}

fn secret(id: &str) -> NewSecret {
    NewSecret { id: id.into(), hash: SecretHash::of(id.as_bytes()), sealed: None, expires_at: None }
}

fn accepts(client: &RegisteredClient, text: &str, seconds: i64) -> bool {
    client.accepts_secret(&Secret::new(text.to_owned()), after(seconds))
}

async fn load(db: &Fixture) -> RegisteredClient {
    db.store.clients().get(&shop()).await.unwrap().unwrap()
}

pub async fn a_client_comes_back_as_it_was_registered(db: &Fixture) {
    let clients = db.store.clients();
    let by = Some("apply".to_owned());
    let put =
        clients.put(client("shop"), (Some(secret("one")), None), by.clone(), now(), vec![]).await.unwrap();
    assert_eq!(put.changes, [Change::ClientChanged { client_id: shop() }]);
    let taken = clients.put(client("shop"), (None, None), None, now(), vec![]).await.unwrap();
    assert_eq!(taken.committed, Committed::Stale);

    let loaded = load(db).await;
    assert_eq!(loaded.client, client("shop"));
    assert!(!loaded.disabled);
    assert!(accepts(&loaded, "one", 0) && !accepts(&loaded, "two", 0));

    let mut renamed = client("shop");
    renamed.client_name = "Other".to_owned();
    let updated =
        clients.update(renamed.clone(), Some(secret("two")), by, (None, now()), vec![]).await.unwrap();
    assert_eq!(updated.committed, Committed::Yes);
    let listed = clients.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].managed_by.as_deref(), Some("apply"));
    assert_eq!(listed[0].item.client, renamed);
    assert!(accepts(&listed[0].item, "two", 0) && !accepts(&listed[0].item, "one", 0));
    let gone = clients.update(client("nobody"), None, None, (None, now()), vec![]).await.unwrap();
    assert_eq!(gone.committed, Committed::SubjectGone);
}

pub async fn a_new_secret_leaves_the_old_one_its_time(db: &Fixture) {
    let clients = db.store.clients();
    clients.put(client("shop"), (Some(secret("one")), None), None, now(), vec![]).await.unwrap();
    let end = Some(after(100));
    let added = clients.add_secret(shop(), secret("two"), end, (now(), now()), vec![]).await.unwrap();
    assert_eq!(added.committed, Committed::Yes);
    let loaded = load(db).await;
    assert!(accepts(&loaded, "one", 99) && !accepts(&loaded, "one", 100));
    assert!(accepts(&loaded, "two", 99) && accepts(&loaded, "two", 100));
}

pub async fn disabling_a_client_ends_its_grants_and_raises_its_counter(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    let before = load(db).await.revocation_counter;
    let written = db.store.clients().set_disabled(shop(), true, (None, now()), vec![]).await.unwrap();
    // However many there are, nothing is said of each: the counter ends their tokens.
    assert_eq!(written.changes, [Change::ClientChanged { client_id: shop() }]);
    assert_eq!(db.reload(&grant).await.revoked_at, Some(now()));
    let disabled = load(db).await;
    assert!(disabled.disabled && disabled.revocation_counter > before);
}

pub async fn a_removed_clients_counter_goes_on_when_it_is_registered_again(db: &Fixture) {
    db.with_alice().await;
    db.add_grant("g", true).await;
    let clients = db.store.clients();
    clients.revoke_all_tokens(shop(), now(), vec![]).await.unwrap();
    let before = load(db).await.revocation_counter;
    let removed = clients.remove(shop(), (None, now()), vec![]).await.unwrap();
    assert_eq!(removed.committed, Committed::Yes);
    assert!(clients.get(&shop()).await.unwrap().is_none());
    let again = clients.remove(shop(), (None, now()), vec![]).await.unwrap();
    assert_eq!(again.committed, Committed::SubjectGone);

    // A token issued before the removal names a counter below the new client's.
    db.add_client("shop").await;
    let registered = load(db).await;
    assert!(!registered.disabled && registered.revocation_counter > before);
}
